package privacy

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// SeenImpactAssessment is an assessment with what the caller may do with it.
type SeenImpactAssessment struct {
	ImpactAssessment
	Allowed []string // nil in lists
}

// RecordImpactAssessment records an assessment, with its advice when there is one (AVG 35, Wgs 1.8(6)). It fails with problem.Invalid for
// what cannot be.
func (s *Service) RecordImpactAssessment(ctx context.Context, a ImpactAssessment) (seen SeenImpactAssessment, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, today, err := s.now(ctx)
		if err != nil {
			return err
		}
		a.MunicipalityID, a.ID, a.Version = who.Municipality, uuid.Must(uuid.NewV7()), 1
		a.RecordedBy, a.RecordedAt, a.ChangedAt = who.Professional, s.k.Now(), s.k.Now()
		if err := s.k.Authz.Require(ctx, actKeepImpact, a.Resource()); err != nil {
			return err
		}
		if err := a.unfit(today).Err(); err != nil {
			return err
		}
		if err := db.Insert(ctx, &a); err != nil {
			return err
		}
		seen, err = s.recordImpact(ctx, a, "impact-assessment.recorded", nil)
		return err
	})
	return seen, err
}

// UpdateImpactAssessment records what came after an assessment: advice, dissent, deviation and withdrawal (BGS 1.13-1.15).
func (s *Service) UpdateImpactAssessment(ctx context.Context, key etag.Key, edit func(*ImpactAssessment)) (seen SeenImpactAssessment, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, actKeepImpact, authz.Resource{ID: key.ID}); err != nil {
			return err
		}
		before, err := findImpactAssessment(ctx, key.ID)
		if err != nil {
			return err
		}
		if err := etag.Check(key.Match, before); err != nil {
			return err
		}
		_, today, err := s.now(ctx)
		if err != nil {
			return err
		}
		after := before
		edit(&after)
		if after.retracts(before) {
			return problem.Errorf(problem.Conflict, "What was advised, and that it was withdrawn, stays; record a new assessment for another advice (Wgs 1.8(6)).")
		}
		if err := after.unfit(today).Err(); err != nil {
			return err
		}
		after.ChangedAt = s.k.Now()
		fields, err := db.Update(ctx, &before, &after)
		if err != nil {
			return err
		}
		if len(fields) == 0 {
			seen, err = s.seeImpact(ctx, before)
			return err
		}
		seen, err = s.recordImpact(ctx, after, "impact-assessment.changed", fields)
		return err
	})
	return seen, err
}

// ImpactAssessment reads one assessment.
func (s *Service) ImpactAssessment(ctx context.Context, id uuid.UUID) (seen SeenImpactAssessment, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, actReadImpact, authz.Resource{}); err != nil {
			return err
		}
		a, err := findImpactAssessment(ctx, id)
		if err != nil {
			return err
		}
		seen, err = s.seeImpact(ctx, a)
		return err
	})
	return seen, err
}

// ImpactAssessments reads a page of assessments, the latest recorded first.
func (s *Service) ImpactAssessments(ctx context.Context, p page.Request) (rows []ImpactAssessment, next *string, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, actReadImpact, authz.Resource{}); err != nil {
			return err
		}
		found, err := listImpactAssessments(ctx, p)
		rows, next = page.Cut(found, p.Limit, ImpactAssessment.place)
		return err
	})
	return rows, next, err
}

// Advised tells of each category on which there is or was an advice whether one stands (Wgs 1.8(6)), for the matrix, as the system. It
// needs a transaction.
func (s *Service) Advised(ctx context.Context) (map[authz.Category]bool, error) {
	rows, err := advisedCategories(ctx)
	if err != nil {
		return nil, err
	}
	stands := make(map[authz.Category]bool, len(rows))
	for _, r := range rows {
		c, err := authz.ParseCategory(r.Slug)
		if err != nil {
			return nil, err
		}
		stands[c] = r.Stands
	}
	return stands, nil
}

func (s *Service) seeImpact(ctx context.Context, a ImpactAssessment) (seen SeenImpactAssessment, err error) {
	seen.ImpactAssessment = a
	seen.Allowed, err = s.k.Authz.Allowed(ctx, a.Resource(), impactOperations())
	return seen, err
}

// recordImpact audits it, and gives the assessment as its keeper sees it.
func (s *Service) recordImpact(ctx context.Context, a ImpactAssessment, event string, fields []string) (SeenImpactAssessment, error) {
	if err := s.k.Journal.Record(ctx, journal.Event{Name: event, Subject: journal.Subject{Type: "impact-assessment", ID: a.ID}, Fields: fields}); err != nil {
		return SeenImpactAssessment{}, err
	}
	return s.seeImpact(ctx, a)
}
