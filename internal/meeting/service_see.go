package meeting

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// Seen is a meeting as the caller sees it.
type Seen struct {
	Meeting
	Refs    map[uuid.UUID]dossier.Ref // dossiers on the agenda; nil in lists
	Allowed []string                  // operations; nil in lists
	Tag     string
}

// see is one meeting as the caller sees it, with what he may do.
func (s *Service) see(ctx context.Context, m Meeting) (seen Seen, err error) {
	all, err := s.complete(ctx, []Meeting{m})
	if err != nil {
		return seen, err
	}
	seen.Meeting, seen.Tag = all[0], etag.Of(all[0])
	if seen.Refs, err = s.refs(ctx, seen.AgendaItems); err != nil {
		return seen, err
	}
	seen.Allowed, err = s.k.Authz.Allowed(ctx, m.Resource(), m.operations())
	return seen, err
}

// complete adds agenda and invitations to meetings, cut to what the caller sees.
func (s *Service) complete(ctx context.Context, rows []Meeting) ([]Meeting, error) {
	ids := make([]uuid.UUID, len(rows))
	for i, m := range rows {
		ids[i] = m.ID
	}
	agenda, err := s.agenda(ctx, ids...)
	if err != nil {
		return nil, err
	}
	invitations, err := invitationsOf(ctx, ids...)
	if err != nil {
		return nil, err
	}
	who, err := identity.From(ctx)
	if err != nil {
		return nil, err
	}
	for i, m := range rows {
		rows[i].AgendaItems, rows[i].Invitations = numbered(ofMeeting(agenda, m.ID)), nil
		for _, invitation := range invitations {
			if invitation.MeetingID != m.ID {
				continue
			}
			if cut, shown := s.cut(who, m, invitation, rows[i].AgendaItems); shown {
				rows[i].Invitations = append(rows[i].Invitations, cut)
			}
		}
	}
	return rows, nil
}

// cut is an invitation as the caller sees it: whole to the invited, the chair and the director.
func (s *Service) cut(who identity.Identity, m Meeting, i Invitation, agenda []AgendaItem) (Invitation, bool) {
	r, now := i.resource(m), s.k.Now()
	if who.Has(identity.MunicipalDirector) || who.Is(r.Leader, now) || who.Is(r.Self, now) {
		return i, true
	}
	return i.beside(agenda)
}

// agenda reads the agenda items that the caller sees, in order, held against the rule in memory.
func (s *Service) agenda(ctx context.Context, meetings ...uuid.UUID) ([]AgendaItem, error) {
	rows, err := agendaOf(ctx, meetings...)
	if err != nil {
		return nil, err
	}
	views, err := s.k.Authz.Views(ctx, dossiersOn(rows)...)
	if err != nil {
		return nil, err
	}
	kept := make([]AgendaItem, 0, len(rows))
	for _, i := range rows {
		if i.DossierID != nil && !views[*i.DossierID].Reads(i.resource(Meeting{})) {
			s.k.Authz.Dropped(ctx, "agenda item")
			continue
		}
		kept = append(kept, i)
	}
	return kept, hideCarried(ctx, kept)
}

// hideCarried takes away from which earlier items these returned, where the caller does not see those.
func hideCarried(ctx context.Context, agenda []AgendaItem) error {
	var earlier []uuid.UUID
	for _, i := range agenda {
		if i.CarriedFrom != nil {
			earlier = append(earlier, *i.CarriedFrom)
		}
	}
	if len(earlier) == 0 {
		return nil
	}
	seen, err := visibleItems(ctx, earlier)
	for n, i := range agenda {
		if i.CarriedFrom != nil && !seen[*i.CarriedFrom] {
			agenda[n].CarriedFrom = nil
		}
	}
	return err
}

func dossiersOn(agenda []AgendaItem) (ids []uuid.UUID) {
	for _, i := range agenda {
		if i.DossierID != nil {
			ids = append(ids, *i.DossierID)
		}
	}
	return ids
}

func ofMeeting(agenda []AgendaItem, meeting uuid.UUID) (rows []AgendaItem) {
	for _, i := range agenda {
		if i.MeetingID == meeting {
			rows = append(rows, i)
		}
	}
	return rows
}

// refs reads what stands beside agenda items of dossiers.
func (s *Service) refs(ctx context.Context, agenda []AgendaItem) (map[uuid.UUID]dossier.Ref, error) {
	ids := dossiersOn(agenda)
	if len(ids) == 0 {
		return nil, nil
	}
	return s.dossiers.Refs(ctx, ids)
}

// cutAfter gives the page of a short list that was read whole, after the row of the cursor.
func cutAfter[T any](rows []T, p page.Request, id func(T) uuid.UUID) ([]T, *string) {
	if p.After != nil {
		at := slices.IndexFunc(rows, func(row T) bool { return id(row) == p.After.ID })
		rows = rows[at+1:]
	}
	return page.Cut(rows, p.Limit, func(row T) page.Cursor { return page.Cursor{ID: id(row)} })
}
