package dossier

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func (w *world) withhold(by string, i SeenItem, from uuid.UUID) (Withholding, error) {
	in, err := w.s.WithholdItem(w.as(by), i.DossierID, i.ID, from, "It was passed on.")
	return in.Row, err
}

func (w *world) withheld(by string, i SeenItem, from string) Withholding {
	w.t.Helper()
	one, err := w.withhold(by, i, w.people[from].partner)
	require.NoError(w.t, err)
	return one
}

func (w *world) lift(by string, one Withholding, match string) error {
	_, err := w.s.LiftWithholding(w.as(by), etag.Key{ID: one.ID, Match: match}, "Agreed again.")
	return err
}

func TestWithholdItem(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police", "health", "housing")
	rent, hidden := w.added("housing", d, something(authz.Housing)), w.added("health", d, something(authz.Health))
	police := w.people["police"].partner
	for _, c := range []struct {
		by   string
		item SeenItem
		want problem.Kind
	}{
		{"police", rent, problem.Forbidden}, {"director", rent, problem.Forbidden}, {"lead", rent, problem.Forbidden}, {"police", hidden, problem.NotFound},
		{"director", hidden, problem.NotFound}, {"fire", rent, problem.NotFound}, {"stranger", rent, problem.NotFound},
	} {
		t.Run("not by "+c.by+": "+string(c.want), func(t *testing.T) {
			_, err := w.withhold(c.by, c.item, police)
			require.Equal(t, c.want, kind(err))
			_, err = w.s.ListWithholdings(w.as(c.by), d.ID, c.item.ID, page.Request{Limit: 9})
			require.Equal(t, c.want, kind(err))
		})
	}
	for name, c := range map[string]struct {
		from uuid.UUID
		want problem.Kind
	}{
		"a partner that is not there":       {newID(), problem.Invalid},
		"a partner of another municipality": {w.people["stranger"].partner, problem.Invalid},
		"the supplier":                      {w.people["housing"].partner, problem.Conflict},
	} {
		t.Run("not from "+name, func(t *testing.T) {
			_, err := w.withhold("housing", rent, c.from)
			require.Equal(t, c.want, kind(err))
			require.Zero(t, w.count("withholding"))
		})
	}
	t.Run("twice from the same partner is a conflict", func(t *testing.T) {
		w.withheld("housing", rent, "police")
		_, err := w.withhold("housing", rent, police)
		require.Equal(t, problem.Conflict, kind(err))
		w.withheld("housing", rent, "health")
	})
	t.Run("it is audited with the item, and told as no more than a change", func(t *testing.T) {
		one := w.withheld("housing", rent, "school")
		require.Equal(t, event{Name: "item.withheld", Subject: one.ID, Category: new(int(authz.Housing)), Fields: []string{}}, w.last(d.ID))
		for _, subject := range []uuid.UUID{one.ID, rent.ID} {
			require.Positive(t, w.count("audit_entry where event = 'item.withheld' and subject_id = $1 and professional_id = $2", subject, w.people["housing"].id))
		}
	})
}

// TestWithheldWhateverShowsIt takes an item back from one partner: the cells, an exception, a grant and a
// release show it no more, and to others nothing changes.
func TestWithheldWhateverShowsIt(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police", "health", "housing")
	item := w.added("health", d, something(authz.Health))
	w.excepted(d, "police", authz.Health, authz.Read)
	w.granted(d, "colleague", authz.Edit, authz.Health)
	w.released("health", item, NewRelease{})
	everybody := []string{"director", "lead", "police", "police-system", "colleague", "health", "housing"}
	require.Equal(t, []string{"director", "lead", "police", "police-system", "colleague", "health"}, w.readers(item, everybody...))
	before, changed := w.get("director", d), w.readTag("director", item)

	one := w.withheld("health", item, "police")
	t.Run("its people and systems lose it, whoever let them in", func(t *testing.T) {
		require.Equal(t, []string{"director", "lead", "health"}, w.readers(item, everybody...))
	})
	t.Run("who still sees it notices nothing", func(t *testing.T) {
		after := w.get("director", d)
		require.Equal(t, before.Tag, after.Tag)
		require.True(t, before.Figures.LastChangeAt.Equal(*after.Figures.LastChangeAt))
		require.Equal(t, changed, w.readTag("director", item))
		require.NotContains(t, w.shown("director", d), w.people["police"].partner.String()+"withheld")
	})
	t.Run("lifted, all of it counts again", func(t *testing.T) {
		require.NoError(t, w.lift("health", one, etag.Of(one)))
		require.Equal(t, []string{"director", "lead", "police", "police-system", "colleague", "health"}, w.readers(item, everybody...))
		require.Equal(t, changed, w.readTag("director", item))
		require.Equal(t, "withholding.lifted", w.last(d.ID).Name)
	})
	t.Run("it can be withheld anew", func(t *testing.T) {
		w.withheld("health", item, "police")
		require.Equal(t, []string{"director", "lead", "health"}, w.readers(item, everybody...))
	})
}

