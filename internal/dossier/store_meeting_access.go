package dossier

import (
	"bytes"
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// openable are those of the dossiers to which the caller may invite others, in the order of their ids: he
// takes part in them or directs. Who was let in for a while himself does not hand that on.
func openable(ctx context.Context, ids []uuid.UUID) (known []uuid.UUID, err error) {
	err = db.Conn(ctx).Raw(`select distinct dossier_id from my_admissions
		where dossier_id = any(?) and kind in (?, ?) and not shielded`, db.IDs(ids), authz.ByParticipation, authz.ByRole).Scan(&known).Error
	slices.SortFunc(known, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	return known, err
}

// meetingAccessOf reads what an invitation opened of a dossier; none when it did not.
func meetingAccessOf(ctx context.Context, dossier, invitation uuid.UUID) (rows []MeetingAccess, err error) {
	err = db.Mine(ctx, "meeting_access").Where("dossier_id = ? and invitation_id = ?", dossier, invitation).Find(&rows).Error
	return rows, err
}

// shut lets access for a meeting end sooner, also in dossiers that the caller does not know.
func shut(ctx context.Context, s Shut) error {
	if err := db.Decided(ctx, s); err != nil {
		return err
	}
	return db.Conn(ctx).Exec("select limit_meeting_access(?, ?, ?, ?)", s.MeetingID, s.InvitationID, s.Latest, db.IDs(s.Next)).Error
}
