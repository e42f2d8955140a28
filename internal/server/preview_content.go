package server

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
)

// What decides whether a text may be read, when it is not the table whose row it is in.
const (
	readable     = "everybody"    // of the municipality: names, codes, what stands in the matrix
	whoItIsAbout = "about"        // category identity of the dossier
	aboutStaff   = "professional" // who administers a professional, or is him
	aboutClient  = "client"       // who administers a client
	itsNumber    = "number"       // category bsn of a person
	itsAddress   = "address"      // a person of whom he sees the address
	aboutHook    = "webhook"      // who administers the client of a webhook subscription
)

// previewTexts says of every text of the contract that people write what decides whether somebody may read
// it: a table, or one of two, of which he must see the row whose id the nearest record has, or one of the
// above. What is not in it is withheld from every preview. A point and a date in it become null.
func previewTexts() map[string]string {
	all := map[string]string{}
	for _, some := range []map[string][]string{textsOfDossiers(), textsAround()} {
		for of, names := range some {
			for _, name := range names {
				all[name] = of
			}
		}
	}
	return all
}

// textsOfDossiers are those of what stands in a dossier.
func textsOfDossiers() map[string][]string {
	return map[string][]string{
		whoItIsAbout: {"Dossier.title", "DossierRef.title", "OptionalDossierRef.title", "DossierLocation.street", "DossierLocation.houseNumber",
			"DossierLocation.postcode", "DossierLocation.point", "Particulars.conduct", "Particulars.places", "Particulars.times", "Particulars.since"},
		"dossier":      {"Dossier.purpose", "Dossier.externalReference", "RegieSeat.description"},
		"regie_change": {"RegieChange.reason", "RegieChange.jumpReason", "RegieHolder.description"},
		"closure":      {"Closure.reason", "Outcome.description"},
		"link":         {"DossierLink.note", "DossierLink.ground", "DossierLink.endReason", "DossierLink.impactScore", "DossierLink.strength"},
		"assessment": {"Assessment.member", "Assessment.reading", "Assessment.ownStrength", "Assessment.source", "Assessment.score", "Assessment.problemLevel",
			"ScoreBrief.member", "ScoreBrief.score", "ScoreBrief.problemLevel"},
		"item":                {"Item.text", "Item.source", "Item.externalReference", "Item.correctionReason"},
		"item_withdrawal":     {"ItemWithdrawal.reason"},
		"document":            {"Document.title", "Document.source", "Document.mediaType", "Document.sha256"},
		"document_withdrawal": {"DocumentWithdrawal.reason"},
		"item document":       {"ItemCondition.text"},
		"information_request": {"InformationRequest.question"},
		"information_answer":  {"InformationAnswer.reason"},
		"release":             {"Release.purpose", "Release.conditions", "ReleaseWithdrawal.reason"},
		"action":              {"Action.description", "Action.mediator", "ActionBrief.description"},
		"action_step":         {"ActionStep.reason"},
		"plan":                {"Plan.integralGoal", "Plan.residentInterest", "Plan.perspective", "Plan.careGoal", "Plan.safetyGoal", "Plan.emptyReason", "PlanSection.text"},
		"goal":                {"Goal.text", "Goal.member"},
		"goal_result":         {"GoalResult.note"},
		"commitment":          {"Commitment.reason"},
		"completion":          {"Completion.note"},
		"person": {"Person.givenNames", "Person.prefix", "Person.familyName", "Person.birthDate", "Person.phone", "Person.gender", "Person.email", "Person.nationality",
			"PersonRef.name", "OptionalPersonRef.name"},
		itsNumber:               {"Person.bsn", "Person.bsnGround", "Person.bsnKnown"},
		itsAddress:              {"OptionalPersonAddress.street", "OptionalPersonAddress.houseNumber", "OptionalPersonAddress.postcode", "OptionalPersonAddress.town"},
		"person_merge":          {"PersonMerge.reason", "PersonMerge.reversalReason"},
		"consent":               {"Consent.purpose", "Consent.withdrawnBy"},
		"information_record":    {"InformingRecord.manner", "InformingRecord.postponement"},
		"frame":                 {"Frame.condition", "Frame.consequence", "Frame.endReason"},
		"precondition_answer":   {"Precondition.note"},
		"precondition_override": {"PreconditionOverride.reason"},
		"approach":              {"Approach.description", "Alternative.description", "Alternative.reasonAgainst"},
		"meeting":               {"Meeting.title", "Meeting.place", "Meeting.onlineUrl"},
		"agenda_item":           {"AgendaItem.title"},
		"invitation attendance": {"Guest.name", "Guest.organisation"},
		"meeting_step":          {"MeetingStep.reason"}, "agenda_proposal": {"AgendaProposal.reason", "AgendaProposal.note"},
		"triage":        {"Triage.reason", "TriageCriterion.substantiation"},
		"status_change": {"StatusChange.reason", "StatusChange.perspectiveGoal"},
		"basis_change":  {"BasisChange.reason", "BasisChange.purpose"},
		"reopening":     {"Reopening.reason"},
	}
}

// textsAround are those of deliberation, of access, and of what is the municipality's.
func textsAround() map[string][]string {
	return map[string][]string{
		"deliberation": {"Deliberation.socialPerspective", "Deliberation.safetyPerspective", "Deliberation.absenceReason", "Deliberation.advice",
			"Contribution.text"},
		"decision":                      {"Decision.text", "Decision.reasons", "Decision.dissent", "Dissent.text", "DecisionBrief.text"},
		"matrix_exception":              {"MatrixException.reason"},
		"access_grant":                  {"Grant.reason"},
		"matrix_exception access_grant": {"Revocation.reason"},
		"emergency_access":              {"EmergencyAccess.purpose", "EmergencyAccess.findings"},
		"access_request":                {"AccessRequest.purpose", "AccessRequest.note"},
		"withholding":                   {"Withholding.reason", "Lifting.reason"},
		readable: {"Dossier.number", "DossierRef.number", "OptionalDossierRef.number", "PartnerRef.name", "OptionalPartnerRef.name",
			"ProfessionalRef.name", "OptionalProfessionalRef.name", "RegieSeat.proposedDescription", "RegieDefault.description", "StagnationFlag.text", "RetentionRule.source", "DossierRetention.source", "DossierRetention.number", "RetentionCandidate.number", "DestructionCertificate.number", "DestroyedRecords.kind", "RetentionRun.reason", "RetentionRule.reason", "LegalHold.reason", "ConcernedDossier.number", "LegalHold.endReason", "SubjectRef.type", "OptionalSubjectRef.type", "ChangeBrief.fields", "TimelineEntry.fields", "Event.changedFields",
			"AuthorisationMatrix.reason", "MatrixVersion.reason", "Partner.name", "Partner.contactEmail", "Professional.name", "Professional.email",
			"Professional.function", "District.name", "Neighbourhood.name", "Table.name", "Table.purpose", "Table.rhythm", "Cooperation.name", "Cooperation.statusReason", "Cooperation.contactPoint.name", "Cooperation.arrangement.reference", "Table.areaCodes", "TableRhythm.startTime", "Delivery.lastAnswer", "WebhookDelivery.lastAnswer",
			"MatrixFinding.id", "MatrixFinding.text", "SupplierConsent.reference", "PrivacyAssertion.name", "PrivacyAssertion.reason",
			"PrivacyAssertionBreach.assertionName", "AccessSource.article", "LegalBasisRule.article", "LegalBasisRule.label", "OverlapNotice.contactFunction", "OptionalAccessFactor.value", "OptionalAccessFactor.text"},
		aboutStaff:  {"PersonIdentity.issuer", "PersonIdentity.subject", "Professional.screeningUntil", "Professional.secrecyAcceptedOn"},
		aboutClient: {"RegisteredClient.name", "RegisteredClient.jwksUri", "JsonWebKey.kty", "JsonWebKey.kid"},
		aboutHook:   {"WebhookSubscription.url", "WebhookSubscription.secret"},
	}
}

// mayRead tells of which records the caller may read the contents, by the same fence and the same rule as
// when he asks for them himself.
func (p *Previews) mayRead(ctx context.Context, of string, ids map[uuid.UUID]bool) (may map[uuid.UUID]bool, err error) {
	all := slices.Collect(maps.Keys(ids))
	switch of {
	case "": // nobody said what decides
		return nil, nil
	case aboutClient:
		return p.ownClients(ctx, all)
	case aboutHook:
		return p.ownHooks(ctx, all)
	}
	err = p.k.DB.Tx(ctx, func(ctx context.Context) error {
		switch of {
		case whoItIsAbout:
			may, err = p.recognised(ctx, all)
		case aboutStaff:
			may, err = p.ownStaff(ctx, all)
		case itsNumber, itsAddress:
			may, err = personsInSight(ctx, of, all)
		default:
			may, err = rowsInSight(ctx, of, all)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("what may be read of %s: %w", of, err)
	}
	return may, nil
}

// recognised are the dossiers of which the caller sees whom they are about.
func (p *Previews) recognised(ctx context.Context, dossiers []uuid.UUID) (map[uuid.UUID]bool, error) {
	views, err := p.k.Authz.Views(ctx, dossiers...)
	may := map[uuid.UUID]bool{}
	for id, view := range views {
		may[id] = view.Sees(authz.Identity)
	}
	return may, err
}

// ownStaff are the professionals whom the caller administers, or is.
func (p *Previews) ownStaff(ctx context.Context, professionals []uuid.UUID) (map[uuid.UUID]bool, error) {
	may := map[uuid.UUID]bool{}
	for _, id := range professionals {
		one, err := p.people.GetProfessional(ctx, id)
		if err != nil {
			return nil, err
		}
		may[id] = one.Identities != nil
	}
	return may, nil
}

// ownClients are the clients that the caller administers.
func (p *Previews) ownClients(ctx context.Context, clients []uuid.UUID) (map[uuid.UUID]bool, error) {
	may := map[uuid.UUID]bool{}
	for _, id := range clients {
		_, err := p.people.GetClient(ctx, id)
		may[id] = err == nil
	}
	return may, nil
}

// ownHooks are the webhook subscriptions that the caller administers.
func (p *Previews) ownHooks(ctx context.Context, subscriptions []uuid.UUID) (map[uuid.UUID]bool, error) {
	may := map[uuid.UUID]bool{}
	for _, id := range subscriptions {
		_, err := p.alerts.Subscription(ctx, id)
		may[id] = err == nil
	}
	return may, nil
}
