package server_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

func TestPrivacy_L07_the_clock_runs_from_the_first_processing(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	seen := w.As(t, "case-director").Get(f.Path + "/retention").Want(ok)
	assert.Equal(t, []any{"dossier-covenant", "BGS 1.16", today(), 60.0, false}, []any{seen.At("kind"), seen.At("source"), seen.At("firstProcessedOn"), seen.At("months"), seen.At("due")})
	aged(t, w, f, 60)
	assert.Equal(t, []any{today(), true}, []any{w.As(t, "police").Get(f.Path + "/retention").Want(ok).At("dueOn"), w.As(t, "police").Get(f.Path + "/retention").At("due")})
	w.As(t, "privacy-officer").Get(f.Path + "/retention").Check(notFound)
}

func TestPrivacy_L07_what_is_due_is_destroyed_after_a_dry_run_and_a_decision(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	officer := w.As(t, "privacy-officer")
	empty := officer.Post(retentionDesk, nil).Want(created)
	officer.Post(empty.Place()+"/decisions", deciding(), anyTag).Check(conflict)

	stays, goes := w.Case(t), due(t, w)
	about(t, w, goes.Path)
	goes.Item(t, "police", "police")
	number := w.As(t, "case-director").Get(goes.Path).Want(ok).Text("number")
	run := officer.Post(retentionDesk, nil).Want(created)
	assert.Equal(t, []any{"dry", []string{goes.ID}, number, "dossier-covenant"}, []any{run.At("status"), run.Texts("candidates", "id"), run.At("candidates.0.number"), run.At("candidates.0.kind")})
	w.As(t, "case-director").Get(goes.Path).Want(ok)
	officer.Post(run.Place()+"/decisions", deciding(), live.Match(run.Tag())).Want(created)
	done := carriedOut(t, w, run.Place())
	assert.Equal(t, []any{1.0, 0.0}, []any{done.At("destroyed"), done.At("kept")})
	w.As(t, "case-director").Get(goes.Path).Check(notFound)
	w.As(t, "case-director").Get(stays.Path).Check(ok)

	all := w.As(t, "auditor").Get(run.Place() + "/certificates").Want(ok)
	assert.Equal(t, []any{goes.ID, number, 60.0, 0.0, w.Person("privacy-officer")}, []any{
		all.At("items.0.destroyedId"), all.At("items.0.number"), all.At("items.0.months"), all.At("items.0.copiesFound"), all.At("items.0.decidedById")})
	assert.Contains(t, all.Texts("items.0.records", "kind"), "item")
	officer.Post(run.Place()+"/decisions", deciding(), anyTag).Check(conflict)
}

func TestPrivacy_L07_of_what_is_destroyed_nothing_remains_and_nothing_of_others_goes(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	goes := records(t, w)["dossierId"]
	stays := records(t, w)["dossierId"]
	require.Eventually(t, func() bool { return w.Pending(t) == 0 }, 20*time.Second, 50*time.Millisecond, "events are on their way")
	before := withinTables(t, w, stays)
	ids := idsOf(t, w, goes)
	require.Greater(t, len(ids), 20)
	require.Contains(t, before, "item ")
	require.NotEmpty(t, tablesWith(t, w, goes))
	aged(t, w, w.CaseAt(goes), 61)
	place := w.As(t, "director").Post(retentionDesk, nil).Want(created).Place()
	w.As(t, "director").Post(place+"/decisions", deciding(), anyTag).Want(created)
	done := carriedOut(t, w, place)
	require.Equal(t, 1.0, done.At("destroyed"))
	for _, id := range append(ids, goes) {
		assert.Empty(t, tablesWith(t, w, id), "%s remains", id)
	}
	assert.Equal(t, before, withinTables(t, w, stays), "what another dossier has")
	assert.Equal(t, 1, w.Count(t, "select count(*) from destruction_certificate where dossier_id = '"+goes+"' and copies_found = 0"))
	assert.Positive(t, w.Count(t, "select count(*) from audit_entry where dossier_id = '"+goes+"'"), "what was done is accounted for")
}

