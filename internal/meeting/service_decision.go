package meeting

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/plan"
)

// talk is an agenda item under which something is recorded, with its meeting and dossier.
type talk struct {
	item    AgendaItem
	meeting Meeting
	dossier dossier.Dossier
}

// lead finds an agenda item for its meeting's chair to record something with this id under. It
// fails with problem.Conflict for an item without a dossier, or a dossier or meeting that has ended.
func (s *Service) lead(ctx context.Context, item, id uuid.UUID) (t talk, err error) {
	if t, err = s.chair(ctx, item, id); err != nil {
		return t, err
	}
	return t, t.meeting.mustRun()
}

// chair is lead for what can follow a meeting. The meeting is held, so that nobody finalises it meanwhile.
func (s *Service) chair(ctx context.Context, item, id uuid.UUID) (t talk, err error) {
	if t.item, err = findAgendaItem(ctx, item); err != nil {
		return t, err
	}
	if t.meeting, err = hold(ctx, t.item.MeetingID); err != nil {
		return t, err
	}
	if err := s.k.Authz.Require(ctx, actLead, t.item.content(id, t.meeting)); err != nil {
		return t, err
	}
	if t.item.DossierID == nil {
		return t, problem.Errorf(problem.Conflict, "This agenda item is about no dossier; put the dossier on the agenda first.")
	}
	if t.dossier, err = s.dossiers.FindForMeeting(ctx, *t.item.DossierID); err != nil {
		return t, err
	}
	if t.dossier.Status == dossier.Closed || t.dossier.Status == dossier.Rejected {
		return t, problem.Errorf(problem.Conflict, "The dossier is closed; nothing changes in it any more.")
	}
	return t, nil
}

// recordTalk tells, under category deliberation, what was recorded, with whatever else the same
// change set wrote.
func (s *Service) recordTalk(ctx context.Context, t talk, e journal.Event) error {
	inNameOf, err := s.inNameOf(ctx, t.meeting.ChairID)
	if err != nil {
		return err
	}
	e.Dossier, e.Category, e.Basis, e.InNameOf = t.dossier.ID, new(int(authz.Deliberation)), string(t.dossier.Basis), inNameOf
	return s.k.Journal.Record(ctx, e)
}

// NewDecision is a decision to take, with the actions agreed with it.
type NewDecision struct {
	Text, Reasons, Dissent string
	Dissents               []Contribution
	ProfessionalIDs        []uuid.UUID // who took part
	Actions                []plan.NewAction
}

func (n NewDecision) decision(t talk, who identity.Identity, id uuid.UUID, now time.Time) Decision {
	return Decision{
		MunicipalityID: t.item.MunicipalityID, ID: id, DossierID: t.dossier.ID, AgendaItemID: t.item.ID, Text: n.Text, Reasons: n.Reasons,
		Dissent: n.Dissent, Dissents: all(n.Dissents), ProfessionalIDs: all(n.ProfessionalIDs), DecidedBy: who.Professional, DecidedAt: now,
	}
}

// Take records a decision with its actions, all or nothing, as one change. Each action is decided
// on by itself; see plan.CreateIn for how they fail.
func (s *Service) Take(ctx context.Context, item uuid.UUID, n NewDecision) (seen SeenDecision, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		id := uuid.Must(uuid.NewV7())
		t, err := s.lead(ctx, item, id)
		if err != nil {
			return err
		}
		seen, err = s.decide(ctx, t, id, n, nil)
		return err
	})
	return seen, err
}

// Supersede takes a decision in the place of an earlier one, which stays, also when its meeting is finalised. It
// fails as Take does, and with problem.Conflict for one that was superseded already.
func (s *Service) Supersede(ctx context.Context, key etag.Key, n NewDecision) (seen SeenDecision, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		before, err := findDecision(ctx, key.ID)
		if err != nil {
			return err
		}
		id := uuid.Must(uuid.NewV7())
		t, err := s.chair(ctx, before.AgendaItemID, id)
		if err != nil {
			return err
		}
		all, err := s.seeDecisions(ctx, before)
		if err != nil {
			return err
		}
		if err := etag.Check(key.Match, all[0].Decision); err != nil {
			return err
		}
		if all[0].SupersededBy != nil {
			return problem.Errorf(problem.Conflict, "This decision was superseded already; supersede the one that took its place.")
		}
		seen, err = s.decide(ctx, t, id, n, &before.ID)
		return err
	})
	return seen, err
}

