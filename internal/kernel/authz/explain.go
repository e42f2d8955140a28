package authz

import (
	"slices"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// Facts is everything from which follows what somebody may do at one moment with one category, or one
// item, of a dossier.
type Facts struct {
	Who      identity.Identity // as he was then, with his sight
	Profile  int               // of the dossier
	Ways     []Way             // that were live
	Resource Resource
	Item     bool   // the resource is one item; else everything of its category
	Acts     Act    // the question: any of these
	Replaced *Level // of the dossier's own exception, which counts in the place of the cell

	Suspended bool // the partner has no access
	Expired   bool // the professional has none
	NoMatrix  bool // no version was in force
	Missing   bool // the item was not there yet
	Ended     bool // nothing changes in the dossier any more
}

// Way is a live admission, and the level that it gives beside the cells on the category asked for when it is
// a grant.
type Way struct {
	Admission
	Grants Level
}

// Effect is what a factor does to a right.
type Effect string

// The effects: it lets him, it keeps him from it, or it makes no difference here.
const (
	Gives   Effect = "gives"
	Limits  Effect = "limits"
	Neutral Effect = "none"
)

// Factor is one part of a decision. Way is the place among the ways of Facts to which it belongs, for what
// holds for one of them; see the constants below for the others.
type Factor struct {
	Factor  string // code of list access-factors
	Finding string // code of list access-findings
	Effect  Effect
	Way     int
	Decides bool
}

// What a factor belongs to that is not one way.
const (
	AllWays      = -1
	DirectorWays = -2 // those of the role municipal director, which have cells of their own
)

// Explanation is a decision with everything that it follows from.
type Explanation struct {
	Allowed bool
	Factors []Factor // in the order of the formula; exactly one decides
	Needed  []Factor // what has to change to be allowed, one after the other; none when he is
}

// Explain decides as View does, and says why. It asks View again with one part taken away, or one limit
// lifted, after the other: the part that turns the answer decides.
func Explain(f Facts) Explanation {
	e := Explanation{Allowed: f.allowed(), Factors: f.factors()}
	decides := f.decisive()
	for i, factor := range e.Factors {
		e.Factors[i].Decides = factor.Factor == decides.factor && factor.Way == decides.way
	}
	if !e.Allowed {
		e.Needed = f.needed()
	}
	return e
}

// allowed asks View.
func (f Facts) allowed() bool {
	if f.Suspended || f.Expired || f.NoMatrix || f.Item && f.Missing {
		return false
	}
	acts := f.Acts
	if f.Ended {
		acts &= Seeing
	}
	return f.may()&acts != 0
}

// may is what he may do by his admissions.
func (f Facts) may() Act {
	v := View{partner: f.Who.Partner, bit: f.Who.Sight.PartnerType}
	for _, w := range f.Ways {
		v.admit(f.Who, w.Admission)
	}
	if f.Item {
		return v.on(f.Resource)
	}
	return v.in(f.Resource.Category)
}

// in is what the caller may do with a category, before what limits one piece of it.
func (v View) in(c Category) Act {
	if !v.known || v.shielded || c < 0 {
		return 0
	}
	return ActsOn(v.acts, c)
}

// part is something of the facts that can be changed to see what depends on it.
type part struct {
	factor string
	way    int
	change func(*Facts)
}

// decisive is the part on which the answer turns. What is allowed turns on the last part that he needs for
// it; what is refused on the first limit, and on what he lacks when that would not do without the limits either.
func (f Facts) decisive() part {
	if f.allowed() {
		p, _ := f.turns(backwards(f.gifts()))
		return p
	}
	if p, turned := f.turns(backwards(limits())); turned {
		return p
	}
	return f.lacks()
}

// lacks is what he would have to be given when no limit stood in the way.
func (f Facts) lacks() part {
	if len(f.Ways) == 0 {
		return f.completions()[0]
	}
	for _, p := range limits() {
		f = f.with(p)
	}
	p, _ := f.turns(f.completions())
	return p
}

// turns changes one part after the other until the answer is another.
func (f Facts) turns(parts []part) (turned part, found bool) {
	before := f.allowed()
	for _, p := range parts {
		if f = f.with(p); f.allowed() != before {
			return p, true
		}
	}
	return part{}, false
}

// with is the facts with one part changed.
func (f Facts) with(p part) Facts {
	f.Ways = slices.Clone(f.Ways)
	p.change(&f)
	return f
}

// needed changes what decides, one after the other, until it is allowed.
func (f Facts) needed() (all []Factor) {
	for !f.allowed() {
		p := f.decisive()
		if p.change == nil || slices.ContainsFunc(all, func(n Factor) bool { return n.Factor == p.factor }) {
			return all
		}
		all = append(all, Factor{Factor: p.factor, Finding: f.finding(p.factor, p.way), Effect: Limits, Way: p.way})
		f = f.with(p)
	}
	return all
}

func backwards(parts []part) []part {
	parts = slices.Clone(parts)
	slices.Reverse(parts)
	return parts
}
