package server_test

import (
	"testing"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// actionSteps are what is decided about an action of its own, which is handed over and dropped in the end.
func (w *walk) actionSteps() []step {
	one := "/v1/actions/{actionId}"
	carried, directed := statuses{"auditor": notFound, "social": forbidden}, statuses{"auditor": notFound, "police": forbidden}
	steps := []step{
		{op: "deferAction", by: "police", want: created, keep: "deferralId", match: one, not: carried, body: func() live.M {
			return live.M{"dueDate": "2199-12-31"}
		}},
		w.assigned("police", "social"), w.assigned("case-director", "police"),
		{op: "cancelAction", by: "case-director", want: created, keep: "actionCancellationId", match: one, not: directed},
		{op: "reopenAction", by: "chair", want: created, keep: "actionReopeningId", match: one, not: directed},
	}
	return append(steps, inside("police", "listDeferrals", "getDeferral", "listAssignments", "getAssignment", "listActionReopenings", "getActionReopening",
		"listActionCancellations", "getActionCancellation")...)
}

// assigned hands the action of the walk to somebody.
func (w *walk) assigned(by, to string) step {
	return step{op: "assignAction", by: by, want: created, keep: "assignmentId", match: "/v1/actions/{actionId}", not: statuses{"auditor": notFound},
		body: func() live.M { return live.M{"partnerId": w.Partner(to), "professionalId": w.Person(to)} }}
}

// walked takes every step on an action, which is open in the end.
func walked(t *testing.T, w *live.World, action string) map[string]string {
	t.Helper()
	ids := map[string]string{}
	for _, s := range []struct {
		id, collection string
		body           live.M
	}{
		{"deferralId", "/deferrals", live.M{"dueDate": "2199-12-20", "reason": "Vakantie."}},
		{"assignmentId", "/assignments", live.M{"partnerId": w.Partner("police"), "reason": "Wie vrij is."}},
		{"actionCancellationId", "/cancellations", live.M{"reason": "Niet nodig."}},
		{"actionReopeningId", "/reopenings", live.M{"reason": "Toch nodig."}},
	} {
		ids[s.id] = w.As(t, "case-director").Post(action+s.collection, s.body, anyTag).Want(created).ID()
	}
	return ids
}
