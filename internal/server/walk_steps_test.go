package server_test

import (
	"net/http"
	"slices"

	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

const (
	ok        = http.StatusOK
	created   = http.StatusCreated
	invalid   = http.StatusBadRequest
	forbidden = http.StatusForbidden
	notFound  = http.StatusNotFound
	conflict  = http.StatusConflict
	stale     = http.StatusPreconditionFailed
)

// statuses are what people get, by short name.
type statuses = map[string]int

// steps are the operations of the contract in an order in which each finds what it needs.
func (w *walk) steps() []step {
	return slices.Concat(w.entrance(), w.audit(), w.register(), w.people(), w.settings(), w.systems(), w.dossier(), w.regie(), w.persons(), w.items(), w.documents(), w.exceptions(), w.corrections(), w.information(), w.explanations(), w.emergencies(), w.actions(), w.plans(), w.meetings(), w.agreements(), w.alerts(), w.deliveries(), w.webhooks(), w.acrossAll(), w.accessLog(), w.processing(), w.subjectRequests(), w.cooperations(), w.retention(), w.disclosures(), w.privacyAudits(), w.breaches(), w.impacts(), w.informationDuties(), w.sharing(), w.life(), w.end(), w.assertions(), w.matrix())
}

// inside is what only who takes part may read; an auditor meets nothing there.
func inside(by string, operations ...string) []step {
	return each(operations, func(op string) step { return step{op: op, by: by, want: ok, not: statuses{"auditor": notFound}} })
}

// shared is what everybody of a municipality may read; own is what another municipality gets.
func shared(own int, operations ...string) []step {
	return each(operations, func(op string) step { return step{op: op, by: "police", want: ok, own: own} })
}

func each(operations []string, make func(string) step) (steps []step) {
	for _, op := range operations {
		steps = append(steps, make(op))
	}
	return steps
}

func (w *walk) entrance() []step {
	return append(shared(ok, "getRoot", "getOpenapiJson", "getOpenapiYaml", "listCodeLists", "getCodeList", "getGlossary"),
		shared(ok, "getMe", "listDistricts", "listNeighbourhoods", "listPartners", "listProfessionals", "listTables", "getAuthorisationMatrix",
			"listMatrixVersions", "getMatrixVersion")...)
}

func (w *walk) people() []step {
	no := statuses{"chair": forbidden, "police-system": forbidden}
	steps := []step{
		{op: "acceptSecrecyStatement", by: "police", want: ok, match: "/v1/me", not: statuses{"police-system": forbidden}, own: ok},
		{op: "createPartner", by: "director", want: created, keep: "partnerId", not: no, own: created},
		{op: "createProfessional", by: "director", want: created, keep: "professionalId", not: no, own: invalid, body: func() live.M {
			return live.M{"partnerId": w.ids["partnerId"], "validUntil": "2199-12-31"}
		}},
		{op: "createTable", by: "director", want: created, keep: "tableId", not: no, own: conflict, body: func() live.M {
			return live.M{"chairId": w.Person("chair"), "memberPartnerIds": []string{w.Partner("police")}}
		}},
	}
	steps = append(steps, shared(0, "getPartner", "getProfessional", "getTable")...)
	return append(steps,
		step{op: "updateProfessional", by: "director", want: ok, match: "/v1/professionals/{professionalId}", not: no},
		step{op: "updatePartner", by: "director", want: ok, match: "/v1/partners/{partnerId}", not: no},
		step{op: "updateTable", by: "director", want: ok, match: "/v1/tables/{tableId}", not: no},
	)
}

func (w *walk) systems() []step {
	no := statuses{"police": forbidden}
	one := "/v1/professionals/{professionalId}/substitutions/{substitutionId}"
	steps := []step{{op: "createSubstitution", by: "social", want: created, keep: "substitutionId", not: no,
		first: func() { w.ids["professionalId"] = w.Person("social") },
		body: func() live.M {
			return live.M{"substituteId": w.Person("case-director"), "from": "2198-12-20T00:00:00+01:00", "until": "2199-01-04T00:00:00+01:00"}
		}}}
	steps = append(steps, shared(0, "listSubstitutions", "getSubstitution")...)
	return append(steps,
		step{op: "updateSubstitution", by: "director", want: ok, not: no, match: one, body: func() live.M {
			return live.M{"until": "2198-12-31T00:00:00+01:00"}
		}},
		step{op: "createClient", by: "director", want: created, keep: "clientId", not: no, own: invalid, body: func() live.M {
			return live.M{"partnerId": w.Partner("police")}
		}},
		step{op: "listClients", by: "director", want: ok, not: no, own: ok},
		step{op: "getClient", by: "director", want: ok, not: statuses{"social": notFound, "police": forbidden}},
		step{op: "updateClient", by: "director", want: ok, match: "/v1/clients/{clientId}", not: statuses{"social": notFound, "police": forbidden}},
	)
}

func (w *walk) dossier() []step {
	seen := statuses{"auditor": notFound, "police": forbidden}
	one := "/v1/dossiers/{dossierId}"
	steps := []step{
		{op: "openDossier", by: "social", want: created, keep: "dossierId", own: invalid, not: statuses{"police-system": forbidden},
			body: func() live.M { return live.M{"tableId": w.Table()} }},
		{op: "addParticipant", by: "social", want: created, keep: "participantId", not: statuses{"auditor": notFound, "chair": forbidden}, body: func() live.M {
			return live.M{"partnerId": w.Partner("police"), "professionalIds": []string{w.Person("police")}}
		}},
		{op: "updateDossier", by: "social", want: ok, match: one, not: seen},
		{op: "listDossiers", by: "police", want: ok, own: ok},
		{op: "updateParticipant", by: "social", want: ok, match: one + "/participants/{participantId}", not: seen, body: func() live.M {
			return live.M{"until": "2199-01-31T23:00:00Z"}
		}},
		{op: "changeRegie", by: "chair", want: created, keep: "regieChangeId", match: one, not: seen, body: func() live.M {
			return live.M{"caseDirectorId": w.Person("case-director"), "reviewDate": "2199-01-15", "holders": []live.M{processBy(w.Person("chair"))}}
		}},
		{op: "addLink", by: "case-director", want: created, keep: "linkId", not: seen,
			first: func() {
				other := w.Opened(w.T, live.M{"type": "person"})
				other.Direct(w.T)
				w.ids["otherDossierId"] = other.ID
			},
			body: func() live.M { return live.M{"otherDossierId": w.ids["otherDossierId"]} }},
	}
	steps = append(steps, w.assessments()...)
	steps = append(steps, inside("case-director", "getDossier", "listParticipants", "getParticipant", "listRegieChanges", "getRegieChange", "listLinks",
		"getLink", "getSituationReport", "listClosures")...)
	return append(steps, w.parted()...)
}

func (w *walk) items() []step {
	hidden := statuses{"auditor": notFound, "social": notFound, "housing": notFound}
	steps := []step{
		{op: "addItem", by: "police", want: created, keep: "itemId", not: statuses{"auditor": notFound, "social": forbidden}, body: func() live.M {
			return live.M{"observedOn": "2026-01-20"}
		}},
		{op: "getItem", by: "police", want: ok, not: hidden},
		{op: "releaseItem", by: "police", want: created, keep: "releaseId", not: hidden},
	}
	steps = append(steps, inside("police", "listItems", "listReleases", "getRelease", "listReleaseWithdrawals")...)
	steps = append(steps, step{op: "withdrawRelease", by: "police", want: created, keep: "withdrawalId", not: statuses{"auditor": notFound},
		match: "/v1/dossiers/{dossierId}/items/{itemId}/releases/{releaseId}"})
	return append(steps, inside("police", "getReleaseWithdrawal")...)
}

func (w *walk) actions() []step {
	one := "/v1/actions/{actionId}"
	steps := []step{
		{op: "createAction", by: "case-director", want: created, keep: "actionId", own: invalid, not: statuses{"auditor": invalid}, body: func() live.M {
			return live.M{"dossierId": w.ids["dossierId"], "dueDate": "2199-12-01", "partnerId": w.Partner("police"), "professionalId": w.Person("police")}
		}},
		{op: "listActions", by: "police", want: ok, own: ok},
	}
	steps = append(steps, inside("police", "getAction", "listCompletions")...)
	steps = append(steps,
		step{op: "updateAction", by: "case-director", want: ok, match: one, not: statuses{"auditor": notFound, "police": forbidden}},
	)
	steps = append(steps, w.actionSteps()...)
	return append(steps,
		step{op: "completeAction", by: "police", want: created, keep: "completionId", match: one, not: statuses{"auditor": notFound, "social": forbidden}},
		step{op: "getCompletion", by: "case-director", want: ok, not: statuses{"auditor": notFound}},
	)
}

func (w *walk) meetings() []step {
	hidden := statuses{"auditor": notFound, "social": notFound}
	led := statuses{"auditor": notFound, "police": forbidden}
	steps := []step{
		{op: "scheduleMeeting", by: "chair", want: created, keep: "meetingId", not: statuses{"police": forbidden}, own: invalid, body: func() live.M {
			return live.M{"chairId": w.Person("chair"), "startsAt": "2199-12-03T09:00:00+01:00", "endsAt": "2199-12-03T10:30:00+01:00"}
		}},
		{op: "invite", by: "chair", want: created, keep: "invitationId", not: hidden, body: func() live.M {
			return live.M{"professionalId": w.Person("police")}
		}},
		{op: "addAgendaItem", by: "chair", want: created, keep: "agendaItemId", not: led, body: func() live.M {
			return live.M{"dossierId": w.ids["dossierId"]}
		}},
		{op: "listMeetings", by: "police", want: ok, own: ok},
		w.series(),
	}
	steps = append(steps, inside("police", "getMeeting", "listInvitations", "getInvitation", "listAgendaItems", "getAgendaItem")...)
	steps = append(steps,
		step{op: "updateMeeting", by: "chair", want: ok, match: "/v1/meetings/{meetingId}", not: led},
		step{op: "respondToInvitation", by: "police", want: ok, match: "/v1/meetings/{meetingId}/invitations/{invitationId}",
			not: statuses{"auditor": notFound, "chair": forbidden}},
		step{op: "recordDeliberation", by: "chair", want: created, keep: "deliberationId", not: led, body: func() live.M {
			return live.M{"contributions": []live.M{{"partnerId": w.Partner("police"), "text": "Extra rondes tot het einde van het jaar."}}}
		}},
		step{op: "takeDecision", by: "chair", want: created, keep: "decisionId", not: led, body: func() live.M {
			return live.M{"professionalIds": []string{w.Person("police")}, "actions": []live.M{{
				"partnerId": w.Partner("police"), "description": "Op huisbezoek gaan.", "lifeDomain": "nuisance", "kind": "preventive", "track": "support",
				"dueDate": "2199-12-18"}}}
		}})
	steps = append(steps, w.proposals(led)...)
	steps = append(steps, w.feeds()...)
	steps = append(steps, inside("police", "listDeliberations", "getDeliberation", "listDecisions", "getDecision")...)
	return append(steps, w.meetingEnds(led)...)
}

func (w *walk) alerts() []step {
	no := statuses{"police-system": forbidden}
	return []step{
		{op: "listAlerts", by: "case-director", want: ok, not: no, own: ok},
		{op: "getAlertSummary", by: "case-director", want: ok, not: no, own: ok},
		{op: "acknowledgeAlerts", by: "case-director", want: ok, not: no, own: ok},
		{op: "getAlertPreferences", by: "case-director", want: ok, not: no, own: ok},
		{op: "updateAlertPreferences", by: "case-director", want: ok, match: "/v1/alert-preferences", not: no, own: ok},
		{op: "streamAlerts", by: "case-director", want: ok, not: no, own: ok},
		{op: "listEvents", by: "case-director", want: ok, own: ok, first: func() { w.ids["eventId"] = happened(w.T, w.World, w.ids["dossierId"]) }},
		{op: "getEvent", by: "case-director", want: ok},
	}
}

// deliveries are mails on their way; one has failed.
func (w *walk) deliveries() []step {
	no := statuses{"case-director": forbidden, "police-system": forbidden}
	w.Case(w.T) // of which somebody gets mail
	w.ids["deliveryId"] = undelivered(w.T, w.World)
	return []step{
		{op: "listDeliveries", by: "director", want: ok, not: no, own: ok},
		{op: "getDelivery", by: "director", want: ok, not: no},
		{op: "retryDelivery", by: "director", want: created, match: "/v1/deliveries/{deliveryId}", not: no, moves: true},
	}
}

// end closes the dossier, which shields it from everybody, and reopens it.
func (w *walk) end() []step {
	return []step{
		{op: "closeDossier", by: "chair", want: created, keep: "closureId", match: "/v1/dossiers/{dossierId}", not: statuses{
			"auditor": notFound, "police": forbidden, "case-director": forbidden}},
		{op: "reopenDossier", by: "chair", want: created, keep: "reopeningId", not: undecided()},
		{op: "getClosure", by: "police", want: ok, not: statuses{"auditor": notFound}},
		{op: "listReopenings", by: "police", want: ok, not: statuses{"auditor": notFound}},
		{op: "getReopening", by: "police", want: ok, not: statuses{"auditor": notFound}},
	}
}

func (w *walk) matrix() []step {
	no := statuses{"chair": forbidden, "auditor": forbidden}
	draft := "/v1/authorisation-matrix/draft"
	director := w.As(w.T, "director")
	return []step{
		{op: "putMatrixDraft", by: "director", want: created, not: no, own: created},
		{op: "deleteMatrixDraft", by: "director", want: http.StatusNoContent, match: draft, not: no, own: stale},
		{op: "getMatrixDraft", by: "director", want: ok, not: no, own: ok, first: func() {
			director.Do(http.MethodPut, draft, live.M{"cells": live.Cells(matrix.Default())}).Want(created)
		}},
		{op: "patchMatrixDraft", by: "director", want: ok, match: draft, not: no, own: stale},
		w.simulation(),
		{op: "getMatrixDraftFindings", by: "director", want: ok, not: no, own: ok},
		{op: "getMatrixVersionFindings", by: "director", want: ok, not: no, own: ok},
		{op: "publishMatrix", by: "director", want: created, match: draft, not: no, own: stale, body: director.Publication},
	}
}
