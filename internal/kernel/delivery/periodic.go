package delivery

import (
	"context"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
)

// turn asks for what is done by the clock.
type turn struct{}

// Kind is the job's name in the queue.
func (turn) Kind() string { return "turn" }

// every is a schedule by the clock: at whole multiples of a length, so that a restart does not put it off.
type every struct{ length time.Duration }

// Next implements river.PeriodicSchedule.
func (e every) Next(now time.Time) time.Time { return now.Truncate(e.length).Add(e.length) }

// job is one turn in each period, whoever leads the queue then.
func (e every) job() *river.PeriodicJob {
	return river.NewPeriodicJob(e, func() (river.JobArgs, *river.InsertOpts) {
		return turn{}, &river.InsertOpts{MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByPeriod: e.length}}
	}, nil)
}

// clockwork does what is done by the clock.
type clockwork struct {
	river.WorkerDefaults[turn]
	work func(context.Context) error
	log  *slog.Logger
}

// Timeout implements river.Worker: a turn looks at every municipality.
func (*clockwork) Timeout(*river.Job[turn]) time.Duration { return 50 * time.Minute }

// Work implements river.Worker. A failure is for the operator; the next turn tries again.
func (c *clockwork) Work(ctx context.Context, _ *river.Job[turn]) error {
	if err := c.work(ctx); err != nil && ctx.Err() == nil {
		c.log.ErrorContext(ctx, "what is done by the clock failed and is tried again within the hour", "error", err)
	}
	return nil
}
