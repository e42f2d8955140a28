package oversight

import (
	"context"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// known is what somebody of a partner gets to see, and which seats still know their dossier.
type known struct {
	dossiers, items, persons, actions map[uuid.UUID]bool
	seats                             map[[2]uuid.UUID]bool
}

// TestSimulation holds the counts against reading every record as everybody, before and after the draft
// is published.
func TestSimulation(t *testing.T) {
	w := newWorld(t)
	director := w.director()
	w.exec(`delete from completion; delete from decision; delete from deliberation; delete from agenda_item; delete from invitation; delete from meeting;
		delete from participant; delete from regie_change`)

	t.Run("what it counts is what reading everything before and after counts", rapid.MakeCheck(func(rt *rapid.T) {
		town := someTown().Draw(rt, "town")
		require.NoError(rt, town.load(t.Context(), w.admin))
		before := w.readAll(rt, town)
		sim, err := w.s.Simulate(director)
		require.NoError(rt, err)
		b := &pgx.Batch{}
		publish(b, town.new)
		require.NoError(rt, w.admin.SendBatch(t.Context(), b).Close())
		after := w.readAll(rt, town)

		var totals Counts
		for _, p := range town.partners {
			want := compared(before[p.id], after[p.id])
			i := slices.IndexFunc(sim.Partners, func(e Effect) bool { return e.PartnerID == p.id })
			got := Counts{}
			if i >= 0 {
				got = sim.Partners[i].Counts
			}
			require.Equal(rt, want, got, "partner %s of type %s", p.id, p.kind)
			totals = totals.plus(want)
		}
		require.Equal(rt, totals, sim.Totals)
		w.checkSample(rt, sim, before, after)
	}))
}

func compared(before, after known) (c Counts) {
	c.DossiersGained, c.DossiersLost = differ(before.dossiers, after.dossiers)
	c.ItemsGained, c.ItemsLost = differ(before.items, after.items)
	c.PersonsGained, c.PersonsLost = differ(before.persons, after.persons)
	_, c.ActionsUnworkable = differ(before.actions, after.actions)
	_, c.AlertsStopped = differ(before.seats, after.seats)
	return c
}

func differ[K comparable](before, after map[K]bool) (gained, lost int) {
	for id := range after {
		if !before[id] {
			gained++
		}
	}
	for id := range before {
		if !after[id] {
			lost++
		}
	}
	return gained, lost
}

func (c Counts) plus(o Counts) Counts {
	c.DossiersGained += o.DossiersGained
	c.DossiersLost += o.DossiersLost
	c.ItemsGained += o.ItemsGained
	c.ItemsLost += o.ItemsLost
	c.PersonsGained += o.PersonsGained
	c.PersonsLost += o.PersonsLost
	c.ActionsUnworkable += o.ActionsUnworkable
	c.AlertsStopped += o.AlertsStopped
	return c
}

// checkSample holds every example against what was read.
func (w *world) checkSample(t *rapid.T, sim Simulation, before, after map[uuid.UUID]known) {
	require.LessOrEqual(t, len(sim.Sample), maxExamples)
	for _, e := range sim.Sample {
		was, is := before[e.PartnerID].dossiers[e.DossierID], after[e.PartnerID].dossiers[e.DossierID]
		if e.ItemID != nil {
			was, is = before[e.PartnerID].items[*e.ItemID], after[e.PartnerID].items[*e.ItemID]
		}
		require.Equal(t, []bool{!e.Gained, e.Gained}, []bool{was, is})
		require.Equal(t, e.ItemID == nil, e.Category == nil)
		require.Equal(t, e.DossierID, e.Dossier.ID)
	}
}

// readAll reads everything as every professional who may come in, under the matrix in force.
func (w *world) readAll(t *rapid.T, town *town) map[uuid.UUID]known {
	all := map[uuid.UUID]known{}
	for _, p := range town.partners {
		all[p.id] = known{map[uuid.UUID]bool{}, map[uuid.UUID]bool{}, map[uuid.UUID]bool{}, map[uuid.UUID]bool{}, map[[2]uuid.UUID]bool{}}
	}
	for _, p := range town.people {
		i := slices.IndexFunc(town.partners, func(of townPartner) bool { return of.id == p.partner })
		if !p.valid || !town.partners[i].active {
			continue
		}
		who := identity.Identity{Municipality: home, Partner: p.partner, PartnerType: town.partners[i].kind, Professional: p.id}
		require.NoError(t, w.readAs(who, all[p.partner]))
		if p.directing {
			who.Roles = []identity.Role{identity.MunicipalDirector}
		}
		for dossier, seats := range town.seats {
			if slices.Contains(seats, p.id) {
				knows, err := w.knows(who, dossier)
				require.NoError(t, err)
				if knows {
					all[p.partner].seats[[2]uuid.UUID{p.id, dossier}] = true
				}
			}
		}
	}
	return all
}

// readAs reads through the policies, as somebody without roles in the municipality.
func (w *world) readAs(who identity.Identity, into known) error {
	who, err := w.s.matrix.Sight(w.t.Context(), who)
	if err != nil {
		return err
	}
	return w.s.k.DB.Tx(identity.With(w.t.Context(), who), func(ctx context.Context) error {
		for query, set := range map[string]map[uuid.UUID]bool{
			"select id from dossier where shielded_at is null": into.dossiers, "select id from item": into.items,
			"select id from action where status = 'open' and partner_id = (select me_partner())": into.actions,
		} {
			var ids []uuid.UUID
			if err := db.Conn(ctx).Raw(query).Scan(&ids).Error; err != nil {
				return err
			}
			for _, id := range ids {
				set[id] = true
			}
		}
		var persons []uuid.UUID
		if err := db.Conn(ctx).Raw("select id from dossier where type = 'person'").Scan(&persons).Error; err != nil {
			return err
		}
		views, err := w.s.k.Authz.Views(ctx, persons...)
		for _, id := range persons {
			if views[id].Sees(authz.Identity) {
				into.persons[id] = true
			}
		}
		return err
	})
}

func (w *world) knows(who identity.Identity, dossier uuid.UUID) (knows bool, err error) {
	if who, err = w.s.matrix.Sight(w.t.Context(), who); err != nil {
		return false, err
	}
	err = w.s.k.DB.Tx(identity.With(w.t.Context(), who), func(ctx context.Context) error {
		v, err := w.s.k.Authz.View(ctx, dossier)
		knows = v.Known()
		return err
	})
	return knows, err
}

// director is a municipal director who sees everything, whatever is in force.
func (w *world) director() context.Context {
	var row authz.Row
	for i := range row {
		for c := range row[i] {
			row[i][c] = authz.Edit
		}
	}
	who := identity.Identity{
		Municipality: home, Partner: uuid.Must(uuid.NewV7()), PartnerType: "municipal-director", Professional: uuid.Must(uuid.NewV7()),
		Roles: []identity.Role{identity.MunicipalDirector}, Sight: authz.Subject{Director: &row}.Sight(),
	}
	return identity.With(w.t.Context(), who)
}

func TestSimulationIsForTheDirector(t *testing.T) {
	w := newWorld(t)
	t.Run("without a draft there is nothing to simulate", func(t *testing.T) {
		_, err := w.s.Simulate(w.director())
		require.True(t, problem.Is(err, problem.NotFound))
	})
	t.Run("others are refused, whether there is a draft or not", func(t *testing.T) {
		_, err := w.s.Simulate(w.as("police"))
		require.True(t, problem.Is(err, problem.Forbidden))
	})
}
