package delivery

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

func TestSequencer(t *testing.T) {
	t.Run("an event that commits late is numbered late, and no cursor has passed it", func(t *testing.T) {
		s := newStage(t)
		q := NewSequencer(s.db, &Broadcaster{}, quiet())
		recorded, commit, committed := make(chan struct{}), make(chan struct{}), make(chan uuid.UUID)
		go func() {
			id, _ := s.record(func() {}, func() error {
				close(recorded)
				<-commit
				return nil
			})
			committed <- id
		}()
		arrives(t, recorded, "the first event")
		second, err := s.record(func() {}, nil)
		require.NoError(t, err)
		_, err = q.round(t.Context(), nobody)
		require.NoError(t, err)
		close(commit)
		first := arrives(t, committed, "the late commit")
		_, err = q.round(t.Context(), nobody)
		require.NoError(t, err)

		subjects, seqs := s.feed(t)
		require.Equal(t, []uuid.UUID{second, first}, subjects)
		require.Equal(t, []int64{1, 2}, seqs)
		var earlier bool // what makes a cursor on time or id lose it
		require.NoError(t, s.admin.QueryRow(t.Context(), `select a.at < b.at and a.id < b.id from feed a, feed b
			where a.seq = 2 and b.seq = 1`).Scan(&earlier))
		require.True(t, earlier)
	})

	t.Run("events of one moment are in the order in which they happened", func(t *testing.T) {
		s := newStage(t)
		var want []uuid.UUID
		for range 5 {
			id, err := s.record(func() {}, nil)
			require.NoError(t, err)
			want = append(want, id)
		}
		_, err := NewSequencer(s.db, &Broadcaster{}, quiet()).round(t.Context(), func(_ context.Context, events []Event) error {
			for i, e := range events {
				require.Equal(t, int64(i+1), e.Seq)
				require.Equal(t, want[i], e.SubjectID)
				require.Equal(t, []string{"status"}, e.Fields)
				require.NotNil(t, e.ActorID)
				require.Nil(t, e.Category)
			}
			return nil
		})
		require.NoError(t, err)
	})

	t.Run("what cannot be told stays pending and comes again", func(t *testing.T) {
		s := newStage(t)
		_, err := s.record(func() {}, nil)
		require.NoError(t, err)
		q := NewSequencer(s.db, &Broadcaster{}, quiet())
		failure := errors.New("no")
		_, err = q.round(t.Context(), func(context.Context, []Event) error { return failure })
		require.ErrorIs(t, err, failure)
		subjects, _ := s.feed(t)
		require.Empty(t, subjects)

		_, err = q.round(t.Context(), nobody)
		require.NoError(t, err)
		_, seqs := s.feed(t)
		require.Equal(t, []int64{1}, seqs)
	})

	t.Run("a feed that another instance holds is left alone", func(t *testing.T) {
		s := newStage(t)
		_, err := s.admin.Exec(t.Context(), "insert into feed_head (municipality_id) values ('GM0861')")
		require.NoError(t, err)
		_, err = s.record(func() {}, nil)
		require.NoError(t, err)
		held, err := s.admin.Begin(t.Context())
		require.NoError(t, err)
		_, err = held.Exec(t.Context(), "select from feed_head where municipality_id = 'GM0861' for update")
		require.NoError(t, err)

		q := NewSequencer(s.db, &Broadcaster{}, quiet())
		n, err := q.move(t.Context(), veldhoven, nobody)
		require.NoError(t, err)
		require.Zero(t, n)
		require.NoError(t, held.Rollback(t.Context()))
		n, err = q.move(t.Context(), veldhoven, nobody)
		require.NoError(t, err)
		require.Equal(t, 1, n)
	})
}

// TestThreeSequencers lets commits come in another order than the events, some of them not at all,
// and compares what a reader who resumes after its last number gets with what is in the feed.
func TestThreeSequencers(t *testing.T) {
	const writers, each = 8, 25
	s := newStage(t)
	told := telling{more: make(chan struct{}, 1)}
	heard := &Broadcaster{}
	while(t, func(ctx context.Context) { heard.Listen(ctx, s.url, quiet()) })
	var instances []*Sequencer
	for range 3 {
		q := NewSequencer(s.open(t), &Broadcaster{}, quiet())
		instances = append(instances, q)
		while(t, func(ctx context.Context) { q.Run(ctx, told.tell) })
	}
	grown, cancel := heard.Subscribe(veldhoven)
	defer cancel()

	committed := write(t, s, writers, each, instances)
	var read []uuid.UUID
	for len(read) < len(committed) {
		arrives(t, grown, "a wake-up while events wait")
		subjects, _ := s.feed(t)
		read = append(read, subjects[len(read):]...)
	}

	for told.count() < len(committed) { // told after the commit, and so a moment after it can be read
		arrives(t, told.more, "the last batch is told")
	}

	subjects, seqs := s.feed(t)
	require.Equal(t, subjects, read, "what was read while the feed grew is the feed")
	require.Equal(t, subjects, told.inOrder(), "each event was told once, in the order of the feed")
	require.ElementsMatch(t, committed, subjects, "no event is lost or doubled, none that was rolled back is there")
	for i, seq := range seqs {
		require.Equal(t, int64(i+1), seq, "no gap")
	}
}

// telling notes what was told, by number, once it is committed.
type telling struct {
	mu   sync.Mutex
	told []Event
	more chan struct{} // holds one signal; nil where nobody waits
}

func (t *telling) tell(ctx context.Context, events []Event) error {
	db.AfterCommit(ctx, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.told = append(t.told, events...)
		select {
		case t.more <- struct{}{}:
		default: // the one who waits will look already
		}
	})
	return nil
}

func (t *telling) count() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.told)
}

func (t *telling) inOrder() (subjects []uuid.UUID) {
	t.mu.Lock()
	defer t.mu.Unlock()
	slices.SortFunc(t.told, func(a, b Event) int { return int(a.Seq - b.Seq) })
	for _, e := range t.told {
		subjects = append(subjects, e.SubjectID)
	}
	return subjects
}

// write records events by several writers at once and gives those that were committed.
func write(t *testing.T, s *stage, writers, each int, instances []*Sequencer) (committed []uuid.UUID) {
	t.Helper()
	order := &shuffle{active: writers, random: rand.New(rand.NewPCG(1, 2))}
	rollback := errors.New("rolled back")
	var mu sync.Mutex
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			defer order.leave()
			for i := range each {
				id, err := s.record(instances[(w+i)%len(instances)].Wake, func() error {
					order.hold()
					if (w+i)%5 == 0 {
						return rollback
					}
					return nil
				})
				if err == nil {
					mu.Lock()
					committed = append(committed, id)
					mu.Unlock()
				} else if !errors.Is(err, rollback) {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	return committed
}

// shuffle holds transactions open and lets a random one go when four wait, or all that are left.
type shuffle struct {
	mu      sync.Mutex
	waiting []chan struct{}
	active  int
	random  *rand.Rand
}

func (s *shuffle) hold() {
	mine := make(chan struct{})
	s.mu.Lock()
	s.waiting = append(s.waiting, mine)
	s.release()
	s.mu.Unlock()
	<-mine
}

func (s *shuffle) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.active--
	s.release()
}

func (s *shuffle) release() {
	for len(s.waiting) > 0 && len(s.waiting) >= min(4, s.active) {
		i := s.random.IntN(len(s.waiting))
		close(s.waiting[i])
		s.waiting = slices.Delete(s.waiting, i, i+1)
	}
}
