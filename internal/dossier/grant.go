package dossier

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// longestGrant bounds a grant: what is to last is a participation or a cell of the matrix.
const longestGrant = 90 * 24 * time.Hour

// Grant lets a professional into a dossier until a moment, with categories beside his partner's cells
// (tijdelijke toegang); the ceilings stay.
type Grant struct {
	MunicipalityID   string    `gorm:"primaryKey" etag:"-"`
	ID               uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version          int64     `etag:"-"`
	DossierID        uuid.UUID
	PartnerID        uuid.UUID
	ProfessionalID   uuid.UUID
	Categories       []authz.Category `gorm:"serializer:json"`
	Level            authz.Level
	Reason           string
	Since            time.Time
	Until            time.Time
	GrantedBy        *uuid.UUID
	RevokedAt        *time.Time
	RevokedBy        *uuid.UUID
	RevocationReason string
	ChangedAt        time.Time `etag:"-"`
}

// TableName implements gorm's Tabler.
func (Grant) TableName() string { return "access_grant" }

// Guarded implements db.Row.
func (g Grant) Guarded() uuid.UUID { return g.DossierID }

func (g Grant) end() *time.Time { return earliest(&g.Until, g.RevokedAt) }

// NewGrant lets a professional into a dossier until a moment, with the acts of a level on categories
// beside his partner's cells; without categories it is entry alone.
type NewGrant struct {
	ProfessionalID uuid.UUID
	Categories     []authz.Category
	Level          authz.Level
	Reason         string
	Until          time.Time
}

// grant begins one now.
func (n NewGrant) grant(d Dossier, partner uuid.UUID, by *uuid.UUID, now time.Time) Grant {
	return Grant{
		MunicipalityID: d.MunicipalityID, ID: uuid.Must(uuid.NewV7()), Version: 1, DossierID: d.ID, PartnerID: partner, ProfessionalID: n.ProfessionalID,
		Categories: n.Categories, Level: n.Level, Reason: n.Reason, Since: now, Until: n.Until, GrantedBy: by, ChangedAt: now,
	}
}

// faults is what is wrong with the input by itself; an unknown category is authz.Core.
func (n NewGrant) faults(now time.Time) (f problem.Faults) {
	for i, c := range n.Categories {
		if c == authz.Core {
			f.Note(fmt.Sprintf("/categories/%d", i), "reference", unknownCategory)
		}
	}
	if n.Level == authz.None {
		f.Note("/level", "enum", "A grant gives something; choose another level than none.")
	}
	switch {
	case !n.Until.After(now):
		f.Note("/until", "past", "Choose an end in the future.")
	case n.Until.After(now.Add(longestGrant)):
		f.Note("/until", "range", "A grant lasts 90 days at most; choose an earlier end.")
	}
	return f
}

// givesHimself tells whether somebody would let himself in: also by way of a colleague for whom he stands
// in, now or later.
func (n NewGrant) givesHimself(who identity.Identity) bool {
	return n.ProfessionalID == who.Professional ||
		slices.ContainsFunc(who.Substitutes, func(s identity.Substitution) bool { return s.For == n.ProfessionalID })
}

// revoke ends a grant that holds.
func (g *Grant) revoke(by *uuid.UUID, reason string, now time.Time) error {
	if !runs(g.Since, g.end(), now) {
		return over()
	}
	g.RevokedAt, g.RevokedBy, g.RevocationReason, g.ChangedAt = &now, by, reason, now
	return nil
}

// Revocation is how it was revoked; nil when it was not.
func (g Grant) Revocation() *Revocation {
	return revocation(g.ID, g.RevocationReason, g.RevokedAt, g.RevokedBy)
}

func (g Grant) place() page.Cursor { return page.At(g.Since, g.ID) }
