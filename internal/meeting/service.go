package meeting

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
	"github.com/wijkregie/wijkregie/internal/plan"
)

// Service is what may happen with meetings.
type Service struct {
	k        kernel.Kernel
	people   *organisation.Service
	dossiers *dossier.Service
	plans    *plan.Service

	// Attention tells per dossier why it needs attention, as codes of the list agenda-reasons and as far as the
	// caller may see it.
	Attention func(ctx context.Context, dossiers []uuid.UUID) (map[uuid.UUID][]string, error)
	// As is the identity of a professional as he would be at a request now. It fails with problem.Unauthenticated for
	// who may not come in any more.
	As func(ctx context.Context, municipality string, professional uuid.UUID) (identity.Identity, error)
	// PublicURL is where the product is seen from outside, without a slash at the end.
	PublicURL string
}

// New makes the service, and tells plans when a meeting starts.
func New(k kernel.Kernel, people *organisation.Service, dossiers *dossier.Service, plans *plan.Service) *Service {
	s := &Service{k: k, people: people, dossiers: dossiers, plans: plans}
	plans.MeetingStart = func(ctx context.Context, id uuid.UUID) (time.Time, error) {
		m, err := find(ctx, id)
		return m.StartsAt, err
	}
	return s
}

// NewMeeting is a meeting to schedule.
type NewMeeting struct {
	Title            string
	TableID          *uuid.UUID
	ChairID          uuid.UUID
	StartsAt, EndsAt time.Time
	Place, OnlineUrl string
}

// Schedule plans a meeting for its chair or by the municipal director; what its table left unfinished is on its
// agenda. It fails with
// problem.Invalid when the end is not after the start, and with problem.Conflict when the chair does
// not hold that role.
func (s *Service) Schedule(ctx context.Context, n NewMeeting) (seen Seen, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		m := n.meeting(who, s.k.Now())
		if err := s.maySchedule(ctx, who, m); err != nil {
			return err
		}
		if err := s.check(ctx, m); err != nil {
			return err
		}
		if err := s.add(ctx, m); err != nil {
			return err
		}
		if err := s.carry(ctx, m, actSchedule, nil); err != nil {
			return err
		}
		seen, err = s.see(ctx, m)
		return err
	})
	return seen, err
}

// maySchedule refuses who may not schedule for the chair of a meeting, and a chair without that role.
func (s *Service) maySchedule(ctx context.Context, who identity.Identity, m Meeting) error {
	if err := s.k.Authz.Require(ctx, actSchedule, m.Resource()); err != nil {
		return err
	}
	if !who.Is(m.ChairID, s.k.Now()) && !who.Has(identity.MunicipalDirector) {
		return problem.Errorf(problem.Forbidden, "Schedule the meetings that you lead yourself; the municipal director schedules for others.")
	}
	return s.mayLead(ctx, m.ChairID)
}

// add saves a new meeting.
func (s *Service) add(ctx context.Context, m Meeting) error {
	if err := db.Insert(ctx, &m); err != nil {
		return err
	}
	return s.record(ctx, m, "meeting.scheduled", nil, journal.Subject{Type: "meeting", ID: m.ID})
}

func (n NewMeeting) meeting(who identity.Identity, now time.Time) Meeting {
	return Meeting{
		MunicipalityID: who.Municipality, ID: uuid.Must(uuid.NewV7()), Version: 1, Title: n.Title, TableID: n.TableID, ChairID: n.ChairID,
		StartsAt: moment(n.StartsAt), EndsAt: moment(n.EndsAt), Place: n.Place, OnlineUrl: n.OnlineUrl, Status: Planned,
		ScheduledBy: who.Professional, ChangedAt: now,
	}
}

// mayLead refuses a chair who does not hold that role.
func (s *Service) mayLead(ctx context.Context, professional uuid.UUID) error {
	chair, err := s.people.FindProfessional(ctx, professional)
	if problem.Is(err, problem.NotFound) {
		return problem.InvalidField("/chairId", "reference", "There is no such professional; see GET /v1/professionals.")
	}
	if err == nil && !chair.Has(identity.Chair) {
		return problem.Errorf(problem.Conflict, "Who leads a meeting holds the role chair; have an administrator give it first.")
	}
	return err
}

