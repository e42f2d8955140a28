package main

import (
	"context"
	"time"

	"github.com/google/uuid"
	openapi "github.com/oapi-codegen/runtime/types"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/pkg/client"
)

// meet is step 5: one meeting on both dossiers, and all that follows from it in one transaction.
func (r *run) meet(ctx context.Context) error {
	meeting, err := r.schedule(ctx)
	if err != nil {
		return err
	}
	if err := r.prepare(ctx, meeting); err != nil {
		return err
	}
	if err := r.deliberate(ctx); err != nil {
		return err
	}
	return r.decide(ctx)
}

// schedule makes the meeting; who leads it, or the municipal director, does.
func (r *run) schedule(ctx context.Context) (client.Meeting, error) {
	now := time.Now().UTC().Truncate(time.Second)
	meeting := client.NewMeeting{
		Title: "Casusoverleg", ChairId: r.as("chair").professional, StartsAt: now, EndsAt: now.Add(90 * time.Minute), Place: new("Gemeentehuis, zaal 2"),
	}
	if err := r.refused(problem.Forbidden, "the police schedule a meeting")(r.as("police").ScheduleMeeting(ctx, nil, meeting)); err != nil {
		return client.Meeting{}, err
	}
	m, err := made[client.Meeting](r.as("chair").ScheduleMeeting(ctx, nil, meeting))
	if err == nil {
		r.allowed("the chair schedules the meeting")
	}
	return m, err
}

// prepare puts both dossiers on the agenda and invites; who is invited sees of the agenda what he
// may know of.
func (r *run) prepare(ctx context.Context, m client.Meeting) error {
	chair := r.as("chair")
	for _, d := range []client.Dossier{r.family, r.situation} {
		item, err := made[client.AgendaItem](chair.AddAgendaItem(ctx, m.Id, nil, client.NewAgendaItem{DossierId: &d.Id, Minutes: new(30)}))
		if err != nil {
			return err
		}
		if d.Id == r.family.Id {
			r.agendaItem = item.Id
		}
	}
	r.allowed("the chair puts the family and the situation on the agenda")
	for _, short := range []string{"case-director", "social", "police", "mental-health", "housing"} {
		invitation, err := made[client.Invitation](chair.Invite(ctx, m.Id, nil, client.NewInvitation{ProfessionalId: new(r.as(short).professional)}))
		if err != nil {
			return err
		}
		if _, err := got[client.Invitation](r.as(short).RespondToInvitationWithApplicationMergePatchPlusJSONBody(ctx, m.Id, invitation.Id,
			&client.RespondToInvitationParams{IfMatch: &invitation.Etag}, client.InvitationChange{Response: client.InvitationChangeResponseAccepted})); err != nil {
			return err
		}
	}
	r.allowed("the chair invites case director, social, police, mental-health and housing; they accept")
	return r.checkAgenda(ctx, m)
}

func (r *run) checkAgenda(ctx context.Context, m client.Meeting) error {
	for short, items := range map[string]int{"chair": 2, "police": 2, "mental-health": 1} {
		seen, err := got[client.Meeting](r.as(short).GetMeeting(ctx, m.Id))
		if err != nil {
			return err
		}
		if len(seen.AgendaItems) != items || len(seen.Invitations) != 5 {
			return differs("%s sees %d agenda items and %d invitations; it should be %d and 5", short, len(seen.AgendaItems), len(seen.Invitations), items)
		}
	}
	r.tell("  seen     chair and police see both agenda items; mental-health, who takes part in the family's dossier only, sees one")
	return r.refused(problem.NotFound, "the auditor, who is not invited, reads the meeting")(r.as("auditor").GetMeeting(ctx, m.Id))
}

