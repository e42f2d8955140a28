package privacy

import (
	"bytes"
	"context"
	"strconv"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/language"
	"github.com/wijkregie/wijkregie/internal/kernel/paper"
)

// gatheringAsPDF prints what was gathered, for the person: as the answer, and nothing besides.
func (h *HTTP) gatheringAsPDF(ctx context.Context, body api.DataSubjectGathering) (api.GetDataSubjectGatheringResponseObject, error) {
	p, err := h.people.Paper(ctx, language.Text{NL: "Uw gegevens (artikel 15 AVG)", EN: "Your data (article 15 GDPR)"})
	if err != nil {
		return nil, err
	}
	p.Heading(p.Say("Hoe u geregistreerd bent", "How you are registered"))
	for _, r := range body.Registrations {
		printRegistration(p, r)
	}
	p.Heading(p.Say("Dossiers", "Dossiers"))
	for _, d := range body.Dossiers {
		p.Subheading(d.Number)
		p.Field(p.Say("Titel", "Title"), d.Title)
		p.Field(p.Say("Soort", "Type"), p.Label("dossier-types", string(d.Type)))
		p.Field("Status", p.Label("dossier-statuses", string(d.Status)))
		p.Field(p.Say("Grondslag", "Legal basis"), p.Label("legal-bases", string(d.Basis)))
		p.Field(p.Say("Doel", "Purpose"), d.Purpose)
		p.Field(p.Say("Geopend", "Opened"), p.Moment(d.OpenedAt))
	}
	printRecords(p, body.Records)
	printViews(p, body)
	printHeldBack(p, body)
	file, err := p.Bytes()
	headers := api.GetDataSubjectGathering200ResponseHeaders{ETag: p.Tag()}
	return api.GetDataSubjectGathering200ApplicationpdfResponse{Body: bytes.NewReader(file), ContentLength: int64(len(file)), Headers: headers}, err
}

func printRegistration(p *paper.Paper, r api.GatheredRegistration) {
	p.Subheading(r.Name)
	p.Field(p.Say("Geboren", "Born"), p.Day(api.Value(r.BirthDate).Time))
	p.Field(p.Say("Geslacht", "Gender"), p.Label("genders", api.Value(r.Gender)))
	p.Field(p.Say("Nationaliteit", "Nationality"), api.Value(r.Nationality))
	if r.BsnKnown {
		p.Field(p.Say("Burgerservicenummer", "Citizen service number"), p.Say("bekend: ", "known: ")+p.Label("bsn-grounds", api.Value(r.BsnGround)))
	}
	p.Field(p.Say("Adres", "Address"), api.Value(r.Address))
	if r.AddressSecret {
		p.Field(p.Say("Adres", "Address"), p.Say("geheim", "secret"))
	}
	p.Field(p.Say("Telefoon", "Telephone"), api.Value(r.Phone))
	p.Field("E-mail", api.Value(r.Email))
	p.Field(p.Say("Geregistreerd door", "Registered by"), paper.Lines(r.Supplier.Name, p.Moment(r.RegisteredAt)))
}

// printRecords prints a part for each kind.
func printRecords(p *paper.Paper, all []api.GatheredRecord) {
	last := api.GatheredKind("")
	for _, r := range all {
		if r.Kind != last {
			p.Heading(p.Label("gathered-kinds", string(r.Kind)))
			last = r.Kind
		}
		of := r.Dossier.Number + ", " + p.Day(r.On.Time)
		if until := p.Day(api.Value(r.Until).Time); until != "" {
			of += p.Say(" tot en met ", " until ") + until
		}
		said := []string{api.Value(r.Title), api.Value(r.Text), p.Label("information-categories", api.Value(r.Category))}
		for _, c := range r.Codes {
			said = append(said, p.Label(c.List, c.Code))
		}
		if score := api.Value(r.Score); score > 0 {
			said = append(said, "Score "+strconv.Itoa(score))
		}
		said = append(said, api.Value(r.Source), api.Value(r.Partner).Name)
		if r.Restricted {
			said = append(said, p.Say("Beperkt (artikel 18 AVG)", "Restricted (article 18 GDPR)"))
		}
		p.Field(of, paper.Lines(said...))
	}
}

func printViews(p *paper.Paper, b api.DataSubjectGathering) {
	if len(b.Views) == 0 {
		return
	}
	p.Heading(p.Say("Wie uw gegevens inzag", "Who looked at your data"))
	rows := make([][]string, len(b.Views))
	for i, v := range b.Views {
		what := []string{v.Operation}
		for _, category := range v.Categories {
			what = append(what, p.Label("information-categories", category))
		}
		rows[i] = []string{
			p.Day(v.On.Time), paper.Lines(api.Value(v.Partner).Name, api.Value(v.Function)), paper.Lines(api.Value(v.Dossier).Number, p.Label("legal-bases", api.Value(v.Basis))),
			paper.Lines(what...), strconv.Itoa(v.Times),
		}
	}
	p.Table([]paper.Column{
		{Head: p.Say("Dag", "Day"), Share: 3}, {Head: p.Say("Organisatie en functie", "Organisation and function"), Share: 6}, {Head: p.Say("Dossier en grondslag", "Dossier and legal basis"), Share: 4},
		{Head: p.Say("Handeling en categorieën", "Operation and categories"), Share: 5}, {Head: p.Say("Keer", "Times"), Share: 1},
	}, rows)
}

func printHeldBack(p *paper.Paper, b api.DataSubjectGathering) {
	if len(b.HeldBack) == 0 && len(b.Cut) == 0 {
		return
	}
	p.Heading(p.Say("Wat hier niet bij staat", "What is not given here"))
	rows := make([][]string, len(b.HeldBack))
	for i, h := range b.HeldBack {
		rows[i] = []string{
			h.Dossier.Number, p.Label("gathered-kinds", string(h.Kind)), paper.Lines(p.Label("held-back-reasons", string(h.Reason)), api.Value(h.Partner).Name), strconv.Itoa(h.Count),
		}
	}
	p.Table([]paper.Column{
		{Head: "Dossier", Share: 3}, {Head: p.Say("Soort", "Kind"), Share: 3}, {Head: p.Say("Reden", "Reason"), Share: 6}, {Head: p.Say("Aantal", "Number"), Share: 1},
	}, rows)
	for _, list := range b.Cut {
		p.Paragraph(p.Say("Niet volledig: ", "Not complete: ") + p.Label("gathered-lists", string(list)))
	}
}
