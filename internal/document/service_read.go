package document

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// Get reads what a document is. It fails with problem.NotFound when the caller may not read it.
func (s *Service) Get(ctx context.Context, id uuid.UUID) (seen Seen, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := s.readable(ctx, id)
		if err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actRead, d.Resource()); err != nil {
			return err
		}
		seen, err = s.see(ctx, d)
		return err
	})
	return seen, err
}

// List reads a page of the documents that the caller may read, the latest added first.
func (s *Service) List(ctx context.Context, f Filter, p page.Request) (seen []Seen, next *string, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		rows, err := list(ctx, f, p)
		if err != nil {
			return err
		}
		rows, next = page.Cut(rows, p.Limit, Document.listPlace)
		if rows, err = s.seeable(ctx, rows); err != nil {
			return err
		}
		refs, err := s.m.Dossiers.Refs(ctx, dossiersOf(rows))
		seen = make([]Seen, len(rows))
		for i, d := range rows {
			seen[i] = Seen{Document: d, Ref: refs[d.DossierID], Tag: etag.Of(d)}
		}
		return err
	})
	return seen, next, err
}

// Visible tells which of the documents the caller may read. It needs a transaction.
func (s *Service) Visible(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]bool, error) {
	rows, err := withIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	rows, err = s.seeable(ctx, rows)
	visible := make(map[uuid.UUID]bool, len(rows))
	for _, d := range rows {
		visible[d.ID] = true
	}
	return visible, err
}

// readable finds a document that both the database and the rule in memory let through.
func (s *Service) readable(ctx context.Context, id uuid.UUID) (Document, error) {
	d, err := find(ctx, id)
	if err != nil {
		return d, err
	}
	rows, err := s.seeable(ctx, []Document{d})
	if err == nil && len(rows) == 0 {
		err = db.NotFound()
	}
	return d, err
}

// seeable applies the rule in memory to rows that the database let through.
func (s *Service) seeable(ctx context.Context, rows []Document) ([]Document, error) {
	views, err := s.k.Authz.Views(ctx, dossiersOf(rows)...)
	if err != nil {
		return nil, err
	}
	seen := make([]Document, 0, len(rows))
	for _, d := range rows {
		if !views[d.DossierID].Reads(d.Resource()) {
			s.k.Authz.Dropped(ctx, "document")
			continue
		}
		seen = append(seen, d)
	}
	return seen, nil
}

func dossiersOf(rows []Document) []uuid.UUID {
	ids := make([]uuid.UUID, len(rows))
	for i, d := range rows {
		ids[i] = d.DossierID
	}
	return ids
}

// see is one document as the caller sees it, with what he may do.
func (s *Service) see(ctx context.Context, d Document) (seen Seen, err error) {
	rows, err := s.seeable(ctx, []Document{d})
	if err == nil && len(rows) == 0 {
		err = db.NotFound()
	}
	if err != nil {
		return seen, err
	}
	seen = Seen{Document: d, Tag: etag.Of(d)}
	if seen.Ref, err = s.ref(ctx, d.DossierID); err != nil {
		return seen, err
	}
	seen.Allowed, err = s.k.Authz.Allowed(ctx, d.Resource(), d.operations())
	return seen, err
}

func (s *Service) ref(ctx context.Context, id uuid.UUID) (dossier.Ref, error) {
	refs, err := s.m.Dossiers.Refs(ctx, []uuid.UUID{id})
	return refs[id], err
}
