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

// AddGoal adds a goal to a draft, for the whole or for a member. It fails with problem.Invalid for a life domain that
// there is not and for a dossier that is not linked as a member.
func (s *Service) AddGoal(ctx context.Context, plan uuid.UUID, n NewGoal) (seen SeenGoal, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		p, err := s.readPlan(ctx, plan)
		if err != nil {
			return err
		}
		g := Goal{
			MunicipalityID: p.MunicipalityID, ID: uuid.Must(uuid.NewV7()), Version: 1, DossierID: p.DossierID, PlanID: p.ID, LifeDomain: n.LifeDomain,
			Text: n.Text, MemberDossierID: n.MemberDossierID, Member: n.Member, AddedBy: orNil(who.Professional), AddedPartnerID: who.Partner,
			AddedAt: s.k.Now(),
		}
		if err := s.k.Authz.Require(ctx, actDraft, g.Resource()); err != nil {
			return err
		}
		if err := s.checkGoal(ctx, g); err != nil {
			return err
		}
		d, err := s.mustTake(ctx, p, Draft)
		if err != nil {
			return err
		}
		if err := db.Insert(ctx, &g); err != nil {
			return err
		}
		if err := s.recordGoal(ctx, d, g, "goal.added", nil); err != nil {
			return err
		}
		seen, err = s.seeGoal(ctx, p, g)
		return err
	})
	return seen, err
}

func (s *Service) checkGoal(ctx context.Context, g Goal) error {
	var wrong problem.Faults
	if !s.lists.HasLifeDomain(g.LifeDomain) {
		wrong.Note("/lifeDomain", "reference", noLifeDomain)
	}
	if g.MemberDossierID == nil {
		return wrong.Err()
	}
	links, err := s.dossiers.Linked(ctx, g.DossierID)
	if err != nil {
		return err
	}
	for _, l := range links {
		if l.Other.ID == *g.MemberDossierID && (l.Kind == "family-member" || l.Kind == "group-member") {
			return wrong.Err()
		}
	}
	wrong.Note("/memberDossierId", "reference", "There is no such dossier linked as a member, or none that you may see.")
	return wrong.Err()
}

// mustTake refuses what cannot be written in a plan that is not in this status, or in a dossier that has ended. The
// plan stays in this status until the transaction ends.
func (s *Service) mustTake(ctx context.Context, p Plan, in PlanStatus) (d dossier.Dossier, err error) {
	if p, err = holdPlan(ctx, p.ID); err != nil {
		return d, err
	}
	if d, err = s.dossiers.Find(ctx, p.DossierID); err != nil {
		return d, err
	}
	if err := mustRun(d); err != nil {
		return d, err
	}
	if in == Final && p.Status != Final {
		return d, problem.Errorf(problem.Conflict, "Only the goals of the final plan get a result.")
	}
	if in == Draft {
		return d, p.mustBeDraft()
	}
	return d, nil
}

// UpdateGoal changes a goal of a draft; nil stays as it is.
func (s *Service) UpdateGoal(ctx context.Context, plan uuid.UUID, key etag.Key, lifeDomain, text *string) (seen SeenGoal, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		p, g, err := s.claimGoal(ctx, plan, key.ID)
		if err != nil {
			return err
		}
		now, err := s.seeGoal(ctx, p, g)
		if err != nil {
			return err
		}
		if err := etag.Check(key.Match, now.Goal); err != nil {
			return err
		}
		d, err := s.mustTake(ctx, p, Draft)
		if err != nil {
			return err
		}
		before := g
		set(&g.LifeDomain, lifeDomain)
		set(&g.Text, text)
		if !s.lists.HasLifeDomain(g.LifeDomain) {
			return problem.InvalidField("/lifeDomain", "reference", noLifeDomain)
		}
		fields, err := db.Update(ctx, &before, &g)
		if err != nil {
			return err
		}
		if len(fields) > 0 {
			err = s.recordGoal(ctx, d, g, "goal.changed", fields)
		}
		if err != nil {
			return err
		}
		seen, err = s.seeGoal(ctx, p, g)
		return err
	})
	return seen, err
}

// claimGoal finds a goal that the caller may change.
func (s *Service) claimGoal(ctx context.Context, plan, id uuid.UUID) (p Plan, g Goal, err error) {
	if p, err = s.readPlan(ctx, plan); err != nil {
		return p, g, err
	}
	if g, err = oneUnder[Goal](ctx, "goal", "plan_id", plan, id); err != nil {
		return p, g, err
	}
	return p, g, s.k.Authz.Require(ctx, actEdit, g.Resource())
}

// RecordResult says what came of a goal of the final plan.
func (s *Service) RecordResult(ctx context.Context, plan, goal uuid.UUID, r GoalResult) (GoalResult, error) {
	err := s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		p, g, err := s.claimGoal(ctx, plan, goal)
		if err != nil {
			return err
		}
		d, err := s.mustTake(ctx, p, Final)
		if err != nil {
			return err
		}
		r.MunicipalityID, r.ID, r.DossierID, r.PlanID, r.GoalID = p.MunicipalityID, uuid.Must(uuid.NewV7()), p.DossierID, p.ID, g.ID
		r.RecordedBy, r.RecordedPartnerID, r.RecordedAt = orNil(who.Professional), who.Partner, s.k.Now()
		if err := db.Insert(ctx, &r); err != nil {
			return err
		}
		return s.recordGoal(ctx, d, g, "goal.resulted", nil, journal.Subject{Type: "goal-result", ID: r.ID})
	})
	return r, err
}

func (s *Service) recordGoal(ctx context.Context, d dossier.Dossier, g Goal, event string, fields []string, with ...journal.Subject) error {
	return s.recordIn(ctx, d, journal.Event{Name: event, Subject: journal.Subject{Type: "goal", ID: g.ID}, Fields: fields, With: with})
}

func goalSubjects(goals []Goal) []journal.Subject {
	all := make([]journal.Subject, len(goals))
	for i, g := range goals {
		all[i] = journal.Subject{Type: "goal", ID: g.ID}
	}
	return all
}
