package alert

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// more is by how much a look ahead grows when it finds too little that its reader may know.
const more = 4

// Events reads a page of what happened in the caller's dossiers, the earliest first, under his rights of this moment. Every
// page is full but the last, and none tells of a number that is not in it, so that what he may not know moves nothing.
func (s *Service) Events(ctx context.Context, f FeedFilter, p page.Request) (events []Event, next *string, err error) {
	if p.After != nil {
		if f.After, err = p.After.Number(); err != nil {
			return nil, nil, err
		}
	}
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		for many := p.Limit + 1; len(events) <= p.Limit; many *= more {
			found, err := nextEvents(ctx, f, many)
			if err != nil {
				return err
			}
			some, err := s.cut(ctx, found)
			if err != nil {
				return err
			}
			events = append(events, some...)
			if len(found) < many {
				break
			}
			f.After = found[len(found)-1].Seq
		}
		events, next = page.Cut(events[:min(len(events), p.Limit+1)], p.Limit, Event.place)
		return nil
	})
	return events, next, err
}

// Event reads one event. It fails with problem.NotFound when the caller may not know of it.
func (s *Service) Event(ctx context.Context, id uuid.UUID) (event Event, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		e, err := findEvent(ctx, id)
		if err != nil {
			return err
		}
		seen, err := s.cut(ctx, []delivery.Event{e})
		if err != nil {
			return err
		}
		if len(seen) == 0 {
			return db.NotFound()
		}
		event = seen[0]
		return nil
	})
	return event, err
}

// cut leaves of events what the caller may know: what happened where he may read it; where he may not, that something did, if he
// directs the dossier; and otherwise nothing.
func (s *Service) cut(ctx context.Context, found []delivery.Event) ([]Event, error) {
	who, err := identity.From(ctx)
	if err != nil {
		return nil, err
	}
	gone, err := s.lostEvents(ctx, who, found)
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(slices.Clone(found), func(e delivery.Event) bool {
		return e.DossierID == nil || e.Name == lost || !who.IsPerson() && !toSystems(e)
	})
	if len(found) == 0 {
		return gone, nil
	}
	sight, err := s.look(ctx, found)
	if err != nil {
		return nil, err
	}
	in, err := s.standing(ctx, who, found)
	if err != nil {
		return nil, err
	}
	events := make([]Event, 0, len(found))
	for _, e := range found {
		if !sight.knows(e) || howOpened(e.SubjectType) && !in.opens[*e.DossierID] || forDirectors(e) && !sight.directs {
			continue
		}
		event := Event{ID: e.ID, Sequence: e.Seq, Kind: Unreadable, Dossier: sight.refs[*e.DossierID], Fields: []string{}, At: e.At}
		if sight.reads(e, false) || in.received(e) && sight.views[*e.DossierID].Reads(asReleased(e)) {
			event.Kind, event.Subject, event.Fields = kindOf(e.Name), &journal.Subject{Type: e.SubjectType, ID: e.SubjectID}, e.Fields
			event.ActorID, event.ActorPartnerID, event.InNameOf = e.ActorID, e.ActorPartnerID, e.InNameOf
		} else if !in.leads[*e.DossierID] {
			continue
		}
		events = append(events, event)
	}
	events = append(events, gone...)
	slices.SortFunc(events, func(a, b Event) int { return cmp.Compare(a.Sequence, b.Sequence) })
	return events, nil
}

// standing is what a reader is in the dossiers behind events.
type standing struct {
	leads    map[uuid.UUID]bool // dossiers that he directs or chairs
	opens    map[uuid.UUID]bool // dossiers of which he may know how they are opened to whom, where an event is about that
	partner  uuid.UUID
	partners map[uuid.UUID]organisation.Past // of the professionals who had received what was taken back
}

// received tells whether somebody of the reader's partner had received an item that was withdrawn. Its systems have to know as well, so
// that a copy can go.
func (in standing) received(e delivery.Event) bool {
	return e.Name == withdrawn && slices.ContainsFunc(e.Tell, func(id uuid.UUID) bool { return in.partners[id].Identity.Partner == in.partner })
}

const withdrawn = "item.withdrawn"

// asReleased is what an event is about as if it were released: it can not be seen any more.
func asReleased(e delivery.Event) authz.Resource {
	r := resource(e)
	r.Released = true
	return r
}

func (s *Service) standing(ctx context.Context, who identity.Identity, found []delivery.Event) (in standing, err error) {
	in = standing{leads: map[uuid.UUID]bool{}, opens: map[uuid.UUID]bool{}, partner: who.Partner}
	about, told := map[uuid.UUID]bool{}, []uuid.UUID{} // dossiers; professionals
	for _, e := range found {
		about[*e.DossierID] = about[*e.DossierID] || howOpened(e.SubjectType)
		if e.Name == withdrawn {
			told = append(told, e.Tell...)
		}
	}
	if len(told) > 0 {
		if in.partners, err = s.m.People.ProfessionalsAt(ctx, told, s.k.Now()); err != nil {
			return in, err
		}
	}
	all, err := s.m.Dossiers.FindAll(ctx, slices.Collect(maps.Keys(about)))
	if err != nil {
		return in, err
	}
	for id, d := range all {
		in.leads[id] = slices.ContainsFunc(holders(d), func(holder uuid.UUID) bool { return who.Is(holder, s.k.Now()) })
		if !about[id] {
			continue
		}
		may, err := s.k.Authz.Allowed(ctx, d.Resource(), []authz.Operation{{ID: "listDossierAccess", Act: "access.read"}})
		if err != nil {
			return in, err
		}
		in.opens[id] = len(may) > 0
	}
	return in, nil
}
