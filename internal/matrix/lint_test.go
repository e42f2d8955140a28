package matrix

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/wijkregie/wijkregie/internal/configuration"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

var lists = configuration.New()

func today() time.Time { return time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC) }

func day(n int) *time.Time { d := today().AddDate(0, 0, n); return &d }

// partnerOfType is an active partner with a covenant.
func partnerOfType(slug string) organisation.Partner {
	return organisation.Partner{ID: uuid.Must(uuid.NewV7()), Type: slug, Status: organisation.Active, CovenantFrom: day(-10)}
}

func typed(partnerType, dossierType string, c authz.Category, level authz.Level) authz.Cell {
	return authz.Cell{PartnerType: partnerType, DossierType: dossierType, Category: c, Level: level}
}

func owned(id uuid.UUID, dossierType string, c authz.Category, level authz.Level) authz.Cell {
	return authz.Cell{PartnerID: id, DossierType: dossierType, Category: c, Level: level}
}

// everyCategory lets the director edit everything, so that a table shows one rule at a time.
func everyCategory(cells ...authz.Cell) []authz.Cell {
	for _, c := range authz.Categories() {
		cells = append(cells, typed(directorType, authz.AllTypes, c, authz.Edit))
	}
	return cells
}

func run(t require.TestingT, cells, current []authz.Cell, set func(*lint), partners ...organisation.Partner) []Finding {
	l := lint{cells: newSnapshot(uuid.Nil, cells), partners: partners, types: lists.PartnerType, today: today()}
	if current != nil {
		l.current = newSnapshot(uuid.Nil, current)
	}
	if set != nil {
		set(&l)
	}
	found, err := l.run()
	require.NoError(t, err)
	return found
}

func TestEditWithoutView(t *testing.T) {
	school, other := partnerOfType("school"), partnerOfType("school")
	for name, c := range map[string]struct {
		cells []authz.Cell
		want  []Finding
	}{
		"who contributes and never sees who it is about is found, for every kind of dossier at once": {
			[]authz.Cell{typed("school", "all", authz.Guidance, authz.Contribute)},
			[]Finding{{Code: editWithoutView, PartnerType: "school", DossierType: "all", Category: authz.Guidance}},
		},
		"only the kinds of dossier in which it is so are found": {
			[]authz.Cell{typed("school", "all", authz.Guidance, authz.Edit), typed("school", "all", authz.Identity, authz.Read), typed("school", "group", authz.Identity, authz.None)},
			[]Finding{{Code: editWithoutView, PartnerType: "school", DossierType: "group", Category: authz.Guidance}},
		},
		"sight on release is enough": {
			[]authz.Cell{typed("school", "all", authz.Guidance, authz.Edit), typed("school", "all", authz.Identity, authz.OnRelease)}, []Finding{},
		},
		"own entries need no sight": {[]authz.Cell{typed("school", "all", authz.Guidance, authz.Own)}, []Finding{}},
		"a partner with cells of its own is found apart": {
			[]authz.Cell{typed("school", "all", authz.Identity, authz.Read), owned(school.ID, "person", authz.Area, authz.Edit), owned(school.ID, "person", authz.Identity, authz.None)},
			[]Finding{{Code: editWithoutView, PartnerID: school.ID, DossierType: "person", Category: authz.Area}},
		},
		"what follows from the cells of its type is told of the type alone": {
			[]authz.Cell{typed("school", "all", authz.Guidance, authz.Contribute), owned(school.ID, "all", authz.Area, authz.Read)},
			[]Finding{{Code: editWithoutView, PartnerType: "school", DossierType: "all", Category: authz.Guidance}},
		},
		"a type of which there is no partner is left alone": {[]authz.Cell{typed("riec", "all", authz.Guidance, authz.Edit)}, []Finding{}},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, run(t, everyCategory(c.cells...), nil, nil, school, other))
		})
	}
}

func TestOwnerWithoutDossier(t *testing.T) {
	police, housing := partnerOfType("police"), partnerOfType("housing-association")
	duties := func(l *lint) {
		l.duties = []Duty{{police.ID, "person", "covenant", 2}, {police.ID, "person", "wgs", 1}, {housing.ID, "family", "wgs", 5}, {uuid.Must(uuid.NewV7()), "person", "wgs", 9}}
	}
	lost := Finding{Code: ownerWithoutDossier, PartnerID: police.ID, DossierType: "person", Category: authz.Action, Actions: 3}
	for name, c := range map[string]struct {
		level authz.Level
		want  []Finding
	}{
		"without sight of actions it is found, with their number": {authz.None, []Finding{lost}},
		"sight on release does not show him his own":              {authz.OnRelease, []Finding{lost}},
		"with own it is not": {authz.Own, []Finding{}},
	} {
		t.Run(name, func(t *testing.T) {
			// Under the Wgs a third party is not in the dossier, whatever the matrix says.
			require.Equal(t, c.want, run(t, everyCategory(typed("police", "all", authz.Action, c.level)), nil, duties, police, housing))
		})
	}
}

