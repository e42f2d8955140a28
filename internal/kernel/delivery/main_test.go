package delivery

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// bound is how long a test waits for what must come.
const bound = 20 * time.Second

const veldhoven = "GM0861"

// stage is a database with one municipality and who writes in it.
type stage struct {
	url    string
	admin  *pgx.Conn
	db     *db.DB
	writer context.Context
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{url: testkit.Database(t).URL}
	admin, err := pgx.Connect(t.Context(), s.url)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, admin.Close(context.Background())) })
	_, err = admin.Exec(t.Context(), `insert into municipality (id, name) values ('GM0861', 'Veldhoven'), ('GM0772', 'Eindhoven');
		insert into municipality_stamp (municipality_id) values ('GM0861'), ('GM0772')`)
	require.NoError(t, err)
	s.admin, s.db = admin, s.open(t)
	s.writer = identity.With(t.Context(), identity.Identity{Municipality: veldhoven, Professional: uuid.Must(uuid.NewV7())})
	return s
}

// open is one instance's database.
func (s *stage) open(t *testing.T) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), s.url, db.Options{MaxConns: 8})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, d.Close()) })
	return d
}

// record writes one event in a transaction that commits when before says so.
func (s *stage) record(wake func(), before func() error) (uuid.UUID, error) {
	id := uuid.Must(uuid.NewV7())
	journal := journal.New(time.Now, wake)
	return id, s.db.Tx(s.writer, func(ctx context.Context) error {
		err := journal.Record(ctx, event(id))
		if err != nil || before == nil {
			return err
		}
		return before()
	})
}

func event(subject uuid.UUID) journal.Event {
	return journal.Event{
		Name: "action.completed", Subject: journal.Subject{Type: "action", ID: subject}, Dossier: uuid.Must(uuid.NewV7()), Fields: []string{"status"},
	}
}

// feed is the truth: the subjects in the order of their numbers.
func (s *stage) feed(t *testing.T) (subjects []uuid.UUID, seqs []int64) {
	t.Helper()
	rows, err := s.admin.Query(t.Context(), "select subject_id, seq from feed where municipality_id = 'GM0861' order by seq")
	require.NoError(t, err)
	var subject uuid.UUID
	var seq int64
	_, err = pgx.ForEachRow(rows, []any{&subject, &seq}, func() error {
		subjects, seqs = append(subjects, subject), append(seqs, seq)
		return nil
	})
	require.NoError(t, err)
	return subjects, seqs
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func nobody(context.Context, []Event) error { return nil }

// arrives waits for one value.
func arrives[T any](t *testing.T, from <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(bound):
		require.FailNow(t, "this did not come: "+what)
		panic("unreachable")
	}
}

// while runs something beside the test until the test ends it.
func while(t *testing.T, run func(context.Context)) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		run(ctx)
	}()
	stop = func() {
		cancel()
		arrives(t, done, "the end of what ran beside the test")
	}
	t.Cleanup(stop)
	return stop
}
