package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/oapi-codegen/runtime/types"

	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/pkg/client"
)

const (
	// slowest is how long after a fault everything must have arrived, beside as long as the fault lasted: who was
	// killed with a letter in hand leaves it to the others after two and a half minutes.
	slowest = 4 * time.Minute
	// pace is how close two changes follow each other, and most how many are made in a fault.
	pace = 250 * time.Millisecond
	most = 150
	// persistence is how long a change is tried while the server does not take it.
	persistence = time.Minute
	// directed is how many dossiers are changed by turns.
	directed = 20
)

// scene is a database, a mail server, a receiver of webhooks, one or two processes of the product, somebody who makes changes and the case
// director, who follows his stream.
type scene struct {
	*ground
	owner         *pgx.Conn
	post          *sink
	hook          *receiver
	first, second *instance
	police, lead  string // tokens
	dossiers      []uuid.UUID

	// Of the fault at hand.
	since  int64 // the feed when it began
	made   []uuid.UUID
	reader *follower
}

func newScene(ctx context.Context, program string) (s *scene, err error) {
	s = &scene{}
	if s.post, err = newSink(ctx); err != nil {
		return s, err
	}
	if s.hook, err = newReceiver(ctx); err != nil {
		return s, err
	}
	host, port, err := net.SplitHostPort(s.post.address)
	if err != nil {
		return s, err
	}
	if s.ground, err = begun(ctx, program, "SMTP_HOST="+host, "SMTP_PORT="+port, "SMTP_ENCRYPTION=none", "WEBHOOK_ALLOW_PRIVATE=true"); err != nil {
		return s, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if err := s.publish(ctx, matrix.Default()); err != nil {
		return s, err
	}
	if s.filled, err = fill(ctx, s.url); err != nil {
		return s, err
	}
	if s.owner, err = pgx.Connect(ctx, s.url); err != nil {
		return s, err
	}
	if _, err := s.owner.Exec(ctx, everyMail); err != nil {
		return s, err
	}
	s.first = &instance{child: s.product, address: strings.TrimPrefix(s.product.url, "http://"), dir: s.dir, begin: s.process}
	s.dossiers, err = column[uuid.UUID](ctx, s.owner, `select d.id from dossier d join admission a on a.municipality_id = d.municipality_id and a.dossier_id = d.id
		where d.case_director_id = $1 and d.chair_id = $2 and a.holder = $3 order by d.id limit $4`, person("case-director"), person("chair"), person(reader), directed)
	if err == nil && len(s.dossiers) < directed {
		err = errors.New("there are not enough dossiers that somebody directs")
	}
	if err == nil {
		err = s.subscribe(ctx)
	}
	return s, err
}

// process starts the product; both processes are one product to who calls them.
func (s *scene) process(ctx context.Context, i *instance) (*child, error) {
	return begin(ctx, i.dir, "http://"+i.address, s.program, []string{"serve", "--demo"}, append(s.settings("http://"+s.first.address), "LISTEN="+i.address))
}

// startSecond starts a second process on the same database.
func (s *scene) startSecond(ctx context.Context) error {
	address, err := freeAddress()
	if err != nil {
		return err
	}
	s.second = &instance{address: address, dir: filepath.Join(s.dir, "second"), begin: s.process}
	return s.second.start(ctx)
}

// begin notes where a fault begins.
func (s *scene) begin(ctx context.Context) (err error) {
	if s.police, err = s.token(ctx, reader); err != nil {
		return err
	}
	if s.lead, err = s.token(ctx, "case-director"); err != nil {
		return err
	}
	s.made = nil
	s.post.empty()
	s.hook.empty()
	return s.owner.QueryRow(ctx, "select coalesce(max(seq), 0) from feed").Scan(&s.since)
}

// mend leaves one process, which lives.
func (s *scene) mend(ctx context.Context) error {
	if !s.first.alive() {
		if err := s.first.start(ctx); err != nil {
			return err
		}
	}
	if s.second == nil {
		return nil
	}
	defer func() { s.second = nil }()
	return s.second.stop()
}

func (s *scene) close() error {
	var all []error
	if s.second != nil && s.second.alive() {
		all = append(all, s.second.stop())
	}
	if s.first != nil {
		s.product = s.first.child
	}
	if s.owner != nil {
		all = append(all, s.owner.Close(context.Background()))
	}
	return errors.Join(append(all, s.ground.close(), s.post.shut(), s.hook.shut())...)
}

// changes makes changes for a while.
func (s *scene) changes(ctx context.Context, length time.Duration) error {
	n := min(most, max(1, int(length/pace)))
	ticks := time.NewTicker(length / time.Duration(n))
	defer ticks.Stop()
	for range n {
		if err := s.change(ctx); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticks.C:
		}
	}
	return nil
}

// change adds an item, and tries again under the same key until the server, or the other one, has taken it.
func (s *scene) change(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, persistence)
	defer cancel()
	n := len(s.made)
	ask := asked{key: uuid.NewString(), item: client.NewItem{Category: "police", PoliceArticle: new(client.PoliceArticleN8), ObservedOn: types.Date{Time: time.Now()}, Text: fmt.Sprintf("Melding %d, verzonnen.", n)}}
	for turn := n; ; turn++ {
		added, err := s.add(ctx, turn, s.dossiers[n%len(s.dossiers)], ask)
		if err == nil {
			s.made = append(s.made, added)
			return nil
		}
		if errors.Is(err, errRefused) {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("a change is not taken: %w", err)
		case <-time.After(200 * time.Millisecond):
		}
	}
}
