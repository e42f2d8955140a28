package server_test

import (
	"testing"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// documents are what is done with a document of the police, which is taken back in the end.
func (w *walk) documents() []step {
	hidden := statuses{"auditor": notFound, "social": notFound, "housing": notFound}
	one := "/v1/documents/{documentId}"
	return []step{
		{op: "addDocument", by: "police", want: created, keep: "documentId", own: invalid, not: statuses{"auditor": invalid, "social": forbidden}, body: func() live.M {
			return live.M{"dossierId": w.ids["dossierId"], "observedOn": "2026-01-20"}
		}},
		{op: "getDocument", by: "police", want: ok, not: hidden},
		{op: "putDocumentContent", by: "police", want: ok, match: one, not: hidden},
		{op: "getDocumentContent", by: "police", want: ok, not: hidden},
		{op: "listDocuments", by: "police", want: ok, own: ok},
		{op: "withdrawDocument", by: "police", want: created, keep: "documentWithdrawalId", match: one, not: hidden},
		{op: "listDocumentWithdrawals", by: "police", want: ok, not: hidden},
		{op: "getDocumentWithdrawal", by: "police", want: ok, not: hidden},
	}
}

// documented is a document with content, and how another was taken back.
func documented(t *testing.T, w *live.World, f *live.Case) map[string]string {
	t.Helper()
	back := w.As(t, "housing").Post(supplied(t, f, w, "housing").Place()+"/withdrawals", live.M{"reason": "Nee.", "breach": false}, anyTag).Want(created)
	return map[string]string{"documentId": sent(t, f, w, "housing", "Inhoud.").ID(), "documentWithdrawalId": back.ID()}
}

func TestAllowedOperationsOfADocument(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	for _, who := range []string{"housing", "police", "case-director"} {
		t.Run(who, func(t *testing.T) {
			for _, d := range []*live.Reply{supplied(t, f, w, "housing"), sent(t, f, w, "housing", "Inhoud.")} {
				path := d.Place()
				holds(t, w, who, "/v1/documents/{documentId}", path, []attempt{
					reading("getDocument", path), reading("getDocumentContent", path+"/content"), reading("listDocumentWithdrawals", path+"/withdrawals"),
					{"putDocumentContent", func(c *live.Client) *live.Reply {
						return c.Do("PUT", path+"/content", "Inhoud.", live.Match(c.Get(path).Tag()))
					}},
					posting("withdrawDocument", path+"/withdrawals", path, live.M{"reason": "Vergissing.", "breach": false}),
				})
			}
		})
	}
}
