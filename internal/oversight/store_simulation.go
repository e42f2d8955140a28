package oversight

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// candidates is how many changes of each kind are drawn, from which the caller's sample is taken.
const candidates = 200

// concerned is a partner that may come in, and whether one of its people has the role municipal director.
type concerned struct {
	ID      uuid.UUID
	Type    string
	Directs bool
}

func findConcerned(ctx context.Context) (all []concerned, err error) {
	err = db.Mine(ctx, "partner").Select(`id, type, exists (select from professional p where p.municipality_id = partner.municipality_id
		and p.partner_id = partner.id and p.roles @> '"municipal-director"') as directs`).Where("status = 'active'").Order("id").Find(&all).Error
	return all, err
}

// change is a line of what a simulation finds: a count, or with a dossier one that was drawn.
type change struct {
	What      string
	PartnerID uuid.UUID
	DossierID *uuid.UUID
	ItemID    *uuid.UUID
	Category  *int
	N         int
}

// findChanges counts, in one statement and therefore at one moment, what the masks change. The role municipal
// director has what roleMasks say.
func findChanges(ctx context.Context, masks, roleMasks []mask) (all []change, err error) {
	if len(masks) == 0 {
		return nil, nil
	}
	text, err := json.Marshal(masks)
	if err != nil {
		return nil, err
	}
	conn := db.Conn(ctx)
	// The masks look like a hundred rows to the planner, whatever they are: a loop over an index for each of
	// them would read every admission of a municipality one by one.
	const settings = `select set_config('work_mem', '128MB', true), set_config('enable_nestloop', 'off', true),
		set_config('enable_sort', 'off', true), set_config('jit', 'off', true)`
	if err := conn.Exec(settings).Error; err != nil {
		return nil, err
	}
	knew, knows := knownBy(roleMasks)
	err = conn.Raw(changesSQL, map[string]any{
		"masks": string(text), "touched": touched(masks), "role_old": knew, "role_new": knows, "types": array(authz.DossierTypes()), "basis": array(authz.Bases()),
		"bases": len(authz.Bases()), "candidates": candidates,
	}).Scan(&all).Error
	return all, err
}

// array is a text[] as PostgreSQL writes it, of names that need no quotes.
func array(names []string) string { return "{" + strings.Join(names, ",") + "}" }

