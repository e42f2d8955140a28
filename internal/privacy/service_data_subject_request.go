package privacy

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
	"github.com/wijkregie/wijkregie/internal/person"
)

// SubjectRequests are requests as their handler sees them.
type SubjectRequests struct {
	Rows    []SubjectRequest
	Next    *string
	Today   time.Time // a date in the municipality
	Allowed []string  // of a single one
}

// NewSubjectRequest is what a person asks.
type NewSubjectRequest struct {
	Kind          string
	PersonID      *uuid.UUID
	ReceivedOn    time.Time
	Channel       string
	IdentityCheck string
}

// RecordSubjectRequest records what a person asks, with the dossiers of which it is a subject. It fails with
// problem.Invalid for a person that is not in the register.
func (s *Service) RecordSubjectRequest(ctx context.Context, n NewSubjectRequest) (in SubjectRequests, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, today, err := s.now(ctx)
		if err != nil {
			return err
		}
		r := SubjectRequest{
			MunicipalityID: who.Municipality, ID: uuid.Must(uuid.NewV7()), Version: 1, Kind: n.Kind, PersonID: n.PersonID, ReceivedOn: n.ReceivedOn,
			Channel: n.Channel, IdentityCheck: n.IdentityCheck, RecordedBy: who.Professional, RecordedAt: s.k.Now(), ChangedAt: s.k.Now(),
		}
		if err := s.k.Authz.Require(ctx, actHandleRequest, r.Resource()); err != nil {
			return err
		}
		if n.ReceivedOn.After(today) {
			return problem.InvalidField("/receivedOn", "future", "A request is recorded when it has been received.")
		}
		if n.PersonID != nil {
			r.Dossiers, err = s.concerned(ctx, who.Municipality, *n.PersonID)
		}
		if err != nil {
			return err
		}
		if err := db.Insert(ctx, &r); err != nil {
			return err
		}
		if err := s.recordRequest(ctx, r, "data-subject-request.received", nil); err != nil {
			return err
		}
		in, err = s.subjectRequest(ctx, r, today)
		return err
	})
	return in, err
}

// concerned are the dossiers of a person, as the product itself finds them: the handler of a request has no right to
// know whom dossiers are about, and learns no more than their numbers.
func (s *Service) concerned(ctx context.Context, municipality string, of uuid.UUID) (all []person.Concerned, err error) {
	ctx = identity.With(db.Apart(ctx), identity.System(municipality, "data-subject-request"))
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		var there bool
		if all, there, err = s.m.Persons.Concerned(ctx, of); err == nil && !there {
			err = problem.InvalidField("/personId", "reference", "This person is not in the register; leave it out when it was not found.")
		}
		return err
	})
	return all, err
}

// ExtendSubjectRequest extends the term of a request, once.
func (s *Service) ExtendSubjectRequest(ctx context.Context, key etag.Key, reason string) (SubjectRequests, error) {
	return s.handle(ctx, key, "data-subject-request.extended", func(_ context.Context, r *SubjectRequest, now moment) error {
		return r.extend(reason, now.today)
	})
}

// ConsultSupplier records that a supplier is asked about a request, or answered.
func (s *Service) ConsultSupplier(ctx context.Context, key etag.Key, n NewConsultation) (SubjectRequests, error) {
	return s.handle(ctx, key, "data-subject-request.consulted", func(ctx context.Context, r *SubjectRequest, now moment) error {
		partners, err := s.m.People.ActivePartners(ctx)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(partners, func(p organisation.Partner) bool { return p.ID == n.PartnerID }) {
			return problem.InvalidField("/partnerId", "reference", "This partner does not take part.")
		}
		return r.consult(n, now.today)
	})
}

// DecideSubjectRequest decides on a request; what it restricts is restricted from the next request on (AVG 18). It fails
// with problem.Invalid for a refusal without a ground, and for items of other dossiers.
func (s *Service) DecideSubjectRequest(ctx context.Context, key etag.Key, d SubjectDecision) (SubjectRequests, error) {
	return s.handle(ctx, key, "data-subject-request.decided", func(ctx context.Context, r *SubjectRequest, now moment) error {
		if err := r.decide(d, now.by, now.today); err != nil || !d.RestrictsPerson {
			return err
		}
		return s.restrictWhole(ctx, r)
	})
}

