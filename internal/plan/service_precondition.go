package plan

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// preconditionList is the code list of what has to be there before a plan starts.
const preconditionList = "preconditions"

func answers() source { return source{table: "precondition_answer", at: "answered_at"} }

func overrides() source { return source{table: "precondition_override", at: "decided_at"} }

// AnswerPrecondition records whether a precondition is met. It fails with problem.Invalid for an unknown one.
func (s *Service) AnswerPrecondition(ctx context.Context, dossier uuid.UUID, p PreconditionAnswer) (In[PreconditionAnswer], error) {
	do := deed{act: actAgree, event: "precondition.recorded", subject: "precondition"}
	return agree(ctx, s, dossier, do, func(ctx context.Context, a author) (PreconditionAnswer, error) {
		if !s.lists.Has(preconditionList, p.Precondition) {
			return p, problem.InvalidField("/precondition", "reference", "There is no such precondition; see GET /v1/code-lists/preconditions.")
		}
		p.MunicipalityID, p.ID, p.DossierID, p.PartnerID = a.who.Municipality, a.id, dossier, a.who.Partner
		p.AnsweredBy, p.AnsweredAt, p.Current = a.by(), s.k.Now(), true
		return p, db.Insert(ctx, &p)
	})
}

// OverridePreconditions decides, with reasons, that a plan can start although preconditions are not met. It fails
// with problem.Conflict when every one is met.
func (s *Service) OverridePreconditions(ctx context.Context, dossier uuid.UUID, reason string) (In[Override], error) {
	do := deed{act: actDecide, event: "preconditions.overridden", subject: "precondition-override"}
	return agree(ctx, s, dossier, do, func(ctx context.Context, a author) (o Override, err error) {
		missing, err := s.missing(ctx, dossier)
		if err != nil {
			return o, err
		}
		if len(missing) == 0 {
			return o, problem.Errorf(problem.Conflict, "Every precondition is met; there is nothing to override.")
		}
		o = Override{
			MunicipalityID: a.who.Municipality, ID: a.id, DossierID: dossier, PartnerID: a.who.Partner, Missing: missing, Reason: reason,
			DecidedBy: a.who.Professional, DecidedAt: s.k.Now(),
		}
		return o, db.Insert(ctx, &o)
	})
}

// mustBePrepared lets a plan start: when every precondition is met it gives nil, else the override of what is
// missing, made now when its reason is given. It fails with problem.Conflict when there is none. It needs a
// transaction.
func (s *Service) mustBePrepared(ctx context.Context, d dossier.Dossier, override *string) (*Override, error) {
	missing, err := s.missing(ctx, d.ID)
	if err != nil || len(missing) == 0 {
		return nil, err
	}
	if override != nil {
		in, err := s.OverridePreconditions(ctx, d.ID, *override)
		return &in.Row, err
	}
	var latest []Override
	err = db.Mine(ctx, overrides().table).Where("dossier_id = ?", d.ID).Order("decided_at desc, id desc").Limit(1).Find(&latest).Error
	if err != nil {
		return nil, err
	}
	if len(latest) == 0 || !latest[0].covers(missing) {
		return nil, problem.Errorf(problem.Conflict, "Not every precondition of a plan is met; record them, or override them with the reason.")
	}
	return &latest[0], nil
}

// missing are the preconditions of a dossier that are not met.
func (s *Service) missing(ctx context.Context, dossier uuid.UUID) ([]string, error) {
	list, err := s.lists.List(preconditionList)
	if err != nil {
		return nil, err
	}
	latest, err := latestAnswers(ctx, dossier)
	all := make([]string, len(list.Codes))
	for i, one := range list.Codes {
		all[i] = one.Code
	}
	return missing(all, latest), err
}

// overridesOf reads by which overrides plans were started, by the plan.
func overridesOf(ctx context.Context, plans []Plan) (map[uuid.UUID]*Override, error) {
	var ids []uuid.UUID
	for _, p := range plans {
		if p.OverrideID != nil {
			ids = append(ids, *p.OverrideID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []Override
	err := db.Mine(ctx, overrides().table).Where("id = any(?)", db.IDs(ids)).Find(&rows).Error
	of := map[uuid.UUID]*Override{}
	for _, p := range plans {
		for i := range rows {
			if p.OverrideID != nil && rows[i].ID == *p.OverrideID {
				of[p.ID] = &rows[i]
			}
		}
	}
	return of, err
}

// latestAnswers reads the latest answer to each precondition of a dossier.
func latestAnswers(ctx context.Context, dossier uuid.UUID) (map[string]PreconditionAnswer, error) {
	var rows []PreconditionAnswer
	err := db.Mine(ctx, answers().table).Select("distinct on (precondition) *").Where("dossier_id = ?", dossier).
		Order("precondition, answered_at desc, id desc").Find(&rows).Error
	latest := make(map[string]PreconditionAnswer, len(rows))
	for _, one := range rows {
		latest[one.Precondition] = one
	}
	return latest, err
}

// Preconditions reads a page of what was answered, the latest first, and what is missing.
func (s *Service) Preconditions(ctx context.Context, dossier uuid.UUID, p page.Request) (found Agreements[PreconditionAnswer], lacking []string, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if found, err = agreements[PreconditionAnswer](ctx, s, dossier, answers(), p); err != nil {
			return err
		}
		latest, err := latestAnswers(ctx, dossier)
		if err != nil {
			return err
		}
		for i, one := range found.Rows {
			found.Rows[i].Current = latest[one.Precondition].ID == one.ID
		}
		lacking, err = s.missing(ctx, dossier)
		return err
	})
	return found, lacking, err
}

// Precondition reads one answer.
func (s *Service) Precondition(ctx context.Context, dossier, id uuid.UUID) (in In[PreconditionAnswer], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if in, err = agreed[PreconditionAnswer](ctx, s, dossier, id, answers().table); err != nil {
			return err
		}
		latest, err := latestAnswers(ctx, dossier)
		in.Row.Current = latest[in.Row.Precondition].ID == id
		return err
	})
	return in, err
}

// Overrides reads a page of how preconditions were passed over, the latest first.
func (s *Service) Overrides(ctx context.Context, dossier uuid.UUID, p page.Request) (found Agreements[Override], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		found, err = agreements[Override](ctx, s, dossier, overrides(), p)
		return err
	})
	return found, err
}

// Override reads one override of preconditions.
func (s *Service) Override(ctx context.Context, dossier, id uuid.UUID) (in In[Override], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		in, err = agreed[Override](ctx, s, dossier, id, overrides().table)
		return err
	})
	return in, err
}
