package ledger

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

const (
	// sealEvery is how often it is looked for entries that have no place yet, signEvery how often a checkpoint is signed when
	// there is news.
	sealEvery = 5 * time.Second
	signEvery = 10 * time.Minute
	// atOnce bounds the entries of one transaction, and of one piece of an export.
	atOnce = 2000
)

// Log gives entries their places, signs, proves and exports. Any number of instances may do so at once: of one municipality one
// works at a time, and never stands in the way of who writes entries.
type Log struct {
	d      *db.DB
	signer *Signer
	log    *slog.Logger

	// Follow is told which lines of the access log got their place, each once, in the transaction in which they did; when it
	// fails they wait. Nil for nobody; it is set before Run.
	Follow func(ctx context.Context, municipality string, lines []uuid.UUID) error
}

// NewLog makes the log with a seed for its signing key.
func NewLog(d *db.DB, seed []byte, log *slog.Logger) (*Log, error) {
	signer, err := NewSigner(seed)
	if err != nil {
		return nil, err
	}
	return &Log{d: d, signer: signer, log: log}, nil
}

// Run seals and signs until ctx ends.
func (l *Log) Run(ctx context.Context) {
	tick := time.NewTicker(sealEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := l.round(ctx); err != nil && ctx.Err() == nil {
				l.log.ErrorContext(ctx, "entries of the audit wait to be sealed", "error", err)
			}
		}
	}
}

// round seals what there is. A municipality that fails does not hold up the others.
func (l *Log) round(ctx context.Context) error {
	var municipalities []string
	failures := []error{l.d.Lookup(ctx, &municipalities, "select unsealed_municipalities()")}
	for _, municipality := range municipalities {
		err := l.seal(ctx, municipality)
		if err == nil { // a checkpoint says of what is not in it that it came later
			err = l.signNow(ctx, municipality, signEvery)
		}
		failures = append(failures, err)
	}
	return errors.Join(failures...)
}

