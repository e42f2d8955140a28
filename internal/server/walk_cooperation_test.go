package server_test

import (
	"testing"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

const (
	cooperationsAt = "/v1/cooperations"
	priorityList   = "/v1/priority-entries"
	checklistAt    = "/v1/legal-checklist"
)

// cooperations are those in which the municipality takes part, and the prioritised list.
func (w *walk) cooperations() []step {
	no := statuses{"chair": forbidden, "auditor": forbidden, "police-system": forbidden}
	one, entry := cooperationsAt+"/{cooperationId}", priorityList+"/{priorityEntryId}"
	led := statuses{"police": forbidden, "auditor": notFound}
	steps := []step{
		{op: "registerCooperation", by: "privacy-officer", want: created, keep: "cooperationId", not: no, own: created, body: func() live.M { return cooperating(nil) }},
		{op: "updateCooperation", by: "privacy-officer", want: ok, match: one, not: no},
		{op: "activateCooperation", by: "director", want: created, match: one, not: no},
		{op: "endCooperation", by: "privacy-officer", want: created, match: one, not: no},
		{op: "addPriorityEntry", by: "chair", want: created, keep: "priorityEntryId", not: statuses{"police": forbidden, "auditor": invalid}, own: invalid, body: w.prioritised},
	}
	steps = append(steps, shared(ok, "listCooperations", "listPriorityEntries")...)
	steps = append(steps, step{op: "getCooperation", by: "police", want: ok})
	steps = append(steps, inside("police", "getPriorityEntry")...)
	steps = append(steps, step{op: "getLegalChecklist", by: "auditor", want: ok, not: statuses{"chair": forbidden, "police-system": forbidden}, own: ok})
	return append(steps, step{op: "removePriorityEntry", by: "chair", want: 204, match: entry, not: led})
}

// prioritised puts the dossier that the walk made under the Wgs on the list.
func (w *walk) prioritised() live.M {
	if w.ids["wgsDossierId"] == "" {
		w.ids["wgsDossierId"] = underWgs(w.T, w.World).ID
	}
	return listed(w.ids["wgsDossierId"])
}

// underWgs is a dossier under the Wgs, with the police in it.
func underWgs(t *testing.T, w *live.World) *live.Case {
	t.Helper()
	f := w.Opened(t, live.M{"basis": "wgs"})
	f.Direct(t)
	f.Join(t, "case-director", "police")
	return f
}

// listed puts a dossier on the prioritised list.
func listed(dossier string) live.M {
	return live.M{"dossierId": dossier, "criteria": []string{"repeat-offender"}, "reviewOn": "2199-06-01"}
}

// cooperating is a cooperation under the Wgs that can become active.
func cooperating(more live.M) live.M {
	return plus(live.M{
		"name": "Zorg- en Veiligheidshuis De Kempen", "basis": "wgs", "partnerIds": []string{},
		"arrangement":  live.M{"reference": "Z-2026-0117", "agreedOn": "2026-01-31"},
		"contactPoint": live.M{"name": "Privacyloket", "email": "privacy@zvh.example"},
	}, more)
}

// cooperationRights are the lines of the table on cooperations and the prioritised list.
func (c *court) cooperationRights() []right {
	named := func() live.M { return cooperating(nil) }
	file := once(func() string { return underWgs(c.T, c.World).ID })
	entry := once(func() string { return c.As(c.T, "chair").Post(priorityList, listed(file())).Want(created).Place() })
	remove := func(c *live.Client) *live.Reply { return c.Do("DELETE", entry(), nil, anyTag) }
	return []right{
		{"cooperation.manage", "municipal-director", "regisseur", "chair", forbidden, post(at(cooperationsAt), named)},
		{"cooperation.manage", "privacy-officer", "officer", "revisor", forbidden, post(at(cooperationsAt), named)},
		{"legal-checklist.read", "municipal-director", "regisseur", "chair", forbidden, get(at(checklistAt))},
		{"legal-checklist.read", "privacy-officer", "officer", "police", forbidden, get(at(checklistAt))},
		{"legal-checklist.read", "auditor", "revisor", "case-director", forbidden, get(at(checklistAt))},
		{"priority.set", "chair", "chair", "case-director", forbidden, remove},
		{"priority.set", "municipal-director", "regisseur", "police", forbidden, post(at(priorityList), func() live.M { return listed(file()) })},
	}
}

// cooperation is the address of one that can become active.
func cooperation(t *testing.T, w *live.World) string {
	t.Helper()
	return w.As(t, "privacy-officer").Post(cooperationsAt, cooperating(nil)).Want(created).Place()
}
