package db_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// update changes a note as a person of its municipality, and gives the names of what changed.
func (h *house) update(before note, edit func(*note)) (after note, fields []string, err error) {
	after = before
	edit(&after)
	err = h.write(before.MunicipalityID, before.ID, func(ctx context.Context) (err error) {
		fields, err = db.Update(ctx, &before, &after)
		return err
	})
	return after, fields, err
}

func TestUpdate(t *testing.T) {
	h := newHouse(t)
	later := time.Date(2026, 12, 3, 9, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		edit func(*note)
		want []string
	}{
		"a text":                            {func(n *note) { n.Title = "Other" }, []string{"title"}},
		"zero values":                       {func(n *note) { n.Title, n.Done, n.Count = "", false, 0 }, []string{"title", "done", "count"}},
		"an empty list":                     {func(n *note) { n.Tags = []string{} }, []string{"tags"}},
		"a list that is taken away":         {func(n *note) { n.Tags = nil }, []string{"tags"}},
		"what was not there":                {func(n *note) { n.Until, n.OwnerID = &later, &n.ID }, []string{"until", "ownerId"}},
		"nothing":                           {func(*note) {}, nil},
		"only when it was changed":          {func(n *note) { n.ChangedAt = later }, nil},
		"the same moment in another zone":   {func(n *note) { n.ChangedAt = n.ChangedAt.In(time.FixedZone("", 3600)) }, nil},
		"a number, and when it was changed": {func(n *note) { n.Count, n.ChangedAt = 9, later }, []string{"count"}},
	} {
		t.Run(name+" is written as it is, and told by the contract's names", func(t *testing.T) {
			before := h.added(home, name)
			after, fields, err := h.update(before, c.edit)
			require.NoError(t, err)
			require.Equal(t, c.want, fields)
			stored := h.stored(before.ID)
			if c.want == nil {
				require.Equal(t, before, stored)
				return
			}
			if after.Until != nil {
				stored.Until = new(stored.Until.UTC())
			}
			require.Equal(t, after, stored)
			require.Equal(t, int64(2), after.Version)
		})
	}
	t.Run("what was there and is taken away is gone", func(t *testing.T) {
		given, _, err := h.update(h.added(home, "Given"), func(n *note) { n.Until, n.OwnerID = &later, &n.ID })
		require.NoError(t, err)
		_, fields, err := h.update(given, func(n *note) { n.Until, n.OwnerID = nil, nil })
		require.NoError(t, err)
		require.Equal(t, []string{"until", "ownerId"}, fields)
		require.Nil(t, h.stored(given.ID).Until)
	})
	t.Run("only what differs is written: a change of another field behind its back stays", func(t *testing.T) {
		before := h.added(home, "Behind")
		h.exec("update note set count = 42 where id = $1", before.ID)
		_, _, err := h.update(before, func(n *note) { n.Done = false })
		require.NoError(t, err)
		require.Equal(t, 42, h.stored(before.ID).Count)
	})
	t.Run("one row changes, and no other", func(t *testing.T) {
		other := h.added(home, "Untouched")
		_, _, err := h.update(h.added(home, "Touched"), func(n *note) { n.Count = 77 })
		require.NoError(t, err)
		require.Equal(t, 1, h.count("note where count = 77"))
		require.Equal(t, other, h.stored(other.ID))
	})
}

func TestLostUpdate(t *testing.T) {
	h := newHouse(t)
	t.Run("of two who read the same, the second is stale", func(t *testing.T) {
		before := h.added(home, "Twice")
		_, _, err := h.update(before, func(n *note) { n.Title = "First" })
		require.NoError(t, err)
		_, fields, err := h.update(before, func(n *note) { n.Done = false })
		require.True(t, problem.Is(err, problem.Stale))
		require.Empty(t, fields)
		require.Equal(t, "First", h.stored(before.ID).Title)
		require.True(t, h.stored(before.ID).Done)
	})
	t.Run("so is one who waited for the other to commit", func(t *testing.T) {
		before := h.added(home, "Waited")
		first, waited := before, make(chan error, 1)
		first.Title = "Held"
		require.NoError(t, h.write(home, before.ID, func(ctx context.Context) error {
			_, err := db.Update(ctx, &before, &first)
			go func() {
				_, _, err := h.update(before, func(n *note) { n.Count = 9 })
				waited <- err
			}()
			h.blocked(1)
			return err
		}))
		require.True(t, problem.Is(<-waited, problem.Stale))
		require.Equal(t, 3, h.stored(before.ID).Count)
	})
	t.Run("a row that is gone is stale, and does not come back", func(t *testing.T) {
		before := h.added(home, "Gone")
		h.exec("delete from note where id = $1", before.ID)
		_, _, err := h.update(before, func(n *note) { n.Count = 9 })
		require.True(t, problem.Is(err, problem.Stale))
		require.Zero(t, h.count("note where id = $1", before.ID))
	})
}

// blocked waits until so many statements wait for a lock.
func (h *house) blocked(n int) {
	h.t.Helper()
	require.Eventually(h.t, func() bool {
		return h.count("pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") >= n
	}, 10*time.Second, 5*time.Millisecond)
}