// seal gives a place to all entries that wait.
func (l *Log) seal(ctx context.Context, municipality string) error {
	for n := atOnce; n == atOnce && ctx.Err() == nil; {
		err := l.as(ctx, municipality, func(ctx context.Context) (err error) {
			n, err = l.batch(ctx, municipality)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (l *Log) batch(ctx context.Context, municipality string) (n int, err error) {
	h, err := lock(ctx, municipality)
	if err != nil {
		return 0, err
	}
	all, err := unsealed(ctx, municipality, h, atOnce) // its snapshot holds every commit of whoever had the log in hand before
	if err != nil {
		return 0, err
	}
	if len(all) == 0 {
		return 0, l.recount(ctx, municipality, h)
	}
	tree, err := at(ctx, municipality, h.Size)
	if err != nil {
		return 0, err
	}
	previous := ""
	if h.Size > 0 {
		hash, err := node(ctx, municipality, NodeID{Index: h.Size - 1})
		if err != nil {
			return 0, err
		}
		previous = Text(hash)
	}
	now := l.d.Now()
	var leaves []placed
	var nodes []Node
	for _, one := range all {
		leaf := one.leaf(one.kind)
		leaf.Municipality, leaf.Index, leaf.Previous, leaf.SealedAt = municipality, tree.Size(), previous, now
		line, err := leaf.Line()
		if err != nil {
			return 0, err
		}
		hash := HashOf(line)
		made, err := tree.Append(hash)
		if err != nil {
			return 0, err
		}
		previous = Text(hash)
		leaves, nodes = append(leaves, placed{leaf.Index, one.kind, one.ID, hash}), append(nodes, made...)
	}
	h.Size = tree.Size()
	if !h.Lost {
		h.From = all[len(all)-1].Xid
	}
	if err := save(ctx, municipality, now, leaves, nodes, h); err != nil {
		return 0, err
	}
	return len(all), l.follow(ctx, municipality, all)
}

func (l *Log) follow(ctx context.Context, municipality string, all []waiting) error {
	var lines []uuid.UUID
	for _, one := range all {
		if one.kind == Access {
			lines = append(lines, one.ID)
		}
	}
	if l.Follow == nil || len(lines) == 0 {
		return nil
	}
	return l.Follow(ctx, municipality, lines)
}

// recount begins anew where the database counts its transactions anew, once all that was there has its place.
func (l *Log) recount(ctx context.Context, municipality string, h head) error {
	if !h.Lost {
		return nil
	}
	return db.Exec(ctx, db.Statement{SQL: "update ledger_head set sealed_from = pg_snapshot_xmin(pg_current_snapshot()) where municipality_id = $1", Args: []any{municipality}})
}

// as runs as the system in a municipality.
func (l *Log) as(ctx context.Context, municipality string, run func(context.Context) error) error {
	return l.d.Tx(identity.With(db.Apart(ctx), identity.System(municipality, "ledger")), run)
}

// begunBefore bounds how long Sign waits for transactions that began before it: what these write comes in the next checkpoint.
const begunBefore = 5 * time.Second

// sealAll seals all that is committed now: what has its place behind what a transaction may yet write, waits for that to end.
func (l *Log) sealAll(ctx context.Context, municipality string) error {
	var now string
	err := l.d.Tx(ctx, func(ctx context.Context) error { // which may go on in that of the caller: for its own end nobody waits
		return db.Conn(ctx).Raw("select coalesce(pg_current_xact_id_if_assigned(), pg_snapshot_xmax(pg_current_snapshot()))::text").Row().Scan(&now)
	})
	if err != nil {
		return err
	}
	for end := time.Now().Add(begunBefore); ; {
		var over bool
		if err := l.value(ctx, municipality, &over, "select pg_snapshot_xmin(pg_current_snapshot()) >= cast(? as xid8)", now); err != nil {
			return err
		}
		if over || time.Now().After(end) {
			return l.seal(ctx, municipality)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// value reads one.
func (l *Log) value(ctx context.Context, municipality string, to any, query string, args ...any) error {
	return l.as(ctx, municipality, func(ctx context.Context) error { return db.Conn(ctx).Raw(query, args...).Row().Scan(to) })
}

// Sign seals what there is in a municipality and signs a checkpoint.
func (l *Log) Sign(ctx context.Context, municipality string) (s Signed, err error) {
	if err := l.sealAll(ctx, municipality); err != nil {
		return s, err
	}
	if err := l.signNow(ctx, municipality, 0); err != nil {
		return s, err
	}
	err = l.as(ctx, municipality, func(ctx context.Context) (err error) {
		all, err := checkpoints(ctx, page.Request{Limit: 1})
		if err == nil && len(all) == 0 {
			err = db.NotFound()
		}
		if err == nil {
			s = all[0]
		}
		return err
	})
	return s, err
}

// signNow signs, unless nothing was added since the latest checkpoint or that is younger than least.
func (l *Log) signNow(ctx context.Context, municipality string, least time.Duration) error {
	return l.as(ctx, municipality, func(ctx context.Context) error {
		h, err := lock(ctx, municipality)
		if err != nil {
			return err
		}
		latest, err := checkpoints(ctx, page.Request{Limit: 1})
		if err != nil {
			return err
		}
		now := l.d.Now().Truncate(time.Second)
		if h.Size == 0 || len(latest) > 0 && (latest[0].Size == h.Size && latest[0].PublicKey == l.signer.Key() || now.Sub(latest[0].SignedAt) < least) {
			return nil
		}
		tree, err := at(ctx, municipality, h.Size)
		if err != nil {
			return err
		}
		root, err := tree.Root()
		if err != nil {
			return err
		}
		note, err := l.signer.Sign(Checkpoint{municipality, h.Size, root, now})
		if err != nil {
			return err
		}
		s := Signed{municipality, uuid.Must(uuid.NewV7()), h.Size, root, note, l.signer.Key(), now}
		return db.Conn(ctx).Table("ledger_checkpoint").Create(&s).Error
	})
}
