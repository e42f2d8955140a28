package alert

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
)

// mails are the deliveries of new alerts, each on its event; none where its recipient wishes no mail, nor of a mail that
// failed, or when nothing leaves.
func (s *Service) mails(ctx context.Context, alerts []Alert, of []delivery.Event, to audience) (all []Delivery, err error) {
	if len(alerts) == 0 {
		return nil, nil
	}
	told := map[uuid.UUID]bool{}
	for _, a := range alerts {
		told[a.ProfessionalID] = true
	}
	people := slices.Collect(maps.Keys(told))
	wishes, err := preferences(ctx, people)
	if err != nil {
		return nil, err
	}
	set, err := s.m.People.FindSettings(ctx)
	if err != nil {
		return nil, err
	}
	m := moment{now: s.k.Now(), window: set.MailWindow(), zone: time.UTC}
	if len(wishes) > 0 {
		m.zone = s.m.People.ZoneOf(ctx)
	}
	last, err := lastMails(ctx, people, m.now, m.window)
	if err != nil {
		return nil, err
	}
	for i, a := range alerts {
		e := of[i]
		in := post{a.ProfessionalID, e.Dossier()}
		m.urgent, m.last, m.muted = highPriority(e.Name), last[in], to.mutes(a.ProfessionalID, e)
		at, digest, wished := wishes.of(a.MunicipalityID, a.ProfessionalID).due(m)
		if !wished || e.Name == failed || e.Name == stalled {
			continue
		}
		if !digest {
			last[in] = at
		}
		all = append(all, a.byMail(e.Dossier(), m.now, at, digest))
	}
	return all, nil
}

// byMail is the delivery of a new alert by mail.
func (a Alert) byMail(dossier uuid.UUID, now, due time.Time, digest bool) Delivery {
	d := Delivery{
		MunicipalityID: a.MunicipalityID, ID: uuid.Must(uuid.NewV7()), AlertID: a.ID, ProfessionalID: a.ProfessionalID, DossierID: dossier, Seq: a.Seq,
		Channel: email, State: Pending, DueAt: due, Digest: digest, TriedFrom: due, CreatedAt: now, ChangedAt: now,
	}
	d.NextTryAt = &due
	return d
}
