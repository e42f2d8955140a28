package alert

import (
	"context"
	"slices"
	"sync"

	"github.com/google/uuid"
)

// most is how many streams a person has open at once: each of them reads at every alert of his. One
// more ends his oldest, which is often one that nobody follows any more.
const most = 20

// seats are the open streams of each person, the oldest first. The zero value is ready for use.
type seats struct {
	mu    sync.Mutex
	taken map[uuid.UUID][]*seat
}

type seat struct{ end context.CancelFunc }

// take opens a stream: its context ends with the parent, when leave is called, or when it has to make
// room.
func (s *seats) take(parent context.Context, person uuid.UUID) (ctx context.Context, leave func()) {
	ctx, end := context.WithCancel(parent)
	mine := &seat{end}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.taken == nil {
		s.taken = map[uuid.UUID][]*seat{}
	}
	all := append(s.taken[person], mine)
	for len(all) > most {
		all[0].end()
		all = all[1:]
	}
	s.taken[person] = all
	return ctx, func() { s.leave(person, mine) }
}

func (s *seats) leave(person uuid.UUID, mine *seat) {
	mine.end()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken[person] = slices.DeleteFunc(s.taken[person], func(one *seat) bool { return one == mine })
	if len(s.taken[person]) == 0 {
		delete(s.taken, person)
	}
}
