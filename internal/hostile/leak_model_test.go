package hostile

import (
	"slices"

	"github.com/wijkregie/wijkregie/internal/demo"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// This is the rule of the contract ("The matrix") in its own words, without a mask: a reading that shares
// nothing with the two that the product has.

// file is a dossier of which everything is known.
type file struct {
	id, path, kind, basis string
	members               []string // demo persons who take part by name
	closed                bool
	exceptions            []cell // in this dossier, of partners by their short name
	granted               []cell // to persons by their short name; no category is only the entry
	invited               []string
	emergency             []string
}

// cell is a level on a category that one dossier has of its own.
type cell struct {
	of       string
	category authz.Category
	level    authz.Level
}

// record is something with a text of its own that stands in no other record.
type record struct {
	mark     string
	in       *file
	also     *file // the other side of a link
	what     string
	category authz.Category
	partner  string // supplier or carrier, by the short name of the partner
	secret   bool
	ground   bool
	withheld string   // partner type
	released []string // partners; empty is nobody
	all      bool     // released to the whole case
	invited  []string // who sees it of those in the dossier, with the chair and the director; nil is all
	only     func(demo.Person) bool
	outside  bool // readable without being in the dossier
}

// rule is a matrix in force.
type rule []authz.Cell

func (m rule) level(partnerType, dossierType string, c authz.Category) authz.Level {
	for _, kind := range []string{dossierType, authz.AllTypes} {
		for _, cell := range m {
			if cell.PartnerType == partnerType && cell.DossierType == kind && cell.Category == c {
				return cell.Level
			}
		}
	}
	return authz.None
}

// acts is what somebody may see of a category in a dossier: the union over his ways into it, within the
// ceiling of the legal basis. Emergency access opens nothing that is under secrecy.
func (m rule) acts(who demo.Person, f *file, c authz.Category, secret bool) (acts authz.Act) {
	if who.Municipality != demo.Veldhoven || f.closed {
		return 0
	}
	if !(f.basis == "wgs" && third(who.PartnerType)) {
		acts |= m.ways(who, f, c, secret)
	}
	if slices.Contains(who.Roles, identity.MunicipalDirector) {
		acts |= m.level("municipal-director", f.kind, c).Acts()
	}
	if who.System() && !slices.Contains([]authz.Category{authz.Identity, authz.Police, authz.Enforcement, authz.Incident}, c) {
		return 0 // what its client is limited to
	}
	if f.basis == "social-domain" && slices.Contains([]authz.Category{authz.Police, authz.Judicial, authz.Subversion}, c) {
		acts &= authz.SeeOwn
	}
	return acts & (authz.SeeAll | authz.SeeOwn | authz.SeeReleased)
}

// ways is what the ways of a partner's own people give: the cell, or the dossier's own exception in its
// place, with what the way adds.
func (m rule) ways(who demo.Person, f *file, c authz.Category, secret bool) (acts authz.Act) {
	level := m.level(who.PartnerType, f.kind, c)
	for _, e := range f.exceptions {
		if e.of == who.Partner && e.category == c {
			level = e.level
		}
	}
	if f.has(who) || slices.Contains(f.invited, who.Short) {
		acts |= level.Acts()
	}
	if f.has(who) && (who.Short == "case-director" || who.Short == "chair") {
		acts |= authz.SeeReleased
		if slices.Contains([]authz.Category{authz.LifeDomain, authz.Plan, authz.Action, authz.Deliberation}, c) {
			acts |= authz.SeeAll
		}
	}
	for _, g := range f.granted {
		if g.of == who.Short {
			acts |= level.Acts()
			if g.category == c {
				acts |= g.level.Acts()
			}
		}
	}
	if slices.Contains(f.emergency, who.Short) && c != authz.Health && !secret {
		acts |= level.Acts()
	}
	return acts
}

// has tells whether somebody takes part by name, or is a system of a partner of whom somebody does.
func (f *file) has(who demo.Person) bool {
	return slices.ContainsFunc(f.members, func(short string) bool {
		member, err := demo.Find(short)
		return err == nil && (member.Short == who.Short || who.System() && member.Partner == who.Partner)
	})
}

func third(partnerType string) bool { return partnerType == "housing-association" }

// knows tells whether somebody has any act in a dossier.
func (m rule) knows(who demo.Person, f *file) bool {
	return slices.ContainsFunc(authz.Categories(), func(c authz.Category) bool { return m.acts(who, f, c, false) != 0 })
}

// reads: right = entitlement within the ceilings.
func (m rule) reads(who demo.Person, r record) bool {
	if r.outside {
		return r.only(who)
	}
	if !m.knows(who, r.in) || r.also != nil && !m.knows(who, r.also) {
		return false
	}
	if r.invited != nil && !slices.Contains(append([]string{"chair", "director"}, r.invited...), who.Short) {
		return false
	}
	if r.only != nil && !r.only(who) {
		return false
	}
	if r.category == authz.Core {
		return true
	}
	own := r.partner != "" && r.partner == who.Partner
	if !own && (r.secret && !r.ground || r.withheld == who.PartnerType) {
		return false
	}
	acts := m.acts(who, r.in, r.category, r.secret)
	released := r.all || slices.Contains(r.released, who.Partner)
	return acts&authz.SeeAll != 0 || own && acts&authz.SeeOwn != 0 || released && acts&authz.SeeReleased != 0
}
