package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/wijkregie/wijkregie/internal/demo"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/matrix"
)

// A municipality as large as they get: dossiers of some ten items, in each of which five of a hundred partners take
// part with two professionals. The first partner takes part in every dossier.
const widePartners = 100

// wide is what was filled.
type wide struct {
	partners []uuid.UUID
	types    []string
	people   []uuid.UUID // the first professional of each partner
}

// fillWide fills the database by statements of its own, as the database's owner, without checking what
// refers to what.
func fillWide(ctx context.Context, url string, dossiers int) (w wide, err error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return w, err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	if _, err := conn.Exec(ctx, "set session_replication_role = replica; set synchronous_commit = off; set work_mem = '256MB'; set maintenance_work_mem = '256MB'"); err != nil {
		return w, err
	}
	for _, step := range wideSQL {
		if _, err := conn.Exec(ctx, step.sql, step.args(dossiers)...); err != nil {
			return w, fmt.Errorf("fill %s: %w", step.what, err)
		}
		say("filled %s", step.what)
	}
	rows, err := conn.Query(ctx, "select partner, type, first from wide_partner order by n")
	if err != nil {
		return w, err
	}
	var partner, first uuid.UUID
	var kind string
	_, err = pgx.ForEachRow(rows, []any{&partner, &kind, &first}, func() error {
		w.partners, w.types, w.people = append(w.partners, partner), append(w.types, kind), append(w.people, first)
		return nil
	})
	return w, err
}

// step is a statement that fills something; $1 is the municipality.
type step struct {
	what, sql string
	args      func(dossiers int) []any
}

func home(int) []any { return []any{demo.Veldhoven} }

func counted(dossiers int) []any { return []any{dossiers} }

func many(dossiers int) []any { return []any{demo.Veldhoven, dossiers} }

func wideRoles(int) []any {
	return []any{demo.Veldhoven, db.DirectorHolder, authz.RoleCaseDirector, authz.RoleChair}
}

func none(int) []any { return nil }

