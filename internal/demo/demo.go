// Package demo holds the fictional people with whom the product can be tried: who works for which
// partner in Veldhoven, how they come in, and what a municipality starts with. Nobody in it exists.
package demo

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// The municipalities, by CBS code. Meierijstad is there to show that nobody looks over the border.
const (
	Veldhoven   = "GM0861"
	Meierijstad = "GM1948"
)

// Person is somebody who can come in with a demo token, or a system of a partner. Short is the name
// that commands and texts use; it never changes.
type Person struct {
	Short        string
	Name         string
	Municipality string
	Partner      string // short name of a partner
	PartnerType  string // slug of list partner-types
	Roles        []identity.Role
	Email        string
	Function     string // of a professional, in Dutch; empty for a system
	What         string // what he does in the demonstration, in one line
}

// System tells whether it is a system of a partner, behind which there is no person.
func (p Person) System() bool { return p.Function == "" }

// ID is the lasting id of the professional or the client.
func (p Person) ID() uuid.UUID { return organisation.SeedID(p.Municipality, p.Short) }

// Subject is how a token names him (sub).
func (p Person) Subject() string {
	if p.System() {
		return p.ID().String()
	}
	return p.Short
}

// People lists everybody, those of Veldhoven first.
func People() []Person {
	people := []Person{
		{Short: "director", Name: "Marijke van Loon", Partner: "direction", Function: "Gemeentelijk regisseur",
			Roles: roles(identity.MunicipalDirector, identity.Administrator), What: "decides who may see what, and administers"},
		{Short: "chair", Name: "Thijs Hendrikx", Partner: "public-order", Function: "Adviseur openbare orde en veiligheid",
			Roles: roles(identity.Chair, identity.ProcessDirector), What: "leads the table: appoints, decides, closes; directs the process"},
		{Short: "case-director", Name: "Fatima el Amrani", Partner: "social-domain", Function: "Casusregisseur",
			Roles: roles(identity.CaseDirector), What: "has the regie of the dossiers"},
		{Short: "police", Name: "Bram Kuipers", Partner: "police", Function: "Wijkagent", What: "supplies police data"},
		{Short: "social", Name: "Sanne de Groot", Partner: "social-domain", Function: "Gezinswerker", What: "opens the dossiers on family and person"},
		{Short: "mental-health", Name: "Inge Verbeek", Partner: "mental-health", Function: "Sociaalpsychiatrisch verpleegkundige",
			What: "supplies health data, under secrecy"},
		{Short: "housing", Name: "Kees Smulders", Partner: "housing", Function: "Woonconsulent", What: "knows the rent, and carries out an action"},
		{Short: "care", Name: "Willeke Maas", Partner: "care-provider", Function: "Casemanager", What: "gives care at home and in a home"},
		{Short: "fire", Name: "Joost Coolen", Partner: "fire-service", Function: "Adviseur brandveiligheid", What: "looks at the safety of homes"},
		{Short: "safe-home", Name: "Nadia Yilmaz", Partner: "safe-home", Function: "Medewerker Veilig Thuis", What: "examines violence at home and exploitation"},
		{Short: "guardian", Name: "Ruud Peeters", Partner: "youth-protection", Function: "Jeugdbeschermer", What: "protects a minor under supervision"},
		{Short: "prosecutor", Name: "Eva Scholten", Partner: "prosecution", Function: "Officier van justitie", What: "prosecutes, and weighs whether to"},
		{Short: "attendance", Name: "Lotte Timmers", Partner: "school-attendance", Function: "Leerplichtambtenaar", What: "knows who misses school"},
		{Short: "debts", Name: "Hakim Bouzid", Partner: "debt-assistance", Function: "Schuldhulpverlener", What: "arranges debts"},
		{Short: "youth-work", Name: "Dewi Pattipilohy", Partner: "youth-work", Function: "Jongerenwerker", What: "knows the young people of the neighbourhood"},
		{Short: "wardens", Name: "Stan Verhoeven", Partner: "city-wardens", Function: "Toezichthouder", What: "watches over public space"},
		{Short: "addiction", Name: "Mirjam Kok", Partner: "addiction-care", Function: "Ambulant behandelaar", What: "treats addiction, under secrecy"},
		{Short: "privacy-officer", Name: "Annelies Bos", Partner: "direction", Function: "Functionaris gegevensbescherming",
			Roles: roles(identity.PrivacyOfficer), What: "checks, and takes part in no dossier"},
		{Short: "auditor", Name: "Pieter van Dam", Partner: "direction", Function: "Auditor", Roles: roles(identity.Auditor),
			What: "checks, and takes part in no dossier"},
		{Short: "police-system", Name: "Registratiesysteem politie", Partner: "police", What: "a system, for some categories only"},
		{Short: "other-director", Name: "Wil van den Heuvel", Municipality: Meierijstad, Partner: "direction", Function: "Gemeentelijk regisseur",
			Roles: roles(identity.MunicipalDirector, identity.Administrator), What: "directs in another municipality"},
		{Short: "other-police", Name: "Rens Jacobs", Municipality: Meierijstad, Partner: "police", Function: "Wijkagent", What: "works in another municipality"},
	}
	for i := range people {
		people[i] = people[i].complete()
	}
	return people
}

func roles(held ...identity.Role) []identity.Role { return held }

// complete fills in what follows from the rest.
func (p Person) complete() Person {
	if p.Municipality == "" {
		p.Municipality = Veldhoven
	}
	if p.System() {
		p.Roles = roles()
	} else {
		p.Email = p.Short + "@" + p.Partner + ".example"
		p.Roles = append(roles(identity.ProfessionalRole), p.Roles...)
	}
	for _, known := range partners() {
		if known.short == p.Partner {
			p.PartnerType = known.kind
		}
	}
	return p
}

// Find is the person with this short name; an error lists the names that there are.
func Find(short string) (Person, error) {
	people := People()
	i := slices.IndexFunc(people, func(p Person) bool { return p.Short == short })
	if i >= 0 {
		return people[i], nil
	}
	names := make([]string, len(people))
	for i, p := range people {
		names[i] = p.Short
	}
	return Person{}, fmt.Errorf("there is no demo person %q; choose one of %s", short, strings.Join(names, ", "))
}

// Table is the people of Veldhoven for who starts the program, a line each.
func Table() string {
	var text strings.Builder
	lines := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintln(lines, "  short name\tname\tof\troles\twhat")
	for _, p := range People() {
		if p.Municipality == Veldhoven {
			fmt.Fprintf(lines, "  %s\t%s\t%s\t%s\t%s\n", p.Short, p.Name, p.PartnerType, p.rolesText(), p.What)
		}
	}
	if err := lines.Flush(); err != nil { // a builder takes everything
		return ""
	}
	return text.String()
}

// rolesText is the roles that give rights.
func (p Person) rolesText() string {
	var names []string
	for _, r := range p.Roles {
		if r != identity.ProfessionalRole {
			names = append(names, string(r))
		}
	}
	if len(names) == 0 {
		return "-"
	}
	return strings.Join(names, ", ")
}
