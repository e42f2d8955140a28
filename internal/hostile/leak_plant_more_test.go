package hostile

import (
	"net/http"
	"slices"
	"testing"

	"github.com/wijkregie/wijkregie/internal/demo"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// later are the events of what was built on the core: documents, assessments, plans, questions, links, meetings, persons.
func (w *ward) later() []event {
	return []event{
		{"mental health adds a document", func(t *testing.T) record {
			r := record{in: w.f, what: "document", category: authz.Health, partner: "mental-health", secret: true}
			who := w.As(t, "mental-health")
			d := w.made(who.Post("/v1/documents", live.M{"dossierId": w.c.ID, "category": "health", "title": w.mark(r), "kind": "report",
				"observedOn": "2026-01-15", "secrecy": live.M{}}))
			who.Do(http.MethodPut, d.Place()+"/content", "Wat er is.", live.Match(d.Tag())).Want(http.StatusOK)
			return r
		}},
		{"a goal comes in the plan", func(t *testing.T) record {
			r, lead := record{in: w.f, what: "goal", category: authz.Plan}, w.As(t, "case-director")
			if len(lead.Get(w.c.Path+"/plans").IDs()) == 0 {
				w.made(lead.Post(w.c.Path+"/plans", live.M{"integralGoal": "Rust.", "overrideReason": "Spoed."}))
			}
			plan := "/v1/plans/" + lead.Get(w.c.Path + "/plans").IDs()[0]
			w.made(lead.Post(plan+"/goals", live.M{"lifeDomain": "nuisance", "text": w.mark(r)}))
			w.made(lead.Post(plan+"/commitments", live.M{"partnerId": w.Partner("police"), "outcome": "refused", "reason": "Nee."}))
			return r
		}},
		{"a frame is agreed", func(t *testing.T) record {
			r := record{in: w.f, what: "agreement", category: authz.Plan, partner: "social-domain"}
			w.made(w.As(t, "case-director").Post(w.c.Path+"/frames", live.M{"condition": w.mark(r), "consequence": "Anders.", "until": "2199-06-30"}))
			return r
		}},
		{"the team assesses", func(t *testing.T) record {
			r := record{in: w.f, what: "assessment", category: authz.LifeDomain, partner: "social-domain"}
			w.made(w.As(t, "case-director").Post(w.c.Path+"/assessments", live.M{
				"lifeDomain": "finances", "reading": w.mark(r), "source": "Huisbezoek.", "observedOn": "2026-01-15", "score": 1, "member": "Moeder"}))
			return r
		}},
		{"mental health is asked something", func(t *testing.T) record {
			r := record{in: w.f, what: "information request", category: authz.Core, only: func(who demo.Person) bool {
				return leads(who) || who.Short == "mental-health"
			}}
			w.made(w.As(t, "case-director").Post(w.c.Path+"/information-requests", live.M{
				"partnerId": w.Partner("mental-health"), "category": "health", "question": w.mark(r), "dueDate": "2199-12-01"}))
			return r
		}},
		{"the police are asked beyond the limit of their system", func(t *testing.T) record {
			r := record{in: w.f, what: "information request", category: authz.Core, only: func(who demo.Person) bool {
				return leads(who) || who.Short == "police"
			}}
			w.made(w.As(t, "case-director").Post(w.c.Path+"/information-requests", live.M{
				"partnerId": w.Partner("police"), "category": "housing", "question": w.mark(r), "dueDate": "2199-12-01"}))
			return r
		}},
		{"it is linked to a dossier of few, which meets", func(t *testing.T) record {
			known := func(who demo.Person) bool { return slices.Contains([]string{"director", "chair", "social"}, who.Short) }
			other := w.Opened(t, live.M{"type": "person", "title": "Jan"})
			r := record{in: w.f, what: "link", only: known, outside: true}
			w.made(w.As(t, "director").Post(other.Path+"/links", live.M{"otherDossierId": w.c.ID, "kind": "family-member", "note": w.mark(r)}))
			meeting, _ := other.Meeting(t)
			w.made(meeting)
			return r
		}},
		{"the police register somebody who is known", func(t *testing.T) record {
			r := record{in: w.f, what: "person", outside: true, only: func(who demo.Person) bool { return who.Partner == "police" }}
			if by := w.As(t, "case-director"); len(by.Get(w.c.Path+"/subjects").IDs()) == 0 {
				known := w.made(by.Post("/v1/persons", live.M{"givenNames": "Ilona", "familyName": "Verhaag", "bsn": "999970008", "bsnGround": "wgs"}))
				w.made(by.Post(w.c.Path+"/subjects", live.M{"personId": known.ID(), "role": "member"}))
			}
			w.mark(r)
			w.made(w.As(t, "police").Post("/v1/persons", live.M{"givenNames": "Ilona", "familyName": "Verhaag", "bsn": "999970008", "bsnGround": "wgs"}))
			return r
		}},
	}
}
