package dossier

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// listed walks through a list page by page.
func (w *world) listed(name string, f Filter, limit int) (all []Seen) {
	w.t.Helper()
	if f.Sort == "" {
		f.Sort = "-openedAt"
	}
	p := page.Request{Limit: limit}
	for {
		found, err := w.s.List(w.as(name), f, p)
		require.NoError(w.t, err)
		all = append(all, found.Rows...)
		if found.Next == nil {
			return all
		}
		require.Len(w.t, found.Rows, limit, "a page that is not the last is full")
		p, err = page.Parse(&limit, found.Next)
		require.NoError(w.t, err)
	}
}

func idsOf(rows []Seen) (ids []uuid.UUID) {
	for _, row := range rows {
		ids = append(ids, row.ID)
	}
	return ids
}

// TestList has dossiers of which the police sees every other, at few moments.
func TestList(t *testing.T) {
	w := newWorld(t)
	var all, seen []Seen
	for i := range 9 {
		d := w.opened()
		if i%2 == 0 {
			w.joined(d, "police")
			seen = append(seen, d)
		}
		w.exec("update dossier set opened_at = $2, changed_at = $3 where id = $1", d.ID, noon.Add(time.Duration(i/4)*time.Hour), noon.Add(-time.Duration(i/3)*time.Hour))
		all = append(all, d)
		if i == 4 { // a closed one amidst them
			closed := w.directed("police")
			_, err := w.close("chair", closed)
			require.NoError(t, err)
			w.exec("update dossier set opened_at = $2, changed_at = $2 where id = $1", closed.ID, noon)
		}
	}
	// order is how a database without policies puts them.
	order := func(by string, of []Seen) (ids []uuid.UUID) {
		rows, err := w.admin.Query(t.Context(), "select id from dossier where id = any($1) order by "+by, idsOf(of))
		require.NoError(t, err)
		for rows.Next() {
			var id uuid.UUID
			require.NoError(t, rows.Scan(&id))
			ids = append(ids, id)
		}
		return ids
	}
	for sort, by := range map[string]string{"-openedAt": "opened_at desc, id desc", "-changedAt": "changed_at desc, id desc", "number": "number"} {
		for _, limit := range []int{1, 2, 5, 200} {
			t.Run("by "+sort+" page after page gives every dossier in sight once, in order, and no closed one", func(t *testing.T) {
				require.Equal(t, order(by, seen), idsOf(w.listed("police", Filter{Sort: sort}, limit)))
				require.Equal(t, order(by, all), idsOf(w.listed("social", Filter{Sort: sort}, limit)))
				require.Equal(t, order(by, all), idsOf(w.listed("director", Filter{Sort: sort}, limit)))
			})
		}
		t.Run("by "+sort+" a cursor of another order is not valid", func(t *testing.T) {
			foreign := page.At(noon, newID())
			if sort != "number" {
				foreign = page.Cursor{Key: "2026-000001", ID: newID()}
			}
			_, err := w.s.List(w.as("police"), Filter{Sort: sort}, page.Request{Limit: 1, After: &foreign})
			require.Equal(t, problem.Invalid, kind(err))
		})
	}
	t.Run("each row is what reading it gives", func(t *testing.T) {
		for _, row := range w.listed("police", Filter{}, 9) {
			one := w.get("police", row)
			require.Equal(t, one.Tag, row.Tag)
			require.Equal(t, one.Figures, row.Figures)
			require.Nil(t, row.Allowed)
		}
	})
	t.Run("who is in none has an empty list", func(t *testing.T) {
		for _, name := range []string{"colleague", "health", "school", "stranger"} {
			found, err := w.s.List(w.as(name), Filter{Sort: "number"}, page.Request{Limit: 9})
			require.NoError(t, err)
			require.Equal(t, []Seen{}, found.Rows)
			require.Nil(t, found.Next)
		}
	})
}

