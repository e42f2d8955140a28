package dossier

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// FindAll reads the dossiers that the caller knows, by id, inside a transaction; others are not in it.
func (s *Service) FindAll(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]Dossier, error) {
	rows, err := findAll(ctx, ids)
	found := make(map[uuid.UUID]Dossier, len(rows))
	for _, d := range rows {
		found[d.ID] = d
	}
	return found, err
}

// find reads a dossier on which a decision follows: the caller's admissions to it come along.
func (s *Service) find(ctx context.Context, id uuid.UUID) (Dossier, error) {
	if err := s.k.Authz.Expect(ctx, id); err != nil {
		return Dossier{}, err
	}
	return find(ctx, id)
}

// Within is something in a dossier, with what the caller may know of the dossier beside it.
type Within[T any] struct {
	Row     T
	Dossier Ref
}

// within puts the dossier beside one of its records.
func within[T any](ctx context.Context, s *Service, d Dossier, row T) (Within[T], error) {
	view, err := s.k.Authz.View(ctx, d.ID)
	return Within[T]{Row: row, Dossier: d.refFor(view)}, err
}

// readIn reads something in a dossier that the caller may read.
func readIn[T any](ctx context.Context, s *Service, dossier uuid.UUID, read func(context.Context) (T, error)) (in Within[T], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := s.Require(ctx, dossier)
		if err != nil {
			return err
		}
		row, err := read(ctx)
		if err != nil {
			return err
		}
		in, err = within(ctx, s, d, row)
		return err
	})
	return in, err
}

// Page is one page of a list and the cursor of the next, nil at the end.
type Page[T any] struct {
	Rows []T
	Next *string
}

// placed is a row that knows its place in a list.
type placed interface{ place() page.Cursor }

// pageIn reads a page of something in a dossier that the caller may read.
func pageIn[T placed](ctx context.Context, s *Service, at uuid.UUID, p page.Request, read func(context.Context) ([]T, error)) (Within[Page[T]], error) {
	return readIn(ctx, s, at, func(ctx context.Context) (Page[T], error) {
		rows, err := read(ctx)
		rows, next := page.Cut(rows, p.Limit, T.place)
		return Page[T]{Rows: rows, Next: next}, err
	})
}

// PartnersIn tells which partners, as organisations, take part in dossiers at a moment, inside a transaction of the system:
// for what goes to their systems. What those may read of it is decided apart.
func (s *Service) PartnersIn(ctx context.Context, dossiers []uuid.UUID, at time.Time) (map[uuid.UUID][]uuid.UUID, error) {
	rows, err := partnersIn(ctx, dossiers, at)
	in := make(map[uuid.UUID][]uuid.UUID, len(dossiers))
	for _, row := range rows {
		in[row.DossierID] = append(in[row.DossierID], row.PartnerID)
	}
	return in, err
}