// check holds a meeting against its table and the clock.
func (s *Service) check(ctx context.Context, m Meeting) error {
	if m.TableID != nil {
		_, err := s.people.FindTable(ctx, *m.TableID)
		if problem.Is(err, problem.NotFound) {
			return problem.InvalidField("/tableId", "reference", "There is no such table.")
		}
		if err != nil {
			return err
		}
	}
	return m.mustEndLater()
}

// Update changes a meeting by what edit does to it, and says that it is held when that status is
// given; what it opened of dossiers follows its end. It fails with problem.Conflict when it is finalised or cancelled.
func (s *Service) Update(ctx context.Context, key etag.Key, to *Status, edit func(*Meeting)) (seen Seen, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		before, err := s.claim(ctx, key)
		if err != nil {
			return err
		}
		m := before
		if err := m.mustRun(); err != nil {
			return err
		}
		edit(&m)
		if to != nil {
			if err := m.follow(*to); err != nil {
				return err
			}
		}
		if err := s.check(ctx, m); err != nil {
			return err
		}
		m.ChangedAt = s.k.Now()
		fields, err := db.Update(ctx, &before, &m)
		if err != nil {
			return err
		}
		if len(fields) > 0 {
			err = s.record(ctx, m, "meeting.changed", fields, journal.Subject{Type: "meeting", ID: m.ID})
		}
		if err != nil {
			return err
		}
		if err := s.followEnd(ctx, before, m); err != nil {
			return err
		}
		seen, err = s.see(ctx, m)
		return err
	})
	return seen, err
}

// claim finds a meeting for a change by who leads it, as he read it.
func (s *Service) claim(ctx context.Context, key etag.Key) (Meeting, error) {
	m, err := hold(ctx, key.ID)
	if err != nil {
		return m, err
	}
	if err := s.k.Authz.Require(ctx, actLead, m.Resource()); err != nil {
		return m, err
	}
	all, err := s.complete(ctx, []Meeting{m})
	if err != nil {
		return m, err
	}
	return all[0], etag.Check(key.Match, all[0])
}

// Get reads one meeting with its agenda and invitations. It fails with problem.NotFound.
func (s *Service) Get(ctx context.Context, id uuid.UUID) (seen Seen, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		m, err := s.read(ctx, id)
		if err != nil {
			return err
		}
		seen, err = s.see(ctx, m)
		return err
	})
	return seen, err
}

func (s *Service) read(ctx context.Context, id uuid.UUID) (Meeting, error) {
	m, err := find(ctx, id)
	if err != nil {
		return m, err
	}
	return m, s.k.Authz.Require(ctx, actRead, m.Resource())
}

// List reads a page of the meetings that the caller leads, is invited to or oversees, the latest
// start first; without operations.
func (s *Service) List(ctx context.Context, f Filter, p page.Request) (seen []Seen, next *string, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		rows, err := list(ctx, f, p)
		if err != nil {
			return err
		}
		rows, next = page.Cut(rows, p.Limit, func(m Meeting) page.Cursor { return page.At(m.StartsAt, m.ID) })
		if rows, err = s.complete(ctx, rows); err != nil {
			return err
		}
		for _, m := range rows {
			seen = append(seen, Seen{Meeting: m, Tag: etag.Of(m)})
		}
		return nil
	})
	return seen, next, err
}

// record writes what happened to a meeting into the audit; it concerns no dossier of itself.
func (s *Service) record(ctx context.Context, m Meeting, event string, fields []string, subject journal.Subject) error {
	inNameOf, err := s.inNameOf(ctx, m.ChairID)
	if err != nil {
		return err
	}
	return s.k.Journal.Record(ctx, journal.Event{Name: event, Subject: subject, Fields: fields, InNameOf: inNameOf})
}

// inNameOf is the professional for whom the caller stands in, zero when he acts himself.
func (s *Service) inNameOf(ctx context.Context, professional uuid.UUID) (uuid.UUID, error) {
	who, err := identity.From(ctx)
	if err != nil || who.Professional == professional || !who.Is(professional, s.k.Now()) {
		return uuid.Nil, err
	}
	return professional, nil
}
