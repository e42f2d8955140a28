package dossier

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func something(c authz.Category) NewItem {
	article := ""
	if c == authz.Police {
		article = "8"
	}
	return NewItem{Category: c, PoliceArticle: article, Text: "Something.", ObservedOn: time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)}
}

func (w *world) added(by string, d Seen, n NewItem) SeenItem {
	w.t.Helper()
	in, err := w.s.AddItem(w.as(by), d.ID, n)
	require.NoError(w.t, err)
	return in.Row
}

func (w *world) released(by string, i SeenItem, n NewRelease) Release {
	w.t.Helper()
	n.Purpose = "To help."
	in, err := w.s.ReleaseItem(w.as(by), i.DossierID, i.ID, n)
	require.NoError(w.t, err)
	return in.Row
}

// readers are those of these who may read the item; a list and the item itself must agree.
func (w *world) readers(i SeenItem, names ...string) (all []string) {
	w.t.Helper()
	for _, name := range names {
		one, err := w.s.GetItem(w.as(name), i.DossierID, i.ID)
		list, listed := w.s.ListItems(w.as(name), i.DossierID, ItemFilter{}, page.Request{Limit: 200})
		require.NoError(w.t, listed)
		at := slices.IndexFunc(list.Row.Rows, func(row SeenItem) bool { return row.ID == i.ID })
		require.Equal(w.t, err == nil, at >= 0, "%s: the list has what can be read, and nothing else", name)
		if err != nil {
			require.Equal(w.t, problem.NotFound, kind(err))
			continue
		}
		require.Equal(w.t, one.Row.Tag, list.Row.Rows[at].Tag)
		all = append(all, name)
	}
	return all
}

func TestWhoReadsAnItem(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police", "health", "housing", "fire", "residents")
	everybody := []string{"director", "chair", "lead", "social", "police", "police-system", "health", "housing", "fire", "residents"}
	ground := func(n *NewItem) { n.Secret, n.SecretGround = true, new("explicit-consent") }
	secret := func(n *NewItem) { n.Secret = true }
	withhold := func(types ...string) func(*NewItem) {
		return func(n *NewItem) {
			for _, kind := range types {
				n.Conditions = append(n.Conditions, Condition{WithholdFrom: kind})
			}
		}
	}
	toAll := &NewRelease{}
	to := func(names ...string) *NewRelease {
		n := &NewRelease{}
		for _, name := range names {
			n.PartnerIDs = append(n.PartnerIDs, w.people[name].partner)
		}
		return n
	}
	for _, c := range []struct {
		by, category, name string
		edit               func(*NewItem)
		release            *NewRelease
		want               string
	}{
		{"housing", "housing", "by category", nil, nil, "director chair lead social police police-system health housing fire"},
		{"police", "police", "of the supplier alone", nil, nil, "police police-system"},
		{"police", "police", "released to the case", nil, toAll, "director chair lead police police-system health"},
		{"police", "police", "released to one partner", nil, to("health"), "police police-system health"},
		{"police", "police", "released to who may see nothing of it", nil, to("housing"), "police police-system"},
		{"police", "police", "released until tomorrow", nil, &NewRelease{Until: new(time.Now().Add(24 * time.Hour))}, "director chair lead police police-system health"},
		{"police", "police", "released until yesterday", nil, &NewRelease{Until: new(time.Now().Add(-24 * time.Hour))}, "police police-system"},
		{"health", "health", "released to the case", nil, toAll, "director chair lead social health"},
		{"health", "health", "secret with a ground, released", ground, toAll, "director chair lead social health"},
		{"health", "health", "secret with a ground, not released", ground, nil, "health"},
		{"health", "health", "withheld from the social domain, released to all", withhold("social-domain"), toAll, "director chair health"},
		{"health", "health", "withheld from its own type", withhold("mental-health-care"), nil, "health"},
		{"housing", "housing", "secret without a ground", secret, nil, "housing"},
		{"housing", "housing", "withheld from two types", withhold("police", "fire-service"), nil, "director chair lead social health housing"},
		{"housing", "housing", "withheld from the municipal director's type", withhold("municipal-director"), nil, "lead social police police-system health housing fire"},
		{"lead", "life-domain", "of what directing adds", nil, nil, "director chair lead social police police-system"},
	} {
		t.Run(strings.Join([]string{c.category, c.name}, ", "), func(t *testing.T) {
			category, err := authz.ParseCategory(c.category)
			require.NoError(t, err)
			n := something(category)
			if c.edit != nil {
				c.edit(&n)
			}
			item := w.added(c.by, d, n)
			if c.release != nil {
				w.released(c.by, item, *c.release)
			}
			require.Equal(t, strings.Fields(c.want), w.readers(item, everybody...))
		})
	}
	t.Run("what the person concerned restricted nobody reads, its supplier neither", func(t *testing.T) {
		item := w.added("housing", d, something(authz.Housing))
		w.exec("update item set restricted = true where id = $1", item.ID)
		require.Empty(t, w.readers(item, everybody...))
	})
	t.Run("who is not in the dossier finds neither list nor item", func(t *testing.T) {
		item := w.added("housing", d, something(authz.Housing))
		for _, name := range []string{"colleague", "school", "stranger"} {
			_, err := w.s.ListItems(w.as(name), d.ID, ItemFilter{}, page.Request{Limit: 9})
			require.Equal(t, problem.NotFound, kind(err))
			_, err = w.s.GetItem(w.as(name), d.ID, item.ID)
			require.Equal(t, problem.NotFound, kind(err))
		}
	})
}

