package person

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// Overlap is the notice that another partner is active for a person whom a dossier is about (domain.md 3.14): with
// whom to get in touch, and nothing of the other dossier.
type Overlap struct {
	MunicipalityID   string    `gorm:"primaryKey" etag:"-"`
	ID               uuid.UUID `gorm:"primaryKey" etag:"-"`
	DossierID        uuid.UUID
	OtherDossierID   uuid.UUID      `etag:"-"` // never shown
	RaisedIn         uuid.UUID      `etag:"-"` // the one of the two of which somebody said whom it is about
	Category         authz.Category // that of the subject
	PersonID         uuid.UUID
	ContactPartnerID uuid.UUID // whose professional leads the other dossier
	ContactFunction  string    // of that professional
	NoticedAt        time.Time
}

// TableName is where the rows are kept.
func (Overlap) TableName() string { return "overlap_notice" }

// Guarded implements db.Row: both notices are written by who may say whom the dossier is about.
func (o Overlap) Guarded() uuid.UUID { return o.RaisedIn }

func (o Overlap) place() page.Cursor { return page.At(o.NoticedAt, o.ID) }

// met is a dossier elsewhere that is about the same person, as the database finds it.
type met struct {
	DossierID    uuid.UUID
	Category     authz.Category
	PersonID     uuid.UUID // as it is registered there
	Leader       uuid.UUID // its case director, until one is appointed its opener
	PartnerID    uuid.UUID // for whom the leader works
	Function     string
	Basis        string
	OwnPartnerID uuid.UUID // the same of the dossier from which it was looked for
	OwnFunction  string
}

// notices are what either side is told: of the other, with whom to get in touch.
func (m met) notices(s Subject, now time.Time) (here, there Overlap) {
	here = Overlap{
		MunicipalityID: s.MunicipalityID, ID: uuid.Must(uuid.NewV7()), DossierID: s.DossierID, OtherDossierID: m.DossierID, RaisedIn: s.DossierID,
		Category: s.Category, PersonID: s.PersonID, ContactPartnerID: m.PartnerID, ContactFunction: m.Function, NoticedAt: now,
	}
	there = Overlap{
		MunicipalityID: s.MunicipalityID, ID: uuid.Must(uuid.NewV7()), DossierID: m.DossierID, OtherDossierID: s.DossierID, RaisedIn: s.DossierID,
		Category: m.Category, PersonID: m.PersonID, ContactPartnerID: m.OwnPartnerID, ContactFunction: m.OwnFunction, NoticedAt: now,
	}
	return here, there
}