// decide saves a decision with its actions, in the place of another when there is one.
func (s *Service) decide(ctx context.Context, t talk, id uuid.UUID, n NewDecision, supersedes *uuid.UUID) (seen SeenDecision, err error) {
	who, err := identity.From(ctx)
	if err != nil {
		return seen, err
	}
	if err := s.tookPart(ctx, n.ProfessionalIDs); err != nil {
		return seen, err
	}
	d := n.decision(t, who, id, s.k.Now())
	d.Supersedes = supersedes
	if err := s.mayContribute(ctx, t.dossier, "/dissents", d.Dissents); err != nil {
		return seen, err
	}
	if err := db.Insert(ctx, &d); err != nil {
		return seen, err
	}
	at := plan.Occasion{Dossier: t.dossier, MeetingID: &t.meeting.ID, Starts: t.meeting.StartsAt, DecisionID: &id}
	subjects, owners, err := s.plans.CreateIn(ctx, at, n.Actions)
	if err != nil {
		return seen, err
	}
	event := "decision.taken"
	if supersedes != nil {
		event = "decision.superseded"
	}
	if err := s.recordTalk(ctx, t, journal.Event{Name: event, Subject: journal.Subject{Type: "decision", ID: id}, With: subjects, Tell: owners}); err != nil {
		return seen, err
	}
	all, err := s.seeDecisions(ctx, d)
	if err != nil {
		return seen, err
	}
	return all[0], nil
}

// tookPart resolves who took part in a decision.
func (s *Service) tookPart(ctx context.Context, professionals []uuid.UUID) error {
	var wrong problem.Faults
	for i, id := range professionals {
		_, err := s.people.FindProfessional(ctx, id)
		if problem.Is(err, problem.NotFound) {
			wrong.Note(fmt.Sprintf("/professionalIds/%d", i), "reference", "There is no such professional; see GET /v1/professionals.")
			continue
		}
		if err != nil {
			return err
		}
	}
	return wrong.Err()
}

// NewDeliberation is what was deliberated, from both perspectives.
type NewDeliberation struct {
	SocialPerspective, SafetyPerspective, AbsenceReason, Advice string
	Contributions                                               []Contribution
}

// Deliberate records what was said about a dossier. It fails with problem.Conflict when one of the
// two perspectives is absent without the reason.
func (s *Service) Deliberate(ctx context.Context, item uuid.UUID, n NewDeliberation) (seen SeenDeliberation, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		id := uuid.Must(uuid.NewV7())
		t, err := s.lead(ctx, item, id)
		if err != nil {
			return err
		}
		d := Deliberation{
			MunicipalityID: t.item.MunicipalityID, ID: id, DossierID: t.dossier.ID, AgendaItemID: item, SocialPerspective: n.SocialPerspective,
			SafetyPerspective: n.SafetyPerspective, AbsenceReason: n.AbsenceReason, Advice: n.Advice, Contributions: all(n.Contributions),
			RecordedBy: who.Professional, RecordedAt: s.k.Now(),
		}
		if err := s.mayContribute(ctx, t.dossier, "/contributions", d.Contributions); err != nil {
			return err
		}
		if err := d.mustHearBoth(); err != nil {
			return err
		}
		if err := db.Insert(ctx, &d); err != nil {
			return err
		}
		if err := s.recordTalk(ctx, t, journal.Event{Name: "deliberation.recorded", Subject: journal.Subject{Type: "deliberation", ID: id}}); err != nil {
			return err
		}
		all, err := s.seeDeliberations(ctx, d)
		if err != nil {
			return err
		}
		seen = all[0]
		return nil
	})
	return seen, err
}

// mayContribute refuses what is said in the name of partners that take no part in the dossier.
func (s *Service) mayContribute(ctx context.Context, d dossier.Dossier, pointer string, contributions []Contribution) error {
	participants, err := s.dossiers.Participants(ctx, d.ID)
	if err != nil {
		return err
	}
	var wrong problem.Faults
	for i, c := range contributions {
		if !slices.ContainsFunc(participants, func(p dossier.Participant) bool { return p.PartnerID == c.PartnerID }) {
			wrong.Note(fmt.Sprintf("%s/%d/partnerId", pointer, i), "reference",
				"This partner takes no part in the dossier; add it as a participant first.")
		}
	}
	return wrong.Err()
}
