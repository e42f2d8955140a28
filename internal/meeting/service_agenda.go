package meeting

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// SeenItem is an agenda item with what stands beside it.
type SeenItem struct {
	AgendaItem
	Ref *dossier.Ref // nil for a general subject
}

// NewAgendaItem is what is to be put on the agenda: a dossier, a title, or both.
type NewAgendaItem struct {
	DossierID *uuid.UUID
	Title     string
	Position  *int // nil is the last
	Minutes   int
}

// AddAgendaItem puts a dossier that its chair knows, or a subject, on the agenda; who directs the
// dossier is told. It fails with problem.Conflict when the dossier is on it already or the meeting
// is over.
func (s *Service) AddAgendaItem(ctx context.Context, meeting uuid.UUID, n NewAgendaItem) (seen SeenItem, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		m, err := find(ctx, meeting)
		if err != nil {
			return err
		}
		d, err := s.about(ctx, n)
		if err != nil {
			return err
		}
		i := n.item(m)
		if err := s.k.Authz.Require(ctx, actLead, i.resource(m)); err != nil {
			return err
		}
		if err := s.mayDiscuss(m, d); err != nil {
			return err
		}
		i.ChangedAt = s.k.Now()
		if err := s.put(ctx, &i, n.Position); err != nil {
			return err
		}
		if err := s.recordAgenda(ctx, m, i, d); err != nil {
			return err
		}
		seen, err = s.item(ctx, meeting, i.ID)
		return err
	})
	return seen, err
}

// about finds the dossier of a new agenda item, nil when it has none.
func (s *Service) about(ctx context.Context, n NewAgendaItem) (*dossier.Dossier, error) {
	if n.DossierID == nil && n.Title == "" {
		return nil, problem.InvalidField("/title", "required", "Name a dossier or a subject.")
	}
	if n.DossierID == nil {
		return nil, nil
	}
	d, err := s.dossiers.FindForMeeting(ctx, *n.DossierID)
	if problem.Is(err, problem.NotFound) {
		return nil, problem.InvalidField("/dossierId", "reference", "There is no such dossier, or you do not take part in it.")
	}
	return &d, err
}

func (n NewAgendaItem) item(m Meeting) AgendaItem {
	return AgendaItem{
		MunicipalityID: m.MunicipalityID, ID: uuid.Must(uuid.NewV7()), Version: 1, MeetingID: m.ID, DossierID: n.DossierID, Title: n.Title,
		Minutes: n.Minutes,
	}
}

// mayDiscuss refuses preparing a meeting that is over, or one about a dossier that has ended.
func (s *Service) mayDiscuss(m Meeting, d *dossier.Dossier) error {
	if d != nil && (d.Status == dossier.Closed || d.Status == dossier.Rejected) {
		return problem.Errorf(problem.Conflict, "The dossier is closed; nothing changes in it any more.")
	}
	return m.mustBePlanned()
}

// put writes an agenda item at its place.
func (s *Service) put(ctx context.Context, i *AgendaItem, at *int) error {
	agenda, err := s.agenda(ctx, i.MeetingID)
	if err != nil {
		return err
	}
	if err := i.fits(agenda); err != nil {
		return err
	}
	if i.placeOn(agenda, at) {
		if err := makeRoom(ctx, *i); err != nil {
			return err
		}
	}
	return db.Insert(ctx, i)
}

func (s *Service) recordAgenda(ctx context.Context, m Meeting, i AgendaItem, d *dossier.Dossier) error {
	subject := journal.Subject{Type: "agenda-item", ID: i.ID}
	if d == nil {
		return s.record(ctx, m, "meeting.agenda-changed", nil, subject)
	}
	inNameOf, err := s.inNameOf(ctx, m.ChairID)
	if err != nil {
		return err
	}
	return s.k.Journal.Record(ctx, journal.Event{
		Name: "meeting.agenda-changed", Subject: journal.Subject{Type: "meeting", ID: m.ID}, With: []journal.Subject{subject}, Dossier: d.ID,
		Basis: string(d.Basis), InNameOf: inNameOf,
	})
}

// ListAgendaItems reads a page of the agenda in its order, without dossiers that the caller may not
// know.
func (s *Service) ListAgendaItems(ctx context.Context, meeting uuid.UUID, p page.Request) (seen []SeenItem, next *string, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if seen, err = s.items(ctx, meeting); err != nil {
			return err
		}
		seen, next = cutAfter(seen, p, func(i SeenItem) uuid.UUID { return i.ID })
		return nil
	})
	return seen, next, err
}

// GetAgendaItem reads one agenda item. It fails with problem.NotFound.
func (s *Service) GetAgendaItem(ctx context.Context, meeting, id uuid.UUID) (seen SeenItem, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		seen, err = s.item(ctx, meeting, id)
		return err
	})
	return seen, err
}

func (s *Service) item(ctx context.Context, meeting, id uuid.UUID) (SeenItem, error) {
	all, err := s.items(ctx, meeting)
	if err != nil {
		return SeenItem{}, err
	}
	at := slices.IndexFunc(all, func(i SeenItem) bool { return i.ID == id })
	if at < 0 {
		return SeenItem{}, db.NotFound()
	}
	return all[at], nil
}

// items reads the agenda of a meeting that the caller may read.
func (s *Service) items(ctx context.Context, meeting uuid.UUID) ([]SeenItem, error) {
	if _, err := s.read(ctx, meeting); err != nil {
		return nil, err
	}
	agenda, err := s.agenda(ctx, meeting)
	if err != nil {
		return nil, err
	}
	refs, err := s.refs(ctx, agenda)
	return withRefs(numbered(agenda), refs), err
}

func withRefs(agenda []AgendaItem, refs map[uuid.UUID]dossier.Ref) []SeenItem {
	seen := make([]SeenItem, len(agenda))
	for n, i := range agenda {
		seen[n] = SeenItem{AgendaItem: i}
		if i.DossierID == nil {
			continue
		}
		if ref, known := refs[*i.DossierID]; known {
			seen[n].Ref = &ref
		}
	}
	return seen
}
