package oversight

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/language"
	"github.com/wijkregie/wijkregie/internal/kernel/paper"
)

// reportAsPDF prints a situation report. That of a past moment names it; that of now has the moment of making under
// its pages.
func (h *HTTP) reportAsPDF(ctx context.Context, body api.SituationReport, past bool) (api.GetSituationReportResponseObject, error) {
	p, err := h.people.Paper(ctx, language.Text{NL: "Situatierapport " + body.Dossier.Number, EN: "Situation report " + body.Dossier.Number})
	if err != nil {
		return nil, err
	}
	if past {
		p.Field(p.Say("Situatie op", "Situation on"), p.Moment(body.AsOf))
	}
	printSituation(p, body)
	printDossier(p, body.Dossier)
	printBriefs(p, body.Actions)
	printScores(p, body.Scores)
	if len(body.LatestDecisions) > 0 {
		p.Heading(p.Say("Laatste besluiten", "Latest decisions"))
	}
	for _, d := range body.LatestDecisions {
		p.Field(p.Moment(d.DecidedAt), d.Text)
	}
	printChanges(p, body.LastChanges)
	file, err := p.Bytes()
	headers := api.GetSituationReport200ResponseHeaders{ETag: p.Tag()}
	return api.GetSituationReport200ApplicationpdfResponse{Body: bytes.NewReader(file), ContentLength: int64(len(file)), Headers: headers}, err
}

// printSituation prints where the dossier stands at the moment of the report.
func printSituation(p *paper.Paper, b api.SituationReport) {
	p.Field("Dossier", paper.Lines(b.Dossier.Number, api.Value(b.Dossier.Title)))
	p.Field("Status", p.Label("dossier-statuses", string(b.Status)))
	p.Field(p.Say("AVE-fase", "AVE phase"), p.Label("regie-phases", strconv.Itoa(b.Phase)))
	p.Field(p.Say("Casusregisseur", "Case director"), api.Value(b.CaseDirector).Name)
	p.Field(p.Say("Voorzitter", "Chair"), api.Value(b.Chair).Name)
	p.Field(p.Say("Acties", "Actions"), fmt.Sprintf(p.Say("%d open, waarvan %d te laat; %d gedaan", "%d open, %d of them overdue; %d done"), b.OpenActions, b.OverdueActions, b.DoneActions))
	p.Field(p.Say("Eerstvolgende overleg", "Next meeting"), p.Moment(api.Value(b.NextMeetingAt)))
}

// printDossier prints what the dossier is about, as it is now.
func printDossier(p *paper.Paper, d api.Dossier) {
	p.Heading(p.Say("Het dossier", "The dossier"))
	p.Field(p.Say("Dossiersoort", "Kind of dossier"), p.Label("dossier-types", string(d.Type)))
	p.Field(p.Say("Grondslag", "Legal basis"), p.Label("legal-bases", string(d.Basis)))
	p.Field(p.Say("Doel", "Purpose"), api.Value(d.Purpose))
	var themes []string
	for _, one := range d.Themes {
		themes = append(themes, p.Label("themes", one))
	}
	p.Field(p.Say("Thema's", "Themes"), paper.Lines(themes...))
	p.Field(p.Say("Buurt", "Neighbourhood"), api.Value(d.NeighbourhoodCode))
	if place, err := d.Location.Get(); err == nil {
		address := strings.TrimSpace(api.Value(place.Street) + " " + api.Value(place.HouseNumber))
		p.Field(p.Say("Locatie", "Location"), paper.Lines(p.Label("location-kinds", string(place.Kind)), address, api.Value(place.Postcode)))
	}
	p.Field(p.Say("Geopend", "Opened"), paper.Lines(p.Moment(d.OpenedAt), api.Value(d.OpenedBy).Name))
	p.Field(p.Say("Kenmerk elders", "Reference elsewhere"), api.Value(d.ExternalReference))
	if about, err := d.Particulars.Get(); err == nil {
		printParticulars(p, about)
	}
}

