package person

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
)

// DiscloseBsn implements POST /persons/{personId}/bsn-disclosures.
func (h *HTTP) DiscloseBsn(ctx context.Context, r api.DiscloseBsnRequestObject) (api.DiscloseBsnResponseObject, error) {
	d, err := h.s.Disclose(ctx, r.PersonId, string(r.Body.Purpose), string(r.Body.Ground))
	if err != nil {
		return nil, err
	}
	return api.DiscloseBsn200JSONResponse{
		PersonId: r.PersonId, Bsn: d.Number, Purpose: r.Body.Purpose, Ground: r.Body.Ground, DisclosedAt: d.At.UTC(),
	}, nil
}
