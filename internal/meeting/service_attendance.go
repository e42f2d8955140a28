package meeting

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// NewAttendance is who was there: a professional, or somebody by his invitation.
type NewAttendance struct{ ProfessionalID, InvitationID *uuid.UUID }

// Attend records that the chair or somebody who is invited was at a meeting. It fails with problem.Invalid for who
// is not invited, and with problem.Conflict for who is recorded already or when the meeting is finalised or cancelled.
func (s *Service) Attend(ctx context.Context, meeting uuid.UUID, n NewAttendance) (a Attendance, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		m, err := s.leadOver(ctx, meeting, uuid.Nil)
		if err != nil {
			return err
		}
		if err := m.mustRun(); err != nil {
			return err
		}
		i, err := m.invited(n)
		if err != nil {
			return err
		}
		if a, err = s.attendance(ctx, m, i); err != nil {
			return err
		}
		if err := s.mayAttend(ctx, m, a); err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actLead, a.resource(m)); err != nil {
			return err
		}
		if err := db.Insert(ctx, &a); err != nil {
			return err
		}
		return s.record(ctx, m, "meeting.attended", nil, journal.Subject{Type: "attendance", ID: a.ID})
	})
	return a, err
}

// leadOver finds a meeting that the caller leads, with its invitations.
func (s *Service) leadOver(ctx context.Context, meeting, id uuid.UUID) (m Meeting, err error) {
	if m, err = hold(ctx, meeting); err != nil {
		return m, err
	}
	if err := s.k.Authz.Require(ctx, actLead, Attendance{ID: id}.resource(m)); err != nil {
		return m, err
	}
	all, err := s.complete(ctx, []Meeting{m})
	if err != nil {
		return m, err
	}
	return all[0], nil
}

// attendance is who came by an invitation, the chair without one, with his partner and its domain.
func (s *Service) attendance(ctx context.Context, m Meeting, i *Invitation) (a Attendance, err error) {
	who, err := identity.From(ctx)
	if err != nil {
		return a, err
	}
	a = Attendance{
		MunicipalityID: m.MunicipalityID, ID: uuid.Must(uuid.NewV7()), MeetingID: m.ID, ProfessionalID: &m.ChairID,
		RecordedBy: who.Professional, RecordedAt: s.k.Now(),
	}
	if i != nil {
		a.InvitationID, a.ProfessionalID = &i.ID, i.ProfessionalID
	}
	if a.ProfessionalID == nil {
		a.Guest = &Guest{Name: i.GuestName, Organisation: i.GuestOrganisation}
		return a, nil
	}
	professional, err := s.people.FindProfessional(ctx, *a.ProfessionalID)
	if err != nil {
		return a, err
	}
	partner, err := s.people.FindPartner(ctx, professional.PartnerID)
	a.PartnerID, a.Domain = &partner.ID, partner.Domain
	return a, err
}

// mayAttend refuses who is recorded already.
func (s *Service) mayAttend(ctx context.Context, m Meeting, a Attendance) error {
	there, err := attendancesOf(ctx, m.ID)
	if err != nil {
		return err
	}
	again := func(o Attendance) bool {
		return a.InvitationID != nil && o.InvitationID != nil && *a.InvitationID == *o.InvitationID ||
			a.ProfessionalID != nil && o.ProfessionalID != nil && *a.ProfessionalID == *o.ProfessionalID
	}
	if slices.ContainsFunc(there, again) {
		return problem.Errorf(problem.Conflict, "It is recorded already that this person was there.")
	}
	return nil
}

// Unattend takes back an attendance that was recorded by mistake. It fails with problem.Conflict when the
// meeting is finalised or cancelled.
func (s *Service) Unattend(ctx context.Context, meeting uuid.UUID, key etag.Key) error {
	return s.k.DB.Tx(ctx, func(ctx context.Context) error {
		m, err := s.leadOver(ctx, meeting, key.ID)
		if err != nil {
			return err
		}
		there, err := s.attendances(ctx, m)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(there, func(a Attendance) bool { return a.ID == key.ID })
		if at < 0 {
			return db.NotFound()
		}
		if err := etag.Check(key.Match, there[at]); err != nil {
			return err
		}
		if err := m.mustRun(); err != nil {
			return err
		}
		if err := db.Delete(ctx, &there[at]); err != nil {
			return err
		}
		return s.record(ctx, m, "meeting.attendance-removed", nil, journal.Subject{Type: "attendance", ID: key.ID})
	})
}

// Attendances reads a page of who was at a meeting, the latest recorded first.
func (s *Service) Attendances(ctx context.Context, meeting uuid.UUID, p page.Request) (rows []Attendance, next *string, err error) {
	all, err := s.attended(ctx, meeting)
	rows, next = cutAfter(all, p, func(a Attendance) uuid.UUID { return a.ID })
	return rows, next, err
}

// Attendance reads one attendance. It fails with problem.NotFound.
func (s *Service) Attendance(ctx context.Context, meeting, id uuid.UUID) (Attendance, error) {
	all, err := s.attended(ctx, meeting)
	if err != nil {
		return Attendance{}, err
	}
	at := slices.IndexFunc(all, func(a Attendance) bool { return a.ID == id })
	if at < 0 {
		return Attendance{}, db.NotFound()
	}
	return all[at], nil
}

func (s *Service) attended(ctx context.Context, meeting uuid.UUID) (all []Attendance, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		m, err := s.read(ctx, meeting)
		if err != nil {
			return err
		}
		rows, err := s.complete(ctx, []Meeting{m})
		if err != nil {
			return err
		}
		all, err = s.attendances(ctx, rows[0])
		return err
	})
	return all, err
}

// attendances reads who was at a meeting, of those whose invitation the caller sees.
func (s *Service) attendances(ctx context.Context, m Meeting) (kept []Attendance, err error) {
	rows, err := attendancesOf(ctx, m.ID)
	if err != nil {
		return nil, err
	}
	for _, a := range rows {
		if a.InvitationID == nil {
			kept = append(kept, a)
			continue
		}
		at := slices.IndexFunc(m.Invitations, func(i Invitation) bool { return i.ID == *a.InvitationID })
		if at < 0 {
			continue
		}
		if i := m.Invitations[at]; i.ProfessionalID == nil {
			a.Guest = &Guest{Name: i.GuestName, Organisation: i.GuestOrganisation}
		}
		kept = append(kept, a)
	}
	return kept, nil
}
