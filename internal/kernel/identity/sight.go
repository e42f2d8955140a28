package identity

import (
	"strconv"
	"strings"
)

// Masks is one bit set of information categories per profile (dossier type × legal basis). It
// keeps its PostgreSQL array literal, because every transaction sends it.
type Masks struct {
	bits []int64
	text string
}

// NewMasks copies the bit sets; the index is the profile.
func NewMasks(bits []int64) Masks {
	parts := make([]string, len(bits))
	for i, b := range bits {
		parts[i] = strconv.FormatInt(b, 10)
	}
	return Masks{bits: append([]int64(nil), bits...), text: "{" + strings.Join(parts, ",") + "}"}
}

// At is the bit set of a profile; nothing for an unknown profile.
func (m Masks) At(profile int) int64 {
	if profile < 0 || profile >= len(m.bits) {
		return 0
	}
	return m.bits[profile]
}

// Literal is the PostgreSQL bigint[] literal. The array counts from 1: profile p stands at p+1.
func (m Masks) Literal() string {
	if m.text == "" {
		return "{}"
	}
	return m.text
}

// Sight is what the published matrix lets an identity do, as bits per profile and category. The
// second half of the profiles is what the role of municipal director gives (authz.Profile).
type Sight struct {
	SeeAll      Masks
	SeeOwn      Masks
	SeeReleased Masks
	Add         Masks
	EditOwn     Masks
	EditAll     Masks
	Ceiling     Masks // what the legal basis leaves open, whatever grants it
	Limit       int64 // the categories to which a client is limited; all of them for a person
	Admits      int64 // one bit per profile: whether this partner may be in such a dossier at all
	PartnerType int   // ordinal of the partner type, for items withheld from it
}
