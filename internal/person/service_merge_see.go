package person

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// ListMerges reads a page of the merges of a person on either side, the latest first.
func (s *Service) ListMerges(ctx context.Context, of uuid.UUID, p page.Request) (in Merges, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if _, err := s.find(ctx, of); err != nil {
			return err
		}
		rows, err := listMerges(ctx, of, p)
		if err != nil {
			return err
		}
		rows, next := page.Cut(rows, p.Limit, Merge.place)
		in, err = s.merges(ctx, rows...)
		in.Next = next
		return err
	})
	return in, err
}

// merge finds a merge of a person of which the caller sees both.
func (s *Service) merge(ctx context.Context, of, id uuid.UUID) (m Merge, err error) {
	if _, err = s.find(ctx, of); err != nil {
		return m, err
	}
	if m, err = findMerge(ctx, of, id); err != nil {
		return m, err
	}
	seen, err := s.readable(ctx, []Merge{m})
	if err == nil && len(seen) == 0 {
		err = db.NotFound()
	}
	return m, err
}

// readable are the merges of which the caller sees both persons, by the rule in memory; others are dropped.
func (s *Service) readable(ctx context.Context, rows []Merge) (kept []Merge, err error) {
	if len(rows) == 0 {
		return nil, nil
	}
	var ids []uuid.UUID
	for _, m := range rows {
		ids = append(ids, m.SurvivorID, m.OtherID)
	}
	found, err := personsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	seen, err := s.alone(ctx, found)
	if err != nil {
		return nil, err
	}
	known := map[uuid.UUID]bool{}
	for _, p := range seen {
		known[p.ID] = true
	}
	for _, m := range rows {
		if !known[m.SurvivorID] || !known[m.OtherID] {
			s.k.Authz.Dropped(ctx, "person merge")
			continue
		}
		kept = append(kept, m)
	}
	return kept, nil
}

// merges puts the names beside merges, and of a single one what may be done with it.
func (s *Service) merges(ctx context.Context, rows ...Merge) (in Merges, err error) {
	in.Rows, err = s.readable(ctx, rows)
	if err != nil {
		return in, err
	}
	var ids []uuid.UUID
	for _, m := range in.Rows {
		ids = append(ids, m.SurvivorID, m.OtherID)
	}
	if in.Names, err = s.names(ctx, ids); err != nil || len(in.Rows) != 1 {
		return in, err
	}
	in.Allowed, err = s.allowedOn(ctx, in.Rows[0])
	return in, err
}

// allowedOn are the operations on a merge: reading, and what its state allows to who may change both.
func (s *Service) allowedOn(ctx context.Context, m Merge) ([]string, error) {
	allowed := []string{"getPersonMerge"}
	if m.ReversedAt != nil {
		return allowed, nil
	}
	for _, id := range []uuid.UUID{m.SurvivorID, m.OtherID} {
		p, err := s.find(ctx, id)
		if err != nil {
			return nil, err
		}
		if !p.changeable {
			return allowed, nil
		}
	}
	return append(allowed, "reversePersonMerge"), nil
}

// mark says of persons into whom they were merged, as far as the caller may read that one.
func (s *Service) mark(ctx context.Context, all []Seen) error {
	ids := make([]uuid.UUID, len(all))
	for i, p := range all {
		ids[i] = p.ID
	}
	rows, err := mergesOf(ctx, ids)
	if err != nil {
		return err
	}
	if rows, err = s.readable(ctx, rows); err != nil {
		return err
	}
	into := map[uuid.UUID]uuid.UUID{}
	for _, m := range rows {
		into[m.OtherID] = m.SurvivorID
	}
	for i, p := range all {
		if survivor, merged := into[p.ID]; merged {
			all[i].MergedIntoID = &survivor
			all[i].Tag = etag.Of(all[i].Person)
		}
	}
	return nil
}
