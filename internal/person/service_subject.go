package person

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// Subjects are whom a dossier is about, with their names.
type Subjects struct {
	Rows    []Subject
	Next    *string
	Dossier dossier.Ref
	Names   map[uuid.UUID]string
	Allowed []string // of a single one
}

// NewSubject is whom a dossier is to be about. From is a date; nil is today.
type NewSubject struct {
	PersonID        uuid.UUID
	Role            string
	RelatedPersonID *uuid.UUID
	From, Until     *time.Time
}

// AddSubject adds a person to whom a dossier is about. It fails with problem.Invalid for a person that the caller
// may not read and problem.Conflict for one that was merged into another, the same role again, or parents and children
// in a circle.
func (s *Service) AddSubject(ctx context.Context, at uuid.UUID, n NewSubject) (in Subjects, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := s.claim(ctx, at)
		if err != nil {
			return err
		}
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		zone, err := s.people.Zone(ctx)
		if err != nil {
			return err
		}
		one := Subject{
			MunicipalityID: who.Municipality, ID: uuid.Must(uuid.NewV7()), Version: 1, DossierID: at, PersonID: n.PersonID, Category: categoryOf(string(d.Type)),
			Role: n.Role, RelatedPersonID: n.RelatedPersonID, StartsOn: organisation.DateOf(s.k.Now(), zone), EndsOn: n.Until,
			AddedBy: who.Professional, AddedAt: s.k.Now(), ChangedAt: s.k.Now(),
		}
		if n.From != nil {
			one.StartsOn = *n.From
		}
		if err := s.holdStanding(ctx, n.PersonID); err != nil {
			return err
		}
		if err := s.checkSubject(ctx, one); err != nil {
			return err
		}
		if err := db.Insert(ctx, &one); err != nil {
			return err
		}
		if err := s.record(ctx, d, one, "subject.added", nil); err != nil {
			return err
		}
		if err := s.notice(ctx, d, one); err != nil {
			return err
		}
		in, err = s.subjects(ctx, d, one)
		return err
	})
	return in, err
}

// claim finds a dossier to change whom it is about: by who sees that, as long as it has not ended. Nobody else changes
// it at the same time: each of two roles can fit what is there, and the two make a circle.
func (s *Service) claim(ctx context.Context, at uuid.UUID) (d dossier.Dossier, err error) {
	if d, err = s.dossiers.Hold(ctx, at); err != nil {
		return d, err
	}
	if err = s.k.Authz.Require(ctx, actDossier, d.Resource()); err != nil {
		return d, err
	}
	view, err := s.k.Authz.View(ctx, at)
	if err != nil {
		return d, err
	}
	if !view.Sees(categoryOf(string(d.Type))) {
		return d, problem.Errorf(problem.Forbidden, "You do not see whom this dossier is about; ask the municipal director.")
	}
	if !running(d) {
		return d, problem.Errorf(problem.Conflict, "The dossier is closed; nothing changes in it any more.")
	}
	return d, nil
}

func running(d dossier.Dossier) bool {
	return d.Status != dossier.Closed && d.Status != dossier.Rejected
}

