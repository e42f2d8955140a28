package person

import (
	"bytes"
	"slices"
)

// The grounds on which two registrations may be of one person.
const (
	sameName = "name" // all its names sound alike, and no day of birth speaks against it
	sameBSN  = "bsn"
)

// Candidate is a registration that may be of the same person (mogelijk dubbele registratie).
type Candidate struct {
	Seen
	Grounds []string
}

// candidate tells on which grounds another registration may be of the same person; none when it is not. The citizen
// service number counts where the caller sees it on both.
func (p Seen) candidate(other Seen) (c Candidate, is bool) {
	c.Seen = other
	if p.stored.soundsLike(other.stored) {
		c.Grounds = append(c.Grounds, sameName)
	}
	if p.SeesBSN && other.SeesBSN && p.stored.BSNIndex != nil && bytes.Equal(p.stored.BSNIndex, other.stored.BSNIndex) {
		c.Grounds = append(c.Grounds, sameBSN)
	}
	return c, len(c.Grounds) > 0
}

// soundsLike tells whether another has all the names of a person as they sound, and not another day of birth.
func (p Person) soundsLike(other Person) bool {
	for _, key := range p.Keys {
		if !slices.Contains(other.Keys, key) {
			return false
		}
	}
	return len(p.Keys) > 0 && (p.BirthDate == nil || other.BirthDate == nil || p.BirthDate.Equal(*other.BirthDate))
}
