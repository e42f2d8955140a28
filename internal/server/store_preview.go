package server

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// rowsInSight tells which rows of some tables, named with a space between them, the caller may read.
func rowsInSight(ctx context.Context, tables string, ids []uuid.UUID) (map[uuid.UUID]bool, error) {
	may := make(map[uuid.UUID]bool, len(ids))
	for table := range strings.FieldsSeq(tables) {
		var found []uuid.UUID
		if err := db.Mine(ctx, table).Where("id = any(?)", db.IDs(ids)).Pluck("id", &found).Error; err != nil {
			return nil, err
		}
		for _, id := range found {
			may[id] = true
		}
	}
	return may, nil
}

// personsInSight tells of which persons the caller sees the citizen service number (category bsn, where they are a
// subject or as their supplier), or the address, which may be secret.
func personsInSight(ctx context.Context, of string, ids []uuid.UUID) (map[uuid.UUID]bool, error) {
	q := db.Mine(ctx, "person").Where("id = any(?)", db.IDs(ids))
	if of == itsAddress {
		q = q.Where("not address_secret or address_supplier_id = (select me_partner())")
	} else {
		q = q.Where(`(not attached or (select true from my_subjects s join my_admissions a on a.dossier_id = s.dossier_id and not a.shielded
			and (a.see >> ?) & 1 = 1 where s.person_id = person.id limit 1))`, int(authz.BSN))
	}
	var found []uuid.UUID
	err := q.Pluck("id", &found).Error
	may := make(map[uuid.UUID]bool, len(found))
	for _, id := range found {
		may[id] = true
	}
	return may, err
}
