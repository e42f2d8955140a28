package authz

import (
	"slices"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// Effective is what an admission gives whoever has this sight, within the ceilings, as one mask of
// categories per act in the order of the acts; nothing where the legal basis does not admit him or the
// dossier is shielded.
func (a Admission) Effective(s identity.Sight) [6]int64 {
	if a.Shielded || a.Profile < 0 || s.Admits>>a.Profile&1 == 0 {
		return [6]int64{}
	}
	return a.gives(s)
}

// TypeOf is the kind of dossier of a profile, also of the municipal director's; empty for no profile.
func TypeOf(profile int) string {
	if profile < 0 || profile >= 2*profiles {
		return ""
	}
	return DossierTypes()[profile%profiles/len(Bases())]
}

// ActsOn is the set of acts that masks, as Effective gives them, hold on a category.
func ActsOn(masks [6]int64, c Category) (acts Act) {
	for i, mask := range masks {
		if mask&c.Bit() != 0 {
			acts |= 1 << i
		}
	}
	return acts
}

// ActsNamed is the set of acts with these names of the contract; an unknown name is none.
func ActsNamed(names []string) (acts Act) {
	for i := range 6 {
		if slices.Contains(names, Act(1 << i).Names()[0]) {
			acts |= 1 << i
		}
	}
	return acts
}
