package live

import (
	"net/http"
	"testing"
)

// Case is a family dossier of Veldhoven with everybody in it: opened by social on the table of the
// chair, directed by case-director, with police, mental-health and housing by name.
type Case struct {
	ID    string
	Path  string // "/v1/dossiers/{id}"
	Title string

	world *World
}

// Case opens a dossier under a covenant and lets everybody take part.
func (w *World) Case(tb testing.TB) *Case {
	tb.Helper()
	c := w.Opened(tb, M{})
	c.Direct(tb)
	for _, short := range []string{"police", "mental-health", "housing"} {
		c.Join(tb, "case-director", short)
	}
	return c
}

// CaseAt is a case that was made before, by its id.
func (w *World) CaseAt(id string) *Case {
	return &Case{ID: id, Path: "/v1/dossiers/" + id, Title: title, world: w}
}

// title is what a case is called unless it is opened with another title.
const title = "Gezin Verhoeven, Zonderwijk"

// Opened is a dossier that social opened and nobody directs yet; body adds to or replaces what it
// is opened with.
func (w *World) Opened(tb testing.TB, body M) *Case {
	tb.Helper()
	c := &Case{world: w, Title: title}
	sent := M{
		"type": "family", "title": c.Title, "basis": "covenant", "purpose": "Een gezin helpen en de buurt rust geven.",
		"neighbourhoodCode": "BU08610001", "themes": []string{}, "tableId": w.Table(),
	}
	for name, value := range body {
		sent[name] = value
	}
	opened := w.As(tb, "social").Post("/v1/dossiers", sent).Want(http.StatusCreated)
	c.ID, c.Path, c.Title = opened.ID(), opened.Place(), sent["title"].(string)
	return c
}

// Direct lets the chair appoint the case director, and direct the process himself.
func (c *Case) Direct(tb testing.TB) *Reply {
	tb.Helper()
	chair := c.world.As(tb, "chair")
	body := M{
		"caseDirectorId": c.world.Person("case-director"), "phase": 3, "criteria": []string{"b"}, "reason": "De samenwerking stagneert.",
		"jumpReason": "Het gezin was nog niet in beeld.",
		"holders":    []M{{"responsibility": "process-direction", "kind": "professional", "professionalId": c.world.Person("chair")}},
	}
	return chair.Post(c.Path+"/regie-changes", body, Match(chair.Get(c.Path).Want(http.StatusOK).Tag())).Want(http.StatusCreated)
}

// Join lets a demo person take part by name.
func (c *Case) Join(tb testing.TB, by, short string) *Reply {
	tb.Helper()
	body := M{"partnerId": c.world.Partner(short), "role": "participant", "professionalIds": []string{c.world.Person(short)}}
	return c.world.As(tb, by).Post(c.Path+"/participants", body).Want(http.StatusCreated)
}

// Item supplies an item of a category as somebody.
func (c *Case) Item(tb testing.TB, by, category string, more ...M) *Reply {
	tb.Helper()
	body := M{"category": category, "text": "Wat " + by + " weet over " + category + ".", "observedOn": "2026-01-15"}
	for _, m := range more {
		for name, value := range m {
			body[name] = value
		}
	}
	return c.world.As(tb, by).Post(c.Path+"/items", body).Want(http.StatusCreated)
}

// Ask asks the partner of a demo person for information about housing.
func (c *Case) Ask(tb testing.TB, of string) *Reply {
	tb.Helper()
	return c.world.As(tb, "case-director").Post(c.Path+"/information-requests", M{
		"partnerId": c.world.Partner(of), "category": "housing", "question": "Is er achterstand?", "dueDate": "2199-12-01"}).Want(http.StatusCreated)
}

// Action agrees an action that the partner of a demo person carries out.
func (c *Case) Action(tb testing.TB, by, carrier string) *Reply {
	tb.Helper()
	body := M{
		"dossierId": c.ID, "partnerId": c.world.Partner(carrier), "professionalId": c.world.Person(carrier), "description": "Op huisbezoek gaan.",
		"lifeDomain": "nuisance", "kind": "preventive", "track": "support", "dueDate": "2199-12-01",
	}
	return c.world.As(tb, by).Post("/v1/actions", body).Want(http.StatusCreated)
}

// Meeting is a meeting of the chair with the dossier on its agenda, to which demo persons are
// invited; it gives the meeting and its agenda item.
func (c *Case) Meeting(tb testing.TB, invited ...string) (meeting, agendaItem *Reply) {
	tb.Helper()
	chair := c.world.As(tb, "chair")
	meeting = chair.Post("/v1/meetings", M{
		"title": "Casusoverleg", "chairId": c.world.Person("chair"), "startsAt": "2199-01-10T09:00:00+01:00", "endsAt": "2199-01-10T10:30:00+01:00",
	}).Want(http.StatusCreated)
	agendaItem = chair.Post(meeting.Place()+"/agenda-items", M{"dossierId": c.ID}).Want(http.StatusCreated)
	for _, short := range invited {
		chair.Post(meeting.Place()+"/invitations", M{"professionalId": c.world.Person(short)}).Want(http.StatusCreated)
	}
	return meeting, agendaItem
}

// Close ends the dossier, as the chair.
func (c *Case) Close(tb testing.TB) *Reply {
	tb.Helper()
	chair := c.world.As(tb, "chair")
	body := M{
		"result": "achieved", "reason": "Het is klaar.",
		"outcomes": []M{{"description": "Drie maanden geen meldingen.", "result": "achieved"}},
	}
	return chair.Post(c.Path+"/closures", body, Match(chair.Get(c.Path).Want(http.StatusOK).Tag())).Want(http.StatusCreated)
}

// Cleared is a professional to register, who meets all requirements of a municipality.
func Cleared(professional M) M {
	professional["screeningUntil"], professional["secrecyAcceptedOn"], professional["trainedOn"] = "2035-12-31", "2024-01-01", "2024-01-01"
	return professional
}
