package privacy

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
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
		in, err = s.seeRules(ctx)
		return err
	})
	return in, err
}

func (s *Service) seeRules(ctx context.Context) (in RetentionRules, err error) {
	if in.Rows, err = s.rules(ctx); err != nil {
		return in, err
	}
	in.Allowed, err = s.k.Authz.Allowed(ctx, authz.Resource{}, []authz.Operation{{ID: "getRetentionRules", Act: actReadRetention}, {ID: "decideRetentionRule", Act: actDecideRetention}})
	return in, err
}

// rules are those that hold now: what the municipality decided, or the default.
func (s *Service) rules(ctx context.Context) ([]RetentionRule, error) {
	all, err := defaultRetention()
	if err != nil {
		return nil, err
	}
	decided, err := listDecisions(ctx)
	for _, d := range decided {
		at := slices.IndexFunc(all, func(r RetentionRule) bool { return r.Kind == d.Kind })
		all[at].Months, all[at].Decision = &d.Months, &d
	}
	return all, err
}

// DecideRetentionRule decides for how many months a kind of record is kept from now on. It fails with problem.Invalid, naming the
// article, for a term above the legal maximum (L30).
func (s *Service) DecideRetentionRule(ctx context.Context, kind string, months int, reason string) (in RetentionRules, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		d := RuleDecision{MunicipalityID: who.Municipality, ID: uuid.Must(uuid.NewV7()), Kind: kind, Months: months, Reason: reason, DecidedBy: who.Professional, DecidedAt: s.k.Now()}
		if err := s.k.Authz.Require(ctx, actDecideRetention, authz.Resource{ID: d.ID}); err != nil {
			return err
		}
		rules, err := s.rules(ctx)
		if err != nil {
			return err
		}
		if err := d.unfit(ruleOf(rules, kind)); err != nil {
			return err
		}
		if err := db.Insert(ctx, &d); err != nil {
			return err
		}
		if err := s.k.Journal.Record(ctx, journal.Event{Name: "retention-rule.decided", Subject: journal.Subject{Type: "retention-rule", ID: d.ID}}); err != nil {
			return err
		}
		in, err = s.seeRules(ctx)
		return err
	})
	return in, err
}

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
		c, f, _, err := s.clockApart(ctx, d.MunicipalityID, id)
		if err != nil {
			return err
		}
		in, err = s.seeRetention(ctx, d, f.of(c))
		return err
	})
	return in, err
}

func (s *Service) seeRetention(ctx context.Context, d dossier.Dossier, r Retention) (in DossierRetention, err error) {
	in.Retention = r
	in.Allowed, err = s.k.Authz.Allowed(ctx, d.Resource(), []authz.Operation{{ID: "getDossierRetention", Act: "dossier.read"}, {ID: "extendDossierRetention", Act: actExtendRetention}})
	return in, err
}

// ExtendRetention decides that a dossier is kept longer. It fails with problem.Invalid and problem.Conflict where the law does not
// allow it (Wgs 1.8(7), BGS 1.16).
func (s *Service) ExtendRetention(ctx context.Context, id uuid.UUID, e RetentionExtension) (in DossierRetention, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := s.m.Dossiers.Hold(ctx, id)
		if err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actExtendRetention, d.Resource()); err != nil {
			return err
		}
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		c, f, suppliers, err := s.clockApart(ctx, d.MunicipalityID, id)
		if err != nil {
			return err
		}
		if err := e.fits(c, f.of(c), suppliers, f); err != nil {
			return err
		}
		e.MunicipalityID, e.ID, e.DossierID, e.DecidedBy, e.DecidedAt = d.MunicipalityID, uuid.Must(uuid.NewV7()), id, who.Professional, s.k.Now()
		if err := db.Insert(ctx, &e); err != nil {
			return err
		}
		if err := s.k.Journal.Record(ctx, journal.Event{Name: "dossier.kept-longer", Subject: journal.Subject{Type: "dossier", ID: id}, Dossier: id, Basis: string(d.Basis)}); err != nil {
			return err
		}
		f.extensions[id] = append(f.extensions[id], e)
		in, err = s.seeRetention(ctx, d, f.of(c))
		return err
	})
	return in, err
}

// clockApart finds, as the product itself, what the retention of a dossier is reckoned from, and who supplied to it.
func (s *Service) clockApart(ctx context.Context, municipality string, id uuid.UUID) (c dossier.Clock, f retentionFacts, suppliers []uuid.UUID, err error) {
	ctx = identity.With(db.Apart(ctx), identity.System(municipality, retaining))
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if c, err = s.m.Dossiers.Clock(ctx, id); err != nil {
			return err
		}
		if f, err = s.facts(ctx, &id); err != nil {
			return err
		}
		suppliers, err = s.m.Dossiers.SuppliersOf(ctx, id)
		return err
	})
	return c, f, suppliers, err
}

// facts are those of one dossier, or of all, for the system.
func (s *Service) facts(ctx context.Context, of *uuid.UUID) (f retentionFacts, err error) {
	f.extensions, f.holds = map[uuid.UUID][]RetentionExtension{}, map[uuid.UUID][]LegalHold{}
	if f.rules, err = s.rules(ctx); err != nil {
		return f, err
	}
	extensions, err := listExtensions(ctx, of)
	if err != nil {
		return f, err
	}
	holds, err := openHolds(ctx, of)
	if err != nil {
		return f, err
	}
	for _, e := range extensions {
		f.extensions[e.DossierID] = append(f.extensions[e.DossierID], e)
	}
	for _, h := range holds {
		f.holds[h.DossierID] = append(f.holds[h.DossierID], h)
	}
	zone, err := s.m.People.Zone(ctx)
	f.on = func(at time.Time) time.Time { return organisation.DateOf(at, zone) }
	f.today = f.on(s.k.Now())
	return f, err
}
