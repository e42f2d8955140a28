package oversight

import (
	"context"
	"slices"
	"strings"

	"github.com/oapi-codegen/nullable"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// SimulateMatrix implements POST /authorisation-matrix/simulations.
func (h *HTTP) SimulateMatrix(ctx context.Context, _ api.SimulateMatrixRequestObject) (api.SimulateMatrixResponseObject, error) {
	sim, err := h.s.Simulate(ctx)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	return api.SimulateMatrix200JSONResponse(simulationToAPI(sim, names)), nil
}

func simulationToAPI(sim Simulation, names *organisation.Names) api.MatrixSimulation {
	out := api.MatrixSimulation{
		AsOf: sim.AsOf.UTC(), Partners: []api.SimulationEffect{}, Totals: countsToAPI(sim.Totals), Sample: []api.SimulationExample{},
	}
	for _, e := range sim.Partners {
		c := countsToAPI(e.Counts)
		out.Partners = append(out.Partners, api.SimulationEffect{
			PartnerId: e.PartnerID, Partner: names.Partner(e.PartnerID), DossiersGained: c.DossiersGained, DossiersLost: c.DossiersLost,
			ItemsGained: c.ItemsGained, ItemsLost: c.ItemsLost, PersonsGained: c.PersonsGained, PersonsLost: c.PersonsLost,
			ActionsUnworkable: c.ActionsUnworkable, AlertsStopped: c.AlertsStopped,
		})
	}
	slices.SortStableFunc(out.Partners, func(a, b api.SimulationEffect) int { return strings.Compare(a.Partner.Name, b.Partner.Name) })
	for _, e := range sim.Sample {
		example := api.SimulationExample{
			PartnerId: e.PartnerID, Partner: names.Partner(e.PartnerID), DossierId: e.DossierID, Dossier: dossier.RefToAPI(e.Dossier),
			ItemId: api.Null(e.ItemID), Category: slugOf(e.Category), Change: api.SimulationChangeLost,
		}
		if e.Gained {
			example.Change = api.SimulationChangeGained
		}
		out.Sample = append(out.Sample, example)
	}
	return out
}

func countsToAPI(c Counts) api.SimulationCounts {
	return api.SimulationCounts{
		DossiersGained: c.DossiersGained, DossiersLost: c.DossiersLost, ItemsGained: c.ItemsGained, ItemsLost: c.ItemsLost,
		PersonsGained: c.PersonsGained, PersonsLost: c.PersonsLost, ActionsUnworkable: c.ActionsUnworkable, AlertsStopped: c.AlertsStopped,
	}
}

func slugOf(c *authz.Category) nullable.Nullable[string] {
	if c == nil {
		return api.Null[string](nil)
	}
	return api.Null(new(c.Slug()))
}
