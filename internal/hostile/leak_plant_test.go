package hostile

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// ward is a dossier under the default matrix, with everybody in it, in which something can happen behind
// the back of some.
type ward struct {
	*archive
	f       *file
	c       *live.Case
	inForce rule
}

// newWard has one of everything, so that what happens next is one more.
func newWard(t *testing.T) *ward {
	t.Helper()
	a := &archive{World: live.Start(t), places: map[string]bool{}}
	f := &file{kind: "family", basis: "covenant", members: []string{"social", "chair", "case-director", "police", "mental-health", "housing"}}
	c := a.Case(t)
	f.id, f.path = c.ID, c.Path
	a.files, a.places[c.Path] = append(a.files, f), true
	w := &ward{archive: a, f: f, c: c, inForce: matrix.Default()}
	a.meet(t, c, f)
	for _, short := range []string{"director", "social", "police", "mental-health", "housing", "privacy-officer", "auditor"} { // they follow whatever happens
		w.As(t, short).Patch("/v1/alert-preferences", "*", live.M{"rules": []live.M{{"effect": "follow", "neighbourhoodCodes": []string{"BU08610001"}}}}).Want(200)
	}
	for _, event := range w.events() {
		event.happens(t)
	}
	return w
}

// event is something that happens in the ward and adds a record.
type event struct {
	what    string
	happens func(t *testing.T) record
}

func (w *ward) events() []event {
	item := func(by string, c authz.Category, more live.M) event {
		return event{fmt.Sprintf("%s supplies %s", by, c.Slug()), func(t *testing.T) record {
			t.Helper()
			r := record{in: w.f, what: "item", category: c, partner: person(by).Partner, secret: more["secrecy"] != nil}
			w.made(w.As(t, by).Post(w.c.Path+"/items", with(more, live.M{"category": c.Slug(), "text": w.mark(r), "observedOn": "2026-01-15"})))
			return r
		}}
	}
	return append(w.later(), []event{
		item("mental-health", authz.Health, live.M{"secrecy": live.M{}}),
		item("police", authz.Police, live.M{}),
		item("housing", authz.Finance, live.M{}),
		{"an action of the police is agreed", func(t *testing.T) record {
			t.Helper()
			r := record{in: w.f, what: "action", category: authz.Action, partner: "police"}
			w.made(w.As(t, "case-director").Post("/v1/actions", live.M{
				"dossierId": w.c.ID, "partnerId": w.Partner("police"), "professionalId": w.Person("police"), "description": w.mark(r), "lifeDomain": "nuisance",
				"kind": "preventive", "track": "support", "dueDate": "2199-12-01",
			}))
			return r
		}},
	}...)
}

// settled waits until the events so far stand in the inboxes: then nothing moves by itself.
func (w *ward) settled(t *testing.T) {
	t.Helper()
	require.Eventually(t, func() bool { return w.Pending(t) == 0 }, 10*time.Second, 20*time.Millisecond)
}

// traces compares what somebody gets before and after something that he may not see, and names each place
// where he could notice. Who directs the dossier may learn that it changed (exception a of the contract); the municipal
// director sees that mail left to them.
func traces(short string, before, after map[string]answer) (findings []string) {
	leads := slices.Contains([]string{"chair", "case-director"}, short)
	paths := map[string]bool{}
	for path := range before {
		paths[path] = true
	}
	for path := range after {
		paths[path] = true
	}
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		if leads && (strings.HasPrefix(path, "/v1/alerts") || strings.HasPrefix(path, "/v1/events") || strings.HasPrefix(path, "/v1/my-work") || strings.Contains(path, "/timeline")) {
			continue
		}
		if short == "director" && strings.HasPrefix(path, "/v1/deliveries") {
			continue
		}
		if before[path] != after[path] {
			findings = append(findings, fmt.Sprintf("%s could notice it at %s:\n  %v\n  %v", short, path, before[path], after[path]))
		}
	}
	return findings
}

