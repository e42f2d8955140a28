package server_test

import "github.com/wijkregie/wijkregie/internal/testkit/live"

// explanations say who may see what, and why. Somebody of another municipality meets no dossier there.
func (w *walk) explanations() []step {
	return []step{
		{op: "explainAccess", by: "case-director", want: ok, own: notFound, not: statuses{"social": forbidden}, body: func() live.M {
			return live.M{"professionalId": w.Person("police"), "dossierId": w.ids["dossierId"]}
		}},
		{op: "listDossierAccess", by: "case-director", want: ok, not: statuses{"auditor": notFound, "police": forbidden}},
	}
}
