package organisation

import (
	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// Me is who the caller is in the municipality for which he acts, and what the matrix in force lets
// him do before what a dossier adds or withholds.
type Me struct {
	Professional   *uuid.UUID // nil for a system
	PartnerID      uuid.UUID
	PartnerType    string
	ClientID       *uuid.UUID // nil without a registered client
	ClientName     string
	Municipality   Municipality
	Municipalities []Municipality // all that the caller may name
	Roles          []identity.Role
	Requirements   []Requirement // none of a system
	Rights         []Right
}

// Right is what may be done with one category in one kind of dossier.
type Right struct {
	DossierType string
	Category    authz.Category
	Level       authz.Level
}

// rightsOf reads the level of every cell back from the masks of an identity. A municipal director has the
// cells of his role beside those of his partner; levels are closed under union.
func rightsOf(who identity.Identity) []Right {
	var rights []Right
	for _, dossierType := range authz.DossierTypes() {
		for i := range authz.CategorySlugs() {
			category := authz.Category(i)
			acts := actsAt(who.Sight, authz.Profile(dossierType, anyBasis), category)
			if who.Has(identity.MunicipalDirector) {
				acts |= actsAt(who.Sight, authz.DirectorProfile(dossierType, anyBasis), category)
			}
			rights = append(rights, Right{DossierType: dossierType, Category: category, Level: levelOf(acts)})
		}
	}
	return rights
}

// anyBasis stands for every legal basis: cells do not depend on it, only the ceilings do.
const anyBasis = "covenant"

func actsAt(s identity.Sight, profile int, c authz.Category) authz.Act {
	var acts authz.Act
	for i, masks := range []identity.Masks{s.SeeReleased, s.SeeOwn, s.SeeAll, s.Add, s.EditOwn, s.EditAll} {
		if masks.At(profile)&c.Bit() != 0 {
			acts |= 1 << i
		}
	}
	return acts
}

// levelOf is the level with just these acts.
func levelOf(acts authz.Act) authz.Level {
	for _, level := range authz.Levels() {
		if level.Acts() == acts {
			return level
		}
	}
	return authz.None
}
