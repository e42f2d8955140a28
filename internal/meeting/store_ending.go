package meeting

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// endingsOf reads how a meeting ended in one way.
func endingsOf(ctx context.Context, meeting uuid.UUID, kind EndingKind) (rows []Ending, err error) {
	err = db.Mine(ctx, "meeting_step").Where("meeting_id = ? and kind = ?", meeting, kind).Find(&rows).Error
	return rows, err
}

// attendancesOf reads who was at a meeting, the latest recorded first.
func attendancesOf(ctx context.Context, meeting uuid.UUID) (rows []Attendance, err error) {
	err = db.Mine(ctx, "attendance").Where("meeting_id = ?", meeting).Order("recorded_at desc, id desc").Find(&rows).Error
	return rows, err
}

// allUnder reads the deliberations or decisions of agenda items, the earliest first.
func allUnder[T any](ctx context.Context, table string, items []uuid.UUID) (rows []T, err error) {
	column := map[string]string{"deliberation": "recorded_at", "decision": "decided_at"}[table]
	err = db.Mine(ctx, table).Where("agenda_item_id = any(?)", db.IDs(items)).Order(column + ", id").Find(&rows).Error
	return rows, err
}

func findDecision(ctx context.Context, id uuid.UUID) (d Decision, err error) {
	err = db.One(db.Mine(ctx, "decision").Where("id = ?", id).Take(&d))
	return d, err
}

// supersessions tells by which decisions these were superseded.
func supersessions(ctx context.Context, decisions []uuid.UUID) (map[uuid.UUID]uuid.UUID, error) {
	var rows []Decision
	err := db.Mine(ctx, "decision").Select("id, supersedes").Where("supersedes = any(?)", db.IDs(decisions)).Find(&rows).Error
	by := make(map[uuid.UUID]uuid.UUID, len(rows))
	for _, d := range rows {
		by[*d.Supersedes] = d.ID
	}
	return by, err
}

// nextOfTable reads the first planned meeting of the same table and chair after one; nil without.
func nextOfTable(ctx context.Context, m Meeting) (*Meeting, error) {
	var rows []Meeting
	err := db.Mine(ctx, "meeting").Where("table_id = ? and chair_id = ? and status = ? and starts_at > ?", *m.TableID, m.ChairID, Planned, m.StartsAt).
		Order("starts_at, id").Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

// unfinishedAt reads what meetings of a table left unfinished, or one of them, in their order: for who led them or has the
// chair of the table. Who was only invited takes nothing to a meeting of his own.
func unfinishedAt(ctx context.Context, table uuid.UUID, from *uuid.UUID) (rows []AgendaItem, err error) {
	q := db.Mine(ctx, "agenda_item").Select("agenda_item.*").
		Joins("join meeting m on m.municipality_id = agenda_item.municipality_id and m.id = agenda_item.meeting_id").
		Where("m.table_id = ? and m.status = ? and agenda_item.unfinished and agenda_item.dossier_id is not null", table, Finalised).
		Where(`((select true from my_meetings w where w.meeting_id = m.id and w.leads limit 1)
			or (select true from consultation_table t where t.municipality_id = m.municipality_id and t.id = m.table_id
				and t.chair_id = any ((select me_holders())::uuid[]) limit 1))`)
	if from != nil {
		q = q.Where("m.id = ?", *from)
	}
	err = q.Order("m.starts_at, agenda_item.position, agenda_item.id").Find(&rows).Error
	return rows, err
}

// findProposals reads the proposals for the agenda of a meeting, the latest first.
func findProposals(ctx context.Context, meeting uuid.UUID) (rows []Proposal, err error) {
	err = db.Mine(ctx, "agenda_proposal").Where("meeting_id = ?", meeting).Order("proposed_at desc, id desc").Find(&rows).Error
	return rows, err
}
