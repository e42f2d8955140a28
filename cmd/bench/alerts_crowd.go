package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/wijkregie/wijkregie/internal/demo"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity/token"
	"github.com/wijkregie/wijkregie/internal/matrix"
)

// crowd is a municipality where many people direct dossiers, with the product serving it and a mail server.
type crowd struct {
	*ground
	post       *postbox
	admin      *pgx.Conn
	postmaster int // process of PostgreSQL
	dossiers   []uuid.UUID
	people     []uuid.UUID // those who are told, then the others
	told       []string    // tokens of those who are told of changes
	idle       []string    // tokens of those who are told of none
	writer     *load
	sent       int
	mu         sync.Mutex
	answers    []float64 // milliseconds until changes were answered
}

// prepare starts database, mail server and product, and fills the database. Each dossier has a case director,
// a chair and a substitute of the case director.
func (c alertsCommand) prepare(ctx context.Context) (g *crowd, err error) {
	say("a scratch PostgreSQL with %d dossiers and as many who direct them, %d others", c.Streams, c.Idle)
	g = &crowd{}
	defer func() {
		if err != nil {
			err = errors.Join(err, g.close())
		}
	}()
	if g.post, err = openPostbox(); err != nil {
		return g, err
	}
	if g.ground, err = begun(ctx, c.Server, g.post.settings()...); err != nil {
		return g, err
	}
	if err = g.publish(ctx, matrix.Default()); err != nil {
		return g, err
	}
	if g.admin, err = pgx.Connect(ctx, g.url); err != nil {
		return g, err
	}
	if g.postmaster, err = (&contest{admin: g.admin}).parent(ctx); err != nil {
		return g, err
	}
	if err = g.populate(ctx, c.Streams, c.Idle); err != nil {
		return g, err
	}
	raw, err := g.token(ctx, reader)
	g.writer = newLoad(g.product.url, raw, callers)
	return g, err
}

func (g *crowd) close() error {
	var all []error
	if g.admin != nil {
		all = append(all, g.admin.Close(context.Background()))
	}
	if g.ground != nil {
		all = append(all, g.ground.close())
	}
	if g.post != nil {
		all = append(all, g.post.close())
	}
	return errors.Join(all...)
}

