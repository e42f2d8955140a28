package matrix_test

import (
	"fmt"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/wijkregie/wijkregie/internal/configuration"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// world is a random matrix with dossiers, ways into them and what is in them.
type world struct {
	cells    []authz.Cell
	partners []partner
	dossiers []dossier
	callers  []identity.Identity
}

type partner struct {
	id     uuid.UUID
	kind   configuration.PartnerType
	people []uuid.UUID
}

type dossier struct {
	id           uuid.UUID
	number       string
	kind, basis  string
	shielded     bool
	admissions   []admission
	items        []item
	action       uuid.UUID
	carrier      uuid.UUID // the partner that carries out the action
	deliberation uuid.UUID
	participant  uuid.UUID
}

type admission struct {
	holder uuid.UUID
	kind   string
	roles  int
	given  map[authz.Act]int64 // beside the cells, per act
	denied int64
	when   span
}

type item struct {
	id             uuid.UUID
	category       authz.Category
	supplier       uuid.UUID
	secret, ground bool
	restricted     bool
	withheld       int64
	withheldFrom   []uuid.UUID // partners
	releases       []release
}

type release struct {
	to        []uuid.UUID // empty: to the whole case
	until     span
	withdrawn bool
}

// span is where now lies in a period.
type span string

const (
	live   span = "live"
	past   span = "past"
	future span = "future"
)

// partnerTypes are a participant of the social and one of the safety domain, health care, a third
// party, and who has hardly any right.
func partnerTypes() []string {
	return []string{"social-domain", "police", "mental-health-care", "housing-association", "residents"}
}

// someCategories are few, so that cells, items and exceptions meet.
func someCategories() []authz.Category {
	return []authz.Category{authz.Identity, authz.Health, authz.Police, authz.LifeDomain, authz.Action, authz.Deliberation}
}

func someWorld(lists *configuration.Service) *rapid.Generator[world] {
	return rapid.Custom(func(t *rapid.T) (w world) {
		for i := range 3 {
			kind, _ := lists.PartnerType(rapid.SampledFrom(partnerTypes()).Draw(t, "partner type"))
			w.partners = append(w.partners, partner{id: newID(), kind: kind, people: []uuid.UUID{newID(), newID()}})
			w.callers = append(w.callers, w.callersOf(t, w.partners[i])...)
		}
		w.cells = w.someCells().Draw(t, "cells")
		for i := range 2 {
			w.dossiers = append(w.dossiers, w.someDossier(t, fmt.Sprintf("2026-%06d", i)))
		}
		return w
	})
}

// callersOf are two people, of whom the first may be director or stand in for the second, and the
// partner's system.
func (w world) callersOf(t *rapid.T, p partner) []identity.Identity {
	base := identity.Identity{Municipality: municipality, Partner: p.id, PartnerType: p.kind.Slug}
	first, second, system := base, base, base
	first.Professional, second.Professional = p.people[0], p.people[1]
	if onceIn(t, 3, "is municipal director") {
		first.Roles = []identity.Role{identity.MunicipalDirector}
	}
	if onceIn(t, 3, "stands in") {
		from := time.Now().Add(-2 * time.Hour)
		until := from.Add(time.Duration(rapid.IntRange(1, 3).Draw(t, "hours")*90) * time.Minute)
		first.Substitutes = []identity.Substitution{{For: p.people[1], From: from, Until: until}}
	}
	if onceIn(t, 2, "limited to categories") {
		system.Categories = []string{}
		for _, c := range someCategories() {
			if onceIn(t, 2, "category") {
				system.Categories = append(system.Categories, c.Slug())
			}
		}
	}
	return []identity.Identity{first, second, system}
}

func (w world) someCells() *rapid.Generator[[]authz.Cell] {
	types := append(partnerTypes(), "municipal-director")
	cell := rapid.Custom(func(t *rapid.T) authz.Cell {
		c := authz.Cell{
			DossierType: rapid.SampledFrom([]string{authz.AllTypes, authz.AllTypes, "person", "family", "group", "situation"}).Draw(t, "dossier type"),
			Category:    rapid.SampledFrom(someCategories()).Draw(t, "category"),
			Level:       rapid.SampledFrom(authz.Levels()).Draw(t, "level"),
		}
		if onceIn(t, 3, "of a partner") {
			c.PartnerID = rapid.SampledFrom(w.partners).Draw(t, "partner").id
			return c
		}
		c.PartnerType = rapid.SampledFrom(types).Draw(t, "partner type")
		return c
	})
	return rapid.SliceOfNDistinct(cell, 0, 90, func(c authz.Cell) authz.Cell {
		c.Level = ""
		return c
	})
}

func (w world) someDossier(t *rapid.T, number string) dossier {
	d := dossier{
		id: newID(), number: number, action: newID(), deliberation: newID(), participant: newID(),
		kind:     rapid.SampledFrom(authz.DossierTypes()).Draw(t, "type"),
		basis:    rapid.SampledFrom([]string{"wgs", "wgs", "covenant", "covenant", "social-domain", "consent", "wams"}).Draw(t, "basis"),
		shielded: onceIn(t, 6, "shielded"),
		carrier:  rapid.SampledFrom(w.partners).Draw(t, "carrier").id,
	}
	for _, p := range w.partners {
		for _, holder := range append([]uuid.UUID{p.id}, p.people...) {
			for _, kind := range []string{"participant", "grant", "meeting", "emergency"} {
				if onceIn(t, 2, kind) {
					d.admissions = append(d.admissions, someAdmission(t, holder, kind))
				}
			}
		}
	}
	d.admissions = append(d.admissions, admission{holder: directorHolder, kind: "director", when: live})
	for range rapid.IntRange(1, 6).Draw(t, "items") {
		d.items = append(d.items, w.someItem(t))
	}
	return d
}

// someAdmission has a role, what is given beside the cells, and categories for which the cells do not
// count. Emergency access never opens health: the service sees to that in what it writes.
func someAdmission(t *rapid.T, holder uuid.UUID, kind string) admission {
	a := admission{holder: holder, kind: kind, when: live, given: map[authz.Act]int64{}}
	if onceIn(t, 5, "not live") {
		a.when = rapid.SampledFrom([]span{past, future}).Draw(t, "when")
	}
	if kind != "emergency" && onceIn(t, 3, "has a role") {
		a.roles = rapid.IntRange(1, 7).Draw(t, "roles")
	}
	if kind == "grant" || onceIn(t, 3, "has exceptions") {
		for _, act := range acts() {
			a.given[act] = someMask(t, "given")
		}
		a.denied = someMask(t, "denied")
	}
	if kind == "emergency" {
		for act := range a.given {
			a.given[act] &^= authz.Health.Bit()
		}
		a.denied |= authz.Health.Bit()
	}
	return a
}

// acts are the six acts, in their order.
func acts() []authz.Act {
	return []authz.Act{authz.SeeReleased, authz.SeeOwn, authz.SeeAll, authz.Add, authz.EditOwn, authz.EditAll}
}

func (w world) someItem(t *rapid.T) item {
	i := item{
		id:         newID(),
		category:   rapid.SampledFrom(someCategories()).Draw(t, "category"),
		supplier:   rapid.SampledFrom(w.partners).Draw(t, "supplier").id,
		secret:     onceIn(t, 4, "secret"),
		ground:     onceIn(t, 2, "with a ground"),
		restricted: onceIn(t, 6, "restricted"),
	}
	if onceIn(t, 4, "withheld") {
		i.withheld = 1 << rapid.SampledFrom(w.partners).Draw(t, "withheld from").kind.Ordinal
	}
	if onceIn(t, 4, "withheld from a partner") {
		i.withheldFrom = []uuid.UUID{rapid.SampledFrom(w.partners).Draw(t, "withheld from").id}
	}
	for range rapid.IntRange(0, 2).Draw(t, "releases") {
		r := release{until: rapid.SampledFrom([]span{live, live, past}).Draw(t, "until"), withdrawn: onceIn(t, 4, "withdrawn")}
		if onceIn(t, 2, "to a partner") {
			r.to = []uuid.UUID{rapid.SampledFrom(w.partners).Draw(t, "released to").id}
		}
		i.releases = append(i.releases, r)
	}
	return i
}

func someMask(t *rapid.T, label string) (mask int64) {
	for _, c := range someCategories() {
		if onceIn(t, 3, label) {
			mask |= c.Bit()
		}
	}
	return mask
}

// onceIn is true once in n draws; the shrunk case is the plain one.
func onceIn(t *rapid.T, n int, label string) bool {
	return rapid.IntRange(0, n-1).Draw(t, label) == n-1
}
