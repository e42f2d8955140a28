package server_test

// corrections are what a supplier does with what it supplied: it adds more, corrects it and takes it back. The
// walk goes on with the item that it had.
func (w *walk) corrections() []step {
	kept := ""
	hidden := statuses{"auditor": notFound, "social": notFound, "director": notFound}
	one := "/v1/dossiers/{dossierId}/items/{itemId}"
	return []step{
		{op: "addItems", by: "police", want: created, not: statuses{"auditor": notFound, "social": forbidden}},
		{op: "correctItem", by: "police", want: created, keep: "itemId", match: one, not: hidden, first: func() {
			kept = w.ids["itemId"]
			w.ids["itemId"] = w.CaseAt(w.ids["dossierId"]).Item(w.T, "police", "police").ID()
		}},
		{op: "withdrawItem", by: "police", want: created, keep: "itemWithdrawalId", match: one, not: hidden},
		{op: "listItemWithdrawals", by: "police", want: ok, not: hidden},
		{op: "getItemWithdrawal", by: "police", want: ok, not: hidden},
		{op: "listItems", by: "police", want: ok, not: statuses{"auditor": notFound}, first: func() { w.ids["itemId"] = kept }},
	}
}
