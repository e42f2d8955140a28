package main

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/demo"
)

// history is how many changes there were in each dossier before the measurement: the database plans its queries
// for a municipality that has been at work for a while.
const history = 100

// remember writes items, their events, alerts and mails, as the database's owner; $2 is the partner that supplied them.
func (g *crowd) remember(ctx context.Context, supplier uuid.UUID) error {
	for _, step := range historySQL {
		if _, err := g.admin.Exec(ctx, step.sql, step.args(supplier)...); err != nil {
			return fmt.Errorf("fill %s: %w", step.what, err)
		}
	}
	return nil
}

var historySQL = []struct {
	what, sql string
	args      func(supplier uuid.UUID) []any
}{
	{"items", `insert into item (municipality_id, id, version, dossier_id, category, text, observed_on, supplier_id, added_at, changed_at)
		select $1, gen_random_uuid(), 1, d.id, 5, 'Wat een partner zag en deelt; verzonnen.', current_date, $2, now() - n * interval '1 hour', now()
		from dossier d cross join generate_series(1, $3::int) n where d.municipality_id = $1`,
		func(supplier uuid.UUID) []any { return []any{demo.Veldhoven, supplier, history} }},
	{"events", `insert into feed (municipality_id, seq, id, name, dossier_id, subject_type, subject_id, category, supplier_id, fields, actor_partner_id, at, sequenced_at)
		select $1, row_number() over (order by i.added_at, i.id), gen_random_uuid(), 'item.added', i.dossier_id, 'item', i.id, i.category, i.supplier_id,
			'["text", "observedOn"]', i.supplier_id, i.added_at, i.added_at from item i where i.municipality_id = $1`, veldhoven},
	{"how far they have come", `insert into feed_head (municipality_id, last) select $1, max(seq) from feed where municipality_id = $1
		on conflict (municipality_id) do update set last = excluded.last`, veldhoven},
	{"alerts", `insert into alert (municipality_id, id, seq, professional_id, created_at)
		select $1, gen_random_uuid(), f.seq, p.id, f.at from feed f join dossier d on d.municipality_id = f.municipality_id and d.id = f.dossier_id
		left join substitution s on s.municipality_id = d.municipality_id and s.professional_id = d.case_director_id
		cross join lateral (values (d.case_director_id), (d.chair_id), (s.substitute_id)) p (id) where f.municipality_id = $1 and p.id is not null`, veldhoven},
	{"mails", `insert into delivery (municipality_id, id, alert_id, professional_id, dossier_id, seq, channel, state, attempts, due_at, tried_from, letter_id,
			last_answer, created_at, changed_at)
		select $1, gen_random_uuid(), a.id, a.professional_id, f.dossier_id, a.seq, 'email', 'sent', 1, a.created_at, a.created_at, gen_random_uuid(), 'accepted',
			a.created_at, a.created_at from alert a join feed f on f.municipality_id = a.municipality_id and f.seq = a.seq where a.municipality_id = $1`, veldhoven},
}

func veldhoven(uuid.UUID) []any { return []any{demo.Veldhoven} }
