package authz

import (
	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// The factors of a right, in the order of the formula (list access-factors).
const (
	factorPartner      = "partner-standing"
	factorProfessional = "professional-standing"
	factorMatrix       = "matrix-version"
	factorAdmission    = "admission"
	factorCell         = "matrix-cell"
	factorException    = "exception"
	factorGrant        = "grant"
	factorRole         = "role"
	factorBasis        = "legal-basis"
	factorCeiling      = "category-ceiling"
	factorEmergency    = "emergency-limit"
	factorItem         = "item"
	factorSupplier     = "supplier"
	factorSecrecy      = "secrecy"
	factorCondition    = "item-condition"
	factorWithholding  = "withholding"
	factorRelease      = "release"
	factorRestriction  = "restriction"
	factorState        = "dossier-state"
)

// limits are the ceilings, each with how it is lifted, in the order of the formula.
func limits() []part {
	return []part{
		{factorPartner, AllWays, func(f *Facts) { f.Suspended = false }},
		{factorProfessional, AllWays, func(f *Facts) { f.Expired = false }},
		{factorMatrix, AllWays, liftNoMatrix},
		{factorBasis, AllWays, func(f *Facts) { f.Who.Sight.Admits = -1 }},
		{factorCeiling, AllWays, func(f *Facts) { f.Who.Sight.Ceiling, f.Who.Sight.Limit = everything(), allCategories }},
		{factorEmergency, AllWays, liftEmergency},
		{factorItem, AllWays, func(f *Facts) { f.Missing = false }},
		{factorSecrecy, AllWays, func(f *Facts) { f.Resource.Secret = false }},
		{factorCondition, AllWays, func(f *Facts) { f.Resource.WithheldTypes = 0 }},
		{factorWithholding, AllWays, func(f *Facts) { f.Resource.WithheldPartners = nil }},
		{factorRestriction, AllWays, func(f *Facts) { f.Resource.Restricted = false }},
		{factorState, AllWays, func(f *Facts) {
			f.Ended = false
			for i := range f.Ways {
				f.Ways[i].Shielded = false
			}
		}},
	}
}

// liftNoMatrix gives who has no matrix at all one that gives everything.
func liftNoMatrix(f *Facts) {
	if !f.NoMatrix {
		return
	}
	all := everything()
	f.NoMatrix = false
	f.Who.Sight = identity.Sight{
		SeeAll: all, SeeOwn: all, SeeReleased: all, Add: all, EditOwn: all, EditAll: all, Ceiling: all, Limit: allCategories, Admits: -1,
		PartnerType: f.Who.Sight.PartnerType,
	}
}

// everything is a ceiling that leaves everything open.
func everything() identity.Masks {
	all := make([]int64, 2*profiles)
	for i := range all {
		all[i] = allCategories
	}
	return identity.NewMasks(all)
}

// liftEmergency makes an emergency access an ordinary one.
func liftEmergency(f *Facts) {
	c := f.Resource.Category
	for i, w := range f.Ways {
		if w.Kind != ByEmergency {
			continue
		}
		f.Ways[i].Kind = ByParticipation
		if c == Health {
			f.Ways[i].Denied &^= c.Bit()
			if f.Replaced != nil {
				f.Ways[i].Replace(c, *f.Replaced)
			}
		}
	}
}

// gifts are the parts of what he is given, each with how it is taken away, in the order of the formula.
func (f Facts) gifts() []part {
	c := f.Resource.Category
	parts := []part{
		{factorCell, AllWays, func(f *Facts) { f.denyCells(false) }},
		{factorCell, DirectorWays, func(f *Facts) { f.denyCells(true) }},
	}
	if f.Replaced != nil {
		parts = append(parts, part{factorException, AllWays, func(f *Facts) {
			for i, w := range f.Ways {
				f.Ways[i].keep(c, w.Grants.Acts())
			}
		}})
	}
	for i := range f.Ways {
		parts = append(parts, part{factorGrant, i, func(f *Facts) {
			var acts Act
			if f.Replaced != nil {
				acts = f.Replaced.Acts()
			}
			f.Ways[i].keep(c, acts)
			f.Ways[i].Grants = None
		}})
	}
	for i := range f.Ways {
		parts = append(parts, part{factorRole, i, func(f *Facts) { f.Ways[i].Roles = 0 }})
	}
	return append(parts,
		part{factorSupplier, AllWays, func(f *Facts) { f.Resource.Supplier = uuid.Nil }},
		part{factorRelease, AllWays, func(f *Facts) { f.Resource.Released = false }},
	)
}

// completions are what can be given to who lacks something, in the order in which it is asked for.
func (f Facts) completions() []part {
	c := f.Resource.Category
	cell := factorCell
	if f.Replaced != nil {
		cell = factorException
	}
	return []part{
		{factorAdmission, AllWays, func(f *Facts) {
			if len(f.Ways) == 0 {
				f.Ways = []Way{{Admission: Admission{Kind: ByParticipation, Profile: f.Profile}}}
			}
		}},
		{factorException, AllWays, func(f *Facts) {
			if f.Replaced == nil {
				return
			}
			f.Replaced = nil
			for i, w := range f.Ways {
				if w.Kind != ByEmergency || c != Health {
					f.Ways[i].Denied &^= c.Bit()
				}
				f.Ways[i].keep(c, w.Grants.Acts())
			}
		}},
		{factorRelease, AllWays, func(f *Facts) { f.Resource.Released = f.Item }},
		{cell, f.cellWays(), func(f *Facts) {
			for i := range f.Ways {
				f.Ways[i].Grants = Edit
				f.Ways[i].Grant(c, Edit)
			}
		}},
		{factorSupplier, AllWays, func(f *Facts) { f.Resource.Supplier = f.Who.Partner }},
	}
}

// cellWays is whose cells he lacks: those of the role municipal director when that is all he has.
func (f Facts) cellWays() int {
	for _, w := range f.Ways {
		if w.Kind != ByRole {
			return AllWays
		}
	}
	if len(f.Ways) == 0 || f.Replaced != nil {
		return AllWays
	}
	return DirectorWays
}

// denyCells takes away what the cells give on the category.
func (f *Facts) denyCells(director bool) {
	for i, w := range f.Ways {
		if (w.Kind == ByRole) == director {
			f.Ways[i].Denied |= f.Resource.Category.Bit()
		}
	}
}