func TestInsert(t *testing.T) {
	h := newHouse(t)
	t.Run("no list is an empty list, in the row and in what was given", func(t *testing.T) {
		n := newNote(home, "No list")
		n.Tags = nil
		require.NoError(t, h.write(home, n.ID, func(ctx context.Context) error { return db.Insert(ctx, &n) }))
		require.Equal(t, 1, h.count("note where id = $1 and tags = '[]'", n.ID))
		require.Equal(t, []string{}, n.Tags)
	})
	t.Run("several rows go in together", func(t *testing.T) {
		a, b := newNote(home, "A"), newNote(home, "B")
		require.NoError(t, h.write(home, a.ID, func(ctx context.Context) error {
			return errors.Join(db.Allow(ctx, b.ID), db.Insert(ctx, &a, &b))
		}))
		require.Equal(t, 2, h.count("note where id in ($1, $2)", a.ID, b.ID))
	})
	t.Run("who may not read what he writes may write it", func(t *testing.T) {
		h.exec("drop policy app on note; create policy app on note for insert to wijkregie_app with check (municipality_id = (select me_municipality()))")
		n := newNote(home, "Write only")
		require.NoError(t, h.write(home, n.ID, func(ctx context.Context) error {
			require.NoError(t, db.Insert(ctx, &n))
			require.Empty(t, titles(ctx, t))
			return nil
		}))
		require.Equal(t, n, h.stored(n.ID))
	})
}

func TestNeutral(t *testing.T) {
	h := newHouse(t)
	missing, hidden := newID(), h.second.ID
	refused := map[string]error{}
	for name, edit := range map[string]func(*note){
		"what is there already":          func(n *note) { n.Title = h.first.Title },
		"an id that is there already":    func(n *note) { n.ID = h.first.ID },
		"a reference to nothing":         func(n *note) { n.OwnerID = &missing },
		"a reference to what is not his": func(n *note) { n.OwnerID = &hidden },
	} {
		n := newNote(home, name)
		edit(&n)
		refused["inserting "+name] = h.write(home, n.ID, func(ctx context.Context) error { return db.Insert(ctx, &n) })
		if n.ID == h.first.ID {
			continue
		}
		_, _, refused["changing to "+name] = h.update(h.added(home, "For "+name), func(n *note) { id := n.ID; edit(n); n.ID = id })
	}
	elsewhere := newNote("GM086x", "Nowhere")
	refused["inserting what a policy refuses"] = h.write(home, elsewhere.ID, func(ctx context.Context) error { return db.Insert(ctx, &elsewhere) })
	for name, err := range refused {
		t.Run(name+" is one conflict, which does not tell them apart", func(t *testing.T) {
			var p *problem.Error
			require.ErrorAs(t, err, &p)
			require.Equal(t, problem.Conflict, p.Kind)
			require.Equal(t, "This is there already, or refers to something that is not there.", p.Detail)
			require.Empty(t, p.Fields)
			var pg *pgconn.PgError
			require.False(t, errors.As(err, &pg), "what PostgreSQL says of it names the row")
		})
	}
	t.Run("a reference within the municipality is fine", func(t *testing.T) {
		_, _, err := h.update(h.added(home, "Refers"), func(n *note) { n.OwnerID = &h.first.ID })
		require.NoError(t, err)
	})
	t.Run("another failure stays what it is, such as a right that the product itself misses", func(t *testing.T) {
		h.exec("revoke insert on note from wijkregie_app")
		n := newNote(home, "No grant")
		err := h.write(home, n.ID, func(ctx context.Context) error { return db.Insert(ctx, &n) })
		require.Equal(t, problem.Internal, problem.KindOf(err))
	})
}

func TestDelete(t *testing.T) {
	h := newHouse(t)
	other := h.added(home, "Stays")
	t.Run("one row goes", func(t *testing.T) {
		require.NoError(t, h.write(home, h.first.ID, func(ctx context.Context) error { return db.Delete(ctx, &h.first) }))
		require.Zero(t, h.count("note where id = $1", h.first.ID))
		require.Equal(t, 1, h.count("note where id = $1", other.ID))
	})
	t.Run("a row without an id is no reason to delete them all", func(t *testing.T) {
		require.NoError(t, h.write(home, uuid.Nil, func(ctx context.Context) error { return db.Delete(ctx, &note{MunicipalityID: home}) }))
		require.Error(t, h.write(home, uuid.Nil, func(ctx context.Context) error { return db.Delete(ctx, &note{}) }))
		require.Equal(t, 1, h.count("note where id = $1", other.ID))
	})
}

func TestOne(t *testing.T) {
	h := newHouse(t)
	require.NoError(t, h.tx(home, func(ctx context.Context) error {
		take := func(id uuid.UUID) error { return db.One(db.Conn(ctx).Where("id = ?", id).Take(&note{})) }
		require.NoError(t, take(h.first.ID))
		missing, hidden := take(newID()), take(h.second.ID)
		require.True(t, problem.Is(missing, problem.NotFound))
		require.Equal(t, missing, hidden, "what is out of sight is what is not there")
		require.ErrorIs(t, db.One(&gorm.DB{Error: errors.ErrUnsupported}), errors.ErrUnsupported)
		return nil
	}))
}

func TestAPIName(t *testing.T) {
	for field, want := range map[string]string{
		"Title": "title", "CaseDirectorID": "caseDirectorId", "PartnerIDs": "partnerIds", "ID": "id", "RegiePhase": "regiePhase",
		"ProfessionalIDs": "professionalIds", "MemberPartnerIDs": "memberPartnerIds",
	} {
		t.Run(field, func(t *testing.T) { require.Equal(t, want, db.APIName(field)) })
	}
}
