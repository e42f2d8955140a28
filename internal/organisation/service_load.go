package organisation

import (
	"context"
	"errors"

	"github.com/wijkregie/wijkregie/internal/configuration"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// loading is the purpose for which the product itself writes people.
const loading = "load"

// Load fills a municipality with its districts and neighbourhoods, as far as they are delivered with the
// product, and with the rows of the seed that are not there yet; what is there stays as it is. It
// holds the rows against the rules and records one audit entry when it added any.
func (s *Service) Load(ctx context.Context, seed Seed) error {
	if err := s.checkSeed(seed); err != nil {
		return err
	}
	return s.k.DB.Tx(identity.With(ctx, identity.System(seed.Municipality, loading)), func(ctx context.Context) error {
		added, err := s.load(ctx, seed)
		if err != nil || added == 0 {
			return err
		}
		if err := touchPeople(ctx); err != nil {
			return err
		}
		return s.record(ctx, "municipality.loaded", "municipality", SeedID(seed.Municipality, ""), nil)
	})
}

func (s *Service) checkSeed(seed Seed) error {
	var all []error
	for _, p := range seed.Partners {
		all = append(all, s.checkPartner(p))
	}
	for _, p := range seed.Professionals {
		all = append(all, p.check())
	}
	for _, c := range seed.Clients {
		all = append(all, c.check())
	}
	return errors.Join(all...)
}

// load adds what is missing and tells how much that was.
func (s *Service) load(ctx context.Context, seed Seed) (added int64, err error) {
	districts, neighbourhoods := s.lists.Areas(seed.Municipality)
	rows := append(areaRows(seed.Municipality, districts, neighbourhoods), seed.rows(s.k.Now())...)
	for _, row := range rows {
		n, err := insertMissing(ctx, row)
		if err != nil {
			return added, problemOf(err)
		}
		added += n
	}
	return added, nil
}

func areaRows(municipality string, districts, neighbourhoods []configuration.Area) []any {
	var rows []any
	for _, a := range districts {
		rows = append(rows, &District{MunicipalityID: municipality, Code: a.Code, Name: a.Name})
	}
	for _, a := range neighbourhoods {
		rows = append(rows, &Neighbourhood{MunicipalityID: municipality, Code: a.Code, Name: a.Name, DistrictCode: a.District})
	}
	return rows
}

// problemOf says of a row of a seed that refers to nothing what can be done about it.
func problemOf(err error) error {
	if problem.Is(err, problem.Conflict) {
		return problem.Errorf(problem.Conflict, "A row of the seed refers to one that is not in it.")
	}
	return err
}
