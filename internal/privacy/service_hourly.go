package privacy

import (
	"context"
	"errors"
	"fmt"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
)

// RemovePoliceDue takes police data from everybody when its term ends (Wpg 8(6)). It may run in many instances.
func (s *Service) RemovePoliceDue(ctx context.Context) error {
	return s.everywhere(ctx, "police-term", s.m.Dossiers.RemovePolice)
}

// TellOverdueBreaches tells municipal directors and privacy officers, once, of each data breach that was not reported within 72 hours
// and has no reason why not (AVG 33(1)). It may run in many instances.
func (s *Service) TellOverdueBreaches(ctx context.Context) error {
	return s.everywhere(ctx, "data-breach", s.tellOverdueBreaches)
}

// everywhere does something as the system in every municipality, each in a transaction of its own. One that fails does not hold up the
// others.
func (s *Service) everywhere(ctx context.Context, purpose string, do func(context.Context) error) error {
	municipalities, err := s.k.DB.Municipalities(ctx)
	failures := []error{err}
	for _, municipality := range municipalities {
		if err := s.k.DB.Tx(identity.With(ctx, identity.System(municipality, purpose)), do); err != nil {
			failures = append(failures, fmt.Errorf("%s in %s: %w", purpose, municipality, err))
		}
	}
	return errors.Join(failures...)
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
