package dossier

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// State is how a dossier stands at a moment.
type State struct {
	Status         Status
	Phase          int
	CaseDirectorID *uuid.UUID // nil when nobody was appointed
	ChairID        *uuid.UUID
}

// State is how the dossier stands now.
func (d Dossier) State() State {
	return State{Status: d.Status, Phase: d.RegiePhase, CaseDirectorID: d.CaseDirectorID, ChairID: d.ChairID}
}

// StateAt is how a dossier that the caller reads stood at a moment after it was opened, by the decisions that were taken. It
// needs a transaction.
func (s *Service) StateAt(ctx context.Context, d Dossier, at time.Time) (then State, err error) {
	if then.Status, err = statusAt(ctx, d.ID, at); err != nil {
		return then, err
	}
	var changes []RegieChange
	err = db.Mine(ctx, "regie_change").Where("dossier_id = ?", d.ID).Order("decided_at, id").Find(&changes).Error
	then.Phase = 1
	chaired := false
	for _, c := range changes {
		chaired = chaired || c.ChairID != nil
		if c.DecidedAt.After(at) {
			continue
		}
		if c.Phase != nil {
			then.Phase = *c.Phase
		}
		if c.CaseDirectorID != nil {
			then.CaseDirectorID = c.CaseDirectorID
		}
		if c.ChairID != nil {
			then.ChairID = c.ChairID
		}
	}
	if !chaired { // since it was opened
		then.ChairID = d.ChairID
	}
	return then, err
}

// statusAt is the status that the last decision until a moment gave.
func statusAt(ctx context.Context, dossier uuid.UUID, at time.Time) (Status, error) {
	var found []Status
	decided := func(table, status string) any {
		return db.Mine(ctx, table).Select(status+" as status, decided_at, id").Where("dossier_id = ? and decided_at <= ?", dossier, at)
	}
	err := db.Conn(ctx).Raw("select status from (? union all ? union all ?) all_decisions order by decided_at desc, id desc limit 1",
		decided("status_change", "to_status"), decided("closure", "'closed'"), decided("reopening", "status")).Scan(&found).Error
	if err != nil || len(found) == 0 {
		return Intake, err
	}
	return found[0], nil
}

// ItemsUntil reads the last n items of a dossier that the caller may read and that were added until a moment. It needs a
// transaction.
func (s *Service) ItemsUntil(ctx context.Context, dossier uuid.UUID, n int, at time.Time) ([]SeenItem, error) {
	var rows []Item
	err := db.Mine(ctx, "item").Where("dossier_id = ? and added_at <= ?", dossier, at).Order("added_at desc, id desc").Limit(n).Find(&rows).Error
	if err != nil {
		return nil, err
	}
	return s.readable(ctx, rows)
}
