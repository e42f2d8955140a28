package meeting

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// AgendaItem is what a meeting talks about (agendapunt): a dossier, a subject, or both.
type AgendaItem struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-" json:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version        int64     `etag:"-" json:"-"`
	MeetingID      uuid.UUID
	DossierID      *uuid.UUID
	Title          string
	Position       int // in a row for its order only; to a reader its place among what he sees
	Minutes        int
	CarriedFrom    *uuid.UUID // the item of an earlier meeting that was left unfinished
	Unfinished     bool       `etag:"-" json:"-"` // nothing was decided, and it is yet to return
	ChangedAt      time.Time  `etag:"-" json:"-"`
}

// Guarded implements db.Row.
func (i AgendaItem) Guarded() uuid.UUID { return i.ID }

// resource is the agenda item, to decide on.
func (i AgendaItem) resource(m Meeting) authz.Resource {
	r := authz.Resource{ID: i.ID, Leader: m.ChairID, Category: authz.Core}
	if i.DossierID != nil {
		r.Dossier = *i.DossierID
	}
	return r
}

// content is something recorded under the agenda item, to decide on.
func (i AgendaItem) content(id uuid.UUID, m Meeting) authz.Resource {
	r := i.resource(m)
	r.ID, r.Category = id, authz.Deliberation
	return r
}

// fits refuses an item that is on the agenda already, or one too many.
func (i AgendaItem) fits(agenda []AgendaItem) error {
	if len(agenda) >= most {
		return problem.Errorf(problem.Conflict, "The agenda is full; schedule another meeting.")
	}
	twice := func(o AgendaItem) bool {
		return i.DossierID != nil && o.DossierID != nil && *i.DossierID == *o.DossierID
	}
	if slices.ContainsFunc(agenda, twice) {
		return problem.Errorf(problem.Conflict, "The dossier is on the agenda already.")
	}
	return nil
}

// placeOn gives the item its place on an agenda in order, the last when at is nil or beyond. It
// tells whether the items from there on must move.
func (i *AgendaItem) placeOn(agenda []AgendaItem, at *int) (move bool) {
	if at != nil && *at <= len(agenda) {
		i.Position = agenda[*at-1].Position
		return true
	}
	i.Position = 1
	if len(agenda) > 0 {
		i.Position = agenda[len(agenda)-1].Position + 1
	}
	return false
}

// numbered counts the items that a reader sees, so that a gap does not tell of others.
func numbered(agenda []AgendaItem) []AgendaItem {
	for i := range agenda {
		agenda[i].Position = i + 1
	}
	return agenda
}

func onAgenda(agenda []AgendaItem, id uuid.UUID) bool {
	return slices.ContainsFunc(agenda, func(i AgendaItem) bool { return i.ID == id })
}
