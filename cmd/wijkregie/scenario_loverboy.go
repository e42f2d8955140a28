package main

import (
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/pkg/client"
)

// loverboy is scenario 4: a girl of 17 with a mild intellectual disability, in care, recruited by a man of 19. She is a
// victim before anything else; where she lives and what her treatment is stays with few.
type loverboy struct {
	*story
	lieke, jay client.Dossier
	girl       client.Person
	health     client.Item
	stop       client.Action
	drawn      client.Plan
	goals      []client.Goal
}

func loverboyScenes(s *story) []scene {
	l := &loverboy{story: s}
	return []scene{
		{"Veilig Thuis opent een dossier over het meisje, de politie een over de man", l.opens},
		{"Waar zij woont weet alleen wie het heeft aangeleverd", l.hides},
		{"Medisch geheim, met een grond en een voorwaarde", l.keeps},
		{"Wat de politie per abuis deelde wordt ingetrokken", l.withdraws},
		{"Een besluit van de kinderrechter als document", l.documents},
		{"Spoed in de nacht: toegang met een reden, achteraf beoordeeld", l.hurries},
		{"Het overleg beschermt eerst en vervolgt daarna", l.meets},
		{"Het plan: ook wie niet meedoet staat erin", l.plans},
		{"Nazorg en afsluiting", l.ends},
	}
}

func (l *loverboy) opens(ctx context.Context) {
	l.lieke = l.open(ctx, "safe-home", client.NewDossier{
		Type: client.DossierTypePerson, Title: "Lieke Sterrenburg", Basis: client.LegalBasisCovenant, Themes: []string{"human-trafficking", "youth"},
		Purpose: "Zij is veilig en komt los van wie haar uitbuit.", Particulars: &client.NewParticulars{LivingSituation: new(client.LivingSituationInstitution)},
	})
	l.jay = l.open(ctx, "police", client.NewDossier{
		Type: client.DossierTypePerson, Title: "Jay Vermolen", Basis: client.LegalBasisCovenant, Themes: []string{"human-trafficking"}, Purpose: "De uitbuiting stopt.",
	})
	l.subject(ctx, "police", l.jay, client.NewPerson{GivenNames: "Jay", FamilyName: "Vermolen", BirthDate: bornOn("2007-02-14"), Bsn: new("999970094"), BsnGround: new(client.BsnGroundPublicTask)}, client.SubjectRoleSuspect)
	l.joins(ctx, "safe-home", l.lieke, "guardian", "care", "police", "prosecutor")
	l.joins(ctx, "police", l.jay, "prosecutor")
	l.unknown(ctx, l.jay, "safe-home", "guardian", "care")
	l.unknown(ctx, l.lieke, "social", "mental-health", "auditor")
	newly[client.DossierLink](l.story, "de politie koppelt de twee dossiers")(l.as("police").AddLink(ctx, l.jay.Id, nil,
		client.NewDossierLink{OtherDossierId: l.lieke.Id, Kind: client.LinkKindRelated, Ground: new("Hij wordt in haar verklaring genoemd; zonder hem is de uitbuiting niet te stoppen.")}))
	links := seen[client.DossierLinkList](l.story)(l.as("guardian").ListLinks(ctx, l.lieke.Id, nil))
	l.holds(len(links.Items) == 0, "the guardian sees a link to a dossier that he does not know")
	l.see("de jeugdbeschermer ziet die koppeling niet")
}

