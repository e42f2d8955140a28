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

// plain are the columns of a person without its number and keys.
const plain = `p.municipality_id, p.id, p.supplier_id, p.registered_at, p.given_names, p.prefix, p.family_name, p.birth_date, p.gender, p.nationality,
  p.bsn_ground, p.address, p.address_secret, p.address_supplier_id, p.phone, p.email`

const registrationsSQL = `with recursive same as (
  select p.id from person p where p.municipality_id = @municipality and p.id = @person
  union
  select case when m.other_id = s.id then m.survivor_id else m.other_id end from same s join person_merge m
    on m.municipality_id = @municipality and (m.other_id = s.id or m.survivor_id = s.id) and m.reversed_at is null
) select ` + plain + ` from same join person p on p.municipality_id = @municipality and p.id = same.id order by p.registered_at, p.id`

func registrations(ctx context.Context, of uuid.UUID) (all []Person, err error) {
	who, err := identity.From(ctx)
	if err != nil {
		return nil, err
	}
	err = db.Conn(ctx).Raw(registrationsSQL, map[string]any{"municipality": who.Municipality, "person": of}).Scan(&all).Error
	return all, err
}

// othersSQL takes merges that were reversed along too: under whatever name somebody was known, it is not that person's.
const othersSQL = `with recursive known as (
  select s.person_id, s.role from subject s
    where s.municipality_id = @municipality and s.dossier_id = any(@dossiers) and not s.person_id = any(@beside)
  union
  select case when m.other_id = k.person_id then m.survivor_id else m.other_id end, k.role from known k join person_merge m
    on m.municipality_id = @municipality and (m.other_id = k.person_id or m.survivor_id = k.person_id)
) select k.role, ` + plain + ` from known k join person p on p.municipality_id = @municipality and p.id = k.person_id
  where not k.person_id = any(@beside) order by p.id, k.role`

func others(ctx context.Context, dossiers, beside []uuid.UUID) (all []Other, err error) {
	who, err := identity.From(ctx)
	if err != nil {
		return nil, err
	}
	err = db.Conn(ctx).Raw(othersSQL, map[string]any{"municipality": who.Municipality, "dossiers": db.IDs(dossiers), "beside": db.IDs(beside)}).Scan(&all).Error
	return all, err
}

func whom(ctx context.Context, dossiers []uuid.UUID) (map[uuid.UUID][]uuid.UUID, error) {
	var rows []struct{ DossierID, PersonID uuid.UUID }
	err := db.Mine(ctx, "subject").Distinct("dossier_id", "person_id").Where("dossier_id = any(?)", db.IDs(dossiers)).Find(&rows).Error
	all := map[uuid.UUID][]uuid.UUID{}
	for _, row := range rows {
		all[row.DossierID] = append(all[row.DossierID], row.PersonID)
	}
	return all, err
}
