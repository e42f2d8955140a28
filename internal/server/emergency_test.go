package server_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

const glass = "/v1/emergency-accesses"

// urgent is a dossier of social, directed, with the police in it; housing is not in it.
func urgent(t *testing.T, w *live.World) (f *live.Case, number string) {
	t.Helper()
	f = w.Opened(t, live.M{})
	f.Direct(t)
	f.Join(t, "case-director", "police")
	return f, w.As(t, "director").Get(f.Path).Want(ok).Text("number")
}

func inNeed(number string) live.M {
	return live.M{"dossierNumber": number, "purpose": "Vannacht is er gevaar.", "hours": 2}
}

// excepts makes a cell of one dossier what an exception of the director would.
func excepts(t *testing.T, w *live.World, f *live.Case, short string, category authz.Category, level authz.Level) {
	t.Helper()
	w.Exec(t, `insert into matrix_exception (municipality_id, id, version, dossier_id, partner_id, category, level, reason, since, changed_at)
		values ('GM0861', $1, 1, $2, $3, $4, $5, 'Nodig.', now() - interval '1 minute', now())`,
		uuid.Must(uuid.NewV7()), f.ID, w.Partner(short), int(category), string(level))
}

// TestEmergencyAccess lets somebody in who takes no part: to what his organisation may see, but never to
// health and to what is under secrecy.
func TestEmergencyAccess(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, number := urgent(t, w)
	f.Join(t, "case-director", "mental-health")
	for _, c := range []authz.Category{authz.Health, authz.Police} {
		excepts(t, w, f, "housing", c, authz.Read)
	}
	lifted := live.M{"secrecy": live.M{"ground": "statutory-duty"}}
	open, secret, health := f.Item(t, "police", "police"), f.Item(t, "police", "police", lifted), f.Item(t, "mental-health", "health", lifted)
	housing := w.As(t, "housing")
	housing.Get(f.Path).Check(notFound)
	taken := housing.Post(glass, inNeed(number)).Want(created)

	assert.Equal(t, "/v1/dossiers/"+f.ID+"/emergency-accesses/"+taken.ID(), taken.Place())
	since, err := time.Parse(time.RFC3339, taken.Text("from"))
	require.NoError(t, err)
	until, err := time.Parse(time.RFC3339, taken.Text("until"))
	require.NoError(t, err)
	assert.Equal(t, 2*time.Hour, until.Sub(since))
	assert.Equal(t, f.Title, housing.Get(f.Path).Want(ok).Text("title"), "he sees what his organisation sees")
	housing.Get(open.Place()).Check(ok)
	housing.Get(secret.Place()).Check(notFound)
	housing.Get(health.Place()).Check(notFound)
	assert.Equal(t, []string{open.ID()}, housing.Get(f.Path+"/items").Want(ok).IDs())
	housing.Post(glass, inNeed(number)).Check(conflict)

	w.Exec(t, "update admission set until = now() + interval '1 second' where kind = 'emergency' and dossier_id = $1", f.ID)
	require.Eventually(t, func() bool { return housing.Get(f.Path).Status == notFound }, 5*time.Second, 50*time.Millisecond, "it ends by the clock")
	housing.Get(open.Place()).Check(notFound)
	assert.Empty(t, housing.Get("/v1/dossiers").Want(ok).IDs())
	assert.Nil(t, housing.Get(taken.Place()).Want(ok).At("dossier.title"), "he reads that he took it, and no more of the dossier")

	f.Join(t, "case-director", "housing") // by name he sees all of it
	for _, item := range []*live.Reply{open, secret, health} {
		housing.Get(item.Place()).Check(ok)
	}
	housing.Post(glass, inNeed(number)).Check(conflict)
}

