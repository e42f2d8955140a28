package db_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const home, elsewhere = "GM0861", "GM0844"

// note is a row with every kind of field that rows have.
type note struct {
	MunicipalityID string    `gorm:"primaryKey"`
	ID             uuid.UUID `gorm:"primaryKey"`
	Version        int64
	Title          string
	Done           bool
	Count          int
	Until          *time.Time
	OwnerID        *uuid.UUID // another note
	Tags           []string   `gorm:"serializer:json"`
	ChangedAt      time.Time
}

// Guarded implements db.Row.
func (n note) Guarded() uuid.UUID { return n.ID }

const noteSQL = `create table note (
  municipality_id text not null references municipality (id), id uuid not null, version bigint not null, title text not null,
  done boolean not null, count int not null, until timestamptz, owner_id uuid, tags jsonb not null, changed_at timestamptz not null,
  primary key (municipality_id, id), unique (municipality_id, title), foreign key (municipality_id, owner_id) references note (municipality_id, id));
alter table note enable row level security;
create policy app on note to wijkregie_app using (municipality_id = (select me_municipality()));
create policy system on note to wijkregie_system using (municipality_id = (select me_municipality()));
grant select, insert, update, delete on note to wijkregie_app, wijkregie_system`

// house is a database of two municipalities with a table of notes, one in each.
type house struct {
	t             *testing.T
	d             *db.DB
	url           string
	admin         *pgx.Conn
	first, second note // here, and elsewhere
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, url: testkit.Database(t).URL}
	h.admin = connect(t, h.url)
	h.exec("insert into municipality (id, name) values ('GM0861', 'Veldhoven'), ('GM0844', 'Schijndel')")
	h.exec("insert into municipality_stamp (municipality_id) values ('GM0861'), ('GM0844')")
	h.exec(noteSQL)
	var err error
	h.d, err = db.Open(t.Context(), h.url, db.Options{MaxConns: 4})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, h.d.Close()) })
	h.first, h.second = h.added(home, "Here"), h.added(elsewhere, "There")
	return h
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close(context.Background())) })
	return conn
}

// exec changes the database behind the product's back, as its owner.
func (h *house) exec(sql string, args ...any) {
	h.t.Helper()
	_, err := h.admin.Exec(h.t.Context(), sql, args...)
	require.NoError(h.t, err)
}

func (h *house) count(from string, args ...any) (n int) {
	h.t.Helper()
	require.NoError(h.t, h.admin.QueryRow(h.t.Context(), "select count(*) from "+from, args...).Scan(&n))
	return n
}

func newNote(municipality, title string) note {
	return note{
		MunicipalityID: municipality, ID: newID(), Version: 1, Title: title, Done: true, Count: 3, Tags: []string{"a"},
		ChangedAt: time.Now().UTC().Truncate(time.Microsecond),
	}
}

func (h *house) added(municipality, title string) note {
	h.t.Helper()
	n := newNote(municipality, title)
	require.NoError(h.t, h.write(municipality, n.ID, func(ctx context.Context) error { return db.Insert(ctx, &n) }))
	return n
}

// as is the context in which a person of a municipality acts.
func (h *house) as(municipality string) context.Context {
	return identity.With(h.t.Context(), identity.Identity{Municipality: municipality, Partner: newID(), Professional: newID()})
}

// tx runs fn as a person of a municipality.
func (h *house) tx(municipality string, fn func(context.Context) error) error {
	return h.d.Tx(h.as(municipality), fn)
}

// write runs fn with writing the resource allowed.
func (h *house) write(municipality string, resource uuid.UUID, fn func(context.Context) error) error {
	return h.tx(municipality, func(ctx context.Context) error {
		if err := db.Allow(ctx, resource); err != nil {
			return err
		}
		return fn(ctx)
	})
}

// stored is a note as the database has it.
func (h *house) stored(id uuid.UUID) (n note) {
	h.t.Helper()
	rows, err := h.admin.Query(h.t.Context(), "select municipality_id, id, version, title, done, count, until, owner_id, tags, changed_at from note where id = $1", id)
	require.NoError(h.t, err)
	n, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[note])
	require.NoError(h.t, err)
	n.ChangedAt = n.ChangedAt.UTC()
	return n
}

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }
