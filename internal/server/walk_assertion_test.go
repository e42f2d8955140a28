package server_test

import "github.com/wijkregie/wijkregie/internal/testkit/live"

// assertions are what must never be, and that it is looked at.
func (w *walk) assertions() []step {
	no := statuses{"chair": forbidden, "auditor": forbidden, "police-system": forbidden}
	steps := []step{
		{op: "createPrivacyAssertion", by: "director", want: created, keep: "privacyAssertionId", not: no, own: created},
		{op: "updatePrivacyAssertion", by: "director", want: ok, match: "/v1/privacy-assertions/{privacyAssertionId}", not: no},
		{op: "listPrivacyAssertions", by: "police", want: ok, own: ok},
		{op: "getPrivacyAssertion", by: "police", want: ok},
		{op: "checkPrivacyAssertions", by: "privacy-officer", want: created, keep: "privacyAssertionCheckId", not: no, own: created},
	}
	hidden := statuses{"chair": forbidden, "police": forbidden}
	return append(steps,
		step{op: "listPrivacyAssertionChecks", by: "auditor", want: ok, not: hidden, own: ok},
		step{op: "getPrivacyAssertionCheck", by: "auditor", want: ok, not: hidden},
	)
}

// assertionRights are the lines of the table on assertions and their checks.
func (c *court) assertionRights() []right {
	c.hire(c.T, "officer", "director", "privacy-officer")
	c.hire(c.T, "revisor", "police", "auditor")
	assertion := fixed(live.M{
		"name": "Politie ziet geen zorg", "reason": "Convenant.", "partnerTypes": []string{"police"}, "categories": []string{"health"}, "acts": []string{"see-all"},
	})
	checks := at("/v1/privacy-assertion-checks")
	return []right{
		{"matrix.assert", "municipal-director", "regisseur", "officer", forbidden, post(at("/v1/privacy-assertions"), assertion)},
		{"assertion.check", "municipal-director", "regisseur", "revisor", forbidden, post(checks, fixed(live.M{}))},
		{"assertion.check", "privacy-officer", "officer", "chair", forbidden, post(checks, fixed(live.M{}))},
		{"assertion-check.read", "municipal-director", "regisseur", "chair", forbidden, get(checks)},
		{"assertion-check.read", "privacy-officer", "officer", "police", forbidden, get(checks)},
		{"assertion-check.read", "auditor", "revisor", "case-director", forbidden, get(checks)},
	}
}
