package delivery

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// Queue takes jobs in the transaction that makes them necessary.
type Queue struct{ client *river.Client[*sql.Tx] }

// NewQueue makes a queue on the database; it works on nothing itself, see Start.
func NewQueue(database *db.DB, log *slog.Logger) (*Queue, error) {
	pool, err := database.SystemPool()
	if err != nil {
		return nil, err
	}
	client, err := river.NewClient(riverdatabasesql.New(pool), &river.Config{Logger: slog.New(warnings{log.Handler()}), FetchCooldown: cooldown})
	return &Queue{client: client}, err
}

// Tasks are what the workers do.
type Tasks struct {
	Hook HookWork // webhooks; nobody sends them when it is nil
	// Hourly is called at every whole hour, in one process of all that run, when it is there. It must be safe
	// to repeat; when it fails, the next hour tries again.
	Hourly func(context.Context) error
}

// Workers work on the queue.
type Workers struct {
	client *river.Client[pgx.Tx]
	pool   *pgxpool.Pool
}

const (
	maxTurns = 1
	jobConns = 3 // one listens, two fetch and complete
	// cooldown is how close two fetches, or two notifications of new jobs, may follow each other.
	cooldown = 100 * time.Millisecond
)

// Start begins to work on the queue of the database at url, on connections of its own. It fails
// when the database cannot be reached.
func Start(ctx context.Context, url string, tasks Tasks, log *slog.Logger) (*Workers, error) {
	return start(ctx, url, tasks, every{time.Hour}, log)
}

func start(ctx context.Context, url string, tasks Tasks, pace every, log *slog.Logger) (*Workers, error) {
	pool, err := jobPool(ctx, url)
	if err != nil {
		return nil, err
	}
	workers := river.NewWorkers()
	queues := map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: maxTurns}}
	if tasks.Hook != nil {
		river.AddWorker(workers, river.WorkFunc(tasks.Hook.work))
		queues[hookQueue] = river.QueueConfig{MaxWorkers: maxHooks}
	}
	var periodic []*river.PeriodicJob
	if tasks.Hourly != nil {
		river.AddWorker(workers, &clockwork{work: tasks.Hourly, log: log})
		periodic = append(periodic, pace.job())
	}
	client, err := river.NewClient(riverpgxv5.New(pool), &river.Config{
		PeriodicJobs:      periodic,
		Logger:            slog.New(warnings{log.Handler()}),
		Queues:            queues,
		Workers:           workers,
		FetchCooldown:     cooldown,
		JobTimeout:        2 * time.Minute,
		ReindexerSchedule: river.NeverSchedule(), // the role owns nothing, PostgreSQL's autovacuum suffices
	})
	if err == nil {
		err = client.Start(context.WithoutCancel(ctx)) // stopping is Stop's
	}
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("job queue: %w", err)
	}
	return &Workers{client: client, pool: pool}, nil
}

func jobPool(ctx context.Context, url string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("DATABASE_URL is not a PostgreSQL URL: %w", err)
	}
	config.MaxConns, config.MinConns = jobConns, 0
	config.ConnConfig.RuntimeParams["application_name"] = "wijkregie jobs"
	config.ConnConfig.RuntimeParams["timezone"] = "UTC"
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "set role wijkregie_system")
		return err
	}
	return pgxpool.NewWithConfig(ctx, config)
}

// outcome tells the queue how a job went. One that shutting down cuts off is free again at once.
func outcome(ctx context.Context, again time.Duration, err error) error {
	switch {
	case err != nil && ctx.Err() != nil:
		return &rivertype.JobSnoozeError{}
	case err != nil:
		return err
	case again > 0:
		return &rivertype.JobSnoozeError{Duration: again}
	}
	return nil
}

// Alive tells whether the workers are at work.
func (w *Workers) Alive() bool {
	select {
	case <-w.client.Stopped():
		return false
	default:
		return true
	}
}

// Stop takes no more jobs and lets those at hand finish while ctx lasts; what is not done then is
// cut off and returns to the queue.
func (w *Workers) Stop(ctx context.Context) error {
	defer w.pool.Close()
	if err := w.client.Stop(ctx); err == nil || ctx.Err() == nil {
		return err
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return w.client.StopAndCancel(bounded)
}
