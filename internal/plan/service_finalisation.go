package plan

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Finalise makes a draft the plan of its dossier, in the place of the one that was. It fails with problem.Conflict
// while it is not ready (see ready), and with problem.Invalid for a decision that is not of the dossier.
func (s *Service) Finalise(ctx context.Context, key etag.Key, f Finalisation) (SeenPlan, error) {
	return s.changePlan(ctx, key, actFinalise, "plan.finalised", func(ctx context.Context, p *Plan) ([]journal.Subject, error) {
		who, err := identity.From(ctx)
		if err != nil {
			return nil, err
		}
		if err := s.checkDecision(ctx, *p, f.DecisionID); err != nil {
			return nil, err
		}
		if err := s.mustBeReady(ctx, *p, f); err != nil {
			return nil, err
		}
		with, err := s.supersede(ctx, *p)
		if err != nil {
			return nil, err
		}
		now := s.k.Now()
		p.Status, p.DecisionID, p.EmptyReason, p.FinalisedBy, p.FinalisedAt = Final, f.DecisionID, f.Reason, orNil(who.Professional), &now
		return with, nil
	})
}

func (s *Service) checkDecision(ctx context.Context, p Plan, decision *uuid.UUID) error {
	if decision == nil {
		return nil
	}
	of, err := s.DecisionDossier(ctx, *decision)
	if problem.Is(err, problem.NotFound) || err == nil && of != p.DossierID {
		return problem.InvalidField("/decisionId", "reference", "There is no such decision in this dossier, or you may not see it.")
	}
	return err
}

func (s *Service) mustBeReady(ctx context.Context, p Plan, f Finalisation) error {
	goals, err := goalsOf(ctx, p.ID)
	if err != nil {
		return err
	}
	actions, err := s.actionsOf(ctx, p)
	if err != nil {
		return err
	}
	partners, err := executing(ctx, p, actions)
	if err != nil {
		return err
	}
	return p.ready(f, s.orientations(goals), partners)
}

// supersede ends the plan that was final.
func (s *Service) supersede(ctx context.Context, next Plan) ([]journal.Subject, error) {
	running, err := plansOf(ctx, next.DossierID)
	if err != nil {
		return nil, err
	}
	for _, former := range running {
		if former.Status != Final {
			continue
		}
		if err := s.k.Authz.Require(ctx, actFinalise, former.Resource()); err != nil {
			return nil, err
		}
		before, now := former, s.k.Now()
		former.Status, former.SupersededAt = Superseded, &now
		_, err := db.Update(ctx, &before, &former)
		return []journal.Subject{{Type: "plan", ID: former.ID}}, err
	}
	return nil, nil
}

// BeforeClose refuses to end a dossier while a goal of its final plan has no result (domain.md 4.06).
func (s *Service) BeforeClose(ctx context.Context, d dossier.Dossier) error {
	running, err := plansOf(ctx, d.ID)
	if err != nil {
		return err
	}
	for _, p := range running {
		if p.Status != Final {
			continue
		}
		missing, err := s.unfinished(ctx, p)
		if err != nil {
			return err
		}
		if len(missing) > 0 {
			return problem.Errorf(problem.Conflict, "A goal of the final plan has no result yet; record the result of each goal before you close the dossier.")
		}
	}
	return nil
}
