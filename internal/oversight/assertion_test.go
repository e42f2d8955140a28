package oversight

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/matrix"
)

func TestACheckIsDueOnceANight(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	require.NoError(t, err)
	at := func(day, hour int) time.Time { return time.Date(2026, 3, day, hour, 0, 0, 0, zone) }
	for name, c := range map[string]struct {
		last, now time.Time
		due       bool
	}{
		"after three o'clock":                       {at(10, 3), at(11, 3), true},
		"not before three o'clock":                  {at(10, 3), at(11, 2), false},
		"not again the same night":                  {at(11, 3), at(11, 4), false},
		"by day when the product did not run then":  {at(10, 3), at(11, 14), true},
		"a late one leaves the next in its place":   {at(11, 14), at(12, 3), true},
		"in the night of summer time, at its three": {at(28, 3), at(29, 3), true},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.due, isDue(&c.last, c.now.UTC(), zone)) })
	}
	require.True(t, isDue(nil, at(10, 1), zone), "the first one is due at once")
}

func TestWhatGivesARight(t *testing.T) {
	row, err := authz.CompileRow([]authz.Cell{
		{PartnerType: "police", DossierType: authz.AllTypes, Category: authz.Housing, Level: authz.Read},
		{PartnerType: "police", DossierType: authz.AllTypes, Category: authz.Police, Level: authz.Own},
	}, uuid.Nil, "police")
	require.NoError(t, err)
	sight := authz.Subject{Row: row}.Sight()
	police := matrix.Party{Type: "police"}
	rules := []matrix.Assertion{{
		Status: matrix.AssertionActive, PartnerTypes: []string{"police"}, Acts: []string{"see-all"},
		Categories: []string{"housing", "health", "plan", "police", "judicial"},
	}}
	of := func(kind, basis string, roles int, edit func(*authz.Admission)) kin {
		var a authz.Admission
		edit(&a)
		return kin{
			Kind: kind, Profile: authz.Profile("person", basis), Roles: roles, Granted: a.Granted, GrantedReleased: a.GrantedReleased, GrantedOwn: a.GrantedOwn,
			GrantedAdd: a.GrantedAdd, GrantedEditOwn: a.GrantedEditOwn, GrantedEditAll: a.GrantedEditAll, Denied: a.Denied,
		}
	}
	nothing := func(*authz.Admission) {}
	for name, c := range map[string]struct {
		k    kin
		want []string
	}{
		"a cell":                         {of("participant", "covenant", 0, nothing), []string{"housing matrix"}},
		"an exception that takes it":     {of("participant", "covenant", 0, func(a *authz.Admission) { a.Replace(authz.Housing, authz.None) }), nil},
		"an exception that gives":        {of("participant", "covenant", 0, func(a *authz.Admission) { a.Replace(authz.Health, authz.Read) }), []string{"housing matrix", "health exception"}},
		"an exception without the act":   {of("participant", "covenant", 0, func(a *authz.Admission) { a.Replace(authz.Health, authz.Own) }), []string{"housing matrix"}},
		"a grant":                        {of("grant", "covenant", 0, func(a *authz.Admission) { a.Grant(authz.Health, authz.Read) }), []string{"housing matrix", "health grant"}},
		"a role":                         {of("participant", "covenant", authz.RoleChair, nothing), []string{"housing matrix", "plan role"}},
		"nothing above the legal basis":  {of("grant", "social-domain", 0, func(a *authz.Admission) { a.Grant(authz.Judicial, authz.Read) }), []string{"housing matrix"}},
		"nothing where none is admitted": {of("participant", "wams", 0, nothing), nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, b := range c.k.breaks(police, sight, rules) {
				got = append(got, b.category.Slug()+" "+b.source)
			}
			require.Equal(t, c.want, got)
		})
	}
	require.Empty(t, of("participant", "covenant", 0, nothing).breaks(matrix.Party{Type: "school"}, sight, rules), "who is not meant")
}

// govern puts a matrix in force in which the police see the identity and nothing of health.
func (w *world) govern() {
	w.t.Helper()
	w.exec("insert into matrix_version (municipality_id, id, number, reason, published_at) values ('GM0861', gen_random_uuid(), 1, 'Agreed.', now())")
	for _, c := range []authz.Category{authz.Identity, authz.Area} {
		w.exec(`insert into matrix_cell (municipality_id, version, partner_type, dossier_type, category, level)
			select 'GM0861', 1, type, 'all', $1, 'read' from (select distinct type from partner) p`, int(c))
	}
	w.exec("update municipality_stamp set matrix = 1 where municipality_id = 'GM0861'")
}

// assert says that the police have these categories never, past the service.
func (w *world) assert(status string, categories string) uuid.UUID {
	w.t.Helper()
	id := uuid.Must(uuid.NewV7())
	w.exec(`insert into privacy_assertion (municipality_id, id, version, name, reason, partner_types, categories, acts, status, created_at, changed_at)
		values ('GM0861', $1, 1, 'Police see no health', 'Covenant.', '["police"]', $2, '["see-all", "see-released"]', $3, now(), now())`, id, categories, status)
	return id
}

// give puts something in force in all admissions of somebody, behind the product's back.
func (w *world) give(name string, edit func(*authz.Admission)) {
	w.t.Helper()
	var a authz.Admission
	edit(&a)
	w.exec(`update admission set granted = $2, granted_released = $3, denied = $4 where holder = $1`, w.people[name].id, a.Granted, a.GrantedReleased, a.Denied)
}

