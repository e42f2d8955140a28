package organisation

import (
	"strings"
	"time"

	"github.com/google/uuid"
)

// Seed is a municipality as it starts: for the demo and for tests. Name its rows by SeedID, so that
// loading twice finds them again. The municipality itself is there already (db.AddMunicipality).
type Seed struct {
	Municipality  string // CBS code
	Partners      []Partner
	Professionals []Professional // with their Identities
	Clients       []Client
	Tables        []Table
}

// rows are those of the seed, each before what refers to it.
func (s Seed) rows(now time.Time) []any {
	m := s.Municipality
	var rows []any
	for _, p := range s.Partners {
		p.MunicipalityID, p.Version, p.Status, p.ChangedAt = m, 1, Active, now
		rows = append(rows, &p)
	}
	for _, p := range s.Professionals {
		p = p.normal()
		p.MunicipalityID, p.Version, p.ChangedAt = m, 1, now
		rows = append(rows, &p)
		for _, i := range p.Identities {
			rows = append(rows, &professionalIdentity{MunicipalityID: m, Issuer: i.Issuer, Subject: i.Subject, ProfessionalID: p.ID})
		}
	}
	for _, c := range s.Clients {
		c.MunicipalityID, c.Version, c.Status, c.ChangedAt, c.Categories = m, 1, Active, now, set(c.Categories)
		rows = append(rows, &c)
	}
	for _, t := range s.Tables {
		t = t.normal()
		t.MunicipalityID, t.Version, t.ChangedAt = m, 1, now
		rows = append(rows, &t)
	}
	return rows
}

// SeedID is the lasting id of a row by its short name in a municipality ("police").
func SeedID(municipality, name string) uuid.UUID {
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte(strings.Join([]string{"https://wijkregie.example", municipality, name}, "/")))
}