func TestNobodyEdits(t *testing.T) {
	t.Run("a category without an editor is found per kind of dossier; those of the roles in a dossier are not", func(t *testing.T) {
		cells := []authz.Cell{}
		for _, c := range authz.Categories() {
			if c != authz.Finance {
				cells = append(cells, typed(directorType, authz.AllTypes, c, authz.Own))
			}
		}
		cells = append(cells, typed(directorType, "person", authz.Area, authz.Read), typed(directorType, "all", authz.Finance, authz.Read), typed(directorType, "all", authz.Plan, authz.None))
		cells = cells[:len(cells)-1]
		require.Equal(t, []Finding{
			{Code: nobodyEdits, DossierType: "all", Category: authz.Finance}, {Code: nobodyEdits, DossierType: "person", Category: authz.Area},
		}, run(t, cells, nil, nil))
		found := run(t, []authz.Cell{typed(directorType, "all", authz.Area, authz.Read)}, nil, nil)
		require.Len(t, found, len(authz.Categories())-4, "life domains, plan, actions and deliberation are the case director's")
	})
}

func TestNoCovenant(t *testing.T) {
	for name, c := range map[string]struct {
		partner     string
		from, until *time.Time
		found       bool
	}{
		"no covenant":                     {"school", nil, nil, true},
		"one that is to come":             {"school", day(1), nil, true},
		"one that is over":                {"school", day(-9), day(-1), true},
		"one that ends today":             {"school", day(-9), day(0), false},
		"one that begins today":           {"school", day(0), nil, false},
		"a public participant needs none": {"police", nil, nil, false},
		"a private participant needs one": {"probation", nil, nil, true},
		"who gets nothing needs none":     {"riec", nil, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := partnerOfType(c.partner)
			p.CovenantFrom, p.CovenantUntil = c.from, c.until
			cells := everyCategory(typed("school", "all", authz.Area, authz.Read), typed("police", "all", authz.Area, authz.Read), typed("probation", "all", authz.Area, authz.OnRelease),
				typed("riec", "all", authz.Area, authz.None))
			want := []Finding{}
			if c.found {
				want = append(want, Finding{Code: noCovenant, PartnerID: p.ID, Category: authz.Core})
			}
			require.Equal(t, want, run(t, cells, nil, nil, p))
		})
	}
}

func TestWidensSensitive(t *testing.T) {
	care, clinic, police := partnerOfType("mental-health-care"), partnerOfType("mental-health-care"), partnerOfType("police")
	supplied := map[authz.Category][]uuid.UUID{authz.Health: {care.ID, clinic.ID, uuid.Must(uuid.NewV7())}}
	before := everyCategory(typed("police", "all", authz.Health, authz.None), typed("mental-health-care", "all", authz.Health, authz.Own))
	wider := Finding{Code: widensSensitive, PartnerType: "police", DossierType: "all", Category: authz.Health}
	for name, c := range map[string]struct {
		current  []authz.Cell
		level    authz.Level
		consents []Consent
		missing  []uuid.UUID
	}{
		"sight on release asks the consent of all who supplied": {before, authz.OnRelease, nil, []uuid.UUID{care.ID, clinic.ID}},
		"with one consent the other is missing":                 {before, authz.Read, []Consent{{care.ID, authz.Health, "x"}, {clinic.ID, authz.Police, "x"}}, []uuid.UUID{clinic.ID}},
		"with every consent it is not found":                    {before, authz.Read, []Consent{{care.ID, authz.Health, "x"}, {clinic.ID, authz.Health, "x"}}, nil},
		"what stays as it is is not found":                      {before, authz.None, nil, nil},
		"before the first matrix it is not":                     {nil, authz.Read, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			after := everyCategory(typed("police", "all", authz.Health, c.level), typed("mental-health-care", "all", authz.Health, authz.Own))
			found := run(t, after, c.current, func(l *lint) { l.suppliers, l.consents = supplied, c.consents }, care, clinic, police)
			if c.missing == nil {
				require.Empty(t, found)
				return
			}
			want := wider
			want.Suppliers = c.missing
			require.Equal(t, []Finding{want}, found)
		})
	}
	t.Run("who is given a cell of its own is found, and so is who loses the one that kept it out", func(t *testing.T) {
		set := func(l *lint) { l.suppliers = supplied }
		mine := Finding{Code: widensSensitive, PartnerID: police.ID, DossierType: "person", Category: authz.Health, Suppliers: []uuid.UUID{care.ID, clinic.ID}}
		own := append(everyCategory(), owned(police.ID, "person", authz.Health, authz.Read))
		require.Equal(t, []Finding{mine}, run(t, own, everyCategory(), set, care, clinic, police))
		open := everyCategory(typed("police", "all", authz.Health, authz.Read))
		shut := append(everyCategory(typed("police", "all", authz.Health, authz.Read)), owned(police.ID, "person", authz.Health, authz.None))
		require.Equal(t, []Finding{mine}, run(t, open, shut, set, care, clinic, police))
	})
}

