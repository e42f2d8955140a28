package journal

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/kernel/trace"
	"github.com/wijkregie/wijkregie/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// desk is a recorder at work, with who acts.
type desk struct {
	t     *testing.T
	admin *pgx.Conn
	d     *db.DB
	r     *Recorder
	now   time.Time
	woken int
	who   identity.Identity
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	url := testkit.Database(t).URL
	d := &desk{t: t, now: time.Date(2026, 12, 3, 10, 0, 0, 0, time.FixedZone("", 3600))}
	var err error
	d.admin, err = pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, d.admin.Close(context.Background())) })
	_, err = d.admin.Exec(t.Context(), "insert into municipality (id, name) values ('GM0861', 'Veldhoven'); insert into municipality_stamp (municipality_id) values ('GM0861')")
	require.NoError(t, err)
	d.d, err = db.Open(t.Context(), url, db.Options{MaxConns: 2})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, d.d.Close()) })
	d.r = New(func() time.Time { return d.now }, func() { d.woken++ })
	d.who = identity.Identity{Municipality: "GM0861", Partner: uuid.New(), Professional: uuid.New(), Client: uuid.New()}
	return d
}

func (d *desk) record(who identity.Identity, events ...Event) error {
	ctx := trace.With(identity.With(d.t.Context(), who), "0af7651916cd43dd8448eb211c80319c")
	return d.d.Tx(ctx, func(ctx context.Context) error {
		for _, e := range events {
			if err := d.r.Record(ctx, e); err != nil {
				return err
			}
		}
		return nil
	})
}

// rows are those of a table as JSON, without their ids, in the order in which they were written.
func (d *desk) rows(table string) (all []map[string]any) {
	d.t.Helper()
	rows, err := d.admin.Query(d.t.Context(), "select to_jsonb(r) - 'id' - 'xid' from "+table+" r order by id")
	require.NoError(d.t, err)
	texts, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	require.NoError(d.t, err)
	for _, text := range texts {
		var row map[string]any
		require.NoError(d.t, json.Unmarshal(text, &row))
		all = append(all, row)
	}
	return all
}

// counts are how many audit entries and pending events there are.
func (d *desk) counts() [2]int {
	return [2]int{len(d.rows("audit_entry")), len(d.rows("pending_event"))}
}

func TestRecord(t *testing.T) {
	d := newDesk(t)
	e := Event{
		Name: "item.added", Subject: Subject{Type: "item", ID: uuid.New()}, Dossier: uuid.New(), Category: new(4), Supplier: d.who.Partner,
		Fields: []string{"text", "observedOn"}, Basis: "covenant", InNameOf: uuid.New(), Tell: []uuid.UUID{uuid.New()}, With: []Subject{{"release", uuid.New()}, {"action", uuid.New()}},
	}
	require.NoError(t, d.record(d.who, e))
	audited, told := d.rows("audit_entry"), d.rows("pending_event")

	t.Run("there is one entry for each record that was written, and one event", func(t *testing.T) {
		require.Len(t, audited, 3)
		require.Len(t, told, 1)
		require.Equal(t, 1, d.woken)
	})
	t.Run("an entry says who did what when to which record, for whom, under which trace, and by names what changed", func(t *testing.T) {
		for i, subject := range append([]Subject{e.Subject}, e.With...) {
			require.Equal(t, map[string]any{
				"municipality_id": "GM0861", "at": "2026-12-03T09:00:00+00:00", "event": "item.added", "professional_id": d.who.Professional.String(),
				"partner_id": d.who.Partner.String(), "client_id": d.who.Client.String(), "in_name_of": e.InNameOf.String(),
				"dossier_id": e.Dossier.String(), "subject_type": subject.Type, "subject_id": subject.ID.String(),
				"fields": []any{"text", "observedOn"}, "trace_id": "0af7651916cd43dd8448eb211c80319c",
			}, audited[i])
		}
	})
	t.Run("the event says that and what a reader needs to have; what was written with it is not told", func(t *testing.T) {
		require.Equal(t, map[string]any{
			"municipality_id": "GM0861", "at": "2026-12-03T09:00:00+00:00", "name": "item.added", "dossier_id": e.Dossier.String(),
			"subject_type": "item", "subject_id": e.Subject.ID.String(), "category": 4.0, "supplier_id": d.who.Partner.String(),
			"fields": []any{"text", "observedOn"}, "actor_id": d.who.Professional.String(), "actor_partner_id": d.who.Partner.String(),
			"in_name_of": e.InNameOf.String(), "basis": "covenant", "tell": []any{e.Tell[0].String()},
		}, told[0])
	})
	t.Run("there is no place for a value: only names, ids, times and codes are kept", func(t *testing.T) {
		kept := "select string_agg(column_name || ' ' || data_type, ', ' order by ordinal_position) from information_schema.columns where table_name = $1"
		for table, want := range map[string]string{
			"audit_entry": "municipality_id text, id uuid, at timestamp with time zone, event text, professional_id uuid, partner_id uuid, client_id uuid, in_name_of uuid, " +
				"dossier_id uuid, subject_type text, subject_id uuid, fields jsonb, trace_id text, xid xid8",
			"pending_event": "municipality_id text, id uuid, name text, dossier_id uuid, subject_type text, subject_id uuid, category smallint, supplier_id uuid, " +
				"fields jsonb, actor_id uuid, actor_partner_id uuid, in_name_of uuid, basis text, at timestamp with time zone, tell jsonb",
		} {
			var columns string
			require.NoError(t, d.admin.QueryRow(t.Context(), kept, table).Scan(&columns))
			require.Equal(t, want, columns)
		}
	})
}

