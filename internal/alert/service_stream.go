package alert

import (
	"context"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// chunk is how many alerts one transaction reads for a stream.
const chunk = 100

// Resume says after which number a stream begins: after last when the caller names one, else after
// the latest alert of his inbox. It fails with problem.Forbidden for a system.
func (s *Service) Resume(ctx context.Context, last *int64) (after int64, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := person(ctx)
		if err != nil {
			return err
		}
		if last != nil {
			after = *last
			return nil
		}
		after, err = highest(ctx, who)
		return err
	})
	return after, err
}

// Chunk is a piece of a stream.
type Chunk struct {
	Seen  []Seen
	After int64             // where the next piece begins
	More  bool              // whether it may be there already
	Who   identity.Identity // the caller, made anew when the records behind him changed
}

// Following reads what comes after a number, the earliest first, under the rights of this moment.
func (s *Service) Following(ctx context.Context, after int64) (Chunk, error) {
	return s.follow(ctx, after, func(ctx context.Context, who identity.Identity) ([]line, error) {
		return following(ctx, who, after, chunk)
	})
}

// Handed is Following of what the hub has read already; rights are asked all the same.
func (s *Service) Handed(ctx context.Context, after int64, news []line) (Chunk, error) {
	return s.follow(ctx, after, func(ctx context.Context, _ identity.Identity) ([]line, error) { return news, db.PlanOnce(ctx) })
}

func (s *Service) follow(ctx context.Context, after int64, read func(context.Context, identity.Identity) ([]line, error)) (c Chunk, err error) {
	c.After = after
	err = s.k.DB.Look(ctx, func(ctx context.Context) error {
		if c.Who, err = person(ctx); err != nil {
			return err
		}
		lines, err := read(ctx, c.Who)
		if err != nil || len(lines) == 0 {
			return err
		}
		c.After, c.More = lines[len(lines)-1].Seq, len(lines) == chunk
		c.Seen, err = s.see(ctx, lines)
		return err
	})
	return c, err
}