func TestListLimited(t *testing.T) {
	w := newWorld(t)
	w.exec(`insert into consultation_table (municipality_id, id, version, name, chair_id, changed_at)
		values ('GM0861', $1, 1, 'Passage', $2, now())`, newID(), w.people["chair"].id)
	person := opening()
	person.Type, person.Basis, person.Themes = Person, Consent, []string{"youth", "nuisance"}
	first, err := w.s.Open(w.as("social"), person)
	require.NoError(t, err)
	place := opening()
	place.NeighbourhoodCode = new("BU08610001")
	second, err := w.s.Open(w.as("police"), place)
	require.NoError(t, err)
	third := w.directed("health")
	_, err = w.regie("chair", third, RegieChange{Phase: new(3)})
	require.NoError(t, err)
	w.exec("update dossier set status = 'active', table_id = (select id from consultation_table) where id = $1", third.ID)
	var table uuid.UUID
	require.NoError(t, w.admin.QueryRow(t.Context(), "select id from consultation_table").Scan(&table))
	later := time.Now().Add(time.Hour)
	w.exec("update dossier set changed_at = $2 where id = $1", second.ID, later)

	for name, c := range map[string]struct {
		f    Filter
		want []Seen
	}{
		"a type":                 {Filter{Type: new("person")}, []Seen{first}},
		"a status":               {Filter{Status: new("active")}, []Seen{third}},
		"a basis":                {Filter{Basis: new("covenant")}, []Seen{second, third}},
		"a neighbourhood":        {Filter{NeighbourhoodCode: new("BU08610001")}, []Seen{second}},
		"a theme":                {Filter{Theme: new("nuisance")}, []Seen{first}},
		"a part of a theme":      {Filter{Theme: new("nuis")}, nil},
		"a phase":                {Filter{RegiePhase: new(3)}, []Seen{third}},
		"a case director":        {Filter{CaseDirectorID: new(w.people["lead"].id)}, []Seen{third}},
		"a chair":                {Filter{ChairID: new(w.people["chair"].id)}, []Seen{third}},
		"a table":                {Filter{TableID: &table}, []Seen{third}},
		"a partner in it":        {Filter{PartnerID: new(w.people["police"].partner)}, []Seen{second}},
		"what changed since":     {Filter{ChangedSince: new(later.Add(-time.Minute))}, []Seen{second}},
		"two of these":           {Filter{Basis: new("covenant"), RegiePhase: new(1)}, []Seen{second}},
		"what there is not":      {Filter{Basis: new("wams")}, nil},
		"what is no code at all": {Filter{Status: new("' or true --")}, nil},
	} {
		t.Run("it can be limited to "+name, func(t *testing.T) {
			require.ElementsMatch(t, idsOf(c.want), idsOf(w.listed("director", c.f, 1)))
		})
	}
	t.Run("mine are those in which I take part, not those that the role shows me", func(t *testing.T) {
		require.Empty(t, w.listed("director", Filter{Mine: new(true)}, 9))
		require.Len(t, w.listed("director", Filter{Mine: new(false)}, 9), 3)
		require.ElementsMatch(t, idsOf([]Seen{first, third}), idsOf(w.listed("social", Filter{Mine: new(true)}, 9)))
		require.Empty(t, w.listed("social", Filter{Mine: new(false)}, 9))
	})
	t.Run("a limit shows nothing that is out of sight", func(t *testing.T) {
		require.Empty(t, w.listed("social", Filter{PartnerID: new(w.people["police"].partner)}, 9))
		require.Empty(t, w.listed("police", Filter{CaseDirectorID: new(w.people["lead"].id)}, 9))
	})
}

// TestFigures has a dossier in which the police and health care see different things.
func TestFigures(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police", "health", "fire")
	times := func(names ...string) (all []time.Time) {
		for _, name := range names {
			all = append(all, *w.get(name, d).Figures.LastChangeAt)
		}
		return all
	}
	readers := []string{"police", "health", "fire", "lead", "director"}
	moved := func(change func()) (who []string) {
		before := times(readers...)
		change()
		for i, at := range times(readers...) {
			if at.After(before[i]) {
				who = append(who, readers[i])
			}
		}
		return who
	}
	var item SeenItem
	t.Run("an item moves the last change of who may read it, and of nobody else", func(t *testing.T) {
		require.Equal(t, []string{"health"}, moved(func() { item = w.added("health", d, something(authz.Health)) }))
		require.Equal(t, []string{"police"}, moved(func() { w.added("police", d, something(authz.Police)) }))
		require.Equal(t, readers, moved(func() { w.added("lead", d, something(authz.Housing)) }))
	})
	t.Run("whom it is about moves that of who may see it", func(t *testing.T) {
		require.Equal(t, []string{"police", "health", "lead", "director"}, moved(func() {
			_, err := w.s.Update(w.as("lead"), etag.Key{ID: d.ID, Match: "*"}, func(d *Dossier) { d.Title = "Winkelcentrum" })
			require.NoError(t, err)
		}))
	})
	t.Run("the core moves that of all", func(t *testing.T) {
		require.Equal(t, readers, moved(func() {
			_, err := w.s.Update(w.as("lead"), etag.Key{ID: d.ID, Match: "*"}, purpose("Care."))
			require.NoError(t, err)
		}))
	})
	t.Run("an item that was released counts from when it was written, and no more when that is withdrawn", func(t *testing.T) {
		w.exec("update item set changed_at = now() where id = $1", item.ID)
		release := NewRelease{}
		require.Equal(t, []string{"lead", "director"}, moved(func() { w.released("health", item, release) }))
		after := times("lead")
		_, err := w.s.WithdrawRelease(w.as("health"), etag.Key{ID: w.released("health", item, release).ID, Match: "*"}, "r")
		require.NoError(t, err)
		require.Equal(t, after, times("lead"), "the first release still counts")
	})
	t.Run("no tag moves by what hangs under it", func(t *testing.T) {
		before := w.get("health", d).Tag
		w.added("health", d, something(authz.Health))
		require.Equal(t, before, w.get("health", d).Tag)
	})
	t.Run("a change that is hidden changes nothing of what a list shows", func(t *testing.T) {
		before, shown := w.listed("fire", Filter{Sort: "-changedAt"}, 9), w.shown("fire", d)
		w.added("health", d, something(authz.Health))
		_, err := w.s.Update(w.as("lead"), etag.Key{ID: d.ID, Match: "*"}, func(d *Dossier) { d.Title = "Passage" })
		require.NoError(t, err)
		require.JSONEq(t, shown, w.shown("fire", d))
		after := w.listed("fire", Filter{Sort: "-changedAt", ChangedSince: before[0].Figures.LastChangeAt}, 9)
		require.Equal(t, idsOf(before), idsOf(after))
		require.Equal(t, before[0].Figures, after[0].Figures)
	})
	t.Run("what other areas count is joined", func(t *testing.T) {
		next := time.Now().Add(time.Hour)
		w.s.Figures = func(_ context.Context, ids []uuid.UUID) (map[uuid.UUID]Figures, error) {
			all := map[uuid.UUID]Figures{}
			for _, id := range ids {
				all[id] = Figures{OpenActions: 3, OverdueActions: 2, NextMeetingAt: &next, LastChangeAt: &next}
			}
			return all, nil
		}
		require.Equal(t, Figures{OpenActions: 3, OverdueActions: 2, NextMeetingAt: &next, LastChangeAt: &next}, w.get("fire", d).Figures)
	})
}