func TestRecordLittle(t *testing.T) {
	t.Run("what belongs to the municipality is audited, and nobody is told", func(t *testing.T) {
		d := newDesk(t)
		require.NoError(t, d.record(d.who, Event{Name: "partner.created", Subject: Subject{"partner", uuid.New()}}))
		require.Equal(t, [2]int{1, 0}, d.counts())
		require.Zero(t, d.woken)
		require.Nil(t, d.rows("audit_entry")[0]["dossier_id"])
	})
	t.Run("nothing that changed is an empty list", func(t *testing.T) {
		d := newDesk(t)
		require.NoError(t, d.record(d.who, Event{Name: "dossier.opened", Subject: Subject{"dossier", uuid.New()}, Dossier: uuid.New()}))
		require.Equal(t, []any{}, d.rows("audit_entry")[0]["fields"])
		require.Equal(t, []any{}, d.rows("pending_event")[0]["fields"])
		require.Equal(t, []any{}, d.rows("pending_event")[0]["tell"])
	})
	t.Run("what is told unsigned says not who did it; the audit does", func(t *testing.T) {
		d := newDesk(t)
		require.NoError(t, d.record(d.who, Event{Name: "overlap.noticed", Subject: Subject{"overlap-notice", uuid.New()}, Dossier: uuid.New(), Unsigned: true}))
		require.Equal(t, d.who.Professional.String(), d.rows("audit_entry")[0]["professional_id"])
		require.Nil(t, d.rows("pending_event")[0]["actor_id"])
		require.Nil(t, d.rows("pending_event")[0]["actor_partner_id"])
	})
	t.Run("who is not known is nobody, not an id of zeros", func(t *testing.T) {
		d := newDesk(t)
		require.NoError(t, d.record(identity.System("GM0861", "test"), Event{Name: "dossier.opened", Subject: Subject{"dossier", uuid.New()}, Dossier: uuid.New()}))
		row := d.rows("audit_entry")[0]
		for _, column := range []string{"professional_id", "partner_id", "client_id", "in_name_of"} {
			require.Nil(t, row[column], column)
		}
		event := d.rows("pending_event")[0]
		for _, column := range []string{"actor_id", "actor_partner_id", "supplier_id", "category", "in_name_of"} {
			require.Nil(t, event[column], column)
		}
	})
}

func TestRecordAndCommit(t *testing.T) {
	d := newDesk(t)
	e := Event{Name: "dossier.opened", Subject: Subject{"dossier", uuid.New()}, Dossier: uuid.New()}
	within := func(end func(context.Context) error) error {
		return d.d.Tx(identity.With(t.Context(), d.who), func(ctx context.Context) error {
			require.NoError(t, d.r.Record(ctx, e))
			require.Zero(t, d.woken, "nobody is woken for what others cannot see yet")
			return end(ctx)
		})
	}
	t.Run("nothing is left of what was rolled back, and nobody is woken", func(t *testing.T) {
		require.Error(t, within(func(context.Context) error { return errors.New("failed") }))
		require.Error(t, within(func(ctx context.Context) error {
			db.Deny(ctx, problem.Errorf(problem.Forbidden, "No."))
			return nil
		}))
		require.Panics(t, func() { _ = within(func(context.Context) error { panic("broken") }) })
		require.Equal(t, [2]int{}, d.counts())
		require.Zero(t, d.woken)
	})
	t.Run("outside a transaction, and without who acts, it fails", func(t *testing.T) {
		require.Error(t, d.r.Record(identity.With(t.Context(), d.who), e))
		require.True(t, problem.Is(d.r.Record(t.Context(), e), problem.Unauthenticated))
		require.Equal(t, [2]int{}, d.counts())
	})
	t.Run("who wakes sees the entry and the event", func(t *testing.T) {
		var seen [2]int
		d.r = New(d.r.now, func() { seen = d.counts() })
		require.NoError(t, within(func(context.Context) error { return nil }))
		require.Equal(t, [2]int{1, 1}, seen)
	})
	t.Run("two events in one transaction are two, in their order", func(t *testing.T) {
		second := e
		second.Name = "dossier.changed"
		require.NoError(t, d.record(d.who, e, second))
		rows := d.rows("pending_event")
		require.Equal(t, []any{"dossier.opened", "dossier.opened", "dossier.changed"}, []any{rows[0]["name"], rows[1]["name"], rows[2]["name"]})
	})
}
