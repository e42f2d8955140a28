package main

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/pkg/client"
)

// dementia is scenario 2: a man of 81 who lives alone, the gas open twice, wandering at night. No offence: help, and
// a house that is safe again.
type dementia struct {
	*story
	person, situation client.Dossier
	consult           consult
	actions           []client.Action
	drawn             client.Plan
	goals             []client.Goal
	acted             time.Time // when all was agreed and nothing done yet
}

func dementiaScenes(s *story) []scene {
	d := &dementia{story: s}
	return []scene{
		{"Wijkteam en politie zien elk een deel: een persoon en een situatie", d.opens},
		{"De signalen zijn genoeg voor hulp, niet voor het Zorg- en Veiligheidshuis", d.isTaken},
		{"Wie helpt, doet op naam mee; de brandweer alleen in de situatie", d.gathers},
		{"Medische gegevens met uitdrukkelijke toestemming, gevraagd en vrijgegeven", d.shares},
		{"De leefgebieden: score 1 op fysieke veiligheid", d.assesses},
		{"AVE 2 → 3: er komt een casusregisseur", d.scalesUp},
		{"Het overleg spreekt vanuit zorg en veiligheid en verdeelt acties", d.meets},
		{"Eén integraal plan voor de man en voor zijn omgeving", d.plans},
		{"De acties zijn gedaan, de scores stijgen: AVE 3 → 2", d.scalesDown},
		{"Nazorg, terugval en toch afgesloten", d.ends},
		{"Het overzicht achteraf", d.looksBack},
	}
}

func (d *dementia) opens(ctx context.Context) {
	d.situation = d.open(ctx, "police", client.NewDossier{
		Type: client.DossierTypeSituation, Title: "Gas open en dwalen in de nacht", Basis: client.LegalBasisCovenant, NeighbourhoodCode: new("BU08610004"),
		Purpose: "Gevaar voor brand en ontploffing wegnemen en buren geruststellen.", Themes: []string{"confused-behaviour"},
		Location:    &client.NewLocation{Kind: client.LocationKindDwelling, Street: new("Verzonnenhof"), HouseNumber: new("7")},
		Particulars: &client.NewParticulars{Use: new(client.PremisesUseDwelling)},
	})
	d.person = d.open(ctx, "social", client.NewDossier{
		Type: client.DossierTypePerson, Title: "Hendrik Tolboom", Basis: client.LegalBasisSocialDomain, Themes: []string{"confused-behaviour"},
		Purpose: "Veilig thuis blijven wonen met zorg die past.", Particulars: &client.NewParticulars{LivingSituation: new(client.LivingSituationAlone)},
	})
	d.subject(ctx, "social", d.person, client.NewPerson{
		GivenNames: "Hendrik", FamilyName: "Tolboom", BirthDate: bornOn("1945-02-17"), Bsn: new("999970008"), BsnGround: new(client.BsnGroundPublicTask),
	}, client.SubjectRoleSubject)
	d.unknown(ctx, d.person, "police", "fire", "auditor")
	d.joins(ctx, "police", d.situation, "social")
	link := newly[client.DossierLink](d.story, "het wijkteam koppelt de man aan de situatie, impact 5 van 5")(d.as("social").AddLink(ctx, d.person.Id, nil,
		client.NewDossierLink{OtherDossierId: d.situation.Id, Kind: client.LinkKindPersonSituation, ImpactScore: new(5), Note: new("Hij woont er alleen.")}))
	d.holds(link.OtherDossierId == d.situation.Id, "the link leads to %s", link.OtherDossierId)
	others := seen[client.DossierLinkList](d.story)(d.as("police").ListLinks(ctx, d.situation.Id, nil))
	d.holds(len(others.Items) == 0, "the police see %d links to a dossier that they do not know", len(others.Items))
	d.see("de politie ziet die koppeling niet: zij kent het dossier van de man niet")
}

