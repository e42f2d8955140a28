package privacy

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

const (
	actReadLog        = "access-log.read"
	actReadDossierLog = "dossier-access-log.read"
)

// AccessLine is a line of the access log as it is kept (Wgs 1.8(4), BGS 1.12). It is never changed.
type AccessLine struct {
	MunicipalityID       string
	ID                   uuid.UUID
	At                   time.Time
	Operation            string
	Acts                 []string `gorm:"serializer:json"`
	ProfessionalID       *uuid.UUID
	PartnerID            *uuid.UUID
	ClientID             *uuid.UUID
	Roles                []string    `gorm:"serializer:json"`
	StandsInFor          []uuid.UUID `gorm:"serializer:json"`
	SeenAsPartnerID      *uuid.UUID
	SeenAsProfessionalID *uuid.UUID
	DossierID            *uuid.UUID
	SubjectType          string
	SubjectID            *uuid.UUID
	Categories           int64
	Grounds              []string `gorm:"serializer:json"`
	Basis                string
	Purpose              string
	Outcome              string
	Status               int
	TraceID              string
	SpanID               string
}

// slugs are the information categories of which the right showed something.
func (l AccessLine) slugs() []string { return slugs(l.Categories) }

// slugs are the names of the information categories of a mask.
func slugs(mask int64) []string {
	all := []string{}
	for _, c := range authz.Categories() {
		if mask&c.Bit() != 0 {
			all = append(all, c.Slug())
		}
	}
	return all
}

func (l AccessLine) place() page.Cursor { return page.At(l.At, l.ID) }

// AccessFilter chooses lines; what is nil chooses all.
type AccessFilter struct {
	DossierID, PersonID, ProfessionalID, PartnerID *uuid.UUID
	Operation, Outcome                             *string
	From, Until                                    *time.Time
}

// AccessLog is a page of lines.
type AccessLog struct {
	Rows []AccessLine
	Next *string
}
