package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"time"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/pkg/client"
)

func (d *dementia) meets(ctx context.Context) {
	d.consult = d.convene(ctx, "Casusoverleg Tolboom", []client.Dossier{d.person, d.situation}, "case-director", "social", "mental-health", "care", "police", "fire")
	said := client.NewDeliberation{
		SocialPerspective: new("Meneer wil thuis blijven; met een casemanager en een sensor kan dat nog."),
		SafetyPerspective: new("Zolang er gas is, loopt het hele blok gevaar; strafbaar is er niets."), Advice: new("Eerst het gas eraf, dan zorg die blijft."),
	}
	support, preventive := client.ActionKindSupport, client.ActionKindPreventive
	agreed := [][]client.AgreedAction{
		{
			d.task("care", "physical-safety", support, 10, "Dwaalsensor bij de voordeur plaatsen."),
			d.task("mental-health", "mental-health", support, 14, "Casemanager dementie inzetten."),
			d.task("social", "physical-safety", support, 21, "Gas laten afsluiten en koken op inductie regelen."),
		},
		{d.task("fire", "physical-safety", preventive, 7, "Woning bezoeken en rookmelders plaatsen.")},
	}
	for i, item := range d.consult.items {
		d.discuss(ctx, item, said)
		d.actions = append(d.actions, d.decide(ctx, item, client.NewDecision{
			Text: "Veilig thuis wonen zonder gas.", Reasons: "Minst ingrijpend en snel te doen.", Actions: agreed[i],
		})...)
	}
	d.adjourn(ctx, d.consult, map[string]int{"case-director": 2, "social": 2, "care": 1, "fire": 1})
}

func (d *dementia) plans(ctx context.Context) {
	d.drawn, d.goals = d.plan(ctx, d.person, client.NewPlan{
		IntegralGoal: new("Meneer woont veilig thuis en zijn buren slapen rustig."), ResidentInterest: new("Thuis blijven, bij zijn duiven."),
		CareGoal: new("Niemand valt tussen wal en schip."), SafetyGoal: new("Geen gas, geen brand, geen overlast."),
	}, aims{
		{LifeDomain: "mental-health", Text: "Elke dag iemand die hem kent."}, {LifeDomain: "physical-safety", Text: "Een huis zonder gas en met rookmelders."},
	}, "care", "mental-health", "social")
	d.not(problem.NotFound, "de brandweer leest het plan van de man")(d.as("fire").GetPlan(ctx, d.drawn.Id))
	d.holds(d.drawn.Overview != nil && len(d.drawn.Overview.Warnings) == 0, "the plan has warnings")
	d.see("zorg en veiligheid hebben beide een doel; het plan geeft geen waarschuwing")
	d.acted = time.Now().UTC()
}

func (d *dementia) scalesDown(ctx context.Context) {
	sensor, manager, gas, visit := d.actions[0], d.actions[1], d.actions[2], d.actions[3]
	d.not(problem.Forbidden, "de zorgaanbieder meldt de actie van de GGZ af")(
		d.as("care").CompleteAction(ctx, manager.Id, &client.CompleteActionParams{IfMatch: &manager.Etag}, client.NewCompletion{Result: client.ResultAchieved}))
	newly[client.ActionStep](d.story, "het wijkteam stelt het afsluiten van het gas uit: de netbeheerder komt een week later")(
		d.as("social").DeferAction(ctx, gas.Id, &client.DeferActionParams{IfMatch: &gas.Etag}, client.NewDeferral{DueDate: new(inDays(28)), Reason: "De netbeheerder komt later."}))
	achieved := client.NewCompletion{Result: client.ResultAchieved}
	d.complete(ctx, "care", sensor, achieved)
	d.complete(ctx, "mental-health", manager, achieved)
	d.complete(ctx, "social", gas, achieved)
	d.complete(ctx, "fire", visit, achieved)
	d.score(ctx, "social", d.person, "physical-safety", 4, "Kookt op inductie; sensor en rookmelders werken.")
	d.score(ctx, "social", d.person, "basic-adl", 3, "Thuiszorg komt elke ochtend.")
	deltas := seen[client.AssessmentDeltas](d.story)(d.as("social").GetAssessmentDeltas(ctx, d.person.Id))
	for _, one := range deltas.Deltas {
		if one.LifeDomain == "physical-safety" {
			d.holds(one.Difference == 3, "physical safety went %d steps", one.Difference)
		}
	}
	d.see("fysieke veiligheid ging van 1 naar 4")
	for _, one := range []client.Dossier{d.person, d.situation} {
		d.regie(ctx, one, client.NewRegieChange{Phase: new(2), Criteria: []string{"agreements-kept", "safety-restored"}, Reason: "Afspraken zijn nagekomen en het huis is veilig."})
	}
}

