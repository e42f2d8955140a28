package alert

import (
	"time"

	"github.com/google/uuid"
)

// State is where a delivery stands.
type State string

// The states. Only pending changes by itself.
const (
	Pending   State = "pending"
	Sent      State = "sent"
	Cancelled State = "cancelled" // its recipient may no longer have it, or has no address
	Failed    State = "failed"    // not accepted within 24 hours, or its address does not exist; see Retry
)

// email is the channel of mails.
const email = "email"

// Delivery is one alert on its way out to one person by one channel.
type Delivery struct {
	MunicipalityID string    `gorm:"primaryKey"`
	ID             uuid.UUID `gorm:"primaryKey"`
	AlertID        uuid.UUID
	ProfessionalID uuid.UUID
	DossierID      uuid.UUID // uuid.Nil for an alert in no dossier
	Seq            int64     // of the event in the feed
	Channel        string
	State          State
	Attempts       int
	DueAt          time.Time  // when it is meant to leave
	Digest         bool       // it leaves with what is due for its recipient in other dossiers
	TriedFrom      time.Time  // since when it is tried; a day later that ends
	NextTryAt      *time.Time // nil when none is to come
	HeldUntil      *time.Time // until when somebody works on it
	LetterID       *uuid.UUID // the mail that it goes in, and its Message-ID at every attempt; nil before the first
	LastAnswer     string     // of the mail server, or why nothing was sent
	Refused        string     `gorm:"-" etag:"-"` // the address that its mail server did not know at this attempt
	Known          bool       `gorm:"-" etag:"-"` // the municipal director was told before why it failed
	CreatedAt      time.Time
	ChangedAt      time.Time
}

// Guarded implements db.Row.
func (d Delivery) Guarded() uuid.UUID { return d.ID }

// fails notes what the mail server answered and when to try again after wait; it has failed when there is no more.
func (d *Delivery) fails(answer error, next time.Time, more bool) {
	d.LastAnswer, d.HeldUntil = cut(answer.Error()), nil
	d.NextTryAt = &next
	if !more {
		d.State, d.NextTryAt = Failed, nil
	}
}

// ends notes that nothing more will be sent.
func (d *Delivery) ends(state State, answer string) {
	d.State, d.NextTryAt, d.HeldUntil, d.LastAnswer = state, nil, nil, cut(answer)
}

// lettersOf puts deliveries in letters: those that were in one before stay together, the others go together for each person.
// They come in that order; what is too much for a letter, or may be there in part only, is left out.
func lettersOf(due []Delivery) (all [][]Delivery) {
	begun := func(d Delivery) uuid.UUID {
		if d.LetterID != nil {
			return *d.LetterID
		}
		return d.ProfessionalID
	}
	for begin := 0; begin < len(due); {
		end := begin
		for end < len(due) && begun(due[end]) == begun(due[begin]) {
			end++
		}
		if end == mostAtOnce && begin > 0 {
			return all
		}
		letter := due[begin:min(end, begin+mostInLetter)]
		if letter[0].LetterID == nil {
			name := uuid.Must(uuid.NewV7())
			for i := range letter {
				letter[i].LetterID = &name
			}
		}
		all, begin = append(all, letter), end
	}
	return all
}

// again notes that somebody wants it tried once more, from now on for as long as a new one.
func (d *Delivery) again(now time.Time) {
	d.State, d.NextTryAt, d.TriedFrom, d.ChangedAt = Pending, &now, now, now
}

// longest bounds the answer that is kept.
const longest = 300

func cut(answer string) string {
	runes := []rune(answer)
	return string(runes[:min(len(runes), longest)])
}
