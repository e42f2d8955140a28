package server_test

import "github.com/wijkregie/wijkregie/internal/testkit/live"

// emergencies are access that somebody takes himself, and access that he asks for.
func (w *walk) emergencies() []step {
	one := "/v1/dossiers/{dossierId}/emergency-accesses/{accessId}"
	led := statuses{"auditor": notFound, "police": notFound, "case-director": forbidden}
	request := "/v1/access-requests/{accessRequestId}"
	return []step{
		{op: "openEmergencyAccess", by: "mental-health", want: created, keep: "accessId", own: notFound,
			not: statuses{"police-system": forbidden, "police": conflict},
			body: func() live.M {
				return live.M{"dossierNumber": w.As(w.T, "director").Get(w.fill("/v1/dossiers/{dossierId}")).Text("number")}
			}},
		{op: "overseeEmergencyAccesses", by: "privacy-officer", want: ok, not: statuses{"chair": forbidden}, own: ok},
		{op: "listEmergencyAccesses", by: "case-director", want: ok, not: statuses{"auditor": notFound}},
		{op: "getEmergencyAccess", by: "mental-health", want: ok, not: statuses{"auditor": notFound, "police": notFound}},
		{op: "endEmergencyAccess", by: "mental-health", want: created, match: one, not: led},
		{op: "reviewEmergencyAccess", by: "director", want: created, match: one, not: led},
		{op: "requestAccess", by: "police", want: created, keep: "accessRequestId", own: notFound, not: statuses{"police-system": forbidden},
			body: func() live.M { return live.M{"dossierId": w.ids["dossierId"]} }},
		{op: "listAccessRequests", by: "police", want: ok, own: ok},
		{op: "getAccessRequest", by: "police", want: ok, not: statuses{"auditor": notFound, "case-director": notFound}},
		{op: "answerAccessRequest", by: "director", want: created, match: request, not: statuses{
			"auditor": notFound, "police": forbidden, "case-director": notFound}},
	}
}
