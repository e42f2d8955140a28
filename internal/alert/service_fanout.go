package alert

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// FanOut puts events in the inboxes of who directs their dossiers at this moment, with a delivery
// by mail and its job, in the running transaction of the system. The sequencer calls it.
func (s *Service) FanOut(ctx context.Context, events []delivery.Event) error {
	now := s.k.Now()
	found := map[uuid.UUID]direction{}
	var alerts []Alert
	var deliveries []Delivery
	for _, e := range events {
		if e.DossierID == nil {
			continue
		}
		to, err := s.direction(ctx, *e.DossierID, found)
		if err != nil {
			return err
		}
		for _, id := range recipients(to.Dossier, to.standIns, e.ActorID) {
			alert := Alert{MunicipalityID: e.MunicipalityID, ID: uuid.Must(uuid.NewV7()), Seq: e.Seq, ProfessionalID: id, CreatedAt: now}
			alerts = append(alerts, alert)
			deliveries = append(deliveries, alert.byMail(now))
		}
	}
	if err := insert(ctx, alerts, deliveries); err != nil {
		return err
	}
	return s.m.Queue.Add(ctx, jobs(deliveries)...)
}

// byMail is the delivery of a new alert by mail.
func (a Alert) byMail(now time.Time) Delivery {
	return Delivery{
		MunicipalityID: a.MunicipalityID, ID: uuid.Must(uuid.NewV7()), AlertID: a.ID, Channel: email, State: Pending, NextTryAt: &now,
		CreatedAt: now, ChangedAt: now,
	}
}

func jobs(deliveries []Delivery) []delivery.Job {
	all := make([]delivery.Job, len(deliveries))
	for i, d := range deliveries {
		all[i] = delivery.Job{Municipality: d.MunicipalityID, Delivery: d.ID}
	}
	return all
}

// direction is a dossier with who stands in for those who direct it.
type direction struct {
	dossier.Dossier
	standIns map[uuid.UUID][]uuid.UUID
}

// direction reads who directs a dossier, once per batch. A dossier that is gone has nobody to tell.
func (s *Service) direction(ctx context.Context, id uuid.UUID, found map[uuid.UUID]direction) (to direction, err error) {
	if to, there := found[id]; there {
		return to, nil
	}
	to.Dossier, err = s.m.Dossiers.Find(ctx, id)
	if err != nil && !problem.Is(err, problem.NotFound) {
		return to, err
	}
	if to.standIns, err = s.m.People.StandIns(ctx, holders(to.Dossier), s.k.Now()); err != nil {
		return to, err
	}
	found[id] = to
	return to, nil
}
