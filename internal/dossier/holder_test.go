package dossier

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func holds(of Responsibility, id uuid.UUID) Holder {
	return Holder{Responsibility: of, Kind: ByProfessional, ProfessionalID: &id}
}

// TestPlan_1_22_WhatAPhaseNeeds are the rules of domain.md §2 on one change, without its criteria.
func TestPlan_1_22_WhatAPhaseNeeds(t *testing.T) {
	old, next, process := uuid.New(), uuid.New(), uuid.New()
	mayor := Holder{Responsibility: Administrative, Kind: ByFunction, Description: "Burgemeester"}
	led := func(phase int) Dossier { return Dossier{CaseDirectorID: &old, RegiePhase: phase} }
	for name, c := range map[string]struct {
		before Dossier
		change RegieChange
		want   Dossier
		kind   problem.Kind
	}{
		"nothing is not valid":                            {Dossier{RegiePhase: 1}, RegieChange{Reason: "r"}, Dossier{}, problem.Invalid},
		"a director takes the place of another":           {led(1), RegieChange{CaseDirectorID: &next}, Dossier{CaseDirectorID: &next, RegiePhase: 1}, ""},
		"a chair, and the director stays":                 {led(1), RegieChange{ChairID: &next}, Dossier{CaseDirectorID: &old, ChairID: &next, RegiePhase: 1}, ""},
		"phase 2 needs nobody":                            {Dossier{RegiePhase: 1}, RegieChange{Phase: new(2)}, Dossier{RegiePhase: 2}, ""},
		"phase 3 without a case director is a conflict":   {Dossier{RegiePhase: 2}, RegieChange{Phase: new(3), Holders: []Holder{holds(ProcessDirection, process)}}, Dossier{}, problem.Conflict},
		"phase 3 without a process director is one too":   {led(2), RegieChange{Phase: new(3)}, Dossier{}, problem.Conflict},
		"phase 3 with both":                               {led(2), RegieChange{Phase: new(3), Holders: []Holder{holds(ProcessDirection, process)}}, led(3), ""},
		"phase 3 with a household that directs is not":    {led(2), RegieChange{Phase: new(3), Holders: []Holder{{Responsibility: CaseDirection, Kind: ByHousehold}, holds(ProcessDirection, process)}}, Dossier{}, problem.Conflict},
		"a household directs in phase 2":                  {led(1), RegieChange{Phase: new(2), Holders: []Holder{{Responsibility: CaseDirection, Kind: ByHousehold}}}, led(2), ""},
		"phase 4 without an administrator is a conflict":  {led(3), RegieChange{Phase: new(4), Holders: []Holder{holds(ProcessDirection, process)}}, Dossier{}, problem.Conflict},
		"phase 4 with one":                                {led(3), RegieChange{Phase: new(4), Holders: []Holder{holds(ProcessDirection, process), mayor}}, led(4), ""},
		"two phases at once need a reason":                {led(1), RegieChange{Phase: new(3), Holders: []Holder{holds(ProcessDirection, process)}}, Dossier{}, problem.Invalid},
		"and have one":                                    {led(1), RegieChange{Phase: new(3), JumpReason: "x", Holders: []Holder{holds(ProcessDirection, process)}}, led(3), ""},
		"down two phases needs a reason too":              {led(4), RegieChange{Phase: new(2)}, Dossier{}, problem.Invalid},
		"back to phase 1, and the director stays":         {led(4), RegieChange{Phase: new(1), JumpReason: "x"}, led(1), ""},
		"a chair alone, where phase 3 lacks its director": {Dossier{RegiePhase: 3}, RegieChange{ChairID: &next}, Dossier{}, problem.Conflict},
		"a director who is named as holder is appointed":  {led(1), RegieChange{Holders: []Holder{holds(CaseDirection, next)}}, Dossier{CaseDirectorID: &next, RegiePhase: 1}, ""},
		"two directors at once are not valid":             {led(1), RegieChange{CaseDirectorID: &old, Holders: []Holder{holds(CaseDirection, next)}}, Dossier{}, problem.Invalid},
		"a responsibility is given once":                  {led(1), RegieChange{Holders: []Holder{mayor, mayor}}, Dossier{}, problem.Invalid},
		"a function without a description is not valid":   {led(1), RegieChange{Holders: []Holder{{Responsibility: Operational, Kind: ByFunction}}}, Dossier{}, problem.Invalid},
		"a professional without his id is not valid":      {led(1), RegieChange{Holders: []Holder{{Responsibility: Operational, Kind: ByProfessional}}}, Dossier{}, problem.Invalid},
		"a household chairs nothing":                      {led(1), RegieChange{Holders: []Holder{{Responsibility: Chairing, Kind: ByHousehold}}}, Dossier{}, problem.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			d, change := c.before, c.change
			change.DecidedAt = noon
			earlier := RegieChange{CaseDirectorID: c.before.CaseDirectorID, DecidedAt: noon.Add(-time.Hour)}
			wrong := change.settle()
			err := append(wrong, change.check(d.RegiePhase)...).Err()
			if err == nil {
				err = change.apply(&d, d.heldAt([]RegieChange{earlier, change}, noon))
			}
			if c.kind != "" {
				require.True(t, problem.Is(err, c.kind), "%v", err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, d)
		})
	}
}

