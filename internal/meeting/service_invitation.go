package meeting

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Guest is who is invited without access to the product (agendadeelnemer).
type Guest struct{ Name, Organisation string }

// NewInvitation is who is to be invited: a professional or a guest.
type NewInvitation struct {
	ProfessionalID *uuid.UUID
	Guest          *Guest
	AgendaItemIDs  []uuid.UUID
}

// Invite asks a professional or a guest to a meeting, and lets the professional into the dossiers of the
// agenda items that it names; who declined can be asked again. It fails with problem.Conflict when the
// professional is invited already or the meeting is over.
func (s *Service) Invite(ctx context.Context, meeting uuid.UUID, n NewInvitation) (i Invitation, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		m, err := hold(ctx, meeting)
		if err != nil {
			return err
		}
		declined, err := declinedBy(ctx, m.ID, n.ProfessionalID)
		if err != nil {
			return err
		}
		i = n.invitation(m)
		if declined != nil {
			i.ID = declined.ID
		}
		if err := s.k.Authz.Require(ctx, actLead, i.resource(m)); err != nil {
			return err
		}
		if err := m.mustBePlanned(); err != nil {
			return err
		}
		if err := s.mayInvite(ctx, m, n); err != nil {
			return err
		}
		i.ChangedAt = s.k.Now()
		if err := ask(ctx, declined, &i); err != nil {
			return err
		}
		return s.welcome(ctx, m, i)
	})
	return i, err
}

// ask writes an invitation, in the place of the one that was declined.
func ask(ctx context.Context, declined, i *Invitation) error {
	if declined == nil {
		return db.Insert(ctx, i)
	}
	_, err := db.Update(ctx, declined, i)
	return err
}

func (n NewInvitation) invitation(m Meeting) Invitation {
	i := Invitation{
		MunicipalityID: m.MunicipalityID, ID: uuid.Must(uuid.NewV7()), Version: 1, MeetingID: m.ID, ProfessionalID: n.ProfessionalID,
		AgendaItemIDs: all(n.AgendaItemIDs), Response: Pending,
	}
	if n.Guest != nil {
		i.GuestName, i.GuestOrganisation = n.Guest.Name, n.Guest.Organisation
	}
	return i
}

// mayInvite checks who is invited, and for what.
func (s *Service) mayInvite(ctx context.Context, m Meeting, n NewInvitation) error {
	if (n.ProfessionalID == nil) == (n.Guest == nil) {
		return problem.InvalidField("/professionalId", "one-of", "Name either a professional or a guest.")
	}
	if n.ProfessionalID != nil {
		_, err := s.people.FindProfessional(ctx, *n.ProfessionalID)
		if problem.Is(err, problem.NotFound) {
			return problem.InvalidField("/professionalId", "reference", "There is no such professional; see GET /v1/professionals.")
		}
		if err != nil {
			return err
		}
	}
	agenda, err := s.agenda(ctx, m.ID)
	if err != nil {
		return err
	}
	for i, id := range n.AgendaItemIDs {
		if !onAgenda(agenda, id) {
			return problem.InvalidField(fmt.Sprintf("/agendaItemIds/%d", i), "reference", "This is not on the agenda of the meeting.")
		}
	}
	return s.notYet(ctx, m, n.ProfessionalID)
}

// notYet refuses a second invitation, and more than a meeting shows.
func (s *Service) notYet(ctx context.Context, m Meeting, professional *uuid.UUID) error {
	invited, err := invitationsOf(ctx, m.ID)
	if err != nil {
		return err
	}
	if len(invited) >= most {
		return problem.Errorf(problem.Conflict, "No more can be invited to one meeting.")
	}
	again := func(i Invitation) bool {
		return professional != nil && i.ProfessionalID != nil && *i.ProfessionalID == *professional && i.Response != Declined
	}
	if slices.ContainsFunc(invited, again) {
		return problem.Errorf(problem.Conflict, "This professional is invited already.")
	}
	return nil
}

// ListInvitations reads a page of who is invited to a meeting, as far as the caller may know.
func (s *Service) ListInvitations(ctx context.Context, meeting uuid.UUID, p page.Request) (rows []Invitation, next *string, err error) {
	all, err := s.invitations(ctx, meeting)
	rows, next = cutAfter(all, p, func(i Invitation) uuid.UUID { return i.ID })
	return rows, next, err
}

// GetInvitation reads one invitation. It fails with problem.NotFound.
func (s *Service) GetInvitation(ctx context.Context, meeting, id uuid.UUID) (Invitation, error) {
	all, err := s.invitations(ctx, meeting)
	if err != nil {
		return Invitation{}, err
	}
	return pick(all, id)
}

func (s *Service) invitations(ctx context.Context, meeting uuid.UUID) (all []Invitation, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		m, err := s.read(ctx, meeting)
		if err != nil {
			return err
		}
		rows, err := s.complete(ctx, []Meeting{m})
		if err != nil {
			return err
		}
		all = rows[0].Invitations
		return nil
	})
	return all, err
}

func pick(all []Invitation, id uuid.UUID) (Invitation, error) {
	at := slices.IndexFunc(all, func(i Invitation) bool { return i.ID == id })
	if at < 0 {
		return Invitation{}, db.NotFound()
	}
	return all[at], nil
}

// Respond answers an invitation: the invited professional, and for a guest the chair. Who declines is let
// out of the dossiers. It fails with problem.Conflict when the meeting is over, and for who takes back that
// he declined.
func (s *Service) Respond(ctx context.Context, meeting uuid.UUID, key etag.Key, r Response) (i Invitation, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		m, err := hold(ctx, meeting)
		if err != nil {
			return err
		}
		all, err := s.invitations(ctx, meeting)
		if err != nil {
			return err
		}
		if i, err = pick(all, key.ID); err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actAnswer, i.resource(m)); err != nil {
			return err
		}
		if err := etag.Check(key.Match, i); err != nil {
			return err
		}
		if err := m.mustBePlanned(); err != nil {
			return err
		}
		if err := i.becomes(r); err != nil {
			return err
		}
		return s.answer(ctx, m, &i, r)
	})
	return i, err
}

func (s *Service) answer(ctx context.Context, m Meeting, i *Invitation, r Response) error {
	before := *i
	i.Response, i.ChangedAt = r, s.k.Now()
	fields, err := db.Update(ctx, &before, i)
	if err != nil || len(fields) == 0 {
		return err
	}
	if r == Declined {
		if err := s.dossiers.ShutMeeting(ctx, dossier.Shut{MeetingID: m.ID, InvitationID: &i.ID, Latest: s.k.Now()}); err != nil {
			return err
		}
	}
	inNameOf, err := s.inNameOf(ctx, i.resource(m).Self)
	if err != nil {
		return err
	}
	return s.k.Journal.Record(ctx, journal.Event{
		Name: "invitation.answered", Subject: journal.Subject{Type: "invitation", ID: i.ID}, Fields: fields, InNameOf: inNameOf,
	})
}
