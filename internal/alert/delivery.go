package alert

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
)

// State is where a delivery stands.
type State string

// The states. Only pending changes.
const (
	Pending   State = "pending"
	Sent      State = "sent"
	Cancelled State = "cancelled" // its recipient may no longer have it, or has no address
	Failed    State = "failed"    // not accepted by the mail server within 24 hours
)

// email is the channel of mails.
const email = "email"

// Delivery is one alert on its way out by one channel.
type Delivery struct {
	MunicipalityID string    `gorm:"primaryKey"`
	ID             uuid.UUID `gorm:"primaryKey"` // and the Message-ID, at every attempt
	AlertID        uuid.UUID
	Channel        string
	State          State
	Attempts       int
	NextTryAt      *time.Time // nil when none is to come
	LastAnswer     string     // of the mail server, or why nothing was sent
	CreatedAt      time.Time
	ChangedAt      time.Time
}

// fails notes what the mail server answered and when to try again; 0 when it has been tried for
// long enough.
func (d *Delivery) fails(answer error, now time.Time, jitter float64) (again time.Duration) {
	d.LastAnswer = cut(answer.Error())
	wait, more := delivery.Wait(d.Attempts, now.Sub(d.CreatedAt), jitter)
	if !more {
		d.State, d.NextTryAt = Failed, nil
		return 0
	}
	next := now.Add(wait)
	d.NextTryAt = &next
	return wait
}

// ends notes that nothing more will be sent.
func (d *Delivery) ends(state State, answer string) {
	d.State, d.NextTryAt, d.LastAnswer = state, nil, answer
}

// longest bounds the answer that is kept.
const longest = 300

func cut(answer string) string {
	runes := []rune(answer)
	return string(runes[:min(len(runes), longest)])
}
