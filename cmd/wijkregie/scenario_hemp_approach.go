package main

import (
	"context"
	"slices"

	"github.com/wijkregie/wijkregie/pkg/client"
)

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
