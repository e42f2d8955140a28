package demo

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// partner is an organisation that takes part in the demonstration.
type partner struct{ short, name, kind, domain string }

// partners are those of Veldhoven; Meierijstad has the ones that its people work for.
func partners() []partner {
	return []partner{
		{"direction", "Gemeente Veldhoven, regie", "municipal-director", "both"},
		{"public-order", "Gemeente Veldhoven, openbare orde en veiligheid", "public-order", "safety"},
		{"social-domain", "Gemeente Veldhoven, wijkteam", "social-domain", "social"},
		{"police", "Politie", "police", "safety"},
		{"mental-health", "GGZ De Zonderwijk (verzonnen)", "mental-health-care", "social"},
		{"housing", "Woningcorporatie Het Kempenhuis (verzonnen)", "housing-association", "both"},
		{"care-provider", "Zorggroep De Kempenhof (verzonnen)", "care-provider", "social"},
		{"fire-service", "Brandweer", "fire-service", "safety"},
		{"safe-home", "Veilig Thuis", "domestic-violence-centre", "both"},
		{"youth-protection", "Jeugdbescherming De Brug (verzonnen)", "youth-protection", "social"},
		{"prosecution", "Openbaar Ministerie", "public-prosecution", "safety"},
		{"school-attendance", "Gemeente Veldhoven, leerplicht", "school-attendance", "social"},
		{"debt-assistance", "Gemeente Veldhoven, schuldhulpverlening", "debt-assistance", "social"},
		{"youth-work", "Jongerenwerk De Toekomst (verzonnen)", "youth-work", "social"},
		{"city-wardens", "Gemeente Veldhoven, toezicht en handhaving", "city-wardens", "safety"},
		{"addiction-care", "Verslavingszorg De Kentering (verzonnen)", "addiction-care", "social"},
	}
}

// Load makes both municipalities with their areas, partners, people, table and system, as far as
// they are not there yet. The database's URL is its owner's; issuer is the name under which the
// built-in issuer signs the tokens of these people.
func Load(ctx context.Context, people *organisation.Service, databaseURL, issuer string) error {
	for _, municipality := range []string{Veldhoven, Meierijstad} {
		if err := db.AddMunicipality(ctx, databaseURL, municipality, town(municipality), "Europe/Amsterdam"); err != nil {
			return err
		}
		if err := people.Load(ctx, seed(municipality, issuer)); err != nil {
			return err
		}
	}
	return nil
}

func town(municipality string) string {
	if municipality == Meierijstad {
		return "Meierijstad"
	}
	return "Veldhoven"
}

// seed is a municipality as the demonstration starts it.
func seed(municipality, issuer string) organisation.Seed {
	s := organisation.Seed{Municipality: municipality}
	here := map[string]bool{}
	for _, p := range People() {
		if p.Municipality != municipality {
			continue
		}
		here[p.Partner] = true
		if p.System() {
			s.Clients = append(s.Clients, p.client())
			continue
		}
		s.Professionals = append(s.Professionals, p.professional(issuer))
	}
	for _, p := range partners() {
		if here[p.short] {
			s.Partners = append(s.Partners, p.row(municipality))
		}
	}
	if municipality == Veldhoven {
		s.Tables = []organisation.Table{table()}
	}
	return s
}

func (p partner) id(municipality string) uuid.UUID {
	return organisation.SeedID(municipality, "partner/"+p.short)
}

func (p partner) row(municipality string) organisation.Partner {
	return organisation.Partner{
		ID: p.id(municipality), Name: strings.ReplaceAll(p.name, "Veldhoven", town(municipality)), Type: p.kind, Domain: p.domain, ContactEmail: "sitrap@" + p.short + ".example",
		CovenantFrom: new(covenant()),
	}
}

// covenant is the first day of the covenant under which all of them work together; it holds until it is
// ended.
func covenant() time.Time { return time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC) }

// screened is the last day on which the screening of all of them holds.
func screened() time.Time { return time.Date(2035, time.December, 31, 0, 0, 0, 0, time.UTC) }

func (p Person) professional(issuer string) organisation.Professional {
	return organisation.Professional{
		ScreeningUntil: new(screened()), SecrecyAcceptedOn: new(covenant()), TrainedOn: new(covenant()),
		ID: p.ID(), PartnerID: partner{short: p.Partner}.id(p.Municipality), Name: p.Name, Email: p.Email, Function: p.Function, Roles: p.Roles,
		Identities: []organisation.Identity{{Issuer: issuer, Subject: p.Subject()}},
	}
}

// client is a system that may see and add what the police record themselves, and nothing more. Its
// keys are nowhere: a demo token is made without them.
func (p Person) client() organisation.Client {
	return organisation.Client{
		ID: p.ID(), PartnerID: partner{short: p.Partner}.id(p.Municipality), Name: p.Name, JwksUri: "https://" + p.Partner + ".example/jwks.json",
		Categories: []string{"identity", "police", "enforcement", "incident"},
	}
}

// table is the standing consultation that the chair leads.
func table() organisation.Table {
	t := organisation.Table{
		ID: organisation.SeedID(Veldhoven, "table"), Name: "Casusoverleg veiligheid en zorg", Purpose: "Samen een aanpak maken waar zorg en veiligheid elkaar raken.",
		ChairID: organisation.SeedID(Veldhoven, "chair"), Rhythm: "elke donderdag", Level: "case",
	}
	for _, p := range partners() {
		t.MemberPartnerIDs = append(t.MemberPartnerIDs, p.id(Veldhoven))
	}
	return t
}
