package db

import (
	"context"

	"gorm.io/gorm"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// Mine is a query on a table of the caller's municipality; the policies cut it to what he may see.
// Without an identity it fails.
func Mine(ctx context.Context, table string) *gorm.DB {
	who, err := identity.From(ctx)
	q := Conn(ctx).Table(table).Where(table+".municipality_id = ?", who.Municipality)
	if err != nil {
		_ = q.AddError(err)
	}
	return q
}

// NewestFirst cuts a list by (column, id), the latest first, with one row more than the page. It
// fails with problem.Invalid on a cursor of another list.
func NewestFirst(q *gorm.DB, column string, p page.Request) (*gorm.DB, error) {
	if p.After != nil {
		at, err := p.After.Time()
		if err != nil {
			return nil, err
		}
		q = q.Where("("+column+", id) < (?, ?)", at, p.After.ID)
	}
	return q.Order(column + " desc, id desc").Limit(p.Limit + 1), nil
}
