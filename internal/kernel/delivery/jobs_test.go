package delivery

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

func TestJobs(t *testing.T) {
	t.Run("a job exists when its transaction commits, and not otherwise", func(t *testing.T) {
		s := newStage(t)
		done := make(chan HookJob, 10)
		workers := s.start(t, func(_ context.Context, job HookJob) (time.Duration, error) {
			done <- job
			return 0, nil
		})
		kept, lost := someJob(), someJob()
		failure := errors.New("rolled back")
		require.ErrorIs(t, s.add(t, failure, lost), failure)
		require.NoError(t, s.add(t, nil, kept))
		require.Equal(t, kept, arrives(t, done, "the job"))
		require.NoError(t, workers.Stop(t.Context()))
		require.False(t, workers.Alive())
		require.Empty(t, done)
	})

	t.Run("a job that asks for it comes back", func(t *testing.T) {
		s := newStage(t)
		times := 0
		done := make(chan int, 10)
		s.start(t, func(context.Context, HookJob) (time.Duration, error) {
			times++
			done <- times
			if times == 1 {
				return time.Millisecond, nil
			}
			return 0, nil
		})
		require.NoError(t, s.add(t, nil, someJob()))
		require.Equal(t, 1, arrives(t, done, "the first attempt"))
		require.Equal(t, 2, arrives(t, done, "the second attempt"))
	})

	t.Run("what stopping cuts off returns to the queue and is done by the next", func(t *testing.T) {
		s := newStage(t)
		begun := make(chan struct{})
		first := s.start(t, func(ctx context.Context, _ HookJob) (time.Duration, error) {
			close(begun)
			<-ctx.Done()
			return 0, ctx.Err()
		})
		job := someJob()
		require.NoError(t, s.add(t, nil, job))
		arrives(t, begun, "the job")
		over, cancel := context.WithCancel(t.Context())
		cancel()
		require.NoError(t, first.Stop(over))

		done := make(chan HookJob, 10)
		s.start(t, func(_ context.Context, job HookJob) (time.Duration, error) {
			done <- job
			return 0, nil
		})
		require.Equal(t, job, arrives(t, done, "the job once more"))
	})

	t.Run("a job outside a transaction of the system is refused", func(t *testing.T) {
		s := newStage(t)
		q, err := NewQueue(s.db, quiet())
		require.NoError(t, err)
		require.Error(t, q.AddHooks(t.Context(), someJob()))
		require.Error(t, s.db.Tx(s.writer, func(ctx context.Context) error { return q.AddHooks(ctx, someJob()) }))
	})
}

func someJob() HookJob { return HookJob{Municipality: veldhoven, Delivery: uuid.Must(uuid.NewV7())} }

func (s *stage) start(t *testing.T, work HookWork) *Workers {
	t.Helper()
	workers, err := Start(t.Context(), s.url, Tasks{Hook: work}, quiet())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, workers.Stop(context.Background())) })
	return workers
}

// add queues jobs in a transaction that ends with the error.
func (s *stage) add(t *testing.T, end error, jobs ...HookJob) error {
	t.Helper()
	q, err := NewQueue(s.db, quiet())
	require.NoError(t, err)
	ctx := identity.With(t.Context(), identity.System(veldhoven, "sequencer"))
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := q.AddHooks(ctx, jobs...); err != nil {
			return err
		}
		return end
	})
}
