package dossier

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Exception is a decision of the municipal director that in one dossier another level counts for a
// partner on a category than the matrix says (uitzondering op de matrix).
type Exception struct {
	MunicipalityID   string    `gorm:"primaryKey" etag:"-"`
	ID               uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version          int64     `etag:"-"`
	DossierID        uuid.UUID
	PartnerID        uuid.UUID
	Category         authz.Category
	Level            authz.Level
	Reason           string
	Since            time.Time
	Until            *time.Time // nil is until it is revoked
	DecidedBy        *uuid.UUID
	RevokedAt        *time.Time
	RevokedBy        *uuid.UUID
	RevocationReason string
	ChangedAt        time.Time `etag:"-"`
}

// TableName implements gorm's Tabler.
func (Exception) TableName() string { return "matrix_exception" }

// Guarded implements db.Row.
func (e Exception) Guarded() uuid.UUID { return e.DossierID }

func (e Exception) end() *time.Time { return earliest(e.Until, e.RevokedAt) }

func (e Exception) runs(at time.Time) bool { return runs(e.Since, e.end(), at) }

// NewException is another level for a partner on a category in one dossier.
type NewException struct {
	PartnerID uuid.UUID
	Category  authz.Category
	Level     authz.Level
	Reason    string
	Until     *time.Time // nil is until it is revoked
}

// exception begins one now.
func (n NewException) exception(d Dossier, by *uuid.UUID, now time.Time) Exception {
	return Exception{
		MunicipalityID: d.MunicipalityID, ID: uuid.Must(uuid.NewV7()), Version: 1, DossierID: d.ID, PartnerID: n.PartnerID, Category: n.Category,
		Level: n.Level, Reason: n.Reason, Since: now, Until: n.Until, DecidedBy: by, ChangedAt: now,
	}
}

// faults is what is wrong with the input by itself; an unknown category is authz.Core.
func (n NewException) faults(now time.Time) (f problem.Faults) {
	if n.Category == authz.Core {
		f.Note("/category", "reference", unknownCategory)
	}
	if n.Until != nil && !n.Until.After(now) {
		f.Note("/until", "past", "Choose an end in the future.")
	}
	return f
}

// unknownCategory says where the categories are.
const unknownCategory = "There is no such information category; see GET /v1/code-lists/information-categories."

// givesToOwn tells whether somebody would give himself something: who directs can take part for his own
// partner as well.
func (n NewException) givesToOwn(who identity.Identity) bool {
	return n.Level != authz.None && n.PartnerID == who.Partner
}

// revoke ends an exception that holds.
func (e *Exception) revoke(by *uuid.UUID, reason string, now time.Time) error {
	if !e.runs(now) {
		return over()
	}
	e.RevokedAt, e.RevokedBy, e.RevocationReason, e.ChangedAt = &now, by, reason, now
	return nil
}

// over refuses to revoke what holds no more.
func over() error {
	return problem.Errorf(problem.Conflict, "This has ended or was revoked before; there is nothing to revoke.")
}

// Revocation is how an exception or a grant ended before its time; it carries the id of what it ends,
// because there is one at most.
type Revocation struct {
	ID     uuid.UUID
	Reason string
	At     time.Time
	By     *uuid.UUID
}

func revocation(of uuid.UUID, reason string, at *time.Time, by *uuid.UUID) *Revocation {
	if at == nil {
		return nil
	}
	return &Revocation{ID: of, Reason: reason, At: *at, By: by}
}

// Revocation is how it was revoked; nil when it was not.
func (e Exception) Revocation() *Revocation {
	return revocation(e.ID, e.RevocationReason, e.RevokedAt, e.RevokedBy)
}

func (e Exception) place() page.Cursor { return page.At(e.Since, e.ID) }
