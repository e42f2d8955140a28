package plan

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// Then reads the actions of a dossier as they stood at a moment, open ones first, by term, and counts them: of those that the
// caller may read now. A term that was brought forward is told as it became. It needs a transaction.
func (s *Service) Then(ctx context.Context, dossier uuid.UUID, at time.Time) (seen []Seen, f Figures, err error) {
	zone, err := s.people.Zone(ctx)
	if err != nil {
		return nil, f, err
	}
	rows, err := agreedUntil(ctx, dossier, at)
	if err != nil {
		return nil, f, err
	}
	if rows, err = s.readable(ctx, rows); err != nil || len(rows) == 0 {
		return nil, f, err
	}
	completions, steps, err := historyOf(ctx, rows)
	if err != nil {
		return nil, f, err
	}
	for _, a := range rows {
		one := a.asOf(at, completions[a.ID], steps[a.ID])
		one.IsOverdue = one.Overdue(organisation.DateOf(at, zone))
		seen = append(seen, one)
		f.add(one)
	}
	slices.SortStableFunc(seen, func(a, b Seen) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), a.DueDate.Compare(b.DueDate), slices.Compare(a.ID[:], b.ID[:]))
	})
	return seen, f, nil
}

// rank puts what is open first.
func rank(a Seen) int {
	if a.Status == Open {
		return 0
	}
	return 1
}

func (f *Figures) add(a Seen) {
	switch {
	case a.Status == Open && a.IsOverdue:
		f.Open++
		f.Overdue++
	case a.Status == Open:
		f.Open++
	case a.Status == Done:
		f.Done++
	}
}

// asOf is the action as it stood at a moment, by what became of it in the order of time.
func (a Action) asOf(at time.Time, completions []Completion, steps []Step) Seen {
	then := Seen{Action: a}
	then.Status = Open
	var last time.Time
	for _, s := range steps {
		if s.DecidedAt.After(at) {
			continue
		}
		if s.Kind == Cancellation || s.Kind == Reopening {
			then.Status, last = map[StepKind]Status{Cancellation: Cancelled, Reopening: Open}[s.Kind], s.DecidedAt
		}
	}
	for _, c := range completions {
		if !c.CompletedAt.After(at) && !c.CompletedAt.Before(last) {
			then.Status, then.Completion, last = Done, &c, c.CompletedAt
		}
	}
	for _, s := range slices.Backward(steps) { // what was decided later is undone
		if !s.DecidedAt.After(at) {
			break
		}
		switch s.Kind {
		case Deferral:
			then.DueDate = *s.FormerDueDate
		case Assignment:
			then.PartnerID, then.ProfessionalID = *s.FormerPartnerID, s.FormerProfessionalID
		}
	}
	return then
}

func agreedUntil(ctx context.Context, dossier uuid.UUID, at time.Time) (rows []Action, err error) {
	err = db.Mine(ctx, "action").Where("dossier_id = ? and created_at <= ?", dossier, at).Find(&rows).Error
	return rows, err
}

// historyOf reads what became of actions, in the order of time.
func historyOf(ctx context.Context, actions []Action) (completions map[uuid.UUID][]Completion, steps map[uuid.UUID][]Step, err error) {
	ids := make([]uuid.UUID, len(actions))
	for i, a := range actions {
		ids[i] = a.ID
	}
	var done []Completion
	if err = db.Mine(ctx, "completion").Where("action_id = any(?)", db.IDs(ids)).Order("completed_at, id").Find(&done).Error; err != nil {
		return nil, nil, err
	}
	var decided []Step
	err = db.Mine(ctx, "action_step").Where("action_id = any(?)", db.IDs(ids)).Order("decided_at, id").Find(&decided).Error
	completions, steps = map[uuid.UUID][]Completion{}, map[uuid.UUID][]Step{}
	for _, c := range done {
		completions[c.ActionID] = append(completions[c.ActionID], c)
	}
	for _, s := range decided {
		steps[s.ActionID] = append(steps[s.ActionID], s)
	}
	return completions, steps, err
}