// TestEmergencyAccessHidesExistence asks for dossiers that are not there, not his or closed.
func TestEmergencyAccessHidesExistence(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	_, number := urgent(t, w)
	wgs := w.Opened(t, live.M{"basis": "wgs"}) // housing is a third party there
	closed, _ := urgent(t, w)
	emptied, emptiedNumber := urgent(t, w)
	for _, c := range authz.Categories() {
		excepts(t, w, emptied, "housing", c, authz.None)
	}
	numberOf := func(f *live.Case) string { return w.As(t, "director").Get(f.Path).Want(ok).Text("number") }
	wgsNumber, closedNumber := numberOf(wgs), numberOf(closed)
	closed.Close(t)
	var foreign string // there are fewer dossiers here
	for range 9 {
		foreign = w.As(t, "other-police").Post("/v1/dossiers", opening("Jan")).Want(created).Text("number")
	}
	housing := w.As(t, "housing")
	absent := housing.Post(glass, inNeed("2026-999999"))
	absent.Check(notFound)
	before := w.Rows(t)
	for name, hidden := range map[string]string{
		"impossible": "x", "a basis that keeps him out": wgsNumber, "closed": closedNumber, "of another municipality": foreign,
		"exceptions that leave him nothing": emptiedNumber,
	} {
		t.Run(name, func(t *testing.T) { (&walk{T: t}).like(housing.Post(glass, inNeed(hidden)), absent) })
	}
	for _, who := range []string{"police", "chair"} { // who could read it gets no other answer here
		(&walk{T: t}).like(w.As(t, who).Post(glass, inNeed(closedNumber)), absent)
	}
	system := w.As(t, "police-system")
	(&walk{T: t}).like(system.Post(glass, inNeed(number)), system.Post(glass, inNeed("x")))
	system.Post(glass, inNeed(number)).Check(forbidden)
	for name, body := range map[string]live.M{
		"too long": {"dossierNumber": number, "purpose": "x", "hours": 25}, "no time": {"dossierNumber": number, "purpose": "x", "hours": 0},
		"no purpose": {"dossierNumber": number},
	} {
		t.Run(name, func(t *testing.T) { housing.Post(glass, body).Check(invalid) })
	}
	assert.Equal(t, before, w.Rows(t), "what was refused wrote nothing")
}

// TestEmergencyAccessIsTold tells who directs the dossier and the municipal director, at once and with high
// priority, and not who took it.
func TestEmergencyAccessIsTold(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, number := urgent(t, w)
	f.Join(t, "case-director", "mental-health")
	w.As(t, "housing").Post(glass, inNeed(number)).Want(created)
	for _, who := range []string{"case-director", "chair", "director"} {
		assert.EventuallyWithT(t, func(c *assert.CollectT) {
			first := w.As(t, who).Get("/v1/alerts?limit=1").Want(ok)
			assert.Equal(c, "emergency-opened", first.Text("items.0.kind"), who)
			assert.Equal(c, "high", first.Text("items.0.priority"), who)
			assert.Equal(c, w.Person("housing"), first.Text("items.0.actorId"), who)
			assert.Equal(c, "emergency-access", first.Text("items.0.subject.type"), who)
		}, 5*time.Second, 20*time.Millisecond)
	}
	assert.Len(t, w.As(t, "director").Get("/v1/alerts").Want(ok).IDs(), 1, "the municipal director is told of nothing else")
	for _, who := range []string{"housing", "police", "mental-health", "privacy-officer"} {
		assert.Empty(t, w.As(t, who).Get("/v1/alerts").Want(ok).IDs(), who)
	}
	assert.EventuallyWithT(t, func(c *assert.CollectT) {
		mails, err := filepath.Glob(filepath.Join(w.Mails, "*"))
		require.NoError(c, err)
		told := 0
		for _, mail := range mails {
			text, err := os.ReadFile(mail)
			require.NoError(c, err)
			if strings.Contains(string(text), "To: <director@direction.example>") {
				told++
				assert.NotContains(c, string(text), "Verhoeven")
				assert.NotContains(c, string(text), "Smulders")
			}
		}
		assert.Equal(c, 1, told, "the municipal director has one mail")
	}, 10*time.Second, 50*time.Millisecond)
}

