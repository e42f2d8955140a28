package plan

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// FoundActions reads of the actions that a search met those that the caller may read. It needs a transaction.
func (s *Service) FoundActions(ctx context.Context, ids []uuid.UUID) ([]dossier.Found, error) {
	rows, err := withIDs(ctx, "id", ids)
	if err != nil {
		return nil, err
	}
	rows, err = s.readable(ctx, rows)
	all := make([]dossier.Found, len(rows))
	for i, a := range rows {
		all[i] = dossier.Found{
			ID: a.ID, DossierID: a.DossierID, At: a.CreatedAt, Category: authz.Action, Text: a.Description + " " + a.Mediator,
			Address: "/v1/actions/" + a.ID.String(),
		}
	}
	return all, err
}

// FoundPlans reads of the running plans that a search met those that the caller may read. It needs a transaction.
func (s *Service) FoundPlans(ctx context.Context, ids []uuid.UUID) ([]dossier.Found, error) {
	var rows []Plan
	if err := db.Mine(ctx, "plan").Where("id = any(?) and status <> 'superseded'", db.IDs(ids)).Find(&rows).Error; err != nil {
		return nil, err
	}
	seen, err := s.seePlans(ctx, rows)
	all := make([]dossier.Found, len(seen))
	for i, p := range seen {
		parts := []string{p.IntegralGoal, p.ResidentInterest, p.Perspective, p.CareGoal, p.SafetyGoal, p.EmptyReason}
		for _, section := range p.Sections {
			parts = append(parts, section.Text)
		}
		all[i] = dossier.Found{
			ID: p.ID, DossierID: p.DossierID, At: p.DraftedAt, Category: authz.Plan, Text: strings.Join(parts, " "), Address: "/v1/plans/" + p.ID.String(),
		}
	}
	return all, err
}

// FoundGoals reads of the goals of running plans that a search met those that the caller may read. It needs a transaction.
func (s *Service) FoundGoals(ctx context.Context, ids []uuid.UUID) ([]dossier.Found, error) {
	var rows []Goal
	err := db.Mine(ctx, "goal").Where(`id = any(?) and (select true from plan p where p.municipality_id = goal.municipality_id and p.id = goal.plan_id
		and p.status <> 'superseded' limit 1)`, db.IDs(ids)).Find(&rows).Error
	if err != nil {
		return nil, err
	}
	dossiers := make([]uuid.UUID, len(rows))
	for i, g := range rows {
		dossiers[i] = g.DossierID
	}
	views, err := s.k.Authz.Views(ctx, dossiers...)
	if err != nil {
		return nil, err
	}
	all := make([]dossier.Found, 0, len(rows))
	for _, g := range rows {
		if !views[g.DossierID].Reads(g.Resource()) {
			s.k.Authz.Dropped(ctx, "goal")
			continue
		}
		all = append(all, dossier.Found{
			ID: g.ID, DossierID: g.DossierID, At: g.AddedAt, Category: authz.Plan, Text: g.Text + " " + g.Member, Address: "/v1/plans/" + g.PlanID.String() + "/goals/" + g.ID.String(),
		})
	}
	return all, nil
}
