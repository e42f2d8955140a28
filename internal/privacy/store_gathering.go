package privacy

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// The one place where the records of all areas are read at once and past the matrix: a person's right to what is kept on
// him (AVG 15) is not a right of the reader, who is privacy officer or municipal director and has no cells. Instead of the
// matrix stand the act data-subject-gathering.read, the request of access that it is asked for, and a line of the access log
// for every dossier. It is read as the product itself, whose policies fence by municipality; every query names the
// municipality besides. It is a straight reading of columns: nothing here decides what comes along, which the sieve does.

// mostGathered bounds the lines of a kind of record and of views, mostDossiers the dossiers.
const (
	mostGathered = 2000
	mostDossiers = 100
)

// reach is of what is gathered.
type reach struct {
	dossiers []uuid.UUID
	persons  []uuid.UUID
	zone     string // in which days are counted
}

func (r reach) args(ctx context.Context) (map[string]any, error) {
	who, err := identity.From(ctx)
	return map[string]any{
		"municipality": who.Municipality, "dossiers": db.IDs(r.dossiers), "persons": db.IDs(r.persons), "zone": r.zone, "most": mostGathered + 1,
		"life": authz.LifeDomain, "plan": authz.Plan, "action": authz.Action, "deliberation": authz.Deliberation,
	}, err
}

const gatheredDossiersSQL = `select d.id, d.number, d.type, d.title, d.status, d.basis, d.purpose, d.opened_at,
    d.type = 'person' and exists (select from subject s where s.municipality_id = @municipality and s.dossier_id = d.id and s.role = 'subject' and s.person_id = any(@persons))
      and not exists (select from subject s where s.municipality_id = @municipality and s.dossier_id = d.id and s.role = 'subject' and not s.person_id = any(@persons)) as alone
  from dossier d where d.municipality_id = @municipality and d.id = any(@dossiers) order by d.number`

func gatherDossiers(ctx context.Context, r reach) (all []GatheredDossier, err error) {
	args, err := r.args(ctx)
	if err != nil {
		return nil, err
	}
	err = db.Conn(ctx).Raw(gatheredDossiersSQL, args).Scan(&all).Error
	return all, err
}

// gatheredSQL reads one kind after another; each gives the columns that it has, the others are empty.
func gatheredSQL() []string {
	return []string{
		`select 'role' as kind, t.id, t.dossier_id, t.category, ` + codes("subject-roles", "t.role") + `, t.starts_on as day, t.ends_on as until, t.restricted
		  from subject t where t.person_id = any(@persons)`,
		`select 'item' as kind, t.id, t.dossier_id, t.category, t.text, t.source, ` + codes("life-domains", "t.life_domain") + `, t.observed_on as day,
		    t.supplier_id as partner_id, t.restricted, t.secret and t.secret_ground is null as held
		  from item t where t.withdrawn_at is null`,
		`select 'document' as kind, t.id, t.dossier_id, t.category, t.title, t.source, ` + codes("document-kinds", "t.kind") + `, t.observed_on as day,
		    t.supplier_id as partner_id, t.restricted, t.secret and t.secret_ground is null as held
		  from document t where t.withdrawn_at is null`,
		`select 'assessment' as kind, t.id, t.dossier_id, cast(@life as int) as category, t.member as title, concat_ws(E'\n\n', t.reading, nullif(t.own_strength, '')) as text, t.source,
		    ` + codes("life-domains", "t.life_domain", "problem-levels", "t.problem_level") + `, t.score, t.observed_on as day, t.supplier_id as partner_id
		  from assessment t where true`,
		`select 'goal' as kind, t.id, t.dossier_id, cast(@plan as int) as category, t.member as title, t.text, ` + codes("life-domains", "t.life_domain", "plan-statuses", "p.status") + `,
		    ` + day("t.added_at") + ` as day, t.added_partner_id as partner_id, t.member_dossier_id
		  from goal t join plan p on p.municipality_id = t.municipality_id and p.id = t.plan_id where true`,
		`select 'action' as kind, t.id, t.dossier_id, cast(@action as int) as category, t.description as text,
		    ` + codes("action-statuses", "t.status", "action-kinds", "t.kind", "life-domains", "t.life_domain") + `, t.due_date as day, t.partner_id
		  from action t where true`,
		`select 'decision' as kind, t.id, t.dossier_id, cast(@deliberation as int) as category, t.text as title, t.reasons as text, ` + day("t.decided_at") + ` as day
		  from decision t where true`,
		`select 'consent' as kind, t.id, t.dossier_id, t.category, t.purpose as title, ` + codes("consent-givers", "t.given_by") + `, t.given_on as day,
		    least(t.until, ` + day("t.withdrawn_at") + `) as until, t.supplier_id as partner_id, t.restricted
		  from consent t where t.person_id = any(@persons)`,
		`select 'link' as kind, t.id, case when t.dossier_id = any(@dossiers) then t.dossier_id else t.other_dossier_id end as dossier_id,
		    concat_ws(E'\n\n', nullif(t.ground, ''), nullif(t.note, '')) as text, ` + codes("link-kinds", "t.kind") + `, ` + day("t.added_at") + ` as day, ` + day("t.ended_at") + ` as until
		  from link t where true`,
		`select 'receiver' as kind, t.id, t.dossier_id, ` + day("t.starts_at") + ` as day, ` + day("t.ends_at") + ` as until, t.partner_id
		  from participant t where true`,
		`select 'receiver' as kind, t.id, t.dossier_id, t.purpose as title, t.conditions as text, ` + day("t.released_at") + ` as day,
		    least(` + day("t.until") + `, ` + day("t.withdrawn_at") + `) as until, cast(p.id as uuid) as partner_id, t.item_id as of
		  from release t left join jsonb_array_elements_text(t.partner_ids) p (id) on true where true`,
	}
}