// history draws a dossier and the changes of its regie, in any order.
func history(t *rapid.T) (d Dossier, changes []RegieChange) {
	people := make([]uuid.UUID, 4)
	for i := range people {
		people[i] = uuid.NewSHA1(uuid.Nil, []byte{byte(i)})
	}
	somebody := rapid.SampledFrom(people)
	d = Dossier{OpenedAt: noon, OpenedBy: somebody.Draw(t, "opener")}
	for i := range rapid.IntRange(0, 12).Draw(t, "changes") {
		c := RegieChange{ID: uuid.NewSHA1(uuid.Nil, fmt.Append(nil, i)), DecidedAt: noon.Add(time.Duration(rapid.IntRange(0, 8).Draw(t, "hour")) * time.Hour)}
		for _, r := range Responsibilities() {
			switch rapid.IntRange(0, 4).Draw(t, "kind") {
			case 0:
				c.Holders = append(c.Holders, holds(r, somebody.Draw(t, "holder")))
			case 1:
				c.Holders = append(c.Holders, Holder{Responsibility: r, Kind: ByNobody})
			case 2:
				c.Holders = append(c.Holders, Holder{Responsibility: r, Kind: ByFunction, Description: "x"})
			}
		}
		changes = append(changes, c)
	}
	return d, rapid.Permutation(changes).Draw(t, "order")
}

// TestPlan_1_11_OneHolderOfEachRegieAtAnyMoment holds what is answered against the latest change before it, and the
// periods against the moments.
func TestPlan_1_11_OneHolderOfEachRegieAtAnyMoment(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, changes := history(t)
		tenures := d.tenures(changes)
		at := noon.Add(time.Duration(rapid.IntRange(0, 20).Draw(t, "half hours")) * 30 * time.Minute)
		held := d.heldAt(changes, at)
		require.Len(t, held, len(Responsibilities()))
		for _, r := range Responsibilities() {
			want := Holder{Responsibility: r, Kind: ByNobody}
			if r == CaseDirection {
				want = holds(r, d.OpenedBy)
			}
			for _, c := range inOrder(changes) {
				for _, h := range c.Holders {
					if h.Responsibility == r && !c.DecidedAt.After(at) {
						want = h
					}
				}
			}
			require.Equal(t, want, held[r].Holder)
			holding := 0
			for _, one := range tenures {
				if one.Responsibility == r && runs(one.Since, one.Until, at) {
					holding++
					require.Equal(t, held[r].ProfessionalID, &one.ProfessionalID)
				}
			}
			require.Equal(t, map[bool]int{true: 1, false: 0}[held[r].Kind == ByProfessional], holding)
		}
		require.Empty(t, d.heldAt(changes, noon.Add(-time.Second)))
	})
}

func TestRegie_1_11_ASubstituteDecidesInTheNameOfTheChair(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police")
	in, err := w.s.ChangeRegie(w.standIn("social", "chair"), etag.Key{ID: d.ID, Match: "*"}, RegieChange{
		Holders: []Holder{{Responsibility: Administrative, Kind: ByFunction, Description: "Wethouder"}}, Reason: "Needed."})
	require.NoError(t, err)
	require.Equal(t, []uuid.UUID{w.people["social"].id, w.people["chair"].id}, []uuid.UUID{in.Row.DecidedBy, *in.Row.InNameOf})
	read, err := w.s.GetRegieChange(w.as("chair"), d.ID, in.Row.ID)
	require.NoError(t, err)
	require.Equal(t, in.Row.InNameOf, read.Row.InNameOf)
}
