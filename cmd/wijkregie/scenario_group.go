package main

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/pkg/client"
)

// group is scenario 3: some eleven young people at a shopping centre, and an older one who recruits. The group is known
// without names; who they are stands apart and is for few.
type group struct {
	*story
	all, recruiter, follower client.Dossier
	visits, talk             client.Action
}

func groupScenes(s *story) []scene {
	g := &group{story: s}
	return []scene{
		{"Het jongerenwerk beschrijft een groep, zonder namen", g.opens},
		{"De namenlijst staat apart", g.lists},
		{"Toezicht, politie en leerplicht leveren elk hun deel", g.shares},
		{"Twee leden hebben een eigen dossier; alleen wie dat kent ziet de koppeling", g.links},
		{"Een groep krijgt geen score maar een probleemniveau", g.assesses},
		{"Het overleg kiest een aanpak", g.meets},
		{"Plan van de groep: jeugd en openbare orde", g.plans},
		{"Een eigen plan voor de werver en voor een meeloper", g.plansForMembers},
		{"Terugblik", g.looksBack},
	}
}

func (g *group) opens(ctx context.Context) {
	g.all = g.open(ctx, "youth-work", client.NewDossier{
		Type: client.DossierTypeGroup, Title: "De Passage", Basis: client.LegalBasisCovenant, NeighbourhoodCode: new("BU08610001"),
		Purpose: "De jongeren hebben iets beters te doen en het winkelcentrum is weer van iedereen.", Themes: []string{"youth", "nuisance"},
		Particulars: &client.NewParticulars{
			Size: new(11), AgeFrom: new(14), AgeUntil: new(19), Conduct: new("Lawaai, winkeldiefstal, intimideren van winkelpersoneel."),
			Places: new("De ingang van het winkelcentrum."), Times: new("Op schooldagen vanaf drie uur."),
		},
	})
	g.joins(ctx, "youth-work", g.all, "police", "wardens", "attendance", "social")
	g.take(ctx, g.all, client.NewTriage{Advice: client.TriageAdviceAccept, Reason: "Lokaal aanpakken, met jongerenwerk voorop.", Criteria: criteria(map[string]string{
		"a": "Jongeren die niet naar school gaan.", "b": "Vrije tijd, school en winkeldiefstal.", "c": "Meldingen lopen op.", "d": "Jeugd, toezicht en politie zijn samen nodig.",
	})})
	up := g.directed("De groep wordt groter en een ouder lid werft.", "high-complexity")
	up.JumpReason = new("De groep was niet eerder in beeld.")
	g.regie(ctx, g.all, up)
}

func (g *group) lists(ctx context.Context) {
	leader := g.subject(ctx, "case-director", g.all, client.NewPerson{GivenNames: "Dylan", FamilyName: "Roverman", BirthDate: bornOn("2007-11-30"), Bsn: new("999970070"), BsnGround: new(client.BsnGroundPublicTask)}, client.SubjectRoleLeader)
	g.subject(ctx, "case-director", g.all, client.NewPerson{GivenNames: "Yara", FamilyName: "Meeldijk", BirthDate: bornOn("2011-08-02"), Bsn: new("999970082"), BsnGround: new(client.BsnGroundPublicTask)}, client.SubjectRoleMember)
	for short, many := range map[string]int{"youth-work": 2, "police": 2, "wardens": 0} {
		known := seen[client.SubjectList](g.story)(g.as(short).ListSubjects(ctx, g.all.Id, nil))
		g.holds(len(known.Items) == many, "%s reads %d names, it should be %d", short, len(known.Items), many)
	}
	g.not(problem.NotFound, "toezicht leest wie een van de leden is")(g.as("wardens").GetPerson(ctx, leader.Id))
	g.see("jongerenwerk en politie lezen twee namen, toezicht geen; de groep zelf kennen zij alle drie")
}

func (g *group) shares(ctx context.Context) {
	seenThere := g.supply(ctx, "wardens", g.all, client.NewItem{Category: "incident", LifeDomain: new("nuisance"), Text: "Negen meldingen van overlast in twee weken, het dubbele van normaal."})
	g.shown(ctx, seenThere, []string{"wardens", "police", "social", "chair"}, []string{"attendance"})
	known := g.supply(ctx, "police", g.all, client.NewItem{Category: "police", PoliceArticle: new(client.PoliceArticleN8), LifeDomain: new("offending"), Text: "Een ouder lid betaalt jongeren om spullen weg te nemen."})
	g.shown(ctx, known, []string{"police"}, []string{"wardens", "attendance", "youth-work", "chair"})
	missed := g.supply(ctx, "attendance", g.all, client.NewItem{Category: "enforcement", LifeDomain: new("work-education"), Text: "Vier van hen verzuimen meer dan een dag per week."})
	g.shown(ctx, missed, []string{"attendance", "wardens", "police", "social", "chair"}, []string{"youth-work"})
}

