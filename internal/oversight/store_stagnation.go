package oversight

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// standing is since when a dossier is where it is in its life, and when its regie is looked at again.
type standing struct {
	ID         uuid.UUID
	Since      time.Time
	ReviewDate *time.Time // of the latest decision on the regie
}

const standingsSQL = `select d.id, d.review_date, greatest(d.opened_at, d.changed_status, d.reopened) as since from (
	select d.id, d.opened_at,
		(select max(c.decided_at) from status_change c where c.municipality_id = d.municipality_id and c.dossier_id = d.id) as changed_status,
		(select max(r.decided_at) from reopening r where r.municipality_id = d.municipality_id and r.dossier_id = d.id) as reopened,
		(select c.review_date from regie_change c where c.municipality_id = d.municipality_id and c.dossier_id = d.id and c.by_table is null
			order by c.decided_at desc, c.id desc limit 1) as review_date
	from dossier d where d.municipality_id = (select me_municipality()) and d.id = any(?) and d.shielded_at is null) d`

func standings(ctx context.Context, ids []uuid.UUID) (rows []standing, err error) {
	err = db.Conn(ctx).Raw(standingsSQL, db.IDs(ids)).Scan(&rows).Error
	return rows, err
}

// undertaken counts the actions that one partner carries out in a dossier.
type undertaken struct {
	DossierID, PartnerID uuid.UUID
	Open, Done, Overdue  int
	OverdueSince         *time.Time // a date: the earliest term that passed
	LastDone             *time.Time
}

const actionsSQL = `select a.dossier_id, a.partner_id, count(*) filter (where a.status = 'open') as open, count(*) filter (where a.status = 'done') as done,
	count(*) filter (where a.status = 'open' and a.due_date < @today) as overdue,
	min(a.due_date) filter (where a.status = 'open' and a.due_date < @today) as overdue_since, max(done.at) as last_done
	from action a left join lateral (select max(c.completed_at) as at from completion c
		where c.municipality_id = a.municipality_id and c.action_id = a.id) done on true
	where a.municipality_id = (select me_municipality()) and a.dossier_id = any(@ids) group by a.dossier_id, a.partner_id`

func actionsIn(ctx context.Context, ids []uuid.UUID, today time.Time) (rows []undertaken, err error) {
	err = db.Conn(ctx).Raw(actionsSQL, map[string]any{"today": today, "ids": db.IDs(ids)}).Scan(&rows).Error
	return rows, err
}

// missing counts the meetings on a dossier that are over and were neither held nor cancelled.
type missing struct {
	DossierID uuid.UUID
	Missed    int
	Since     time.Time
}

// missedSQL leaves out what came before the last meeting that was held.
const missedSQL = `select past.dossier_id, count(*) as missed, min(past.ends_at) as since from (
	select i.dossier_id, m.ends_at, m.status, max(m.ends_at) filter (where m.status in ('held', 'finalised')) over (partition by i.dossier_id) as held
	from agenda_item i join meeting m on m.municipality_id = i.municipality_id and m.id = i.meeting_id
	where i.municipality_id = (select me_municipality()) and i.dossier_id = any(?) and m.ends_at < ?) past
	where past.status = 'planned' and (past.held is null or past.ends_at > past.held) group by past.dossier_id`

func meetingsPast(ctx context.Context, ids []uuid.UUID, now time.Time) (rows []missing, err error) {
	err = db.Conn(ctx).Raw(missedSQL, db.IDs(ids), now).Scan(&rows).Error
	return rows, err
}

// carrier is somebody who carries out actions, or a partner that has nobody do it by name.
type carrier struct {
	PartnerID      uuid.UUID
	ProfessionalID *uuid.UUID
	Open           int
	Since          time.Time
	Until          time.Time // when the last of them changed
}

func carriers(ctx context.Context, dossier uuid.UUID) (rows []carrier, err error) {
	err = db.Mine(ctx, "action").Where("dossier_id = ? and status <> 'cancelled'", dossier).Group("partner_id, professional_id").
		Select("partner_id, professional_id, count(*) filter (where status = 'open') as open, min(created_at) as since, max(changed_at) as until").
		Scan(&rows).Error
	return rows, err
}
