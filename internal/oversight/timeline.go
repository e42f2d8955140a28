package oversight

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/alert"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// Entry is something that happened in a dossier, as its reader may know it now.
type Entry struct {
	ID             uuid.UUID
	Seq            int64     `etag:"-"`
	DossierID      uuid.UUID `etag:"-"`
	At             time.Time
	Kind           string           // a code of list event-kinds
	Subject        *journal.Subject // nil where the reader may not read the change
	Fields         []string
	ActorID        *uuid.UUID
	ActorPartnerID *uuid.UUID
	InNameOf       *uuid.UUID
	Tag            string `etag:"-"`
}

func (e Entry) place() page.Cursor { return page.AtNumber(e.Seq, e.ID) }

// timelineSight is what a reader may know of a dossier's events beside what each of them is about.
type timelineSight struct {
	leads  bool // directs the dossier or chairs it: learns that something changed (contract.md, exception a)
	access bool // may know how the dossier is opened to whom
}

// Timeline reads a page of what happened in a dossier until a moment, by default now, the latest first. Every page
// is full but the last. It fails as reading the dossier does.
func (s *Service) Timeline(ctx context.Context, id uuid.UUID, until *time.Time, p page.Request) (entries []Entry, next *string, err error) {
	before := int64(math.MaxInt64)
	if p.After != nil {
		if before, err = p.After.Number(); err != nil {
			return nil, nil, err
		}
	}
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := s.dossiers.Require(ctx, id)
		if err != nil {
			return err
		}
		sight, err := s.timelineSight(ctx, d)
		if err != nil {
			return err
		}
		for many := p.Limit + 1; len(entries) <= p.Limit; many *= more {
			events, err := eventsOf(ctx, id, until, before, many)
			if err != nil {
				return err
			}
			some, err := s.tell(ctx, events, func(delivery.Event) timelineSight { return sight })
			if err != nil {
				return err
			}
			entries = append(entries, some...)
			if len(events) < many {
				break
			}
			before = events[len(events)-1].Seq
		}
		entries = entries[:min(len(entries), p.Limit+1)]
		entries, next = page.Cut(entries, p.Limit, Entry.place)
		return nil
	})
	return entries, next, err
}

func (s *Service) timelineSight(ctx context.Context, d dossier.Dossier) (sight timelineSight, err error) {
	who, err := identity.From(ctx)
	if err != nil {
		return sight, err
	}
	for _, holder := range []*uuid.UUID{d.CaseDirectorID, d.ChairID} {
		sight.leads = sight.leads || holder != nil && who.Is(*holder, s.k.Now())
	}
	may, err := s.k.Authz.Allowed(ctx, d.Resource(), []authz.Operation{{ID: "listDossierAccess", Act: "access.read"}})
	sight.access = len(may) > 0
	return sight, err
}

// aboutAccess are the subjects of events on how a dossier is opened to whom.
func aboutAccess(subject string) bool {
	return slices.Contains([]string{"matrix-exception", "grant", "emergency-access", "access-request"}, subject)
}

// tell cuts events to what the reader may know, by what he may know of the dossier of each.
func (s *Service) tell(ctx context.Context, events []delivery.Event, sight func(delivery.Event) timelineSight) ([]Entry, error) {
	events = slices.DeleteFunc(slices.Clone(events), func(e delivery.Event) bool {
		return e.SubjectType == "privacy-assertion" || e.SubjectType == "access" || aboutAccess(e.SubjectType) && !sight(e).access
	})
	may, err := s.Alerts.Readable(ctx, events)
	if err != nil {
		return nil, err
	}
	entries := make([]Entry, 0, len(events))
	for _, e := range events {
		entry := Entry{ID: e.ID, Seq: e.Seq, DossierID: *e.DossierID, At: e.At, Kind: alert.Unreadable, Fields: []string{}}
		if may[e.ID] {
			entry.Kind, entry.Subject, entry.Fields = alert.Kind(e.Name), &journal.Subject{Type: e.SubjectType, ID: e.SubjectID}, e.Fields
			entry.ActorID, entry.ActorPartnerID, entry.InNameOf = e.ActorID, e.ActorPartnerID, e.InNameOf
		}
		if may[e.ID] || sight(e).leads {
			entry.Tag = etag.Of(entry)
			entries = append(entries, entry)
		}
	}
	return entries, nil
}
