package authz

import (
	"slices"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// Subject is for whom a row of the matrix becomes sight.
type Subject struct {
	PartnerType int  // ordinal, for items withheld from a type
	Third       bool // no participant under Wgs 2.27: a third party, another cooperation, or none
	Row         Row
	// Director is the row of the partner type municipal-director, for who has that role; else nil.
	Director *Row
	// Categories limits a system to these; nil means no limit.
	Categories []string
}

// Sight turns levels into masks per profile. The ceilings of the legal basis stand in masks of
// their own, because no admission lifts them (contract.md, "The matrix").
func (s Subject) Sight() identity.Sight {
	var acts [6][]int64
	for i := range acts {
		acts[i] = make([]int64, 2*profiles)
	}
	ceiling := make([]int64, 2*profiles)
	limit := s.limit()
	sight := identity.Sight{PartnerType: s.PartnerType, Limit: limit}
	for t := range DossierTypes() {
		for b, basis := range Bases() {
			p := t*len(Bases()) + b
			rows := []*Row{&s.Row, s.Director}
			for i, row := range rows {
				at := p + i*profiles
				if row == nil {
					continue
				}
				fill(acts, at, row[t], limit)
				ceiling[at] = ceilingOf(basis) & limit
				if admits(basis, s.Third && i == 0) {
					sight.Admits |= 1 << at
				}
			}
		}
	}
	sight.SeeReleased, sight.SeeOwn, sight.SeeAll = identity.NewMasks(acts[0]), identity.NewMasks(acts[1]), identity.NewMasks(acts[2])
	sight.Add, sight.EditOwn, sight.EditAll = identity.NewMasks(acts[3]), identity.NewMasks(acts[4]), identity.NewMasks(acts[5])
	sight.Ceiling = identity.NewMasks(ceiling)
	return sight
}

// fill sets the bits of one profile.
func fill(acts [6][]int64, profile int, levels [categories]Level, limit int64) {
	for c, level := range levels {
		bit := Category(c).Bit() & limit
		for i := range acts {
			if bit != 0 && level.Acts()&(1<<i) != 0 {
				acts[i][profile] |= bit
			}
		}
	}
}

func (s Subject) limit() int64 {
	if s.Categories == nil {
		return allCategories
	}
	var mask int64
	for i, slug := range CategorySlugs() {
		if slices.Contains(s.Categories, slug) {
			mask |= Category(i).Bit()
		}
	}
	return mask
}

// ceilingOf is what a legal basis leaves open to others than the supplier. A dossier of the social
// domain alone has no ground for police, judicial and subversion data (Wpg, Wjsg; AVG 10).
func ceilingOf(basis string) int64 {
	switch basis {
	case "social-domain":
		return allCategories &^ (Police.Bit() | Judicial.Bit() | Subversion.Bit())
	case "wams":
		return 0
	default:
		return allCategories
	}
}

// admits tells whether a partner may be in a dossier of this basis at all: under the Wgs a third
// party has no access to the system (Wgs 2.27, BGS 2.21); the Wams is not in force.
func admits(basis string, third bool) bool {
	return basis != "wams" && (basis != "wgs" || !third)
}

// BasisAdmits tells whether a legal basis admits a partner, a third party under Wgs 2.27 or not, by itself.
func BasisAdmits(basis string, third bool) bool { return admits(basis, third) }

// BasisOpens tells whether a legal basis leaves a category open to others than its supplier.
func BasisOpens(basis string, c Category) bool { return c >= 0 && ceilingOf(basis)&c.Bit() != 0 }
