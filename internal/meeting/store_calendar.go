package meeting

import (
	"context"
	"encoding/hex"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

func findFeed(ctx context.Context, professional, id uuid.UUID) (f Feed, err error) {
	err = db.One(db.Mine(ctx, "calendar_feed").Where("professional_id = ? and id = ?", professional, id).Take(&f))
	return f, err
}

// countFeeds counts the feeds of somebody that are not revoked.
func countFeeds(ctx context.Context, professional uuid.UUID) (n int64, err error) {
	err = db.Mine(ctx, "calendar_feed").Where("professional_id = ? and revoked_at is null", professional).Count(&n).Error
	return n, err
}

func listFeeds(ctx context.Context, professional uuid.UUID, p page.Request) (rows []Feed, err error) {
	q, err := db.NewestFirst(db.Mine(ctx, "calendar_feed").Where("professional_id = ?", professional), "created_at", p)
	if err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}

// owner is whose calendar a secret opens.
type owner struct {
	MunicipalityID string
	ProfessionalID uuid.UUID
}

// ownerOf asks whose calendar a secret opens. It fails with problem.NotFound.
func ownerOf(ctx context.Context, at *db.DB, hash []byte) (owner, error) {
	var rows []owner
	if err := at.Lookup(ctx, &rows, "select municipality_id, professional_id from find_calendar(decode(?, 'hex'))", hex.EncodeToString(hash)); err != nil {
		return owner{}, err
	}
	if len(rows) == 0 {
		return owner{}, db.NotFound()
	}
	return rows[0], nil
}

// appointments reads the meetings that somebody leads, or is invited to and did not decline, in their order.
func appointments(ctx context.Context, professional uuid.UUID, from, until time.Time) (rows []appointment, err error) {
	err = db.Mine(ctx, "meeting").Select("meeting.id, meeting.starts_at, meeting.ends_at, meeting.status, meeting.changed_at, coalesce(t.name, '') as table_name").
		Joins("left join consultation_table t on t.municipality_id = meeting.municipality_id and t.id = meeting.table_id").
		Where(`meeting.ends_at >= ? and meeting.starts_at < ? and (meeting.chair_id = ? or (select true from invitation i
			where i.municipality_id = meeting.municipality_id and i.meeting_id = meeting.id and i.professional_id = ? and i.response <> ? limit 1))`,
			from, until, professional, professional, Declined).
		Order("meeting.starts_at, meeting.id").Limit(1000).Scan(&rows).Error
	return rows, err
}
