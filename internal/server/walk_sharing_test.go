package server_test

import "github.com/wijkregie/wijkregie/internal/testkit/live"

// sharing says under which law what may be shared. Somebody of another municipality meets no dossier there.
func (w *walk) sharing() []step {
	return []step{
		{op: "getLegalBases", by: "police", want: ok, own: ok},
		{op: "checkSharing", by: "case-director", want: ok, own: notFound, body: func() live.M {
			return live.M{
				"supplierPartnerId": w.Partner("police"), "receiverPartnerId": w.Partner("social"), "dossierId": w.ids["dossierId"], "category": "police", "purpose": "cooperation",
			}
		}},
	}
}