// holdStanding holds a person while it becomes a subject, and refuses one that was merged into another. One that the
// caller may not read is refused with what else is wrong.
func (s *Service) holdStanding(ctx context.Context, id uuid.UUID) error {
	if err := hold(ctx, id); err != nil {
		return err
	}
	p, err := s.find(ctx, id)
	if problem.Is(err, problem.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return p.standing()
}

// checkSubject holds a subject against the others of its dossier, of which registrations that were merged are one.
func (s *Service) checkSubject(ctx context.Context, one Subject) error {
	others, err := subjectsOf(ctx, one.DossierID)
	if err != nil {
		return err
	}
	wrong := one.unfit(others)
	if _, err := s.find(ctx, one.PersonID); problem.Is(err, problem.NotFound) {
		wrong.Note("/personId", "reference", "There is no such person, or you may not read it.")
	} else if err != nil {
		return err
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	into, err := s.into(ctx, append(others, one))
	if err != nil {
		return err
	}
	return asOne([]Subject{one}, into)[0].fits(asOne(others, into))
}

// UpdateSubject sets or clears the last day of a role. It fails with problem.Invalid for one before the first.
func (s *Service) UpdateSubject(ctx context.Context, at uuid.UUID, key etag.Key, until *time.Time) (in Subjects, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := s.claim(ctx, at)
		if err != nil {
			return err
		}
		before, err := findSubject(ctx, at, key.ID)
		if err != nil {
			return err
		}
		if err := etag.Check(key.Match, before); err != nil {
			return err
		}
		after := before
		after.EndsOn, after.ChangedAt = until, s.k.Now()
		if err := s.checkSubject(ctx, after); err != nil {
			return err
		}
		fields, err := db.Update(ctx, &before, &after)
		if err != nil {
			return err
		}
		if len(fields) > 0 {
			err = s.record(ctx, d, after, "subject.changed", fields)
		}
		if err != nil {
			return err
		}
		in, err = s.subjects(ctx, d, after)
		return err
	})
	return in, err
}

// ListSubjects reads a page of whom a dossier is about, the latest added first.
func (s *Service) ListSubjects(ctx context.Context, at uuid.UUID, p page.Request) (in Subjects, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := s.dossiers.Require(ctx, at)
		if err != nil {
			return err
		}
		rows, err := listSubjects(ctx, at, p)
		if err != nil {
			return err
		}
		rows, next := page.Cut(rows, p.Limit, Subject.place)
		in, err = s.subjects(ctx, d, rows...)
		in.Next = next
		return err
	})
	return in, err
}

// GetSubject reads one subject.
func (s *Service) GetSubject(ctx context.Context, at, id uuid.UUID) (in Subjects, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := s.dossiers.Require(ctx, at)
		if err != nil {
			return err
		}
		one, err := findSubject(ctx, at, id)
		if err != nil {
			return err
		}
		if in, err = s.subjects(ctx, d, one); err == nil && len(in.Rows) == 0 {
			return db.NotFound()
		}
		return err
	})
	return in, err
}

// subjects puts the dossier and the names beside subjects; a row that the rule in memory refuses is dropped.
func (s *Service) subjects(ctx context.Context, d dossier.Dossier, rows ...Subject) (in Subjects, err error) {
	in = Subjects{Rows: []Subject{}}
	refs, err := s.dossiers.Refs(ctx, []uuid.UUID{d.ID})
	if err != nil {
		return in, err
	}
	in.Dossier = refs[d.ID]
	view, err := s.k.Authz.View(ctx, d.ID)
	if err != nil {
		return in, err
	}
	var persons []uuid.UUID
	for _, one := range rows {
		if !view.Sees(one.Category) {
			s.k.Authz.Dropped(ctx, "subject")
			continue
		}
		in.Rows, persons = append(in.Rows, one), append(persons, one.PersonID)
		if one.RelatedPersonID != nil {
			persons = append(persons, *one.RelatedPersonID)
		}
	}
	if in.Names, err = s.names(ctx, persons); err != nil {
		return in, err
	}
	if len(in.Rows) == 1 {
		in.Allowed, err = s.k.Authz.Allowed(ctx, d.Resource(), in.Rows[0].operations(running(d)))
	}
	return in, err
}

// record tells that whom a dossier is about changed, to who may see that.
func (s *Service) record(ctx context.Context, d dossier.Dossier, one Subject, event string, fields []string) error {
	return s.k.Journal.Record(ctx, journal.Event{
		Name: event, Subject: journal.Subject{Type: "subject", ID: one.ID}, Dossier: d.ID, Category: new(int(one.Category)), Fields: fields, Basis: string(d.Basis),
	})
}
