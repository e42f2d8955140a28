package alert

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
)

// atRest is how long something that is due may wait before the way out counts as standing still.
const atRest = 5 * time.Minute

// standstill is what waits longest in a municipality in which nothing leaves any more.
type standstill struct {
	MunicipalityID string
	DossierID      *uuid.UUID // nil when it is about none
	Since          time.Time
}

// Watch notices where nothing leaves any more: mails that are due are not tried, or events are not numbered. The municipal
// directors are told once of each standstill; while events are not numbered they hear of it when that goes on again, and the
// log and the figures tell of it meanwhile. It may run in many instances.
func (s *Service) Watch(ctx context.Context) error {
	now := s.k.Now()
	var still []standstill
	var known []string
	err := errors.Join(
		s.k.DB.Lookup(ctx, &still, "select * from standstills(?, ?)", now, now.Add(-atRest)),
		s.k.DB.Lookup(ctx, &known, "select * from open_standstills()"))
	if err != nil {
		return err
	}
	var failures []error
	for _, one := range still {
		if !slices.Contains(known, one.MunicipalityID) {
			failures = append(failures, s.noticed(ctx, one, now))
		}
	}
	for _, municipality := range known {
		if !slices.ContainsFunc(still, func(one standstill) bool { return one.MunicipalityID == municipality }) {
			failures = append(failures, s.k.DB.Tx(watching(ctx, municipality), func(ctx context.Context) error { return endStandstill(ctx, now) }))
		}
	}
	return errors.Join(failures...)
}

func watching(ctx context.Context, municipality string) context.Context {
	return identity.With(ctx, identity.System(municipality, "delivery"))
}

// noticed notes a standstill and tells of it, unless another instance did.
func (s *Service) noticed(ctx context.Context, one standstill, now time.Time) error {
	return s.k.DB.Tx(watching(ctx, one.MunicipalityID), func(ctx context.Context) error {
		id := uuid.Must(uuid.NewV7())
		first, err := beginStandstill(ctx, one, id, now)
		if err != nil || !first {
			return err
		}
		s.m.Log.WarnContext(ctx, "what is to leave stands still", "municipality", one.MunicipalityID, "since", one.Since)
		e := journal.Event{Name: stalled, Subject: journal.Subject{Type: "pipeline", ID: id}, Office: one.DossierID == nil, Fields: []string{"since"}}
		if one.DossierID != nil {
			e.Dossier = *one.DossierID
		}
		return s.k.Journal.Record(ctx, e)
	})
}

// Told is how many changes this process has told of, and in how many inboxes.
func (s *Service) Told() (changes, alerts int64) { return s.changes.Load(), s.alerts.Load() }
