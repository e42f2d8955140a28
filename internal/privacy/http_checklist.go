package privacy

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/language"
)

// GetLegalChecklist implements GET /legal-checklist.
func (h *HTTP) GetLegalChecklist(ctx context.Context, _ api.GetLegalChecklistRequestObject) (api.GetLegalChecklistResponseObject, error) {
	all, err := h.s.Checklist(ctx)
	if err != nil {
		return nil, err
	}
	tag := language.From(ctx)
	body := api.LegalChecklist{AsOf: all.AsOf.UTC(), Shortfalls: all.Shortfalls, Duties: make([]api.LegalDuty, len(all.Duties)), Etag: etag.Of(all)}
	for i, d := range all.Duties {
		body.Duties[i] = api.LegalDuty{
			Duty: d.Code, Articles: d.Articles, Text: d.Text.In(tag), Operations: api.Texts(d.Operations), Evidence: make([]api.LegalEvidence, len(d.Evidence)),
		}
		for j, e := range d.Evidence {
			text, _ := h.s.m.Lists.Label(evidenceList, e.Code)
			body.Duties[i].Evidence[j] = api.LegalEvidence{Evidence: e.Code, Text: text.In(tag), Count: e.Count, Shortfall: e.Shortfall}
		}
	}
	return api.GetLegalChecklist200JSONResponse{Body: body, Headers: api.GetLegalChecklist200ResponseHeaders{ETag: body.Etag}}, nil
}
