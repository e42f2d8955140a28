package meeting

import (
	"context"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// find reads a meeting that the caller leads, is invited to or oversees, without what hangs on it.
func find(ctx context.Context, id uuid.UUID) (m Meeting, err error) {
	err = db.One(db.Mine(ctx, "meeting").Where("id = ?", id).Take(&m))
	return m, err
}

// hold reads a meeting as find does, and lets nobody else change it or invite to it until the transaction
// ends: who is invited while it is cancelled must not stay in.
func hold(ctx context.Context, id uuid.UUID) (m Meeting, err error) {
	err = db.One(db.Mine(ctx, "meeting").Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).Where("id = ?", id).Take(&m))
	return m, err
}

// Filter is what a list of meetings is limited to; nil does not limit.
type Filter struct {
	From, Until                  *time.Time // ending from, starting before
	ChairID, DossierID, SeriesID *uuid.UUID
}

func list(ctx context.Context, f Filter, p page.Request) (rows []Meeting, err error) {
	q := db.Mine(ctx, "meeting")
	if f.From != nil {
		q = q.Where("ends_at >= ?", *f.From)
	}
	if f.Until != nil {
		q = q.Where("starts_at < ?", *f.Until)
	}
	if f.ChairID != nil {
		q = q.Where("chair_id = ?", *f.ChairID)
	}
	if f.SeriesID != nil {
		q = q.Where("series_id = ?", *f.SeriesID)
	}
	if f.DossierID != nil {
		q = q.Where("id in (?)", db.Mine(ctx, "agenda_item").Select("meeting_id").Where("dossier_id = ?", *f.DossierID))
	}
	if q, err = db.NewestFirst(q, "starts_at", p); err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}

// plannedStarts reads when the planned meetings of the same table and chair start, from a moment on.
func plannedStarts(ctx context.Context, like Meeting, from time.Time) (starts []time.Time, err error) {
	err = db.Mine(ctx, "meeting").Where("table_id = ? and chair_id = ? and status = ? and starts_at >= ?", *like.TableID, like.ChairID, Planned, from).
		Pluck("starts_at", &starts).Error
	return starts, err
}

// agendaOf reads the agenda items of meetings in their order.
func agendaOf(ctx context.Context, meetings ...uuid.UUID) (rows []AgendaItem, err error) {
	err = db.Mine(ctx, "agenda_item").Where("meeting_id in ?", meetings).Order("meeting_id, position, id").Find(&rows).Error
	return rows, err
}

func findAgendaItem(ctx context.Context, id uuid.UUID) (i AgendaItem, err error) {
	err = db.One(db.Mine(ctx, "agenda_item").Where("id = ?", id).Take(&i))
	return i, err
}

// makeRoom moves the agenda items from the place of a new one on.
func makeRoom(ctx context.Context, i AgendaItem) error {
	if err := db.Decided(ctx, i); err != nil {
		return err
	}
	return db.Mine(ctx, "agenda_item").Where("meeting_id = ? and position >= ?", i.MeetingID, i.Position).
		Update("position", gorm.Expr("position + 1")).Error
}

// invitationsOf reads the invitations to meetings in the order in which they were made.
func invitationsOf(ctx context.Context, meetings ...uuid.UUID) (rows []Invitation, err error) {
	err = db.Mine(ctx, "invitation").Where("meeting_id in ?", meetings).Order("meeting_id, id").Find(&rows).Error
	return rows, err
}

// declinedBy reads the invitation that a professional declined; nil when there is none.
func declinedBy(ctx context.Context, meeting uuid.UUID, professional *uuid.UUID) (*Invitation, error) {
	if professional == nil {
		return nil, nil
	}
	var rows []Invitation
	err := db.Mine(ctx, "invitation").Where("meeting_id = ? and professional_id = ? and response = ?", meeting, *professional, Declined).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

// findUnder reads a deliberation or a decision of an agenda item.
func findUnder[T any](ctx context.Context, table string, item, id uuid.UUID) (row T, err error) {
	err = db.One(db.Mine(ctx, table).Where("agenda_item_id = ? and id = ?", item, id).Take(&row))
	return row, err
}

// listUnder reads deliberations or decisions of an agenda item, the latest first.
func listUnder[T any](ctx context.Context, table string, item uuid.UUID, p page.Request) (rows []T, err error) {
	column := map[string]string{"deliberation": "recorded_at", "decision": "decided_at"}[table]
	q, err := db.NewestFirst(db.Mine(ctx, table).Where("agenda_item_id = ?", item), column, p)
	if err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}

// latestDecisions reads the last n decisions about a dossier that hold.
func latestDecisions(ctx context.Context, dossier uuid.UUID, n int) (rows []Decision, err error) {
	err = db.Mine(ctx, "decision").Where(`dossier_id = ? and (select true from decision later
		where later.municipality_id = decision.municipality_id and later.supersedes = decision.id limit 1) is null`, dossier).Order("decided_at desc, id desc").Limit(n).Find(&rows).Error
	return rows, err
}

// dated is a moment in a dossier.
type dated struct {
	DossierID uuid.UUID
	At        time.Time
}

// nextMeetings reads per dossier when the first coming meeting with it on the agenda starts.
func nextMeetings(ctx context.Context, dossiers []uuid.UUID, now time.Time) *db.Answer[dated] {
	return db.Later[dated](db.Mine(ctx, "agenda_item").Select("agenda_item.dossier_id, min(m.starts_at) as at").
		Joins("join meeting m on m.municipality_id = agenda_item.municipality_id and m.id = agenda_item.meeting_id").
		Where("agenda_item.dossier_id = any(?) and m.status = ? and m.starts_at >= ?", db.IDs(dossiers), Planned, now).
		Group("agenda_item.dossier_id"))
}

func visible(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]bool, error) {
	return inSight(ctx, "meeting", ids)
}

func visibleItems(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]bool, error) {
	return inSight(ctx, "agenda_item", ids)
}

func inSight(ctx context.Context, table string, ids []uuid.UUID) (map[uuid.UUID]bool, error) {
	var found []uuid.UUID
	err := db.Mine(ctx, table).Where("id in ?", ids).Pluck("id", &found).Error
	set := make(map[uuid.UUID]bool, len(found))
	for _, id := range found {
		set[id] = true
	}
	return set, err
}

// lastChanges reads when the latest deliberation or decision was recorded, per dossier.
func lastChanges(ctx context.Context, dossiers []uuid.UUID) *db.Answer[dated] {
	return db.Later[dated](db.Conn(ctx).Raw("select dossier_id, max(at) as at from (? union all ?) c group by dossier_id",
		db.Mine(ctx, "decision").Select("dossier_id, decided_at as at").Where("dossier_id = any(?)", db.IDs(dossiers)),
		db.Mine(ctx, "deliberation").Select("dossier_id, recorded_at as at").Where("dossier_id = any(?)", db.IDs(dossiers))))
}

func byDossier(rows []dated) map[uuid.UUID]time.Time {
	by := make(map[uuid.UUID]time.Time, len(rows))
	for _, row := range rows {
		by[row.DossierID] = row.At
	}
	return by
}
