package oversight

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// bearersSQL is who comes in by whose admission: a professional and a system by their own, a substitute by that
// of who is away, a municipal director by the one of his role. Who may not come in at all is left out.
const bearersSQL = `with valid as (
  select r.id, r.partner_id, r.roles from professional r join partner o on o.municipality_id = r.municipality_id and o.id = r.partner_id
  where r.municipality_id = @municipality and o.status = 'active' and (r.valid_until is null or r.valid_until >= @today)
), bearer as materialized (
  select id as holder, partner_id as partner, id as professional from valid
  union all select s.professional_id, v.partner_id, v.id
    from substitution s join valid v on v.id = s.substitute_id
    join professional away on away.municipality_id = s.municipality_id and away.id = s.professional_id
    where s.municipality_id = @municipality and s.starts_at <= statement_timestamp() and s.ends_at > statement_timestamp()
      and (away.valid_until is null or away.valid_until >= @today)
  union all select id, id, null from partner where municipality_id = @municipality and status = 'active'
  union all select cast(@director as uuid), partner_id, id from valid
    where exists (select from jsonb_array_elements_text(roles) role where role = 'municipal-director')
)`

const liveSQL = ` a.municipality_id = @municipality and a.since <= statement_timestamp() and a.until > statement_timestamp() and not a.shielded and not a.restricted`

const kinsSQL = bearersSQL + ` select b.partner, a.kind, a.profile, a.roles, a.granted, a.granted_released, a.granted_own, a.granted_add,
  a.granted_edit_own, a.granted_edit_all, a.denied, count(*) as many
 from admission a join bearer b on b.holder = a.holder where` + liveSQL + ` group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11`

// casesSQL finds some dossiers and people behind each of some kins, the latest dossiers first. The way is laid out
// along the index on holder and dossier: left to the planner, it reads all admissions once for each kin.
const casesSQL = bearersSQL + ` select k.place, found.dossier_id, d.number, found.professional
 from rows from (jsonb_to_recordset(cast(@kins as jsonb)) as (partner uuid, kind text, profile int, roles int, granted bigint, granted_released bigint,
   granted_own bigint, granted_add bigint, granted_edit_own bigint, granted_edit_all bigint, denied bigint)) with ordinality
   as k(partner, kind, profile, roles, granted, granted_released, granted_own, granted_add, granted_edit_own, granted_edit_all, denied, place)
 cross join lateral (
   select a.dossier_id, b.professional from bearer b cross join lateral (
     select a.dossier_id from admission a where a.holder = b.holder and (a.kind, a.profile, a.roles, a.granted, a.granted_released, a.granted_own,
       a.granted_add, a.granted_edit_own, a.granted_edit_all, a.denied) = (k.kind, k.profile, k.roles, k.granted, k.granted_released, k.granted_own,
       k.granted_add, k.granted_edit_own, k.granted_edit_all, k.denied) and` + liveSQL + ` order by a.dossier_id desc limit @each
   ) a where b.partner = k.partner order by a.dossier_id desc, b.professional limit @each
 ) found join dossier d on d.municipality_id = @municipality and d.id = found.dossier_id order by k.place, found.dossier_id desc, found.professional`

// occurrence is one dossier and person behind a kin.
type occurrence struct {
	Place        int // of the kin, from 1
	DossierID    uuid.UUID
	Number       string
	Professional *uuid.UUID
}

func (l look) args() map[string]any {
	return map[string]any{"municipality": l.municipality, "today": l.today, "director": db.DirectorHolder}
}

// kins reads all admissions that are in force, those together that give the same.
func (l look) kins(ctx context.Context) (all []kin, err error) {
	err = db.Conn(ctx).Raw(kinsSQL, l.args()).Scan(&all).Error
	return all, err
}

// occurrences reads dossiers and people behind these kins, so many of each.
func (l look) occurrences(ctx context.Context, kins []kin, each int) (all []occurrence, err error) {
	sent, err := json.Marshal(kins)
	if err != nil {
		return nil, err
	}
	args := l.args()
	args["kins"], args["each"] = string(sent), each
	err = db.Conn(ctx).Raw(casesSQL, args).Scan(&all).Error
	return all, err
}

func findCheck(ctx context.Context, id uuid.UUID) (c Check, err error) {
	err = db.One(db.Mine(ctx, "privacy_assertion_check").Where("id = ?", id).Take(&c))
	return c, err
}

// listChecks gives one more than asked, the latest first, without breaches.
func listChecks(ctx context.Context, p page.Request) (rows []Check, err error) {
	q, err := db.NewestFirst(db.Mine(ctx, "privacy_assertion_check").Omit("breaches"), "at", p)
	if err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}

// lastNight is when the last nightly check was made; nil when there was none.
func lastNight(ctx context.Context) (at *time.Time, err error) {
	var row struct{ At *time.Time }
	err = db.Mine(ctx, "privacy_assertion_check").Where("occasion = ?", nightly).Select("max(at) as at").Scan(&row).Error
	return row.At, err
}
