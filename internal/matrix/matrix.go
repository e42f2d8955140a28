// Package matrix is the authorisation matrix (autorisatiematrix) as data: the municipal director drafts
// it, publishes it as a numbered version with reasons, and Sight compiles what the version in force lets
// an identity do.
//
// A publication sets the municipality's stamp in its own transaction, which knows the version in force and
// the next one; the database's clock decides between them. Every transaction of every instance reads that
// stamp first and has an older identity made anew, so a publication, or the moment at which it takes
// force, counts at the next request everywhere; no instance has to be told.
package matrix

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// The acts of the table "who may do what".
const (
	actRead    = "matrix.read"
	actDraft   = "matrix.draft"
	actPublish = "matrix.publish"
)

// Draft is the next version while it is being made; a municipality has at most one.
type Draft struct {
	MunicipalityID string       `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID    `etag:"-"`
	Version        int64        `etag:"-"`
	Cells          []authz.Cell `gorm:"serializer:json"` // in the order of compare
	ChangedBy      *uuid.UUID
	ChangedAt      time.Time `etag:"-"`
}

// TableName implements gorm's Tabler.
func (Draft) TableName() string { return "matrix_draft" }

// Guarded implements db.Row.
func (Draft) Guarded() uuid.UUID { return resource().ID }

// resource is what a decision on drafting or publishing is about: a municipality has one matrix, and a
// transaction has one municipality.
func resource() authz.Resource {
	return authz.Resource{ID: uuid.NewSHA1(uuid.NameSpaceURL, []byte("/v1/authorisation-matrix"))}
}

// newDraft begins a draft.
func newDraft(who identity.Identity, cells []authz.Cell, now time.Time) Draft {
	return Draft{
		MunicipalityID: who.Municipality, ID: uuid.Must(uuid.NewV7()), Version: 1, Cells: cells, ChangedBy: who.Person(), ChangedAt: now,
	}
}

// replace puts other cells in the draft.
func (d *Draft) replace(who identity.Identity, cells []authz.Cell, now time.Time) {
	d.Cells, d.ChangedBy, d.ChangedAt = cells, who.Person(), now
}

// operations lists what the state of a draft allows: everything, as long as it is there.
func (d *Draft) operations() []authz.Operation {
	return []authz.Operation{
		{ID: "getMatrixDraft", Act: actDraft},
		{ID: "getMatrixDraftFindings", Act: actDraft},
		{ID: "simulateMatrix", Act: actDraft},
		{ID: "putMatrixDraft", Act: actDraft},
		{ID: "patchMatrixDraft", Act: actDraft},
		{ID: "deleteMatrixDraft", Act: actDraft},
		{ID: "publishMatrix", Act: actPublish},
	}
}
