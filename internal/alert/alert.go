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
	Named          bool // the event itself named him
	ByRule         bool // he has the action that it is about, or follows such events: told only while he may read it
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
	Urgent         bool // of high priority
	AcknowledgedAt *time.Time
}

// Unreadable is the kind of an alert on a change that its reader may not read: that, when and in
// which dossier something happened, and nothing else (contract.md, exception a).
const Unreadable = "dossier-changed"

// kindOf is the contract's name of an event: action.completed becomes action-completed.
func kindOf(event string) string { return strings.ReplaceAll(event, ".", "-") }

// urgent is the event that somebody let himself into a dossier.
const urgent = "emergency.opened"

// highPriority tells whether an event is of high priority: somebody let himself in, or problems are acute, or nothing
// leaves any more, or a data breach is past its term.
func highPriority(event string) bool {
	return event == urgent || event == "assessment.acute" || event == stalled || event == overdue
}

// failed is the event that a mail could not be delivered. Municipal directors alone are told, and not by mail, which would
// fail as well.
const failed = "delivery.failed"

// stalled is the event that nothing leaves any more. It is told as failed is.
const stalled = "pipeline.stalled"

// broken is the event of which municipal directors alone are told: a right in a dossier that may never be.
const broken = "assertion.broken"

// overdue is the event that a data breach was not reported within 72 hours (AVG 33(1)). It is in no dossier: municipal directors and
// whom it names are told, while they hold such an office.
const overdue = "data-breach.overdue"

// ofOffice tells whether an event that is in no dossier is told to who holds an office: what he learns by that alone.
func ofOffice(e delivery.Event) bool {
	by := proofFor(e.SubjectType)
	return e.DossierID == nil && (by == byOffice || by == byDirecting)
}

// toNamedAlone tells whether of an event only those are told whom it names: the term of an action, to whose turn
// on the ladder it is.
func toNamedAlone(event string) bool {
	return event == "action.reminded" || event == "action.escalated"
}

// concernsDirectors tells whether every municipal director is told of an event, beside who directs its
// dossier.
func concernsDirectors(event string) bool {
	return event == urgent || event == broken || event == failed || event == stalled || event == "access-request.made" || event == "dossier.destruction-announced" || event == overdue
}

// circle is who may have to be told of events.
type circle struct {
	dossiers  map[uuid.UUID]dossier.Dossier
	standIns  map[uuid.UUID][]uuid.UUID
	directors []uuid.UUID // every municipal director with access
}

// recipients are those who are told of an event in a dossier: case director, chair, and who stands
// in for them, and of some events the municipal directors; each once. The one who acted is not, also when
// he stood in.
func (c circle) recipients(e delivery.Event) []uuid.UUID {
	var told []uuid.UUID
	tell := func(ids ...uuid.UUID) {
		for _, id := range ids {
			if (e.ActorID == nil || *e.ActorID != id) && !slices.Contains(told, id) {
				told = append(told, id)
			}
		}
	}
	direct := holders(c.dossiers[e.Dossier()])
	if e.Name == broken || e.Name == failed || e.Name == stalled || toNamedAlone(e.Name) {
		direct = nil
	}
	for _, holder := range direct {
		tell(holder)
		tell(c.standIns[holder]...)
	}
	if concernsDirectors(e.Name) {
		tell(c.directors...)
	}
	if !ofOwner(e) { // whether those may read it is decided apart
		tell(e.Tell...)
		for _, owner := range ownersIn(e) {
			tell(c.standIns[owner]...)
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
	r := authz.Resource{ID: e.SubjectID, Dossier: e.Dossier(), Category: authz.Core}
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
	visible map[uuid.UUID]bool   // items, links, meetings and access requests that he may read
	actions map[uuid.UUID]string // what the actions are about that he may read
	directs bool                 // he is a municipal director
	guards  bool                 // he is one or a privacy officer
}

// proof is what must hold for a reader to learn what happened to a kind of subject.
type proof int

// The proofs; without one nobody learns more than that the dossier changed.
const (
	none         proof = iota
	byCategory         // he may read the category of the subject
	byFence            // he may, and the subject itself comes through the fence
	byRelease          // the same, where a release to him opens the category
	byKnowing          // the subject comes through the fence, and he knows the dossier
	byTask             // the action comes through the fence
	byBeingAsked       // the request asks him, whatever he may read of its category
	byDirecting        // he is a municipal director
	byLeading          // he directs the dossier or chairs it
	byOffice           // he is a municipal director or a privacy officer
)

// proofFor is the proof for a kind of subject that events in dossiers are about.
func proofFor(subject string) proof {
	switch subject {
	case "dossier", "participant", "deliberation", "decision", "plan", "goal", "matrix-exception", "grant", "emergency-access", "privacy-assertion",
		"assessment", "subject", "consent", "frame", "precondition", "precondition-override", "approach", "data-subject-request", "priority":
		return byCategory
	case "document", "link", "meeting", "agenda-proposal", "overlap-notice":
		return byFence
	case "item":
		return byRelease
	case "information-request":
		return byKnowing
	case "action":
		return byTask
	case "access-request":
		return byBeingAsked
	case "disclosure":
		return byLeading
	case "delivery", "webhook-subscription", "pipeline":
		return byDirecting
	case "data-breach":
		return byOffice
	}
	return none
}

// reads tells whether the reader may learn what happened. A kind of subject that is not known here
// is not readable.
func (s sight) reads(e delivery.Event, named bool) bool {
	r := resource(e)
	view := s.views[r.Dossier]
	if named && e.Name == "item.withdrawn" { // he had received it (BGS 1.7)
		return view.Reads(authz.Resource{Category: authz.Core})
	}
	switch proofFor(e.SubjectType) {
	case byCategory:
		return view.Reads(r)
	case byFence:
		return s.visible[r.ID] && view.Reads(r)
	case byRelease:
		r.Released = true // whether it is released to him, the fence has said
		return s.visible[r.ID] && view.Reads(r)
	case byKnowing:
		return s.visible[r.ID] && view.Known()
	case byTask:
		_, visible := s.actions[r.ID]
		return visible
	case byDirecting:
		return s.directs
	case byOffice:
		return s.guards
	case byLeading:
		return view.Leads() && !view.Shielded()
	case byBeingAsked:
		r.Category = authz.Core
		return s.visible[r.ID] && view.Reads(r)
	}
	return false
}

// kind is what the reader is told of an event.
func (s sight) kind(e delivery.Event, named bool) string {
	if s.reads(e, named) {
		return kindOf(e.Name)
	}
	return Unreadable
}

// shows tells whether the reader sees an alert: he knows its dossier, and may read what happened where that is why he was told.
func (s sight) shows(e delivery.Event, byRule bool) bool {
	return s.knows(e) && (!byRule || s.reads(e, false))
}

// knows tells whether the reader knows the dossier of an event at all. What is in no dossier he knows when he may read it.
func (s sight) knows(e delivery.Event) bool {
	if e.DossierID == nil {
		return ofOffice(e) && s.reads(e, false)
	}
	_, there := s.refs[*e.DossierID]
	return there && s.views[*e.DossierID].Known()
}
