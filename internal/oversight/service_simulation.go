package oversight

import (
	"context"
	"math/rand/v2"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/configuration"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/matrix"
)

// Simulate tells what the draft would change, exactly and for all dossiers of the municipality, whoever may
// see them; only its sample is cut to the caller's sight. It fails as reading the draft does, and with
// problem.TooManyRequests while another is made: it reads everything, and many at once would keep others out.
func (s *Service) Simulate(ctx context.Context) (sim Simulation, err error) {
	draft, err := s.matrix.Compare(ctx)
	if err != nil {
		return sim, err
	}
	who, err := identity.From(ctx)
	if err != nil {
		return sim, err
	}
	var found []change
	system := identity.With(db.Apart(ctx), identity.System(who.Municipality, "simulation"))
	err = s.k.DB.Tx(system, func(ctx context.Context) error {
		if err := db.Alone(ctx, who.Municipality, "simulation"); err != nil {
			return err
		}
		partners, err := findConcerned(ctx)
		if err != nil {
			return err
		}
		masks, role, err := s.masks(draft, partners)
		if err != nil {
			return err
		}
		for _, p := range partners {
			if draft.Changed(p.ID, p.Type) {
				sim.Partners = append(sim.Partners, Effect{PartnerID: p.ID})
			}
		}
		sim.AsOf = s.k.Now()
		found, err = findChanges(ctx, masks, role)
		return err
	})
	if err != nil {
		return sim, err
	}
	sim.count(found)
	sim.Sample, err = s.sample(ctx, found)
	return sim, err
}

// masks are those that the draft changes, and those of the role municipal director. A director who leads a dossier knows it by his role as well, and
// stops to know it only when neither way is left: where the draft changes the role, the other ways of
// those who hold it are needed too.
func (s *Service) masks(draft *matrix.Comparison, partners []concerned) (all, role []mask, err error) {
	director, err := draft.OfDirector()
	if err != nil {
		return nil, nil, err
	}
	role = masksOf(uuid.Nil, configuration.PartnerType{}, director)
	for _, p := range partners {
		changed := draft.Changed(p.ID, p.Type)
		other := p.Directs && director.Old != director.New
		kind, known := s.lists.PartnerType(p.Type)
		if !known || !changed && !other {
			continue
		}
		shift, err := draft.Of(p.ID, p.Type)
		if err != nil {
			return nil, nil, err
		}
		mine := masksOf(p.ID, kind, shift)
		if !other {
			mine = changing(mine)
		}
		all = append(all, mine...)
	}
	return all, role, nil
}

// count puts the numbers that were found with their partners. One for whom nothing was drafted comes in by
// the role municipal director of its people alone.
func (sim *Simulation) count(found []change) {
	at := make(map[uuid.UUID]int, len(sim.Partners))
	for i, e := range sim.Partners {
		at[e.PartnerID] = i
	}
	for _, c := range found {
		if c.DossierID != nil {
			continue
		}
		i, there := at[c.PartnerID]
		if !there {
			i = len(sim.Partners)
			at[c.PartnerID], sim.Partners = i, append(sim.Partners, Effect{PartnerID: c.PartnerID})
		}
		sim.Partners[i].add(c.What, c.N)
		sim.Totals.add(c.What, c.N)
	}
}

// sample takes some of the changes that were drawn, of which the caller may see what they are about.
func (s *Service) sample(ctx context.Context, found []change) (all []Example, err error) {
	var dossiers, items []uuid.UUID
	var drawn []change
	for _, c := range found {
		if c.DossierID == nil {
			continue
		}
		drawn, dossiers = append(drawn, c), append(dossiers, *c.DossierID)
		if c.ItemID != nil {
			items = append(items, *c.ItemID)
		}
	}
	rand.Shuffle(len(drawn), func(i, j int) { drawn[i], drawn[j] = drawn[j], drawn[i] })
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		known, err := s.dossiers.Refs(ctx, dossiers)
		if err != nil {
			return err
		}
		readable, err := s.dossiers.VisibleItems(ctx, items)
		if err != nil {
			return err
		}
		for _, c := range drawn {
			ref, there := known[*c.DossierID]
			if !there || c.ItemID != nil && !readable[*c.ItemID] || len(all) == maxExamples {
				continue
			}
			all = append(all, Example{
				PartnerID: c.PartnerID, DossierID: *c.DossierID, Dossier: ref, ItemID: c.ItemID, Category: categoryOf(c), Gained: c.What == "gained",
			})
		}
		return nil
	})
	return all, err
}

func categoryOf(c change) *authz.Category {
	if c.Category == nil {
		return nil
	}
	return new(authz.Category(*c.Category))
}
