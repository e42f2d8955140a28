package server_test

import "github.com/wijkregie/wijkregie/internal/testkit/live"

// information is what partners are asked, and what somebody notes on the way.
func (w *walk) information() []step {
	hidden := statuses{"auditor": notFound, "social": notFound, "housing": notFound}
	steps := []step{
		{op: "askForInformation", by: "case-director", want: created, keep: "informationRequestId", not: statuses{"auditor": notFound, "police": forbidden},
			body: func() live.M { return live.M{"partnerId": w.Partner("police")} }},
		{op: "listInformationRequests", by: "police", want: ok, not: statuses{"auditor": notFound}},
		{op: "getInformationRequest", by: "police", want: ok, not: hidden},
		{op: "answerInformationRequest", by: "police", want: created, keep: "informationAnswerId", not: statuses{"auditor": notFound, "case-director": forbidden},
			match: "/v1/dossiers/{dossierId}/information-requests/{informationRequestId}"},
		{op: "listInformationAnswers", by: "case-director", want: ok, not: hidden},
		{op: "getInformationAnswer", by: "case-director", want: ok, not: hidden},
		{op: "addQuickNote", by: "police", want: created, not: statuses{"auditor": notFound}},
	}
	return steps
}
