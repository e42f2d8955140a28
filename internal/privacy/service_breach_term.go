package privacy

import (
	"context"
	"errors"
	"fmt"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
)

// TellOverdueBreaches tells municipal directors and privacy officers, once, of each data breach that was not reported within 72 hours
// and has no reason why not (AVG 33(1)). It may run in many instances.
func (s *Service) TellOverdueBreaches(ctx context.Context) error {
	municipalities, err := s.k.DB.Municipalities(ctx)
	if err != nil {
		return err
	}
	var failed error
	for _, municipality := range municipalities {
		err := s.k.DB.Tx(identity.With(ctx, identity.System(municipality, "data-breach")), s.tellOverdueBreaches)
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("data breaches of %s: %w", municipality, err))
		}
	}
	return failed
}

func (s *Service) tellOverdueBreaches(ctx context.Context) error {
	now := s.k.Now()
	rows, err := breachesPastTerm(ctx, now.Add(-reportWithin))
	if err != nil || len(rows) == 0 {
		return err
	}
	officers, err := s.m.People.Holding(ctx, identity.PrivacyOfficer, now)
	if err != nil {
		return err
	}
	for _, before := range rows {
		after := before
		after.OverdueToldAt = &now
		if _, err := db.Update(ctx, &before, &after); err != nil {
			return err
		}
		e := journal.Event{Name: "data-breach.overdue", Subject: journal.Subject{Type: "data-breach", ID: after.ID}, Office: true, Tell: officers}
		if err := s.k.Journal.Record(ctx, e); err != nil {
			return err
		}
	}
	return nil
}