func (g *group) links(ctx context.Context) {
	g.recruiter = g.open(ctx, "police", client.NewDossier{
		Type: client.DossierTypePerson, Title: "Dylan Roverman", Basis: client.LegalBasisCovenant, Purpose: "Hij houdt op met werven en vindt werk.",
	})
	newly[client.DossierLink](g.story, "de politie koppelt hem als lid aan de groep")(g.as("police").AddLink(ctx, g.recruiter.Id, nil,
		client.NewDossierLink{OtherDossierId: g.all.Id, Kind: client.LinkKindGroupMember}))
	g.follower = g.open(ctx, "social", client.NewDossier{
		Type: client.DossierTypePerson, Title: "Yara Meeldijk", Basis: client.LegalBasisCovenant, Purpose: "Zij gaat weer naar school en maakt zich los van de groep.",
	})
	newly[client.DossierLink](g.story, "het wijkteam koppelt haar als lid aan de groep")(g.as("social").AddLink(ctx, g.follower.Id, nil,
		client.NewDossierLink{OtherDossierId: g.all.Id, Kind: client.LinkKindGroupMember}))
	g.joins(ctx, "social", g.follower, "attendance", "youth-work")
	for short, of := range map[string]uuid.UUID{"police": g.recruiter.Id, "social": g.follower.Id, "attendance": g.follower.Id} {
		links := seen[client.DossierLinkList](g.story)(g.as(short).ListLinks(ctx, g.all.Id, nil))
		g.holds(len(links.Items) == 1 && links.Items[0].DossierId == of || len(links.Items) == 1 && links.Items[0].OtherDossierId == of,
			"%s does not see exactly the link to the dossier that they know", short)
	}
	none := seen[client.DossierLinkList](g.story)(g.as("wardens").ListLinks(ctx, g.all.Id, nil))
	g.holds(len(none.Items) == 0, "the wardens see %d links", len(none.Items))
	g.see("politie ziet alleen de koppeling met hem, wijkteam en leerplicht alleen die met haar, toezicht geen")
	g.unknown(ctx, g.recruiter, "social", "youth-work", "wardens", "attendance")
	g.unknown(ctx, g.follower, "police", "wardens")
}

func (g *group) assesses(ctx context.Context) {
	g.not(problem.Invalid, "het jongerenwerk geeft de groep een score")(g.as("youth-work").AddAssessment(ctx, g.all.Id, nil,
		client.NewAssessment{LifeDomain: "nuisance", Score: number(2), Reading: "Veel lawaai.", Source: "Straatwerk", ObservedOn: inDays(-1)}))
	g.level(ctx, "youth-work", g.all, "nuisance", client.ProblemLevelSerious, "Winkelpersoneel durft niet meer naar buiten.")
	g.level(ctx, "attendance", g.all, "work-education", client.ProblemLevelSerious, "Vier verzuimers.")
	g.level(ctx, "police", g.all, "offending", client.ProblemLevelSerious, "Diefstal in opdracht.")
}

func (g *group) meets(ctx context.Context) {
	c := g.convene(ctx, "Groepsaanpak De Passage", []client.Dossier{g.all}, "case-director", "youth-work", "police", "wardens", "attendance")
	g.discuss(ctx, c.items[0], client.NewDeliberation{
		SocialPerspective: new("De meesten vervelen zich en zijn nog te bereiken, ook via hun ouders."),
		SafetyPerspective: new("Zonder de werver valt de groep uit elkaar; diefstal wordt aangegeven."), Advice: new("Jongerenwerk voor de meelopers, de werver apart."),
	})
	talk := g.task("youth-work", "living-environment", client.ActionKindMediation, 28, "Winkeliers en jongeren met elkaar laten praten.")
	talk.Mediator = new("Buurtbemiddeling")
	actions := g.decide(ctx, c.items[0], client.NewDecision{Text: "Een aanpak in twee sporen.", Reasons: "Hulp voor de meelopers, grenzen voor de werver.", Actions: []client.AgreedAction{
		g.task("youth-work", "nuisance", client.ActionKindPreventive, 14, "Elke middag bij de ingang staan en de jongeren kennen."),
		g.task("attendance", "work-education", client.ActionKindSupport, 21, "Met de verzuimers en hun ouders spreken."),
		g.task("police", "nuisance", client.ActionKindEnforcement, 30, "Gericht toezicht tussen drie en zes uur."), talk,
	}})
	g.visits, g.talk = actions[0], actions[3]
	decisionID, err := g.visits.DecisionId.Get()
	g.fails(err)
	newly[client.Approach](g.story, "de voorzitter legt de gekozen aanpak vast, met wat ertegen sprak om het gebied te verbieden")(
		g.as("chair").ChooseApproach(ctx, g.all.Id, nil, client.NewApproach{
			Description: "Bereiken wie te bereiken is, begrenzen wie werft.", DecisionId: decisionID,
			Alternatives: []client.Alternative{{Description: "Een gebiedsverbod voor de hele groep.", ReasonAgainst: "Verplaatst de groep en treft ook wie niets deed."}},
		}))
	g.adjourn(ctx, c, map[string]int{"police": 1, "wardens": 1})
}

