package plan

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/configuration"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// Service is what may happen with plans and actions.
type Service struct {
	k        kernel.Kernel
	lists    *configuration.Service
	people   *organisation.Service
	dossiers *dossier.Service

	// MeetingStart tells when a meeting that the caller may see starts, problem.NotFound otherwise.
	// The area of meetings, which is uphill, fills it; until then there are no meetings.
	MeetingStart func(ctx context.Context, meeting uuid.UUID) (time.Time, error)
	// DecisionDossier tells of which dossier a decision is that the caller may read, problem.NotFound otherwise; it is
	// filled likewise.
	DecisionDossier func(ctx context.Context, decision uuid.UUID) (uuid.UUID, error)
}

// New makes the service.
func New(k kernel.Kernel, lists *configuration.Service, people *organisation.Service, dossiers *dossier.Service) *Service {
	none := func(context.Context, uuid.UUID) (time.Time, error) {
		return time.Time{}, problem.Errorf(problem.NotFound, "There is no such meeting.")
	}
	return &Service{
		k: k, lists: lists, people: people, dossiers: dossiers, MeetingStart: none,
		DecisionDossier: func(context.Context, uuid.UUID) (uuid.UUID, error) { return uuid.Nil, db.NotFound() },
	}
}

// NewAction is an action to be agreed. A decision knows dossier and meeting itself.
type NewAction struct {
	PartnerID      uuid.UUID
	ProfessionalID *uuid.UUID
	Description    string
	LifeDomain     string
	Kind           string
	Track          string
	Mediator       string // of a mediation; empty for another kind
	GoalID         *uuid.UUID
	DueDate        time.Time // a date; zero when WorkingDays is given
	WorkingDays    int       // of the term; zero when DueDate is given
	FrameID        *uuid.UUID
}

// Create records an action of its own, agreed in a meeting or not. It fails with problem.Invalid for
// a dossier or meeting that the caller does not know and for a partner or professional that does not
// take part, and with problem.Conflict for a term that is over before it starts.
func (s *Service) Create(ctx context.Context, dossierID uuid.UUID, meeting *uuid.UUID, n NewAction) (seen Seen, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		at := Occasion{MeetingID: meeting}
		if at.Dossier, err = s.dossiers.Find(ctx, dossierID); problem.Is(err, problem.NotFound) {
			return problem.InvalidField("/dossierId", "reference", "There is no such dossier, or you do not take part in it.")
		}
		if err != nil {
			return err
		}
		if at.Starts, err = s.starts(ctx, meeting); err != nil {
			return err
		}
		actions, err := s.create(ctx, at, []NewAction{n}, func(int) string { return "" })
		if err != nil {
			return err
		}
		if err := s.record(ctx, at.Dossier, actions[0], owned("action.created", nil, actions[0])); err != nil {
			return err
		}
		seen, err = s.see(ctx, actions[0])
		return err
	})
	return seen, err
}

// starts is when the meeting of a new action starts, zero without one.
func (s *Service) starts(ctx context.Context, meeting *uuid.UUID) (time.Time, error) {
	if meeting == nil {
		return time.Time{}, nil
	}
	at, err := s.MeetingStart(ctx, *meeting)
	if problem.Is(err, problem.NotFound) {
		return at, problem.InvalidField("/meetingId", "reference", "There is no such meeting, or you are not invited to it.")
	}
	return at, err
}

// Update changes an open action. It fails with problem.Conflict when it is no longer open or when
// the new term is over before it starts.
func (s *Service) Update(ctx context.Context, key etag.Key, c Change) (seen Seen, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		a, d, err := s.claim(ctx, key, actChange)
		if err != nil {
			return err
		}
		if c.LifeDomain != nil && !s.lists.HasLifeDomain(*c.LifeDomain) {
			return problem.InvalidField("/lifeDomain", "reference", noLifeDomain)
		}
		due, err := s.earliestOf(ctx, a)
		if err != nil {
			return err
		}
		before := a
		if err := c.apply(&a, due); err != nil {
			return err
		}
		if err := s.reframed(ctx, before, a); err != nil {
			return err
		}
		if err := s.aimed(ctx, before, a); err != nil {
			return err
		}
		a.ChangedAt = s.k.Now()
		fields, err := db.Update(ctx, &before, &a)
		if err != nil {
			return err
		}
		if len(fields) > 0 {
			err = s.record(ctx, d, a, owned("action.changed", fields, a))
		}
		if err != nil {
			return err
		}
		seen, err = s.see(ctx, a)
		return err
	})
	return seen, err
}

// claim finds an action for a change: readable, allowed, as the caller read it, in a dossier that
// has not ended.
func (s *Service) claim(ctx context.Context, key etag.Key, act string) (a Action, d dossier.Dossier, err error) {
	if a, err = find(ctx, key.ID); err != nil {
		return a, d, err
	}
	if err = s.k.Authz.Require(ctx, act, a.Resource()); err != nil {
		return a, d, err
	}
	if err = etag.Check(key.Match, a); err != nil {
		return a, d, err
	}
	if d, err = s.dossiers.Find(ctx, a.DossierID); err != nil {
		return a, d, err
	}
	return a, d, mustRun(d)
}

func mustRun(d dossier.Dossier) error {
	if d.Status == dossier.Closed || d.Status == dossier.Rejected {
		return problem.Errorf(problem.Conflict, "The dossier is closed; nothing changes in it any more.")
	}
	return nil
}

// earliestOf is the first day of a new term of an action. Who is not invited to its meeting moves
// the term freely from today: he may not learn when that meeting is.
func (s *Service) earliestOf(ctx context.Context, a Action) (earliest, error) {
	zone, err := s.people.Zone(ctx)
	if err != nil || a.MeetingID == nil {
		return earliest{today: s.today(zone)}, err
	}
	starts, err := s.MeetingStart(ctx, *a.MeetingID)
	if problem.Is(err, problem.NotFound) {
		return earliest{today: s.today(zone)}, nil
	}
	return earliest{today: s.today(zone), meeting: organisation.DateOf(starts, zone)}, err
}

func (s *Service) today(zone *time.Location) time.Time { return organisation.DateOf(s.k.Now(), zone) }

// record tells what happened to an action, with whatever else the same change set wrote.
func (s *Service) record(ctx context.Context, d dossier.Dossier, a Action, e journal.Event) error {
	who, err := identity.From(ctx)
	if err != nil {
		return err
	}
	e.Subject, e.Dossier, e.Category, e.Supplier, e.Basis = subject(a), d.ID, new(int(a.Resource().Category)), a.PartnerID, string(d.Basis)
	e.InNameOf = who.InNameOf(s.k.Now(), d.ChairID, d.CaseDirectorID, a.ProfessionalID)
	return s.k.Journal.Record(ctx, e)
}

// owned is an event of which those are told whose action it is, or was.
func owned(name string, fields []string, states ...Action) journal.Event {
	e := journal.Event{Name: name, Fields: fields}
	for _, a := range states {
		if a.ProfessionalID != nil && !slices.Contains(e.Tell, *a.ProfessionalID) {
			e.Tell = append(e.Tell, *a.ProfessionalID)
		}
	}
	return e
}

func subject(a Action) journal.Subject { return journal.Subject{Type: "action", ID: a.ID} }