// codes makes a list of codes of pairs of list and column; Go drops those that are empty.
func codes(pairs ...string) string {
	made := make([]string, 0, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		made = append(made, "jsonb_build_object('list', '"+pairs[i]+"', 'code', "+pairs[i+1]+")")
	}
	return "jsonb_build_array(" + strings.Join(made, ", ") + ") as codes"
}

// day is the date of a moment in the municipality.
func day(column string) string { return "(" + column + " at time zone @zone)::date" }

// gatherRecords reads all kinds, of which the first come whole before what belongs to them, and tells whether there is more.
func gatherRecords(ctx context.Context, r reach) (all []GatheredRecord, more bool, err error) {
	args, err := r.args(ctx)
	if err != nil {
		return nil, false, err
	}
	for _, query := range gatheredSQL() {
		of := ` and t.dossier_id = any(@dossiers)`
		if strings.Contains(query, "from link t") {
			of = ` and (t.dossier_id = any(@dossiers) or t.other_dossier_id = any(@dossiers))`
		}
		var rows []GatheredRecord
		query += of + ` and t.municipality_id = @municipality order by day desc, t.id desc limit @most`
		if err := db.Conn(ctx).Raw(query, args).Scan(&rows).Error; err != nil {
			return nil, false, err
		}
		if len(rows) > mostGathered {
			rows, more = rows[:mostGathered], true
		}
		all = append(all, rows...)
	}
	return all, more, nil
}

const gatheredViewsSQL = `select a.dossier_id, a.partner_id, coalesce(p.function, '') as function, a.operation, a.basis, (a.at at time zone @zone)::date as day, bit_or(a.categories) as categories, count(*) as times
  from access_line a left join professional p on p.municipality_id = a.municipality_id and p.id = a.professional_id
  where a.municipality_id = @municipality and a.outcome = 'allowed'
    and (a.dossier_id = any(@dossiers) or a.subject_type = 'person' and a.subject_id = any(@persons))
  group by 1, 2, 3, 4, 5, 6 order by day desc, a.dossier_id, a.partner_id, a.operation, function limit @most`

func gatherViews(ctx context.Context, r reach) (all []GatheredView, more bool, err error) {
	args, err := r.args(ctx)
	if err != nil {
		return nil, false, err
	}
	err = db.Conn(ctx).Raw(gatheredViewsSQL, args).Scan(&all).Error
	if len(all) > mostGathered {
		all, more = all[:mostGathered], true
	}
	return all, more, err
}

// professionals are the names of who works in the municipality, which are others' too.
func professionals(ctx context.Context) (names []string, err error) {
	err = db.Mine(ctx, "professional").Pluck("name", &names).Error
	return names, err
}
