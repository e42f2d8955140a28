package dossier

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Participant is that a partner takes part in a dossier, with its professionals by name: only they
// have access (Wgs 2.31(4)); an empty list gives nobody access.
type Participant struct {
	MunicipalityID  string    `gorm:"primaryKey" etag:"-"`
	ID              uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version         int64     `etag:"-"`
	DossierID       uuid.UUID
	PartnerID       uuid.UUID
	Role            string      // participant, or incidental (agendadeelnemer)
	ProfessionalIDs []uuid.UUID `gorm:"serializer:json"`
	StartsAt        time.Time
	EndsAt          *time.Time
	ChangedAt       time.Time `etag:"-"`
}

// The roles of a participant.
const (
	RoleParticipant = "participant"
	RoleIncidental  = "incidental"
)

// Guarded implements db.Row: who may change the dossier's core may change who takes part.
func (p Participant) Guarded() uuid.UUID { return p.DossierID }

func (p Participant) names(professional uuid.UUID) bool {
	return slices.Contains(p.ProfessionalIDs, professional)
}

// runs tells whether the participation has begun and has not ended.
func (p Participant) runs(now time.Time) bool {
	return !p.StartsAt.After(now) && (p.EndsAt == nil || p.EndsAt.After(now))
}

// keepLeads refuses to take the case director or the chair out of the dossier, now or at an end to come.
func (p Participant) keepLeads(d Dossier, before Participant, now time.Time) error {
	for _, lead := range []*uuid.UUID{d.CaseDirectorID, d.ChairID} {
		if lead == nil || !before.names(*lead) {
			continue
		}
		if !p.names(*lead) || p.endsSooner(before, now) {
			return problem.Errorf(problem.Conflict, "The case director and the chair take part by name; appoint another first.")
		}
	}
	return nil
}

// endsSooner tells whether the participation is over, or ends before it did.
func (p Participant) endsSooner(before Participant, now time.Time) bool {
	return p.EndsAt != nil && (!p.EndsAt.After(now) || before.EndsAt == nil || p.EndsAt.Before(*before.EndsAt))
}

// mayDo are the professionals who may do an act on a dossier's core for what they are in it.
func (d Dossier) mayDo(act string) []*uuid.UUID {
	switch {
	case act == actDirect || act == actClose:
		return []*uuid.UUID{d.ChairID}
	case d.CaseDirectorID != nil:
		return []*uuid.UUID{d.CaseDirectorID}
	}
	return []*uuid.UUID{&d.OpenedBy}
}
