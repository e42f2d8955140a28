package meeting

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// leave notes which dossiers a meeting of a table did not decide about.
func (s *Service) leave(ctx context.Context, m Meeting, minutes Minutes) error {
	if m.TableID == nil {
		return nil
	}
	agenda, err := agendaOf(ctx, m.ID)
	if err != nil {
		return err
	}
	for _, one := range minutes.Items {
		for _, i := range agenda {
			if i.ID != one.Item.ID || !one.unfinished() {
				continue
			}
			if err := s.k.Authz.Require(ctx, actLead, i.resource(m)); err != nil {
				return err
			}
			left := i
			left.Unfinished = true
			if _, err := db.Update(ctx, &i, &left); err != nil {
				return err
			}
		}
	}
	return nil
}

// carryOn lets what a meeting left unfinished return at the next one of its table, when that is planned already
// under the same chair; otherwise it returns when that is scheduled.
func (s *Service) carryOn(ctx context.Context, m Meeting) error {
	if m.TableID == nil {
		return nil
	}
	next, err := nextOfTable(ctx, m)
	if err != nil || next == nil {
		return err
	}
	return s.carry(ctx, *next, actLead, &m.ID)
}

// carry puts on the agenda what meetings of its table left unfinished, all of them or one, as far as the caller
// knows the dossiers and they are not over.
func (s *Service) carry(ctx context.Context, m Meeting, act string, from *uuid.UUID) error {
	if m.TableID == nil {
		return nil
	}
	left, err := unfinishedAt(ctx, *m.TableID, from)
	if err != nil {
		return err
	}
	for _, i := range left {
		d, err := s.dossiers.FindForMeeting(ctx, *i.DossierID)
		if problem.Is(err, problem.NotFound) || problem.Is(err, problem.Forbidden) || err == nil && s.mayDiscuss(m, &d) != nil {
			continue
		}
		if err != nil {
			return err
		}
		if err := s.bring(ctx, m, i, d, act); err != nil {
			return err
		}
	}
	return nil
}

// bring lets one unfinished item return on the agenda of a meeting, last.
func (s *Service) bring(ctx context.Context, m Meeting, left AgendaItem, d dossier.Dossier, act string) error {
	agenda, err := s.agenda(ctx, m.ID)
	if err != nil {
		return err
	}
	i := NewAgendaItem{DossierID: left.DossierID, Title: left.Title, Minutes: left.Minutes}.item(m)
	i.CarriedFrom, i.ChangedAt = &left.ID, s.k.Now()
	if i.fits(agenda) != nil {
		return nil // is on it already
	}
	earlier := left
	earlier.Unfinished = false
	for _, r := range []AgendaItem{left, i} {
		if err := s.k.Authz.Require(ctx, act, r.resource(m)); err != nil {
			return err
		}
	}
	if _, err := db.Update(ctx, &left, &earlier); err != nil {
		return err
	}
	i.placeOn(agenda, nil)
	if err := db.Insert(ctx, &i); err != nil {
		return err
	}
	return s.recordAgenda(ctx, m, i, &d)
}
