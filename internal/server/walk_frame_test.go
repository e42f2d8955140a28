package server_test

import (
	"testing"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// agreements are what is agreed around the plan of a dossier.
func (w *walk) agreements() []step {
	by, led := statuses{"auditor": notFound, "police": forbidden, "chair": forbidden}, statuses{"auditor": notFound, "police": forbidden}
	steps := []step{
		{op: "addFrame", by: "case-director", want: created, keep: "frameId", not: by},
		{op: "recordPrecondition", by: "case-director", want: created, keep: "preconditionId", not: by},
		{op: "overridePreconditions", by: "chair", want: created, keep: "preconditionOverrideId", not: led},
		{op: "chooseApproach", by: "chair", want: created, keep: "approachId", not: led, body: func() live.M {
			return live.M{"decisionId": w.ids["decisionId"]}
		}},
	}
	steps = append(steps, inside("police", "listFrames", "getFrame", "listPreconditions", "getPrecondition", "listPreconditionOverrides", "getPreconditionOverride",
		"listApproaches", "getApproach")...)
	return append(steps, step{op: "endFrame", by: "case-director", want: created, match: "/v1/dossiers/{dossierId}/frames/{frameId}", not: by})
}

func frame() live.M {
	return live.M{"condition": "Geen bezoek na tien uur.", "consequence": "Een waarschuwing.", "until": "2199-06-30", "lifeDomain": "nuisance"}
}

func metNow(precondition string) live.M { return live.M{"precondition": precondition, "answer": "met"} }

func notYet() live.M { return live.M{"reason": "De kinderen lopen gevaar."} }

func approach(decision string) live.M {
	return live.M{"description": "Eerst hulp.", "decisionId": decision, "alternatives": []live.M{{"description": "Uitzetting.", "reasonAgainst": "Verplaatst het."}}}
}

// decisionUnder takes a decision under an agenda item, and gives its id.
func decisionUnder(t *testing.T, w *live.World, under string) string {
	t.Helper()
	return w.As(t, "chair").Post(under+"/decisions", live.M{"text": "Hulp eerst.", "reasons": "Samen.", "professionalIds": []string{}, "actions": []live.M{}}).Want(created).ID()
}

// around makes one of everything that is agreed around the plan of a dossier.
func around(t *testing.T, w *live.World, dossier, decision string) map[string]string {
	t.Helper()
	ids := map[string]string{}
	for _, s := range []struct {
		id, collection string
		body           live.M
	}{
		{"frameId", "/frames", frame()}, {"preconditionId", "/preconditions", metNow("informed")},
		{"preconditionOverrideId", "/precondition-overrides", notYet()}, {"approachId", "/approaches", approach(decision)},
	} {
		ids[s.id] = w.As(t, "case-director").Post(dossier+s.collection, s.body).Want(created).ID()
	}
	return ids
}
