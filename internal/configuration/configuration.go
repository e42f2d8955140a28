// Package configuration holds what the product calls things: code lists with Dutch and English labels,
// the glossary, and the areas of a municipality. It is free of personal data and public.
package configuration

import (
	"github.com/wijkregie/wijkregie/internal/kernel/language"
)

// List is an enumeration of the contract, or a list of codes that a municipality works with (codelijst).
type List struct {
	Name   string // "partner-types"; the x-code-list of the contract
	Title  language.Text
	Source string // the statute or standard behind it
	Codes  []Code
}

// Code is one code of a list, in the list's own order.
type Code struct {
	Code  string
	Label language.Text
	// Attributes is what else the list tells of the code, by camelCase name; nil when nothing.
	Attributes map[string]string
}

// Has tells whether the list has the code.
func (l List) Has(code string) bool {
	for _, c := range l.Codes {
		if c.Code == code {
			return true
		}
	}
	return false
}

// PartnerType is a kind of partner organisation (partnertype).
type PartnerType struct {
	Slug      string
	LabelNL   string
	LabelEN   string
	Domain    string // social, safety, both or neighbourhood
	WgsStatus string // how the Wgs sees it in a Zorg- en Veiligheidshuis (Wgs 2.27, BGS 2.21)
	Ordinal   int    // its bit in masks; never changes
	// Third tells that it is no participant under Wgs 2.27: a third party, another cooperation, or none.
	Third bool
}

// LifeDomain is a part of life on which a plan works (leefgebied).
type LifeDomain struct {
	Slug        string
	Label       language.Text
	Orientation string // social or safety
}

// Term is what an identifier of the contract is called (begrip).
type Term struct {
	Identifier  string
	Name        language.Text
	LegalSource string // empty where no statute or standard stands behind it
}

// Area is a district (wijk) or, with a district, a neighbourhood (buurt) by its CBS code.
type Area struct {
	Code     string
	Name     string
	District string // code of the district of a neighbourhood; empty for a district
}
