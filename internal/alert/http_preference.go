package alert

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
)

// GetAlertPreferences implements GET /alert-preferences.
func (h *HTTP) GetAlertPreferences(ctx context.Context, _ api.GetAlertPreferencesRequestObject) (api.GetAlertPreferencesResponseObject, error) {
	p, err := h.s.Preferences(ctx)
	if err != nil {
		return nil, err
	}
	body := preferenceToAPI(p)
	return api.GetAlertPreferences200JSONResponse{Body: body, Headers: api.GetAlertPreferences200ResponseHeaders{ETag: body.Etag}}, nil
}

// UpdateAlertPreferences implements PATCH /alert-preferences.
func (h *HTTP) UpdateAlertPreferences(ctx context.Context, r api.UpdateAlertPreferencesRequestObject) (api.UpdateAlertPreferencesResponseObject, error) {
	p, err := h.s.Prefer(ctx, api.Or(r.Params.IfMatch, ""), func(p *Preference) {
		api.Put(&p.Email, api.As[Mailing](r.Body.Email))
		api.PutText(&p.QuietFrom, r.Body.QuietFrom)
		api.PutText(&p.QuietUntil, r.Body.QuietUntil)
		if r.Body.Rules != nil {
			p.Rules = rulesOf(r.Body.Rules)
		}
	})
	if err != nil {
		return nil, err
	}
	body := preferenceToAPI(p)
	return api.UpdateAlertPreferences200JSONResponse{Body: body, Headers: api.UpdateAlertPreferences200ResponseHeaders{ETag: body.Etag}}, nil
}

func preferenceToAPI(p Preference) api.AlertPreferences {
	return api.AlertPreferences{Email: api.AlertMailing(p.Email), QuietFrom: api.NullText(p.QuietFrom), QuietUntil: api.NullText(p.QuietUntil), Rules: rulesToAPI(p.Rules), Etag: etag.Of(p)}
}

func rulesOf(sent []api.AlertRule) []Rule {
	all := make([]Rule, len(sent))
	for i, r := range sent {
		all[i] = Rule{Effect: Effect(r.Effect), Kinds: r.Kinds, Themes: r.Themes, NeighbourhoodCodes: r.NeighbourhoodCodes, DossierIDs: r.DossierIds}
	}
	return all
}

func rulesToAPI(rules []Rule) []api.AlertRule {
	all := make([]api.AlertRule, len(rules))
	for i, r := range rules {
		all[i] = api.AlertRule{Effect: api.AlertRuleEffect(r.Effect), Kinds: r.Kinds, Themes: r.Themes, NeighbourhoodCodes: r.NeighbourhoodCodes, DossierIds: r.DossierIDs}
	}
	return all
}
