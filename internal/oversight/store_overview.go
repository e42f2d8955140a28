package oversight

import (
	"context"
	"time"

	"gorm.io/gorm"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// dossierHeap are open dossiers that are alike.
type dossierHeap struct {
	Type, Status string
	RegiePhase   int
	LocationKind *string // where the caller sees whom they are about
	Many         int
}

// recognised is where the caller sees whom a dossier is about (category identity, bit 0).
const recognised = `(select true from my_admissions m where m.dossier_id = dossier.id and not m.shielded and m.see & 1 = 1 limit 1)`

// open are the dossiers that are counted.
func open(ctx context.Context, among Among) *gorm.DB {
	q := db.Mine(ctx, "dossier").Where("shielded_at is null and dossier.status not in ('closed', 'rejected')")
	if among.Type != nil {
		q = q.Where("type = ?", *among.Type)
	}
	if among.NeighbourhoodCode != nil {
		q = q.Where("neighbourhood_code = ?", *among.NeighbourhoodCode)
	}
	if among.Theme != nil {
		q = q.Where("themes @> to_jsonb(?::text)", *among.Theme)
	}
	if among.LocationKind != nil {
		q = q.Where(recognised+" and location ->> 'kind' = ?", *among.LocationKind)
	}
	return q
}

func openDossiers(ctx context.Context, among Among) *db.Answer[dossierHeap] {
	return db.Later[dossierHeap](open(ctx, among).Group("1, 2, 3, 4").Select(
		"type, status, regie_phase, case when location is not null and " + recognised + " then location ->> 'kind' end as location_kind, count(*) as many"))
}

// planCount are running plans.
type planCount struct{ Draft, Final int }

func runningPlans(ctx context.Context, among Among) *db.Answer[planCount] {
	return db.Later[planCount](db.Mine(ctx, "plan").Where("plan.dossier_id in (?)", open(ctx, among).Select("dossier.id")).
		Select("count(*) filter (where plan.status = 'draft') as draft, count(*) filter (where plan.status = 'final') as final"))
}

// actionCount are open actions.
type actionCount struct{ Open, Overdue int }

func openActionsIn(ctx context.Context, among Among, today time.Time) *db.Answer[actionCount] {
	return db.Later[actionCount](db.Mine(ctx, "action").Where("action.status = 'open' and action.dossier_id in (?)", open(ctx, among).Select("dossier.id")).
		Select("count(*) as open, count(*) filter (where action.due_date < ?) as overdue", today))
}

// meetingCount are coming meetings.
type meetingCount struct{ Many int }

func comingMeetings(ctx context.Context, among Among, now time.Time) *db.Answer[meetingCount] {
	q := db.Mine(ctx, "meeting").Where("meeting.status = 'planned' and meeting.starts_at >= ?", now)
	if among.narrows() {
		q = q.Where("meeting.id in (?)", db.Mine(ctx, "agenda_item").Select("agenda_item.meeting_id").Where("agenda_item.dossier_id in (?)", open(ctx, among).Select("dossier.id")))
	}
	return db.Later[meetingCount](q.Select("count(*) as many"))
}
