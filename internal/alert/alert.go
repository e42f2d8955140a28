// Package alert is SITRAP: who directs a dossier is told of every change in it, in the inbox, in the
// open stream and by mail, and learns no more of it than he may read.
package alert

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
)

// Alert is a line in an inbox: that this professional is told of the event with this number. What
// he may learn of it is decided whenever he reads it.
type Alert struct {
	MunicipalityID string    `gorm:"primaryKey"`
	ID             uuid.UUID `gorm:"primaryKey"`
	Seq            int64
	ProfessionalID uuid.UUID
	CreatedAt      time.Time
	AcknowledgedAt *time.Time
}

// Guarded implements db.Row: an inbox is its professional's.
func (a Alert) Guarded() uuid.UUID { return a.ProfessionalID }

// Seen is an alert as its reader may see it now.
type Seen struct {
	ID             uuid.UUID
	Sequence       int64  // place in the feed of the municipality
	Kind           string // code of the list event-kinds
	Text           string // in the reader's language
	Dossier        dossier.Ref
	Subject        *journal.Subject // nil where the reader may not read the change
	Fields         []string
	ActorID        *uuid.UUID // nil for a system, or where the reader may not read the change
	At             time.Time
	AcknowledgedAt *time.Time
}

// Unreadable is the kind of an alert on a change that its reader may not read: that, when and in
// which dossier something happened, and nothing else (contract.md, exception a).
const Unreadable = "dossier-changed"

// kindOf is the contract's name of an event: action.completed becomes action-completed.
func kindOf(event string) string { return strings.ReplaceAll(event, ".", "-") }

// recipients are those who are told of an event in a dossier: case director, chair, and who stands
// in for them, each once. The one who acted is not, also when he stood in.
func recipients(d dossier.Dossier, standIns map[uuid.UUID][]uuid.UUID, actor *uuid.UUID) []uuid.UUID {
	var told []uuid.UUID
	for _, holder := range holders(d) {
		for _, id := range append([]uuid.UUID{holder}, standIns[holder]...) {
			if (actor == nil || *actor != id) && !slices.Contains(told, id) {
				told = append(told, id)
			}
		}
	}
	return told
}

// holders are those who direct a dossier.
func holders(d dossier.Dossier) []uuid.UUID {
	var ids []uuid.UUID
	for _, id := range []*uuid.UUID{d.CaseDirectorID, d.ChairID} {
		if id != nil {
			ids = append(ids, *id)
		}
	}
	return ids
}

// resource is what an event is about, to decide whether it may be read.
func resource(e delivery.Event) authz.Resource {
	r := authz.Resource{ID: e.SubjectID, Dossier: *e.DossierID, Category: authz.Core}
	if e.Category != nil {
		r.Category = authz.Category(*e.Category)
	}
	if e.SupplierID != nil {
		r.Supplier = *e.SupplierID
	}
	return r
}

// sight is what a reader may know of the dossiers and subjects behind events.
type sight struct {
	views   map[uuid.UUID]authz.View
	refs    map[uuid.UUID]dossier.Ref
	visible map[uuid.UUID]bool   // items, links and meetings that he may read
	actions map[uuid.UUID]string // what the actions are about that he may read
}

// reads tells whether the reader may learn what happened. A kind of subject that is not known here
// is not readable.
func (s sight) reads(e delivery.Event) bool {
	r := resource(e)
	switch e.SubjectType {
	case "dossier", "participant", "deliberation", "decision":
		return s.views[r.Dossier].Reads(r)
	case "action":
		_, visible := s.actions[r.ID]
		return visible
	case "item":
		r.Released = true // whether it is released to him, the fence has said
		return s.visible[r.ID] && s.views[r.Dossier].Reads(r)
	case "link", "meeting":
		return s.visible[r.ID] && s.views[r.Dossier].Reads(r)
	}
	return false
}

// kind is what the reader is told of an event.
func (s sight) kind(e delivery.Event) string {
	if s.reads(e) {
		return kindOf(e.Name)
	}
	return Unreadable
}

// knows tells whether the reader knows the dossier of an event at all.
func (s sight) knows(e delivery.Event) bool {
	_, there := s.refs[*e.DossierID]
	return there && s.views[*e.DossierID].Known()
}
