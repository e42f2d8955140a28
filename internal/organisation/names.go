package organisation

import (
	"time"

	"github.com/google/uuid"
)

// Names are the names of who takes part in a municipality, for the readable siblings of ids, and
// the zone in which its terms end. They are never changed once made.
type Names struct {
	municipality  Municipality
	zone          *time.Location
	people        int64 // the stamp from which they were made
	partners      map[uuid.UUID]string
	professionals map[uuid.UUID]string
}

// PartnerName is the name of a partner; empty when there is none with this id.
func (n *Names) PartnerName(id uuid.UUID) string { return n.partners[id] }

// ProfessionalName is the name of a professional; empty when there is none with this id.
func (n *Names) ProfessionalName(id uuid.UUID) string { return n.professionals[id] }
