package organisation

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
)

// GetSettings gives what the municipality has set.
func (h *HTTP) GetSettings(ctx context.Context, _ api.GetSettingsRequestObject) (api.GetSettingsResponseObject, error) {
	s, err := h.s.GetSettings(ctx)
	if err != nil {
		return nil, err
	}
	body := settingToAPI(s)
	return api.GetSettings200JSONResponse{Body: body, Headers: api.GetSettings200ResponseHeaders{ETag: body.Etag}}, nil
}

// UpdateSettings changes what the municipality has set.
func (h *HTTP) UpdateSettings(ctx context.Context, r api.UpdateSettingsRequestObject) (api.UpdateSettingsResponseObject, error) {
	s, err := h.s.UpdateSettings(ctx, api.Or(r.Params.IfMatch, ""), func(s *Setting) {
		api.Put(&s.MeetingAccessDays, r.Body.MeetingAccessDays)
		api.Put(&s.ReminderDays, r.Body.ReminderDays)
		api.Put(&s.MailWindowSeconds, r.Body.MailWindowSeconds)
		api.Put(&s.SecrecyRequirement, (*string)(r.Body.SecrecyRequirement))
		api.Put(&s.ScreeningRequirement, (*string)(r.Body.ScreeningRequirement))
		api.Put(&s.TrainingRequirement, (*string)(r.Body.TrainingRequirement))
		if r.Body.EscalationDays != nil {
			s.EscalationDays = r.Body.EscalationDays
		}
	})
	if err != nil {
		return nil, err
	}
	body := settingToAPI(s)
	return api.UpdateSettings200JSONResponse{Body: body, Headers: api.UpdateSettings200ResponseHeaders{ETag: body.Etag}}, nil
}

func settingToAPI(s Setting) api.Settings {
	return api.Settings{
		MeetingAccessDays: s.MeetingAccessDays, ReminderDays: s.ReminderDays, EscalationDays: s.EscalationDays, MailWindowSeconds: s.MailWindowSeconds,
		SecrecyRequirement: api.RequirementLevel(s.SecrecyRequirement), ScreeningRequirement: api.RequirementLevel(s.ScreeningRequirement),
		TrainingRequirement: api.RequirementLevel(s.TrainingRequirement), Etag: etag.Of(s),
	}
}
