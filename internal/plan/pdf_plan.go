package plan

import (
	"bytes"
	"context"
	"fmt"
	"strconv"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/language"
	"github.com/wijkregie/wijkregie/internal/kernel/paper"
)

func (h *HTTP) planAsPDF(ctx context.Context, id uuid.UUID) (api.GetPlanResponseObject, error) {
	seen, err := h.s.Printed(ctx, id)
	if err != nil {
		return nil, err
	}
	names, err := h.people.Names(ctx)
	if err != nil {
		return nil, err
	}
	body := h.planToAPI(seen.Plan, names)
	p, err := h.people.Paper(ctx, language.Text{
		NL: fmt.Sprintf("Integraal plan van aanpak %s, versie %d", body.Dossier.Number, body.Number),
		EN: fmt.Sprintf("Integral plan %s, version %d", body.Dossier.Number, body.Number),
	})
	if err != nil {
		return nil, err
	}
	goals, actions := make([]api.Goal, len(seen.Goals)), make([]api.Action, len(seen.Actions))
	for i, g := range seen.Goals {
		goals[i] = goalToAPI(g, names)
	}
	for i, a := range seen.Actions {
		actions[i] = ToAPI(a, names)
	}
	printPlan(p, body)
	printGoals(p, goals)
	if len(actions) > 0 {
		p.Heading(p.Say("Acties", "Actions"))
		PrintActions(p, actions)
	}
	if body.Overview != nil {
		printOverview(p, *body.Overview)
	}
	file, err := p.Bytes()
	headers := api.GetPlan200ResponseHeaders{ETag: p.Tag()}
	return api.GetPlan200ApplicationpdfResponse{Body: bytes.NewReader(file), ContentLength: int64(len(file)), Headers: headers}, err
}

// printPlan prints what the plan itself says.
func printPlan(p *paper.Paper, b api.Plan) {
	p.Field("Dossier", paper.Lines(b.Dossier.Number, api.Value(b.Dossier.Title)))
	p.Field(p.Say("Stand van het plan", "State of the plan"), p.Label("plan-statuses", string(b.Status)))
	p.Field(p.Say("Opgesteld", "Drafted"), paper.Lines(p.Moment(b.DraftedAt), api.Value(b.DraftedBy).Name))
	p.Field(p.Say("Vastgesteld", "Made final"), paper.Lines(p.Moment(api.Value(b.FinalisedAt)), api.Value(b.FinalisedBy).Name))
	p.Field(p.Say("Vervangen", "Superseded"), p.Moment(api.Value(b.SupersededAt)))
	p.Heading(p.Say("Wat er bereikt wordt", "What is to be achieved"))
	p.Field(p.Say("Integraal doel", "Integral goal"), api.Value(b.IntegralGoal))
	p.Field(p.Say("Belang van de inwoner", "Interest of the residents"), api.Value(b.ResidentInterest))
	p.Field(p.Say("Perspectief", "Perspective"), api.Value(b.Perspective))
	p.Field(p.Say("Niemand tussen wal en schip", "Nobody falls between two stools"), api.Value(b.CareGoal))
	p.Field(p.Say("Geen overlast en criminaliteit", "No nuisance and crime"), api.Value(b.SafetyGoal))
	p.Field(p.Say("Waarom een oriëntatie geen doel heeft", "Why an orientation has no goal"), api.Value(b.EmptyReason))
	if o := b.PreconditionOverride; o != nil {
		p.Subheading(p.Say("Afwijking van randvoorwaarden", "Preconditions overridden"))
		p.Field(o.DecidedBy.Name+", "+p.Moment(o.DecidedAt), o.Reason)
		p.List(labels(p, "preconditions", o.Missing))
	}
	if len(b.Sections) > 0 {
		p.Heading(p.Say("Per leefgebied", "Per life domain"))
	}
	for _, s := range b.Sections {
		p.Subheading(p.Label("life-domains", s.LifeDomain) + " (" + p.Label("orientations", string(s.Orientation)) + ")")
		p.Paragraph(api.Value(s.Text))
	}
}

func labels[T ~string](p *paper.Paper, list string, codes []T) []string {
	all := make([]string, len(codes))
	for i, code := range codes {
		all[i] = p.Label(list, string(code))
	}
	return all
}

func printGoals(p *paper.Paper, goals []api.Goal) {
	if len(goals) == 0 {
		return
	}
	p.Heading(p.Say("Doelen", "Goals"))
	rows := make([][]string, len(goals))
	for i, g := range goals {
		member := api.Value(g.MemberDossier)
		rows[i] = []string{
			g.Text, paper.Lines(p.Label("life-domains", g.LifeDomain), p.Label("orientations", string(g.Orientation))),
			paper.Lines(api.Value(g.Member), member.Number, api.Value(member.Title)), paper.Lines(g.AddedPartner.Name, api.Value(g.AddedBy).Name),
			p.Label("results", string(api.Value(g.Result))),
		}
	}
	p.Table([]paper.Column{
		{Head: p.Say("Doel", "Goal"), Share: 7}, {Head: p.Say("Leefgebied", "Life domain"), Share: 4}, {Head: p.Say("Voor wie", "For whom"), Share: 4},
		{Head: p.Say("Toegevoegd door", "Added by"), Share: 4}, {Head: p.Say("Resultaat", "Result"), Share: 3},
	}, rows)
}

// printOverview prints what is counted and linked beside a plan.
func printOverview(p *paper.Paper, o api.PlanOverview) {
	p.Heading(p.Say("Overzicht", "Overview"))
	p.List(labels(p, "plan-warnings", o.Warnings))
	rows := make([][]string, len(o.ExecutingPartners))
	for i, e := range o.ExecutingPartners {
		said := p.Label("commitment-outcomes", string(api.Value(e.Outcome)))
		if said == "" {
			said = p.Say("nog niets gezegd", "said nothing yet")
		}
		rows[i] = []string{e.Partner.Name, said}
	}
	p.Table([]paper.Column{{Head: p.Say("Uitvoerende partner", "Executing partner"), Share: 2}, {Head: p.Say("Zegt tegen het plan", "Says to the plan"), Share: 1}}, rows)
	rows = nil
	for _, c := range o.ActionsByKind {
		rows = append(rows, []string{p.Label("action-kinds", string(c.Kind)), strconv.Itoa(c.Open), strconv.Itoa(c.Done)})
	}
	for _, c := range o.ActionsByLifeDomain {
		rows = append(rows, []string{p.Label("life-domains", c.LifeDomain), strconv.Itoa(c.Open), strconv.Itoa(c.Done)})
	}
	p.Table([]paper.Column{
		{Head: p.Say("Acties per soort en leefgebied", "Actions per kind and life domain"), Share: 4}, {Head: "Open", Share: 1}, {Head: p.Say("Gedaan", "Done"), Share: 1},
	}, rows)
	rows = nil
	for _, l := range o.LinkedPlans {
		rows = append(rows, []string{
			paper.Lines(l.Dossier.Number, api.Value(l.Dossier.Title)), p.Label("link-kinds", string(l.LinkKind)), strconv.Itoa(l.Number), p.Label("plan-statuses", string(l.Status)),
		})
	}
	p.Table([]paper.Column{
		{Head: p.Say("Plan van een gekoppeld dossier", "Plan of a linked dossier"), Share: 4}, {Head: p.Say("Koppeling", "Link"), Share: 2}, {Head: p.Say("Versie", "Version"), Share: 1},
		{Head: p.Say("Stand", "State"), Share: 2},
	}, rows)
}
