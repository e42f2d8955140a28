package oversight

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/organisation"
	"github.com/wijkregie/wijkregie/internal/plan"
)

// Stagnation computes the signs that a dossier stagnates, from what the caller may see. It fails as reading the
// dossier does.
func (s *Service) Stagnation(ctx context.Context, id uuid.UUID) (st Stagnation, ref dossier.Ref, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if _, err := s.dossiers.Require(ctx, id); err != nil {
			return err
		}
		all, err := s.Stagnating(ctx, []uuid.UUID{id})
		if err != nil {
			return err
		}
		st = Stagnation{DossierID: id, At: s.k.Now(), Flags: all[id]}
		refs, err := s.dossiers.Refs(ctx, []uuid.UUID{id})
		ref = refs[id]
		return err
	})
	return st, ref, err
}

// Stagnating computes per dossier the signs that it stagnates, from what the caller may see; dossiers out of his
// sight are not in it, one without signs has an empty list. It proposes and changes nothing.
func (s *Service) Stagnating(ctx context.Context, dossiers []uuid.UUID) (all map[uuid.UUID][]Flag, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		known, err := s.progressOf(ctx, dossiers)
		if err != nil {
			return err
		}
		today, err := s.plans.Today(ctx)
		if err != nil {
			return err
		}
		limit, err := s.dossiers.StagnationDays(ctx)
		if err != nil {
			return err
		}
		all = make(map[uuid.UUID][]Flag, len(known))
		for id, p := range known {
			all[id] = p.flags(today, limit)
		}
		return nil
	})
	return all, err
}

// progressOf reads how dossiers go on, as far as the caller may see it.
func (s *Service) progressOf(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*progress, error) {
	views, err := s.k.Authz.Views(ctx, ids...)
	if err != nil {
		return nil, err
	}
	rows, err := standings(ctx, ids)
	if err != nil {
		return nil, err
	}
	zone := s.people.ZoneOf(ctx)
	all := make(map[uuid.UUID]*progress, len(rows))
	for _, row := range rows {
		if !views[row.ID].Reads(authz.Resource{ID: row.ID, Dossier: row.ID, Category: authz.Core}) {
			continue
		}
		p := &progress{seesActions: views[row.ID].Sees(authz.Action), review: row.ReviewDate, last: organisation.DateOf(row.Since, zone)}
		all[row.ID] = p
	}
	if err := s.addActions(ctx, ids, views, all); err != nil {
		return nil, err
	}
	return all, s.addMeetings(ctx, ids, zone, all)
}

func (s *Service) addActions(ctx context.Context, ids []uuid.UUID, views map[uuid.UUID]authz.View, all map[uuid.UUID]*progress) error {
	today, err := s.plans.Today(ctx)
	if err != nil {
		return err
	}
	rows, err := actionsIn(ctx, ids, today)
	if err != nil {
		return err
	}
	zone := s.people.ZoneOf(ctx)
	for _, row := range rows {
		p := all[row.DossierID]
		if p == nil {
			continue
		}
		if !views[row.DossierID].Reads(plan.Action{DossierID: row.DossierID, PartnerID: row.PartnerID}.Resource()) {
			s.k.Authz.Dropped(ctx, "stagnation")
			continue
		}
		p.open, p.done, p.overdue = p.open+row.Open, p.done+row.Done, p.overdue+row.Overdue
		if row.OverdueSince != nil && (p.overdueSince.IsZero() || row.OverdueSince.Before(p.overdueSince)) {
			p.overdueSince = *row.OverdueSince
		}
		if row.LastDone != nil {
			if day := organisation.DateOf(*row.LastDone, zone); day.After(p.last) {
				p.last = day
			}
		}
	}
	return nil
}

// addMeetings counts the meetings with a dossier on their agenda that should have been held since the last that was.
func (s *Service) addMeetings(ctx context.Context, ids []uuid.UUID, zone *time.Location, all map[uuid.UUID]*progress) error {
	rows, err := meetingsPast(ctx, ids, s.k.Now())
	for _, row := range rows {
		p := all[row.DossierID]
		if p == nil {
			continue
		}
		p.missed, p.missedSince = row.Missed, organisation.DateOf(row.Since, zone)
	}
	return err
}

// carriersOf reads who carries out actions of a dossier that the caller may see.
func (s *Service) carriersOf(ctx context.Context, id uuid.UUID) ([]carrier, error) {
	rows, err := carriers(ctx, id)
	if err != nil {
		return nil, err
	}
	view, err := s.k.Authz.View(ctx, id)
	if err != nil {
		return nil, err
	}
	kept := make([]carrier, 0, len(rows))
	for _, row := range rows {
		if !view.Reads(plan.Action{DossierID: id, PartnerID: row.PartnerID}.Resource()) {
			s.k.Authz.Dropped(ctx, "action carrier")
			continue
		}
		kept = append(kept, row)
	}
	return kept, nil
}
