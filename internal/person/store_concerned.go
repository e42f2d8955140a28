package person

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// concernedSQL follows the merges in force from a person to the registrations that are the same.
const concernedSQL = `with recursive same as (
  select p.id from person p where p.municipality_id = @municipality and p.id = @person
  union
  select case when m.other_id = s.id then m.survivor_id else m.other_id end from same s join person_merge m
    on m.municipality_id = @municipality and (m.other_id = s.id or m.survivor_id = s.id) and m.reversed_at is null
) select distinct d.id, d.number from subject x join same on same.id = x.person_id
  join dossier d on d.municipality_id = @municipality and d.id = x.dossier_id
  where x.municipality_id = @municipality order by d.number`

func concerned(ctx context.Context, of uuid.UUID) (all []Concerned, there bool, err error) {
	who, err := identity.From(ctx)
	if err != nil {
		return nil, false, err
	}
	var known int64
	if err := db.Mine(ctx, "person").Where("id = ?", of).Count(&known).Error; err != nil || known == 0 {
		return nil, false, err
	}
	err = db.Conn(ctx).Raw(concernedSQL, map[string]any{"municipality": who.Municipality, "person": of}).Scan(&all).Error
	return all, true, err
}
