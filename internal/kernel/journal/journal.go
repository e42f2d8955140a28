// Package journal records what happened, in the transaction in which it happened: one audit entry
// and one pending event. Nothing can be sent that is not audited, and nothing is audited that was
// not committed.
package journal

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/trace"
)

// Subject is the record that an event is about.
type Subject struct {
	Type string // "dossier", "item", "action"
	ID   uuid.UUID
}

// Event is one change set. It carries the names of changed fields, never a value.
type Event struct {
	Name     string // "action.completed"
	Subject  Subject
	Dossier  uuid.UUID // zero for what belongs to the municipality
	Category *int      // the information category a reader needs; nil for a dossier's core
	Supplier uuid.UUID // the partner that supplied the subject or carries it out
	Fields   []string
	Basis    string    // the dossier's legal basis
	InNameOf uuid.UUID // for whom a substitute acted
	// Tell are professionals who are told beside those who direct the dossier.
	Tell []uuid.UUID
	// Office tells it although it is in no dossier: to those in Tell and, where it concerns them, the municipal directors.
	Office bool
	// With are further records that the same change set wrote: audited apart, told as one event.
	With []Subject
	// Unsigned tells it without who did it: that was in a dossier that the readers need not know. The audit says who.
	Unsigned bool
}

// Recorder writes events with a clock and a signal for the sequencer.
type Recorder struct {
	now  func() time.Time
	wake func()
}

// New makes a recorder; wake is called after each commit that recorded something, and must not block.
func New(now func() time.Time, wake func()) *Recorder { return &Recorder{now: now, wake: wake} }

const auditSQL = `insert into audit_entry (municipality_id, id, at, event, professional_id, partner_id, client_id,
 in_name_of, dossier_id, subject_type, subject_id, fields, trace_id) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12::jsonb,$13)`

const eventSQL = `insert into pending_event (municipality_id, id, name, dossier_id, subject_type, subject_id, category,
 supplier_id, fields, actor_id, actor_partner_id, in_name_of, basis, at, tell) values ($1,$2,$3,$4,$5,$6,$7,$8,$9::jsonb,$10,$11,$12,$13,$14,coalesce(to_jsonb($15::uuid[]), '[]'))`

// Record writes the audit entry and, for what happens in a dossier or is told to an office, the pending event, in the
// running transaction. It fails outside one.
func (r *Recorder) Record(ctx context.Context, e Event) error {
	who, err := identity.From(ctx)
	if err != nil {
		return err
	}
	if e.Fields == nil {
		e.Fields = []string{}
	}
	fields, err := json.Marshal(e.Fields)
	if err != nil {
		return err
	}
	now := r.now().UTC()
	var all []db.Statement
	for _, subject := range append([]Subject{e.Subject}, e.With...) {
		all = append(all, db.Statement{SQL: auditSQL, Args: []any{
			who.Municipality, uuid.Must(uuid.NewV7()), now, e.Name, orNull(who.Professional), orNull(who.Partner), orNull(who.Client),
			orNull(e.InNameOf), orNull(e.Dossier), subject.Type, subject.ID, string(fields), trace.ID(ctx),
		}})
	}
	if e.Unsigned {
		who.Professional, who.Partner = uuid.Nil, uuid.Nil
	}
	if e.Dossier != uuid.Nil || e.Office {
		all = append(all, db.Statement{SQL: eventSQL, Args: []any{
			who.Municipality, uuid.Must(uuid.NewV7()), e.Name, orNull(e.Dossier), e.Subject.Type, e.Subject.ID, e.Category, orNull(e.Supplier),
			string(fields), orNull(who.Professional), orNull(who.Partner), orNull(e.InNameOf), e.Basis, now, db.IDs(e.Tell),
		}})
		db.AfterCommit(ctx, r.wake)
	}
	return db.Exec(ctx, all...)
}

func orNull(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}
