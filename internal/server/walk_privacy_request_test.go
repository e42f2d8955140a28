package server_test

import (
	"testing"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

const rightsDesk = "/v1/data-subject-requests"

// subjectRequests are what persons ask under the AVG.
func (w *walk) subjectRequests() []step {
	no := statuses{"chair": forbidden, "auditor": forbidden, "police-system": forbidden}
	one := rightsDesk + "/{dataSubjectRequestId}"
	return []step{
		{op: "getDataSubjectGathering", by: "privacy-officer", want: ok, not: no, first: func() {
			w.ids["dataSubjectRequestId"] = w.As(w.T, "privacy-officer").Post(rightsDesk, asked("access", w.ids["personId"])).Want(created).ID()
		}},
		{op: "recordDataSubjectRequest", by: "privacy-officer", want: created, keep: "dataSubjectRequestId", not: no, own: invalid, body: func() live.M {
			return asked("restriction", w.ids["personId"])
		}},
		{op: "listDataSubjectRequests", by: "privacy-officer", want: ok, not: no, own: ok},
		{op: "getDataSubjectRequest", by: "privacy-officer", want: ok, not: no},
		{op: "extendDataSubjectRequest", by: "privacy-officer", want: created, match: one, not: no},
		{op: "consultOnDataSubjectRequest", by: "privacy-officer", want: created, match: one, not: no, body: func() live.M {
			return live.M{"partnerId": w.Partner("police"), "answerBy": "2199-01-31"}
		}},
		{op: "decideDataSubjectRequest", by: "privacy-officer", want: created, match: one, not: no, body: func() live.M {
			return live.M{"outcome": "granted", "reasons": "Betwist.", "unansweredReason": "Spoed.", "restrictedItemIds": []string{w.restrictable()}}
		}},
		{op: "liftDataSubjectRestriction", by: "privacy-officer", want: created, match: one, not: no, body: func() live.M { return lifting() }},
	}
}

// restrictable is an item of the dossier that nothing else of the walk needs.
func (w *walk) restrictable() string {
	return w.As(w.T, "police").Post("/v1/dossiers/"+w.ids["dossierId"]+"/items", live.M{"category": "police", "text": "Melding.", "observedOn": "2026-01-15"}).Want(created).ID()
}

// subjectRequestRights are the lines of the table on requests.
func (c *court) subjectRequestRights() []right {
	ask := fixed(rightsOf("access"))
	gathered := once(func() string {
		person := about(c.T, c.World, c.Case(c.T).Path)["personId"]
		return c.As(c.T, "privacy-officer").Post(rightsDesk, asked("access", person)).Want(created).Place() + "/gathering"
	})
	return []right{
		{"data-subject-request.handle", "municipal-director", "regisseur", "chair", forbidden, post(at(rightsDesk), ask)},
		{"data-subject-request.handle", "privacy-officer", "officer", "revisor", forbidden, post(at(rightsDesk), ask)},
		{"data-subject-gathering.read", "municipal-director", "regisseur", "case-director", forbidden, get(gathered)},
		{"data-subject-gathering.read", "privacy-officer", "officer", "revisor", forbidden, get(gathered)},
		{"data-subject-request.read", "municipal-director", "regisseur", "police", forbidden, get(at(rightsDesk))},
		{"data-subject-request.read", "privacy-officer", "officer", "case-director", forbidden, get(at(rightsDesk))},
	}
}

// asked is what a person, who is in the register unless the id is empty, asks.
func asked(kind, person string) live.M {
	body := live.M{"kind": kind, "receivedOn": today(), "channel": "letter", "identityCheck": "identity-document"}
	if person != "" {
		body["personId"] = person
	}
	return body
}

func lifting() live.M {
	return live.M{"noticeOn": today(), "reason": "Gegevens gecontroleerd."}
}

// rightsOf is what somebody asks who was not found in the register.
func rightsOf(kind string) live.M { return asked(kind, "") }

// requested is the address of a request.
func requested(t *testing.T, w *live.World) string {
	t.Helper()
	return w.As(t, "privacy-officer").Post(rightsDesk, rightsOf("access")).Want(created).Place()
}

// restricted is the address of a request that restricts an item.
func restricted(t *testing.T, w *live.World, person, item string) string {
	t.Helper()
	by := w.As(t, "privacy-officer")
	place := by.Post(rightsDesk, asked("restriction", person)).Want(created).Place()
	by.Post(place+"/decisions", live.M{"outcome": "granted", "reasons": "Betwist.", "restrictedItemIds": []string{item}}, anyTag).Want(created)
	return place
}
