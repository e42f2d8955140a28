package dossier

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// AdmitToMeeting lets who is invited into dossiers on the agenda until a moment, with the cells of his
// partner, and tells into which he came that he was not in by this invitation before. It opens what the
// inviter takes part in or directs and what is open; the rest stays shut without a word, and so does
// everything for the inviter himself and, under the Wgs, for a third party (Wgs 2.27). However far ahead the
// meeting is, it lasts no longer than a grant. It needs a transaction.
func (s *Service) AdmitToMeeting(ctx context.Context, in Invited) (opened []Dossier, err error) {
	who, err := identity.From(ctx)
	if err != nil || who.Is(in.ProfessionalID, s.k.Now()) || !in.Until.After(s.k.Now()) {
		return nil, err
	}
	if longest := s.k.Now().Add(longestGrant); in.Until.After(longest) {
		in.Until = longest
	}
	professional, err := s.people.FindProfessional(ctx, in.ProfessionalID)
	if err != nil {
		return nil, err
	}
	partner, err := s.people.FindPartner(ctx, professional.PartnerID)
	if err != nil {
		return nil, err
	}
	ids, err := openable(ctx, in.Dossiers)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		d, err := hold(ctx, id)
		if problem.Is(err, problem.NotFound) || err == nil && !s.receives(d, partner) {
			continue
		}
		if err != nil {
			return nil, err
		}
		isNew, err := s.admitInvited(ctx, d, in, partner.ID)
		if err != nil {
			return nil, err
		}
		if isNew {
			opened = append(opened, d)
		}
	}
	return opened, nil
}

// receives tells whether somebody of a partner can be let into the dossier at all.
func (s *Service) receives(d Dossier, partner organisation.Partner) bool {
	kind, _ := s.lists.PartnerType(partner.Type)
	return d.mustBeOpen() == nil && !(d.Basis == Wgs && kind.Third)
}

// admitInvited lets an invited professional into one dossier that is held.
func (s *Service) admitInvited(ctx context.Context, d Dossier, in Invited, partner uuid.UUID) (isNew bool, err error) {
	r := d.Resource()
	r.Leader = in.Leader
	if err := s.k.Authz.Require(ctx, actInvite, r); err != nil {
		return false, err
	}
	before, err := meetingAccessOf(ctx, d.ID, in.InvitationID)
	if err != nil {
		return false, err
	}
	now := s.k.Now()
	if len(before) == 0 {
		err = db.Insert(ctx, &MeetingAccess{
			MunicipalityID: d.MunicipalityID, ID: uuid.Must(uuid.NewV7()), Version: 1, DossierID: d.ID, MeetingID: in.MeetingID,
			InvitationID: in.InvitationID, PartnerID: partner, ProfessionalID: in.ProfessionalID, Since: now, Until: in.Until, ChangedAt: now,
		})
	} else {
		after := before[0]
		isNew = !after.Until.After(now)
		if isNew {
			after.Since = now
		}
		after.Until, after.ChangedAt = in.Until, now
		_, err = db.Update(ctx, &before[0], &after)
	}
	if err != nil {
		return false, err
	}
	return isNew || len(before) == 0, s.readmit(ctx, d)
}

// ShutMeeting lets what a meeting opened end sooner, in every dossier at once, whether or not the caller
// knows it. What ends sooner already stays as it is. It needs a transaction in which the caller leads the
// meeting or answers the invitation.
func (s *Service) ShutMeeting(ctx context.Context, end Shut) error {
	return shut(ctx, end)
}
