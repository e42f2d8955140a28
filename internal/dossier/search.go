package dossier

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
)

// Found is a text that a search met and that the caller may read.
type Found struct {
	ID, DossierID uuid.UUID
	At            time.Time // when it was recorded
	Category      authz.Category
	Text          string
	Title         bool   // whether the text is the title of a dossier
	Address       string // where the record is read
}

// Where is where a situation is looked for (4.01); nil does not limit.
type Where struct {
	Kind, Street, HouseNumber, Postcode *string
	Near                                *Point
	Metres                              *int // from Near
}

// found is a dossier of which a search met the title, or number, purpose and reference.
func (d Dossier) found(title bool) Found {
	f := Found{ID: d.ID, DossierID: d.ID, At: d.OpenedAt, Category: authz.Core, Text: d.Number + " " + d.Purpose + " " + d.ExternalReference, Address: d.address()}
	if title {
		f.Category, f.Text, f.Title = authz.Identity, d.Title, true
	}
	return f
}

func (d Dossier) address() string { return "/v1/dossiers/" + d.ID.String() }

// found is an item of which a search met the text or the source.
func (i Item) found() Found {
	return Found{
		ID: i.ID, DossierID: i.DossierID, At: i.AddedAt, Category: i.Category, Text: i.Text + " " + i.Source,
		Address: "/v1/dossiers/" + i.DossierID.String() + "/items/" + i.ID.String(),
	}
}
