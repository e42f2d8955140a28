package server_test

import (
	"slices"
	"time"

	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// rights are the lines of acts.csv.
func (c *court) rights() []right {
	return slices.Concat(c.dossierRights(), c.auditRights(), c.registerRights(), c.accessRights(), c.contentRights(), c.documentRights(), c.planRights(), c.meetingRights(), c.organisationRights(), c.matrixRights(), c.assertionRights(), c.accessLogRights(), c.processingRights(), c.subjectRequestRights(), c.cooperationRights(), c.informingRights(), c.retentionRights(), c.disclosureRights(), c.auditCalendarRights(), c.breachRights(), c.impactRights(), c.emergencyRights())
}

func (c *court) dossierRights() []right {
	directed, opened := at(c.file.Path), once(func() string { return c.Opened(c.T, live.M{}).Path })
	change := live.M{"purpose": "Een ander doel."}
	direct := fixed(live.M{"phase": 4, "criteria": []string{"b"}, "reason": "Opgeschaald.",
		"holders": []live.M{{"responsibility": "administrative", "kind": "function", "description": "Burgemeester"}}})
	ended := fixed(live.M{"result": "partly", "outcomes": []live.M{{"description": "Rust.", "result": "achieved"}}, "reason": "Klaar."})
	closing := func() func() string {
		return once(func() string {
			file := c.Opened(c.T, live.M{})
			file.Direct(c.T)
			return file.Path + "/closures"
		})
	}
	closed := func(below string) func() string {
		return once(func() string {
			file := c.Opened(c.T, live.M{})
			file.Direct(c.T)
			closure := file.Close(c.T)
			if below != "" {
				return file.Path + below
			}
			return closure.Place()
		})
	}
	stepped := once(func() string {
		return c.As(c.T, "chair").Post(directed()+"/status-changes", toTriage(), anyTag).Want(created).Place()
	})
	changing := func(path func() string) func() string { return func() string { return path() + "/regie-changes" } }
	opening := fixed(live.M{"type": "person", "title": "Jan Modaal", "basis": "covenant", "purpose": "Hulp."})
	return []right{
		{"municipality.read", "anyone", "police-system", "nobody", 401, get(at("/v1/partners"))},
		{"dossier.open", "opening-partner", "housing", "police-system", forbidden, post(at("/v1/dossiers"), opening)},
		{"dossier.read", "known", "housing", "auditor", notFound, get(directed)},
		{"dossier.change", "case-director", "case-director", "social", forbidden, patch(directed, change)},
		{"dossier.change", "opener", "social", "chair", forbidden, patch(opened, change)},
		{"dossier.change", "municipal-director", "regisseur", "chair", forbidden, patch(opened, change)},
		{"dossier.direct", "chair", "chair", "case-director", forbidden, post(changing(directed), direct)},
		{"dossier.direct", "municipal-director", "regisseur", "social", forbidden, post(changing(directed), direct)},
		{"dossier.close", "chair", "chair", "case-director", forbidden, post(closing(), ended)},
		{"dossier.close", "municipal-director", "regisseur", "social", forbidden, post(closing(), ended)},
		{"dossier.reopen", "chair", "chair", "case-director", forbidden, post(closed("/reopenings"), fixed(relapsed()))},
		{"dossier.reopen", "municipal-director", "regisseur", "social", forbidden, post(closed("/reopenings"), fixed(relapsed()))},
		{"ending.read", "known", "housing", "auditor", notFound, get(stepped)},
		{"ending.read", "self", "chair", "regisseur", forbidden, get(closed(""))},
	}
}

func (c *court) accessRights() []right {
	exceptions, grants := at(c.file.Path+"/matrix-exceptions"), at(c.file.Path+"/grants")
	exception := fixed(live.M{"partnerId": c.Partner("social"), "category": "health", "level": "none", "reason": "Niet nodig."})
	grant := func() live.M {
		return live.M{"professionalId": c.Person("social"), "categories": []string{}, "level": "read", "reason": "Waarneming.",
			"until": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)}
	}
	mine := once(func() string { return c.as(c.T, "regisseur", post(grants, grant)).Want(created).Place() })
	ask, question := at(c.file.Path+"/information-requests"), once(func() string { return c.file.Ask(c.T, "housing").Place() })
	answer := once(func() string { return c.file.Ask(c.T, "housing").Place() + "/answers" })
	asking := fixed(live.M{"partnerId": c.Partner("housing"), "category": "housing", "question": "Is er achterstand?", "dueDate": "2199-12-01"})
	young := once(func() string {
		file := c.Opened(c.T, live.M{})
		file.Join(c.T, "social", "housing")
		file.Join(c.T, "social", "police")
		return file.Path + "/information-requests"
	})
	fresh, begun := young, once(func() string { return c.As(c.T, "social").Post(young(), asking()).Want(created).Place() })
	rent := once(func() string { return c.file.Item(c.T, "housing", "housing").Place() + "/withholdings" })
	return []right{
		{"dossier.except", "municipal-director", "regisseur", "chair", forbidden, post(exceptions, exception)},
		{"dossier.grant", "municipal-director", "regisseur", "case-director", forbidden, post(grants, grant)},
		{"access.read", "case-director", "case-director", "social", forbidden, get(exceptions)},
		{"access.read", "chair", "chair", "police", forbidden, get(exceptions)},
		{"access.read", "municipal-director", "regisseur", "mental-health", forbidden, get(grants)},
		{"access.read", "self", "social", "police", forbidden, get(mine)},
		{"information.ask", "case-director", "case-director", "police", forbidden, post(ask, asking)},
		{"information.ask", "chair", "chair", "social", forbidden, post(ask, asking)},
		{"information.ask", "opener", "social", "police", forbidden, post(fresh, asking)},
		{"information.ask", "municipal-director", "regisseur", "housing", forbidden, post(ask, asking)},
		{"information.read", "case-director", "case-director", "social", notFound, get(question)},
		{"information.read", "chair", "chair", "police", notFound, get(question)},
		{"information.read", "opener", "social", "police", notFound, get(begun)},
		{"information.read", "municipal-director", "regisseur", "mental-health", notFound, get(question)},
		{"information.read", "asked", "housing", "police", notFound, get(question)},
		{"information.answer", "asked", "housing", "case-director", forbidden, post(answer, fixed(live.M{"reason": "Gewichtig."}))},
		{"withholding.read", "supplier", "housing", "police", forbidden, get(rent)},
	}
}

