package organisation

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// cursorLength bounds the part of a name that orders a list, so that it fits in a cursor.
const cursorLength = 60

// mine is a query on a table of the caller's municipality.
func mine(ctx context.Context, table string) *gorm.DB {
	who, err := identity.From(ctx)
	q := db.Conn(ctx).Table(table).Where(table+".municipality_id = ?", who.Municipality)
	if err != nil {
		_ = q.AddError(err)
	}
	return q
}

func find[T any](ctx context.Context, table string, id uuid.UUID) (one T, err error) {
	err = db.One(mine(ctx, table).Where(table+".id = ?", id).Take(&one))
	return one, err
}

// byName cuts a list that is ordered by the first 60 characters of the name.
func byName[T any](q *gorm.DB, table string, p page.Request) (rows []T, err error) {
	key := fmt.Sprintf("left(%s.name, %d), %s.id", table, cursorLength, table)
	if p.After != nil {
		q = q.Where("("+key+") > (?, ?)", strings.ToValidUTF8(p.After.Key, ""), p.After.ID)
	}
	err = q.Order(key).Limit(p.Limit + 1).Find(&rows).Error
	return rows, err
}

// nameKey is the part of a name by which byName orders.
func nameKey(name string, id uuid.UUID) page.Cursor {
	runes := []rune(name)
	return page.Cursor{Key: string(runes[:min(len(runes), cursorLength)]), ID: id}
}

// touchPeople counts that who takes part has changed. Whoever changes people waits here for the
// other, so that a rule about all of them holds.
func touchPeople(ctx context.Context) error {
	who, err := identity.From(ctx)
	if err != nil {
		return err
	}
	return db.Conn(ctx).Exec("update municipality_stamp set people = people + 1 where municipality_id = ?", who.Municipality).Error
}
