package privacy

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// RetentionRules are the rules of a municipality.
type RetentionRules struct {
	Rows    []RetentionRule
	Allowed []string `etag:"-"`
}

// RetentionRules reads how long every kind of record is kept. It fails with problem.Forbidden.
func (s *Service) RetentionRules(ctx context.Context) (in RetentionRules, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, actReadRetention, authz.Resource{}); err != nil {
			return err
		}
		if in.Rows, err = s.rules(ctx); err != nil {
			return err
		}
		in.Allowed, err = s.k.Authz.Allowed(ctx, authz.Resource{}, []authz.Operation{{ID: "getRetentionRules", Act: actReadRetention}})
		return err
	})
	return in, err
}

// rules are those that hold now.
func (s *Service) rules(context.Context) ([]RetentionRule, error) { return defaultRetention() }

// DossierRetention is the retention of a dossier as a reader sees it.
type DossierRetention struct {
	Retention
	Allowed []string `etag:"-"`
}

// DossierRetention reads how long a dossier is kept, for who may read it.
func (s *Service) DossierRetention(ctx context.Context, id uuid.UUID) (in DossierRetention, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := s.m.Dossiers.Require(ctx, id)
		if err != nil {
			return err
		}
		if in.Retention, err = s.retention(ctx, id); err != nil {
			return err
		}
		in.Allowed, err = s.k.Authz.Allowed(ctx, d.Resource(), []authz.Operation{{ID: "getDossierRetention", Act: "dossier.read"}})
		return err
	})
	return in, err
}

// retention is how long a dossier that the caller sees is kept.
func (s *Service) retention(ctx context.Context, id uuid.UUID) (r Retention, err error) {
	clock, err := s.m.Dossiers.Clock(ctx, id)
	if err != nil {
		return r, err
	}
	rules, err := s.rules(ctx)
	if err != nil {
		return r, err
	}
	on, today, err := s.days(ctx)
	return retentionOf(clock, rules, on, today), err
}

// days turns moments into dates of the municipality.
func (s *Service) days(ctx context.Context) (on func(time.Time) time.Time, today time.Time, err error) {
	zone, err := s.m.People.Zone(ctx)
	on = func(at time.Time) time.Time { return organisation.DateOf(at, zone) }
	return on, organisation.DateOf(s.k.Now(), zone), err
}
