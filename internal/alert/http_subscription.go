package alert

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// ListWebhookSubscriptions implements GET /webhook-subscriptions.
func (h *HTTP) ListWebhookSubscriptions(ctx context.Context, r api.ListWebhookSubscriptionsRequestObject) (api.ListWebhookSubscriptionsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, next, err := h.s.Subscriptions(ctx, SubscriptionFilter{ClientID: r.Params.ClientId}, p)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.WebhookSubscriptionList{Items: make([]api.WebhookSubscription, len(rows)), Next: api.Null(next)}
	for i, sub := range rows {
		body.Items[i] = subscriptionToAPI(sub, "", names)
	}
	return api.ListWebhookSubscriptions200JSONResponse{Body: body, Headers: api.ListWebhookSubscriptions200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

// CreateWebhookSubscription implements POST /webhook-subscriptions.
func (h *HTTP) CreateWebhookSubscription(ctx context.Context, r api.CreateWebhookSubscriptionRequestObject) (api.CreateWebhookSubscriptionResponseObject, error) {
	sub, secret, err := h.s.Subscribe(ctx, Subscription{ClientID: r.Body.ClientId, Url: r.Body.Url, Kinds: r.Body.Kinds})
	body, err := h.subscription(ctx, sub, secret, err)
	headers := api.CreateWebhookSubscription201ResponseHeaders{ETag: body.Etag, Location: location(body)}
	return api.CreateWebhookSubscription201JSONResponse{Body: body, Headers: headers}, err
}

// GetWebhookSubscription implements GET /webhook-subscriptions/{webhookSubscriptionId}.
func (h *HTTP) GetWebhookSubscription(ctx context.Context, r api.GetWebhookSubscriptionRequestObject) (api.GetWebhookSubscriptionResponseObject, error) {
	sub, err := h.s.Subscription(ctx, r.WebhookSubscriptionId)
	body, err := h.subscription(ctx, sub, "", err)
	return api.GetWebhookSubscription200JSONResponse{Body: body, Headers: api.GetWebhookSubscription200ResponseHeaders{ETag: body.Etag}}, err
}

// UpdateWebhookSubscription implements PATCH /webhook-subscriptions/{webhookSubscriptionId}.
func (h *HTTP) UpdateWebhookSubscription(ctx context.Context, r api.UpdateWebhookSubscriptionRequestObject) (api.UpdateWebhookSubscriptionResponseObject, error) {
	sub, err := h.s.ChangeSubscription(ctx, etag.KeyOf(r.WebhookSubscriptionId, r.Params.IfMatch), func(sub *Subscription) {
		api.Put(&sub.Url, r.Body.Url)
		api.Put(&sub.Kinds, r.Body.Kinds)
		api.Put(&sub.State, api.As[HookState](r.Body.State))
	})
	body, err := h.subscription(ctx, sub, "", err)
	return api.UpdateWebhookSubscription200JSONResponse{Body: body, Headers: api.UpdateWebhookSubscription200ResponseHeaders{ETag: body.Etag}}, err
}

// ListWebhookDeliveries implements GET /webhook-subscriptions/{webhookSubscriptionId}/deliveries.
func (h *HTTP) ListWebhookDeliveries(ctx context.Context, r api.ListWebhookDeliveriesRequestObject) (api.ListWebhookDeliveriesResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, next, err := h.s.SentByHook(ctx, r.WebhookSubscriptionId, (*string)(r.Params.State), p)
	if err != nil {
		return nil, err
	}
	body := api.WebhookDeliveryList{Items: make([]api.WebhookDelivery, len(rows)), Next: api.Null(next)}
	for i, d := range rows {
		body.Items[i] = hookToAPI(d)
	}
	return api.ListWebhookDeliveries200JSONResponse{Body: body, Headers: api.ListWebhookDeliveries200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

// SendWebhookTestEvent implements POST /webhook-subscriptions/{webhookSubscriptionId}/test-events.
func (h *HTTP) SendWebhookTestEvent(ctx context.Context, r api.SendWebhookTestEventRequestObject) (api.SendWebhookTestEventResponseObject, error) {
	sub, err := h.s.Try(ctx, r.WebhookSubscriptionId)
	body, err := h.subscription(ctx, sub, "", err)
	return api.SendWebhookTestEvent201JSONResponse{Body: body, Headers: api.SendWebhookTestEvent201ResponseHeaders{ETag: body.Etag, Location: location(body)}}, err
}

// ReplayWebhookEvents implements POST /webhook-subscriptions/{webhookSubscriptionId}/replays.
func (h *HTTP) ReplayWebhookEvents(ctx context.Context, r api.ReplayWebhookEventsRequestObject) (api.ReplayWebhookEventsResponseObject, error) {
	sub, err := h.s.Replay(ctx, r.WebhookSubscriptionId, r.Body.FromSequence)
	body, err := h.subscription(ctx, sub, "", err)
	return api.ReplayWebhookEvents201JSONResponse{Body: body, Headers: api.ReplayWebhookEvents201ResponseHeaders{ETag: body.Etag, Location: location(body)}}, err
}

// RotateWebhookSecret implements POST /webhook-subscriptions/{webhookSubscriptionId}/secrets.
func (h *HTTP) RotateWebhookSecret(ctx context.Context, r api.RotateWebhookSecretRequestObject) (api.RotateWebhookSecretResponseObject, error) {
	sub, secret, err := h.s.RenewSecret(ctx, etag.KeyOf(r.WebhookSubscriptionId, r.Params.IfMatch))
	body, err := h.subscription(ctx, sub, secret, err)
	return api.RotateWebhookSecret201JSONResponse{Body: body, Headers: api.RotateWebhookSecret201ResponseHeaders{ETag: body.Etag, Location: location(body)}}, err
}

func location(sub api.WebhookSubscription) string {
	return "/v1/webhook-subscriptions/" + sub.Id.String()
}

func (h *HTTP) subscription(ctx context.Context, sub Subscription, secret string, err error) (api.WebhookSubscription, error) {
	if err != nil {
		return api.WebhookSubscription{}, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return api.WebhookSubscription{}, err
	}
	return subscriptionToAPI(sub, secret, names), nil
}

// subscriptionToAPI is a subscription as the contract shows it; its secret only when it was made just now.
func subscriptionToAPI(sub Subscription, secret string, names *organisation.Names) api.WebhookSubscription {
	return api.WebhookSubscription{
		Id: sub.ID, PartnerId: sub.PartnerID, Partner: names.Partner(sub.PartnerID), ClientId: sub.ClientID, Url: sub.Url, Kinds: api.Texts(sub.Kinds),
		State: api.WebhookState(sub.State), Secret: api.NullText(secret), PreviousSecretUntil: api.NullTime(sub.PreviousSecretUntil),
		VerifiedAt: api.NullTime(sub.VerifiedAt), CreatedAt: sub.CreatedAt.UTC(), ChangedAt: sub.ChangedAt.UTC(), Etag: etag.Of(sub),
	}
}

func hookToAPI(d HookDelivery) api.WebhookDelivery {
	return api.WebhookDelivery{
		Id: d.ID, Purpose: api.WebhookPurpose(d.Purpose), EventId: d.EventID, Kind: api.NullText(d.Kind), Sequence: d.Seq,
		State: api.DeliveryState(d.State), Attempts: d.Attempts, NextTryAt: api.NullTime(d.NextTryAt), LastAnswer: api.NullText(d.LastAnswer),
		CreatedAt: d.CreatedAt.UTC(), ChangedAt: d.ChangedAt.UTC(), Etag: etag.Of(d),
	}
}
