package server_test

import "github.com/wijkregie/wijkregie/internal/testkit/live"

// webhooks are subscriptions of the system of the police; that its receiver wants events is written past every rule.
func (w *walk) webhooks() []step {
	no := statuses{"case-director": forbidden, "police-system": forbidden}
	other := statuses{"case-director": notFound, "police-system": forbidden} // of another partner, and of the same without the right
	one := "/v1/webhook-subscriptions/{webhookSubscriptionId}"
	client := func() live.M { return live.M{"clientId": w.Person("police-system")} }
	return []step{
		{op: "createWebhookSubscription", by: "director", want: created, keep: "webhookSubscriptionId", not: no, own: invalid, body: client},
		{op: "listWebhookSubscriptions", by: "director", want: ok, not: no, own: ok},
		{op: "getWebhookSubscription", by: "director", want: ok, not: other,
			first: func() { w.Exec(w.T, "update webhook_subscription set verified_at = now()") }},
		{op: "listWebhookDeliveries", by: "director", want: ok, not: other},
		{op: "sendWebhookTestEvent", by: "director", want: created, not: other},
		{op: "replayWebhookEvents", by: "director", want: created, not: other},
		{op: "rotateWebhookSecret", by: "director", want: created, match: one, not: other},
		{op: "updateWebhookSubscription", by: "director", want: ok, match: one, not: other},
	}
}
