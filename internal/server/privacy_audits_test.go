package server_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

const (
	privacyAuditsAt = "/v1/privacy-audits"
	annualReportsAt = "/v1/annual-reports/"
)

func audited() live.M {
	return live.M{"doneOn": "2026-01-20", "organisation": "Auditdienst De Kempen", "findings": "Twee accounts stonden nog open.", "shortcomings": false}
}

func TestPrivacy_L25_the_calendar_says_when_the_next_privacy_audit_is_due(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	officer := w.As(t, "privacy-officer")
	due := func() []string {
		r := w.As(t, "auditor").Get(privacyAuditsAt).Want(ok)
		return []string{r.Text("nextDueOn"), r.Text("rule"), fmt.Sprint(r.At("overdue"))}
	}
	require.Equal(t, "first", due()[1])
	require.Equal(t, "2027-03-01", due()[0], "two years after the Wgs came into force")
	first := officer.Post(privacyAuditsAt, plus(audited(), live.M{"shortcomings": true})).Want(created)
	assert.Equal(t, []string{"2027-01-20", "re-audit"}, due()[:2])
	officer.Post(privacyAuditsAt, plus(audited(), live.M{"doneOn": "2026-02-28"})).Want(created)
	assert.Equal(t, []string{"2030-02-28", "periodic", "false"}, due())
	officer.Post(privacyAuditsAt, plus(audited(), live.M{"doneOn": "2025-12-01", "shortcomings": true})).Want(created)
	assert.Equal(t, "periodic", due()[1], "the latest that was done counts")

	sent := officer.Patch(first.Place(), "*", live.M{"sentToAuthorityOn": "2026-01-22", "sentToOfficerOn": "2026-01-23"}).Want(ok)
	assert.Equal(t, []any{"2026-01-22", nil, "2026-01-23"}, []any{sent.At("sentToAuthorityOn"), sent.At("sentToCommitteeOn"), sent.At("sentToOfficerOn")})
	refusedAs(t, officer.Patch(first.Place(), "*", live.M{"sentToCommitteeOn": "2026-01-19"}), invalid, "invalid-input")
	refusedAs(t, officer.Post(privacyAuditsAt, plus(audited(), live.M{"doneOn": "2199-01-01"})), invalid, "invalid-input")
	for _, who := range []string{"chair", "police", "case-director"} {
		w.As(t, who).Get(privacyAuditsAt).Check(forbidden)
		w.As(t, who).Post(privacyAuditsAt, audited()).Check(forbidden)
	}
	assert.Empty(t, w.As(t, "other-director").Get(privacyAuditsAt).Want(ok).IDs())
}

func TestPrivacy_L26_the_yearly_report_has_figures_in_which_nobody_is_found(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	for range 5 {
		w.Opened(t, live.M{})
	}
	underWgs(t, w)
	year := todayIs(t)[:4]
	director := w.As(t, "director")
	figures := map[string][]any{}
	report := director.Get(annualReportsAt + year).Want(ok)
	for _, f := range report.At("figures").([]any) {
		figures[live.At(f, "code").(string)] = []any{live.At(f, "count"), live.At(f, "fewerThan")}
	}
	assert.Equal(t, []any{5.0, nil}, figures["dossiers-opened-covenant"])
	assert.Equal(t, []any{nil, 5.0}, figures["dossiers-opened-wgs"], "one could be found")
	assert.Equal(t, []any{0.0, nil}, figures["data-breaches"])
	codes := director.Get("/v1/code-lists/annual-figures").Want(ok).Texts("codes", "code")
	assert.ElementsMatch(t, codes, report.Texts("figures", "code"), "each is explained, and none stands for others")
	for _, f := range director.Get(annualReportsAt + "2025").Want(ok).At("figures").([]any) {
		assert.Equal(t, 0.0, live.At(f, "count"), "of another year")
	}
	director.Get(fmt.Sprint(annualReportsAt, time.Now().Year()+1)).Check(notFound)
	for _, who := range []string{"privacy-officer", "auditor"} {
		w.As(t, who).Get(annualReportsAt + year).Check(ok)
	}
	w.As(t, "chair").Get(annualReportsAt + year).Check(forbidden)
}

// privacyAudits are the calendar and the figures of a year.
func (w *walk) privacyAudits() []step {
	not := statuses{"chair": forbidden, "police-system": forbidden}
	return []step{
		{op: "recordPrivacyAudit", by: "privacy-officer", want: created, keep: "privacyAuditId", not: not, own: created, body: audited},
		{op: "listPrivacyAudits", by: "auditor", want: ok, not: not, own: ok},
		{op: "getPrivacyAudit", by: "auditor", want: ok, not: not},
		{op: "updatePrivacyAudit", by: "director", want: ok, match: privacyAuditsAt + "/{privacyAuditId}", not: not, body: func() live.M { return live.M{"sentToAuthorityOn": "2026-01-22"} }},
		{op: "getAnnualReport", by: "auditor", want: ok, not: not, own: ok},
	}
}

// auditCalendarRights are the lines of the table on privacy audits and the yearly report.
func (c *court) auditCalendarRights() []right {
	record, read, report := post(at(privacyAuditsAt), audited), get(at(privacyAuditsAt)), get(at(annualReportsAt+"2026"))
	return []right{
		{"privacy-audit.keep", "municipal-director", "regisseur", "chair", forbidden, record},
		{"privacy-audit.keep", "privacy-officer", "officer", "revisor", forbidden, record},
		{"privacy-audit.read", "municipal-director", "regisseur", "chair", forbidden, read},
		{"privacy-audit.read", "privacy-officer", "officer", "case-director", forbidden, read},
		{"privacy-audit.read", "auditor", "revisor", "police", forbidden, read},
		{"annual-report.read", "municipal-director", "regisseur", "chair", forbidden, report},
		{"annual-report.read", "privacy-officer", "officer", "case-director", forbidden, report},
		{"annual-report.read", "auditor", "revisor", "police", forbidden, report},
	}
}
