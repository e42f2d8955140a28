package privacy

import (
	"bytes"
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/language"
	"github.com/wijkregie/wijkregie/internal/kernel/media"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// GetProcessingRegister implements GET /processing-register.
func (h *HTTP) GetProcessingRegister(ctx context.Context, _ api.GetProcessingRegisterRequestObject) (api.GetProcessingRegisterResponseObject, error) {
	r, err := h.s.Register(ctx)
	if err != nil {
		return nil, err
	}
	tag := api.GetProcessingRegister200ResponseHeaders{ETag: etag.Of(r)}
	if media.Wants(ctx, media.CSV) {
		table := r.table()
		return api.GetProcessingRegister200TextcsvResponse{Body: bytes.NewReader(table), ContentLength: int64(len(table)), Headers: tag}, nil
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := api.ProcessingRegister{
		Activities: make([]api.ProcessingActivity, len(r.Activities)), MatrixVersion: r.Matrix.Number, Records: make([]api.ProcessingRecord, len(r.Records)), Etag: tag.ETag,
	}
	for i, a := range r.Activities {
		body.Activities[i] = api.ProcessingActivity{Id: a.ID, Code: a.Code, Name: a.Name.In(language.From(ctx)), LegalRef: a.LegalRef}
	}
	for i, p := range r.Records {
		body.Records[i] = processingToAPI(p, names)
	}
	return api.GetProcessingRegister200JSONResponse{Body: body, Headers: tag}, nil
}

func processingToAPI(p Processing, names *organisation.Names) api.ProcessingRecord {
	one := api.ProcessingRecord{
		Category: p.Category, LegalRef: p.LegalRef, Sensitivity: p.Sensitivity, Purposes: []api.ProcessingPurpose{}, Bases: p.bases(),
		DataSubjects: []api.DataSubjectKind{}, Recipients: matrix.CellsToAPI(p.Recipients, names), Terms: make([]api.ProcessingTerm, len(p.Terms)),
	}
	for _, code := range p.Purposes {
		one.Purposes = append(one.Purposes, api.ProcessingPurpose(code))
	}
	for _, code := range p.Subjects {
		one.DataSubjects = append(one.DataSubjects, api.DataSubjectKind(code))
	}
	for i, t := range p.Terms {
		one.Terms[i] = api.ProcessingTerm{Basis: t.Basis, Months: t.Months, LegalRef: t.LegalRef}
	}
	return one
}