func (g *group) plans(ctx context.Context) {
	drawn, goals := g.plan(ctx, g.all, client.NewPlan{
		IntegralGoal: new("Een plein waar jong en oud kan zijn."), CareGoal: new("Elke jongere heeft school of werk."), SafetyGoal: new("Geen diefstal en geen intimidatie."),
	}, aims{
		{LifeDomain: "work-education", Text: "Niemand verzuimt nog."}, {LifeDomain: "nuisance", Text: "Meldingen terug naar het gewone aantal."},
		{LifeDomain: "offending", Text: "Er wordt niet meer geworven."},
	}, "youth-work", "attendance", "police")
	g.holds(len(goals) == 3, "the plan of the group has %d goals", len(goals))
	read := seen[client.Plan](g.story)(g.as("youth-work").GetPlan(ctx, drawn.Id))
	g.holds(read.Status == client.PlanStatusFinal, "the youth work reads a plan that is %s", read.Status)
	g.see("het plan noemt geen namen; wat een lid met een eigen dossier aangaat staat daar")
}

// plansForMembers makes the plans of the two members; nobody reads the one through the other.
func (g *group) plansForMembers(ctx context.Context) {
	up := g.directed("Hoort bij de groepsaanpak.", "high-complexity")
	up.JumpReason = new("Was niet eerder in beeld.")
	why := map[string]string{"a": "Weinig steun thuis.", "b": "School, vrije tijd en diefstal.", "c": "Diefstal.", "d": "Jeugd en politie zijn samen nodig."}
	for _, d := range []client.Dossier{g.recruiter, g.follower} {
		g.take(ctx, d, client.NewTriage{Advice: client.TriageAdviceAccept, Reason: "Persoonsgericht, naast de groepsaanpak.", Criteria: criteria(why)})
		g.regie(ctx, d, up)
	}
	his, _ := g.plan(ctx, g.recruiter, client.NewPlan{IntegralGoal: new("Hij werkt en werft niet meer.")},
		aims{{LifeDomain: "work-education", Text: "Een baan voor twintig uur."}, {LifeDomain: "offending", Text: "Geen diefstal in opdracht meer."}}, "police")
	hers, _ := g.plan(ctx, g.follower, client.NewPlan{IntegralGoal: new("Zij gaat naar school en heeft andere vrienden.")},
		aims{{LifeDomain: "work-education", Text: "Elke dag op school."}, {LifeDomain: "nuisance", Text: "Niet meer met de groep op het plein."}}, "attendance", "youth-work")
	g.not(problem.NotFound, "het jongerenwerk leest het plan van de werver")(g.as("youth-work").GetPlan(ctx, his.Id))
	g.not(problem.NotFound, "de politie leest het plan van de meeloper")(g.as("police").GetPlan(ctx, hers.Id))
}

func (g *group) looksBack(ctx context.Context) {
	g.complete(ctx, "youth-work", g.visits, client.NewCompletion{Result: client.ResultAchieved, Note: new("Zeven van de elf komen nu naar het jongerencentrum.")})
	g.complete(ctx, "youth-work", g.talk, client.NewCompletion{Result: client.ResultAchieved, Agreement: new(client.MediationOutcomeAgreed)})
	signals := seen[client.Stagnation](g.story)(g.as("case-director").GetStagnation(ctx, g.all.Id))
	g.holds(len(signals.Flags) == 0, "the dossier stagnates: %v", signals.Flags)
	g.see("er zijn geen signalen van stagnatie")
	g.report(ctx, g.all, "case-director", 2)
	g.history(ctx, g.all, "case-director", "plan-finalised", "action-completed")
	g.found(ctx, "verzuimen", g.all, []string{"attendance", "wardens"}, []string{"youth-work", "auditor"})
}
