package privacy

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// SeenPriorityEntry is an entry with its dossier as the caller knows it, and what he may do.
type SeenPriorityEntry struct {
	PriorityEntry
	Ref     dossier.Ref
	Allowed []string // nil in lists
}

// NewPriorityEntry is a dossier that is to come on the list.
type NewPriorityEntry struct {
	DossierID uuid.UUID
	Criteria  []string
	ReviewOn  time.Time // a date
}

// AddPriorityEntry puts a dossier on the prioritised list (Wgs 2.32, BGS 2.22). It fails with problem.Invalid without a public
// criterion, and with problem.Conflict for a dossier that is not under the Wgs or is on the list.
func (s *Service) AddPriorityEntry(ctx context.Context, n NewPriorityEntry) (seen SeenPriorityEntry, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, today, err := s.now(ctx)
		if err != nil {
			return err
		}
		d, err := s.m.Dossiers.Hold(ctx, n.DossierID)
		if problem.Is(err, problem.NotFound) {
			err = problem.InvalidField("/dossierId", "reference", "There is no such dossier, or you do not take part in it.")
		}
		if err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actPrioritise, d.Resource()); err != nil {
			return err
		}
		e := PriorityEntry{
			MunicipalityID: d.MunicipalityID, ID: uuid.Must(uuid.NewV7()), Version: 1, DossierID: d.ID, Criteria: n.Criteria, ReviewOn: n.ReviewOn,
			AddedBy: who.Professional, AddedAt: s.k.Now(), ChangedAt: s.k.Now(),
		}
		known := func(code string) bool { return s.m.Lists.Has(criteriaList, code) }
		if err := e.unfit(known, today).Err(); err != nil {
			return err
		}
		if err := mayList(d); err != nil {
			return err
		}
		there, err := onList(ctx, d.ID)
		if err != nil {
			return err
		}
		if there {
			return problem.Errorf(problem.Conflict, "The dossier is on the prioritised list already; take it off to put it there for other criteria.")
		}
		if err := db.Insert(ctx, &e); err != nil {
			return err
		}
		if err := s.recordPriority(ctx, e, d, "priority.added"); err != nil {
			return err
		}
		seen, err = s.seePriorityEntry(ctx, e)
		return err
	})
	return seen, err
}

// RemovePriorityEntry takes a dossier off the list at once; nothing of the entry stays (BGS 2.22).
func (s *Service) RemovePriorityEntry(ctx context.Context, key etag.Key) error {
	return s.k.DB.Tx(ctx, func(ctx context.Context) error {
		e, err := findPriorityEntry(ctx, key.ID)
		if err != nil {
			return err
		}
		d, err := s.m.Dossiers.Hold(ctx, e.DossierID)
		if err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actPrioritise, d.Resource()); err != nil {
			return err
		}
		if err := etag.Check(key.Match, e); err != nil {
			return err
		}
		if err := db.Delete(ctx, &e); err != nil {
			return err
		}
		return s.recordPriority(ctx, e, d, "priority.removed")
	})
}

// recordPriority tells who is in the dossier that it came on the list or left it.
func (s *Service) recordPriority(ctx context.Context, e PriorityEntry, d dossier.Dossier, event string) error {
	return s.recordIn(ctx, d, journal.Event{Name: event, Subject: journal.Subject{Type: "priority", ID: e.ID}})
}

// GetPriorityEntry reads one entry, for who is in its dossier.
func (s *Service) GetPriorityEntry(ctx context.Context, id uuid.UUID) (seen SeenPriorityEntry, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		e, err := findPriorityEntry(ctx, id)
		if err != nil {
			return err
		}
		seen, err = s.seePriorityEntry(ctx, e)
		return err
	})
	return seen, err
}

// seePriorityEntry puts beside an entry what the caller may do; of a dossier out of his sight it is problem.NotFound.
func (s *Service) seePriorityEntry(ctx context.Context, e PriorityEntry) (SeenPriorityEntry, error) {
	seen, err := s.seePriorityEntries(ctx, []PriorityEntry{e})
	if err != nil {
		return SeenPriorityEntry{}, err
	}
	if len(seen) == 0 {
		return SeenPriorityEntry{}, db.NotFound()
	}
	d, err := s.m.Dossiers.Find(ctx, e.DossierID)
	if err != nil {
		return SeenPriorityEntry{}, err
	}
	seen[0].Allowed, err = s.k.Authz.Allowed(ctx, d.Resource(), e.operations())
	return seen[0], err
}

// seePriorityEntries leaves out what is of dossiers out of the caller's sight.
func (s *Service) seePriorityEntries(ctx context.Context, rows []PriorityEntry) ([]SeenPriorityEntry, error) {
	ids := make([]uuid.UUID, len(rows))
	for i, e := range rows {
		ids[i] = e.DossierID
	}
	refs, err := s.m.Dossiers.Refs(ctx, ids)
	if err != nil {
		return nil, err
	}
	seen := make([]SeenPriorityEntry, 0, len(rows))
	for _, e := range rows {
		if ref, known := refs[e.DossierID]; known {
			seen = append(seen, SeenPriorityEntry{PriorityEntry: e, Ref: ref})
		} else {
			s.k.Authz.Dropped(ctx, "priority entry")
		}
	}
	return seen, nil
}

// ListPriorityEntries reads a page of the list as far as the caller is in the dossiers, the latest added first.
func (s *Service) ListPriorityEntries(ctx context.Context, p page.Request) (seen []SeenPriorityEntry, next *string, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		rows, err := listPriorityEntries(ctx, p)
		if err != nil {
			return err
		}
		rows, next = page.Cut(rows, p.Limit, PriorityEntry.place)
		seen, err = s.seePriorityEntries(ctx, rows)
		return err
	})
	return seen, next, err
}
