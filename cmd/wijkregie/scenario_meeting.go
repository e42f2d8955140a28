package main

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/pkg/client"
)

// consult is a meeting on some dossiers; its agenda items are in their order.
type consult struct {
	client.Meeting
	items []client.AgendaItem
}

// convene lets the chair schedule a meeting on dossiers; who is invited was there.
func (s *story) convene(ctx context.Context, title string, on []client.Dossier, shorts ...string) (c consult) {
	now := time.Now().UTC().Truncate(time.Second)
	chair := s.as("chair")
	c.Meeting = newly[client.Meeting](s, "de voorzitter belegt een overleg: %s", title)(chair.ScheduleMeeting(ctx, nil, client.NewMeeting{
		Title: title, ChairId: chair.professional, StartsAt: now, EndsAt: now.Add(time.Hour), Place: new("Gemeentehuis, zaal 2"),
	}))
	for _, d := range on {
		c.items = append(c.items, newly[client.AgendaItem](s, "op de agenda: dossier %s", d.Number)(
			chair.AddAgendaItem(ctx, c.Id, nil, client.NewAgendaItem{DossierId: &d.Id, Minutes: new(20)})))
	}
	for _, short := range shorts {
		invitation := newly[client.Invitation](s, "")(chair.Invite(ctx, c.Id, nil, client.NewInvitation{ProfessionalId: new(s.as(short).professional)}))
		newly[client.Attendance](s, "")(chair.RecordAttendance(ctx, c.Id, nil, client.NewAttendance{InvitationId: &invitation.Id}))
	}
	s.see("uitgenodigd en aanwezig: %s", whom(shorts))
	return c
}

// discuss records what was said under an agenda item; without a perspective and a reason it is refused.
func (s *story) discuss(ctx context.Context, item client.AgendaItem, n client.NewDeliberation) {
	if n.Contributions == nil {
		n.Contributions = []client.NewContribution{}
	}
	half := n
	half.SafetyPerspective, half.AbsenceReason = nil, nil
	s.not(problem.Conflict, "de voorzitter legt het beraad vast zonder het veiligheidsperspectief")(s.as("chair").RecordDeliberation(ctx, item.Id, nil, half))
	newly[client.Deliberation](s, "het beraad, vanuit zorg en vanuit veiligheid: %s", *n.Advice)(s.as("chair").RecordDeliberation(ctx, item.Id, nil, n))
}

// decide takes a decision with its actions.
func (s *story) decide(ctx context.Context, item client.AgendaItem, n client.NewDecision) []client.Action {
	if n.Actions == nil {
		n.Actions = []client.AgreedAction{}
	}
	n.ProfessionalIds = []uuid.UUID{s.as("chair").professional, s.as("case-director").professional}
	taken := newly[client.Decision](s, "besluit: %s", n.Text)(s.as("chair").TakeDecision(ctx, item.Id, nil, n))
	s.holds(len(taken.Actions) == len(n.Actions), "the decision has %d actions, it should be %d", len(taken.Actions), len(n.Actions))
	for _, a := range taken.Actions {
		s.see("actie voor %s (%s, %s, uiterlijk %s): %s", a.Partner.Name, s.word("life-domains", a.LifeDomain), s.word("action-tracks", a.Track), a.DueDate, a.Description)
	}
	if len(taken.Actions) != len(n.Actions) { // the next steps count on them
		return make([]client.Action, len(n.Actions))
	}
	return taken.Actions
}

