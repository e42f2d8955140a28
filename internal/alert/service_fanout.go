package alert

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// FanOut puts events in the inboxes of who is told of them at this moment, with a delivery by mail and
// its job, in the running transaction of the system. The sequencer calls it.
func (s *Service) FanOut(ctx context.Context, events []delivery.Event) error {
	now := s.k.Now()
	circle, err := s.circleOf(ctx, events)
	if err != nil {
		return err
	}
	var alerts []Alert
	var deliveries []Delivery
	for _, e := range events {
		if e.DossierID == nil {
			continue
		}
		for _, id := range circle.recipients(e) {
			alert := Alert{MunicipalityID: e.MunicipalityID, ID: uuid.Must(uuid.NewV7()), Seq: e.Seq, ProfessionalID: id, Named: slices.Contains(e.Tell, id), CreatedAt: now}
			alerts = append(alerts, alert)
			if e.Name != failed {
				deliveries = append(deliveries, alert.byMail(*e.DossierID, now))
			}
		}
	}
	if err := insert(ctx, alerts, deliveries); err != nil {
		return err
	}
	if err := s.fanOutHooks(ctx, events); err != nil {
		return err
	}
	return s.m.Queue.Add(ctx, jobs(deliveries)...)
}

// byMail is the delivery of a new alert by mail.
func (a Alert) byMail(dossier uuid.UUID, now time.Time) Delivery {
	return Delivery{
		MunicipalityID: a.MunicipalityID, ID: uuid.Must(uuid.NewV7()), AlertID: a.ID, ProfessionalID: a.ProfessionalID, DossierID: dossier, Seq: a.Seq,
		Channel: email, State: Pending, DueAt: now, TriedFrom: now, NextTryAt: &now, CreatedAt: now, ChangedAt: now,
	}
}

func jobs(deliveries []Delivery) []delivery.Job {
	all := make([]delivery.Job, len(deliveries))
	for i, d := range deliveries {
		all[i] = delivery.Job{Municipality: d.MunicipalityID, Delivery: d.ID}
	}
	return all
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
	if c.standIns, err = s.m.People.StandIns(ctx, slices.Collect(maps.Keys(direct)), s.k.Now()); err != nil {
		return c, err
	}
	if slices.ContainsFunc(events, func(e delivery.Event) bool { return concernsDirectors(e.Name) }) {
		c.directors, err = s.m.People.Holding(ctx, identity.MunicipalDirector, s.k.Now())
	}
	return c, err
}
