package dossier

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Emergency is into which dossier somebody lets himself, why, and for how many hours (1 to 24).
type Emergency struct {
	Number  string
	Purpose string
	Hours   int
}

// OpenEmergency lets the caller himself into the dossier with a number that he knows, with his partner's
// cells but never health or what is under secrecy. It fails with problem.Forbidden for who never opens
// dossiers, with problem.NotFound alike when there is no such dossier, when it is closed or when his
// organisation cannot be in it, and with problem.Conflict when he is in it already or took as many as
// somebody does within a day.
func (s *Service) OpenEmergency(ctx context.Context, o Emergency) (in Within[SeenEmergency], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		// Who may never is told so before anything is looked up.
		if err := s.k.Authz.Require(ctx, actEmergency, authz.Resource{ID: uuid.Must(uuid.NewV7())}); err != nil {
			return err
		}
		if err := s.notTooOften(ctx); err != nil {
			return err
		}
		hidden, err := s.findBehind(ctx, o.Number)
		if err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actEmergency, authz.Resource{ID: hidden.ID}); err != nil {
			return err
		}
		e, err := s.newEmergency(ctx, hidden, o)
		if err != nil {
			return err
		}
		if err := db.Insert(ctx, &e); err != nil {
			return err
		}
		if err := breakGlass(ctx, e.way(hidden.Type, hidden.Basis)); err != nil {
			return err
		}
		d, err := s.enter(ctx, e)
		if err != nil {
			return err
		}
		if err := s.recordEmergency(ctx, d, e, journal.Event{Name: "emergency.opened"}); err != nil {
			return err
		}
		in, err = s.seeEmergency(ctx, d, e)
		return err
	})
	return in, err
}

// mostEmergencies is how many accesses somebody takes within a day: numbers can be counted up.
const mostEmergencies = 5

// notTooOften refuses who let himself into many dossiers already, before it is looked which one he means.
func (s *Service) notTooOften(ctx context.Context) error {
	who, err := identity.From(ctx)
	if err != nil {
		return err
	}
	taken, err := takenSince(ctx, who.Professional, s.k.Now().Add(-longestHours*time.Hour))
	if err != nil {
		return err
	}
	if taken >= mostEmergencies {
		return problem.Errorf(problem.Conflict, "You let yourself into %d dossiers within a day; ask the municipal director for a grant.", mostEmergencies)
	}
	return nil
}

// findBehind finds the dossier with a number, when the caller is not in it and could be.
func (s *Service) findBehind(ctx context.Context, number string) (hidden behind, err error) {
	who, err := identity.From(ctx)
	if err != nil {
		return hidden, err
	}
	found, err := behindNumber(ctx, number)
	if err != nil {
		return hidden, err
	}
	hidden = behind{ID: uuid.Must(uuid.NewV7())} // what is not there is looked at as long as what is hidden
	if len(found) > 0 {
		hidden = found[0]
	}
	view, err := s.k.Authz.View(ctx, hidden.ID)
	if err != nil {
		return hidden, err
	}
	if view.Known() && !view.Shielded() {
		return hidden, isWithin()
	}
	if len(found) == 0 || hidden.Shielded || (Dossier{Status: hidden.Status}).mustBeOpen() != nil || !authz.Enters(who, authz.Profile(string(hidden.Type), string(hidden.Basis))) {
		return hidden, db.NotFound()
	}
	return hidden, nil
}

func isWithin() error {
	return problem.Errorf(problem.Conflict, "You are in this dossier already; read it as you always do.")
}

func (s *Service) newEmergency(ctx context.Context, hidden behind, o Emergency) (e EmergencyAccess, err error) {
	who, err := identity.From(ctx)
	if err != nil {
		return e, err
	}
	now := s.k.Now()
	since, err := sooner(ctx, now)
	return EmergencyAccess{
		MunicipalityID: who.Municipality, ID: uuid.Must(uuid.NewV7()), Version: 1, DossierID: hidden.ID, DossierNumber: o.Number,
		PartnerID: who.Partner, ProfessionalID: who.Professional, Purpose: o.Purpose, Since: since,
		Until: since.Add(time.Duration(o.Hours) * time.Hour), ReviewDue: reviewDue(now, s.people.ZoneOf(ctx)), ChangedAt: now,
	}, err
}