// deliberate records what was said, from both perspectives or not at all.
func (r *run) deliberate(ctx context.Context) error {
	chair := r.as("chair")
	said := client.NewDeliberation{
		SafetyPerspective: new("The cultivation is dismantled; the danger of fire and whoever is behind it remain."),
		Advice:            new("A warning and an arrangement for the rent, before anybody is evicted."),
		Contributions:     []client.NewContribution{{PartnerId: r.as("police").partner, Text: "The bypass of the meter was dangerous for the neighbours too."}},
	}
	if err := r.refused(problem.Conflict, "the chair records a deliberation without the social perspective")(
		chair.RecordDeliberation(ctx, r.agendaItem, nil, said)); err != nil {
		return err
	}
	said.SocialPerspective = new("A family with debts and two children, who lose school and home when it is evicted.")
	if _, err := made[client.Deliberation](chair.RecordDeliberation(ctx, r.agendaItem, nil, said)); err != nil {
		return err
	}
	r.allowed("the chair records the deliberation from both perspectives")
	return nil
}

// decide takes a decision with two actions: all of it or nothing.
func (r *run) decide(ctx context.Context) error {
	due := openapi.Date{Time: time.Now().UTC().AddDate(0, 0, 21)}
	decision := client.NewDecision{
		Text: "Warn, and arrange the arrears; no eviction while the arrangement is kept.", Reasons: "The children need their home; enforcing alone moves the problem.",
		ProfessionalIds: []uuid.UUID{r.as("case-director").professional, r.as("police").professional, r.as("housing").professional},
		Actions: []client.AgreedAction{
			{PartnerId: r.as("housing").partner, ProfessionalId: new(r.as("housing").professional), LifeDomain: "finances", DueDate: &due,
				Description: "Make an arrangement for the arrears and stop the eviction.", Kind: client.ActionKindSupport, Track: client.ActionTrackSupport},
			{PartnerId: r.as("police").partner, ProfessionalId: new(r.as("police").professional), LifeDomain: "justice", DueDate: &due,
				Description: "Check that the attic stays empty.", Kind: client.ActionKindEnforcement, Track: client.ActionTrackEnforcement},
		},
	}
	if err := r.refused(problem.Forbidden, "the case director takes the decision")(
		r.as("case-director").TakeDecision(ctx, r.agendaItem, nil, decision)); err != nil {
		return err
	}
	if err := r.decideHalf(ctx, decision); err != nil {
		return err
	}
	taken, err := made[client.Decision](r.as("chair").TakeDecision(ctx, r.agendaItem, nil, decision))
	if err != nil {
		return err
	}
	if len(taken.Actions) != 2 || taken.Actions[0].PartnerId != r.as("housing").partner {
		return differs("the decision came with %d actions; it should be those of housing and police", len(taken.Actions))
	}
	r.actions = taken.Actions
	for _, a := range taken.Actions {
		r.allowed("the chair agrees with %s: %q (%s, track %s, %s, by %s)", a.Partner.Name, a.Description, a.LifeDomain, a.Track, a.Kind, a.DueDate)
	}
	return nil
}

// decideHalf shows that a decision with a wrong action leaves nothing behind.
func (r *run) decideHalf(ctx context.Context, decision client.NewDecision) error {
	stranger := decision.Actions[1]
	stranger.PartnerId, stranger.ProfessionalId = r.as("auditor").partner, nil
	decision.Actions = []client.AgreedAction{decision.Actions[0], stranger}
	if err := r.refused(problem.Invalid, "the chair decides with an action for a partner that takes no part")(
		r.as("chair").TakeDecision(ctx, r.agendaItem, nil, decision)); err != nil {
		return err
	}
	actions, err := got[client.ActionList](r.as("chair").ListActions(ctx, &client.ListActionsParams{DossierId: &r.family.Id}))
	if err != nil {
		return err
	}
	decisions, err := got[client.DecisionList](r.as("chair").ListDecisions(ctx, r.agendaItem, nil))
	if err != nil {
		return err
	}
	if len(actions.Items)+len(decisions.Items) > 0 {
		return differs("the refused decision left %d actions and %d decisions behind", len(actions.Items), len(decisions.Items))
	}
	return nil
}
