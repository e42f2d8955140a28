package alert

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// FanOut puts events in the inboxes of who is told of them at this moment, with a delivery by mail where he wishes one,
// in the running transaction of the system. The sequencer calls it.
func (s *Service) FanOut(ctx context.Context, events []delivery.Event) error {
	to, err := s.audienceOf(ctx, events)
	if err != nil {
		return err
	}
	var of []delivery.Event
	var alerts []Alert
	for _, e := range events {
		if e.DossierID == nil && !ofOffice(e) || e.Name == lost {
			continue
		}
		add := func(id uuid.UUID, byRule bool) {
			alerts = append(alerts, Alert{
				MunicipalityID: e.MunicipalityID, ID: uuid.Must(uuid.NewV7()), Seq: e.Seq, ProfessionalID: id, Named: slices.Contains(e.Tell, id) && !ofOwner(e), ByRule: byRule, CreatedAt: s.k.Now(),
			})
			of = append(of, e)
		}
		for _, id := range to.recipients(e) {
			add(id, false)
		}
		for _, id := range to.byRule(e) {
			add(id, true)
		}
	}
	deliveries, err := s.mails(ctx, alerts, of, to)
	if err != nil {
		return err
	}
	if err := insert(ctx, alerts, deliveries); err != nil {
		return err
	}
	db.AfterCommit(ctx, func() {
		s.changes.Add(int64(len(events)))
		s.alerts.Add(int64(len(alerts)))
	})
	if err := s.fanOutHooks(ctx, events); err != nil {
		return err
	}
	if len(deliveries) > 0 {
		db.AfterCommit(ctx, s.outbox.wake)
	}
	return nil
}

// circleOf reads the dossiers of events, who stands in for those who direct them, and the municipal
// directors where they are concerned. A dossier that is gone has nobody to tell.
func (s *Service) circleOf(ctx context.Context, events []delivery.Event) (c circle, err error) {
	in := map[uuid.UUID]bool{}
	for _, e := range events {
		if e.DossierID != nil {
			in[*e.DossierID] = true
		}
	}
	if c.dossiers, err = s.m.Dossiers.FindAll(ctx, slices.Collect(maps.Keys(in))); err != nil {
		return c, err
	}
	direct := map[uuid.UUID]bool{}
	for _, d := range c.dossiers {
		for _, id := range holders(d) {
			direct[id] = true
		}
	}
	for _, e := range events {
		for _, id := range ownersIn(e) {
			direct[id] = true
		}
	}
	if c.standIns, err = s.m.People.StandIns(ctx, slices.Collect(maps.Keys(direct)), s.k.Now()); err != nil {
		return c, err
	}
	if slices.ContainsFunc(events, func(e delivery.Event) bool { return concernsDirectors(e.Name) }) {
		c.directors, err = s.m.People.Holding(ctx, identity.MunicipalDirector, s.k.Now())
	}
	return c, err
}