func (c *court) contentRights() []right {
	items, actions := at(c.file.Path+"/items"), at("/v1/actions")
	note := func(category string) func() live.M {
		return fixed(live.M{"category": category, "text": "Iets.", "observedOn": "2026-01-15"})
	}
	health := once(func() string { return c.file.Item(c.T, "mental-health", "health").Place() })
	housing := once(func() string { return c.file.Item(c.T, "housing", "housing").Place() + "/releases" })
	action := func() func() string {
		return once(func() string { return c.file.Action(c.T, "case-director", "police").Place() })
	}
	completing := func(path func() string) func() string { return func() string { return path() + "/completions" } }
	agreed := func() live.M {
		return live.M{"dossierId": c.file.ID, "partnerId": c.Partner("police"), "description": "Bellen.", "lifeDomain": "nuisance", "kind": "support",
			"track": "support", "dueDate": "2199-12-01"}
	}
	done := fixed(live.M{"result": "achieved", "note": "Gedaan."})
	framed := once(func() string {
		return c.As(c.T, "case-director").Post(c.file.Path+"/frames", frame()).Want(created).Place()
	})
	shared := action()
	return []right{
		{"item.read", "see", "mental-health", "police", notFound, get(health)},
		{"item.add", "add", "police", "social", forbidden, post(items, note("police"))},
		{"assessment.add", "add", "police", "chair", forbidden, post(at(c.file.Path+"/assessments"), fixed(scored("finances", 3)))},
		{"item.correct", "supplier", "housing", "police", forbidden, post(at(c.file.Item(c.T, "housing", "housing").Place()+"/corrections"),
			fixed(live.M{"text": "Het is anders.", "reason": "Vergissing."}))},
		{"item.release", "supplier", "housing", "police", forbidden, post(housing, fixed(live.M{"partnerIds": []string{}, "purpose": "Samen besluiten."}))},
		{"action.read", "see", "mental-health", "housing", notFound, get(shared)},
		{"action.create", "chair", "chair", "social", forbidden, post(actions, agreed)},
		{"action.create", "case-director", "case-director", "social", forbidden, post(actions, agreed)},
		{"action.create", "add", "mental-health", "housing", forbidden, post(actions, agreed)},
		{"action.change", "chair", "chair", "police", forbidden, patch(shared, live.M{"description": "Nog een keer bellen."})},
		{"action.change", "case-director", "case-director", "social", forbidden, patch(shared, live.M{"description": "Langsgaan."})},
		{"action.complete", "supplier", "police", "mental-health", forbidden, post(completing(action()), done)},
		{"action.complete", "case-director", "case-director", "chair", forbidden, post(completing(action()), done)},
		{"person.register", "opening-partner", "police", "police-system", forbidden, post(at("/v1/persons"), fixed(somebody()))},
		{"person.change", "case-director", "case-director", "police", forbidden, patch(at("/v1/persons/"+about(c.T, c.World, c.file.Path)["personId"]), live.M{"phone": "0400000000"})},
		{"person.change", "edit", "social", "housing", forbidden, patch(at("/v1/persons/"+about(c.T, c.World, c.file.Path)["personId"]), live.M{"phone": "0400000000"})},
		{"person.change", "self", "police", "housing", notFound, patch(once(func() string {
			return c.As(c.T, "police").Post("/v1/persons", somebody()).Want(created).Place()
		}), live.M{"phone": "0400000000"})},
		{"agreement.read", "see", "police", "housing", notFound, get(framed)},
		{"agreement.make", "add", "case-director", "chair", forbidden, post(at(c.file.Path+"/frames"), fixed(frame()))},
		{"agreement.end", "edit", "case-director", "police", forbidden, post(func() string { return framed() + "/endings" }, fixed(live.M{"reason": "Klaar."}))},
		{"agreement.decide", "chair", "chair", "police", forbidden, post(at(c.file.Path+"/precondition-overrides"), fixed(notYet()))},
		{"agreement.decide", "municipal-director", "regisseur", "social", forbidden, post(at(c.file.Path+"/precondition-overrides"), fixed(notYet()))},
		{"agreement.decide", "case-director", "case-director", "social", forbidden, post(at(c.file.Path+"/precondition-overrides"), fixed(notYet()))},
	}
}

