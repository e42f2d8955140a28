package db_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit"
)

// TestCatalogue holds the schema as it is against the rules for every table. A table that is new has
// to keep them; an exception is named here, with its reason.
func TestCatalogue(t *testing.T) {
	conn := connect(t, testkit.Database(t).URL)
	const ours = ` and c.relnamespace = 'public'::regnamespace and c.relname !~ '^(river|goose)'`
	const fenced = ` and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'municipality_id' and not a.attisdropped)` + ours

	for name, c := range map[string]struct {
		query string
		but   []string
	}{
		"every table of a municipality has row-level security": {
			`select c.relname from pg_class c where c.relkind in ('r', 'p') and not c.relrowsecurity` + fenced, nil},
		"every table has a municipality": {
			`select c.relname from pg_class c where c.relkind in ('r', 'p') and c.relname not in (select table_name from information_schema.columns
				where column_name = 'municipality_id')` + ours,
			// municipality is by its own id; an assertion is used once, whatever the municipality of its client is.
			[]string{"client_assertion", "municipality"}},
		"every table of a municipality has a primary key": {
			`select c.relname from pg_class c where c.relkind in ('r', 'p') and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)` + fenced, nil},
		"the municipality comes first in every primary key and unique index": {
			`select i.indexrelid::regclass::text from pg_index i join pg_class c on c.oid = i.indrelid where i.indisunique
				and (select a.attname from pg_attribute a where a.attrelid = c.oid and a.attnum = i.indkey[0]) is distinct from 'municipality_id'` + fenced,
			// The id of a client is what its token says before it is known for which municipality it comes.
			[]string{"client_id"}},
		"the municipality comes first in every reference": {
			`select k.conname from pg_constraint k join pg_class c on c.oid = k.conrelid where k.contype = 'f'
				and (select a.attname from pg_attribute a where a.attrelid = c.oid and a.attnum = k.conkey[1]) <> 'municipality_id'` + ours, nil},
		"every policy asks for the municipality": {
			`select p.tablename || '.' || p.policyname from pg_policies p where p.schemaname = 'public'
				and (coalesce(p.qual, p.with_check) is null or p.qual !~ 'me_municipality' or p.with_check !~ 'me_municipality')`,
			// What it is called is asked before it is known who comes; a stamp and the length of a feed are numbers.
			[]string{"feed_head.read", "municipality.system", "municipality_stamp.read"}},
		"no policy is for another than the two roles": {
			`select p.tablename || '.' || p.policyname from pg_policies p where p.schemaname = 'public'
				and not p.roles <@ '{wijkregie_app,wijkregie_system}'::name[]`, nil},
		"every id is made in Go: no default, no sequence": {
			`select c.relname || '.' || a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.atthasdef
				join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
				where pg_get_expr(d.adbin, d.adrelid) ~ 'nextval|gen_random|uuid_generate'` + ours, nil},
	} {
		t.Run(name, func(t *testing.T) { require.ElementsMatch(t, c.but, names(t, conn, c.query)) })
	}
}

// TestRolesThatWork holds the two roles against what they may never do.
func TestRolesThatWork(t *testing.T) {
	conn := connect(t, testkit.Database(t).URL)
	for name, c := range map[string]struct {
		query string
		want  []string
	}{
		"they own nothing": {`select c.relname from pg_class c where pg_get_userbyid(c.relowner) ~ '^wijkregie_(app|system)$'
			union select proname from pg_proc where pg_get_userbyid(proowner) ~ '^wijkregie_(app|system)$'
			union select nspname from pg_namespace where pg_get_userbyid(nspowner) ~ '^wijkregie_(app|system)$'`, nil},
		"they can neither log in, nor bypass row-level security, nor make anything": {
			`select rolname from pg_roles where rolname ~ '^wijkregie_(app|system)$' and (rolbypassrls or rolsuper or rolcanlogin or rolcreaterole or rolcreatedb or rolreplication)`, nil},
		"they are members of nothing": {`select pg_get_userbyid(roleid) from pg_auth_members where pg_get_userbyid(member) ~ '^wijkregie_(app|system)$'`, nil},
		"they make no tables":         {`select r from unnest(array['wijkregie_app', 'wijkregie_system']) r where has_schema_privilege(r, 'public', 'create')`, nil},
		"they truncate, refer to and trigger on nothing": {`select c.relname from pg_class c, unnest(array['wijkregie_app', 'wijkregie_system']) r
			where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and has_table_privilege(r, c.oid, 'truncate, references, trigger')`, nil},
		"requests delete nothing but": {`select c.relname from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
			and has_table_privilege('wijkregie_app', c.oid, 'delete')`, []string{"agenda_item", "attendance", "idempotency", "matrix_draft", "priority_entry", "professional_identity"}},
		"requests see nothing of": {`select c.relname from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
			and c.relname !~ '^river' and not has_table_privilege('wijkregie_app', c.oid, 'select')`,
			[]string{"access_watch", "retention_warning", "audit_entry", "client_assertion", "feed", "feed_head", "goose_db_version", "ledger_checkpoint", "ledger_head", "ledger_leaf", "ledger_node", "pending_event", "standstill"}},
		"requests have no part in the queue of jobs": {`select c.relname from pg_class c where c.relkind = 'r' and c.relname ~ '^river'
			and has_table_privilege('wijkregie_app', c.oid, 'select, insert, update, delete')`, nil},
		"nobody else may anything": {`select distinct c.relname from pg_class c, aclexplode(c.relacl) a
			where c.relnamespace = 'public'::regnamespace and a.grantee = 0`, nil},
		"requests call nothing that sees more than they do, but to break the glass, to shut what a meeting opened, to withdraw, restrict or drop what was supplied, to find who else is active for a person and to ask the index of a search": {`select p.proname from pg_proc p where p.prosecdef and p.pronamespace = 'public'::regnamespace
			and has_function_privilege('wijkregie_app', p.oid, 'execute')`, []string{"emergency_dossier", "limit_meeting_access", "withdraw_item", "restrict_items", "restrict_documents", "restrict_person", "end_consented", "withdraw_police", "withdraw_document", "drop_document_content",
			"location_hits", "dossier_title_hits", "dossier_hits", "item_hits", "action_hits", "deliberation_hits", "decision_hits", "plan_hits", "goal_hits", "document_hits", "person_hits", "overlaps_of"}},
		"what sees more than its caller has a search path of its own": {`select p.proname from pg_proc p where p.prosecdef
			and p.pronamespace = 'public'::regnamespace and not coalesce(p.proconfig::text, '') ~ 'search_path'`, nil},
	} {
		t.Run(name, func(t *testing.T) { require.ElementsMatch(t, c.want, names(t, conn, c.query)) })
	}
}