// TestWhatHappensOutOfSightLeavesNoTrace lets things happen in a dossier: for who may not see them, no
// answer to any question differs afterwards, in no figure, time, tag, cursor or error.
func TestWhatHappensOutOfSightLeavesNoTrace(t *testing.T) {
	w := newWard(t)
	w.harvest(t)
	paths, _ := w.questions()
	for _, event := range w.events() {
		t.Run(event.what, func(t *testing.T) {
			w.settled(t)
			before := map[string]map[string]answer{}
			for _, short := range everybody() {
				before[short] = w.asksAll(t, short, paths, nil)
			}
			r := event.happens(t)
			w.settled(t)
			for _, short := range everybody() {
				findings := traces(short, before[short], w.asksAll(t, short, paths, nil))
				if w.inForce.reads(person(short), r) {
					require.NotEmpty(t, findings, "%s sees it: the questions would find a trace", short)
					continue
				}
				for _, finding := range findings {
					t.Error(finding)
				}
			}
		})
	}
}

// TestPlantedLeaksAreFound plants a leak of each kind in the answers and asks whether it is found: what is
// held against the contract above would not go by.
func TestPlantedLeaksAreFound(t *testing.T) {
	w := newWard(t)
	w.harvest(t)
	w.settled(t)
	paths, _ := w.questions()
	const spy = "housing" // does not see the health item, nor the police's
	secret := w.records[slices.IndexFunc(w.records, func(r record) bool { return r.what == "item" && r.category == authz.Health })].mark
	clean := w.asksAll(t, spy, paths, nil)
	require.Empty(t, w.leaks(w.inForce, spy, clean))

	body := func(at string, old, new string) tamper {
		pattern, form := regexp.MustCompile(old), regexp.MustCompile(at)
		return func(path string, a answer) answer {
			if form.MatchString(path) {
				a.body = pattern.ReplaceAllString(a.body, new)
			}
			return a
		}
	}
	header := func(at string, line string) tamper {
		return func(path string, a answer) answer {
			if strings.HasPrefix(path, at) {
				a.header += "\n" + line
			}
			return a
		}
	}
	t.Run("the text of something hidden", func(t *testing.T) {
		for kind, plant := range map[string]tamper{
			"list":       body(`/items\?`, `"items":\[`, `"items":[{"text":"`+secret+`"},`),
			"detail":     body(`/dossiers/[^/]*$`, `"title":"`, `"title":"`+secret),
			"report":     body(`/situation-report`, `"lastChanges":\[`, `"lastChanges":[{"kind":"`+secret+`"},`),
			"print":      body(`/situation-report`+asPrint, `Vertrouwelijk`, `Vertrouwelijk `+secret),
			"link":       body(`/links\?`, `"items":\[`, `"items":[{"note":"`+secret+`"},`),
			"work":       body(`/my-work`, `"lastChanges":\[`, `"lastChanges":[{"kind":"`+secret+`"},`),
			"alert":      body(`/alerts\?`, `"items":\[`, `"items":[{"text":"`+secret+`"},`),
			"error text": body(`/items/`, `"detail":"`, `"detail":"`+secret+` `),
			"pagination": body(`/items\?`, `"next":"?[^,}]*"?`, `"next":"`+secret+`"`),
			"Location":   header(w.c.Path, "Location: /v1/"+secret),
		} {
			t.Run(kind, func(t *testing.T) {
				require.NotEmpty(t, w.leaks(w.inForce, spy, w.asksAll(t, spy, paths, plant)))
			})
		}
	})
	t.Run("a trace of something hidden", func(t *testing.T) {
		for kind, plant := range map[string]tamper{
			"count":        body(`/dossiers/[^/]*$`, `"openActions":\d+`, `"openActions":99`),
			"lastChangeAt": body(`/dossiers\?`, `"lastChangeAt":"[^"]*"`, `"lastChangeAt":"2026-11-22T12:00:00Z"`),
			"ETag":         header(w.c.Path, `ETag: "another"`),
			"print":        body(`/situation-report`+asPrint, `\d+ open`, `99 open`),
			"etag in rows": body(`/dossiers\?`, `"etag":"[^,]*,`, `"etag":"another",`),
			"pagination":   body(`/items\?`, `"next":null`, `"next":"more"`),
			"status":       func(_ string, a answer) answer { a.status++; return a },
			"alert":        body(`/alerts/summary`, `\d+`, `99`),
			"work":         body(`/my-work`, `"unreadAlerts":\d+`, `"unreadAlerts":99`),
		} {
			t.Run(kind, func(t *testing.T) {
				require.NotEmpty(t, traces(spy, clean, w.asksAll(t, spy, paths, plant)))
			})
		}
	})
	t.Run("without one, nothing is found", func(t *testing.T) {
		require.Empty(t, traces(spy, clean, w.asksAll(t, spy, paths, nil)))
	})
}