func (d *dementia) isTaken(ctx context.Context) {
	why := map[string]string{
		"a": "Beginnende dementie, vastgesteld door de huisarts.", "b": "Geen criminogene factoren.", "c": "Gevaar voor brand, geen strafbaar feit.",
		"d": "Zorg, wijkteam, politie en brandweer zijn samen nodig.",
	}
	triage := client.NewTriage{Advice: client.TriageAdviceAccept, Criteria: criteria(why, "b"), Reason: "Lokaal oppakken; er is geen strafbaar feit."}
	d.not(problem.Forbidden, "de politie doet zelf de triage")(
		d.as("police").RecordTriage(ctx, d.situation.Id, &client.RecordTriageParams{IfMatch: &d.situation.Etag}, triage))
	for _, one := range []client.Dossier{d.situation, d.person} {
		d.holds(!d.take(ctx, one, triage).CriteriaMet, "the triage says that all criteria are met")
		d.regie(ctx, one, client.NewRegieChange{
			Phase: new(2), Criteria: []string{"safety-at-stake"}, Reason: "Er is hulp nodig; de man en zijn dochter houden de regie.",
			Holders: []client.NewRegieHolder{{Responsibility: client.RegieResponsibilityCaseDirection, Kind: client.RegieHolderKindHousehold}},
		})
	}
	d.not(problem.Conflict, "de voorzitter brengt het dossier onder de Wgs, terwijl niet aan alle criteria is voldaan")(
		d.as("chair").ChangeBasis(ctx, d.situation.Id, &client.ChangeBasisParams{IfMatch: d.tag(ctx, "chair", d.situation)},
			client.NewBasisChange{Basis: client.LegalBasisWgs, Purpose: "Samen bespreken.", Reason: "Proberen."}))
}

func (d *dementia) gathers(ctx context.Context) {
	d.joins(ctx, "social", d.person, "mental-health", "care")
	d.joins(ctx, "police", d.situation, "fire")
	d.unknown(ctx, d.person, "fire", "police", "other-director")
	dossier := seen[client.Dossier](d.story)(d.as("fire").GetDossier(ctx, d.situation.Id))
	d.holds(!dossier.Title.IsSpecified() || dossier.Title.IsNull(), "the fire service reads whom the dossier is about")
	d.see("de brandweer ziet dossier %s zonder titel: om wie het gaat hoeft zij niet te weten", dossier.Number)
	gas := d.supply(ctx, "police", d.situation, client.NewItem{Category: "incident", LifeDomain: new("physical-safety"), Source: new("Eigen waarneming"),
		Text: "Tweede keer dat het gas openstond; buren roken het."})
	d.shown(ctx, gas, []string{"police", "social", "chair"}, []string{"fire"})
	home := newly[client.Item](d.story, "de brandweer legt onderweg een korte notitie vast")(
		d.as("fire").AddQuickNote(ctx, d.situation.Id, nil, client.NewQuickNote{Text: "Gaskraan zonder beveiliging, geen rookmelder.", LifeDomain: new("physical-safety")}))
	d.shown(ctx, home, []string{"fire", "police", "social", "chair"}, nil)
}

