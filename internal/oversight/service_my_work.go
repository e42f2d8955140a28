package oversight

import (
	"context"
	"math"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/meeting"
	"github.com/wijkregie/wijkregie/internal/plan"
)

// asked is what was asked of the database about somebody's work, all in one round trip.
type asked struct {
	phases   *db.Answer[phased]
	roles    *db.Answer[myDossier]
	counts   *db.Answer[taskCount]
	tasks    *db.Answer[plan.Action]
	coming   *db.Answer[meetingCount]
	meetings *db.Answer[meeting.Meeting]
	changes  *db.Answer[delivery.Event]
	of       whose
}

// MyWork reads what waits for the caller, in as many queries whatever there is. It fails with problem.Forbidden for a
// system.
func (s *Service) MyWork(ctx context.Context) (w MyWork, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		if !who.IsPerson() {
			return problem.Errorf(problem.Forbidden, "Work is a person's; send the token of a person.")
		}
		if w.Today, err = s.plans.Today(ctx); err != nil {
			return err
		}
		w.AsOf, w.WeekEndsOn = s.k.Now(), sunday(w.Today)
		w.leads = func(chair uuid.UUID) bool { return who.Is(chair, w.AsOf) }
		of := workOf(who, w.AsOf, w.Today)
		a := asked{
			phases: of.phases(ctx), roles: of.roles(ctx), counts: of.taskCounts(ctx), tasks: of.earliestTasks(ctx),
			coming: of.meetingCount(ctx), meetings: of.firstMeetings(ctx), changes: of.changes(ctx, math.MaxInt64), of: of,
		}
		for _, fill := range []func(context.Context, asked, *MyWork) error{s.myFigures, s.myDossiers, s.myActions, s.myChanges} {
			if err := fill(ctx, a, &w); err != nil {
				return err
			}
		}
		unread, err := s.Alerts.Summarise(ctx)
		w.Unread = unread.Open
		return err
	})
	return w, err
}

// myFigures are those of dossiers, actions and meetings.
func (s *Service) myFigures(_ context.Context, a asked, w *MyWork) error {
	phases, err := a.phases.Rows()
	if err != nil {
		return err
	}
	for _, p := range phases {
		w.Phases = append(w.Phases, PhaseCount(p))
	}
	counts, err := a.counts.Rows()
	if err != nil {
		return err
	}
	for _, c := range counts {
		of := &w.Partners
		if c.Own {
			of = &w.Own
		}
		*of = ActionCount{Open: c.Open, Overdue: c.Overdue, Week: c.Week}
	}
	coming, err := a.coming.Rows()
	if err != nil {
		return err
	}
	w.Coming = coming[0].Many
	w.Meetings, err = a.meetings.Rows()
	return err
}

// myDossiers are the dossiers with the figures of the list.
func (s *Service) myDossiers(ctx context.Context, a asked, w *MyWork) error {
	mine, err := a.roles.Rows()
	if err != nil {
		return err
	}
	ids, roles := make([]uuid.UUID, len(mine)), map[uuid.UUID][]string{}
	for i, m := range mine {
		ids[i] = m.ID
		for _, is := range []struct {
			so   bool
			role string
		}{{m.Directs, asCaseDirector}, {m.Chairs, asChair}, {m.TakesPart, asParticipant}} {
			if is.so {
				roles[m.ID] = append(roles[m.ID], is.role)
			}
		}
	}
	rows, err := dossiersWith(ctx, ids).Rows()
	if err != nil {
		return err
	}
	seen, err := s.dossiers.See(ctx, rows)
	for _, d := range seen {
		w.Dossiers = append(w.Dossiers, MyDossier{Seen: d, Roles: roles[d.ID]})
	}
	return err
}

// myActions are the actions as their reader sees them.
func (s *Service) myActions(ctx context.Context, a asked, w *MyWork) error {
	rows, err := a.tasks.Rows()
	if err != nil {
		return err
	}
	seen, err := s.plans.See(ctx, rows)
	for _, t := range seen {
		w.Actions = append(w.Actions, MyAction{
			Seen: t, Own: t.ProfessionalID != nil && w.leads(*t.ProfessionalID), Week: !t.IsOverdue && !t.DueDate.After(w.WeekEndsOn),
		})
	}
	return err
}

// myChanges are what the reader may know of the last events. It asks on where he may know few of them: where the list ends
// must not tell how much happened out of his sight.
func (s *Service) myChanges(ctx context.Context, a asked, w *MyWork) error {
	answer := a.changes
	for {
		events, err := answer.Rows()
		if err != nil {
			return err
		}
		some, err := s.changesOf(ctx, events, w)
		if err != nil {
			return err
		}
		w.Changes = append(w.Changes, some...)
		if len(events) < changesAsked || len(w.Changes) >= mostChanges {
			w.Changes = w.Changes[:min(len(w.Changes), mostChanges)]
			return nil
		}
		answer = a.of.changes(ctx, events[len(events)-1].Seq)
	}
}

// changesOf cuts events to what the reader may know; of a change that he may not read who leads the dossier learns that it
// was changed.
func (s *Service) changesOf(ctx context.Context, events []delivery.Event, w *MyWork) ([]MyChange, error) {
	ids := make([]uuid.UUID, 0, len(events))
	for _, e := range events {
		ids = append(ids, *e.DossierID)
	}
	in, err := s.dossiers.FindAll(ctx, ids)
	if err != nil {
		return nil, err
	}
	refs, err := s.dossiers.Refs(ctx, ids)
	if err != nil {
		return nil, err
	}
	entries, err := s.tell(ctx, events, func(e delivery.Event) timelineSight {
		return timelineSight{leads: w.directs(in[*e.DossierID])}
	})
	if err != nil {
		return nil, err
	}
	changes := make([]MyChange, len(entries))
	for i, e := range entries {
		changes[i] = MyChange{Entry: e, Dossier: refs[e.DossierID]}
	}
	return changes, nil
}

// directs tells whether the reader directs a dossier or chairs it.
func (w MyWork) directs(d dossier.Dossier) bool {
	return d.CaseDirectorID != nil && w.leads(*d.CaseDirectorID) || d.ChairID != nil && w.leads(*d.ChairID)
}
