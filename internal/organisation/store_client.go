package organisation

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

func findClient(ctx context.Context, id uuid.UUID) (Client, error) {
	return find[Client](ctx, "client", id)
}

func listClients(ctx context.Context, partner *uuid.UUID, p page.Request) ([]Client, error) {
	q := mine(ctx, "client")
	if partner != nil {
		q = q.Where("partner_id = ?", *partner)
	}
	return byName[Client](q, "client", p)
}

// markUsed notes that a client came in; the system does, and its tag does not move.
func markUsed(ctx context.Context, id uuid.UUID, now time.Time) error {
	return mine(ctx, "client").Where("id = ?", id).Update("last_used_at", now).Error
}

const onceSQL = `with gone as (delete from client_assertion where client_id = ? and until < ?)
 insert into client_assertion (client_id, jti, until) values (?, ?, ?) on conflict do nothing`

// once remembers an assertion, and tells whether it was new.
func once(ctx context.Context, client uuid.UUID, jti string, now, until time.Time) (bool, error) {
	result := db.Conn(ctx).Exec(onceSQL, client, now, client, jti, until)
	return result.RowsAffected == 1, result.Error
}