// readTag is the tag and the version of an item as somebody reads it.
func (w *world) readTag(name string, i SeenItem) string {
	w.t.Helper()
	in, err := w.s.GetItem(w.as(name), i.DossierID, i.ID)
	require.NoError(w.t, err)
	return in.Row.Tag + in.Row.ChangedAt.UTC().Format(time.RFC3339Nano) + " " + string(rune('0'+in.Row.Version))
}

func TestReadWithholdings(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police", "housing")
	rent, other := w.added("housing", d, something(authz.Housing)), w.added("housing", d, something(authz.Housing))
	one, second := w.withheld("housing", rent, "police"), w.withheld("housing", rent, "fire")
	t.Run("page after page, the latest first, for the supplier's people", func(t *testing.T) {
		first, err := w.s.ListWithholdings(w.as("housing"), d.ID, rent.ID, page.Request{Limit: 1})
		require.NoError(t, err)
		p, err := page.Parse(new(1), first.Row.Next)
		require.NoError(t, err)
		last, err := w.s.ListWithholdings(w.as("housing-system"), d.ID, rent.ID, p)
		require.NoError(t, err)
		require.Nil(t, last.Row.Next)
		require.Equal(t, []uuid.UUID{second.ID, one.ID}, []uuid.UUID{first.Row.Rows[0].ID, last.Row.Rows[0].ID})
	})
	for by, want := range map[string][3]problem.Kind{
		"housing":  {"", "", ""},
		"lead":     {problem.Forbidden, problem.NotFound, problem.NotFound},
		"director": {problem.Forbidden, problem.NotFound, problem.NotFound},
		"police":   {problem.NotFound, problem.NotFound, problem.NotFound},
		"stranger": {problem.NotFound, problem.NotFound, problem.NotFound},
	} {
		t.Run(by, func(t *testing.T) {
			_, err := w.s.GetWithholding(w.as(by), d.ID, rent.ID, one.ID)
			require.Equal(t, want[0], kind(err))
			_, err = w.s.WithholdingOf(w.as(by), one.ID)
			require.Equal(t, want[1], kind(err))
			if by != "housing" {
				require.Equal(t, want[2], kind(w.lift(by, one, "*")))
			}
		})
	}
	t.Run("it is found under its own item only", func(t *testing.T) {
		for _, at := range [][2]uuid.UUID{{d.ID, other.ID}, {w.opened("housing").ID, rent.ID}, {d.ID, newID()}} {
			_, err := w.s.GetWithholding(w.as("housing"), at[0], at[1], one.ID)
			require.Equal(t, problem.NotFound, kind(err))
		}
	})
	t.Run("lifting needs its tag, and is done once", func(t *testing.T) {
		require.Equal(t, problem.MatchRequired, kind(w.lift("housing", one, "")))
		require.Equal(t, problem.Stale, kind(w.lift("housing", one, `"older"`)))
		require.NoError(t, w.lift("housing", one, "*"))
		require.Equal(t, problem.Conflict, kind(w.lift("housing", one, "*")))
		in, err := w.s.WithholdingOf(w.as("housing"), one.ID)
		require.NoError(t, err)
		require.Equal(t, "Agreed again.", in.Row.LiftingReason)
	})
}
