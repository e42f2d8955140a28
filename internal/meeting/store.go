package meeting

import (
	"context"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// mine is a query on a table of the caller's municipality; the policies cut it to what he may see.
func mine(ctx context.Context, table string) *gorm.DB {
	who, err := identity.From(ctx)
	q := db.Conn(ctx).Table(table).Where(table+".municipality_id = ?", who.Municipality)
	if err != nil {
		_ = q.AddError(err)
	}
	return q
}

// find reads a meeting that the caller leads, is invited to or oversees, without what hangs on it.
func find(ctx context.Context, id uuid.UUID) (m Meeting, err error) {
	return m, db.One(mine(ctx, "meeting").Where("id = ?", id).Take(&m))
}

// Filter is what a list of meetings is limited to; nil does not limit.
type Filter struct {
	From, Until        *time.Time // ending from, starting before
	ChairID, DossierID *uuid.UUID
}

func list(ctx context.Context, f Filter, p page.Request) (rows []Meeting, err error) {
	q := mine(ctx, "meeting")
	if f.From != nil {
		q = q.Where("ends_at >= ?", *f.From)
	}
	if f.Until != nil {
		q = q.Where("starts_at < ?", *f.Until)
	}
	if f.ChairID != nil {
		q = q.Where("chair_id = ?", *f.ChairID)
	}
	if f.DossierID != nil {
		q = q.Where("id in (?)", mine(ctx, "agenda_item").Select("meeting_id").Where("dossier_id = ?", *f.DossierID))
	}
	if q, err = newestFirst(q, "starts_at", p); err != nil {
		return nil, err
	}
	return rows, q.Find(&rows).Error
}

// newestFirst cuts a list by (column, id), the latest first.
func newestFirst(q *gorm.DB, column string, p page.Request) (*gorm.DB, error) {
	if p.After != nil {
		at, err := p.After.Time()
		if err != nil {
			return nil, err
		}
		q = q.Where("("+column+", id) < (?, ?)", at, p.After.ID)
	}
	return q.Order(column + " desc, id desc").Limit(p.Limit + 1), nil
}

// agendaOf reads the agenda items of meetings in their order.
func agendaOf(ctx context.Context, meetings ...uuid.UUID) (rows []AgendaItem, err error) {
	return rows, mine(ctx, "agenda_item").Where("meeting_id in ?", meetings).Order("meeting_id, position, id").Find(&rows).Error
}

func findAgendaItem(ctx context.Context, id uuid.UUID) (i AgendaItem, err error) {
	return i, db.One(mine(ctx, "agenda_item").Where("id = ?", id).Take(&i))
}

// makeRoom moves the agenda items from the place of a new one on.
func makeRoom(ctx context.Context, i AgendaItem) error {
	if err := db.Decided(ctx, i); err != nil {
		return err
	}
	return mine(ctx, "agenda_item").Where("meeting_id = ? and position >= ?", i.MeetingID, i.Position).
		Update("position", gorm.Expr("position + 1")).Error
}

// invitationsOf reads the invitations to meetings in the order in which they were made.
func invitationsOf(ctx context.Context, meetings ...uuid.UUID) (rows []Invitation, err error) {
	return rows, mine(ctx, "invitation").Where("meeting_id in ?", meetings).Order("meeting_id, id").Find(&rows).Error
}

// findUnder reads a deliberation or a decision of an agenda item.
func findUnder[T any](ctx context.Context, table string, item, id uuid.UUID) (row T, err error) {
	return row, db.One(mine(ctx, table).Where("agenda_item_id = ? and id = ?", item, id).Take(&row))
}

// listUnder reads deliberations or decisions of an agenda item, the latest first.
func listUnder[T any](ctx context.Context, table string, item uuid.UUID, p page.Request) (rows []T, err error) {
	column := map[string]string{"deliberation": "recorded_at", "decision": "decided_at"}[table]
	q, err := newestFirst(mine(ctx, table).Where("agenda_item_id = ?", item), column, p)
	if err != nil {
		return nil, err
	}
	return rows, q.Find(&rows).Error
}

// latestDecisions reads the last n decisions about a dossier.
func latestDecisions(ctx context.Context, dossier uuid.UUID, n int) (rows []Decision, err error) {
	return rows, mine(ctx, "decision").Where("dossier_id = ?", dossier).Order("decided_at desc, id desc").Limit(n).Find(&rows).Error
}

// nextMeetings reads per dossier when the first coming meeting with it on the agenda starts.
func nextMeetings(ctx context.Context, dossiers []uuid.UUID, now time.Time) (map[uuid.UUID]time.Time, error) {
	if len(dossiers) == 0 {
		return nil, nil
	}
	var rows []struct {
		DossierID uuid.UUID
		StartsAt  time.Time
	}
	err := mine(ctx, "agenda_item").Select("agenda_item.dossier_id, min(m.starts_at) as starts_at").
		Joins("join meeting m on m.municipality_id = agenda_item.municipality_id and m.id = agenda_item.meeting_id").
		Where("agenda_item.dossier_id in ? and m.status = ? and m.starts_at >= ?", dossiers, Planned, now).
		Group("agenda_item.dossier_id").Find(&rows).Error
	next := make(map[uuid.UUID]time.Time, len(rows))
	for _, row := range rows {
		next[row.DossierID] = row.StartsAt
	}
	return next, err
}
