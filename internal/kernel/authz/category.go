// Package authz answers one question in three forms: may this identity do this (Require), which of
// these may it see (the row-level policies), and what of it (View). Casbin decides; the answers are
// kept as one bit per information category, so that a request costs a look-up and bit tests.
package authz

import (
	"fmt"
	"slices"
)

// Category is an information category (informatiecategorie); its number is its bit in every mask
// and in the database.
type Category int

// The categories of Wgs 2.30(1) and of the product's own objects, in the order of
// informatiecategorieen.csv. Core is no category: a dossier's core row.
const (
	Core Category = iota - 1
	Identity
	BSN
	Housing
	Finance
	Health
	Police
	Judicial
	Network
	Enforcement
	Provision
	Guidance
	LifeDomain
	Plan
	Action
	Deliberation
	Subversion
	Incident
	Area
	NameList
	categories
)

// Slug is the category's name in the contract.
func (c Category) Slug() string {
	if c < 0 || c >= categories {
		return ""
	}
	return CategorySlugs()[c]
}

// Bit is the category in a mask.
func (c Category) Bit() int64 { return 1 << c }

// CategorySlugs lists the names in the order of their bits.
func CategorySlugs() []string {
	return []string{
		"identity", "bsn", "housing", "finance", "health", "police", "judicial", "network", "enforcement", "provision",
		"guidance", "life-domain", "plan", "action", "deliberation", "subversion", "incident", "area", "name-list",
	}
}

// ParseCategory finds a category by its slug.
func ParseCategory(slug string) (Category, error) {
	i := slices.Index(CategorySlugs(), slug)
	if i < 0 {
		return Core, fmt.Errorf("unknown information category")
	}
	return Category(i), nil
}

// Categories lists them all.
func Categories() []Category {
	all := make([]Category, categories)
	for i := range all {
		all[i] = Category(i)
	}
	return all
}

// allCategories is the mask with every category.
const allCategories = int64(1)<<categories - 1

// DossierTypes lists the four kinds of dossier (persoon, gezin, groep, situatie); the place is the
// number used in profiles.
func DossierTypes() []string { return []string{"person", "family", "group", "situation"} }

// Bases lists the legal bases of a dossier (grondslag): Wgs, covenant, social domain only, consent,
// and the Wams, which is not in force and therefore admits nobody.
func Bases() []string { return []string{"wgs", "covenant", "social-domain", "consent", "wams"} }

// profiles is the number of dossier types × legal bases; the municipal director's profiles follow.
const profiles = 4 * 5

// Profile numbers a dossier type under a legal basis, from 0; -1 when either is unknown.
func Profile(dossierType, basis string) int {
	t, b := slices.Index(DossierTypes(), dossierType), slices.Index(Bases(), basis)
	if t < 0 || b < 0 {
		return -1
	}
	return t*len(Bases()) + b
}

// basisOf is the legal basis of a profile, empty for none.
func basisOf(profile int) string {
	if profile < 0 {
		return ""
	}
	return Bases()[profile%len(Bases())]
}

// DirectorProfile is the profile of the municipal director's admission to such a dossier: the cells
// of the partner type municipal-director count there, not those of his own partner.
func DirectorProfile(dossierType, basis string) int { return profiles + Profile(dossierType, basis) }