// wideSQL fills in this order. An id is made of a number, and ordered like one.
var wideSQL = []step{
	{"the names of records", `create function pg_temp.wide_id(kind text, n bigint) returns uuid immutable language sql
		as $$ select ('019a0000-000' || kind || '-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$`, none},
	{"the names of people", `create function pg_temp.wide_name(n bigint) returns text immutable language sql
		as $$ select 'Zz' || translate(to_hex(n), '0123456789abcdef', 'bdfghklmnprstvwz') || 'a' $$`, none},
	{"partners", `create temp table wide_partner as
		with types as (select row_number() over () - 1 as n, t from unnest(array['police', 'social-domain', 'mental-health-care', 'housing-association',
			'public-order', 'school', 'youth-protection', 'addiction-care', 'care-provider', 'debt-assistance', 'probation', 'public-health']) t),
		demo as (select (row_number() over (order by p.type <> 'social-domain', p.name)) - 1 as n, p.id as partner, p.type, (select f.id from professional f where f.municipality_id = p.municipality_id
			and f.partner_id = p.id order by f.name limit 1) as first, null::uuid as second from partner p where p.municipality_id = $1)
		select n, partner, type, first, second from demo
		union all select n, gen_random_uuid(), (select t from types where types.n = s.n % 12), gen_random_uuid(), gen_random_uuid()
		from generate_series((select count(*) from demo), ` + fmt.Sprint(widePartners-1) + `) s (n)`, home},
	{"their people", `with added as (insert into partner (municipality_id, id, version, name, type, domain, status, changed_at, covenant_from)
			select $1, partner, 1, 'Partner ' || n, type, 'both', 'active', now(), date '2024-01-01' from wide_partner where second is not null returning 1),
		bumped as (update municipality_stamp set people = people + 1 where municipality_id = $1)
		insert into professional (municipality_id, id, version, partner_id, name, changed_at)
			select $1, id, 1, partner, 'Professional', now() from wide_partner cross join lateral (values (first), (second)) p (id) where second is not null`, home},
	{"who takes part", `create temp table wide_way as
		select d.n, p.place, w.partner, w.first, w.second from generate_series(0, $1::int - 1) d (n)
		cross join lateral (select distinct on (p.n) p.n, p.place from (values (0, 0), (d.n % 95 + 1, 1), (d.n * 7 % 89 + 3, 2), (d.n * 31 % 83 + 5, 3),
			(d.n / 100 % 79 + 11, 4)) p (n, place) order by p.n, p.place) p join wide_partner w on w.n = p.n`, counted},
	{"its index", "create index on wide_way (n, place)", none},
	{"its statistics", "analyze wide_way", none},
	{"dossiers", `insert into dossier (municipality_id, id, version, number, type, title, status, basis, purpose, themes, case_director_id, chair_id, opened_by,
			opened_at, changed_at)
		select $1, pg_temp.wide_id('d', d.n), 1, '2025-' || lpad(d.n::text, 6, '0'), (array['person', 'family', 'group', 'situation'])[d.n % 4 + 1], 'Dossier ' || d.n || ', verzonnen',
			'active', case when d.n % 5 = 0 then 'wgs' when d.n % 7 = 0 then 'social-domain' else 'covenant' end, 'Rust en veiligheid in de straat.', '["overlast"]',
			a.first, b.first, a.first, now() - d.n * interval '1 minute', now() - d.n * interval '1 minute'
		from generate_series(0, $2::int - 1) d (n) join wide_way a on a.n = d.n and a.place = 0 left join wide_way b on b.n = d.n and b.place = 1`, many},
	{"admissions", `insert into admission (municipality_id, id, dossier_id, partner_id, holder, kind, since, profile, roles, source)
		select $1, pg_temp.wide_id('a', row_number() over (order by d.number desc)), d.id, h.partner, h.id, h.kind, d.opened_at,
			h.base + (array_position(array['person', 'family', 'group', 'situation'], d.type) - 1) * 5 + array_position(array['wgs', 'covenant', 'social-domain'], d.basis) - 1,
			case when d.case_director_id = h.id then $3::int else 0 end | case when d.chair_id = h.id then $4::int else 0 end, pg_temp.wide_id('b', 0)
		from dossier d join lateral (
			select w.partner, p.id, 'participant' as kind, 0 as base from wide_way w cross join lateral (values (w.partner), (w.first), (w.second)) p (id)
				where w.n = right(d.number, 6)::int and p.id is not null
			union all select '00000000-0000-0000-0000-000000000000', $2::uuid, 'director', 20) h on true
		where d.municipality_id = $1`, wideRoles},
	{"items", `insert into item (municipality_id, id, version, dossier_id, category, text, observed_on, supplier_id, secret, added_at, changed_at)
		select $1, pg_temp.wide_id('e', d.n * 11 + i), 1, pg_temp.wide_id('d', d.n), (d.n * 3 + i * 7) % 19, 'Wat een partner zag en deelt; verzonnen, bij ' || pg_temp.wide_name((d.n * 7 + i) % ($2::int / 2)) || ' thuis, en zo lang als een zin of twee in het echt.',
			current_date, w.partner, (d.n + i) % 50 = 0, now() - d.n * interval '1 minute', now() - d.n * interval '1 minute'
		from generate_series(0, $2::int - 1) d (n) cross join generate_series(0, 10) i join wide_way w on w.n = d.n and w.place = case when i < 5 then 0 else i % 4 end`, many},
	{"events", `insert into feed (municipality_id, seq, id, name, dossier_id, subject_type, subject_id, category, supplier_id, fields, actor_partner_id, at, sequenced_at)
		select $1, row_number() over (order by i.added_at, i.id), pg_temp.wide_id('7', row_number() over (order by i.added_at, i.id)), 'item.added', i.dossier_id, 'item', i.id,
			i.category, i.supplier_id, '["text", "observedOn"]', i.supplier_id, i.added_at, i.added_at from item i where i.municipality_id = $1`, home},
	{"how far they have come", "insert into feed_head (municipality_id, last) select $1, max(seq) from feed on conflict (municipality_id) do update set last = excluded.last", home},
	{"releases", `insert into release (municipality_id, id, version, dossier_id, item_id, partner_ids, purpose, released_at)
		select $1, pg_temp.wide_id('f', n), 1, pg_temp.wide_id('d', n), pg_temp.wide_id('e', n * 11), case when n % 2 = 0 then '[]'::jsonb else jsonb_build_array((select partner from wide_partner w where w.n = m.n % 97 + 1)) end,
			'Samen besluiten.', now() from generate_series(0, $2::int - 1, 2) m (n)`, many},
	{"actions", `insert into action (municipality_id, id, version, dossier_id, partner_id, description, life_domain, kind, track, due_date, status, created_at, changed_at)
		select $1, pg_temp.wide_id('c', d.n * 2 + i), 1, pg_temp.wide_id('d', d.n), w.partner, 'Afspraken maken over de huur en de overlast.', 'housing', 'support', 'support', current_date + 30,
			case i when 0 then 'open' else 'done' end, now(), now() from generate_series(0, $2::int - 1) d (n) cross join generate_series(0, 1) i join wide_way w on w.n = d.n and w.place = 0`, many},
	{"statistics", "vacuum analyze", none},
}

// wideCells is a matrix with cells of every partner beside those of the types, which they repeat.
func (w wide) wideCells() []authz.Cell {
	cells := matrix.Default()
	for i, partner := range w.partners {
		for _, c := range matrix.Default() {
			if c.PartnerType != w.types[i] {
				continue
			}
			for _, dossierType := range []string{"person", "family"} {
				cells = append(cells, authz.Cell{PartnerID: partner, DossierType: dossierType, Category: c.Category, Level: c.Level})
			}
		}
	}
	return cells
}
