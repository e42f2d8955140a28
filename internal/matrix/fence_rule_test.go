package matrix_test

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// rights is the rule as contract.md words it ("The matrix"), without masks: what a caller may see in
// one dossier, per category. Nil when the dossier is not known to the caller.
type rights map[authz.Category]authz.Act

func (w world) rights(who identity.Identity, d dossier, counts func(admission) bool) rights {
	sees := rights{}
	for _, a := range d.admissions {
		if a.kind == "emergency" && a.holder != holders(who)[0] { // nobody stands in for somebody's emergency
			continue
		}
		if a.when != live || !counts(a) || !slices.Contains(holders(who), a.holder) || !w.admits(who, d, a) {
			continue
		}
		for ordinal, slug := range authz.CategorySlugs() {
			c := authz.Category(ordinal)
			acts := w.entitlement(who, d, a, c)
			if who.Categories != nil && !slices.Contains(who.Categories, slug) {
				acts = 0
			}
			if d.basis == "social-domain" && (c == authz.Police || c == authz.Judicial || c == authz.Subversion) {
				acts &= authz.SeeOwn
			}
			if acts != 0 {
				sees[c] |= acts
			}
		}
	}
	if len(sees) == 0 {
		return nil
	}
	return sees
}

func everyWay(admission) bool { return true }

// ordinary leaves out the access that somebody took himself: it opens nothing that is under secrecy.
func ordinary(a admission) bool { return a.kind != "emergency" }

// holders is in whose name the caller comes: himself, whom he stands in for, the role of director,
// or for a system its partner.
func holders(who identity.Identity) []uuid.UUID {
	if !who.IsPerson() {
		return []uuid.UUID{who.Partner}
	}
	ids := []uuid.UUID{who.Professional}
	for _, s := range who.Substitutes {
		if now := time.Now(); !now.Before(s.From) && now.Before(s.Until) {
			ids = append(ids, s.For)
		}
	}
	if who.Has(identity.MunicipalDirector) {
		ids = append(ids, directorHolder)
	}
	return ids
}

// admits: nobody under the Wams, no third party under the Wgs; the role of director is none.
func (w world) admits(who identity.Identity, d dossier, a admission) bool {
	if d.basis == "wams" {
		return false
	}
	return d.basis != "wgs" || a.kind == "director" || !w.typeOf(who.Partner).Third
}

// entitlement is the acts of seeing of the cell that counts, unless an exception empties it, with
// what the admission grants and what the role in the dossier adds.
func (w world) entitlement(who identity.Identity, d dossier, a admission, c authz.Category) authz.Act {
	acts := w.cell(who.Partner, who.PartnerType, d.kind, c).Acts()
	if a.kind == "director" {
		acts = w.cell(uuid.Nil, "municipal-director", d.kind, c).Acts()
	}
	if a.denied&c.Bit() != 0 {
		acts = 0
	}
	for act, mask := range a.given {
		if mask&c.Bit() != 0 {
			acts |= act
		}
	}
	if a.roles&(authz.RoleCaseDirector|authz.RoleChair) != 0 {
		acts |= authz.SeeReleased
		switch c {
		case authz.LifeDomain, authz.Plan, authz.Action, authz.Deliberation:
			acts |= authz.SeeAll
		}
	}
	return acts & (authz.SeeAll | authz.SeeOwn | authz.SeeReleased)
}

// cell is the level of the most specific cell.
func (w world) cell(partner uuid.UUID, partnerType, dossierType string, c authz.Category) authz.Level {
	for _, place := range []authz.Cell{
		{PartnerID: partner, DossierType: dossierType, Category: c},
		{PartnerID: partner, DossierType: authz.AllTypes, Category: c},
		{PartnerType: partnerType, DossierType: dossierType, Category: c},
		{PartnerType: partnerType, DossierType: authz.AllTypes, Category: c},
	} {
		for _, cell := range w.cells {
			level := cell.Level
			cell.Level = ""
			if cell == place {
				return level
			}
		}
	}
	return authz.None
}

// reads: right = entitlement ∩ ceilings. The supplier keeps see-own under all but restriction and
// shielding.
func (w world) reads(who identity.Identity, d dossier, i item) bool {
	sees := w.rights(who, d, everyWay)
	if i.secret {
		sees = w.rights(who, d, ordinary)
	}
	acts := sees[i.category]
	own := i.supplier == who.Partner && acts&authz.SeeOwn != 0
	if sees == nil || d.shielded || i.restricted {
		return false
	}
	if i.supplier != who.Partner && (i.secret && !i.ground || i.withheld>>w.typeOf(who.Partner).Ordinal&1 == 1 ||
		slices.Contains(i.withheldFrom, who.Partner)) {
		return false
	}
	return own || acts&authz.SeeAll != 0 || acts&authz.SeeReleased != 0 && i.releasedTo(who.Partner)
}

func (i item) releasedTo(partner uuid.UUID) bool {
	return slices.ContainsFunc(i.releases, func(r release) bool {
		return !r.withdrawn && r.until == live && (len(r.to) == 0 || slices.Contains(r.to, partner))
	})
}
