package delivery

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// HookJob asks for one delivery by webhook.
type HookJob struct {
	Municipality string    `json:"municipality"`
	Delivery     uuid.UUID `json:"delivery"`
}

// Kind is the job's name in the queue.
func (HookJob) Kind() string { return "webhook" }

// InsertOpts keeps webhooks apart: a receiver that is slow holds up no mail.
func (HookJob) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: hookQueue} }

const (
	hookQueue = "webhook"
	// maxHooks is how many webhooks leave at once. Each mostly waits for a receiver, and a partner has few of them, so that
	// those of several are slow before another waits.
	maxHooks = 100
)

// HookWork does one job; it must be safe to repeat. A positive again asks for the job to come back after
// that time. An error is tried again by the queue; it is stored there and must not name a person.
type HookWork func(ctx context.Context, job HookJob) (again time.Duration, err error)

func (w HookWork) work(ctx context.Context, job *river.Job[HookJob]) error {
	again, err := w(ctx, job.Args)
	return outcome(ctx, again, err)
}

// AddHooks puts webhooks in the queue with the running transaction, which must be the system's.
func (q *Queue) AddHooks(ctx context.Context, jobs ...HookJob) error {
	tx, ok := db.Conn(ctx).Statement.ConnPool.(*sql.Tx)
	if !ok {
		return errors.New("a job needs a transaction")
	}
	if len(jobs) == 0 {
		return nil
	}
	params := make([]river.InsertManyParams, len(jobs))
	for i, job := range jobs {
		params[i] = river.InsertManyParams{Args: job}
	}
	if _, err := q.client.InsertManyFastTx(ctx, tx, params); err != nil {
		return fmt.Errorf("add to the queue of webhooks: %w", err)
	}
	return nil
}
