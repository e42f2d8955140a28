package alert

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
	"github.com/wijkregie/wijkregie/pkg/webhook"
)

// HookPurpose is why something goes to a subscription.
type HookPurpose string

// The purposes. What is no event is about no dossier.
const (
	ForEvent      HookPurpose = "event"
	ForTest       HookPurpose = "test"
	ForValidation HookPurpose = "validation" // to ask the receiver whether it wants events
	ForReplay     HookPurpose = "replay"     // to send events once more
)

// HookDelivery is something on its way to a subscription.
type HookDelivery struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	Place          int64     `gorm:"->" etag:"-"` // the order in which what is about one dossier leaves; the database counts
	SubscriptionID uuid.UUID `etag:"-"`
	Purpose        HookPurpose
	EventID        uuid.UUID `etag:"-"`
	Round          int64     `etag:"-"` // 0, or the place of the replay that made it
	DossierID      *uuid.UUID
	Seq            int64  // of the event in the feed; of a replay, from where on
	Kind           string // what it tells; empty before it is decided that the client may read it
	State          State
	Attempts       int
	DueAt          time.Time `etag:"-"`
	TriedFrom      time.Time `etag:"-"`
	NextTryAt      *time.Time
	HeldUntil      *time.Time `etag:"-"`
	LastAnswer     string
	CreatedAt      time.Time `etag:"-"`
	ChangedAt      time.Time
}

// TableName is where GORM finds it.
func (HookDelivery) TableName() string { return "webhook_delivery" }

// Guarded implements db.Row: it is decided on with its subscription.
func (d HookDelivery) Guarded() uuid.UUID { return d.SubscriptionID }

// hook is a new delivery to a subscription.
func (s Subscription) hook(purpose HookPurpose, now time.Time) HookDelivery {
	id := uuid.Must(uuid.NewV7())
	return HookDelivery{
		MunicipalityID: s.MunicipalityID, ID: id, SubscriptionID: s.ID, Purpose: purpose, EventID: id, State: Pending, DueAt: now, TriedFrom: now,
		NextTryAt: &now, CreatedAt: now, ChangedAt: now,
	}
}

// tell is the delivery of an event to a subscription.
func (s Subscription) tell(e delivery.Event, round int64, now time.Time) HookDelivery {
	d := s.hook(ForEvent, now)
	d.EventID, d.DossierID, d.Seq, d.Round = e.ID, e.DossierID, e.Seq, round
	return d
}

// ends notes that nothing more will be sent.
func (d *HookDelivery) ends(state State, answer string) {
	d.State, d.NextTryAt, d.HeldUntil, d.LastAnswer = state, nil, nil, cut(answer)
}

// waits notes what was answered and when it is tried again; it has failed when there is no more.
func (d *HookDelivery) waits(answer string, next time.Time, more bool) {
	if !more {
		d.ends(Failed, answer)
		return
	}
	d.LastAnswer, d.HeldUntil, d.NextTryAt = cut(answer), nil, &next
}

func (d HookDelivery) job() delivery.HookJob {
	return delivery.HookJob{Municipality: d.MunicipalityID, Delivery: d.ID}
}

func hookJobs(all []HookDelivery) []delivery.HookJob {
	jobs := make([]delivery.HookJob, len(all))
	for i, d := range all {
		jobs[i] = d.job()
	}
	return jobs
}

// toSystems tells whether an event is for the systems of those who take part: not what is for municipal directors or for
// one person alone, nor how a dossier is opened to whom.
func toSystems(e delivery.Event) bool {
	return e.DossierID != nil && !forDirectors(e) && !toNamedAlone(e.Name) && !howOpened(e.SubjectType)
}

// envelope is what every event to a receiver has in common (CloudEvents 1.0, NL GOV profile 1.1).
func envelope(source, id, kind string, at time.Time) webhook.Event {
	return webhook.Event{
		SpecVersion: "1.0", ID: id, Source: source, Type: "nl.wijkregie." + kind + ".v1", Time: at.UTC(), DataContentType: "application/json",
		Data: webhook.Data{ChangedFields: []string{}},
	}
}

// sourceOf is the name of the system of a municipality: by its organisation number, or its CBS code without one.
func sourceOf(municipality, oin string) string {
	if oin == "" {
		return "urn:nld:cbs:" + municipality + ":systeem:wijkregie"
	}
	return "urn:nld:oin:" + oin + ":systeem:wijkregie"
}

// body is an event as its receiver gets it: names of fields and ids, never a value.
func (s *Service) body(source string, e delivery.Event) ([]byte, error) {
	out := envelope(source, e.ID.String(), kindOf(e.Name), e.At)
	out.Subject = e.DossierID.String()
	out.DataRef = s.m.PublicURL + "/v1/dossiers/" + e.DossierID.String()
	out.Sequence = fmt.Sprintf("%020d", e.Seq)
	out.Data.DossierID, out.Data.Kind = e.DossierID.String(), kindOf(e.Name)
	out.Data.Subject = &webhook.Subject{Type: e.SubjectType, ID: e.SubjectID.String()}
	out.Data.ChangedFields = append(out.Data.ChangedFields, e.Fields...)
	return json.Marshal(out)
}
