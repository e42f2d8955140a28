// Package delivery lets what has happened go out: the sequencer numbers events per municipality in
// the order in which their commits became visible, streams are woken, mails leave, and webhooks as jobs.
package delivery

import (
	"time"

	"github.com/google/uuid"
)

// Event is one change set in the feed. It holds the names of changed fields, never a value.
type Event struct {
	MunicipalityID string
	Seq            int64 // counts from 1 per municipality; what a destroyed dossier had is left out
	ID             uuid.UUID
	Name           string // "action.completed"
	DossierID      *uuid.UUID
	SubjectType    string
	SubjectID      uuid.UUID
	Category       *int       // the information category a reader needs; nil for a dossier's core
	SupplierID     *uuid.UUID // the partner that supplied the subject or carries it out
	Fields         []string   `gorm:"serializer:json"`
	ActorID        *uuid.UUID // the professional who acted, also when he stood in for another
	ActorPartnerID *uuid.UUID
	InNameOf       *uuid.UUID
	Basis          string
	Tell           []uuid.UUID `gorm:"serializer:json"` // who is told beside those who direct the dossier
	At             time.Time   // when it happened (UTC); the feed is ordered by Seq, not by this
	SequencedAt    time.Time
}

// Dossier is the dossier in which it happened; uuid.Nil without one.
func (e Event) Dossier() uuid.UUID {
	if e.DossierID == nil {
		return uuid.Nil
	}
	return *e.DossierID
}