// TestPrivacy_L07_every_table_of_a_dossier_is_reached holds the catalogue against the destruction: what says of which dossier it is
// has an id or goes by that column, and no third thing outlives it.
func TestPrivacy_L07_every_table_of_a_dossier_is_reached(t *testing.T) {
	t.Parallel()
	w := live.Bare(t)
	assert.Zero(t, w.Count(t, `select count(*) from pg_class c join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
		where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attname ~ 'dossier_ids?$' and a.atttypid <> 'uuid'::regtype`), "a column of the dossier is a uuid, by which its row goes")
	assert.Equal(t, 3, w.Count(t, `select count(*) from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and outlives_dossier(c.relname)`),
		"audit, access log and certificates alone keep its id")
	assert.Zero(t, w.Count(t, `with recursive reached as (
			select 'dossier'::regclass::oid as t
			union select k.conrelid from reached r join pg_constraint k on k.contype = 'f' and k.confrelid = r.t)
		select count(*) from reached r join pg_class c on c.oid = r.t where not exists (
			select from pg_attribute a where a.attrelid = r.t and a.attname = 'municipality_id')`), "what refers to a dossier does so within the municipality")
}

// idsOf are the ids of every row that says it is of a dossier, but those of people and partners.
func idsOf(t *testing.T, w *live.World, dossier string) []string {
	t.Helper()
	return strings.Fields(w.Text(t, fmt.Sprintf(`select string_agg(id, ' ') from (%s) x`, idRowsOf(dossier))))
}

func idRowsOf(dossier string) string {
	var all []string
	for _, table := range []string{"item", "action", "participant", "agenda_item", "decision", "deliberation", "assessment", "closure", "reopening", "triage", "status_change", "basis_change", "regie_change", "subject",
		"access_request", "emergency_access", "matrix_exception", "access_grant", "information_request", "release", "consent", "plan", "feed", "frame"} {
		all = append(all, fmt.Sprintf("select id::text from %s where dossier_id = '%s'", table, dossier))
	}
	return strings.Join(all, " union ")
}

// tablesWith are the tables, but the logs and certificates, in which an id stands.
func tablesWith(t *testing.T, w *live.World, id string) string {
	t.Helper()
	return w.Text(t, fmt.Sprintf(`select coalesce(string_agg(t, ' '), '') from (select table_name::text as t, (xpath('/row/c/text()',
		query_to_xml('select count(*) as c from public.' || quote_ident(table_name) || ' x where strpos(x::text, ''%s'') > 0', false, true, '')))[1]::text::int as n
		from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' and not outlives_dossier(table_name::name) and table_name !~ '^goose') c where n > 0`, id))
}

// withinTables counts, by table, the rows in which the id of a dossier stands.
func withinTables(t *testing.T, w *live.World, id string) string {
	t.Helper()
	return w.Text(t, fmt.Sprintf(`select string_agg(t || ' ' || n, ', ' order by t) from (select table_name::text as t, (xpath('/row/c/text()',
		query_to_xml('select count(*) as c from public.' || quote_ident(table_name) || ' x where strpos(x::text, ''%s'') > 0', false, true, '')))[1]::text::int as n
		from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' and table_name !~ '^(goose|river|access_line|delivery|alert)') c where n > 0`, id))
}

func TestPrivacy_L07_a_legal_hold_stops_destruction(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	officer, f := w.As(t, "privacy-officer"), due(t, w)
	refusedAt(t, officer.Post(holdDesk, live.M{"dossierId": w.Person("police"), "ground": "archive", "reason": "x"}), "/dossierId")
	past := holding(f)
	past["until"] = "2020-01-31"
	refusedAt(t, officer.Post(holdDesk, past), "/until")
	run := officer.Post(retentionDesk, nil).Want(created)
	assert.Len(t, run.At("candidates"), 1)
	hold := officer.Post(holdDesk, holding(f)).Want(created)
	assert.Equal(t, []any{true, f.ID}, []any{hold.At("live"), hold.At("dossier.id")})
	assert.Equal(t, []any{"litigation"}, w.As(t, "case-director").Get(f.Path+"/retention").Want(ok).At("holds"))
	assert.Empty(t, officer.Post(retentionDesk, nil).Want(created).At("candidates"))
	officer.Post(run.Place()+"/decisions", deciding(), anyTag).Want(created)
	done := carriedOut(t, w, run.Place())
	assert.Equal(t, []any{0.0, 1.0}, []any{done.At("destroyed"), done.At("kept")})
	w.As(t, "case-director").Get(f.Path).Check(ok)
	officer.Post(hold.Place()+"/endings", live.M{"reason": "Voorbij."}, live.Match(hold.Tag())).Want(created)
	officer.Post(hold.Place()+"/endings", live.M{"reason": "Voorbij."}, anyTag).Check(conflict)
	assert.Len(t, officer.Post(retentionDesk, nil).Want(created).At("candidates"), 1)
}

