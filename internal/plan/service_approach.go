package plan

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func approaches() source { return source{table: "approach", at: "chosen_at"} }

// ChooseApproach records which approach was chosen, which becomes the current one. It fails with problem.Invalid
// for a decision or plan that is not of the dossier or out of the caller's sight.
func (s *Service) ChooseApproach(ctx context.Context, dossier uuid.UUID, c Approach) (In[Approach], error) {
	do := deed{act: actDecide, event: "approach.chosen", subject: "approach"}
	return agree(ctx, s, dossier, do, func(ctx context.Context, a author) (Approach, error) {
		c.MunicipalityID, c.ID, c.DossierID, c.PartnerID = a.who.Municipality, a.id, dossier, a.who.Partner
		c.ChosenBy, c.ChosenAt, c.Current = a.who.Professional, s.k.Now(), true
		if err := s.unfounded(ctx, c); err != nil {
			return c, err
		}
		return c, db.Insert(ctx, &c)
	})
}

// unfounded refuses an approach that rests on nothing in its dossier.
func (s *Service) unfounded(ctx context.Context, c Approach) error {
	var wrong problem.Faults
	in, err := s.DecisionDossier(ctx, c.DecisionID)
	if err != nil && !problem.Is(err, problem.NotFound) {
		return err
	}
	if err != nil || in != c.DossierID {
		wrong.Note("/decisionId", "reference", "There is no such decision on this dossier, or you may not read it.")
	}
	if c.PlanID == nil {
		return wrong.Err()
	}
	plan, err := findPlan(ctx, *c.PlanID)
	if err != nil && !problem.Is(err, problem.NotFound) {
		return err
	}
	if err != nil || plan.DossierID != c.DossierID {
		wrong.Note("/planId", "reference", "There is no such plan on this dossier, or you may not read it.")
	}
	return wrong.Err()
}

// Approaches reads a page of the approaches that were chosen in a dossier, the latest first.
func (s *Service) Approaches(ctx context.Context, dossier uuid.UUID, p page.Request) (found Agreements[Approach], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if found, err = agreements[Approach](ctx, s, dossier, approaches(), p); err != nil {
			return err
		}
		current, err := currentApproach(ctx, dossier)
		for i, one := range found.Rows {
			found.Rows[i].Current = one.ID == current
		}
		return err
	})
	return found, err
}

// Approach reads one approach.
func (s *Service) Approach(ctx context.Context, dossier, id uuid.UUID) (in In[Approach], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if in, err = agreed[Approach](ctx, s, dossier, id, approaches().table); err != nil {
			return err
		}
		current, err := currentApproach(ctx, dossier)
		in.Row.Current = id == current
		return err
	})
	return in, err
}

// currentApproach is the latest one; the zero id without any.
func currentApproach(ctx context.Context, dossier uuid.UUID) (uuid.UUID, error) {
	var latest []Approach
	err := db.Mine(ctx, approaches().table).Where("dossier_id = ?", dossier).Order("chosen_at desc, id desc").Limit(1).Find(&latest).Error
	if err != nil || len(latest) == 0 {
		return uuid.Nil, err
	}
	return latest[0].ID, nil
}