func (d *dementia) shares(ctx context.Context) {
	question := newly[client.InformationRequest](d.story, "het wijkteam vraagt de GGZ om gezondheidsgegevens, binnen een week")(
		d.as("social").AskForInformation(ctx, d.person.Id, nil, client.NewInformationRequest{
			PartnerId: d.as("mental-health").partner, Category: "health", Question: "Is er een diagnose, en wat kan hij zelf nog?", DueDate: inDays(7),
		}))
	d.not(problem.NotFound, "de zorgaanbieder beantwoordt de vraag aan de GGZ")(d.as("care").AnswerInformationRequest(ctx, d.person.Id, question.Id,
		&client.AnswerInformationRequestParams{IfMatch: &question.Etag}, client.NewInformationAnswer{Reason: new("Weet ik niet.")}))
	health := d.supply(ctx, "mental-health", d.person, client.NewItem{Category: "health", LifeDomain: new("mental-health"), Source: new("Geriatrisch onderzoek"),
		Secrecy: &client.NewSecrecy{Ground: new(client.SecrecyGroundExplicitConsent)},
		Text:    "Ziekte van Alzheimer, beginnend; meneer en zijn dochter stemmen in met delen in deze casus."})
	d.shown(ctx, health, []string{"mental-health"}, []string{"social", "care", "director", "chair"})
	answer := newly[client.InformationAnswer](d.story, "de GGZ beantwoordt de vraag met dat gegeven")(d.as("mental-health").AnswerInformationRequest(ctx, d.person.Id, question.Id,
		&client.AnswerInformationRequestParams{IfMatch: &question.Etag}, client.NewInformationAnswer{ItemIds: []uuid.UUID{health.Id}}))
	d.holds(answer.Outcome == client.InformationOutcomeSupplied, "the answer is %s", answer.Outcome)
	newly[client.Release](d.story, "de GGZ geeft het vrij aan het wijkteam, voor een doel en onder een voorwaarde")(
		d.as("mental-health").ReleaseItem(ctx, d.person.Id, health.Id, nil, client.NewRelease{
			PartnerIds: []uuid.UUID{d.as("social").partner}, Purpose: "Zorg thuis regelen.", Conditions: new("Niet buiten deze casus."),
		}))
	d.shown(ctx, health, []string{"mental-health", "social"}, []string{"care"})
}

func (d *dementia) assesses(ctx context.Context) {
	d.score(ctx, "social", d.person, "physical-safety", 1, "Het gas stond twee keer open.")
	d.score(ctx, "social", d.person, "basic-adl", 2, "Eet en wast zich niet elke dag.")
	d.score(ctx, "social", d.person, "mental-health", 2, "Weet vaak niet waar hij is.")
	d.score(ctx, "social", d.person, "social-network", 3, "Een dochter die elke week komt.")
	d.level(ctx, "police", d.situation, "physical-safety", client.ProblemLevelAcute, "Ontploffingsgevaar voor het hele blok.")
	d.level(ctx, "police", d.situation, "living-environment", client.ProblemLevelSerious, "Buren slapen slecht van angst.")
	d.not(problem.Invalid, "de politie geeft een situatie een score")(d.as("police").AddAssessment(ctx, d.situation.Id, nil,
		client.NewAssessment{LifeDomain: "physical-safety", Reading: "Slecht.", Source: "Waarneming", ObservedOn: inDays(-1), Score: number(1)}))
	indicator := seen[client.MultiProblemIndicator](d.story)(d.as("social").GetMultiProblemIndicator(ctx, d.person.Id))
	d.holds(indicator.Present && slices.Contains(indicator.ProblemLifeDomains, "physical-safety"), "the multi-problem indicator does not show")
	d.see("de indicator multiproblematiek noemt zijn regel en invoer: %s", d.domains(indicator.ProblemLifeDomains))
}

func (d *dementia) scalesUp(ctx context.Context) {
	without := client.NewRegieChange{Phase: new(3), Criteria: []string{"safety-at-stake"}, Reason: "Het gaat zo niet langer."}
	d.not(problem.Conflict, "de voorzitter schaalt op zonder casusregisseur")(
		d.as("chair").ChangeRegie(ctx, d.person.Id, &client.ChangeRegieParams{IfMatch: d.tag(ctx, "chair", d.person)}, without))
	for _, one := range []client.Dossier{d.person, d.situation} {
		d.regie(ctx, one, d.directed("De veiligheid is in het geding en meer partijen moeten samen handelen.", "safety-at-stake", "high-complexity"))
	}
	d.not(problem.Forbidden, "het wijkteam, dat het dossier opende, voegt nog iemand toe; dat doet nu de casusregisseur")(
		d.as("social").AddParticipant(ctx, d.person.Id, nil, client.NewParticipant{
			PartnerId: d.as("police").partner, Role: client.ParticipantRoleParticipant, ProfessionalIds: []uuid.UUID{d.as("police").professional},
		}))
}
