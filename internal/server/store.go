package server

import (
	"context"
	"errors"
	"fmt"
	"path"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

const (
	// keyLife is how long an Idempotency-Key is kept.
	keyLife = 24 * time.Hour
	// lockNotAvailable is the code of PostgreSQL for a lock that took longer than lock_timeout.
	lockNotAvailable = "55P03"
)

// A twin that is still running holds the unfinished row: the insert waits for it, two seconds at
// most. A row that is too old is taken over.
const claimSQL = `insert into idempotency (municipality_id, client_id, professional_id, operation, key, body_hash, created_at)
 values (?, ?, ?, ?, ?, ?, ?)
 on conflict (municipality_id, client_id, professional_id, operation, key) do update
 set body_hash = excluded.body_hash, status = 0, resource_id = null, location = '', created_at = excluded.created_at
 where idempotency.created_at < ?`

const earlierSQL = `select body_hash as hash, status, location from idempotency
 where municipality_id = ? and client_id = ? and professional_id = ? and operation = ? and key = ?`

const settleSQL = `update idempotency set status = ?, resource_id = ?, location = ?
 where municipality_id = ? and client_id = ? and professional_id = ? and operation = ? and key = ?`

// claim takes the key for this attempt, or gives the outcome of the one that has it. It fails with
// problem.Conflict while that one still runs.
func claim(ctx context.Context, a attempt) (*outcome, error) {
	conn := db.Conn(ctx)
	if err := conn.Exec("set local lock_timeout = '2s'").Error; err != nil {
		return nil, fmt.Errorf("claim key: %w", err)
	}
	taken := conn.Exec(claimSQL, a.Who.Municipality, a.Client, a.Who.Professional, a.Operation, a.Key, a.Hash, a.At, a.At.Add(-keyLife))
	var pg *pgconn.PgError
	if errors.As(taken.Error, &pg) && pg.Code == lockNotAvailable {
		return nil, problem.Errorf(problem.Conflict, "A request with this Idempotency-Key is still running; repeat it in a moment.")
	}
	if taken.Error != nil {
		return nil, fmt.Errorf("claim key: %w", taken.Error)
	}
	if taken.RowsAffected == 1 {
		return nil, conn.Exec("set local lock_timeout to default").Error
	}
	var earlier outcome
	err := conn.Raw(earlierSQL, a.Who.Municipality, a.Client, a.Who.Professional, a.Operation, a.Key).Scan(&earlier).Error
	if err != nil {
		return nil, fmt.Errorf("earlier outcome of key: %w", err)
	}
	return &earlier, nil
}

// settle keeps the outcome beside the key.
func settle(ctx context.Context, a attempt, o outcome) error {
	if o.Location == "" {
		return fmt.Errorf("operation %s answered %d without a Location", a.Operation, o.Status)
	}
	var resource *uuid.UUID
	if id, err := uuid.Parse(path.Base(o.Location)); err == nil {
		resource = &id
	}
	err := db.Conn(ctx).Exec(settleSQL, o.Status, resource, o.Location,
		a.Who.Municipality, a.Client, a.Who.Professional, a.Operation, a.Key).Error
	if err != nil {
		return fmt.Errorf("settle key: %w", err)
	}
	return nil
}
