package authz

import (
	"slices"

	"github.com/google/uuid"
)

// factors lists every factor that there is in these facts, in the order of the formula.
func (f Facts) factors() []Factor {
	all := []Factor{f.factor(FactorPartner, AllWays)}
	if f.Who.IsPerson() {
		all = append(all, f.factor(FactorProfessional, AllWays))
	}
	all = append(all, f.factor(FactorMatrix, AllWays))
	if len(f.Ways) == 0 {
		all = append(all, f.factor(FactorAdmission, AllWays))
	}
	for i := range f.Ways {
		all = append(all, f.factor(FactorAdmission, i))
	}
	for _, ways := range []int{AllWays, DirectorWays} {
		if f.has(ways) {
			all = append(all, f.factor(FactorCell, ways))
		}
	}
	if f.Replaced != nil {
		all = append(all, f.factor(FactorException, AllWays))
	}
	all = append(all, f.ofWays()...)
	all = append(all, f.factor(FactorBasis, AllWays), f.factor(FactorCeiling, AllWays))
	if f.Resource.Category == Health && f.inEmergency() {
		all = append(all, f.factor(FactorEmergency, AllWays))
	}
	if f.Item {
		for _, name := range []string{FactorItem, FactorSupplier, FactorSecrecy, FactorCondition, FactorWithholding, FactorRelease, FactorRestriction} {
			all = append(all, f.factor(name, AllWays))
		}
	}
	return append(all, f.factor(FactorState, AllWays))
}

// ofWays are the grants and the roles.
func (f Facts) ofWays() (all []Factor) {
	for i, w := range f.Ways {
		if w.Grants.Acts() != 0 || f.granted(w) != 0 {
			all = append(all, f.factor(FactorGrant, i))
		}
	}
	for i, w := range f.Ways {
		if w.Roles&(RoleCaseDirector|RoleChair) != 0 {
			all = append(all, f.factor(FactorRole, i))
		}
	}
	return all
}

// granted is what a way gives beside the cells that no exception explains.
func (f Facts) granted(w Way) Act {
	var masks byAct
	for i, mask := range w.given() {
		masks[i] = *mask
	}
	acts := ActsOn(masks, f.Resource.Category)
	if f.Replaced != nil {
		acts &^= f.Replaced.Acts()
	}
	return acts
}

// has tells whether there are ways with the cells of the partner, also when there are no ways at all, or
// with those of the role municipal director.
func (f Facts) has(ways int) bool {
	if len(f.Ways) == 0 {
		return ways == AllWays
	}
	return slices.ContainsFunc(f.Ways, func(w Way) bool { return (w.Kind == ByRole) == (ways == DirectorWays) })
}

func (f Facts) inEmergency() bool {
	return slices.ContainsFunc(f.Ways, func(w Way) bool { return w.Kind == ByEmergency })
}

func (f Facts) factor(name string, way int) Factor {
	found := f.finding(name, way)
	return Factor{Factor: name, Finding: found, Way: way, Effect: effectOf(found)}
}

// finding says of a factor what is so, as a code of list access-findings.
func (f Facts) finding(name string, way int) string {
	switch name {
	case FactorAdmission:
		if way < 0 {
			return "not-admitted"
		}
		return "admitted-by-" + f.Ways[way].Kind
	case FactorCell:
		return f.findingOfCell(way)
	case FactorException:
		return either(f.Replaced != nil && f.Replaced.Acts()&f.Acts != 0, "exception-gives", "exception-lacks")
	case FactorGrant:
		return either((f.Ways[way].Grants.Acts()|f.granted(f.Ways[way]))&f.Acts != 0, "grant-gives", "grant-lacks")
	case FactorRole:
		return either(f.ofRole(way)&f.Acts != 0, "role-gives", "role-lacks")
	case FactorBasis:
		return either(f.admits(), "basis-admits", "basis-excludes")
	case FactorCeiling:
		return either(f.underCeiling(), "ceiling-open", "ceiling-closed")
	case FactorPartner:
		return either(f.Suspended, "partner-suspended", "partner-active")
	case FactorProfessional:
		return either(f.Expired, "professional-ended", "professional-valid")
	case FactorMatrix:
		return either(f.NoMatrix, "no-matrix", "matrix-in-force")
	case FactorEmergency:
		return "closed-in-emergency"
	case FactorState:
		return f.findingOfState()
	}
	return f.findingOfItem(name)
}

