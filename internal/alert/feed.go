package alert

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// Event is something that happened in a dossier, as its reader may know it now.
type Event struct {
	ID             uuid.UUID
	Sequence       int64  // place in the feed of the municipality
	Kind           string // code of the list event-kinds
	Dossier        dossier.Ref
	Subject        *journal.Subject // nil where the reader may not read the change
	Fields         []string
	ActorID        *uuid.UUID // nil for a system, or where the reader may not read the change
	ActorPartnerID *uuid.UUID
	InNameOf       *uuid.UUID
	At             time.Time
}

func (e Event) place() page.Cursor { return page.AtNumber(e.Sequence, e.ID) }

// FeedFilter is from where on, and of which dossier, the feed is read.
type FeedFilter struct {
	After     int64 // only what comes after this number
	DossierID *uuid.UUID
}

// howOpened tells whether a kind of subject is how a dossier is opened to whom, which is not for everybody in it. An access request is
// for who is asked, which its own proof says.
func howOpened(subject string) bool {
	return subject == "matrix-exception" || subject == "grant" || subject == "emergency-access"
}

// forDirectors tells whether an event is for municipal directors alone.
func forDirectors(e delivery.Event) bool {
	return e.Name == broken || e.Name == failed || e.Name == stalled || e.SubjectType == "privacy-assertion"
}
