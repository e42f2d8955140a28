package plan

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// DraftPlan generates a draft over the active life domains of a dossier, from what its final plan says. It fails with
// problem.Conflict while there is a draft, and as long as preconditions are neither met nor overridden; override is the
// reason to do so now.
func (s *Service) DraftPlan(ctx context.Context, dossierID uuid.UUID, said Said, override *string) (seen SeenPlan, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := s.dossiers.Require(ctx, dossierID)
		if err != nil {
			return err
		}
		id := uuid.Must(uuid.NewV7())
		for _, act := range []string{actDraft, actReadPlan} {
			if err := s.k.Authz.Require(ctx, act, d.Content(id, authz.Plan)); err != nil {
				return err
			}
		}
		if err := mustRun(d); err != nil {
			return err
		}
		passed, err := s.mustBePrepared(ctx, d, override)
		if err != nil {
			return err
		}
		p, goals, err := s.draft(ctx, d, id)
		if err != nil {
			return err
		}
		p.OverrideID = passed.id()
		said.apply(&p)
		if err := db.Insert(ctx, &p); err != nil {
			return err
		}
		if err := s.carryOver(ctx, goals); err != nil {
			return err
		}
		if err := s.recordPlan(ctx, d, p, "plan.drafted", nil, goalSubjects(goals)...); err != nil {
			return err
		}
		seen, err = s.seePlan(ctx, d, p)
		return err
	})
	return seen, err
}

// draft is the next plan of a dossier with the goals that come along: those that have no result yet.
func (s *Service) draft(ctx context.Context, d dossier.Dossier, id uuid.UUID) (p Plan, goals []Goal, err error) {
	who, err := identity.From(ctx)
	if err != nil {
		return p, nil, err
	}
	running, err := plansOf(ctx, d.ID)
	if err != nil {
		return p, nil, err
	}
	var former Plan
	for _, one := range running {
		if one.Status == Draft {
			return p, nil, problem.Errorf(problem.Conflict, "There is a draft already; change that one or make it final.")
		}
		former = one
	}
	active, err := s.activeDomains(ctx, d)
	if err != nil {
		return p, nil, err
	}
	p = former.next(active)
	last, err := lastNumber(ctx, d.ID)
	p.MunicipalityID, p.ID, p.Version, p.DossierID, p.Number = d.MunicipalityID, id, 1, d.ID, last+1
	p.DraftedBy, p.DraftedAt = orNil(who.Professional), s.k.Now()
	if err != nil || former.ID == uuid.Nil {
		return p, nil, err
	}
	goals, err = s.unfinished(ctx, former)
	for i := range goals {
		former := goals[i].ID
		goals[i].ID, goals[i].Version, goals[i].PlanID, goals[i].FormerGoalID = uuid.Must(uuid.NewV7()), 1, p.ID, &former
		goals[i].AddedBy, goals[i].AddedPartnerID, goals[i].AddedAt = p.DraftedBy, who.Partner, p.DraftedAt
	}
	return p, goals, err
}

// activeDomains are the life domains of a dossier, in the order of the list, in which something stands or happens:
// items, open actions, or an assessment (domain.md 4.13), as far as the caller may see it.
func (s *Service) activeDomains(ctx context.Context, d dossier.Dossier) ([]string, error) {
	active := map[string]bool{}
	for _, source := range []func(context.Context, uuid.UUID) ([]string, error){s.dossiers.ActiveDomains, s.openDomains} {
		domains, err := source(ctx, d.ID)
		if err != nil {
			return nil, err
		}
		for _, domain := range domains {
			active[domain] = true
		}
	}
	all := []string{}
	for _, domain := range s.lists.LifeDomains() {
		if active[domain.Slug] {
			all = append(all, domain.Slug)
		}
	}
	return all, nil
}

// openDomains are the life domains of the open actions of a dossier that the caller may see.
func (s *Service) openDomains(ctx context.Context, dossier uuid.UUID) (domains []string, err error) {
	rows, err := actionsUnder(ctx, dossier)
	if err != nil {
		return nil, err
	}
	rows, err = s.readable(ctx, rows)
	for _, a := range rows {
		if a.Status == Open {
			domains = append(domains, a.LifeDomain)
		}
	}
	return domains, err
}