// findingOfItem says what is so of one item.
func (f Facts) findingOfItem(name string) string {
	r := f.Resource
	own := r.Supplier == f.Who.Partner && r.Supplier != uuid.Nil
	switch name {
	case FactorItem:
		return either(f.Missing, "item-later", "item-there")
	case FactorSupplier:
		return either(own, "item-own", "item-of-other")
	case FactorSecrecy:
		return f.findingOfSecrecy(own)
	case FactorCondition:
		return either(!own && r.WithheldTypes>>f.Who.Sight.PartnerType&1 == 1, "withheld-from-type", "not-withheld-from-type")
	case FactorWithholding:
		return either(!own && slices.Contains(r.WithheldPartners, f.Who.Partner), "withheld-from-partner", "not-withheld-from-partner")
	case FactorRelease:
		return either(r.Released, "released", "not-released")
	default:
		return either(r.Restricted, "restricted", "not-restricted")
	}
}

func (f Facts) findingOfSecrecy(own bool) string {
	switch {
	case !f.Resource.Secret:
		return "not-secret"
	case !own && !f.Resource.SecretGround:
		return "secret-without-ground"
	case f.inEmergency():
		return "secret-in-emergency"
	default:
		return either(own, "secret-own", "secret-with-ground")
	}
}

func (f Facts) findingOfState() string {
	for _, w := range f.Ways {
		if w.Shielded {
			return "dossier-shielded"
		}
	}
	return either(f.Ended, "dossier-ended", "dossier-open")
}

func (f Facts) findingOfCell(way int) string {
	if f.Replaced != nil && way == AllWays {
		return "cell-replaced"
	}
	return either(f.ofCells(way == DirectorWays)&f.Acts != 0, "cell-gives", "cell-lacks")
}

// ofCells is what the cells alone give on the category, before any ceiling.
func (f Facts) ofCells(director bool) Act {
	a := Admission{Profile: f.Profile}
	if director {
		a.Kind, a.Profile = ByRole, f.Profile+profiles
	}
	return f.before(a)
}

// ofRole is what a way's roles in the dossier give on the category.
func (f Facts) ofRole(way int) Act {
	return f.before(Admission{Profile: f.Ways[way].Profile, Roles: f.Ways[way].Roles, Denied: allCategories})
}

// before is what an admission gives on the category before any ceiling.
func (f Facts) before(a Admission) Act {
	s := f.Who.Sight
	s.Ceiling = everything()
	return ActsOn(a.gives(s), f.Resource.Category)
}

// admits tells whether the legal basis lets his partner in, or the municipal director by his role.
func (f Facts) admits() bool {
	profile := f.Profile
	if f.has(DirectorWays) {
		profile += profiles
	}
	return profile >= 0 && f.Who.Sight.Admits>>profile&1 == 1
}

// underCeiling tells whether the legal basis leaves the category open to others than its supplier.
func (f Facts) underCeiling() bool {
	return f.NoMatrix || (f.Who.Sight.Ceiling.At(f.Profile)|f.Who.Sight.Ceiling.At(f.Profile+profiles))&f.Resource.Category.Bit() != 0
}

func either(is bool, then, otherwise string) string {
	if is {
		return then
	}
	return otherwise
}

// effectOf is what a finding does to a right.
func effectOf(finding string) Effect {
	switch finding {
	case "admitted-by-participant", "admitted-by-meeting", "admitted-by-grant", "admitted-by-emergency", "admitted-by-director",
		"cell-gives", "exception-gives", "grant-gives", "role-gives", "item-own", "released":
		return Gives
	case "partner-suspended", "professional-ended", "no-matrix", "exception-lacks", "basis-excludes", "ceiling-closed", "closed-in-emergency",
		"item-later", "secret-without-ground", "secret-in-emergency", "withheld-from-type", "withheld-from-partner", "restricted",
		"dossier-shielded", "dossier-ended":
		return Limits
	}
	return Neutral
}
