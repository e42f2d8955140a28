package server_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

func TestPrivacy_L29_a_whole_number_is_given_for_a_purpose_on_a_ground_and_each_time_logged(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, by, police := w.Case(t), w.As(t, "case-director"), w.As(t, "police")
	known := somebody()
	known["bsn"], known["bsnGround"] = "999970008", "wgs"
	person := by.Post("/v1/persons", known).Want(created)
	by.Post(f.Path+"/subjects", asSubject(person.ID())).Want(created)
	place, ask := person.Place()+"/bsn-disclosures", live.M{"purpose": "information-exchange", "ground": "wgs"}

	given := by.Post(place, ask).Want(ok)
	assert.Equal(t, []any{"999970008", person.ID(), "wgs"}, []any{given.At("bsn"), given.At("personId"), given.At("ground")})
	assert.Equal(t, "no-store", given.Header.Get("Cache-Control"))
	assert.Contains(t, by.Get(person.Place()).Allowed(), "discloseBsn")
	assert.Equal(t, "******008", by.Get(person.Place()).Text("bsn"), "everywhere else")

	t.Run("without purpose or ground, or with another, it is refused", func(t *testing.T) {
		refusedAt(t, by.Post(place, live.M{"purpose": "identification"}), "/ground")
		refusedAt(t, by.Post(place, live.M{"ground": "wgs"}), "/purpose")
		refusedAt(t, by.Post(place, live.M{"purpose": "identification", "ground": "handy"}), "/ground")
	})
	t.Run("who does not see the number is refused, and it is logged", func(t *testing.T) {
		w.As(t, "director").Post(f.Path+"/matrix-exceptions", live.M{"partnerId": w.Partner("police"), "category": "bsn", "level": "none", "reason": "Niet nodig."}).Want(created)
		assert.Nil(t, police.Get(person.Place()).Want(ok).At("bsn"))
		police.Post(place, ask).Check(forbidden)
		assert.NotContains(t, police.Get(person.Place()).Allowed(), "discloseBsn")
		assert.Contains(t, loggedPerson(t, w, person.ID(), "refused"), "discloseBsn")
	})
	t.Run("who does not read the person is told nothing", func(t *testing.T) {
		w.As(t, "auditor").Post(place, ask).Check(notFound)
		by.Post("/v1/persons/"+uuid.NewString()+"/bsn-disclosures", ask).Check(notFound)
	})
	t.Run("without a number there is nothing to give", func(t *testing.T) {
		by.Post(by.Post("/v1/persons", somebody()).Want(created).Place()+"/bsn-disclosures", ask).Check(conflict)
	})
	t.Run("the access log has who, purpose and ground, and the audit that it happened", func(t *testing.T) {
		line := live.At(w.As(t, "auditor").Get("/v1/access-log?purpose=legality-control&outcome=allowed&operation=discloseBsn&personId="+person.ID()).Want(ok).Body, "items.0")
		assert.Equal(t, []any{w.Person("case-director"), "information-exchange wgs"}, []any{live.At(line, "professionalId"), live.At(line, "purpose")})
		assert.Equal(t, 1, w.Count(t, "select count(*) from audit_entry where event = 'person.bsn-disclosed' and subject_id = '"+person.ID()+"'"))
	})
	t.Run("on a ground that it does not rest on it is refused", func(t *testing.T) {
		by.Patch(person.Place(), "*", live.M{"bsn": "999970008", "bsnGround": "public-task"}).Want(ok)
		by.Post(place, ask).Check(conflict)
		by.Post(place, live.M{"purpose": "identification", "ground": "public-task"}).Check(ok)
	})
}

func loggedPerson(t *testing.T, w *live.World, person, outcome string) []string {
	t.Helper()
	return w.As(t, "auditor").Get("/v1/access-log?purpose=legality-control&limit=200&personId="+person+"&outcome="+outcome).Want(ok).Texts("items", "operation")
}

// TestPrivacy_L29_a_number_stands_nowhere_in_the_clear looks in every table, whole, and in what was logged.
func TestPrivacy_L29_a_number_stands_nowhere_in_the_clear(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, by := w.Case(t), w.As(t, "case-director")
	known := somebody()
	known["bsn"], known["bsnGround"] = "999970008", "wgs"
	person := by.Post("/v1/persons", known, key()).Want(created)
	by.Post(f.Path+"/subjects", asSubject(person.ID())).Want(created)
	by.Patch(person.Place(), "*", live.M{"bsn": "999970021", "bsnGround": "wgs"}).Want(ok)
	by.Post(personSearch, live.M{"bsn": "999970021"}).Want(ok)
	by.Post(person.Place()+"/bsn-disclosures", live.M{"purpose": "identification", "ground": "wgs"}).Want(ok)
	by.Post("/v1/persons", live.M{"givenNames": "Jan", "familyName": "Roos", "bsn": "999970033"}).Check(invalid)
	by.Post("/v1/persons", live.M{"givenNames": "Jan", "familyName": "Roos", "bsn": "999970034", "bsnGround": "wgs"}).Check(invalid)
	numbers := "9999700(08|21|33|34)"
	assert.Zero(t, w.Count(t, `select coalesce(sum((xpath('/row/c/text()', query_to_xml('select count(*) as c from public.' || quote_ident(table_name)
		|| ' x where x::text ~ ''`+numbers+`''', false, true, '')))[1]::text::int), 0)
		from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`), "every table: events, audit, access log, mails on their way")
	assert.NotRegexp(t, numbers, w.Log.Text())
	mails, err := os.ReadDir(w.Mails)
	require.NoError(t, err)
	for _, mail := range mails {
		text, err := os.ReadFile(filepath.Join(w.Mails, mail.Name()))
		require.NoError(t, err)
		assert.NotRegexp(t, numbers, string(text))
	}
	assert.Equal(t, 1, w.Count(t, "select count(*) from person x where x.id = '"+person.ID()+"' and x::text ~ 'Verhaag'"), "what is looked for would be found")
}
