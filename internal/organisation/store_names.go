package organisation

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// home is a municipality, and how often its people have changed.
type home struct {
	Name     string
	TimeZone string
	People   int64
}

const homeSQL = `select m.name, m.time_zone, s.people from municipality m join municipality_stamp s on s.municipality_id = m.id where m.id = ?`

// homeOf reads the caller's municipality.
func homeOf(ctx context.Context) (h home, err error) {
	who, err := identity.From(ctx)
	if err != nil {
		return h, err
	}
	return h, db.Conn(ctx).Raw(homeSQL, who.Municipality).Scan(&h).Error
}

// namesIn reads the names in a table by id.
func namesIn(ctx context.Context, table string) (map[uuid.UUID]string, error) {
	var rows []struct {
		ID   uuid.UUID
		Name string
	}
	err := mine(ctx, table).Select("id, name").Find(&rows).Error
	names := make(map[uuid.UUID]string, len(rows))
	for _, row := range rows {
		names[row.ID] = row.Name
	}
	return names, err
}
