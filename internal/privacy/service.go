// Package privacy holds what makes the work lawful and answerable: who looked at what, the rights of persons, how long
// records are kept, disclosures, breaches and the registers of the Wgs and the AVG.
package privacy

import (
	"github.com/wijkregie/wijkregie/internal/configuration"
	"github.com/wijkregie/wijkregie/internal/document"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel"
	"github.com/wijkregie/wijkregie/internal/kernel/ledger"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/meeting"
	"github.com/wijkregie/wijkregie/internal/organisation"
	"github.com/wijkregie/wijkregie/internal/person"
	"github.com/wijkregie/wijkregie/internal/plan"
)

// Service keeps the accounts of privacy.
type Service struct {
	k kernel.Kernel
	m Means
}

// Means are the areas whose records it accounts for.
type Means struct {
	Lists     *configuration.Service
	People    *organisation.Service
	Matrix    *matrix.Service
	Dossiers  *dossier.Service
	Persons   *person.Service
	Documents *document.Service
	Plans     *plan.Service
	Meetings  *meeting.Service
	Log       *ledger.Log
	PublicURL string // where the product is, without a slash at its end
}

// New makes the service.
func New(k kernel.Kernel, m Means) *Service { return &Service{k: k, m: m} }