func (c *court) meetingRights() []right {
	meeting, item := c.file.Meeting(c.T, "police", "housing")
	chair := c.As(c.T, "chair")
	deliberated := chair.Post("/v1/agenda-items/"+item.ID()+"/deliberations", live.M{
		"socialPerspective": "Steun.", "safetyPerspective": "Rust.", "contributions": []live.M{}}).Want(created)
	var mine string
	for i, id := range chair.Get(meeting.Place()+"/invitations").Texts("items", "professionalId") {
		if id == c.Person("police") {
			mine = chair.Get(meeting.Place() + "/invitations").IDs()[i]
		}
	}
	unknown := c.Opened(c.T, live.M{})
	unknown.Direct(c.T)
	unknown.Join(c.T, "case-director", "police")
	feed := c.As(c.T, "police").Post("/v1/calendar-feeds", live.M{}).Want(created)
	planned := fixed(live.M{"title": "Overleg", "chairId": c.Person("chair"), "startsAt": "2199-02-10T09:00:00Z", "endsAt": "2199-02-10T10:00:00Z"})
	return []right{
		{"deliberation.read", "see", "police", "housing", notFound, get(at(deliberated.Place()))},
		{"meeting.read", "anyone", "housing", "mental-health", notFound, get(at(meeting.Place()))},
		{"meeting.schedule", "meeting-chair", "chair", "case-director", forbidden, post(at("/v1/meetings"), planned)},
		{"meeting.schedule", "municipal-director", "regisseur", "auditor", forbidden, post(at("/v1/meetings"), planned)},
		{"meeting.lead", "leader", "chair", "police", forbidden, patch(at(meeting.Place()), live.M{"place": "Zaal 3"})},
		{"agenda.propose", "known", "police", "housing", invalid, post(at(meeting.Place()+"/agenda-proposals"), fixed(live.M{
			"dossierId": unknown.ID, "reason": "Nodig."}))},
		{"suggestion.read", "leader", "chair", "police", forbidden, get(at(meeting.Place() + "/agenda-suggestions"))},
		{"calendar.manage", "self", "police", "police-system", forbidden, post(at("/v1/calendar-feeds"), fixed(live.M{}))},
		{"calendar.read", "self", "police", "chair", notFound, get(at(feed.Place()))},
		{"dossier.invite", "leader", "chair", "police", forbidden, post(at(meeting.Place()+"/invitations"), fixed(live.M{
			"professionalId": c.Person("mental-health"), "agendaItemIds": []string{item.ID()}}))},
		{"alert.prefer", "self", "chair", "police-system", forbidden, patch(at("/v1/alert-preferences"), live.M{"email": "hourly"})},
		{"invitation.answer", "self", "police", "chair", forbidden, patch(at(meeting.Place()+"/invitations/"+mine), live.M{"response": "accepted"})},
		{"delivery.read", "municipal-director", "regisseur", "chair", forbidden, get(at("/v1/deliveries"))},
		{"delivery.retry", "municipal-director", "regisseur", "chair", forbidden, post(once(func() string { return "/v1/deliveries/" + undelivered(c.T, c.World) + "/retries" }), fixed(live.M{}))},
		{"secrecy.accept", "self", "chair", "police-system", forbidden, put(at("/v1/me/secrecy-statement"), live.M{"accepted": true})},
		{"alert.acknowledge", "self", "chair", "police-system", forbidden, post(at("/v1/alert-acknowledgements"), fixed(live.M{"upToSequence": 1}))},
	}
}

