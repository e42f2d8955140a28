package authz

import (
	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// The factors of a right, in the order of the formula (list access-factors).
const (
	FactorPartner      = "partner-standing"
	FactorProfessional = "professional-standing"
	FactorMatrix       = "matrix-version"
	FactorAdmission    = "admission"
	FactorCell         = "matrix-cell"
	FactorException    = "exception"
	FactorGrant        = "grant"
	FactorRole         = "role"
	FactorBasis        = "legal-basis"
	FactorCeiling      = "category-ceiling"
	FactorEmergency    = "emergency-limit"
	FactorItem         = "item"
	FactorSupplier     = "supplier"
	FactorSecrecy      = "secrecy"
	FactorCondition    = "item-condition"
	FactorWithholding  = "withholding"
	FactorRelease      = "release"
	FactorRestriction  = "restriction"
	FactorState        = "dossier-state"
)

// limits are the ceilings, each with how it is lifted, in the order of the formula.
func limits() []part {
	return []part{
		{FactorPartner, AllWays, func(f *Facts) { f.Suspended = false }},
		{FactorProfessional, AllWays, func(f *Facts) { f.Expired = false }},
		{FactorMatrix, AllWays, liftNoMatrix},
		{FactorBasis, AllWays, func(f *Facts) { f.Who.Sight.Admits = -1 }},
		{FactorCeiling, AllWays, func(f *Facts) { f.Who.Sight.Ceiling, f.Who.Sight.Limit = everything(), allCategories }},
		{FactorEmergency, AllWays, liftEmergency},
		{FactorItem, AllWays, func(f *Facts) { f.Missing = false }},
		{FactorSecrecy, AllWays, func(f *Facts) { f.Resource.Secret = false }},
		{FactorCondition, AllWays, func(f *Facts) { f.Resource.WithheldTypes = 0 }},
		{FactorWithholding, AllWays, func(f *Facts) { f.Resource.WithheldPartners = nil }},
		{FactorRestriction, AllWays, func(f *Facts) { f.Resource.Restricted = false }},
		{FactorState, AllWays, func(f *Facts) {
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
		{FactorCell, AllWays, func(f *Facts) { f.denyCells(false) }},
		{FactorCell, DirectorWays, func(f *Facts) { f.denyCells(true) }},
	}
	if f.Replaced != nil {
		parts = append(parts, part{FactorException, AllWays, func(f *Facts) {
			for i, w := range f.Ways {
				f.Ways[i].keep(c, w.Grants.Acts())
			}
		}})
	}
	for i := range f.Ways {
		parts = append(parts, part{FactorGrant, i, func(f *Facts) {
			var acts Act
			if f.Replaced != nil {
				acts = f.Replaced.Acts()
			}
			f.Ways[i].keep(c, acts)
			f.Ways[i].Grants = None
		}})
	}
	for i := range f.Ways {
		parts = append(parts, part{FactorRole, i, func(f *Facts) { f.Ways[i].Roles = 0 }})
	}
	return append(parts,
		part{FactorSupplier, AllWays, func(f *Facts) { f.Resource.Supplier = uuid.Nil }},
		part{FactorRelease, AllWays, func(f *Facts) { f.Resource.Released = false }},
	)
}

// completions are what can be given to who lacks something, in the order in which it is asked for.
func (f Facts) completions() []part {
	c := f.Resource.Category
	cell := FactorCell
	if f.Replaced != nil {
		cell = FactorException
	}
	return []part{
		{FactorAdmission, AllWays, func(f *Facts) {
			if len(f.Ways) == 0 {
				f.Ways = []Way{{Admission: Admission{Kind: ByParticipation, Profile: f.Profile}}}
			}
		}},
		{FactorException, AllWays, func(f *Facts) {
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
		{FactorRelease, AllWays, func(f *Facts) { f.Resource.Released = f.Item }},
		{cell, f.cellWays(), func(f *Facts) {
			for i := range f.Ways {
				f.Ways[i].Grants = Edit
				f.Ways[i].Grant(c, Edit)
			}
		}},
		{FactorSupplier, AllWays, func(f *Facts) { f.Resource.Supplier = f.Who.Partner }},
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
