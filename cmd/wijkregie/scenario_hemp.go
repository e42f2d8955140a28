package main

import (
	"context"

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
	newly[client.DossierLink](h.story, "de schulden van het gezin zijn een sterke oorzaak van de kweek, vermoedt het wijkteam")(social.AddLink(ctx, h.family.Id, nil,
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
	plants := h.supply(ctx, "police", h.family, client.NewItem{Category: "police", PoliceArticle: new(client.PoliceArticleN8), LifeDomain: new("offending"), Text: "64 hennepplanten op zolder; elektra om de meter heen."})
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
		newly[client.Assessment](h.story, "%s scoort %s %s met %d: %s", who("social"), h.word("life-domains", a.domain), a.member, a.score, a.reading)(social.AddAssessment(ctx, h.family.Id, nil, client.NewAssessment{
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
	h.see("multiproblematiek op %s; opvoeding blijft twee scores, één per ouder", h.domains(indicator.ProblemLifeDomains))
}