// changesSQL repeats the policies for every partner at once, under the old and the new masks: `way` is what
// my_admissions shows, `sight` the union of a partner's ways into a dossier, and `reading` the policy on
// items. An admission in an emergency opens nothing under secrecy, so that there are two unions.
const changesSQL = `with
mask as materialized (
  select * from jsonb_to_recordset(cast(@masks as jsonb)) as m (partner uuid, type int, profile int, ceiling bigint, see_old bigint, see_new bigint,
    own_old bigint, own_new bigint, released_old bigint, released_new bigint)),
valid as materialized (
  select p.id, p.partner_id, p.roles @> '"municipal-director"' as directs from professional p join municipality m on m.id = p.municipality_id
    join partner o on o.municipality_id = p.municipality_id and o.id = p.partner_id and o.status = 'active'
  where p.municipality_id = (select me_municipality())
    and (p.valid_until is null or p.valid_until >= (statement_timestamp() at time zone m.time_zone)::date)),
way as not materialized (
  select m.partner, m.type, m.profile, a.dossier_id, a.holder, a.kind <> 'emergency' as opens_secrets,
    ((m.see_old & ~a.denied) | a.granted | role_sees(a.roles)) & m.ceiling as see_old,
    ((m.see_new & ~a.denied) | a.granted | role_sees(a.roles)) & m.ceiling as see_new,
    (m.own_old & ~a.denied) | a.granted_own as own_old,
    (m.own_new & ~a.denied) | a.granted_own as own_new,
    ((m.released_old & ~a.denied) | a.granted_released | role_sees_released(a.roles)) & m.ceiling as released_old,
    ((m.released_new & ~a.denied) | a.granted_released | role_sees_released(a.roles)) & m.ceiling as released_new
  from admission a join valid v on v.id = a.holder join mask m on m.partner = v.partner_id and m.profile = a.profile
  where a.municipality_id = (select me_municipality()) and a.since <= statement_timestamp() and a.until > statement_timestamp() and not a.shielded and not a.restricted
  offset 0),
sight as materialized (
  select partner, min(type) as type, min(profile) as profile, dossier_id,
    bit_or(see_old) as see_old, bit_or(see_new) as see_new, bit_or(own_old) as own_old, bit_or(own_new) as own_new,
    bit_or(released_old) as released_old, bit_or(released_new) as released_new,
    coalesce(bit_or(see_old) filter (where opens_secrets), 0) as secret_see_old, coalesce(bit_or(see_new) filter (where opens_secrets), 0) as secret_see_new,
    coalesce(bit_or(own_old) filter (where opens_secrets), 0) as secret_own_old, coalesce(bit_or(own_new) filter (where opens_secrets), 0) as secret_own_new,
    coalesce(bit_or(released_old) filter (where opens_secrets), 0) as secret_released_old,
    coalesce(bit_or(released_new) filter (where opens_secrets), 0) as secret_released_new,
    bit_or((see_old # see_new) | (own_old # own_new) | (released_old # released_new)) as touched,
    bool_or(see_old | own_old | released_old <> 0 and see_new | own_new | released_new = 0) as loses
  from way group by partner, dossier_id
  having bit_or((see_old # see_new) | (own_old # own_new) | (released_old # released_new)) <> 0),
freed as materialized (
  select r.item_id, bool_or(r.partner_ids = '[]') as everybody, array_agg(p.id::uuid) as partners
  from release r left join lateral jsonb_array_elements_text(r.partner_ids) as p (id) on true
  where r.municipality_id = (select me_municipality()) and r.withdrawn_at is null and (r.until is null or r.until > statement_timestamp())
  group by r.item_id),
reading as (
  select s.partner, i.dossier_id, i.id, i.category,
    (case when i.secret then s.secret_see_old else s.see_old end >> i.category) & 1 = 1
      or i.supplier_id = s.partner and (case when i.secret then s.secret_own_old else s.own_old end >> i.category) & 1 = 1
      or (f.everybody or s.partner = any(f.partners)) and (case when i.secret then s.secret_released_old else s.released_old end >> i.category) & 1 = 1
      as old,
    (case when i.secret then s.secret_see_new else s.see_new end >> i.category) & 1 = 1
      or i.supplier_id = s.partner and (case when i.secret then s.secret_own_new else s.own_new end >> i.category) & 1 = 1
      or (f.everybody or s.partner = any(f.partners)) and (case when i.secret then s.secret_released_new else s.released_new end >> i.category) & 1 = 1
      as new
  from item i join sight s on s.dossier_id = i.dossier_id left join freed f on f.item_id = i.id
  where i.municipality_id = (select me_municipality()) and not i.restricted and i.withdrawn_at is null and (cast(@touched as bigint) >> i.category) & 1 = 1 and (s.touched >> i.category) & 1 = 1
    and (i.supplier_id = s.partner or (not i.secret or i.secret_ground is not null) and (i.withheld_types >> s.type) & 1 = 0
      and (i.withheld_partners = '[]' or not i.withheld_partners @> to_jsonb(s.partner::text)))),
item_change as materialized (
  select partner, dossier_id, id, category, coalesce(new, false) as gained from reading where coalesce(old, false) <> coalesce(new, false)),
dossier_change as (
  select partner, dossier_id, (see_new | own_new | released_new) <> 0 as gained from sight
  where ((see_old | own_old | released_old) <> 0) <> ((see_new | own_new | released_new) <> 0)),
directed as (
  select id, case_director_id, chair_id, (array_position(cast(@types as text[]), type) - 1) * @bases + array_position(cast(@basis as text[]), basis) - 1 as profile from dossier
  where municipality_id = (select me_municipality()) and status not in ('closed', 'rejected') and shielded_at is null),
seat as (
  select d.id as dossier_id, v.id, v.partner_id, v.directs, d.profile from directed d join valid v on v.id = d.case_director_id
  union select d.id, v.id, v.partner_id, v.directs, d.profile from directed d join valid v on v.id = d.chair_id),
threatened as (
  select s.*, s.directs and (cast(@role_old as bigint) >> s.profile) & 1 = 1 as knew from seat s
  where not (s.directs and (cast(@role_new as bigint) >> s.profile) & 1 = 1)
    and (exists (select from sight x where x.dossier_id = s.dossier_id and x.partner = s.partner_id and x.loses)
      or s.directs and (cast(@role_old as bigint) >> s.profile) & 1 = 1)),
stopped as (
  select s.partner_id from threatened s left join way w on w.dossier_id = s.dossier_id and w.holder = s.id group by s.partner_id, s.id, s.dossier_id
  having (bool_or(s.knew) or coalesce(bit_or(w.see_old | w.own_old | w.released_old), 0) <> 0)
    and coalesce(bit_or(w.see_new | w.own_new | w.released_new), 0) = 0)
select 'dossier ' || case when gained then 'gained' else 'lost' end as what, partner as partner_id, null::uuid as dossier_id, null::uuid as item_id,
  null::int as category, count(*) as n from dossier_change group by partner, gained
union all select 'item ' || case when gained then 'gained' else 'lost' end, partner, null, null, null, count(*) from item_change group by partner, gained
union all select 'person ' || case when see_new & 1 = 1 then 'gained' else 'lost' end, partner, null, null, null, count(*)
  from sight where profile < 5 and see_old & 1 <> see_new & 1 group by partner, see_new & 1
union all select 'action', s.partner, null, null, null, count(*) from action x join sight s on s.dossier_id = x.dossier_id and s.partner = x.partner_id
  where x.municipality_id = (select me_municipality()) and x.status = 'open'
    and ((s.see_old | s.own_old) >> 13) & 1 = 1 and ((s.see_new | s.own_new) >> 13) & 1 = 0 group by s.partner
union all select 'seat', partner_id, null, null, null, count(*) from stopped group by partner_id
union all (select case when gained then 'gained' else 'lost' end, partner, dossier_id, null, null, 1 from dossier_change order by random() limit @candidates)
union all (select case when gained then 'gained' else 'lost' end, partner, dossier_id, id, category::int, 1 from item_change order by random() limit @candidates)`
