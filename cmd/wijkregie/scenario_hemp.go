package main

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/pkg/client"
)

// hemp is scenario 1: hemp in the attic of a family with debts and a girl who misses school. Both tracks have to go
// together: an eviction would undo the arrangement of the debts.
type hemp struct {
	*story
	family, murat, home client.Dossier
	drawn, atHome       client.Plan
	arrange, evict      client.Action
}

func hempScenes(s *story) []scene {
	h := &hemp{story: s}
	return []scene{
		{"Drie dossiers: het adres, het gezin en de vader", h.opens},
		{"De triage: er is samenwerking van zorg en veiligheid nodig", h.isTaken},
		{"Ieder levert wat hij weet en ziet wat de matrix toelaat", h.shares},
		{"Leefgebieden per gezinslid, nooit gemiddeld", h.assesses},
		{"Het overleg besluit over hulp en handhaving samen", h.meets},
		{"Het plan van het gezin: doelen voor het geheel en per gezinslid", h.plans},
		{"De huurachterstand botst met de ontruiming", h.clashes},
		{"Terugblik", h.looksBack},
	}
}

func (h *hemp) opens(ctx context.Context) {
	h.home = h.open(ctx, "police", client.NewDossier{
		Type: client.DossierTypeSituation, Title: "Hennep op zolder", Basis: client.LegalBasisCovenant, NeighbourhoodCode: new("BU08610001"),
		Purpose: "Brandgevaar en overlast beëindigen.", Themes: []string{"nuisance", "property-crime"},
		Location: &client.NewLocation{Kind: client.LocationKindDwelling, Street: new("Verzonnenlaan"), HouseNumber: new("12")},
	})
	h.family = h.open(ctx, "social", client.NewDossier{
		Type: client.DossierTypeFamily, Title: "Gezin Verhaag-Demir", Basis: client.LegalBasisCovenant, Purpose: "Het gezin houdt zijn huis en Noor gaat naar school.",
		Themes: []string{"youth", "debts"}, Particulars: &client.NewParticulars{Adults: new(2), Children: new(2)},
	})
	h.murat = h.open(ctx, "social", client.NewDossier{
		Type: client.DossierTypePerson, Title: "Murat Verhaag-Demir", Basis: client.LegalBasisCovenant, Purpose: "Hulp bij schulden en werk.",
	})
	h.subject(ctx, "social", h.murat, client.NewPerson{
		GivenNames: "Murat", FamilyName: "Verhaag-Demir", BirthDate: bornOn("1985-05-20"), Bsn: new("999970021"), BsnGround: new(client.BsnGroundPublicTask),
	}, client.SubjectRoleSuspect)
	for _, one := range []struct {
		name, born, bsn string
		role            client.SubjectRole
	}{
		{"Ilona", "1988-01-09", "999970033", client.SubjectRoleParent}, {"Sem", "2017-06-02", "999970045", client.SubjectRoleChild}, {"Noor", "2012-03-28", "999970057", client.SubjectRoleChild},
	} {
		h.subject(ctx, "social", h.family, client.NewPerson{
			GivenNames: one.name, FamilyName: "Verhaag-Demir", BirthDate: bornOn(one.born), Bsn: &one.bsn, BsnGround: new(client.BsnGroundPublicTask),
		}, one.role)
	}
	h.unknown(ctx, h.family, "police", "housing", "debts")
	h.links(ctx)
}

// links ties the dossiers; a cause does not become its own effect.
func (h *hemp) links(ctx context.Context) {
	h.joins(ctx, "police", h.home, "social")
	social := h.as("social")
	newly[client.DossierLink](h.story, "Murat hoort bij het gezin")(social.AddLink(ctx, h.family.Id, nil,
		client.NewDossierLink{OtherDossierId: h.murat.Id, Kind: client.LinkKindFamilyMember}))
	newly[client.DossierLink](h.story, "Murat weegt voor 5 van 5 mee in de situatie")(social.AddLink(ctx, h.murat.Id, nil,
		client.NewDossierLink{OtherDossierId: h.home.Id, Kind: client.LinkKindPersonSituation, ImpactScore: new(5)}))
	newly[client.DossierLink](h.story, "de schulden van het gezin zijn een sterke oorzaak van de kweek, vermoedt social")(social.AddLink(ctx, h.family.Id, nil,
		client.NewDossierLink{OtherDossierId: h.home.Id, Kind: client.LinkKindCauseEffect, Strength: new(client.LinkStrengthStrong)}))
	h.joins(ctx, "social", h.family, "police")
	h.not(problem.Conflict, "de politie maakt van het gevolg ook de oorzaak")(h.as("police").AddLink(ctx, h.home.Id, nil,
		client.NewDossierLink{OtherDossierId: h.family.Id, Kind: client.LinkKindCauseEffect}))
}

