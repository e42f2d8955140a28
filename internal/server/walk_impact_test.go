package server_test

import "github.com/wijkregie/wijkregie/internal/testkit/live"

const impactDesk = "/v1/impact-assessments"

// impacts are impact assessments and the advice on them.
func (w *walk) impacts() []step {
	no := statuses{"chair": forbidden, "police": forbidden, "police-system": forbidden}
	keeps := statuses{"chair": forbidden, "auditor": forbidden, "police-system": forbidden}
	one := impactDesk + "/{impactAssessmentId}"
	return []step{
		{op: "recordImpactAssessment", by: "privacy-officer", want: created, keep: "impactAssessmentId", not: keeps, own: created, body: func() live.M { return assessed(nil) }},
		{op: "listImpactAssessments", by: "auditor", want: ok, not: no, own: ok},
		{op: "getImpactAssessment", by: "auditor", want: ok, not: no},
		{op: "updateImpactAssessment", by: "privacy-officer", want: ok, match: one, not: keeps, body: func() live.M { return advised() }},
	}
}

// impactRights are the lines of the table on impact assessments.
func (c *court) impactRights() []right {
	body := fixed(assessed(nil))
	return []right{
		{"impact-assessment.keep", "municipal-director", "regisseur", "chair", forbidden, post(at(impactDesk), body)},
		{"impact-assessment.keep", "privacy-officer", "officer", "revisor", forbidden, post(at(impactDesk), body)},
		{"impact-assessment.read", "municipal-director", "regisseur", "police", forbidden, get(at(impactDesk))},
		{"impact-assessment.read", "privacy-officer", "officer", "case-director", forbidden, get(at(impactDesk))},
		{"impact-assessment.read", "auditor", "revisor", "case-director", forbidden, get(at(impactDesk))},
	}
}

// assessed is an impact assessment without an advice.
func assessed(more live.M) live.M {
	return plus(live.M{"subject": "Schuldmeldingen delen.", "categories": []string{"finance"}, "doneOn": "2026-01-31", "outcome": "acceptable-with-measures"}, more)
}

// advised is the advice on one.
func advised() live.M { return live.M{"adviceReference": "RAC-2026-014", "advisedOn": "2026-02-28"} }
