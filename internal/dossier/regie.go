package dossier

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// RegieChange records who directs a dossier, who holds which responsibility and in which AVE phase
// (regiewijziging); what it does not name stays as it was. It is never changed.
type RegieChange struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	DossierID      uuid.UUID
	FromPhase      *int // before it; nil in the oldest records
	Phase          *int
	CaseDirectorID *uuid.UUID
	FromChairID    *uuid.UUID `etag:"-"`
	ChairID        *uuid.UUID
	Holders        []Holder `gorm:"serializer:json"` // with the case director and the chair that it appoints
	Criteria       []string `gorm:"serializer:json"`
	Reason         string   // empty where it follows from the table
	JumpReason     string
	ReviewDate     *time.Time
	ByTable        *uuid.UUID // the table whose chair the dossier follows
	ProposedBy     *uuid.UUID
	DecidedBy      uuid.UUID
	DecidedAt      time.Time
	InNameOf       *uuid.UUID // for whom a substitute decided
}

// Guarded implements db.Row.
func (c RegieChange) Guarded() uuid.UUID { return c.DossierID }

// from this phase on professionals direct the case and the process; in the last somebody answers for it as
// an administrator.
const (
	directedPhase       = 3
	administrativePhase = 4
)

// check names what is wrong with a change by itself, and with the phase from which it comes.
func (c RegieChange) check(from int) problem.Faults {
	var wrong problem.Faults
	if c.Phase == nil && len(c.Holders) == 0 {
		wrong.Note("", "empty", "Name a phase, a case director, a chair or a holder.")
	}
	jumps := c.Phase != nil && (*c.Phase > from+1 || *c.Phase < from-1)
	if jumps && c.JumpReason == "" {
		wrong.Note("/jumpReason", "required", "Say why a phase is skipped.")
	}
	return wrong
}

// apply makes the change; holders are those from it on. From phase 3 a case director and a process director
// are needed, in phase 4 an administrator.
func (c RegieChange) apply(d *Dossier, holders map[Responsibility]Held) error {
	if c.CaseDirectorID != nil {
		d.CaseDirectorID = c.CaseDirectorID
	}
	if c.ChairID != nil {
		d.ChairID = c.ChairID
	}
	if c.Phase != nil {
		d.RegiePhase = *c.Phase
	}
	switch {
	case d.RegiePhase >= directedPhase && (d.CaseDirectorID == nil || holders[CaseDirection].Kind != ByProfessional):
		return problem.Errorf(problem.Conflict, "From AVE phase 3 a dossier has a case director; appoint one in this change.")
	case d.RegiePhase >= directedPhase && holders[ProcessDirection].Kind != ByProfessional:
		return problem.Errorf(problem.Conflict, "From AVE phase 3 a dossier has a process director; name the holder of process-direction in this change.")
	case d.RegiePhase >= administrativePhase && holders[Administrative].Kind == ByNobody:
		return problem.Errorf(problem.Conflict, "In AVE phase 4 somebody answers for the dossier as an administrator; name the holder of administrative in this change.")
	}
	return nil
}

// Closure is the decision that ends a dossier, with its result (afsluiting).
type Closure struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	DossierID      uuid.UUID
	FromStatus     Status    `etag:"-"`
	Result         string    // achieved, partly or not-achieved
	Outcomes       []Outcome `gorm:"serializer:json"`
	Reason         string
	DecidedBy      uuid.UUID
	DecidedAt      time.Time
}

// Outcome is one end result.
type Outcome struct {
	Description string `json:"description"`
	Result      string `json:"result"`
}

// Guarded implements db.Row.
func (c Closure) Guarded() uuid.UUID { return c.DossierID }

func (c Closure) endedBy(d Dossier) uuid.UUID { return d.endedBy(c.DecidedBy, c.DecidedAt) }

// apply closes and shields the dossier (Wgs 2.31(8)).
func (c *Closure) apply(d *Dossier) {
	c.FromStatus, d.Status = d.Status, Closed
	at := c.DecidedAt
	d.ShieldedAt = &at
}
