package server_test

import (
	"time"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

const breachDesk = "/v1/data-breaches"

// breaches are data breaches and what is done about them.
func (w *walk) breaches() []step {
	no := statuses{"chair": forbidden, "police": forbidden, "police-system": forbidden}
	keeps := statuses{"chair": forbidden, "auditor": forbidden, "police-system": forbidden}
	one := breachDesk + "/{dataBreachId}"
	return []step{
		{op: "recordDataBreach", by: "privacy-officer", want: created, keep: "dataBreachId", not: keeps, own: invalid, body: func() live.M {
			return leaked(time.Hour, live.M{"dossierId": w.ids["dossierId"]})
		}},
		{op: "listDataBreaches", by: "auditor", want: ok, not: no, own: ok},
		{op: "getDataBreach", by: "auditor", want: ok, not: no},
		{op: "updateDataBreach", by: "privacy-officer", want: ok, match: one, not: keeps, body: func() live.M {
			return live.M{"notReportedReason": "Geen risico."}
		}},
	}
}

// breachRights are the lines of the table on data breaches.
func (c *court) breachRights() []right {
	body := fixed(leaked(time.Hour))
	return []right{
		{"data-breach.keep", "municipal-director", "regisseur", "chair", forbidden, post(at(breachDesk), body)},
		{"data-breach.keep", "privacy-officer", "officer", "revisor", forbidden, post(at(breachDesk), body)},
		{"data-breach.read", "municipal-director", "regisseur", "police", forbidden, get(at(breachDesk))},
		{"data-breach.read", "privacy-officer", "officer", "case-director", forbidden, get(at(breachDesk))},
		{"data-breach.read", "auditor", "revisor", "case-director", forbidden, get(at(breachDesk))},
	}
}

// leaked is a data breach that was discovered so long ago.
func leaked(ago time.Duration, more ...live.M) live.M {
	body := live.M{"discoveredAt": before(ago), "description": "Een verslag ging naar een verkeerd adres."}
	for _, m := range more {
		for name, value := range m {
			body[name] = value
		}
	}
	return body
}

// before is a moment so long ago, as the contract writes it.
func before(ago time.Duration) string { return time.Now().Add(-ago).UTC().Format(time.RFC3339) }
