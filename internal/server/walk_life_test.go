package server_test

import "github.com/wijkregie/wijkregie/internal/testkit/live"

// undecided is who does not decide on the life of a dossier.
func undecided() statuses {
	return statuses{"auditor": notFound, "police": forbidden, "case-director": forbidden}
}

// life are the decisions in the life of a dossier, up to its end.
func (w *walk) life() []step {
	one := "/v1/dossiers/{dossierId}"
	steps := []step{
		{op: "recordTriage", by: "chair", want: created, keep: "triageId", match: one, not: undecided()},
		{op: "changeStatus", by: "chair", want: created, keep: "statusChangeId", match: one, not: undecided()},
		{op: "changeBasis", by: "chair", want: created, keep: "basisChangeId", match: one, not: undecided(), body: func() live.M {
			return live.M{"basis": "consent"}
		}},
	}
	return append(steps, inside("police", "listTriages", "getTriage", "listStatusChanges", "getStatusChange", "listBasisChanges", "getBasisChange")...)
}

// triage is one in which all criteria are met.
func triage() live.M {
	criteria := []live.M{}
	for _, one := range []string{"a", "b", "c", "d"} {
		criteria = append(criteria, live.M{"criterion": one, "answer": "met", "substantiation": "Gezien."})
	}
	return live.M{"criteria": criteria, "advice": "accept", "reason": "Nodig."}
}

func toTriage() live.M { return live.M{"to": "triage", "reason": "Compleet."} }

func onConsent() live.M { return live.M{"basis": "consent", "purpose": "Hulp.", "reason": "Gevraagd."} }

func relapsed() live.M { return live.M{"ground": "relapse", "reason": "Nieuwe meldingen."} }