func (d *dementia) ends(ctx context.Context) {
	after := client.NewStatusChange{To: client.DossierStatusAftercare, Until: new(inDays(90)), Reason: "Het plan is uitgevoerd.", PerspectiveGoal: new("Thuis met steun van dochter en thuiszorg.")}
	d.status(ctx, d.person, after)
	d.see("nazorg tot %s met een perspectiefdoel", after.Until)
	d.status(ctx, d.person, client.NewStatusChange{To: client.DossierStatusActive, Reason: "Terugval: hij dwaalde weer."})
	d.see("een signaal van terugval maakt het dossier weer actief")
	end := client.NewClosure{Result: client.ResultAchieved, Reason: "De thuiszorg neemt het over.", Outcomes: []client.Outcome{{Description: "Geen gas meer in huis.", Result: client.ResultAchieved}}}
	d.not(problem.Conflict, "de voorzitter sluit af voordat elk doel een resultaat heeft")(
		d.as("chair").CloseDossier(ctx, d.person.Id, &client.CloseDossierParams{IfMatch: d.tag(ctx, "chair", d.person)}, end))
	d.reach(ctx, d.drawn, d.goals, client.ResultAchieved, "Zo is het nu.")
	d.closes(ctx, d.person, end, []string{"social", "care", "mental-health", "case-director"}, []string{"police", "fire", "auditor"})
	reopened := newly[client.Reopening](d.story, "terugval na afsluiting: de voorzitter heropent, met reden")(d.as("chair").ReopenDossier(ctx, d.person.Id, nil,
		client.NewReopening{Ground: client.ReopeningGroundRelapse, Reason: "Hij is 's nachts verdwaald gevonden."}))
	d.holds(reopened.Status == client.DossierStatusActive, "the dossier is %s after it was reopened", reopened.Status)
	seen[client.Dossier](d.story)(d.as("care").GetDossier(ctx, d.person.Id))
	d.see("wie meedeed kan er weer bij")
}

// safety is the score on physical safety in a situation report; 0 where there is none.
func (d *dementia) safety(report client.SituationReport) int {
	for _, one := range report.Scores {
		if score, err := one.Score.Get(); err == nil && one.LifeDomain == "physical-safety" {
			return score
		}
	}
	return 0
}

func (d *dementia) looksBack(ctx context.Context) {
	d.report(ctx, d.person, "case-director", 3)
	then := seen[client.SituationReport](d.story)(d.as("case-director").GetSituationReport(ctx, d.person.Id, &client.GetSituationReportParams{At: &d.acted}))
	d.holds(then.Phase == 3 && then.DoneActions == 0, "the report of then has AVE %d and %d done actions", then.Phase, then.DoneActions)
	d.see("dezelfde rapportage van vóór de uitvoering: AVE %d, nog %d acties gedaan, fysieke veiligheid %d", then.Phase, then.DoneActions, d.safety(then))
	now := seen[client.SituationReport](d.story)(d.as("case-director").GetSituationReport(ctx, d.person.Id, nil))
	d.holds(d.safety(then) == 1 && d.safety(now) == 4, "physical safety was %d and is %d", d.safety(then), d.safety(now))
	d.see("en nu: fysieke veiligheid %d", d.safety(now))
	changes := seen[client.RegieChangeList](d.story)(d.as("case-director").ListRegieChanges(ctx, d.person.Id, nil))
	d.holds(len(changes.Items) == 3, "there are %d changes of the regie, it should be 3", len(changes.Items))
	d.see("de regie in drie besluiten: AVE 1 → 2 → 3 → 2")
	d.prints(ctx)
	d.history(ctx, d.person, "social", "dossier-reopened")
	d.found(ctx, "inductie", d.person, []string{"social"}, []string{"fire", "police"})
	d.recount(ctx)
}

// prints asks for the plan on paper: who may read it gets it, who may not learns nothing.
func (d *dementia) prints(ctx context.Context) {
	paper := func(_ context.Context, q *http.Request) error {
		q.Header.Set("Accept", "application/pdf")
		return nil
	}
	answer, err := d.as("social").GetPlan(ctx, d.drawn.Id, paper)
	if d.fails(err); err != nil {
		return
	}
	printed, err := io.ReadAll(answer.Body)
	d.fails(err)
	d.fails(answer.Body.Close())
	d.holds(answer.StatusCode == http.StatusOK && bytes.HasPrefix(printed, []byte("%PDF-")), "the plan on paper is answered with %d", answer.StatusCode)
	d.see("het wijkteam drukt het plan af: %d kB PDF, met wie las onder elke bladzijde", len(printed)/1000)
	d.not(problem.NotFound, "de brandweer drukt het plan van de man af")(d.as("fire").GetPlan(ctx, d.drawn.Id, paper))
}
