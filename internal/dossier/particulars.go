package dossier

import (
	"time"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Particulars are what only a dossier of its type has (bijzonderheden). A group is described by how large it is and what it does
// where and when, without names; its members are category name-list.
type Particulars struct {
	LivingSituation *string    `json:"livingSituation,omitempty"` // person
	Adults          *int       `json:"adults,omitempty"`          // family
	Children        *int       `json:"children,omitempty"`
	Size            *int       `json:"size,omitempty"` // group
	AgeFrom         *int       `json:"ageFrom,omitempty"`
	AgeUntil        *int       `json:"ageUntil,omitempty"`
	Conduct         *string    `json:"conduct,omitempty"`
	Places          *string    `json:"places,omitempty"`
	Times           *string    `json:"times,omitempty"`
	Use             *string    `json:"use,omitempty"`   // situation
	Since           *time.Time `json:"since,omitempty"` // a date
}

// misfits names what belongs to another type of dossier.
func (p *Particulars) misfits(of Type, today time.Time) (wrong problem.Faults) {
	if p == nil {
		return wrong
	}
	for _, field := range []struct {
		name  string
		given bool
		of    Type
	}{
		{"livingSituation", p.LivingSituation != nil, Person},
		{"adults", p.Adults != nil, Family}, {"children", p.Children != nil, Family},
		{"size", p.Size != nil, Group}, {"ageFrom", p.AgeFrom != nil, Group}, {"ageUntil", p.AgeUntil != nil, Group},
		{"conduct", p.Conduct != nil, Group}, {"places", p.Places != nil, Group}, {"times", p.Times != nil, Group},
		{"use", p.Use != nil, Situation}, {"since", p.Since != nil, Situation},
	} {
		if field.given && field.of != of {
			wrong.Note("/particulars/"+field.name, "type", "This belongs to another type of dossier.")
		}
	}
	if p.AgeFrom != nil && p.AgeUntil != nil && *p.AgeUntil < *p.AgeFrom {
		wrong.Note("/particulars/ageUntil", "order", "The oldest is not younger than the youngest.")
	}
	if p.Since != nil && p.Since.After(today) {
		wrong.Note("/particulars/since", "future", "An observation does not lie in the future.")
	}
	return wrong
}