func TestBesideOtherRecords(t *testing.T) {
	w := newWorld(t)
	known, hidden := w.opened("police", "fire"), w.opened()
	item, secret := w.added("social", known, something(authz.Housing)), w.added("social", hidden, something(authz.Housing))
	in, err := w.s.AddLink(w.as("social"), known.ID, Link{OtherDossierID: hidden.ID, Kind: "related"})
	require.NoError(t, err)
	look := func(name string, fn func(context.Context)) {
		require.NoError(t, w.k.DB.Tx(w.as(name), func(ctx context.Context) error {
			fn(ctx)
			return nil
		}))
	}
	t.Run("a dossier is there with its number, and its title for who may see it", func(t *testing.T) {
		both := []uuid.UUID{known.ID, hidden.ID, newID()}
		look("police", func(ctx context.Context) {
			refs, err := w.s.Refs(ctx, both)
			require.NoError(t, err)
			require.Equal(t, map[uuid.UUID]Ref{known.ID: {ID: known.ID, Number: known.Number, Title: new("Passage")}}, refs)
		})
		look("fire", func(ctx context.Context) {
			refs, err := w.s.Refs(ctx, both)
			require.NoError(t, err)
			require.Equal(t, map[uuid.UUID]Ref{known.ID: {ID: known.ID, Number: known.Number}}, refs)
		})
	})
	t.Run("items and links are visible as they can be read", func(t *testing.T) {
		for name, want := range map[string][2]map[uuid.UUID]bool{
			"social": {{item.ID: true, secret.ID: true}, {in.Row.Link.ID: true}}, "police": {{item.ID: true}, {}}, "health": {{}, {}},
		} {
			look(name, func(ctx context.Context) {
				items, err := w.s.VisibleItems(ctx, []uuid.UUID{item.ID, secret.ID, newID()})
				require.NoError(t, err)
				links, err := w.s.VisibleLinks(ctx, []uuid.UUID{in.Row.Link.ID})
				require.NoError(t, err)
				require.Equal(t, want, [2]map[uuid.UUID]bool{items, links}, name)
			})
		}
	})
	t.Run("of nothing nothing is asked", func(t *testing.T) {
		look("police", func(ctx context.Context) {
			items, err := w.s.VisibleItems(ctx, nil)
			require.NoError(t, err)
			require.Empty(t, items)
			refs, err := w.s.Refs(ctx, nil)
			require.NoError(t, err)
			require.Empty(t, refs)
		})
	})
	t.Run("only who takes part now is a participant", func(t *testing.T) {
		w.exec("update participant set starts_at = now() - interval '2 hours', ends_at = now() - interval '1 hour' where dossier_id = $1 and partner_id = $2",
			known.ID, w.people["fire"].partner)
		look("social", func(ctx context.Context) {
			all, err := w.s.Participants(ctx, known.ID)
			require.NoError(t, err)
			require.False(t, slices.ContainsFunc(all, func(p Participant) bool { return p.PartnerID == w.people["fire"].partner }))
			require.Len(t, all, 2)
		})
	})
}