func (h *hemp) isTaken(ctx context.Context) {
	why := map[string]string{
		"a": "Schulden en een kweek in huis.", "b": "Financiën, huisvesting, opvoeding en justitie.", "c": "Een illegale kweek met brandgevaar.", "d": "Zorg, politie en corporatie zijn samen nodig.",
	}
	for _, d := range []client.Dossier{h.home, h.family, h.murat} {
		h.take(ctx, d, client.NewTriage{Advice: client.TriageAdviceAccept, Criteria: criteria(why), Reason: "Samen aanpakken."})
		up := h.directed("Problemen op meerdere leefgebieden; hulp en handhaving moeten samen.", "high-complexity", "safety-at-stake")
		up.JumpReason = new("Het gezin was niet eerder in beeld.")
		h.regie(ctx, d, up)
	}
}

func (h *hemp) shares(ctx context.Context) {
	h.joins(ctx, "case-director", h.family, "attendance", "debts", "housing")
	h.joins(ctx, "case-director", h.home, "housing")
	plants := h.supply(ctx, "police", h.family, client.NewItem{Category: "police", LifeDomain: new("offending"), Text: "64 hennepplanten op zolder; elektra om de meter heen."})
	h.shown(ctx, plants, []string{"police"}, []string{"social", "housing", "chair", "attendance"})
	newly[client.Release](h.story, "de politie geeft dat vrij aan de gemeente, openbare orde")(h.as("police").ReleaseItem(ctx, h.family.Id, plants.Id, nil,
		client.NewRelease{PartnerIds: []uuid.UUID{h.as("chair").partner}, Purpose: "Afwegen van een waarschuwing."}))
	h.shown(ctx, plants, []string{"police", "chair"}, []string{"social", "housing", "attendance"})
	rent := h.supply(ctx, "housing", h.family, client.NewItem{Category: "finance", LifeDomain: new("finances"), Text: "Drie maanden huurachterstand."})
	h.shown(ctx, rent, []string{"housing", "social", "debts", "case-director"}, []string{"police", "attendance", "chair"})
	school := h.supply(ctx, "attendance", h.family, client.NewItem{Category: "enforcement", LifeDomain: new("work-education"), Text: "Noor miste in acht weken 41 lesuren.",
		Conditions: []client.NewItemCondition{{WithholdFrom: "housing-association", Text: new("Niet voor de verhuurder.")}}})
	h.shown(ctx, school, []string{"attendance", "social", "chair", "police"}, []string{"housing", "debts"})
	h.see("de matrix laat de corporatie handhavingsgegevens zien; de voorwaarde van leerplicht houdt dit tegen")
}

func (h *hemp) assesses(ctx context.Context) {
	social := h.as("social")
	for _, a := range []struct {
		member, domain string
		score          int
		reading        string
	}{
		{"", "finances", 1, "Schulden bij zeven schuldeisers."}, {"", "housing", 2, "Ontruiming dreigt."}, {"Ilona", "parenting", 3, "Wil wel, weet niet hoe."},
		{"Murat", "parenting", 2, "Weinig thuis."}, {"Murat", "justice", 2, "Een lopende zaak."},
	} {
		newly[client.Assessment](h.story, "social scoort %s %s met %d: %s", a.domain, a.member, a.score, a.reading)(social.AddAssessment(ctx, h.family.Id, nil, client.NewAssessment{
			LifeDomain: a.domain, Member: optional(a.member), Score: number(a.score), Reading: a.reading, Source: "Keukentafelgesprek", ObservedOn: inDays(-1),
		}))
	}
	indicator := seen[client.MultiProblemIndicator](h.story)(social.GetMultiProblemIndicator(ctx, h.family.Id))
	parents := 0
	for _, in := range indicator.Input {
		if in.LifeDomain == "parenting" {
			parents++
		}
	}
	h.holds(indicator.Present && parents == 2, "the indicator has %d inputs on parenting, it should be those of two people", parents)
	h.see("multiproblematiek op %v; opvoeding blijft twee scores, één per ouder", indicator.ProblemLifeDomains)
}

// optional is a text, nil when it is empty.
func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func (h *hemp) meets(ctx context.Context) {
	frame := newly[client.Frame](h.story, "kader: geen nieuwe kweek, anders volgt een maatregel")(h.as("case-director").AddFrame(ctx, h.family.Id, nil, client.NewFrame{
		Condition: "Er komt geen nieuwe kweek.", Consequence: "De waarschuwing wordt een maatregel.", Until: inDays(180), LifeDomain: new("subversion"),
	}))
	c := h.convene(ctx, "Casusoverleg Verhaag-Demir", []client.Dossier{h.family}, "case-director", "social", "police", "attendance", "debts", "housing")
	h.discuss(ctx, c.items[0], client.NewDeliberation{
		SocialPerspective: new("De moeder wist niets van de kweek; de kinderen verliezen huis en school bij ontruiming."),
		SafetyPerspective: new("De kweek is geruimd; de omgeleide stroom was gevaarlijk voor het blok."), Advice: new("Waarschuwen en een regeling, niet sluiten."),
		Contributions: []client.NewContribution{{PartnerId: h.as("social").partner, Text: "Jeugdhulp raadt sluiting af vanwege de kinderen."}},
	})
	check := h.task("police", "offending", client.ActionKindEnforcement, 90, "Nagaan dat de zolder leeg blijft.")
	check.FrameId = &frame.Id
	actions := h.decide(ctx, c.items[0], client.NewDecision{
		Text: "Een waarschuwing en een schuldregeling.", Reasons: "Handhaven alleen verplaatst het probleem.", Actions: []client.AgreedAction{
			h.task("debts", "finances", client.ActionKindSupport, 60, "Schulden regelen met de schuldeisers."),
			h.task("attendance", "work-education", client.ActionKindPreventive, 21, "Met Noor een plan maken om weer naar school te gaan."), check,
		},
	})
	h.arrange = actions[0]
	h.adjourn(ctx, c, map[string]int{"police": 1, "housing": 1})
}