// populate writes people and dossiers as the database's owner, and makes a token for each of the people.
func (g *crowd) populate(ctx context.Context, directing, others int) error {
	keys, err := token.OpenKeys(token.KeysConfig{Dir: filepath.Join(g.dir, "data", "keys"), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	issuer, err := token.NewIssuer(token.IssuerConfig{Issuer: g.product.url, Audience: "wijkregie", Keys: keys, Demo: true})
	if err != nil {
		return err
	}
	f := &filling{now: time.Now().UTC().Truncate(time.Microsecond), rows: map[string][][]any{}}
	people := make([]uuid.UUID, directing+others)
	for i := range people {
		subject := fmt.Sprintf("crowd-%d", i)
		people[i] = f.add("professional", 1, partner("case-director"), "Professional", subject+"@veldhoven.example", f.now, f.now.AddDate(1, 0, 0), f.now)
		f.rows["professional_identity"] = append(f.rows["professional_identity"], []any{demo.Veldhoven, g.product.url, subject, people[i]})
		raw, err := issuer.IssuePerson(subject, demo.Veldhoven)
		if err != nil {
			return err
		}
		if i < directing {
			g.told = append(g.told, raw)
		} else {
			g.idle = append(g.idle, raw)
		}
	}
	for i := range directing {
		half := directing / 2
		director, chair, substitute := people[i%half], people[half+i%half], people[half+(i+1)%half]
		f.directed(i, director, chair)
		if i < half { // who chairs has no substitute, so that three are told
			f.add("substitution", 1, director, substitute, f.now.Add(-time.Hour), f.now.Add(24*time.Hour), f.now)
		}
	}
	g.dossiers, g.people = f.known, people
	for _, c := range crowdColumns() {
		if _, err := g.admin.CopyFrom(ctx, pgx.Identifier{c.table}, c.names, pgx.CopyFromRows(f.rows[c.table])); err != nil {
			return fmt.Errorf("fill %s: %w", c.table, err)
		}
	}
	if err := g.remember(ctx, partner(reader)); err != nil {
		return err
	}
	if _, err = g.admin.Exec(ctx, everyMail); err != nil {
		return err
	}
	_, err = g.admin.Exec(ctx, "update municipality_stamp set people = people + 1")
	if err == nil {
		_, err = g.admin.Exec(ctx, "vacuum analyze")
	}
	return err
}

// everyMail lets each alert leave at once.
const everyMail = `insert into municipality_setting (municipality_id, id, version, mail_window_seconds, changed_at)
	select id, gen_random_uuid(), 1, 0, now() from municipality`

// directed is a dossier of these two, in which the reader takes part.
func (f *filling) directed(i int, director, chair uuid.UUID) {
	profile := authz.Profile("person", "covenant")
	id := f.add("dossier", 1, fmt.Sprintf("2026-%06d", i+1), "person", fmt.Sprintf("Dossier %d, verzonnen", i+1), "active", "covenant",
		"Rust en veiligheid in de straat.", []string{"overlast"}, director, chair, person(reader), f.now, f.now)
	f.known = append(f.known, id)
	for _, h := range []struct {
		partner, holder uuid.UUID
		roles           int
	}{{partner(reader), partner(reader), 0}, {partner(reader), person(reader), 0}, {partner("case-director"), director, authz.RoleCaseDirector},
		{partner("case-director"), chair, authz.RoleChair}} {
		see, _, released := authz.Overlay(h.roles)
		f.add("admission", id, h.partner, h.holder, "participant", f.now, profile, h.roles, see, released)
	}
	f.add("participant", 1, id, partner(reader), "participant", []uuid.UUID{person(reader)}, f.now, f.now)
}

// crowdColumns are those of each table that is filled, in an order that its references allow.
func crowdColumns() []columnsOf {
	all := []columnsOf{
		{"professional", []string{"municipality_id", "id", "version", "partner_id", "name", "email", "secrecy_accepted_on", "screening_until", "changed_at"}},
		{"professional_identity", []string{"municipality_id", "issuer", "subject", "professional_id"}},
		{"substitution", []string{"municipality_id", "id", "version", "professional_id", "substitute_id", "starts_at", "ends_at", "changed_at"}},
	}
	return append(all, columns()[:3]...) // dossiers, participants and admissions
}

// callers is how many requests for changes are on their way at most.
const callers = 64

// change makes changes at an even pace, whatever time their answers take, and gives how many were made when
// all are answered.
func (g *crowd) change(ctx context.Context, perSecond int, length time.Duration) (made int, err error) {
	item := []byte(`{"category": "police", "policeArticle": "8", "text": "Drie meldingen van geluidsoverlast in een week; verzonnen.", "observedOn": "2026-11-02", "source": "Wijkagent"}`)
	add := kind{status: http.StatusCreated, make: func(n int) (string, string, []byte) {
		return http.MethodPost, "/v1/dossiers/" + g.dossiers[n*7%len(g.dossiers)].String() + "/items", item
	}}
	pace := time.NewTicker(time.Second / time.Duration(perSecond))
	defer pace.Stop()
	end := time.After(length)
	failures := make(chan error, 1)
	free := make(chan struct{}, callers)
	var all sync.WaitGroup
	defer all.Wait()
	for {
		select {
		case <-end:
			return made, nil
		case err := <-failures:
			return made, err
		case <-pace.C:
			free <- struct{}{}
			n := g.sent
			g.sent, made = g.sent+1, made+1
			all.Go(func() {
				defer func() { <-free }()
				if err := g.add(ctx, add, n); err != nil {
					select {
					case failures <- err:
					default: // another has failed already
					}
				}
			})
		}
	}
}

func (g *crowd) add(ctx context.Context, add kind, n int) error {
	began := time.Now()
	err := g.writer.send(ctx, add, n)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.answers = append(g.answers, milliseconds(time.Since(began)))
	return err
}

// turn makes changes for a while and gives milliseconds of processor time of the server for each, until everybody has
// been told, and the median of its answers.
func (g *crowd) turn(ctx context.Context, perSecond int) (used, took float64, err error) {
	before, err := g.product.cpu()
	if err != nil {
		return 0, 0, err
	}
	g.answers = nil
	made, err := g.change(ctx, perSecond, warm)
	if err == nil {
		err = g.settled(ctx, calm)
	}
	if err != nil {
		return 0, 0, err
	}
	after, err := g.product.cpu()
	return milliseconds(after-before) / float64(made), median(g.answers), err
}

// settled waits until nothing is on its way any more.
func (g *crowd) settled(ctx context.Context, bound time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, bound)
	defer cancel()
	ticks := time.NewTicker(look)
	defer ticks.Stop()
	const waiting = `select exists (select from pending_event) or exists (select from delivery where state = 'pending')`
	for {
		var busy bool
		if err := g.admin.QueryRow(ctx, waiting).Scan(&busy); err != nil || !busy {
			return err
		}
		<-ticks.C
	}
}

// mails gives for each alert of a change since began how long it took until the mail with it was handed over.
func (g *crowd) mails(ctx context.Context, began time.Time) (took []float64, err error) {
	taken := g.post.taken()
	rows, err := g.admin.Query(ctx, `select d.letter_id, f.at from delivery d join feed f on f.municipality_id = d.municipality_id and f.seq = d.seq
		where d.state = 'sent' and f.at >= $1`, began)
	if err != nil {
		return nil, err
	}
	var letter uuid.UUID
	var at time.Time
	_, err = pgx.ForEachRow(rows, []any{&letter, &at}, func() error {
		if arrived, there := taken[letter]; there {
			took = append(took, milliseconds(arrived.Sub(at)))
		}
		return nil
	})
	return took, err
}