func TestFindingID(t *testing.T) {
	f := Finding{Code: widensSensitive, PartnerType: "police", DossierType: "all", Category: authz.Health}
	t.Run("it stays while numbers and suppliers move, and is another for another finding", func(t *testing.T) {
		same := f
		same.Actions, same.Suppliers = 3, []uuid.UUID{uuid.Must(uuid.NewV7())}
		require.Equal(t, f.ID(), same.ID())
		for _, change := range []func(*Finding){
			func(f *Finding) { f.Code = noCovenant }, func(f *Finding) { f.PartnerType = "school" }, func(f *Finding) { f.PartnerID = uuid.Must(uuid.NewV7()) },
			func(f *Finding) { f.DossierType = "person" }, func(f *Finding) { f.Category = authz.Core },
		} {
			other := f
			change(&other)
			require.NotEqual(t, f.ID(), other.ID())
		}
	})
}

// TestPropertyTheOrderOfCellsNeverMatters is the property that makes a matrix data and no program.
func TestPropertyTheOrderOfCellsNeverMatters(t *testing.T) {
	partners := []organisation.Partner{partnerOfType("police"), partnerOfType("school")}
	cell := rapid.Custom(func(t *rapid.T) authz.Cell {
		c := typed("", rapid.SampledFrom(append(authz.DossierTypes(), authz.AllTypes)).Draw(t, "dossier type"),
			rapid.SampledFrom(authz.Categories()).Draw(t, "category"), rapid.SampledFrom(authz.Levels()).Draw(t, "level"))
		if i := rapid.IntRange(0, 3).Draw(t, "of"); i < 2 {
			c.PartnerID = partners[i].ID
		} else {
			c.PartnerType = partners[i-2].Type
		}
		return c
	})
	rapid.Check(t, func(t *rapid.T) {
		cells := rapid.SliceOfNDistinct(cell, 0, 60, place).Draw(t, "cells")
		other := append([]authz.Cell{}, cells...)
		rand.New(rand.NewPCG(1, rapid.Uint64().Draw(t, "order"))).Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
		require.Equal(t, ordered(cells), ordered(other))
		one, two := newSnapshot(uuid.Nil, cells), newSnapshot(uuid.Nil, other)
		for _, p := range partners {
			a, err := one.row(p.ID, p.Type)
			require.NoError(t, err)
			b, err := two.row(p.ID, p.Type)
			require.NoError(t, err)
			require.Equal(t, a, b)
			require.Equal(t, authz.Subject{Row: a}.Sight(), authz.Subject{Row: b}.Sight())
		}
		suppliers := func(l *lint) {
			l.suppliers = map[authz.Category][]uuid.UUID{authz.Health: {partners[0].ID}, authz.Police: {partners[1].ID}}
		}
		require.Equal(t, run(t, cells, other[:len(other)/2], suppliers, partners...), run(t, other, other[:len(other)/2], suppliers, partners...))
	})
}

// TestPropertyNoTwoCellsCountAlike shows that of the cells of one subject exactly one is the most specific.
func TestPropertyNoTwoCellsCountAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := typed("police", rapid.SampledFrom(append(authz.DossierTypes(), authz.AllTypes)).Draw(t, "dossier type"), authz.Area,
			rapid.SampledFrom(authz.Levels()).Draw(t, "level"))
		again := c
		again.Level = rapid.SampledFrom(authz.Levels()).Draw(t, "another level")
		var f problem.Faults
		unique(&f, "/cells", []authz.Cell{c, typed("police", "all", authz.Health, authz.Read), again})
		require.Len(t, f, 2, "two cells for one place are refused, whatever their levels")
		require.Zero(t, compare(c, again))
	})
}
