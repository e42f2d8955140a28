package main

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/pkg/client"
)

// aggression is scenario 5: a client with an addiction and psychoses attacks who comes to help him. All criteria of the
// Care and Safety House are met: the case goes under the Wgs, and AVE 4.
type aggression struct {
	*story
	place, ruben client.Dossier
	help         client.Action
	drawn        client.Plan
	goals        []client.Goal
}

func aggressionScenes(s *story) []scene {
	a := &aggression{story: s}
	return []scene{
		{"De werkgever meldt, zonder de medewerker te noemen", a.opens},
		{"Alle criteria vervuld: naar het Zorg- en Veiligheidshuis, grondslag Wgs", a.refers},
		{"Onder de Wgs ziet een derde niets meer", a.shares},
		{"AVE 4 vraagt een bestuurlijke houder", a.scalesUp},
		{"Overleg over persoon en situatie", a.meets},
		{"Een plan voor hem en een voor het adres", a.plans},
		{"Afsluiten schermt af", a.ends},
	}
}

func (a *aggression) opens(ctx context.Context) {
	a.ruben = a.open(ctx, "care", client.NewDossier{
		Type: client.DossierTypePerson, Title: "Ruben Aerts", Basis: client.LegalBasisCovenant, Themes: []string{"confused-behaviour", "addiction"},
		Purpose: "Hij krijgt behandeling en hulpverleners kunnen veilig komen.",
	})
	a.subject(ctx, "care", a.ruben, client.NewPerson{
		GivenNames: "Ruben", FamilyName: "Aerts", BirthDate: bornOn("1997-04-11"), Bsn: new("999970069"), BsnGround: new(client.BsnGroundPublicTask),
	}, client.SubjectRoleSuspect)
	a.place = a.open(ctx, "care", client.NewDossier{
		Type: client.DossierTypeSituation, Title: "Onveilige huisbezoeken", Basis: client.LegalBasisCovenant, NeighbourhoodCode: new("BU08610004"),
		Purpose: "Bezoek aan huis is weer veilig.", Themes: []string{"nuisance"}, Location: &client.NewLocation{Kind: client.LocationKindDwelling, Street: new("Verzonnenweg"), HouseNumber: new("40")},
	})
	a.joins(ctx, "care", a.ruben, "police", "addiction", "mental-health", "housing", "social")
	a.joins(ctx, "care", a.place, "police", "housing")
	report := a.supply(ctx, "care", a.place, client.NewItem{Category: "incident", LifeDomain: new("physical-safety"), Source: new("Melding van de werkgever"),
		Text: "Een medewerker is bij een huisbezoek geslagen en bedreigd; de werkgever doet aangifte."})
	a.shown(ctx, report, []string{"care", "police", "chair"}, []string{"housing"})
	a.see("de melding noemt de medewerker niet: domicilie is het adres van de werkgever")
	newly[client.DossierLink](a.story, "de werkgever koppelt de persoon aan de situatie")(a.as("care").AddLink(ctx, a.ruben.Id, nil,
		client.NewDossierLink{OtherDossierId: a.place.Id, Kind: client.LinkKindPersonSituation, ImpactScore: new(4)}))
}

func (a *aggression) refers(ctx context.Context) {
	wgs := client.NewBasisChange{Basis: client.LegalBasisWgs, Purpose: "Casus in het Zorg- en Veiligheidshuis (Wgs 2.24).", Reason: "Aan alle criteria is voldaan."}
	a.not(problem.Conflict, "de voorzitter brengt het dossier onder de Wgs zonder triage")(
		a.as("chair").ChangeBasis(ctx, a.ruben.Id, &client.ChangeBasisParams{IfMatch: a.tag(ctx, "chair", a.ruben)}, wgs))
	triage := a.take(ctx, a.ruben, client.NewTriage{Advice: client.TriageAdviceRefer, Reason: "Past in het Zorg- en Veiligheidshuis.", Criteria: criteria(map[string]string{
		"a": "Verslaving en psychosen.", "b": "Gezondheid, wonen en middelen.", "c": "Geweld tegen hulpverleners.", "d": "Zorg, politie en gemeente zijn samen nodig.",
	})})
	a.holds(triage.CriteriaMet, "the triage does not say that all criteria are met")
	seen[client.Dossier](a.story)(a.as("housing").GetDossier(ctx, a.ruben.Id))
	newly[client.BasisChange](a.story, "de voorzitter brengt het dossier onder de Wgs")(
		a.as("chair").ChangeBasis(ctx, a.ruben.Id, &client.ChangeBasisParams{IfMatch: a.tag(ctx, "chair", a.ruben)}, wgs))
	a.unknown(ctx, a.ruben, "housing")
	a.take(ctx, a.place, client.NewTriage{Advice: client.TriageAdviceAccept, Reason: "Het adres blijft lokaal, onder het convenant.", Criteria: triage.Criteria})
	a.see("de corporatie is een derde in de zin van Wgs 2.27: haar toegang is op hetzelfde moment voorbij")
}