func TestAuditEntriesStay(t *testing.T) {
	conn := connect(t, testkit.Database(t).URL)
	exec := func(sql string) error {
		_, err := conn.Exec(t.Context(), sql)
		return err
	}
	require.NoError(t, exec(`insert into municipality (id, name) values ('GM0861', 'Veldhoven');
		insert into audit_entry (municipality_id, id, at, event, subject_type, subject_id, fields)
		values ('GM0861', gen_random_uuid(), now(), 'dossier.opened', 'dossier', gen_random_uuid(), '[]');
		insert into feed (municipality_id, seq, id, name, subject_type, subject_id, fields, at, sequenced_at)
		values ('GM0861', 1, gen_random_uuid(), 'dossier.opened', 'dossier', gen_random_uuid(), '[]', now(), now())`))
	for _, role := range []string{"wijkregie_app", "wijkregie_system"} {
		for _, statement := range []string{
			"update audit_entry set event = 'other'", "delete from audit_entry", "truncate audit_entry", "update feed set name = 'other'", "delete from feed",
			"drop table audit_entry", "alter table audit_entry disable row level security", "drop policy app on audit_entry",
			"insert into audit_entry select municipality_id, id, at, 'other', null, null, null, null, null, subject_type, subject_id, fields, '' from audit_entry on conflict (municipality_id, id) do update set event = 'other'",
		} {
			t.Run(role+" cannot "+statement, func(t *testing.T) {
				require.NoError(t, exec("begin; set local role "+role+"; select set_config('me.municipality', 'GM0861', true)"))
				require.Regexp(t, "permission denied|must be owner", exec(statement))
				require.NoError(t, exec("rollback"))
			})
		}
	}
	t.Run("they are as they were", func(t *testing.T) {
		require.Equal(t, []string{"dossier.opened"}, names(t, conn, "select event from audit_entry"))
		require.Equal(t, []string{"dossier.opened"}, names(t, conn, "select name from feed"))
	})
	t.Run("a request adds one for its own municipality only", func(t *testing.T) {
		const add = `insert into audit_entry (municipality_id, id, at, event, subject_type, subject_id, fields)
			values ('GM0861', gen_random_uuid(), now(), 'dossier.closed', 'dossier', gen_random_uuid(), '[]')`
		require.NoError(t, exec("insert into municipality (id, name) values ('GM0844', 'Schijndel'); begin; set local role wijkregie_app; select set_config('me.municipality', 'GM0844', true)"))
		require.ErrorContains(t, exec(add), "row-level security")
		require.NoError(t, exec("rollback; begin; set local role wijkregie_app; select set_config('me.municipality', 'GM0861', true)"))
		require.NoError(t, exec(add))
		require.ErrorContains(t, exec("select from audit_entry"), "permission denied")
		require.NoError(t, exec("rollback"))
	})
}

func names(t *testing.T, conn *pgx.Conn, query string) []string {
	t.Helper()
	rows, err := conn.Query(context.WithoutCancel(t.Context()), query)
	require.NoError(t, err)
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return all
}
