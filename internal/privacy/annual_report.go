package privacy

import (
	"context"
	"time"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

const (
	actReadAnnual = "annual-report.read"
	listAnnual    = "annual-figures"
	// fewest is the least count that is published: fewer could point at somebody.
	fewest = 5
)

// AnnualReport are the figures of a calendar year (Wgs 1.12).
type AnnualReport struct {
	Year    int
	Figures []AnnualFigure
}

// AnnualFigure is how many there were of something; nil when there were some, and too few to publish.
type AnnualFigure struct {
	Code  string
	Count *int64
}

// publish leaves out what could point at somebody. No figure is the sum of others, so that none gives back what is left out.
func publish(counted []annualCount) []AnnualFigure {
	all := make([]AnnualFigure, len(counted))
	for i, c := range counted {
		all[i] = AnnualFigure{Code: c.Code}
		if c.Count == 0 || c.Count >= fewest || !aboutPersons(c.Code) {
			all[i].Count = &c.Count
		}
	}
	return all
}

// aboutPersons tells whether what is counted is about persons, and not about the municipality itself.
func aboutPersons(code string) bool { return code != "matrix-versions" && code != "privacy-audits" }

// AnnualReport makes the figures of a year: for the municipal director, the privacy officer and the auditor, problem.Forbidden for
// others, problem.NotFound for a year to come. The product itself counts: who reads it learns numbers only.
func (s *Service) AnnualReport(ctx context.Context, year int) (r AnnualReport, err error) {
	r.Year = year
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, actReadAnnual, authz.Resource{}); err != nil {
			return err
		}
		who, today, err := s.now(ctx)
		if err != nil {
			return err
		}
		if year > today.Year() {
			return db.NotFound()
		}
		zone, err := s.m.People.Zone(ctx)
		if err != nil {
			return err
		}
		from := time.Date(year, time.January, 1, 0, 0, 0, 0, zone)
		ctx = identity.With(db.Apart(ctx), identity.System(who.Municipality, "annual-report"))
		return s.k.DB.Tx(ctx, func(ctx context.Context) error {
			counted, err := countYear(ctx, from, from.AddDate(1, 0, 0))
			r.Figures = publish(counted)
			return err
		})
	})
	return r, err
}