// carryOver saves the goals that come along from the plan before.
func (s *Service) carryOver(ctx context.Context, goals []Goal) error {
	for i := range goals {
		if err := s.k.Authz.Require(ctx, actDraft, goals[i].Resource()); err != nil {
			return err
		}
		if err := db.Insert(ctx, &goals[i]); err != nil {
			return err
		}
	}
	return nil
}

// UpdatePlan changes what a draft says. It fails with problem.Conflict for a plan that is no draft.
func (s *Service) UpdatePlan(ctx context.Context, key etag.Key, said Said) (SeenPlan, error) {
	return s.changePlan(ctx, key, actEdit, "plan.changed", func(_ context.Context, p *Plan) ([]journal.Subject, error) {
		if said.Sections != nil {
			if err := s.checkSections(*said.Sections); err != nil {
				return nil, err
			}
		}
		said.apply(p)
		return nil, nil
	})
}

// checkSections asks of each section a life domain that there is, once.
func (s *Service) checkSections(sections []Section) error {
	var wrong problem.Faults
	named := map[string]bool{}
	for i, section := range sections {
		at := fmt.Sprintf("/sections/%d/lifeDomain", i)
		switch {
		case !s.lists.HasLifeDomain(section.LifeDomain):
			wrong.Note(at, "reference", noLifeDomain)
		case named[section.LifeDomain]:
			wrong.Note(at, "twice", "Name each life domain once.")
		}
		named[section.LifeDomain] = true
	}
	return wrong.Err()
}

// changePlan is the one way a draft changes: found, allowed, changed, saved, recorded.
func (s *Service) changePlan(ctx context.Context, key etag.Key, act, event string, rule func(context.Context, *Plan) ([]journal.Subject, error)) (seen SeenPlan, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		p, d, err := s.claimPlan(ctx, key, act)
		if err != nil {
			return err
		}
		before := p
		with, err := rule(ctx, &p)
		if err != nil {
			return err
		}
		fields, err := db.Update(ctx, &before, &p)
		if err != nil {
			return err
		}
		if len(fields) > 0 {
			err = s.recordPlan(ctx, d, p, event, fields, with...)
		}
		if err != nil {
			return err
		}
		seen, err = s.seePlan(ctx, d, p)
		return err
	})
	return seen, err
}

// claimPlan finds a draft for a change: readable, allowed, as the caller read it, in a dossier that has not ended.
func (s *Service) claimPlan(ctx context.Context, key etag.Key, act string) (p Plan, d dossier.Dossier, err error) {
	if p, err = s.readPlan(ctx, key.ID); err != nil {
		return p, d, err
	}
	if err = s.k.Authz.Require(ctx, act, p.Resource()); err != nil {
		return p, d, err
	}
	if p, err = holdPlan(ctx, key.ID); err != nil {
		return p, d, err
	}
	if err = etag.Check(key.Match, p); err != nil {
		return p, d, err
	}
	if d, err = s.dossiers.Find(ctx, p.DossierID); err != nil {
		return p, d, err
	}
	if err = mustRun(d); err != nil {
		return p, d, err
	}
	return p, d, p.mustBeDraft()
}

// recordPlan tells what happened to a plan, with whatever else the same change set wrote.
func (s *Service) recordPlan(ctx context.Context, d dossier.Dossier, p Plan, event string, fields []string, with ...journal.Subject) error {
	return s.recordIn(ctx, d, journal.Event{Name: event, Subject: journal.Subject{Type: "plan", ID: p.ID}, Fields: fields, With: with})
}

// recordIn tells of something of category plan.
func (s *Service) recordIn(ctx context.Context, d dossier.Dossier, e journal.Event) error {
	who, err := identity.From(ctx)
	if err != nil {
		return err
	}
	e.Dossier, e.Category, e.Basis = d.ID, new(int(authz.Plan)), string(d.Basis)
	e.InNameOf = who.InNameOf(s.k.Now(), d.ChairID, d.CaseDirectorID)
	return s.k.Journal.Record(ctx, e)
}