func (w *world) check() Check {
	w.t.Helper()
	c, err := w.s.CheckAssertions(w.t.Context(), home)
	require.NoError(w.t, err)
	kept, err := w.s.AssertionCheck(w.as("chair"), c.ID)
	require.NoError(w.t, err)
	require.Equal(w.t, c.Breaches, kept.Breaches)
	require.Equal(w.t, c.Found, kept.Found)
	return kept
}

func TestCheckAssertions(t *testing.T) {
	w := newWorld(t)
	w.govern()
	id := w.assert(matrix.AssertionActive, `["health"]`)
	police := w.people["police"]
	require.Zero(t, w.check().Found)

	t.Run("what was given behind the matrix is found", func(t *testing.T) {
		w.give("police", func(a *authz.Admission) { a.Replace(authz.Health, authz.Read) })
		c := w.check()
		require.Equal(t, 1, c.Assertions)
		require.NotZero(t, c.Found)
		i := slices.IndexFunc(c.Breaches, func(b Breach) bool { return b.ProfessionalID != nil && *b.ProfessionalID == police.id })
		require.GreaterOrEqual(t, i, 0)
		b := c.Breaches[i]
		require.Equal(t, Breach{
			AssertionID: id, AssertionName: "Police see no health", DossierID: w.dossier, DossierNumber: b.DossierNumber, PartnerID: police.partner,
			ProfessionalID: &police.id, Category: "health", Acts: []string{"see-released", "see-all"}, Source: byException,
		}, b)
		require.Regexp(t, `^\d{4}-\d{6}$`, b.DossierNumber)
	})
	t.Run("who stands in for another is held against what that gives him", func(t *testing.T) {
		w.give("police", func(*authz.Admission) {})
		w.give("health", func(a *authz.Admission) { a.Grant(authz.Health, authz.Read) })
		require.Zero(t, w.check().Found)
		w.exec(`insert into substitution (municipality_id, id, version, professional_id, substitute_id, starts_at, ends_at, changed_at)
			values ('GM0861', gen_random_uuid(), 1, $1, $2, now() - interval '1 hour', now() + interval '1 hour', now())`, w.people["health"].id, police.id)
		c := w.check()
		require.NotZero(t, c.Found)
		require.Equal(t, police.id, *c.Breaches[0].ProfessionalID)
		w.exec("delete from substitution")
		w.give("health", func(*authz.Admission) {})
	})
	t.Run("who may not come in any more has no right", func(t *testing.T) {
		w.give("police", func(a *authz.Admission) { a.Grant(authz.Health, authz.Read) })
		w.exec("update professional set valid_until = current_date - 2 where id = $1", police.id)
		require.Zero(t, w.check().Found)
		w.exec("update professional set valid_until = null where id = $1", police.id)
		require.NotZero(t, w.check().Found)
		w.exec("update partner set status = 'suspended' where id = $1", police.partner)
		require.Zero(t, w.check().Found)
		w.exec("update partner set status = 'active' where id = $1", police.partner)
	})
	t.Run("the role of municipal director is held against who has it", func(t *testing.T) {
		w.give("police", func(*authz.Admission) {})
		w.exec(`insert into matrix_cell (municipality_id, version, partner_type, dossier_type, category, level) values ('GM0861', 1, 'municipal-director', 'all', 4, 'read')`)
		w.exec("update matrix_version set id = gen_random_uuid()")
		require.Zero(t, w.check().Found)
		w.exec(`update professional set roles = '["municipal-director"]' where id = $1`, police.id)
		require.NotZero(t, w.check().Found)
		w.exec(`update professional set roles = '[]' where id = $1`, police.id)
	})
	t.Run("a breach is audited, and one that is withdrawn is none", func(t *testing.T) {
		w.give("police", func(a *authz.Admission) { a.Grant(authz.Health, authz.Read) })
		require.NotZero(t, w.check().Found)
		var audited int
		require.NoError(t, w.admin.QueryRow(t.Context(), "select count(*) from audit_entry where event = 'assertion.broken' and subject_id = $1", id).Scan(&audited))
		require.NotZero(t, audited)
		w.exec("update privacy_assertion set status = 'withdrawn'")
		c := w.check()
		require.Zero(t, c.Found)
		require.Zero(t, c.Assertions)
	})
}

func TestTheNightlyCheck(t *testing.T) {
	w := newWorld(t)
	w.govern()
	made := func() (n int) {
		require.NoError(t, w.admin.QueryRow(t.Context(), "select count(*) from privacy_assertion_check where occasion = 'nightly'").Scan(&n))
		return n
	}
	require.NoError(t, w.s.CheckDue(t.Context()))
	require.Zero(t, made(), "without assertions there is nothing to check")
	w.assert(matrix.AssertionActive, `["health"]`)
	require.NoError(t, w.s.CheckDue(t.Context()))
	require.NoError(t, w.s.CheckDue(t.Context()))
	require.Equal(t, 1, made(), "once a night")
	w.exec("update privacy_assertion_check set at = at - interval '1 day'")
	require.NoError(t, w.s.CheckDue(t.Context()))
	require.Equal(t, 2, made())
}

func TestWhoChecks(t *testing.T) {
	w := newWorld(t)
	w.hire("officer", "municipal-director", identity.PrivacyOfficer)
	w.hire("auditor", "municipal-director", identity.Auditor)
	for name, may := range map[string]struct{ check, read bool }{
		"chair": {true, true}, "officer": {true, true}, "auditor": {false, true}, "police": {false, false},
	} {
		t.Run(name, func(t *testing.T) {
			before := w.check()
			_, err := w.s.CheckNow(w.as(name))
			require.Equal(t, !may.check, problem.Is(err, problem.Forbidden))
			_, err = w.s.AssertionCheck(w.as(name), before.ID)
			require.Equal(t, !may.read, problem.Is(err, problem.Forbidden))
		})
	}
}
