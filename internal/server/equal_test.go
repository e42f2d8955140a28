package server_test

import (
	"flag"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// TestListsEqualDetails publishes random matrices over a full municipality: what a list shows is
// what can be read by itself, for everybody. Over HTTP a case costs a second, so there are few.
func TestListsEqualDetails(t *testing.T) {
	t.Parallel()
	w := live.Bare(t)
	w.Publish(t, "director", everything())
	files := filled(t, w)
	for n := range cases(t) {
		t.Run(fmt.Sprint("matrix ", n), func(t *testing.T) {
			w.Impose(t, "GM0861", someCells().Example(n))
			for _, who := range []string{"director", "case-director", "police", "social", "mental-health", "housing", "police-system"} {
				t.Run(who, func(t *testing.T) { compare(t, w.As(t, who), files) })
			}
		})
	}
}

// cases is one in twenty of what a property in memory has.
func cases(t *testing.T) int {
	t.Helper()
	budget, err := strconv.Atoi(flag.Lookup("rapid.checks").Value.String())
	assert.NoError(t, err)
	return max(2, budget/20)
}

// everything lets every partner type do everything, so that there is something of every category.
func everything() []authz.Cell {
	cells := matrix.Default()
	for i := range cells {
		if cells[i].PartnerType != "residents" { // who never stand above their own entries
			cells[i].Level = authz.Edit
		}
	}
	return cells
}

// someCells is a matrix of the partner types that take part.
func someCells() *rapid.Generator[[]authz.Cell] {
	types := []string{"municipal-director", "public-order", "social-domain", "police", "mental-health-care", "housing-association"}
	cell := rapid.Custom(func(t *rapid.T) authz.Cell {
		return authz.Cell{
			PartnerType: rapid.SampledFrom(types).Draw(t, "partner type"),
			DossierType: rapid.SampledFrom([]string{authz.AllTypes, authz.AllTypes, "person", "situation"}).Draw(t, "dossier type"),
			Category:    rapid.SampledFrom(authz.Categories()).Draw(t, "category"),
			Level:       rapid.SampledFrom(authz.Levels()).Draw(t, "level"),
		}
	})
	return rapid.SliceOfNDistinct(cell, 20, 120, func(c authz.Cell) authz.Cell {
		c.Level = ""
		return c
	})
}

// collection is a list and everything that could stand in it.
type collection struct {
	list string
	all  []string // paths
}

// filled makes dossiers of every kind with items, actions, links, meetings and decisions, and tells
// where all of it is.
func filled(t *testing.T, w *live.World) (all []collection) {
	dossiers, actions, meetings := collection{list: "/v1/dossiers"}, collection{list: "/v1/actions"}, collection{list: "/v1/meetings"}
	var first *live.Case
	for _, kind := range [][2]string{{"person", "wgs"}, {"family", "covenant"}, {"group", "social-domain"}, {"situation", "consent"}} {
		f := w.Opened(t, live.M{"type": kind[0], "basis": kind[1]})
		f.Direct(t)
		takers := []string{"police", "mental-health"}
		if kind[1] != "wgs" { // a housing association is a third party there
			takers = append(takers, "housing")
		}
		for _, who := range takers {
			f.Join(t, "case-director", who)
		}
		dossiers.all = append(dossiers.all, f.Path)
		all = append(all, someItems(t, w, f, takers))
		for _, carrier := range takers {
			actions.all = append(actions.all, f.Action(t, "case-director", carrier).Place())
		}
		meeting, item := f.Meeting(t, "police", "case-director")
		meetings.all = append(meetings.all, meeting.Place())
		all = append(all, collection{meeting.Place() + "/agenda-items", []string{item.Place()}}, deliberated(t, w, item.ID()))
		if first == nil {
			first = f
			continue
		}
		all = append(all, collection{first.Path + "/links", []string{
			w.As(t, "director").Post(first.Path+"/links", live.M{"otherDossierId": f.ID, "kind": "related"}).Want(created).Place()}})
	}
	return append(all, dossiers, actions, meetings)
}

// someItems supplies what differs in who may see it.
func someItems(t *testing.T, w *live.World, f *live.Case, suppliers []string) collection {
	items := collection{list: f.Path + "/items"}
	for i, category := range []string{"identity", "health", "police", "housing", "life-domain", "judicial"} {
		by := suppliers[i%len(suppliers)]
		more := []live.M{
			nil, {"secrecy": live.M{}}, {"conditions": []live.M{{"withholdFrom": "police"}}}, {"secrecy": live.M{"ground": "good-care"}},
		}[i%4]
		r := w.As(t, by).Post(items.list, live.M{"category": category, "text": "Iets.", "observedOn": "2026-01-15"})
		if r.Status == forbidden { // the legal basis has no ground for it
			continue
		}
		items.all = append(items.all, r.Want(created).Place(), f.Item(t, by, category, more).Place())
		partners := [][]string{{}, {w.Partner("social")}}[i%2]
		w.As(t, by).Post(r.Place()+"/releases", live.M{"partnerIds": partners, "purpose": "Samen besluiten."}).Want(created)
	}
	return items
}

func deliberated(t *testing.T, w *live.World, agendaItem string) collection {
	list := "/v1/agenda-items/" + agendaItem + "/decisions"
	return collection{list, []string{w.As(t, "chair").Post(list, live.M{
		"text": "Wij gaan langs.", "reasons": "Praten gaat voor.", "professionalIds": []string{}, "actions": []live.M{}}).Want(created).Place()}}
}

// compare reads every list to its end and everything by itself: the same records, with the same in
// them but for what only a single resource carries.
func compare(t *testing.T, who *live.Client, files []collection) {
	t.Helper()
	for _, c := range files {
		read, listed := map[string]live.M{}, map[string]live.M{}
		for _, path := range c.all {
			if r := who.Get(path); r.Status == http.StatusOK {
				body, _ := r.Body.(live.M)
				for _, alone := range []string{"allowedOperations", "agendaItems", "invitations"} {
					delete(body, alone)
				}
				read[r.ID()] = body
			}
		}
		for _, row := range everyPage(who, c.list) {
			id, _ := row["id"].(string)
			if slices.ContainsFunc(c.all, func(path string) bool { return strings.HasSuffix(path, id) }) {
				listed[id] = row
			}
		}
		assert.Equal(t, read, listed, "%s shows something else than can be read", c.list)
	}
}

// everyPage follows a list to its end; nothing when it may not be read.
func everyPage(who *live.Client, list string) (rows []live.M) {
	for next := list + "?limit=3"; ; {
		r := who.Get(next)
		items, _ := r.At("items").([]any)
		for _, item := range items {
			row, _ := item.(live.M)
			rows = append(rows, row)
		}
		cursor := r.Text("next")
		if r.Status != http.StatusOK || cursor == "" {
			return rows
		}
		next = list + "?limit=3&cursor=" + cursor
	}
}
