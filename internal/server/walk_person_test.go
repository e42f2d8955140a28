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
		{op: "discloseBsn", by: "case-director", want: ok, not: statuses{"auditor": notFound}, first: func() {
			w.As(w.T, "case-director").Patch("/v1/persons/"+w.ids["personId"], "*", live.M{"bsn": "999970008", "bsnGround": "wgs"}).Want(ok)
		}},
		{op: "searchPersons", by: "case-director", want: ok, own: ok},
	}
	steps = append(steps,
		step{op: "recordConsent", by: "case-director", want: created, keep: "consentId", not: statuses{"auditor": notFound, "police": forbidden}, body: func() live.M { return consent(w.ids["dossierId"]) }},
		step{op: "listConsents", by: "police", want: ok, not: statuses{"auditor": notFound}},
		step{op: "getConsent", by: "police", want: ok, not: statuses{"auditor": notFound}},
		step{op: "withdrawConsent", by: "case-director", want: created, match: "/v1/persons/{personId}/consents/{consentId}", not: statuses{"auditor": notFound, "police": forbidden}},
	)
	another := func() live.M {
		other := w.As(w.T, "case-director").Post("/v1/persons", somebody()).Want(created).ID()
		w.As(w.T, "case-director").Post("/v1/dossiers/"+w.ids["dossierId"]+"/subjects", asSubject(other)).Want(created)
		return live.M{"otherPersonId": other, "reason": "Dubbel."}
	}
	merge := "/v1/persons/{personId}/merges/{mergeId}"
	steps = append(steps,
		step{op: "mergePersons", by: "case-director", want: created, keep: "mergeId", match: "/v1/persons/{personId}", not: led, body: another},
		step{op: "listPersonMerges", by: "police", want: ok, not: statuses{"auditor": notFound}},
		step{op: "getPersonMerge", by: "police", want: ok, not: statuses{"auditor": notFound}},
		step{op: "reversePersonMerge", by: "case-director", want: created, match: merge, not: led},
	)
	return append(steps, inside("case-director", "getPerson", "listSubjects", "getSubject", "listOverlapNotices", "listDuplicateCandidates")...)
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
	subject := by.Post(dossier+"/subjects", asSubject(person)).Want(created)
	given := by.Post("/v1/persons/"+person+"/consents", consent(subject.Text("dossierId"))).Want(created)
	other := by.Post("/v1/persons", somebody()).Want(created).ID()
	by.Post(dossier+"/subjects", asSubject(other)).Want(created)
	merged := by.Post("/v1/persons/"+person+"/merges", sameAs(other), anyTag).Want(created)
	return map[string]string{"personId": person, "subjectId": subject.ID(), "informationDutyId": subject.ID(), "consentId": given.ID(), "mergeId": merged.ID()}
}

func sameAs(other string) live.M {
	return live.M{"otherPersonId": other, "reason": "Dubbel geregistreerd."}
}

func consent(dossier string) live.M {
	return live.M{"dossierId": dossier, "purpose": "Schulden delen met de corporatie.", "givenBy": "person"}
}
