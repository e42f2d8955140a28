package meeting

import (
	"context"
	"time"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
)

// welcome lets who is invited into the dossiers that his invitation names, and tells that in each of them
// to who directs it.
func (s *Service) welcome(ctx context.Context, m Meeting, i Invitation) error {
	agenda, err := s.agenda(ctx, m.ID)
	if err != nil {
		return err
	}
	opened, err := s.admit(ctx, m, i, agenda)
	if err != nil {
		return err
	}
	subject := journal.Subject{Type: "invitation", ID: i.ID}
	if len(opened) == 0 {
		return s.record(ctx, m, "meeting.invited", nil, subject)
	}
	inNameOf, err := s.inNameOf(ctx, m.ChairID)
	if err != nil {
		return err
	}
	for _, d := range opened {
		err := s.k.Journal.Record(ctx, journal.Event{
			Name: "meeting.invited", Subject: journal.Subject{Type: "dossier", ID: d.ID}, With: []journal.Subject{subject}, Dossier: d.ID,
			Basis: string(d.Basis), InNameOf: inNameOf,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// admit opens the dossiers of the agenda items that an invitation names, as far as the caller may.
func (s *Service) admit(ctx context.Context, m Meeting, i Invitation, agenda []AgendaItem) ([]dossier.Dossier, error) {
	if !i.opens() {
		return nil, nil
	}
	until, err := s.accessUntil(ctx, m)
	if err != nil {
		return nil, err
	}
	return s.dossiers.AdmitToMeeting(ctx, dossier.Invited{
		MeetingID: m.ID, InvitationID: i.ID, ProfessionalID: *i.ProfessionalID, Leader: m.ChairID, Dossiers: dossiersOn(i.named(agenda)), Until: until,
	})
}

// accessUntil is until when the meeting lets in who is invited for a dossier.
func (s *Service) accessUntil(ctx context.Context, m Meeting) (time.Time, error) {
	settings, err := s.people.FindSettings(ctx)
	if err != nil {
		return time.Time{}, err
	}
	zone, err := s.people.Zone(ctx)
	return settings.AccessUntil(m.EndsAt, zone), err
}

// followEnd lets what the meeting opened end with it: at once when it is cancelled, sooner or later when it
// is moved.
func (s *Service) followEnd(ctx context.Context, before, m Meeting) error {
	if m.Status == Cancelled {
		return s.dossiers.ShutMeeting(ctx, dossier.Shut{MeetingID: m.ID, Latest: s.k.Now()})
	}
	if m.EndsAt.Equal(before.EndsAt) {
		return nil
	}
	until, err := s.accessUntil(ctx, m)
	if err != nil {
		return err
	}
	return s.admitUntil(ctx, m, until)
}

// admitUntil lets what the meeting opened end at a moment, and opens again what its agenda and invitations name.
func (s *Service) admitUntil(ctx context.Context, m Meeting, latest time.Time) error {
	agenda, err := s.agenda(ctx, m.ID)
	if err != nil {
		return err
	}
	if err := s.dossiers.ShutMeeting(ctx, dossier.Shut{MeetingID: m.ID, Latest: latest, Next: dossiersOn(agenda)}); err != nil {
		return err
	}
	invited, err := invitationsOf(ctx, m.ID)
	if err != nil {
		return err
	}
	for _, i := range invited {
		if _, err := s.admit(ctx, m, i, agenda); err != nil {
			return err
		}
	}
	return nil
}
