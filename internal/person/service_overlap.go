package person

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// notice tells who leads this dossier and who leads another one on the same person of each other, where both legal
// bases permit it (domain.md 3.14). It tells neither who said whom the other dossier is about.
func (s *Service) notice(ctx context.Context, d dossier.Dossier, one Subject) error {
	zone, err := s.people.Zone(ctx)
	if err != nil {
		return err
	}
	found, err := overlapsOf(ctx, one.ID, organisation.DateOf(s.k.Now(), zone))
	if err != nil {
		return err
	}
	leader := d.OpenedBy
	if d.CaseDirectorID != nil {
		leader = *d.CaseDirectorID
	}
	for _, m := range found {
		here, there := m.notices(one, s.k.Now())
		if err := db.Insert(ctx, &here, &there); err != nil {
			return err
		}
		if err := s.tell(ctx, here, leader, string(d.Basis)); err != nil {
			return err
		}
		if err := s.tell(ctx, there, m.Leader, m.Basis); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) tell(ctx context.Context, o Overlap, leader uuid.UUID, basis string) error {
	return s.k.Journal.Record(ctx, journal.Event{
		Name: "overlap.noticed", Subject: journal.Subject{Type: "overlap-notice", ID: o.ID}, Dossier: o.DossierID, Category: new(int(o.Category)),
		Basis: basis, Tell: []uuid.UUID{leader}, Unsigned: true,
	})
}

// Overlaps are the notices of a dossier, with the names of the persons.
type Overlaps struct {
	Rows    []Overlap
	Next    *string
	Dossier dossier.Ref
	Names   map[uuid.UUID]string
}

// ListOverlaps reads a page of the notices of a dossier, the latest first: of its case director, until one is
// appointed its opener, and of the municipal director, who see whom it is about; of others nothing.
func (s *Service) ListOverlaps(ctx context.Context, at uuid.UUID, p page.Request) (in Overlaps, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := s.dossiers.Require(ctx, at)
		if err != nil {
			return err
		}
		rows, err := listOverlaps(ctx, at, p)
		if err != nil {
			return err
		}
		if rows, in.Next = page.Cut(rows, p.Limit, Overlap.place); len(rows) > 0 {
			rows, err = s.cutOverlaps(ctx, d, rows)
		}
		if err != nil {
			return err
		}
		in.Rows = rows
		refs, err := s.dossiers.Refs(ctx, []uuid.UUID{d.ID})
		if err != nil {
			return err
		}
		in.Dossier = refs[d.ID]
		persons := make([]uuid.UUID, len(rows))
		for i, o := range rows {
			persons[i] = o.PersonID
		}
		in.Names, err = s.names(ctx, persons)
		return err
	})
	return in, err
}

// cutOverlaps holds notices against the rule in memory; a row that it refuses is dropped.
func (s *Service) cutOverlaps(ctx context.Context, d dossier.Dossier, rows []Overlap) (cut []Overlap, err error) {
	leads, err := s.k.Authz.Allowed(ctx, d.Resource(), []authz.Operation{{ID: "listOverlapNotices", Act: actDossier}})
	if err != nil {
		return nil, err
	}
	view, err := s.k.Authz.View(ctx, d.ID)
	for _, o := range rows {
		if len(leads) == 0 || !view.Sees(o.Category) {
			s.k.Authz.Dropped(ctx, "overlap notice")
			continue
		}
		cut = append(cut, o)
	}
	return cut, err
}

// VisibleOverlaps tells which of the notices the caller may read. It needs a transaction.
func (s *Service) VisibleOverlaps(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]bool, error) {
	found, err := visibleOverlaps(ctx, ids)
	may := make(map[uuid.UUID]bool, len(found))
	for _, id := range found {
		may[id] = true
	}
	return may, err
}

// Names are the names of persons whom the caller may read, by id. It needs a transaction.
func (s *Service) Names(ctx context.Context, persons []uuid.UUID) (map[uuid.UUID]string, error) {
	return s.names(ctx, persons)
}

// names are those of persons whom the caller may read.
func (s *Service) names(ctx context.Context, persons []uuid.UUID) (map[uuid.UUID]string, error) {
	known, err := personsOf(ctx, persons)
	names := make(map[uuid.UUID]string, len(known))
	for _, p := range known {
		names[p.ID] = p.Name()
	}
	return names, err
}