func (l *loverboy) hides(ctx context.Context) {
	l.girl = newly[client.Person](l.story, "Veilig Thuis registreert haar met een geheim adres")(l.as("safe-home").RegisterPerson(ctx, nil, client.NewPerson{
		GivenNames: "Lieke", FamilyName: "Sterrenburg", BirthDate: bornOn("2009-05-16"), AddressSecret: new(true),
		Address: &client.PersonAddress{Street: "Verzonnenpad", HouseNumber: "3", Postcode: "5501 ZZ", Town: "Veldhoven"},
	}))
	newly[client.Subject](l.story, "zij is in het dossier slachtoffer")(l.as("safe-home").AddSubject(ctx, l.lieke.Id, nil,
		client.NewSubject{PersonId: l.girl.Id, Role: client.SubjectRoleVictim}))
	newly[client.Subject](l.story, "en verdachte van winkeldiefstal, waartoe zij werd aangezet")(l.as("safe-home").AddSubject(ctx, l.lieke.Id, nil,
		client.NewSubject{PersonId: l.girl.Id, Role: client.SubjectRoleSuspect}))
	for short, may := range map[string]bool{"safe-home": true, "guardian": false, "police": false, "director": false} {
		one := seen[client.Person](l.story)(l.as(short).GetPerson(ctx, l.girl.Id))
		l.holds(one.AddressSecret && (one.Address.IsSpecified() && !one.Address.IsNull()) == may, "%s reads the secret address: %t", short, !may)
	}
	l.see("jeugdbescherming, politie en zelfs de regisseur lezen haar naam, en dat het adres geheim is")
	l.take(ctx, l.lieke, client.NewTriage{Advice: client.TriageAdviceAccept, Reason: "Directe bescherming nodig.", Criteria: criteria(map[string]string{
		"a": "Licht verstandelijke beperking en trauma.", "b": "Woonplek, netwerk en uitbuiting.", "c": "Zij is slachtoffer en werd ingezet voor diefstal.", "d": "Zorg en strafrecht zijn samen nodig.",
	})})
	up := l.directed("Acute onveiligheid, veel partijen.", "safety-at-stake", "high-complexity")
	up.JumpReason = new("Het gevaar is direct.")
	l.regie(ctx, l.lieke, up)
}

func (l *loverboy) keeps(ctx context.Context) {
	l.health = l.supply(ctx, "care", l.lieke, client.NewItem{
		Category: "health", LifeDomain: new("mental-health"), Text: "Traumabehandeling loopt; zij begrijpt dreigementen letterlijk.", Source: new("Behandelaar"),
		Secrecy:    &client.NewSecrecy{Ground: new(client.SecrecyGroundGoodCare)},
		Conditions: []client.NewItemCondition{{WithholdFrom: "police", Text: new("Niet voor de opsporing.")}},
	})
	l.shown(ctx, l.health, []string{"care"}, []string{"guardian", "safe-home", "police", "prosecutor"})
	newly[client.Release](l.story, "de zorgaanbieder geeft het vrij aan de jeugdbescherming, om haar te kunnen beschermen")(
		l.as("care").ReleaseItem(ctx, l.lieke.Id, l.health.Id, nil, client.NewRelease{
			PartnerIds: []uuid.UUID{l.as("guardian").partner}, Purpose: "Een veiligheidsplan maken.", Conditions: new("Niet verder verspreiden."),
		}))
	l.shown(ctx, l.health, []string{"care", "guardian"}, []string{"safe-home", "police", "prosecutor"})
	l.found(ctx, "traumabehandeling", l.lieke, []string{"care", "guardian"}, []string{"safe-home", "police", "prosecutor", "director"})
	l.refuses(ctx)
	l.not(problem.NotFound, "de politie geeft het zelf door")(l.as("police").ReleaseItem(ctx, l.lieke.Id, l.health.Id, nil,
		client.NewRelease{PartnerIds: []uuid.UUID{l.as("prosecutor").partner}, Purpose: "Vervolging."}))
}

// refuses lets the care provider refuse, with its reason, what is asked of it.
func (l *loverboy) refuses(ctx context.Context) {
	question := newly[client.InformationRequest](l.story, "de casusregisseur vraagt de zorgaanbieder of zij gehoord kan worden")(l.as("case-director").AskForInformation(ctx, l.lieke.Id, nil,
		client.NewInformationRequest{PartnerId: l.as("care").partner, Category: "health", Question: "Kan zij gehoord worden?", DueDate: inDays(5)}))
	answer := newly[client.InformationAnswer](l.story, "de zorgaanbieder weigert, met een zwaarwegende reden (Wgs 1.5)")(l.as("care").AnswerInformationRequest(ctx, l.lieke.Id, question.Id,
		&client.AnswerInformationRequestParams{IfMatch: &question.Etag}, client.NewInformationAnswer{Reason: new("Medisch geheim; een verhoor nu schaadt haar.")}))
	l.holds(answer.Outcome == client.InformationOutcomeRefused, "the answer is %s", answer.Outcome)
}

