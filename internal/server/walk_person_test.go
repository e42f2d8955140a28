package server_test

import (
	"testing"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// persons are whom the dossier is about.
func (w *walk) persons() []step {
	led := statuses{"auditor": notFound, "police": forbidden}
	one := "/v1/dossiers/{dossierId}/subjects/{subjectId}"
	steps := []step{
		{op: "registerPerson", by: "case-director", want: created, keep: "personId", own: created, not: statuses{"police-system": forbidden}},
		{op: "updatePerson", by: "case-director", want: ok, match: "/v1/persons/{personId}", not: statuses{"auditor": notFound}},
		{op: "addSubject", by: "case-director", want: created, keep: "subjectId", not: led, body: func() live.M {
			return live.M{"personId": w.ids["personId"]}
		}},
		{op: "updateSubject", by: "case-director", want: ok, match: one, not: led, body: func() live.M { return live.M{"until": "2199-01-31"} }},
		{op: "searchPersons", by: "case-director", want: ok, own: ok},
	}
	return append(steps, inside("case-director", "getPerson", "listSubjects", "getSubject", "listOverlapNotices")...)
}

func somebody() live.M {
	return live.M{"givenNames": "Ilona", "prefix": "van", "familyName": "Verhaag"}
}

func asSubject(person string) live.M { return live.M{"personId": person, "role": "subject"} }

// about makes somebody a subject of a dossier.
func about(t *testing.T, w *live.World, dossier string) map[string]string {
	t.Helper()
	by := w.As(t, "case-director")
	person := by.Post("/v1/persons", somebody()).Want(created).ID()
	return map[string]string{"personId": person, "subjectId": by.Post(dossier+"/subjects", asSubject(person)).Want(created).ID()}
}