func (a *aggression) shares(ctx context.Context) {
	seen[client.Dossier](a.story)(a.as("housing").GetDossier(ctx, a.place.Id))
	a.see("in het dossier van de situatie doet de corporatie nog mee")
	care := a.supply(ctx, "addiction", a.ruben, client.NewItem{Category: "health", LifeDomain: new("substance-use"), Text: "Gebruikt dagelijks; stopt met medicijnen als hij gebruikt.",
		Secrecy: &client.NewSecrecy{}})
	a.shown(ctx, care, []string{"addiction"}, []string{"police", "social", "mental-health", "care"})
	known := a.supply(ctx, "police", a.ruben, client.NewItem{Category: "police", PoliceArticle: new(client.PoliceArticleN8), LifeDomain: new("offending"), Text: "Vierde melding van verward gedrag in een maand."})
	a.shown(ctx, known, []string{"police"}, []string{"care", "social", "addiction"})
	newly[client.Release](a.story, "de politie geeft dat vrij aan de casus, voor het behandelplan")(a.as("police").ReleaseItem(ctx, a.ruben.Id, known.Id, nil,
		client.NewRelease{PartnerIds: []uuid.UUID{}, Purpose: "Inschatten of behandeling vrijwillig kan."}))
	a.shown(ctx, known, []string{"police", "addiction", "mental-health"}, []string{"care", "social"})
}

func (a *aggression) scalesUp(ctx context.Context) {
	up := a.directed("De situatie escaleert.", "safety-at-stake")
	up.JumpReason = new("Direct gevaar voor hulpverleners.")
	a.regie(ctx, a.ruben, up)
	a.regie(ctx, a.place, up)
	four := client.NewRegieChange{Phase: new(4), Criteria: []string{"safety-at-stake"}, Reason: "Een crisismaatregel is mogelijk.", ReviewDate: new(inDays(14))}
	a.not(problem.Conflict, "AVE 4 zonder bestuurlijke houder")(
		a.as("chair").ChangeRegie(ctx, a.ruben.Id, &client.ChangeRegieParams{IfMatch: a.tag(ctx, "chair", a.ruben)}, four))
	four.Holders = []client.NewRegieHolder{
		a.holder(client.RegieResponsibilityProcessDirection, "chair"),
		{Responsibility: client.RegieResponsibilityAdministrative, Kind: client.RegieHolderKindFunction, Description: new("Burgemeester")},
	}
	a.regie(ctx, a.ruben, four)
}

func (a *aggression) meets(ctx context.Context) {
	c := a.convene(ctx, "Casusoverleg Zorg- en Veiligheidshuis", []client.Dossier{a.ruben, a.place}, "case-director", "care", "addiction", "mental-health", "police", "social", "housing")
	a.discuss(ctx, c.items[0], client.NewDeliberation{
		SocialPerspective: new("Zonder behandeling van de verslaving houdt niets stand."), SafetyPerspective: new("Niemand gaat alleen naar binnen; aangifte door de werkgever."),
		Advice: new("Behandelen met drang, bezoek met twee."),
	})
	a.help = a.decide(ctx, c.items[0], client.NewDecision{Text: "Behandeling en veilige bezoeken.", Reasons: "Allebei nodig.", Actions: []client.AgreedAction{
		a.task("addiction", "substance-use", client.ActionKindSupport, 14, "Opname voorbereiden."),
	}})[0]
	a.discuss(ctx, c.items[1], client.NewDeliberation{
		SocialPerspective: new("De zorg thuis gaat door, met twee tegelijk."), SafetyPerspective: new("Wie binnenkomt, moet ook weg kunnen."), Advice: new("Het bezoek veilig maken."),
	})
	a.decide(ctx, c.items[1], client.NewDecision{Text: "Bezoek met twee.", Reasons: "Zo blijft zorg mogelijk.", Actions: []client.AgreedAction{
		a.task("police", "physical-safety", client.ActionKindEnforcement, 14, "Meegaan bij het eerstvolgende huisbezoek."),
		a.task("care", "physical-safety", client.ActionKindPreventive, 7, "Bezoek met twee inroosteren."),
	}})
	a.adjourn(ctx, c, map[string]int{"addiction": 1, "housing": 1, "police": 2, "care": 2})
}

func (a *aggression) plans(ctx context.Context) {
	a.drawn, a.goals = a.plan(ctx, a.ruben, client.NewPlan{
		IntegralGoal: new("Hij is in behandeling en bezoek is veilig."), CareGoal: new("Niemand valt tussen wal en schip."), SafetyGoal: new("Geen geweld meer."),
	}, aims{{LifeDomain: "substance-use", Text: "Een opname van zes weken."}, {LifeDomain: "offending", Text: "Geen nieuw incident in drie maanden."}}, "addiction", "police", "care")
	around, _ := a.plan(ctx, a.place, client.NewPlan{IntegralGoal: new("Wie komt helpen, is veilig.")}, aims{
		{LifeDomain: "housing", Text: "Een sleutelkluis, zodat niemand hoeft te wachten voor de deur."}, {LifeDomain: "physical-safety", Text: "Elk bezoek met twee."},
	}, "police", "care")
	for _, plan := range []client.Plan{a.drawn, around} {
		a.not(problem.NotFound, "de corporatie leest een plan; de matrix geeft haar alleen haar eigen acties")(a.as("housing").GetPlan(ctx, plan.Id))
	}
}

func (a *aggression) ends(ctx context.Context) {
	a.complete(ctx, "addiction", a.help, client.NewCompletion{Result: client.ResultAchieved, Note: new("Opgenomen op vrijwillige basis.")})
	a.reach(ctx, a.drawn, a.goals, client.ResultAchieved, "Drie maanden rust.")
	a.report(ctx, a.ruben, "case-director", 1)
	a.closes(ctx, a.ruben, client.NewClosure{Result: client.ResultAchieved, Reason: "De behandeling gaat door zonder casus.", Outcomes: []client.Outcome{
		{Description: "Huisbezoeken zijn weer veilig.", Result: client.ResultAchieved},
	}}, []string{"care", "addiction", "police", "case-director"}, []string{"housing", "auditor"})
	seen[client.Dossier](a.story)(a.as("housing").GetDossier(ctx, a.place.Id))
	a.see("het dossier van de situatie loopt door")
}
