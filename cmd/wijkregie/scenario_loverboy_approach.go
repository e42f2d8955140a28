package main

import (
	"context"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/pkg/client"
)

func (l *loverboy) meets(ctx context.Context) {
	c := l.convene(ctx, "Beschermingsoverleg", []client.Dossier{l.lieke}, "case-director", "safe-home", "guardian", "care", "police", "prosecutor")
	l.discuss(ctx, c.items[0], client.NewDeliberation{
		SocialPerspective: new("Zij is slachtoffer; vervolgen voor de diefstal duwt haar terug."), SafetyPerspective: new("De uitbuiter moet weg van haar; bewijs komt ook zonder haar verklaring."),
		Advice: new("Eerst veiligheid, dan opsporing zonder haar te belasten."),
	})
	actions := l.decide(ctx, c.items[0], client.NewDecision{Text: "Beschermen, melden en de uitbuiter aanpakken.", Reasons: "Zij kan zichzelf nu niet beschermen.", Actions: []client.AgreedAction{
		l.task("safe-home", "physical-safety", client.ActionKindSupport, 7, "Het slachtoffer aanmelden bij het coördinatiecentrum mensenhandel."),
		l.task("care", "mental-health", client.ActionKindSupport, 60, "De behandeling voortzetten op een nieuwe plek."),
		l.task("police", "offending", client.ActionKindEnforcement, 30, "Contact van de verdachte met haar stoppen."),
		l.task("police", "subversion", client.ActionKindReactive, 14, "Het signaal van mensenhandel aan het RIEC geven, zonder zorggegevens."),
	}})
	l.stop = actions[2]
	l.adjourn(ctx, c, map[string]int{"guardian": 1, "prosecutor": 1})
	l.not(problem.NotFound, "de crisisdienst, die niet meedoet, leest het verslag")(l.as("mental-health").GetMinutes(ctx, c.Id))
}

func (l *loverboy) plans(ctx context.Context) {
	l.drawn, l.goals = l.draft(ctx, l.lieke, client.NewPlan{
		IntegralGoal: new("Zij is veilig, woont goed en bepaalt zelf."), ResidentInterest: new("Paardrijden, en haar zusje zien."),
		CareGoal: new("Haar behandeling en school lopen door."), SafetyGoal: new("Niemand buit haar uit."),
	}, aims{{LifeDomain: "mental-health", Text: "De behandeling is afgerond."}, {LifeDomain: "offending", Text: "De uitbuiter heeft geen contact meer."}},
		"care", "guardian", "safe-home", "police")
	newly[client.Commitment](l.story, "het OM verbindt zich niet, en zegt waarom")(l.as("prosecutor").CommitToPlan(ctx, l.drawn.Id, nil, client.NewCommitment{
		PartnerId: l.as("prosecutor").partner, Outcome: client.CommitmentOutcomeRefused, Reason: new("Vervolging beslist het OM zelf."),
	}))
	l.drawn = l.final(ctx, l.drawn)
}

func (l *loverboy) ends(ctx context.Context) {
	l.complete(ctx, "police", l.stop, client.NewCompletion{Result: client.ResultAchieved, Note: new("Contactverbod is opgelegd.")})
	l.status(ctx, l.lieke, client.NewStatusChange{To: client.DossierStatusAftercare, Until: new(inDays(180)), Reason: "Zij is veilig.", PerspectiveGoal: new("Zelfstandig wonen met begeleiding.")})
	l.reach(ctx, l.drawn, l.goals, client.ResultPartly, "De behandeling loopt door bij de zorgaanbieder.")
	l.history(ctx, l.lieke, "case-director", "plan-finalised", "action-completed")
	l.closes(ctx, l.lieke, client.NewClosure{Result: client.ResultPartly, Reason: "De zorg gaat door buiten deze casus.", Outcomes: []client.Outcome{
		{Description: "Geen contact meer met de uitbuiter.", Result: client.ResultAchieved},
	}}, []string{"guardian", "care", "prosecutor"}, []string{"social", "mental-health"})
}
