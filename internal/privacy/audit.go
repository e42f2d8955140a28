package privacy

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// actReadAudit is reading the record of changes and accesses, its checkpoints and proofs, and having one signed.
const actReadAudit = "audit.read"

// AuditEntry is an entry of the audit trail as it is kept (AVG 5(2)). It is never changed.
type AuditEntry struct {
	MunicipalityID string
	ID             uuid.UUID
	At             time.Time
	Event          string
	Fields         []string `gorm:"serializer:json"`
	ProfessionalID *uuid.UUID
	PartnerID      *uuid.UUID
	ClientID       *uuid.UUID
	InNameOf       *uuid.UUID
	DossierID      *uuid.UUID
	SubjectType    string
	SubjectID      uuid.UUID
	TraceID        string
}

func (e AuditEntry) place() page.Cursor { return page.At(e.At, e.ID) }

// AuditFilter chooses entries; what is nil chooses all.
type AuditFilter struct {
	DossierID, SubjectID, ProfessionalID *uuid.UUID
	Event                                *string
	From, Until                          *time.Time
}

// Audit is a page of entries.
type Audit struct {
	Rows []AuditEntry
	Next *string
}