func TestAddItem(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police", "health", "fire")
	t.Run("its supplier is the partner of who adds it, and the event says who may read it", func(t *testing.T) {
		item := w.added("police", d, something(authz.Police))
		require.Equal(t, w.people["police"].partner, item.SupplierID)
		require.Equal(t, w.people["police"].id, *item.AuthorID)
		require.Equal(t, []string{"releaseItem"}, slices.DeleteFunc(slices.Clone(item.Allowed), func(id string) bool { return id != "releaseItem" }))
		require.Equal(t, event{Name: "item.added", Subject: item.ID, Category: new(int(authz.Police)), Fields: []string{}}, w.last(d.ID))
		require.Equal(t, 1, w.count("pending_event where subject_id = $1 and supplier_id = $2", item.ID, item.SupplierID))
	})
	t.Run("a system supplies without an author", func(t *testing.T) {
		require.Nil(t, w.added("police-system", d, something(authz.Police)).AuthorID)
	})
	t.Run("what is answered has the tag of what is read", func(t *testing.T) {
		n := something(authz.Housing)
		n.LifeDomain, n.Conditions = "housing", []Condition{{WithholdFrom: "school", Text: new("Not yet.")}}
		item := w.added("lead", d, n)
		again, err := w.s.GetItem(w.as("chair"), d.ID, item.ID)
		require.NoError(t, err)
		require.Equal(t, item.Tag, again.Row.Tag)
		require.Equal(t, n.Conditions, again.Row.Conditions)
	})
	for _, c := range []struct {
		by, category string
		want         problem.Kind
	}{
		{"police", "police", ""}, {"police", "health", problem.Forbidden}, {"police", "housing", problem.Forbidden}, {"fire", "housing", problem.Forbidden},
		{"chair", "police", problem.Forbidden}, {"lead", "health", problem.Forbidden}, {"health", "health", ""}, {"lead", "deliberation", ""},
		{"director", "housing", ""}, {"colleague", "police", problem.NotFound}, {"stranger", "housing", problem.NotFound},
	} {
		t.Run(c.by+" supplies "+c.category+" "+string(c.want), func(t *testing.T) {
			category, err := authz.ParseCategory(c.category)
			require.NoError(t, err)
			before := w.count("item")
			_, err = w.s.AddItem(w.as(c.by), d.ID, something(category))
			require.Equal(t, c.want, kind(err))
			require.Equal(t, c.want == "", w.count("item") > before)
		})
	}
	today := time.Now().In(w.zone())
	for name, c := range map[string]struct {
		edit func(*NewItem)
		want string
	}{
		"a life domain that is not there":  {func(n *NewItem) { n.LifeDomain = "weather" }, "/lifeDomain"},
		"a partner type that is not there": {func(n *NewItem) { n.Conditions = []Condition{{WithholdFrom: "bakery"}} }, "/conditions/0/withholdFrom"},
		"what is seen tomorrow":            {func(n *NewItem) { n.ObservedOn = dayOf(today.AddDate(0, 0, 1)) }, "/observedOn"},
		"what is seen next year":           {func(n *NewItem) { n.ObservedOn = dayOf(today.AddDate(1, 0, 0)) }, "/observedOn"},
	} {
		t.Run(name+" is not valid", func(t *testing.T) {
			n := something(authz.Police)
			c.edit(&n)
			_, err := w.s.AddItem(w.as("police"), d.ID, n)
			require.Equal(t, []string{c.want}, pointers(t, err))
		})
	}
	t.Run("what is seen today is fine", func(t *testing.T) {
		n := something(authz.Police)
		n.ObservedOn = dayOf(today)
		w.added("police", d, n)
	})
	t.Run("to a dossier that was rejected nothing is added", func(t *testing.T) {
		other := w.opened()
		w.exec("update dossier set status = 'rejected' where id = $1", other.ID)
		_, err := w.s.AddItem(w.as("social"), other.ID, something(authz.Housing))
		require.Equal(t, problem.Conflict, kind(err))
	})
	t.Run("an item is found in its own dossier only", func(t *testing.T) {
		_, err := w.s.GetItem(w.as("social"), w.opened().ID, w.added("lead", d, something(authz.Housing)).ID)
		require.Equal(t, problem.NotFound, kind(err))
	})
}

func dayOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

func (w *world) zone() *time.Location { return w.s.people.ZoneOf(w.as("social")) }

func TestListItems(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police", "housing")
	var housing, police []uuid.UUID
	for i := range 6 {
		n := something(authz.Housing)
		n.ObservedOn, n.LifeDomain = n.ObservedOn.AddDate(0, 0, i), []string{"housing", "finances"}[i%2]
		housing = append(housing, w.added([]string{"housing", "lead"}[i%2], d, n).ID)
		police = append(police, w.added("police", d, something(authz.Police)).ID)
	}
	w.exec("update item set added_at = '2026-11-03' where id = any($1)", housing) // all at one moment
	list := func(name string, f ItemFilter, limit int) (all []uuid.UUID) {
		p := page.Request{Limit: limit}
		for {
			in, err := w.s.ListItems(w.as(name), d.ID, f, p)
			require.NoError(t, err)
			for _, row := range in.Row.Rows {
				all = append(all, row.ID)
			}
			if in.Row.Next == nil {
				return all
			}
			p, err = page.Parse(&limit, in.Row.Next)
			require.NoError(t, err)
		}
	}
	for _, limit := range []int{1, 4, 5, 200} {
		t.Run("page after page gives each once, the latest first, and no gap where something is hidden", func(t *testing.T) {
			whole := list("police", ItemFilter{}, limit)
			require.Len(t, whole, 12)
			slices.Reverse(whole)
			require.Equal(t, append(slices.Clone(housing), police...), whole)
			require.ElementsMatch(t, housing, list("housing", ItemFilter{}, limit))
		})
	}
	day := func(n int) *time.Time { return new(something(0).ObservedOn.AddDate(0, 0, n)) }
	for name, c := range map[string]struct {
		f    ItemFilter
		want []uuid.UUID
	}{
		"a category":                     {ItemFilter{Category: new(authz.Housing)}, housing},
		"a category that he may not see": {ItemFilter{Category: new(authz.Police)}, nil},
		"a life domain":                  {ItemFilter{LifeDomain: new("finances")}, []uuid.UUID{housing[1], housing[3], housing[5]}},
		"a supplier":                     {ItemFilter{SupplierID: new(w.people["housing"].partner)}, []uuid.UUID{housing[0], housing[2], housing[4]}},
		"a supplier of what is hidden":   {ItemFilter{SupplierID: new(w.people["police"].partner)}, nil},
		"days, both of them included":    {ItemFilter{ObservedFrom: day(1), ObservedUntil: day(3)}, housing[1:4]},
	} {
		t.Run("it can be limited to "+name, func(t *testing.T) { require.ElementsMatch(t, c.want, list("lead", c.f, 2)) })
	}
	t.Run("the last few are what a report shows", func(t *testing.T) {
		require.NoError(t, w.k.DB.Tx(w.as("police"), func(ctx context.Context) error {
			rows, err := w.s.LatestItems(ctx, d.ID, 2)
			require.Equal(t, []uuid.UUID{police[5], police[4]}, []uuid.UUID{rows[0].ID, rows[1].ID})
			require.Len(t, rows, 2)
			return err
		}))
	})
}