func TestPrivacy_L07_a_dossier_is_kept_longer_only_as_the_law_allows(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, director := w.Case(t), w.As(t, "director")
	f.Item(t, "police", "police")
	extend := func(body live.M) *live.Reply { return director.Post(f.Path+"/retention-extensions", body) }
	police := w.Partner("police")
	refusedAt(t, extend(extending()), "/consents")
	long := extending(police)
	long["months"] = 25
	tooLong := extend(long)
	refusedAt(t, tooLong, "/months")
	assert.Contains(t, string(tooLong.Raw), "BGS 1.16")
	closed := extending(police)
	closed["ground"] = "closed-relapse-risk"
	extend(closed).Check(conflict)
	first := extend(extending(police)).Want(created)
	again := extend(extending(police)).Want(created)
	assert.Equal(t, []any{12.0, 24.0}, []any{first.At("extendedMonths"), again.At("extendedMonths")})
	assert.Greater(t, again.Text("dueOn"), first.Text("dueOn"))
	aged(t, w, f, 70)
	assert.Equal(t, false, w.As(t, "case-director").Get(f.Path+"/retention").Want(ok).At("due"))
	aged(t, w, f, 15)
	extend(extending(police)).Check(conflict)

	late := w.Case(t)
	aged(t, w, late, 50)
	late.Close(t)
	consents := extending(everyPartner(t, w)...)
	director.Post(late.Path+"/retention-extensions", consents).Check(conflict)
	consents["ground"] = "closed-relapse-risk"
	director.Post(late.Path+"/retention-extensions", consents).Want(created)
}

func TestPrivacy_L07_a_case_rejected_under_the_wgs_is_destroyed_at_once(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	rejected := func(basis string) *live.Case {
		f := w.Opened(t, live.M{"basis": basis})
		w.Exec(t, "update dossier set status = 'rejected' where id = $1", f.ID)
		return f
	}
	wgs, other := rejected("wgs"), rejected("covenant")
	run := w.As(t, "privacy-officer").Post(retentionDesk, nil).Want(created)
	assert.Equal(t, []string{wgs.ID}, run.Texts("candidates", "id"))
	assert.Equal(t, "rejected-wgs", run.Text("candidates.0.kind"))
	aged(t, w, other, 4)
	assert.Equal(t, []string{other.ID, wgs.ID}, w.As(t, "privacy-officer").Post(retentionDesk, nil).Want(created).Texts("candidates", "id"))
}

func TestPrivacy_L07_the_product_destroys_by_itself_what_the_rules_say(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	stays, goes := w.Case(t), due(t, w)
	for range 2 { // by two instances
		require.NoError(t, w.Product.Hourly(t.Context()))
	}
	for _, who := range []string{"case-director", "chair", "director"} {
		assert.Equal(t, []string{"dossier-destruction-announced"}, toldOf(t, w, who, goes)[:1], who)
		assert.NotContains(t, toldOf(t, w, who, stays), "dossier-destruction-announced")
	}
	assert.Len(t, slices.DeleteFunc(toldOf(t, w, "director", goes), func(kind string) bool { return kind != "dossier-destruction-announced" }), 1, "once")
	assert.Empty(t, w.As(t, "auditor").Get(retentionDesk).Want(ok).IDs(), "nothing goes in the thirty days after it was told")
	w.Exec(t, "update retention_warning set warned_at = now() - interval '30 days'")
	require.NoError(t, w.Product.Hourly(t.Context()))
	runs := w.As(t, "auditor").Get(retentionDesk).Want(ok)
	require.Equal(t, []any{true, nil}, []any{runs.At("items.0.scheduled"), runs.At("items.0.decidedById")})
	carriedOut(t, w, retentionDesk+"/"+runs.IDs()[0])
	w.As(t, "case-director").Get(goes.Path).Check(notFound)
	w.As(t, "case-director").Get(stays.Path).Check(ok)
	require.NoError(t, w.Product.Hourly(t.Context()))
	assert.Len(t, w.As(t, "auditor").Get(retentionDesk).Want(ok).IDs(), 1, "nothing more is due")
}