func (c *court) matrixRights() []right {
	cells := live.M{"cells": live.Cells(matrix.Default())}
	draft := "/v1/authorisation-matrix/draft"
	restore := post(at("/v1/authorisation-matrix/publications"), func() live.M {
		body := c.As(c.T, "director").Publication()
		body["restoresVersion"] = 1
		return body
	})
	return []right{
		{"matrix.read", "anyone", "police-system", "nobody", 401, get(at("/v1/authorisation-matrix"))},
		{"matrix.preview", "municipal-director", "regisseur", "chair", forbidden, func(who *live.Client) *live.Reply {
			return who.Get("/v1/dossiers", asPartner(c.Partner("police")))
		}},
		{"matrix.draft", "municipal-director", "regisseur", "chair", forbidden, func(who *live.Client) *live.Reply { return who.Do("PUT", draft, cells) }},
		{"matrix.publish", "municipal-director", "regisseur", "auditor", forbidden, restore},
	}
}

func (c *court) organisationRights() []right {
	partner := fixed(live.M{"name": "GGD", "type": "public-health", "domain": "social"})
	table := func() live.M {
		return live.M{"name": "Casustafel", "purpose": "Samen.", "chairId": c.Person("chair"), "memberPartnerIds": []string{}, "rhythm": "wekelijks", "level": "case"}
	}
	colleague := func() live.M {
		return live.M{"partnerId": c.Partner("police"), "name": "Wijkagent Twee", "email": "twee@police.example", "function": "Wijkagent", "roles": []string{"professional"}}
	}
	system := func() live.M {
		return live.M{"partnerId": c.Partner("police"), "name": "BVH", "jwksUri": "https://politie.example/jwks.json", "categories": []string{"police"}}
	}
	standIn := func() live.M {
		return live.M{"substituteId": c.Person("case-director"), "from": "2198-01-01T00:00:00Z", "until": "2199-01-01T00:00:00Z"}
	}
	second := once(func() string {
		return "/v1/professionals/" + c.As(c.T, "director").Post("/v1/professionals", colleague()).Want(created).ID() + "/substitutions"
	})
	byPolice := func() live.M { m := standIn(); m["substituteId"] = c.Person("police"); return m }
	mine := at("/v1/professionals/" + c.Person("social") + "/substitutions")
	hook := fixed(live.M{"clientId": c.Person("police-system"), "url": "https://police.example/events"})
	return []right{
		{"partner.manage", "administrator", "clerk", "regisseur", forbidden, post(at("/v1/partners"), partner)},
		{"settings.manage", "administrator", "clerk", "regisseur", forbidden, patch(at("/v1/settings"), live.M{"meetingAccessDays": 9})},
		{"table.manage", "administrator", "clerk", "police-admin", forbidden, post(at("/v1/tables"), table)},
		{"table.manage", "municipal-director", "regisseur", "chair", forbidden, post(at("/v1/tables"), table)},
		{"professional.manage", "administrator", "clerk", "police", forbidden, post(at("/v1/professionals"), colleague)},
		{"professional.manage", "own-administrator", "police-admin", "housing", forbidden, post(at("/v1/professionals"), colleague)},
		{"client.manage", "administrator", "clerk", "police", forbidden, post(at("/v1/clients"), system)},
		{"client.manage", "own-administrator", "police-admin", "chair", forbidden, post(at("/v1/clients"), system)},
		{"webhook.manage", "administrator", "clerk", "police", forbidden, post(at("/v1/webhook-subscriptions"), hook)},
		{"webhook.manage", "own-administrator", "police-admin", "police", forbidden, post(at("/v1/webhook-subscriptions"), hook)},
		{"substitution.manage", "administrator", "clerk", "regisseur", forbidden, post(mine, standIn)},
		{"substitution.manage", "own-administrator", "police-admin", "police", forbidden, post(second, byPolice)},
		{"substitution.manage", "self", "social", "case-director", forbidden, post(mine, standIn)},
	}
}
