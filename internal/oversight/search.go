package oversight

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// Query is what is looked for in everything that the caller may read; nil does not limit.
type Query struct {
	Text        string
	Kinds       []string // codes of list search-kinds; none is all
	DossierID   *uuid.UUID
	Category    *authz.Category
	From, Until *time.Time // when it was recorded: from, and before

	within []uuid.UUID                 // the dossiers to look in; nil is all
	own    func() ([]uuid.UUID, error) // those that the caller reads, when they are few
}

// keeps tells whether the filters leave in what was found.
func (q Query) keeps(f dossier.Found) bool {
	return (q.Category == nil || f.Category == *q.Category) && (q.From == nil || !f.At.Before(*q.From)) && (q.Until == nil || f.At.Before(*q.Until))
}

// Hit is a record in which the words were met, with the piece of text in which they stand.
type Hit struct {
	dossier.Found
	Kind  string // a code of list search-kinds
	Ref   dossier.Ref
	Piece string // what was met stands between ⟦ and ⟧
}

// source is a kind of record that is searched: the function that says by the index which records meet words
// (make_searchable in the migrations), and what reads of these what the caller may read.
type source struct {
	kind, hits string
	read       func(context.Context, []uuid.UUID) ([]dossier.Found, error)
}

func (s *Service) sources() []source {
	dossiers := func(titles bool) func(context.Context, []uuid.UUID) ([]dossier.Found, error) {
		return func(ctx context.Context, ids []uuid.UUID) ([]dossier.Found, error) {
			return s.dossiers.FoundDossiers(ctx, ids, titles)
		}
	}
	return []source{
		{"dossier", "dossier_title_hits", dossiers(true)}, // before the rest of a dossier: one that is found by both is told by its title
		{"dossier", "dossier_hits", dossiers(false)},
		{"item", "item_hits", s.dossiers.FoundItems},
		{"action", "action_hits", s.plans.FoundActions},
		{"deliberation", "deliberation_hits", s.meetings.FoundDeliberations},
		{"decision", "decision_hits", s.meetings.FoundDecisions},
		{"plan", "plan_hits", s.plans.FoundPlans},
		{"goal", "goal_hits", s.plans.FoundGoals},
		{"document", "document_hits", s.Documents.Found},
	}
}

// atFirst is how many hits are read at first, and more how many times as many every time after: who sees few of
// many is served in few statements, and no page ends because of what he may not see.
const (
	atFirst = 500
	more    = 5
)

// Search reads a page of what the caller may read and the words are met in, the latest recorded first. Every page is
// full but the last.
func (s *Service) Search(ctx context.Context, q Query, p page.Request) (found []Hit, next *string, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if q.DossierID != nil {
			q.within = []uuid.UUID{*q.DossierID}
		}
		q.own = sync.OnceValues(func() ([]uuid.UUID, error) { return inDossiers(ctx) })
		for _, from := range s.sources() {
			if len(q.Kinds) > 0 && !slices.Contains(q.Kinds, from.kind) {
				continue
			}
			some, err := s.searchIn(ctx, from, q, p)
			if err != nil {
				return err
			}
			found = append(found, some...)
		}
		found, next = page.Cut(latest(found), p.Limit, func(h Hit) page.Cursor { return page.Cursor{ID: h.ID} })
		return s.show(ctx, q, found)
	})
	return found, next, err
}

// latest puts hits in the order of their ids, which is that of recording, each record once.
func latest(all []Hit) []Hit {
	slices.SortStableFunc(all, func(a, b Hit) int { return bytes.Compare(b.ID[:], a.ID[:]) })
	return slices.CompactFunc(all, func(a, b Hit) bool { return a.ID == b.ID })
}

// searchIn reads the latest hits in one kind of record, one more than a page when there are as many.
func (s *Service) searchIn(ctx context.Context, from source, q Query, p page.Request) (found []Hit, err error) {
	var before *uuid.UUID
	if p.After != nil {
		before = &p.After.ID
	}
	for many := atFirst; ; many *= more {
		ids, err := hits(ctx, from.hits, q, before, many)
		if err != nil {
			return nil, err
		}
		some, err := from.read(ctx, ids)
		if err != nil {
			return nil, err
		}
		for _, f := range some {
			if q.keeps(f) {
				found = append(found, Hit{Found: f, Kind: from.kind})
			}
		}
		if len(ids) < many || len(found) > p.Limit {
			found = latest(found)
			return found[:min(len(found), p.Limit+1)], nil
		}
		before = &ids[len(ids)-1]
		if q.within == nil { // many meet the words: he is not to go through what others wrote to find his own
			if q.within, err = q.own(); err != nil {
				return nil, err
			}
		}
	}
}

// show adds what stands beside hits: the dossier, and the piece of text with the words.
func (s *Service) show(ctx context.Context, q Query, found []Hit) error {
	if len(found) == 0 {
		return nil
	}
	texts, ids := make([]string, len(found)), make([]uuid.UUID, len(found))
	for i, h := range found {
		texts[i], ids[i] = strings.NewReplacer("⟦", "[", "⟧", "]").Replace(h.Text), h.DossierID
	}
	refs, err := s.dossiers.Refs(ctx, ids)
	if err != nil {
		return err
	}
	pieces, err := pieces(ctx, q.Text, texts)
	if err != nil {
		return err
	}
	for i := range found {
		found[i].Ref, found[i].Piece = refs[found[i].DossierID], strings.TrimSpace(pieces[i])
	}
	return nil
}
