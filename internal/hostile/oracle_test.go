package hostile

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// what is different in two errors that are the same.
var instance = regexp.MustCompile(`"instance":"[^"]*"`)

// TestAReferenceTellsNothingOfWhatIsHidden refers to records that the caller may not see, wherever a body or a filter takes an
// id: the answer is the one to an id that there is not.
func TestAReferenceTellsNothingOfWhatIsHidden(t *testing.T) {
	w := live.Bare(t)
	w.Impose(t, "GM0861", everything())
	mine, hidden := w.Case(t), w.Opened(t, live.M{"type": "person", "title": "Jan"})
	lead, police, chair, owner := w.As(t, "case-director"), w.As(t, "police"), w.As(t, "chair"), w.As(t, "social")
	made := func(r *live.Reply) string { return r.Want(http.StatusCreated).ID() }

	// what stands in the dossier that neither the police nor who directs the other one know
	plan := w.As(t, "director").Post(hidden.Path+"/plans", live.M{"integralGoal": "Rust.", "overrideReason": "Spoed."}).Want(http.StatusCreated)
	goal := made(owner.Post(plan.Place()+"/goals", live.M{"lifeDomain": "nuisance", "text": "Rust."}))
	frame := made(owner.Post(hidden.Path+"/frames", live.M{"condition": "Als.", "consequence": "Dan.", "until": "2199-06-30"}))
	meeting, item := hidden.Meeting(t)
	decision := made(chair.Post("/v1/agenda-items/"+item.ID()+"/decisions", live.M{"text": "Ja.", "reasons": "Ja.", "professionalIds": []string{}, "actions": []live.M{}}))
	somebody := made(owner.Post("/v1/persons", live.M{"givenNames": "Jan", "familyName": "Pietersen"}))
	owner.Post(hidden.Path+"/subjects", live.M{"personId": somebody, "role": "subject"}).Want(http.StatusCreated)
	assessment := made(owner.Post(hidden.Path+"/assessments", live.M{"lifeDomain": "finances", "reading": "Slecht.", "source": "Bezoek.", "observedOn": "2026-01-15", "score": 1}))
	supplied := hidden.Item(t, "social", "housing").ID()
	action := hidden.Action(t, "social", "social").ID()

	// where the police, who may do everything in their own dossier, could name it
	draft := lead.Post(mine.Path+"/plans", live.M{"integralGoal": "Rust.", "overrideReason": "Spoed."}).Want(http.StatusCreated)
	asked := mine.Ask(t, "police")
	ownKin := made(lead.Post("/v1/persons", live.M{"givenNames": "Ilona", "familyName": "Verhaag"}))
	known := made(police.Post("/v1/persons", live.M{"givenNames": "Noor", "familyName": "Verhaag"}))
	ours, _ := mine.Meeting(t, "police")
	do := func(more live.M) live.M {
		return with(more, live.M{"dossierId": mine.ID, "partnerId": w.Partner("police"), "description": "Langsgaan.", "lifeDomain": "nuisance",
			"kind": "preventive", "track": "support", "dueDate": "2199-12-01"})
	}
	type ask = func(id string) *live.Reply
	for name, c := range map[string]struct {
		id  string
		ask ask
	}{
		"the goal of an action":    {goal, func(id string) *live.Reply { return police.Post("/v1/actions", do(live.M{"goalId": id})) }},
		"the frame of an action":   {frame, func(id string) *live.Reply { return police.Post("/v1/actions", do(live.M{"frameId": id})) }},
		"the meeting of an action": {meeting.ID(), func(id string) *live.Reply { return police.Post("/v1/actions", do(live.M{"meetingId": id})) }},
		"the decision on an approach": {decision, func(id string) *live.Reply {
			return lead.Post(mine.Path+"/approaches", live.M{"description": "Zo.", "alternatives": []live.M{}, "decisionId": id})
		}},
		"the plan of an approach": {plan.ID(), func(id string) *live.Reply {
			return lead.Post(mine.Path+"/approaches", live.M{"description": "Zo.", "alternatives": []live.M{}, "decisionId": id, "planId": id})
		}},
		"the decision on a plan": {decision, func(id string) *live.Reply {
			return lead.Post(draft.Place()+"/finalisations", live.M{"decisionId": id}, live.Match("*"))
		}},
		"the member of a goal": {hidden.ID, func(id string) *live.Reply {
			return police.Post(draft.Place()+"/goals", live.M{"lifeDomain": "housing", "text": "Huis.", "memberDossierId": id})
		}},
		"a subject": {somebody, func(id string) *live.Reply {
			return lead.Post(mine.Path+"/subjects", live.M{"personId": id, "role": "member"})
		}},
		"kin of a subject": {somebody, func(id string) *live.Reply {
			return lead.Post(mine.Path+"/subjects", live.M{"personId": ownKin, "role": "child", "relatedPersonId": id})
		}},
		"the other side of a link": {hidden.ID, func(id string) *live.Reply {
			return lead.Post(mine.Path+"/links", live.M{"otherDossierId": id, "kind": "related", "note": "Zie."})
		}},
		"the dossier of a document": {hidden.ID, func(id string) *live.Reply {
			return police.Post("/v1/documents", live.M{"dossierId": id, "category": "police", "title": "Brief", "kind": "report", "observedOn": "2026-01-15"})
		}},
		"the dossier of an action": {hidden.ID, func(id string) *live.Reply {
			return police.Post("/v1/actions", with(live.M{}, with(do(live.M{}), live.M{"dossierId": id})))
		}},
		"the dossier of a proposal": {hidden.ID, func(id string) *live.Reply {
			return police.Post(ours.Place()+"/agenda-proposals", live.M{"dossierId": id, "reason": "Nodig."})
		}},
		"the dossier of a consent": {hidden.ID, func(id string) *live.Reply {
			return police.Post("/v1/persons/"+known+"/consents", live.M{"dossierId": id, "purpose": "Hulp.", "givenBy": "person"})
		}},
		"what an assessment puts right": {assessment, func(id string) *live.Reply {
			return police.Post(mine.Path+"/assessments", live.M{"lifeDomain": "finances", "reading": "Goed.", "source": "Bezoek.", "observedOn": "2026-01-15", "score": 1, "corrects": id})
		}},
		"the items of an answer": {supplied, func(id string) *live.Reply {
			return police.Post(asked.Place()+"/answers", live.M{"itemIds": []string{id}}, live.Match("*"))
		}},
		"an access request": {hidden.ID, func(id string) *live.Reply {
			return police.Post("/v1/access-requests", live.M{"dossierId": id, "category": "health", "purpose": "Nodig."})
		}},
		"a search in a dossier": {hidden.ID, func(id string) *live.Reply {
			return police.Post("/v1/_search", live.M{"text": "rust", "dossierId": id})
		}},
		"a list of documents": {hidden.ID, func(id string) *live.Reply { return police.Get("/v1/documents?dossierId=" + id) }},
		"a list of actions":   {hidden.ID, func(id string) *live.Reply { return police.Get("/v1/actions?dossierId=" + id) }},
		"a list of meetings":  {hidden.ID, func(id string) *live.Reply { return police.Get("/v1/meetings?dossierId=" + id) }},
		"a list of alerts":    {hidden.ID, func(id string) *live.Reply { return police.Get("/v1/alerts?dossierId=" + id) }},
		"a plan":              {plan.ID(), func(id string) *live.Reply { return police.Patch("/v1/plans/"+id, "*", live.M{"careGoal": "x"}) }},
		"a commitment": {plan.ID(), func(id string) *live.Reply {
			return police.Post("/v1/plans/"+id+"/commitments", live.M{"partnerId": w.Partner("police"), "outcome": "committed"})
		}},
		"a result": {goal, func(id string) *live.Reply {
			return police.Post(draft.Place()+"/goals/"+id+"/results", live.M{"result": "achieved", "note": "Ja."})
		}},
		"a person": {somebody, func(id string) *live.Reply {
			return police.Patch("/v1/persons/"+id, "*", live.M{"phone": "0400000000"})
		}},
		"a supersession": {decision, func(id string) *live.Reply {
			return police.Post("/v1/decisions/"+id+"/supersessions", live.M{"text": "Nee.", "reasons": "Nee.", "professionalIds": []string{}, "actions": []live.M{}}, live.Match("*"))
		}},
		"a deliberation": {item.ID(), func(id string) *live.Reply {
			return police.Post("/v1/agenda-items/"+id+"/deliberations", live.M{"socialPerspective": "a", "safetyPerspective": "b", "contributions": []live.M{}})
		}},
		"a completion": {action, func(id string) *live.Reply {
			return police.Post("/v1/actions/"+id+"/completions", live.M{"result": "achieved", "note": "Ja."}, live.Match("*"))
		}},
		"minutes": {meeting.ID(), func(id string) *live.Reply { return police.Get("/v1/meetings/" + id + "/minutes") }},
		"an attendance": {meeting.ID(), func(id string) *live.Reply {
			return police.Post("/v1/meetings/"+id+"/attendances", live.M{"professionalId": w.Person("police")})
		}},
		"a situation report": {hidden.ID, func(id string) *live.Reply {
			return police.Get("/v1/dossiers/" + id + "/situation-report?at=2026-01-01T00:00:00Z")
		}},
		"the regie": {hidden.ID, func(id string) *live.Reply {
			return police.Get("/v1/dossiers/" + id + "/regie?at=2199-01-01T00:00:00Z")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			nobody := uuid.Must(uuid.NewV7()).String()
			there, not := c.ask(c.id), c.ask(nobody)
			require.Equal(t, not.Status, there.Status, "%s", there.Raw)
			require.NotEqual(t, http.StatusForbidden, not.Status, "what is asked is refused before")
			if there.Status < http.StatusBadRequest {
				require.Empty(t, there.IDs())
				return
			}
			same := func(r *live.Reply, id string) string {
				return strings.ReplaceAll(instance.ReplaceAllString(string(r.Raw), ""), id, "id")
			}
			require.Equal(t, same(not, nobody), same(there, c.id))
		})
	}
}
