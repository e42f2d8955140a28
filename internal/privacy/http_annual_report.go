package privacy

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/language"
)

// GetAnnualReport implements GET /annual-reports/{year}.
func (h *HTTP) GetAnnualReport(ctx context.Context, r api.GetAnnualReportRequestObject) (api.GetAnnualReportResponseObject, error) {
	report, err := h.s.AnnualReport(ctx, r.Year)
	if err != nil {
		return nil, err
	}
	body := api.AnnualReport{Year: report.Year, Figures: make([]api.AnnualFigure, len(report.Figures)), Etag: etag.Of(report)}
	for i, f := range report.Figures {
		text, _ := h.s.m.Lists.Label(listAnnual, f.Code)
		body.Figures[i] = api.AnnualFigure{Code: f.Code, Text: text.In(language.From(ctx)), Count: api.Null(f.Count), FewerThan: nullable.NewNullNullable[int]()}
		if f.Count == nil {
			body.Figures[i].FewerThan.Set(fewest)
		}
	}
	return api.GetAnnualReport200JSONResponse{Body: body, Headers: api.GetAnnualReport200ResponseHeaders{ETag: body.Etag}}, nil
}
