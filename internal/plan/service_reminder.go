package plan

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// reminding is the purpose for which the product itself reads the terms of actions.
const reminding = "reminders"

// RemindDue tells in every municipality who is to hear of the terms of actions. One that fails does not hold up
// the others.
func (s *Service) RemindDue(ctx context.Context) error {
	municipalities, err := s.k.DB.Municipalities(ctx)
	if err != nil {
		return err
	}
	var failed error
	for _, municipality := range municipalities {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := s.Remind(ctx, municipality); err != nil {
			failed = errors.Join(failed, fmt.Errorf("reminders of %s: %w", municipality, err))
		}
	}
	return failed
}

// Remind tells in a municipality whose turn it is of the terms of actions, each rung once per term, however often
// and wherever it is called; while another does it, it does nothing. It needs no identity in the context.
func (s *Service) Remind(ctx context.Context, municipality string) error {
	ctx = identity.With(ctx, identity.System(municipality, reminding))
	for more := true; more; {
		err := s.k.DB.Tx(ctx, func(ctx context.Context) (err error) {
			more = false
			if err := db.Alone(ctx, municipality, reminding); err != nil {
				return err
			}
			more, err = s.remind(ctx)
			return err
		})
		if problem.Is(err, problem.TooManyRequests) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// remind tells of a batch of each call of today; more tells whether something was left.
func (s *Service) remind(ctx context.Context) (more bool, err error) {
	set, err := s.people.FindSettings(ctx)
	if err != nil {
		return false, err
	}
	for _, c := range calls(s.today(s.people.ZoneOf(ctx)), set) {
		rows, err := untold(ctx, c)
		if err != nil {
			return false, err
		}
		if err := s.call(ctx, c, rows); err != nil {
			return false, err
		}
		more = more || len(rows) == callsAtOnce
	}
	return more, nil
}

// call tells one rung of actions, and keeps that it did.
func (s *Service) call(ctx context.Context, c call, rows []Action) error {
	if len(rows) == 0 {
		return nil
	}
	town, err := s.town(ctx, c, rows)
	if err != nil {
		return err
	}
	now := s.k.Now()
	for _, a := range rows {
		r := Reminder{
			MunicipalityID: a.MunicipalityID, ID: uuid.Must(uuid.NewV7()), DossierID: a.DossierID, ActionID: a.ID, Rung: c.rung, DueDate: a.DueDate,
			Told: town.told(c.rung, a), ToldAt: now,
		}
		if err := db.Insert(ctx, &r); err != nil {
			return err
		}
		if len(r.Told) == 0 {
			continue
		}
		e := journal.Event{
			Name: c.event(), Subject: subject(a), Dossier: a.DossierID, Category: new(int(authz.Action)), Supplier: a.PartnerID,
			Basis: string(town.dossiers[a.DossierID].Basis), Tell: r.Told, With: []journal.Subject{{Type: "action-reminder", ID: r.ID}},
		}
		if err := s.k.Journal.Record(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// town reads who may have to be told of actions on a rung.
func (s *Service) town(ctx context.Context, c call, rows []Action) (t town, err error) {
	now := s.k.Now()
	if t.dossiers, err = s.dossiers.FindAll(ctx, dossiersOf(rows)); err != nil {
		return t, err
	}
	if t.directors, err = s.people.Holding(ctx, identity.MunicipalDirector, now); err != nil {
		return t, err
	}
	t.carriers = map[uuid.UUID]map[uuid.UUID][]uuid.UUID{}
	people := append([]uuid.UUID{}, t.directors...)
	for id, d := range t.dossiers {
		people = append(append(people, held(d.CaseDirectorID)...), held(d.ChairID)...)
		if c.rung == Owner {
			t.carriers[id], err = s.carriers(ctx, d)
		}
		if err != nil {
			return t, err
		}
	}
	for _, a := range rows {
		people = append(people, Owner.people(a, t)...)
	}
	t.standIns, err = s.people.StandIns(ctx, people, now)
	return t, err
}