// TestEmergencyAccessEnds early: by who took it or by the municipal director.
func TestEmergencyAccessEnds(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, number := urgent(t, w)
	housing := w.As(t, "housing")
	for _, who := range []string{"housing", "director"} {
		t.Run(who, func(t *testing.T) {
			taken := housing.Post(glass, inNeed(number)).Want(created)
			housing.Get(f.Path).Check(ok)
			ends := func(by *live.Client, tag string) *live.Reply {
				return by.Post(taken.Place()+"/endings", live.M{}, live.Match(tag))
			}
			ends(housing, `"x"`).Check(stale)
			ends(w.As(t, "case-director"), "*").Check(forbidden)
			ends(w.As(t, "police"), "*").Check(notFound)
			ends(w.As(t, who), w.As(t, who).Get(taken.Place()).Want(ok).Tag()).Check(created)
			housing.Get(f.Path).Check(notFound)
			ends(w.As(t, who), "*").Check(conflict)
			assert.NotContains(t, housing.Get(taken.Place()).Want(ok).Allowed(), "endEmergencyAccess")
		})
	}
}

// TestEmergencyAccessIsReviewed by the municipal director, once; the privacy officer sees what is overdue.
func TestEmergencyAccessIsReviewed(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, number := urgent(t, w)
	housing, director, officer := w.As(t, "housing"), w.As(t, "director"), w.As(t, "privacy-officer")
	taken := housing.Post(glass, inNeed(number)).Want(created)
	seen := func(review string) []string { return officer.Get(glass + "?review=" + review).Want(ok).IDs() }
	assert.Equal(t, [3][]string{{taken.ID()}, {}, {}}, [3][]string{seen("open"), seen("overdue"), seen("done")})
	w.Exec(t, "update emergency_access set review_due = '2026-01-05' where id = $1", taken.ID())
	assert.Equal(t, [3][]string{{taken.ID()}, {taken.ID()}, {}}, [3][]string{seen("open"), seen("overdue"), seen("done")})

	row := officer.Get(glass + "?review=overdue").Want(ok)
	assert.Equal(t, number, row.Text("items.0.dossier.number"))
	assert.Nil(t, row.At("items.0.dossier.title"), "the privacy officer is in no dossier")
	assert.Equal(t, true, row.At("items.0.overdue"))
	assert.NotContains(t, string(row.Raw), "Verhoeven")
	officer.Get(f.Path).Check(notFound)
	officer.Get(taken.Place()).Check(ok)
	assert.Equal(t, f.Title, director.Get(glass).Want(ok).Text("items.0.dossier.title"))
	assert.Equal(t, []string{taken.ID()}, w.As(t, "case-director").Get(f.Path+"/emergency-accesses").Want(ok).IDs())
	assert.Equal(t, []string{taken.ID()}, housing.Get(f.Path+"/emergency-accesses").Want(ok).IDs(), "his own")
	assert.Empty(t, w.As(t, "police").Get(f.Path+"/emergency-accesses").Want(ok).IDs(), "others learn nothing of it")
	w.As(t, "police").Get(taken.Place()).Check(notFound)

	f.Close(t) // the review is due all the same
	review := func(by *live.Client, tag string) *live.Reply {
		return by.Post(taken.Place()+"/reviews", live.M{"outcome": "not-justified", "findings": "Het kon wachten."}, live.Match(tag))
	}
	review(officer, "*").Check(forbidden)
	review(housing, "*").Check(forbidden)
	w.Exec(t, "update emergency_access set professional_id = $1 where id = $2", w.Person("director"), taken.ID())
	review(director, "*").Check(conflict)
	w.Exec(t, "update emergency_access set professional_id = $1 where id = $2", w.Person("housing"), taken.ID())
	review(director, `"x"`).Check(stale)
	done := review(director, director.Get(glass).Text("items.0.etag"))
	done.Want(created)
	assert.Equal(t, []string{"not-justified", w.Person("director")}, []string{done.Text("outcome"), done.Text("reviewedById")})
	review(director, "*").Check(conflict)
	assert.Equal(t, [3][]string{{}, {}, {taken.ID()}}, [3][]string{seen("open"), seen("overdue"), seen("done")})
}
