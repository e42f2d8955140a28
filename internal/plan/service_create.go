package plan

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// Occasion is where actions are agreed: for which dossier, in which meeting, by which decision.
type Occasion struct {
	Dossier    dossier.Dossier
	MeetingID  *uuid.UUID
	Starts     time.Time // of the meeting; zero without one
	DecisionID *uuid.UUID
}

// CreateIn records the actions of a decision inside the caller's transaction, and gives what the
// decision's own event is to name (journal.Event.With): it records none of its own. Each action is
// decided on by itself. What is wrong is named by its place in the list /actions.
func (s *Service) CreateIn(ctx context.Context, at Occasion, agreed []NewAction) (subjects []journal.Subject, owners []uuid.UUID, err error) {
	actions, err := s.create(ctx, at, agreed, func(i int) string { return fmt.Sprintf("/actions/%d", i) })
	if err != nil {
		return nil, nil, err
	}
	for _, a := range actions {
		subjects = append(subjects, subject(a))
	}
	return subjects, owned("", nil, actions...).Tell, nil
}

// create decides, checks and saves.
func (s *Service) create(ctx context.Context, at Occasion, agreed []NewAction, pointer func(int) string) ([]Action, error) {
	who, err := identity.From(ctx)
	if err != nil {
		return nil, err
	}
	zone, err := s.people.Zone(ctx)
	if err != nil {
		return nil, err
	}
	due := s.earliestAt(at, zone)
	actions := make([]Action, len(agreed))
	for i, n := range agreed {
		actions[i] = n.action(at, who, s.k.Now())
		actions[i].DueDate = n.term().last(due)
		if err := s.mayCreate(ctx, actions[i]); err != nil {
			return nil, err
		}
	}
	if err := mustRun(at.Dossier); err != nil {
		return nil, err
	}
	if err := s.check(ctx, at, due, proposals{actions, pointer}); err != nil {
		return nil, err
	}
	for i := range actions {
		if err := db.Insert(ctx, &actions[i]); err != nil {
			return nil, err
		}
	}
	return actions, nil
}

func (n NewAction) action(at Occasion, who identity.Identity, now time.Time) Action {
	return Action{
		MunicipalityID: who.Municipality, ID: uuid.Must(uuid.NewV7()), Version: 1, DossierID: at.Dossier.ID, MeetingID: at.MeetingID,
		DecisionID: at.DecisionID, PartnerID: n.PartnerID, ProfessionalID: n.ProfessionalID, Description: n.Description,
		LifeDomain: n.LifeDomain, Kind: n.Kind, Track: n.Track, Mediator: n.Mediator, GoalID: n.GoalID, FrameID: n.FrameID, Status: Open, CreatedBy: orNil(who.Professional),
		CreatedAt: now, ChangedAt: now,
	}
}

// mayCreate lets nobody record what he could not read himself: the level `own` gives actions of
// one's own partner only.
func (s *Service) mayCreate(ctx context.Context, a Action) error {
	if err := s.k.Authz.Require(ctx, actCreate, a.Resource()); err != nil {
		return err
	}
	view, err := s.k.Authz.View(ctx, a.DossierID)
	if err != nil {
		return err
	}
	if !view.Reads(a.Resource()) {
		return problem.Errorf(problem.Forbidden, "Here you can only record actions that your own organisation carries out.")
	}
	return nil
}

// proposals are new actions, with where each stands in the body.
type proposals struct {
	actions []Action
	pointer func(int) string
}

// earliestAt is the first day of a term that is agreed on an occasion.
func (s *Service) earliestAt(at Occasion, zone *time.Location) earliest {
	due := earliest{today: s.today(zone)}
	if !at.Starts.IsZero() {
		due.meeting = organisation.DateOf(at.Starts, zone)
	}
	return due
}

// check holds new actions against who takes part and against the calendar, and names everything
// that does not fit.
func (s *Service) check(ctx context.Context, at Occasion, due earliest, p proposals) error {
	carriers, err := s.carriers(ctx, at.Dossier)
	if err != nil {
		return err
	}
	var wrong problem.Faults
	for i, a := range p.actions {
		wrong = append(wrong, s.unfit(a, carriers, p.pointer(i))...)
		unframed, err := s.unframed(ctx, a, due.today, p.pointer(i))
		if err != nil {
			return err
		}
		wrong = append(wrong, unframed...)
		aimless, err := s.unfitGoal(ctx, a, p.pointer(i))
		if err != nil {
			return err
		}
		wrong = append(wrong, aimless...)
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	for _, a := range p.actions {
		if err := due.check(a.DueDate); err != nil {
			return err
		}
	}
	return nil
}

// carriers are the partners that can carry out an action in the dossier, with their professionals:
// those that take part now and have at least one professional who sees the dossier.
func (s *Service) carriers(ctx context.Context, d dossier.Dossier) (map[uuid.UUID][]uuid.UUID, error) {
	participants, err := s.dossiers.Participants(ctx, d.ID)
	if err != nil {
		return nil, err
	}
	carriers := map[uuid.UUID][]uuid.UUID{}
	for _, p := range participants {
		if len(p.ProfessionalIDs) > 0 {
			carriers[p.PartnerID] = p.ProfessionalIDs
		}
	}
	return carriers, nil
}

const noLifeDomain = "There is no such life domain; see the code list life-domains."

// unfit names what does not fit a new action.
func (s *Service) unfit(a Action, carriers map[uuid.UUID][]uuid.UUID, pointer string) problem.Faults {
	wrong := unfitCarrier(a, carriers, pointer)
	if !s.lists.HasLifeDomain(a.LifeDomain) {
		wrong.Note(pointer+"/lifeDomain", "reference", noLifeDomain)
	}
	if a.DueDate.IsZero() {
		wrong.Note(pointer+"/dueDate", "term", oneTerm)
	}
	return append(wrong, a.unmediated(pointer)...)
}

// unfitCarrier names who cannot carry the action out. A partner that is not known is told like one that
// takes no part.
func unfitCarrier(a Action, carriers map[uuid.UUID][]uuid.UUID, pointer string) (wrong problem.Faults) {
	professionals, takesPart := carriers[a.PartnerID]
	if !takesPart {
		wrong.Note(pointer+"/partnerId", "reference",
			"This partner takes no part in the dossier, or nobody of it by name; add it as a participant first.")
	}
	if takesPart && a.ProfessionalID != nil && !slices.Contains(professionals, *a.ProfessionalID) {
		wrong.Note(pointer+"/professionalId", "reference",
			"This professional does not take part by name for the partner.")
	}
	return wrong
}
