package dossier

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Search reads a page of the dossiers that the caller may read, with words in what he sees of their core, or at a
// location where he sees whom they are about; the latest opened first. An unknown theme is problem.Invalid.
func (s *Service) Search(ctx context.Context, f Filter, p page.Request) (found Page[Seen], err error) {
	if f.Theme != nil && !s.lists.Has("themes", *f.Theme) {
		return found, problem.InvalidField("/theme", "reference", "There is no such theme; see GET /v1/code-lists/themes.")
	}
	f.Sort = "-openedAt"
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		rows, met, err := search(ctx, f, p)
		if err != nil {
			return err
		}
		rows, found.Next = page.Cut(rows, p.Limit, f.place)
		if found.Rows, err = s.seeAll(ctx, rows); err != nil {
			return err
		}
		found.Rows = s.told(ctx, found.Rows, func(d Seen) bool { return d.Titled || f.Location == nil && (f.Text == nil || met[d.ID]) })
		return nil
	})
	return found, err
}

// told drops what the rule in memory does not let a search tell.
func (s *Service) told(ctx context.Context, rows []Seen, may func(Seen) bool) []Seen {
	kept := make([]Seen, 0, len(rows))
	for _, d := range rows {
		if !may(d) {
			s.k.Authz.Dropped(ctx, "dossier search")
			continue
		}
		kept = append(kept, d)
	}
	return kept
}

// FoundDossiers reads of the dossiers that a search met what may be told: with their titles only those of which
// the caller sees whom they are about. It needs a transaction.
func (s *Service) FoundDossiers(ctx context.Context, ids []uuid.UUID, titles bool) ([]Found, error) {
	rows, err := searched(ctx, ids, titles)
	if err != nil {
		return nil, err
	}
	views, err := s.k.Authz.Views(ctx, identifiers(rows)...)
	if err != nil {
		return nil, err
	}
	all := make([]Found, 0, len(rows))
	for _, d := range rows {
		if f := d.found(titles); views[d.ID].Reads(d.Resource()) && (!titles || views[d.ID].Sees(f.Category)) {
			all = append(all, f)
			continue
		}
		s.k.Authz.Dropped(ctx, "dossier search")
	}
	return all, nil
}

func identifiers(rows []Dossier) []uuid.UUID {
	ids := make([]uuid.UUID, len(rows))
	for i, d := range rows {
		ids[i] = d.ID
	}
	return ids
}

// FoundItems reads of the items that a search met those that the caller may read, and that were not corrected. It
// needs a transaction.
func (s *Service) FoundItems(ctx context.Context, ids []uuid.UUID) ([]Found, error) {
	rows, err := searchedItems(ctx, ids)
	if err != nil {
		return nil, err
	}
	seen, err := s.readable(ctx, rows)
	all := make([]Found, len(seen))
	for i, item := range seen {
		all[i] = item.found()
	}
	return all, err
}
