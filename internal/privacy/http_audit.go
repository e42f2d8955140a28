package privacy

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/ledger"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// ListAuditEntries implements GET /audit-entries.
func (h *HTTP) ListAuditEntries(ctx context.Context, r api.ListAuditEntriesRequestObject) (api.ListAuditEntriesResponseObject, error) {
	q := r.Params
	p, err := page.Parse(q.Limit, q.Cursor)
	if err != nil {
		return nil, err
	}
	in, err := h.s.AuditTrail(ctx, AuditFilter{
		DossierID: q.DossierId, SubjectID: q.SubjectId, ProfessionalID: q.ProfessionalId, Event: q.Event, From: q.From, Until: q.Until,
	}, p)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	body := api.AuditEntryList{Items: make([]api.AuditEntry, len(in.Rows)), Next: api.Null(in.Next)}
	for i, e := range in.Rows {
		body.Items[i] = entryToAPI(e, names)
	}
	return api.ListAuditEntries200JSONResponse{Body: body, Headers: api.ListAuditEntries200ResponseHeaders{Link: page.Link(ctx, in.Next)}}, err
}

// entryToAPI says an entry as the contract does. Number and title of the dossier are left out, as in the access log.
func entryToAPI(e AuditEntry, names *organisation.Names) api.AuditEntry {
	return api.AuditEntry{
		Id: e.ID, At: e.At.UTC(), Event: e.Event, Fields: api.Texts(e.Fields), ProfessionalId: api.Null(e.ProfessionalID), Professional: names.Optional(e.ProfessionalID),
		PartnerId: api.Null(e.PartnerID), Partner: names.OptionalPartner(e.PartnerID), ClientId: api.Null(e.ClientID), InNameOfId: api.Null(e.InNameOf),
		InNameOf: names.Optional(e.InNameOf), DossierId: api.Null(e.DossierID), Dossier: nullable.NewNullNullable[api.DossierRef](),
		Subject: api.SubjectRef{Type: e.SubjectType, Id: e.SubjectID}, TraceId: e.TraceID, Etag: etag.Of(struct{ ID uuid.UUID }{e.ID}),
	}
}

// ListAuditCheckpoints implements GET /audit-checkpoints.
func (h *HTTP) ListAuditCheckpoints(ctx context.Context, r api.ListAuditCheckpointsRequestObject) (api.ListAuditCheckpointsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	all, next, err := h.s.Checkpoints(ctx, p)
	body := api.AuditCheckpointList{Items: make([]api.AuditCheckpoint, len(all)), Next: api.Null(next)}
	for i, c := range all {
		body.Items[i] = checkpointToAPI(c)
	}
	return api.ListAuditCheckpoints200JSONResponse{Body: body, Headers: api.ListAuditCheckpoints200ResponseHeaders{Link: page.Link(ctx, next)}}, err
}

// CreateAuditCheckpoint implements POST /audit-checkpoints.
func (h *HTTP) CreateAuditCheckpoint(ctx context.Context, _ api.CreateAuditCheckpointRequestObject) (api.CreateAuditCheckpointResponseObject, error) {
	c, err := h.s.SignCheckpoint(ctx)
	body := checkpointToAPI(c)
	headers := api.CreateAuditCheckpoint201ResponseHeaders{ETag: body.Etag, Location: "/v1/audit-checkpoints/" + c.ID.String()}
	return api.CreateAuditCheckpoint201JSONResponse{Body: body, Headers: headers}, err
}

// GetAuditCheckpoint implements GET /audit-checkpoints/{auditCheckpointId}.
func (h *HTTP) GetAuditCheckpoint(ctx context.Context, r api.GetAuditCheckpointRequestObject) (api.GetAuditCheckpointResponseObject, error) {
	c, err := h.s.Checkpoint(ctx, r.AuditCheckpointId)
	body := checkpointToAPI(c)
	return api.GetAuditCheckpoint200JSONResponse{Body: body, Headers: api.GetAuditCheckpoint200ResponseHeaders{ETag: body.Etag}}, err
}

func checkpointToAPI(c ledger.Signed) api.AuditCheckpoint {
	return api.AuditCheckpoint{
		Id: c.ID, Size: int64(c.Size), RootHash: ledger.Text(c.Root), Note: c.Note, PublicKey: c.PublicKey, SignedAt: c.SignedAt.UTC(), Etag: etag.Of(struct{ ID uuid.UUID }{c.ID}),
	}
}

// ExportAudit implements GET /audit-checkpoints/{auditCheckpointId}/export.
func (h *HTTP) ExportAudit(ctx context.Context, r api.ExportAuditRequestObject) (api.ExportAuditResponseObject, error) {
	c, out, err := h.s.ExportAudit(ctx, r.AuditCheckpointId)
	headers := api.ExportAudit200ResponseHeaders{ETag: etag.Of(struct{ ID uuid.UUID }{c.ID}), ContentDisposition: fmt.Sprintf(`attachment; filename="audit-%s-%d.ndjson"`, c.MunicipalityID, c.Size)}
	return api.ExportAudit200ApplicationoctetStreamResponse{Body: out, Headers: headers}, err
}

// ProveAuditEntry implements GET /audit-checkpoints/{auditCheckpointId}/inclusion-proof.
func (h *HTTP) ProveAuditEntry(ctx context.Context, r api.ProveAuditEntryRequestObject) (api.ProveAuditEntryResponseObject, error) {
	p, err := h.s.ProveEntry(ctx, r.AuditCheckpointId, r.Params.EntryId)
	body := api.AuditInclusionProof{Index: int64(p.Index), Leaf: p.Line, LeafHash: ledger.Text(ledger.HashOf(p.Line)), Path: texts(p.Path), Etag: etag.Of(p)}
	return api.ProveAuditEntry200JSONResponse{Body: body, Headers: api.ProveAuditEntry200ResponseHeaders{ETag: body.Etag}}, err
}

// ProveAuditConsistency implements GET /audit-checkpoints/{auditCheckpointId}/consistency-proof.
func (h *HTTP) ProveAuditConsistency(ctx context.Context, r api.ProveAuditConsistencyRequestObject) (api.ProveAuditConsistencyResponseObject, error) {
	from, to, path, err := h.s.ProveConsistency(ctx, r.AuditCheckpointId, r.Params.Since)
	body := api.AuditConsistencyProof{FromSize: int64(from.Size), ToSize: int64(to.Size), Path: texts(path), Etag: etag.Of(struct{ Path [][]byte }{path})}
	return api.ProveAuditConsistency200JSONResponse{Body: body, Headers: api.ProveAuditConsistency200ResponseHeaders{ETag: body.Etag}}, err
}

func texts(hashes [][]byte) []string {
	all := make([]string, len(hashes))
	for i, hash := range hashes {
		all[i] = ledger.Text(hash)
	}
	return all
}
