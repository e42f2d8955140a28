package dossier

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Condition is what a supplier attaches to an item (Wgs 1.5): a partner type that never sees it,
// and a text for who does.
type Condition struct {
	WithholdFrom string  `json:"withholdFrom"`
	Text         *string `json:"text,omitempty"`
}

// Item is one piece of information, owned by who supplied it.
type Item struct {
	MunicipalityID    string    `gorm:"primaryKey" etag:"-"`
	ID                uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version           int64     `etag:"-"`
	DossierID         uuid.UUID
	Category          authz.Category
	PoliceArticle     string // of the Wpg, under which police data is processed; empty for other data
	LifeDomain        string
	Text              string
	ObservedOn        time.Time // a date
	SupplierID        uuid.UUID
	AuthorID          *uuid.UUID // nil when a system supplied it
	Source            string
	Conditions        []Condition `gorm:"serializer:json"`
	WithheldTypes     int64       `etag:"-"`                        // Conditions as bits of partner types
	WithheldPartners  []uuid.UUID `gorm:"serializer:json" etag:"-"` // from whom its supplier took it back
	Secret            bool        // under medical secrecy (BW 7:457)
	SecretGround      *string     // what lifts the secrecy (Wgs 2.29(2)); nil keeps it with the supplier
	Restricted        bool        `etag:"-"` // restricted by the person concerned (AVG 18)
	ExternalReference string
	Corrects          *uuid.UUID // the version that this one replaces
	SupersededBy      *uuid.UUID // the version that replaces this one
	CorrectionReason  string
	BatchID           *uuid.UUID `etag:"-"` // the delivery that it came in
	AddedAt           time.Time
	ChangedAt         time.Time  `etag:"-"`
	WithdrawnAt       *time.Time `etag:"-"`           // from then on nobody reads it
	ConsentEndedAt    *time.Time `gorm:"->" etag:"-"` // when the consent was withdrawn that lifted the secrecy
}

// Guarded implements db.Row.
func (i Item) Guarded() uuid.UUID { return i.ID }

// Resource is the item, to decide on; whether it was released to the caller is asked apart.
func (i Item) Resource() authz.Resource {
	return authz.Resource{
		ID: i.ID, Dossier: i.DossierID, Category: i.Category, Supplier: i.SupplierID, Secret: i.Secret,
		SecretGround: i.SecretGround != nil, Restricted: i.Restricted || i.WithdrawnAt != nil, WithheldTypes: i.WithheldTypes,
		WithheldPartners: i.WithheldPartners,
	}
}

// operations are those that the item's state allows; who got to see it may read it.
func (i Item) operations() []authz.Operation {
	all := []authz.Operation{
		{ID: "getItem", Act: actRead}, {ID: "listReleases", Act: actRead}, {ID: "listWithholdings", Act: actWithheld}, {ID: "withholdItem", Act: actRelease},
		{ID: "listItemWithdrawals", Act: actWithheld}, {ID: "withdrawItem", Act: actCorrect},
	}
	if i.mayBeCorrected() == nil {
		all = append(all, authz.Operation{ID: "correctItem", Act: actCorrect})
	}
	if i.mayBeReleased() != nil {
		return all
	}
	return append(all, authz.Operation{ID: "releaseItem", Act: actRelease})
}

// mayBeCorrected refuses a second correction of the same version.
func (i Item) mayBeCorrected() error {
	if i.SupersededBy != nil {
		return problem.Errorf(problem.Conflict, "A later version replaced this one; correct that one.")
	}
	return nil
}

// mayBeReleased refuses to release what medical secrecy keeps with the supplier, and what was corrected.
func (i Item) mayBeReleased() error {
	if i.SupersededBy != nil {
		return problem.Errorf(problem.Conflict, "A later version replaced this one; release that one.")
	}
	if i.Secret && i.SecretGround == nil {
		return problem.Errorf(problem.Conflict,
			"The item is under medical secrecy; supply it with a ground (explicit consent, statutory duty or good care) to share it (Wgs 2.29(2)).")
	}
	return nil
}

// Release lets partners see an item of which they may see what is released to them.
type Release struct {
	MunicipalityID   string    `gorm:"primaryKey" etag:"-"`
	ID               uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version          int64     `etag:"-"`
	DossierID        uuid.UUID
	ItemID           uuid.UUID
	PartnerIDs       []uuid.UUID `gorm:"serializer:json"` // empty: the whole case
	Purpose          string
	Conditions       string
	Until            *time.Time
	ReleasedBy       *uuid.UUID
	ReleasedAt       time.Time
	WithdrawnAt      *time.Time
	WithdrawnBy      *uuid.UUID
	WithdrawalReason string
}

// Guarded implements db.Row: the supplier of the item decides.
func (r Release) Guarded() uuid.UUID { return r.ItemID }
