package organisation

import (
	"context"
	"encoding/json"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// ListClients gives a page of the clients.
func (h *HTTP) ListClients(ctx context.Context, r api.ListClientsRequestObject) (api.ListClientsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, next, err := h.s.ListClients(ctx, r.Params.PartnerId, p)
	if err != nil {
		return nil, err
	}
	body := api.RegisteredClientList{Items: make([]api.RegisteredClient, len(rows)), Next: api.Null(next)}
	for i, row := range rows {
		if body.Items[i], err = h.client(ctx, row); err != nil {
			return nil, err
		}
	}
	return api.ListClients200JSONResponse{Body: body, Headers: api.ListClients200ResponseHeaders{Link: page.Link(ctx, next)}}, nil
}

// CreateClient registers a client.
func (h *HTTP) CreateClient(ctx context.Context, r api.CreateClientRequestObject) (api.CreateClientResponseObject, error) {
	keys, err := keySet(r.Body.Jwks)
	if err != nil {
		return nil, err
	}
	c, err := h.s.CreateClient(ctx, Client{
		PartnerID: r.Body.PartnerId, Name: r.Body.Name, JwksUri: api.Or(r.Body.JwksUri, ""), Jwks: keys, Categories: r.Body.Categories,
	})
	if err != nil {
		return nil, err
	}
	body, err := h.client(ctx, c)
	return api.CreateClient201JSONResponse{
		Body: body, Headers: api.CreateClient201ResponseHeaders{ETag: body.Etag, Location: "/v1/clients/" + c.ID.String()},
	}, err
}

// GetClient gives one client.
func (h *HTTP) GetClient(ctx context.Context, r api.GetClientRequestObject) (api.GetClientResponseObject, error) {
	c, err := h.s.GetClient(ctx, r.ClientId)
	if err != nil {
		return nil, err
	}
	body, err := h.client(ctx, c)
	return api.GetClient200JSONResponse{Body: body, Headers: api.GetClient200ResponseHeaders{ETag: body.Etag}}, err
}

// UpdateClient changes or withdraws a client.
func (h *HTTP) UpdateClient(ctx context.Context, r api.UpdateClientRequestObject) (api.UpdateClientResponseObject, error) {
	var keys map[string]any
	if sent, there := r.Body.Jwks[true]; there {
		kept, err := keySet(&sent)
		if err != nil {
			return nil, err
		}
		keys = kept
	}
	c, err := h.s.UpdateClient(ctx, etag.KeyOf(r.ClientId, r.Params.IfMatch), func(c *Client) {
		api.Put(&c.Name, r.Body.Name)
		api.PutText(&c.JwksUri, r.Body.JwksUri)
		if r.Body.Jwks.IsSpecified() {
			c.Jwks = keys
		}
		api.Put(&c.Categories, r.Body.Categories)
		api.Put(&c.Status, api.As[string](r.Body.Status))
	})
	if err != nil {
		return nil, err
	}
	body, err := h.client(ctx, c)
	return api.UpdateClient200JSONResponse{Body: body, Headers: api.UpdateClient200ResponseHeaders{ETag: body.Etag}}, err
}

// keySet is a key set as it is kept; nil for nil.
func keySet(sent *api.KeySet) (keys map[string]any, err error) {
	if sent == nil {
		return nil, nil
	}
	plain, err := json.Marshal(sent)
	if err != nil {
		return nil, err
	}
	return keys, json.Unmarshal(plain, &keys)
}

// client is a client as the contract shows it; its secret, if any, is never shown.
func (h *HTTP) client(ctx context.Context, c Client) (api.RegisteredClient, error) {
	names, err := h.s.Names(ctx)
	if err != nil {
		return api.RegisteredClient{}, err
	}
	keys := api.Null[api.OptionalKeySet](nil)
	if c.Jwks != nil {
		plain, err := json.Marshal(c.Jwks)
		if err != nil {
			return api.RegisteredClient{}, err
		}
		var shown api.KeySet
		if err := json.Unmarshal(plain, &shown); err != nil {
			return api.RegisteredClient{}, err
		}
		keys = api.Null(&shown)
	}
	return api.RegisteredClient{
		Id: c.ID, PartnerId: c.PartnerID, Partner: names.Partner(c.PartnerID), Name: c.Name, JwksUri: api.NullText(c.JwksUri), Jwks: keys,
		Categories: c.Categories, Status: api.ClientStatus(c.Status), LastUsedAt: api.Null(c.LastUsedAt), Etag: etag.Of(c),
	}, nil
}