func (l *loverboy) withdraws(ctx context.Context) {
	item := l.supply(ctx, "police", l.lieke, client.NewItem{Category: "police", PoliceArticle: new(client.PoliceArticleN8), LifeDomain: new("justice"), Text: "Aanhouding wegens winkeldiefstal; de aangifte noemt een getuige."})
	newly[client.Release](l.story, "de politie geeft het vrij aan het OM")(l.as("police").ReleaseItem(ctx, l.lieke.Id, item.Id, nil,
		client.NewRelease{PartnerIds: []uuid.UUID{l.as("prosecutor").partner}, Purpose: "Afstemmen of vervolging past."}))
	l.shown(ctx, item, []string{"police", "prosecutor"}, []string{"care", "guardian"})
	newly[client.ItemWithdrawal](l.story, "de politie trekt het in: de getuige had niet gedeeld mogen worden, dit was een datalek")(
		l.as("police").WithdrawItem(ctx, l.lieke.Id, item.Id, &client.WithdrawItemParams{IfMatch: &item.Etag}, client.NewItemWithdrawal{Reason: "Noemt een getuige.", Breach: true}))
	l.shown(ctx, item, nil, []string{"prosecutor", "care"})
	l.told(ctx, "prosecutor", l.lieke, "item-withdrawn")
}

func (l *loverboy) documents(ctx context.Context) {
	paper := newly[client.Document](l.story, "de jeugdbeschermer voegt de uithuisplaatsing toe als document")(l.as("guardian").AddDocument(ctx, nil, client.NewDocument{
		DossierId: l.lieke.Id, Category: "guidance", Title: "Machtiging uithuisplaatsing", Kind: client.DocumentKindReport, ObservedOn: inDays(-2), Source: new("Kinderrechter"),
	}))
	const text = "Beschikking: plaatsing bij een zorgaanbieder, adres geheim.\n"
	seen[client.Document](l.story)(l.as("guardian").PutDocumentContentWithBody(ctx, paper.Id, &client.PutDocumentContentParams{IfMatch: &paper.Etag}, "application/octet-stream", strings.NewReader(text)))
	for short, may := range map[string]bool{"guardian": true, "care": true, "police": false} {
		answer, err := l.as(short).GetDocumentContent(ctx, paper.Id)
		if l.fails(err); err != nil {
			return
		}
		got, err := io.ReadAll(answer.Body)
		l.fails(err)
		l.fails(answer.Body.Close())
		l.holds((answer.StatusCode == http.StatusOK && string(got) == text) == may, "%s gets the document with %d", short, answer.StatusCode)
	}
	l.see("jeugdbescherming en zorgaanbieder lezen het document, de politie niet")
}

func (l *loverboy) hurries(ctx context.Context) {
	access := newly[client.EmergencyAccess](l.story, "de crisisdienst van de GGZ laat zichzelf toe, met een doel")(l.as("mental-health").OpenEmergencyAccess(ctx, nil,
		client.NewEmergencyAccess{DossierNumber: l.lieke.Number, Purpose: "Zij is vannacht overstuur binnengebracht; wie is haar voogd?", Hours: new(4)}))
	seen[client.Dossier](l.story)(l.as("mental-health").GetDossier(ctx, l.lieke.Id))
	l.shown(ctx, l.health, nil, []string{"mental-health"})
	l.see("de crisisdienst kent het dossier, maar gezondheidsgegevens en geheimen blijven dicht")
	l.told(ctx, "director", l.lieke, "emergency-opened")
	now := seen[client.EmergencyAccess](l.story)(l.as("mental-health").GetEmergencyAccess(ctx, l.lieke.Id, access.Id))
	newly[client.EmergencyAccess](l.story, "de crisisdienst is klaar en sluit de toegang")(l.as("mental-health").EndEmergencyAccess(ctx, l.lieke.Id, access.Id,
		&client.EndEmergencyAccessParams{IfMatch: &now.Etag}, client.NewEmergencyEnding{}))
	l.unknown(ctx, l.lieke, "mental-health")
	l.assessed(ctx, access)
}

// assessed lets the director look afterwards whether the emergency was one; who came in does not judge himself.
func (l *loverboy) assessed(ctx context.Context, access client.EmergencyAccess) {
	review := client.NewEmergencyReview{Outcome: client.EmergencyOutcomeJustified, Findings: "De voogd is binnen een uur bereikt; er is niet meer gelezen dan nodig."}
	now := seen[client.EmergencyAccess](l.story)(l.as("director").GetEmergencyAccess(ctx, l.lieke.Id, access.Id))
	l.not(problem.Forbidden, "de crisisdienst beoordeelt haar eigen toegang")(l.as("mental-health").ReviewEmergencyAccess(ctx, l.lieke.Id, access.Id,
		&client.ReviewEmergencyAccessParams{IfMatch: &now.Etag}, review))
	newly[client.EmergencyAccess](l.story, "de regisseur beoordeelt de toegang: terecht")(l.as("director").ReviewEmergencyAccess(ctx, l.lieke.Id, access.Id,
		&client.ReviewEmergencyAccessParams{IfMatch: &now.Etag}, review))
}