// printParticulars prints what is told of a family, a group or a situation.
func printParticulars(p *paper.Paper, about api.Particulars) {
	number := func(n int, err error) string {
		if err != nil {
			return ""
		}
		return strconv.Itoa(n)
	}
	p.Field(p.Say("Volwassenen", "Adults"), number(about.Adults.Get()))
	p.Field(p.Say("Kinderen", "Children"), number(about.Children.Get()))
	p.Field(p.Say("Omvang van de groep", "Size of the group"), number(about.Size.Get()))
	p.Field(p.Say("Leeftijd vanaf", "Age from"), number(about.AgeFrom.Get()))
	p.Field(p.Say("Leeftijd tot en met", "Age until"), number(about.AgeUntil.Get()))
	p.Field(p.Say("Woonsituatie", "Living situation"), p.Label("living-situations", string(api.Value(about.LivingSituation))))
	p.Field(p.Say("Gedrag", "Conduct"), api.Value(about.Conduct))
	p.Field(p.Say("Plaatsen", "Places"), api.Value(about.Places))
	p.Field(p.Say("Tijden", "Times"), api.Value(about.Times))
	p.Field(p.Say("Sinds", "Since"), p.Day(api.Value(about.Since).Time))
	p.Field(p.Say("Gebruik", "Use"), p.Label("premises-uses", string(api.Value(about.Use))))
}

func printBriefs(p *paper.Paper, actions []api.ActionBrief) {
	if len(actions) == 0 {
		return
	}
	p.Heading(p.Say("Acties", "Actions"))
	rows := make([][]string, len(actions))
	for i, a := range actions {
		late := ""
		if a.Overdue {
			late = p.Say("te laat", "overdue")
		}
		rows[i] = []string{a.Description, a.Partner.Name, p.Day(a.DueDate.Time), paper.Lines(p.Label("action-statuses", string(a.Status)), late)}
	}
	p.Table([]paper.Column{
		{Head: p.Say("Actie", "Action"), Share: 7}, {Head: p.Say("Wie", "Who"), Share: 4}, {Head: p.Say("Termijn", "Term"), Share: 3}, {Head: p.Say("Stand", "State"), Share: 2},
	}, rows)
}

func printScores(p *paper.Paper, scores []api.ScoreBrief) {
	if len(scores) == 0 {
		return
	}
	p.Heading(p.Say("Leefgebieden", "Life domains"))
	rows := make([][]string, len(scores))
	for i, s := range scores {
		score := p.Label("problem-levels", string(api.Value(s.ProblemLevel)))
		if n, err := s.Score.Get(); err == nil {
			score = strconv.Itoa(n)
		}
		old := ""
		if s.Stale {
			old = p.Say("verouderd", "out of date")
		}
		rows[i] = []string{p.Label("life-domains", s.LifeDomain), api.Value(s.Member), score, paper.Lines(p.Day(s.ObservedOn.Time), old)}
	}
	p.Table([]paper.Column{
		{Head: p.Say("Leefgebied", "Life domain"), Share: 4}, {Head: p.Say("Wie", "Who"), Share: 4}, {Head: p.Say("Score (1 acuut, 5 zelfredzaam)", "Score (1 acute, 5 self-reliant)"), Share: 3}, {Head: p.Say("Gezien op", "Observed on"), Share: 3},
	}, rows)
}

func printChanges(p *paper.Paper, changes []api.ChangeBrief) {
	if len(changes) == 0 {
		return
	}
	p.Heading(p.Say("Laatste wijzigingen", "Last changes"))
	rows := make([][]string, len(changes))
	for i, c := range changes {
		rows[i] = []string{p.Moment(c.At), p.Label("event-kinds", c.Kind)}
	}
	p.Table([]paper.Column{{Head: p.Say("Wanneer", "When"), Share: 1}, {Head: p.Say("Wat", "What"), Share: 2}}, rows)
}