// enter holds the dossier that was hidden until now, and derives its admissions anew: the director's
// exceptions for the caller's partner count for him as well, and may leave him nothing.
func (s *Service) enter(ctx context.Context, e EmergencyAccess) (Dossier, error) {
	d, err := hold(ctx, e.DossierID)
	if err != nil {
		return d, err
	}
	again, err := takenBeside(ctx, e)
	if err == nil && again {
		err = isWithin()
	}
	if err != nil {
		return d, err
	}
	if d.mustBeOpen() != nil { // closed a moment ago
		return d, db.NotFound()
	}
	if err := s.readmit(ctx, d); err != nil {
		return d, err
	}
	view, err := s.k.Authz.View(ctx, d.ID)
	if err == nil && !view.Known() {
		err = db.NotFound()
	}
	return d, err
}

// EndEmergency ends an access before its time; its holder's next request fails. It fails with
// problem.Forbidden for others than who took it and the municipal director, and with problem.Conflict
// when it has ended.
func (s *Service) EndEmergency(ctx context.Context, dossier uuid.UUID, key etag.Key) (Within[SeenEmergency], error) {
	return s.changeEmergency(ctx, dossier, key, actEndGlass, func(ctx context.Context, e *EmergencyAccess) (event string, err error) {
		if err := e.mustRun(s.k.Now()); err != nil {
			return "", err
		}
		e.Until, err = sooner(ctx, s.k.Now())
		return "emergency.ended", err
	})
}

// Review is what the municipal director finds of an emergency access.
type Review struct {
	Outcome  string // justified or not-justified
	Findings string
}

// ReviewEmergency says whether an access was justified, also when its dossier is closed. It fails with
// problem.Forbidden for others than the municipal director, and with problem.Conflict when it was
// reviewed before or he took it himself.
func (s *Service) ReviewEmergency(ctx context.Context, dossier uuid.UUID, key etag.Key, r Review) (Within[SeenEmergency], error) {
	return s.changeEmergency(ctx, dossier, key, actReview, func(ctx context.Context, e *EmergencyAccess) (string, error) {
		who, err := identity.From(ctx)
		if err != nil {
			return "", err
		}
		now := s.k.Now()
		if err := e.mayBeReviewed(who, now); err != nil {
			return "", err
		}
		e.Outcome, e.Findings, e.ReviewedAt, e.ReviewedBy = r.Outcome, r.Findings, &now, &who.Professional
		return "emergency.reviewed", nil
	})
}

// changeEmergency is the one way an access changes: found, allowed, unchanged since it was read, changed,
// saved, recorded. When its end changed, so do the admissions that follow from it.
func (s *Service) changeEmergency(
	ctx context.Context, dossier uuid.UUID, key etag.Key, act string, rule func(context.Context, *EmergencyAccess) (event string, err error),
) (in Within[SeenEmergency], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		before, err := s.emergency(ctx, dossier, key.ID)
		if err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, act, before.resource()); err != nil {
			return err
		}
		if err := etag.Check(key.Match, before); err != nil {
			return err
		}
		e := before
		event, err := rule(ctx, &e)
		if err != nil {
			return err
		}
		d, err := hold(ctx, dossier)
		if err != nil {
			return err
		}
		e.ChangedAt = s.k.Now()
		fields, err := db.Update(ctx, &before, &e)
		if err != nil {
			return err
		}
		if !e.Until.Equal(before.Until) {
			if err := s.readmit(ctx, d); err != nil {
				return err
			}
		}
		if err := s.recordEmergency(ctx, d, e, journal.Event{Name: event, Fields: fields}); err != nil {
			return err
		}
		in, err = s.seeEmergency(ctx, d, e)
		return err
	})
	return in, err
}

// recordEmergency tells of an access; who directs the dossier may know of it.
func (s *Service) recordEmergency(ctx context.Context, d Dossier, e EmergencyAccess, event journal.Event) error {
	event.Subject = journal.Subject{Type: "emergency-access", ID: e.ID}
	return s.recordIn(ctx, d, event)
}