func TestPrivacy_L07_the_database_destroys_only_what_a_run_decided_and_keeps_certificates(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	decided := destroyedTwo(t, w)
	f := due(t, w)
	dry := w.As(t, "privacy-officer").Post(retentionDesk, nil).Want(created)
	require.Len(t, dry.At("candidates"), 1)
	conn, err := pgx.Connect(t.Context(), w.Database)
	require.NoError(t, err)
	defer func() { assert.NoError(t, conn.Close(context.WithoutCancel(t.Context()))) }()
	for _, c := range []struct{ role, sql, want string }{
		{"wijkregie_app", "select destroy_dossier(gen_random_uuid(), '" + dry.ID() + "', '" + f.ID + "', 60, now())", "permission denied"},
		{"wijkregie_system", "select destroy_dossier(gen_random_uuid(), '" + dry.ID() + "', '" + f.ID + "', 60, now())", "no run decided"},
		{"wijkregie_system", "select destroy_dossier(gen_random_uuid(), '" + decided[len(retentionDesk)+1:] + "', '" + f.ID + "', 60, now())", "no run decided"},
		{"wijkregie_system", "insert into destruction_certificate select * from destruction_certificate", "permission denied"},
		{"postgres", "update destruction_certificate set months = 1", "stays as it is"},
		{"postgres", "delete from destruction_certificate", "stays as it is"},
	} {
		_, err := conn.Exec(t.Context(), "begin; set local role "+c.role+"; select set_config('me.municipality', 'GM0861', true); "+c.sql)
		assert.ErrorContains(t, err, c.want, "%s: %s", c.role, c.sql)
		_, err = conn.Exec(t.Context(), "rollback")
		assert.NoError(t, err)
	}
}

func TestPrivacy_L08_a_closed_dossier_has_its_term_and_is_not_read(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := due(t, w)
	f.Close(t)
	w.As(t, "police").Get(f.Path + "/retention").Check(forbidden)
	run := w.As(t, "privacy-officer").Post(retentionDesk, nil).Want(created)
	assert.Equal(t, []string{f.ID}, run.Texts("candidates", "id"))
	w.As(t, "police").Get(run.Place()).Check(forbidden)
}

func TestPrivacy_L30_a_term_above_the_legal_maximum_is_refused(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	officer := w.As(t, "privacy-officer")
	decide := func(kind string, months int) *live.Reply {
		return officer.Post(retentionRules, live.M{"kind": kind, "months": months, "reason": "Besluit van het college."})
	}
	for kind, article := range map[string]string{"dossier-wgs": "Wgs 1.8", "dossier-covenant": "BGS 1.16", "rejected-other": "BGS 1.16"} {
		long := decide(kind, 61)
		refusedAt(t, long, "/months")
		assert.Contains(t, string(long.Raw), article)
	}
	refusedAt(t, decide("rejected-wgs", 1), "/months")
	for _, kind := range []string{"item", "document", "access-log", "audit-log"} {
		refusedAt(t, decide(kind, 12), "/kind")
	}
	f := w.Case(t)
	aged(t, w, f, 40)
	assert.Empty(t, officer.Post(retentionDesk, nil).Want(created).At("candidates"))
	decide("dossier-covenant", 36).Want(created)
	seen := w.As(t, "case-director").Get(f.Path + "/retention").Want(ok)
	assert.Equal(t, []any{36.0, true}, []any{seen.At("months"), seen.At("due")})
	assert.Len(t, officer.Post(retentionDesk, nil).Want(created).At("candidates"), 1)
}
