package dossier

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
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

// Admission is a row of the only way into a dossier; see authz.Admission for what it gives.
type Admission struct {
	MunicipalityID  string    `gorm:"primaryKey"`
	ID              uuid.UUID `gorm:"primaryKey"`
	DossierID       uuid.UUID
	PartnerID       uuid.UUID
	Holder          uuid.UUID // professional, partner for its systems, or db.DirectorHolder
	Kind            string
	Since           time.Time
	Until           *time.Time // nil is without end
	Profile         int
	Roles           int
	Granted         int64
	GrantedReleased int64
	Denied          int64
	Shielded        bool
}

// admissionsOf follows from a dossier and who takes part in it: one for each professional by name,
// one for the systems of a partner that has such professionals, and one for the municipal director.
func admissionsOf(d Dossier, participants []Participant, director uuid.UUID) []Admission {
	profile := authz.Profile(string(d.Type), string(d.Basis))
	all := []Admission{{
		Holder: director, Kind: "director", Since: d.OpenedAt, Profile: authz.DirectorProfile(string(d.Type), string(d.Basis)),
	}}
	for _, p := range participants {
		if len(p.ProfessionalIDs) == 0 {
			continue
		}
		for _, holder := range append([]uuid.UUID{p.PartnerID}, p.ProfessionalIDs...) {
			a := Admission{PartnerID: p.PartnerID, Holder: holder, Kind: "participant", Since: p.StartsAt, Until: p.EndsAt, Profile: profile}
			a.Roles = rolesOf(d, holder)
			a.Granted, _, a.GrantedReleased = authz.Overlay(a.Roles)
			all = append(all, a)
		}
	}
	for i := range all {
		all[i].MunicipalityID, all[i].DossierID, all[i].Shielded = d.MunicipalityID, d.ID, d.ShieldedAt != nil
	}
	return all
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

// rolesOf is what a professional is in the dossier. Who opened it stands in for the case director
// until there is one.
func rolesOf(d Dossier, professional uuid.UUID) int {
	roles := 0
	if d.CaseDirectorID != nil && *d.CaseDirectorID == professional {
		roles |= authz.RoleCaseDirector
	}
	if d.ChairID != nil && *d.ChairID == professional {
		roles |= authz.RoleChair
	}
	if d.CaseDirectorID == nil && d.OpenedBy == professional {
		roles |= authz.RoleOpener
	}
	return roles
}
