// Package document holds the documents of a dossier: what each is, like an information item of its category
// and supplier, and its content, stored encrypted.
package document

import (
	"mime"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/kernel/secret"
)

// State is where the content of a document stands.
type State string

// The states. Only what is available can be read.
const (
	Uploading State = "uploading" // there is no content yet
	Scanning  State = "scanning"  // the virus scanner has not said what it found
	Available State = "available"
	Refused   State = "refused" // the virus scanner found something; the content is gone
)

// Document is what a document is, owned by who supplied it (Wgs 1.5).
type Document struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version        int64     `etag:"-"`
	DossierID      uuid.UUID
	Category       authz.Category
	PoliceArticle  string `etag:"-"` // of the Wpg, under which police data is processed; empty for other data
	Title          string
	Kind           string
	ObservedOn     time.Time // a date
	Source         string
	SupplierID     uuid.UUID
	AuthorID       *uuid.UUID          // nil when a system supplied it
	Conditions     []dossier.Condition `gorm:"serializer:json"`
	WithheldTypes  int64               `etag:"-"` // Conditions as bits of partner types
	Secret         bool                // under medical secrecy (BW 7:457)
	SecretGround   *string             // what lifts the secrecy (Wgs 2.29(2)); nil keeps it with the supplier
	State          State
	Scanned        bool   // by a virus scanner
	MediaType      string // of the content, as these four; empty without it
	Size           int64  // in bytes
	Sha256         string // in hexadecimal
	UploadedAt     *time.Time
	AddedAt        time.Time
	ChangedAt      time.Time  `etag:"-"`
	WithdrawnAt    *time.Time `etag:"-"`           // from then on nobody reads it
	ConsentEndedAt *time.Time `gorm:"->" etag:"-"` // when the consent was withdrawn that lifted the secrecy
	Restricted     bool       `gorm:"->" etag:"-"` // by the person concerned (AVG 18)
}

// Guarded implements db.Row.
func (d Document) Guarded() uuid.UUID { return d.ID }

// Resource is the document, to decide on. A document is not released: only its category and its supplier count.
func (d Document) Resource() authz.Resource {
	return authz.Resource{
		ID: d.ID, Dossier: d.DossierID, Category: d.Category, Supplier: d.SupplierID, Secret: d.Secret, SecretGround: d.SecretGround != nil,
		Restricted: d.Restricted || d.WithdrawnAt != nil, WithheldTypes: d.WithheldTypes,
	}
}

func (d Document) listPlace() page.Cursor { return page.At(d.AddedAt, d.ID) }

// place is where the content is sealed.
func (d Document) place() secret.Place {
	return secret.Place{Municipality: d.MunicipalityID, Record: d.ID, Field: "document.content"}
}

// The acts of internal/kernel/authz/acts.csv that documents know.
const (
	actRead       = "document.read"
	actAdd        = "document.add"
	actChange     = "document.change" // send content, withdraw
	actWithdrawal = "document-withdrawal.read"
)

// operations are those that the document's state allows.
func (d Document) operations() []authz.Operation {
	all := []authz.Operation{
		{ID: "getDocument", Act: actRead}, {ID: "withdrawDocument", Act: actChange}, {ID: "listDocumentWithdrawals", Act: actWithdrawal},
	}
	if d.State == Available {
		return append(all, authz.Operation{ID: "getDocumentContent", Act: actRead})
	}
	return append(all, authz.Operation{ID: "putDocumentContent", Act: actChange})
}

// mayBeSent refuses to replace content that is there.
func (d Document) mayBeSent() error {
	if d.State == Available {
		return problem.Errorf(problem.Conflict, "The document has its content; withdraw it and add another.")
	}
	return nil
}

// hasContent refuses content that nobody may read yet.
func (d Document) hasContent() error {
	if d.State != Available {
		return problem.Errorf(problem.NotFound, "The document has no content that can be read; its state says why.")
	}
	return nil
}

// disposition says under which name to save the content, and never to show it in place (RFC 6266).
func (d Document) disposition() string {
	name := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '-'
		}
		return r
	}, strings.Trim(d.Title, " ."))
	return mime.FormatMediaType("attachment", map[string]string{"filename": name + extension(d.MediaType)})
}

// part is a piece of the encrypted content.
type part struct {
	MunicipalityID string    `gorm:"primaryKey"`
	DocumentID     uuid.UUID `gorm:"primaryKey"`
	Position       int       `gorm:"primaryKey"` // from 0
	Data           []byte
	Key            []byte // of the whole content, sealed; with the first part
}

// TableName names the table for GORM.
func (part) TableName() string { return "document_part" }

// Guarded implements db.Row: the supplier of the document decides.
func (p part) Guarded() uuid.UUID { return p.DocumentID }

// Withdrawal is that a supplier took a document back (intrekking): nobody reads the document any more, and this
// is what its supplier keeps of it.
type Withdrawal struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	DossierID      uuid.UUID
	DocumentID     uuid.UUID
	Category       authz.Category
	SupplierID     uuid.UUID
	Reason         string
	Breach         bool       // it should never have been supplied (AVG 4(12))
	WithdrawnBy    *uuid.UUID // nil when a system did
	WithdrawnAt    time.Time
}

// TableName names the table for GORM.
func (Withdrawal) TableName() string { return "document_withdrawal" }

// Guarded implements db.Row: the supplier of the document decides.
func (w Withdrawal) Guarded() uuid.UUID { return w.DocumentID }

// resource is the withdrawal, to decide on: it stays its supplier's.
func (w Withdrawal) resource() authz.Resource {
	return authz.Resource{ID: w.ID, Dossier: w.DossierID, Category: w.Category, Supplier: w.SupplierID}
}
