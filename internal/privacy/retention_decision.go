package privacy

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/calendar"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// RuleDecision is a term that a municipality decided on; the latest of a kind holds, and none ever changes.
type RuleDecision struct {
	MunicipalityID string    `gorm:"primaryKey"`
	ID             uuid.UUID `gorm:"primaryKey"`
	Kind           string
	Months         int
	Reason         string
	DecidedBy      uuid.UUID
	DecidedAt      time.Time
}

// TableName implements gorm's Tabler.
func (RuleDecision) TableName() string { return "retention_decision" }

// Guarded implements db.Row.
func (d RuleDecision) Guarded() uuid.UUID { return d.ID }

// unfit refuses a term that the law does not allow for a kind of record, naming the article.
func (d RuleDecision) unfit(rule RetentionRule) error {
	switch {
	case rule.Months == nil:
		return problem.InvalidField("/kind", "kind", "This goes with its dossier, or stays to account for what was done (AVG 5(2), Wgs 1.8(4)); it has no term of its own.")
	case rule.Maximum != nil && d.Months > *rule.Maximum && rule.Kind == "rejected-wgs":
		return problem.InvalidField("/months", "maximum", "A case that is not accepted under the Wgs is destroyed at once (Wgs 1.8(7)).")
	case rule.Maximum != nil && d.Months > *rule.Maximum:
		return problem.InvalidField("/months", "maximum", "A dossier is kept for five years at most, from its first processing (Wgs 1.8(7), BGS 1.16).")
	}
	return nil
}

// LegalHold keeps a dossier from being destroyed. What was placed never changes.
type LegalHold struct {
	MunicipalityID string     `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID  `gorm:"primaryKey" etag:"-"`
	Version        int64      `etag:"-"`
	DossierID      uuid.UUID  `etag:"-"`
	Number         string     `etag:"-"`
	Ground         string     `etag:"-"`
	Reason         string     `etag:"-"`
	Until          *time.Time `etag:"-"` // a date, its last
	PlacedBy       uuid.UUID  `etag:"-"`
	PlacedAt       time.Time  `etag:"-"`
	EndedBy        *uuid.UUID
	EndedAt        *time.Time
	EndReason      string
	ChangedAt      time.Time `etag:"-"`
}

// TableName implements gorm's Tabler.
func (LegalHold) TableName() string { return "legal_hold" }

// Guarded implements db.Row.
func (h LegalHold) Guarded() uuid.UUID { return h.ID }

// Resource is the hold, to decide on.
func (h LegalHold) Resource() authz.Resource { return authz.Resource{ID: h.ID} }

func (h LegalHold) place() page.Cursor { return page.At(h.PlacedAt, h.ID) }

func (h LegalHold) live(today time.Time) bool {
	return h.EndedAt == nil && (h.Until == nil || !today.After(*h.Until))
}

func (h LegalHold) operations() []authz.Operation {
	all := []authz.Operation{{ID: "getLegalHold", Act: actDecideRetention}}
	if h.EndedAt == nil {
		all = append(all, authz.Operation{ID: "endLegalHold", Act: actDecideRetention})
	}
	return all
}

// RetentionExtension is that a dossier is kept longer (Wgs 1.8(7), BGS 1.16).
type RetentionExtension struct {
	MunicipalityID string    `gorm:"primaryKey"`
	ID             uuid.UUID `gorm:"primaryKey"`
	DossierID      uuid.UUID
	Months         int
	Ground         string
	Reason         string
	Consents       []SupplierConsent `gorm:"serializer:json"`
	DecidedBy      uuid.UUID
	DecidedAt      time.Time
}

// SupplierConsent is that a supplier agrees with it.
type SupplierConsent struct {
	PartnerID uuid.UUID `json:"partnerId"`
	GivenOn   time.Time `json:"givenOn"`
}

// TableName implements gorm's Tabler.
func (RetentionExtension) TableName() string { return "retention_extension" }

// Guarded implements db.Row.
func (e RetentionExtension) Guarded() uuid.UUID { return e.DossierID }

// longestExtension is two years (BGS 1.16).
const longestExtension = 24

// fits refuses an extension that the law does not allow: too long, without the consent of a supplier, past the term, or on a
// ground that the state of the dossier does not bear.
func (e RetentionExtension) fits(c dossier.Clock, r Retention, suppliers []uuid.UUID, f retentionFacts) error {
	var wrong problem.Faults
	if e.Months > longestExtension {
		wrong.Note("/months", "maximum", "A dossier is kept for two years more at most; that can be decided again (Wgs 1.8(7), BGS 1.16).")
	}
	for _, supplier := range suppliers {
		if !slices.ContainsFunc(e.Consents, func(s SupplierConsent) bool { return s.PartnerID == supplier && !s.GivenOn.After(f.today) }) {
			wrong.Note("/consents", "required", "Every partner that supplied to the dossier has consented (Wgs 1.8(7), BGS 1.16).")
			break
		}
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	open := !c.Closed() && !c.Rejected()
	closedLately := c.Closed() && c.ClosedAt != nil && !f.on(*c.ClosedAt).Before(calendar.Months(r.DueOn, -12))
	switch {
	case r.Due:
		return problem.Errorf(problem.Conflict, "The term has passed; what is due is destroyed (Wgs 1.8(7), BGS 1.16).")
	case e.Ground == "open-criteria-met" && !open, e.Ground == "closed-relapse-risk" && !closedLately:
		return problem.Errorf(problem.Conflict, "Only an open dossier that meets the criteria, or one closed in the year before its term ends with a high risk of relapse, is kept longer (Wgs 1.8(7), BGS 1.16).")
	}
	return nil
}