// adjourn ends a meeting; how many of its items, with what was decided, each reads in the minutes.
func (s *story) adjourn(ctx context.Context, c consult, reads map[string]int) {
	chair := s.as("chair")
	now := seen[client.Meeting](s)(chair.GetMeeting(ctx, c.Id))
	held := client.MeetingChange{Status: new(client.MeetingChangeStatusHeld)}
	after := seen[client.Meeting](s)(chair.UpdateMeetingWithApplicationMergePatchPlusJSONBody(ctx, c.Id, &client.UpdateMeetingParams{IfMatch: &now.Etag}, held))
	newly[client.MeetingStep](s, "het overleg is gehouden en vastgesteld; de besluiten staan vast")(
		chair.FinaliseMeeting(ctx, c.Id, &client.FinaliseMeetingParams{IfMatch: &after.Etag}, client.NewMeetingFinalisation{}))
	for short, items := range reads {
		minutes := seen[client.Minutes](s)(s.as(short).GetMinutes(ctx, c.Id))
		s.holds(len(minutes.Items) == items, "%s reads %d items in the minutes, it should be %d", short, len(minutes.Items), items)
	}
	s.see("in het verslag leest ieder alleen zijn deel, in aantal dossiers: %s", counted(reads))
}

// aims are the goals of a plan.
type aims []client.NewGoal

// plan drafts a plan, and makes it final when the partners have committed themselves.
func (s *story) plan(ctx context.Context, d client.Dossier, n client.NewPlan, goals aims, partners ...string) (client.Plan, []client.Goal) {
	draft, set := s.draft(ctx, d, n, goals, partners...)
	return s.final(ctx, draft), set
}

// draft drafts a plan after its preconditions are met, with goals, to which the partners commit themselves.
func (s *story) draft(ctx context.Context, d client.Dossier, n client.NewPlan, goals aims, partners ...string) (client.Plan, []client.Goal) {
	lead := s.as("case-director")
	s.not(problem.Conflict, "de casusregisseur maakt een plan voordat aan de randvoorwaarden is voldaan")(lead.DraftPlan(ctx, d.Id, nil, n))
	for _, one := range []string{"case-director-appointed", "purpose-and-basis", "both-domains", "shared-picture", "informed"} {
		newly[client.Precondition](s, "")(lead.RecordPrecondition(ctx, d.Id, nil, client.NewPrecondition{Precondition: one, Answer: client.CriterionAnswerMet}))
	}
	draft := newly[client.Plan](s, "aan de randvoorwaarden is voldaan; de casusregisseur maakt het conceptplan")(lead.DraftPlan(ctx, d.Id, nil, n))
	s.see("het concept gaat over %d actieve leefgebieden", len(draft.Sections))
	var set []client.Goal
	for _, g := range goals {
		set = append(set, newly[client.Goal](s, "doel (%s): %s", s.word("life-domains", g.LifeDomain), g.Text)(lead.AddGoal(ctx, draft.Id, nil, g)))
	}
	for _, short := range partners {
		newly[client.Commitment](s, "")(s.as(short).CommitToPlan(ctx, draft.Id, nil, client.NewCommitment{
			PartnerId: s.as(short).partner, Outcome: client.CommitmentOutcomeCommitted,
		}))
	}
	s.see("verbonden aan het plan: %s", whom(partners))
	return draft, set
}

// final makes a draft the plan.
func (s *story) final(ctx context.Context, draft client.Plan) client.Plan {
	lead := s.as("case-director")
	now := seen[client.Plan](s)(lead.GetPlan(ctx, draft.Id))
	done := newly[client.Plan](s, "het plan is vastgesteld")(lead.FinalisePlan(ctx, draft.Id, &client.FinalisePlanParams{IfMatch: &now.Etag}, client.NewFinalisation{}))
	s.holds(done.Status == client.PlanStatusFinal, "the plan is %s, it should be final", done.Status)
	return done
}

// reach records what came of the goals.
func (s *story) reach(ctx context.Context, p client.Plan, goals []client.Goal, result client.Result, note string) {
	for _, g := range goals {
		newly[client.GoalResult](s, "doel %q: %s", g.Text, s.word("results", result))(
			s.as("case-director").RecordGoalResult(ctx, p.Id, g.Id, nil, client.NewGoalResult{Result: result, Note: note}))
	}
}