func (h *hemp) plans(ctx context.Context) {
	h.drawn, _ = h.plan(ctx, h.family, client.NewPlan{
		IntegralGoal: new("Het gezin houdt zijn huis, zonder kweek en met een regeling."), CareGoal: new("Niemand tussen wal en schip."), SafetyGoal: new("Geen kweek, geen brandgevaar."),
	}, aims{
		{LifeDomain: "finances", Text: "Een regeling voor alle schulden."}, {LifeDomain: "work-education", Member: new("Noor"), Text: "Noor gaat elke dag naar school."},
		{LifeDomain: "offending", MemberDossierId: &h.murat.Id, Text: "Murat kweekt niet meer en vindt werk."},
	}, "debts", "attendance", "police")
	h.holds(h.drawn.Overview != nil && len(h.drawn.Overview.Warnings) == 0, "the plan has warnings")
	goals := seen[client.GoalList](h.story)(h.as("attendance").ListGoals(ctx, h.drawn.Id, nil))
	h.holds(len(goals.Items) == 3, "attendance reads %d goals", len(goals.Items))
	h.see("twee sporen, drie doelen: voor het gezin, voor Noor en voor Murat")
}

func (h *hemp) clashes(ctx context.Context) {
	newly[client.PreconditionOverride](h.story, "voor het adres komt ook een plan; de voorzitter passeert de randvoorwaarden met reden")(
		h.as("chair").OverridePreconditions(ctx, h.home.Id, nil, client.NewPreconditionOverride{Reason: "De corporatie heeft al een datum."}))
	h.atHome = newly[client.Plan](h.story, "de casusregisseur maakt het conceptplan van het adres")(
		h.as("case-director").DraftPlan(ctx, h.home.Id, nil, client.NewPlan{IntegralGoal: new("Een veilig adres.")}))
	task := h.task("housing", "housing", client.ActionKindEnforcement, 30, "Woning ontruimen.")
	h.evict = newly[client.Action](h.story, "de corporatie legt haar ontruiming vast, over 30 dagen")(h.as("housing").CreateAction(ctx, nil, client.NewAction{
		DossierId: h.home.Id, PartnerId: task.PartnerId, ProfessionalId: task.ProfessionalId, LifeDomain: task.LifeDomain, Kind: task.Kind, Track: task.Track,
		DueDate: task.DueDate, Description: task.Description,
	}))
	now := seen[client.Plan](h.story)(h.as("case-director").GetPlan(ctx, h.atHome.Id))
	h.holds(now.Overview != nil && slices.Contains(now.Overview.Warnings, client.PlanWarningEnforcementWithoutSupport), "the plan does not warn of enforcement without support")
	h.see("het plan waarschuwt: handhaving zonder hulp")
	h.conflicts(ctx, 1)
	deferred := client.NewDeferral{DueDate: new(inDays(120)), Reason: "Eerst de schuldregeling afwachten."}
	newly[client.ActionStep](h.story, "de corporatie stelt de ontruiming uit tot na de schuldregeling")(h.as("housing").DeferAction(ctx, h.evict.Id,
		&client.DeferActionParams{IfMatch: &h.evict.Etag}, deferred))
	h.conflicts(ctx, 0)
}

// conflicts asks how many clashes the plan of the family has with that of the home.
func (h *hemp) conflicts(ctx context.Context, many int) {
	found := seen[client.PlanConflicts](h.story)(h.as("case-director").GetPlanConflicts(ctx, h.drawn.Id))
	h.holds(len(found.Conflicts) == many, "there are %d clashes, it should be %d", len(found.Conflicts), many)
	h.see("de casusregisseur ziet %d botsing(en) tussen de plannen", many)
}

func (h *hemp) looksBack(ctx context.Context) {
	h.complete(ctx, "debts", h.arrange, client.NewCompletion{Result: client.ResultPartly, Note: new("Vijf van de zeven schuldeisers doen mee.")})
	h.report(ctx, h.family, "case-director", 1)
	h.history(ctx, h.family, "case-director", "plan-finalised", "action-completed")
	h.found(ctx, "hennepplanten", h.family, []string{"police", "chair"}, []string{"social", "housing", "attendance", "auditor"})
}