// LiftRestriction takes off what a request restricted, after the person was told (AVG 18(3)).
func (s *Service) LiftRestriction(ctx context.Context, key etag.Key, notice time.Time, reason string) (SubjectRequests, error) {
	return s.handle(ctx, key, "data-subject-request.lifted", func(_ context.Context, r *SubjectRequest, now moment) error {
		if notice.After(now.today) {
			return problem.InvalidField("/noticeOn", "future", "The person is told before the restriction is lifted (AVG 18(3)).")
		}
		return r.lift(notice, reason, now.by, s.k.Now())
	})
}

// moment is who handles a request on which day.
type moment struct {
	by    *uuid.UUID
	today time.Time
}

// handle changes a request by one step, for who may.
func (s *Service) handle(ctx context.Context, key etag.Key, event string, step func(context.Context, *SubjectRequest, moment) error) (in SubjectRequests, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, actHandleRequest, authz.Resource{ID: key.ID}); err != nil {
			return err
		}
		before, err := findSubjectRequest(ctx, key.ID)
		if err != nil {
			return err
		}
		if err := etag.Check(key.Match, before); err != nil {
			return err
		}
		who, today, err := s.now(ctx)
		if err != nil {
			return err
		}
		after := before
		if err := step(ctx, &after, moment{by: who.Person(), today: today}); err != nil {
			return err
		}
		after.ChangedAt = s.k.Now()
		fields, err := db.Update(ctx, &before, &after)
		if err != nil {
			return err
		}
		if err := s.restrict(ctx, before, after); err != nil {
			return err
		}
		if err := s.recordRequest(ctx, after, event, fields); err != nil {
			return err
		}
		in, err = s.subjectRequest(ctx, after, today)
		return err
	})
	return in, err
}

// SubjectRequest reads one request.
func (s *Service) SubjectRequest(ctx context.Context, id uuid.UUID) (in SubjectRequests, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, actReadRequest, authz.Resource{}); err != nil {
			return err
		}
		_, today, err := s.now(ctx)
		if err != nil {
			return err
		}
		r, err := findSubjectRequest(ctx, id)
		if err != nil {
			return err
		}
		in, err = s.subjectRequest(ctx, r, today)
		return err
	})
	return in, err
}

// SubjectRequests reads a page of requests, the latest recorded first.
func (s *Service) SubjectRequests(ctx context.Context, p page.Request) (in SubjectRequests, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, actReadRequest, authz.Resource{}); err != nil {
			return err
		}
		if _, in.Today, err = s.now(ctx); err != nil {
			return err
		}
		rows, err := listSubjectRequests(ctx, p)
		in.Rows, in.Next = page.Cut(rows, p.Limit, SubjectRequest.place)
		return err
	})
	return in, err
}

// subjectRequest puts beside one request what its handler may do.
func (s *Service) subjectRequest(ctx context.Context, r SubjectRequest, today time.Time) (in SubjectRequests, err error) {
	in = SubjectRequests{Rows: []SubjectRequest{r}, Today: today}
	in.Allowed, err = s.k.Authz.Allowed(ctx, r.Resource(), r.operations(today))
	return in, err
}

// now is who acts on which day in the municipality.
func (s *Service) now(ctx context.Context) (who identity.Identity, today time.Time, err error) {
	if who, err = identity.From(ctx); err != nil {
		return who, today, err
	}
	zone, err := s.m.People.Zone(ctx)
	return who, organisation.DateOf(s.k.Now(), zone), err
}

// recordRequest tells who directs the dossiers that there is a request and how far it is, never what it says; one without
// a dossier is only audited.
func (s *Service) recordRequest(ctx context.Context, r SubjectRequest, event string, fields []string) error {
	e := journal.Event{Name: event, Subject: journal.Subject{Type: "data-subject-request", ID: r.ID}, Fields: fields}
	if len(r.Dossiers) == 0 {
		return s.k.Journal.Record(ctx, e)
	}
	for _, d := range r.Dossiers {
		e.Dossier = d.ID
		if err := s.k.Journal.Record(ctx, e); err != nil {
			return err
		}
	}
	return nil
}
