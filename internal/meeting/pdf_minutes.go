package meeting

import (
	"bytes"
	"context"
	"fmt"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/language"
	"github.com/wijkregie/wijkregie/internal/kernel/paper"
	"github.com/wijkregie/wijkregie/internal/plan"
)

func (h *HTTP) minutesAsPDF(ctx context.Context, body api.Minutes) (api.GetMinutesResponseObject, error) {
	p, err := h.people.Paper(ctx, language.Text{NL: "Verslag: " + body.Meeting.Title, EN: "Minutes: " + body.Meeting.Title})
	if err != nil {
		return nil, err
	}
	printMeeting(p, body)
	for n, i := range body.Items {
		printItem(p, n+1, i)
	}
	file, err := p.Bytes()
	headers := api.GetMinutes200ResponseHeaders{ETag: p.Tag()}
	return api.GetMinutes200ApplicationpdfResponse{Body: bytes.NewReader(file), ContentLength: int64(len(file)), Headers: headers}, err
}

// printMeeting prints which meeting it was and who was there.
func printMeeting(p *paper.Paper, b api.Minutes) {
	m := b.Meeting
	p.Field(p.Say("Wanneer", "When"), p.Moment(m.StartsAt)+" – "+p.Moment(m.EndsAt))
	p.Field(p.Say("Waar", "Where"), paper.Lines(api.Value(m.Place), api.Value(m.OnlineUrl)))
	p.Field(p.Say("Voorzitter", "Chair"), m.Chair.Name)
	p.Field(p.Say("Stand van het overleg", "State of the meeting"), p.Label("meeting-statuses", string(m.Status)))
	for _, f := range b.Finalisations {
		p.Field(p.Say("Vastgesteld", "Finalised"), paper.Lines(p.Moment(f.DecidedAt), f.DecidedBy.Name, api.Value(f.Reason)))
	}
	p.Heading(p.Say("Aanwezig", "Present"))
	rows := make([][]string, len(b.Attendances))
	for i, a := range b.Attendances {
		guest := api.Value(a.Guest)
		rows[i] = []string{
			paper.Lines(api.Value(a.Professional).Name, guest.Name), paper.Lines(api.Value(a.Partner).Name, guest.Organisation),
			p.Label("partner-domains", string(api.Value(a.Domain))),
		}
	}
	p.Table([]paper.Column{
		{Head: p.Say("Naam", "Name"), Share: 3}, {Head: p.Say("Organisatie", "Organisation"), Share: 3}, {Head: p.Say("Domein", "Domain"), Share: 2},
	}, rows)
	there := map[bool]string{true: p.Say("aanwezig", "present"), false: p.Say("niet aanwezig", "not present")}
	p.Field(p.Say("Sociaal domein", "Social domain"), there[b.Presence.Social])
	p.Field(p.Say("Veiligheidsdomein", "Safety domain"), there[b.Presence.Safety])
}

// printItem prints what was said and decided under one agenda item.
func printItem(p *paper.Paper, number int, i api.MinutesItem) {
	about := api.Value(i.AgendaItem.Dossier)
	title := api.Value(i.AgendaItem.Title)
	for _, more := range []string{about.Number, api.Value(about.Title)} {
		switch {
		case title == "":
			title = more
		case more != "":
			title += " · " + more
		}
	}
	p.Heading(fmt.Sprintf("%d. %s", number, title))
	for _, d := range i.Deliberations {
		printDeliberation(p, d)
	}
	for _, d := range i.Decisions {
		printDecision(p, d)
	}
}

func printDeliberation(p *paper.Paper, d api.Deliberation) {
	p.Subheading(p.Say("Beraadslaging", "Deliberation"))
	p.Field(p.Say("Vastgelegd", "Recorded"), paper.Lines(p.Moment(d.RecordedAt), d.RecordedBy.Name))
	p.Field(p.Say("Sociaal perspectief", "Social perspective"), api.Value(d.SocialPerspective))
	p.Field(p.Say("Veiligheidsperspectief", "Safety perspective"), api.Value(d.SafetyPerspective))
	p.Field(p.Say("Waarom een perspectief ontbreekt", "Why a perspective is absent"), api.Value(d.AbsenceReason))
	p.Field(p.Say("Advies", "Advice"), api.Value(d.Advice))
	for _, c := range d.Contributions {
		p.Field(p.Say("Inbreng van ", "Contribution of ")+c.Partner.Name, c.Text)
	}
}

func printDecision(p *paper.Paper, d api.Decision) {
	p.Subheading(p.Say("Besluit", "Decision"))
	p.Field(p.Say("Genomen", "Taken"), paper.Lines(p.Moment(d.DecidedAt), d.DecidedBy.Name))
	p.Paragraph(d.Text)
	p.Field(p.Say("Motivering", "Reasons"), d.Reasons)
	if _, err := d.SuccessorId.Get(); err == nil {
		p.Paragraph(p.Say("Dit besluit is door een later besluit vervangen.", "A later decision took the place of this one."))
	}
	if _, err := d.SupersedesId.Get(); err == nil {
		p.Paragraph(p.Say("Dit besluit vervangt een eerder besluit.", "This decision takes the place of an earlier one."))
	}
	p.Field(p.Say("Afwijkend standpunt", "Dissent"), api.Value(d.Dissent))
	for _, one := range d.Dissents {
		p.Field(p.Say("Afwijkend standpunt van ", "Dissent of ")+one.Partner.Name, one.Text)
	}
	people := make([]string, len(d.Professionals))
	for i, one := range d.Professionals {
		people[i] = one.Name
	}
	p.Field(p.Say("Betrokken professionals", "Professionals"), paper.Lines(people...))
	plan.PrintActions(p, d.Actions)
}
