package privacy

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// mostCandidates bounds a run; what is left comes in the next.
const mostCandidates = 200

// RetentionRun is what was due on a day and what was decided on it (Wgs 1.8(7), BGS 1.16). What was destroyed is no longer a
// candidate: it stands in a certificate.
type RetentionRun struct {
	MunicipalityID string      `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID   `gorm:"primaryKey" etag:"-"`
	Version        int64       `etag:"-"`
	Scheduled      bool        `etag:"-"` // by the product itself
	AsOf           time.Time   `etag:"-"` // a date
	Candidates     []Candidate `gorm:"serializer:json"`
	Destroyed      int
	StartedBy      *uuid.UUID `etag:"-"` // nil when scheduled
	StartedAt      time.Time  `etag:"-"`
	Reason         string
	DecidedBy      *uuid.UUID // nil until then, and when scheduled
	DecidedAt      *time.Time
	FinishedAt     *time.Time
	ChangedAt      time.Time `etag:"-"`
}

// Candidate is a dossier that is due.
type Candidate struct {
	DossierID uuid.UUID `json:"dossierId"`
	Number    string    `json:"number"`
	Kind      string    `json:"kind"`
	DueOn     time.Time `json:"dueOn"`
}

// TableName implements gorm's Tabler.
func (RetentionRun) TableName() string { return "retention_run" }

// Guarded implements db.Row.
func (r RetentionRun) Guarded() uuid.UUID { return r.ID }

// Resource is the run, to decide on.
func (r RetentionRun) Resource() authz.Resource { return authz.Resource{ID: r.ID} }

func (r RetentionRun) place() page.Cursor { return page.At(r.StartedAt, r.ID) }

// Status is how far the run is.
func (r RetentionRun) Status() string {
	switch {
	case r.FinishedAt != nil:
		return "done"
	case r.DecidedAt != nil:
		return "decided"
	}
	return "dry"
}

// decidable tells whether the dry run can be decided on: it is of today and lists something.
func (r RetentionRun) decidable(today time.Time) bool {
	return r.DecidedAt == nil && len(r.Candidates) > 0 && r.AsOf.Equal(today)
}

func (r *RetentionRun) decide(reason string, by *uuid.UUID, today, now time.Time) error {
	if !r.decidable(today) {
		return problem.Errorf(problem.Conflict, "A decision is taken once, on a dry run of today that lists something (Wgs 1.8(7), BGS 1.16); make a new one.")
	}
	r.Reason, r.DecidedBy, r.DecidedAt = reason, by, &now
	return nil
}

func (r RetentionRun) operations(today time.Time) []authz.Operation {
	all := []authz.Operation{{ID: "getRetentionRun", Act: actReadRetention}, {ID: "listDestructionCertificates", Act: actReadRetention}}
	if r.decidable(today) {
		all = append(all, authz.Operation{ID: "decideRetentionRun", Act: actDecideRetention})
	}
	return all
}

// Certificate says what was destroyed of a dossier and that no copy remains, without personal data. It never changes.
type Certificate struct {
	ID             uuid.UUID
	RunID          uuid.UUID
	DossierID      uuid.UUID
	Number         string
	Kind           string
	Months         int
	DueOn          time.Time
	Records        []Destroyed `gorm:"serializer:json"`
	TablesSearched int
	CopiesFound    int
	DecidedBy      *uuid.UUID
	DestroyedAt    time.Time
}

// Destroyed is how many records of a kind went.
type Destroyed struct {
	Kind  string `json:"kind"`
	Count int    `json:"count"`
}

func (c Certificate) place() page.Cursor { return page.At(c.DestroyedAt, c.ID) }
