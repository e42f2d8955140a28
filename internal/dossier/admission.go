package dossier

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
)

// Admission is a slice of time of one way into a dossier, the only thing that lets anybody in; see
// authz.Admission for what it gives. Slices of the past stay: who could see what is asked of them.
type Admission struct {
	MunicipalityID  string    `gorm:"primaryKey"`
	ID              uuid.UUID `gorm:"primaryKey"`
	DossierID       uuid.UUID
	PartnerID       uuid.UUID
	Holder          uuid.UUID // professional, partner for its systems, or db.DirectorHolder
	Kind            string
	Source          uuid.UUID // what it follows from
	Since           time.Time
	Until           *time.Time // nil is without end
	Profile         int
	Roles           int
	Granted         int64
	GrantedReleased int64
	GrantedOwn      int64
	GrantedAdd      int64
	GrantedEditOwn  int64
	GrantedEditAll  int64
	Denied          int64
	Shielded        bool
}

// Guarded implements db.Row.
func (a Admission) Guarded() uuid.UUID { return a.DossierID }

// Gives is what the admission gives, to decide on.
func (a Admission) Gives() authz.Admission {
	return authz.Admission{
		DossierID: a.DossierID, Kind: a.Kind, Profile: a.Profile, Roles: a.Roles, Granted: a.Granted, GrantedReleased: a.GrantedReleased,
		GrantedOwn: a.GrantedOwn, GrantedAdd: a.GrantedAdd, GrantedEditOwn: a.GrantedEditOwn, GrantedEditAll: a.GrantedEditAll,
		Denied: a.Denied, Shielded: a.Shielded,
	}
}

// take puts in the row what an admission gives beside the cells.
func (a *Admission) take(g authz.Admission) {
	a.Granted, a.GrantedReleased, a.GrantedOwn, a.GrantedAdd = g.Granted, g.GrantedReleased, g.GrantedOwn, g.GrantedAdd
	a.GrantedEditOwn, a.GrantedEditAll, a.Denied = g.GrantedEditOwn, g.GrantedEditAll, g.Denied
}

// same tells whether two slices of one way give the same; when, is asked apart.
func (a Admission) same(b Admission) bool {
	return a.sameWay(b) && a.PartnerID == b.PartnerID && a.Profile == b.Profile && a.Roles == b.Roles && a.Gives() == b.Gives()
}

func (a Admission) sameWay(b Admission) bool {
	return a.Holder == b.Holder && a.Kind == b.Kind && a.Source == b.Source
}

// ways is everything from which the admissions of a dossier follow.
type ways struct {
	participants []Participant
	exceptions   []Exception
	grants       []Grant
	meetings     []MeetingAccess
	emergencies  []EmergencyAccess
}

// admissionsOf follows from a dossier and the ways into it: one for each professional who takes part by
// name and one for the systems of his partner, one for each grant, invitation and emergency, and one for
// the municipal director. A dossier's own exception cuts those of its partner into slices.
func admissionsOf(d Dossier, w ways, director uuid.UUID) []Admission {
	all := []Admission{{
		Holder: director, Kind: authz.ByRole, Source: d.ID, Since: d.OpenedAt, Profile: authz.DirectorProfile(string(d.Type), string(d.Basis)),
	}}
	for _, a := range w.entries(d) {
		a.Profile = authz.Profile(string(d.Type), string(d.Basis))
		all = append(all, w.slices(a)...)
	}
	for i := range all {
		all[i].MunicipalityID, all[i].DossierID, all[i].Shielded = d.MunicipalityID, d.ID, d.ShieldedAt != nil
	}
	return all
}

// entries are the ways of partners into the dossier, before the exceptions of the director.
func (w ways) entries(d Dossier) (all []Admission) {
	for _, p := range w.participants {
		if len(p.ProfessionalIDs) == 0 {
			continue
		}
		for _, holder := range append([]uuid.UUID{p.PartnerID}, p.ProfessionalIDs...) {
			all = append(all, Admission{
				PartnerID: p.PartnerID, Holder: holder, Kind: authz.ByParticipation, Source: p.ID, Since: p.StartsAt, Until: p.EndsAt, Roles: rolesOf(d, holder),
			})
		}
	}
	for _, g := range w.grants {
		a := Admission{PartnerID: g.PartnerID, Holder: g.ProfessionalID, Kind: authz.ByGrant, Source: g.ID, Since: g.Since, Until: g.end()}
		given := authz.Admission{}
		for _, c := range g.Categories {
			given.Grant(c, g.Level)
		}
		a.take(given)
		all = append(all, a)
	}
	for _, m := range w.meetings {
		all = append(all, Admission{PartnerID: m.PartnerID, Holder: m.ProfessionalID, Kind: authz.ByMeeting, Source: m.ID, Since: m.Since, Until: &m.Until})
	}
	for _, e := range w.emergencies {
		all = append(all, Admission{
			PartnerID: e.PartnerID, Holder: e.ProfessionalID, Kind: authz.ByEmergency, Source: e.ID, Since: e.Since, Until: &e.Until,
		})
	}
	return all
}

// slices cuts an admission where an exception for its partner begins or ends, and puts the level of the
// exception in the place of the cell while it lasts.
func (w ways) slices(a Admission) (all []Admission) {
	mine := slices.DeleteFunc(slices.Clone(w.exceptions), func(e Exception) bool { return e.PartnerID != a.PartnerID })
	for _, period := range cut(a.Since, a.Until, mine) {
		one := a
		one.Since, one.Until = period.since, period.until
		given := one.Gives()
		cell := authz.Admission{}
		for _, e := range mine {
			if e.runs(period.since) {
				cell.Replace(e.Category, e.Level)
			}
		}
		given.Add(cell)
		if a.Kind == authz.ByEmergency {
			given.Withhold(authz.Health)
		}
		one.take(given)
		all = append(all, one)
	}
	return all
}

type period struct {
	since time.Time
	until *time.Time
}

// cut parts a period at the moments at which exceptions begin or end in it.
func cut(since time.Time, until *time.Time, exceptions []Exception) (all []period) {
	var at []time.Time
	inside := func(t time.Time) bool { return t.After(since) && (until == nil || t.Before(*until)) }
	for _, e := range exceptions {
		if inside(e.Since) {
			at = append(at, e.Since)
		}
		if end := e.end(); end != nil && inside(*end) {
			at = append(at, *end)
		}
	}
	slices.SortFunc(at, time.Time.Compare)
	for _, t := range slices.CompactFunc(at, time.Time.Equal) {
		all = append(all, period{since, &t})
		since = t
	}
	return append(all, period{since, until})
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

func earliest(a, b *time.Time) *time.Time {
	if a == nil || b != nil && b.Before(*a) {
		return b
	}
	return a
}

// runs tells whether a moment lies in a period; nil is without end.
func runs(since time.Time, until *time.Time, at time.Time) bool {
	return !since.After(at) && (until == nil || until.After(at))
}
