package authz

import "github.com/google/uuid"

// The roles that an admission can carry, as bits: what its holder is in this dossier.
const (
	RoleCaseDirector = 1 << iota // casusregisseur
	RoleChair                    // voorzitter
	RoleOpener                   // who opened it, until a case director is appointed
)

// The kinds of admission: by what its holder comes into a dossier.
const (
	ByParticipation = "participant"
	ByGrant         = "grant"
	ByMeeting       = "meeting"
	ByEmergency     = "emergency" // he let himself in (noodtoegang); never opens health or what is under secrecy
	ByRole          = "director"  // of municipal director
)

// Admission is one live way of the caller into a dossier, as recorded. What is granted comes beside the
// cells of the matrix, per act; for what is denied the cells do not count.
type Admission struct {
	DossierID       uuid.UUID
	Kind            string
	Profile         int
	Roles           int
	Granted         int64 // see-all
	GrantedReleased int64
	GrantedOwn      int64
	GrantedAdd      int64
	GrantedEditOwn  int64
	GrantedEditAll  int64
	Denied          int64
	Shielded        bool
}

// given is what it gives beside the cells, in the order of the acts.
func (a *Admission) given() [6]*int64 {
	return [6]*int64{&a.GrantedReleased, &a.GrantedOwn, &a.Granted, &a.GrantedAdd, &a.GrantedEditOwn, &a.GrantedEditAll}
}

// Grant adds the acts of a level on a category.
func (a *Admission) Grant(c Category, l Level) {
	for i, mask := range a.given() {
		if l.Acts()>>i&1 == 1 {
			*mask |= c.Bit()
		}
	}
}

// Replace puts a level in the place of the cell of a category, as a dossier's own exception does.
func (a *Admission) Replace(c Category, l Level) {
	a.Denied |= c.Bit()
	a.Grant(c, l)
}

// Add joins what another admission gives beside the cells, and for what the cells do not count.
func (a *Admission) Add(b Admission) {
	other := b.given()
	for i, mask := range a.given() {
		*mask |= *other[i]
	}
	a.Denied |= b.Denied
}

// Withhold takes a category out altogether.
func (a *Admission) Withhold(c Category) {
	a.Denied |= c.Bit()
	a.keep(c, 0)
}

// keep leaves of what it gives beside the cells on a category no more than these acts.
func (a *Admission) keep(c Category, acts Act) {
	for i, mask := range a.given() {
		if acts>>i&1 == 0 {
			*mask &^= c.Bit()
		}
	}
}
