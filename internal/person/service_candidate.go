package person

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// Candidates reads a page of registrations that may be of the same person, the latest registered first, of those that
// the caller may read. Nobody learns of one out of his sight; the municipal director sees the most of them.
func (s *Service) Candidates(ctx context.Context, of uuid.UUID, p page.Request) (all []Candidate, next *string, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		mine, err := s.find(ctx, of)
		if err != nil {
			return err
		}
		like := mine.stored
		if !mine.SeesBSN {
			like.BSNIndex = nil
		}
		reach := p
		reach.Limit = page.Max // where a page ends tells nothing of whom it leaves out
		rows, err := likePersons(ctx, like, reach)
		if err != nil {
			return err
		}
		seen, err := s.see(ctx, rows)
		for _, one := range seen {
			if c, is := mine.candidate(one); is && one.MergedIntoID == nil && (mine.MergedIntoID == nil || *mine.MergedIntoID != one.ID) {
				all = append(all, c)
			}
		}
		all, next = page.Cut(all, p.Limit, func(c Candidate) page.Cursor { return c.place() })
		return err
	})
	return all, next, err
}
