package privacy

import (
	"context"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// Checklist is what the law asks per article, with what the records show now. Who reads it learns numbers only: the product itself
// counts, also what he has no right to.
func (s *Service) Checklist(ctx context.Context) (all Checklist, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, actReadChecklist, authz.Resource{}); err != nil {
			return err
		}
		who, today, err := s.now(ctx)
		if err != nil {
			return err
		}
		duties, err := s.m.Lists.List(dutiesList)
		if err != nil {
			return err
		}
		zone, err := s.m.People.Zone(ctx)
		if err != nil {
			return err
		}
		thirds, err := s.thirds()
		if err != nil {
			return err
		}
		ctx = identity.With(db.Apart(ctx), identity.System(who.Municipality, "legal-checklist"))
		return s.k.DB.Tx(ctx, func(ctx context.Context) error {
			counted, err := countEvidence(ctx, thirds, s.k.Secrets.Mark(), s.k.Now(), today, zone)
			all = checklistOf(duties.Codes, counted, s.k.Now())
			return err
		})
	})
	return all, err
}

// thirds are the types of partners that take no part under the Wgs (Wgs 2.27).
func (s *Service) thirds() (all []string, err error) {
	types, err := s.m.Lists.List("partner-types")
	for _, c := range types.Codes {
		if kind, _ := s.m.Lists.PartnerType(c.Code); kind.Third {
			all = append(all, c.Code)
		}
	}
	return all, err
}
