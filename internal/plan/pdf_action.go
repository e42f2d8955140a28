package plan

import (
	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/paper"
)

// PrintActions prints actions as a table; nothing when there are none.
func PrintActions(p *paper.Paper, actions []api.Action) {
	columns := []paper.Column{
		{Head: p.Say("Actie", "Action"), Share: 7}, {Head: p.Say("Wie", "Who"), Share: 5}, {Head: p.Say("Leefgebied en soort", "Life domain and kind"), Share: 4},
		{Head: p.Say("Termijn", "Term"), Share: 3}, {Head: p.Say("Stand", "State"), Share: 3},
	}
	rows := make([][]string, len(actions))
	for i, a := range actions {
		kind := paper.Lines(p.Label("life-domains", a.LifeDomain), p.Label("action-kinds", string(a.Kind)), p.Label("action-tracks", string(a.Track)))
		rows[i] = []string{
			a.Description, paper.Lines(a.Partner.Name, api.Value(a.Professional).Name), kind, p.Day(a.DueDate.Time), stateOf(p, a),
		}
	}
	p.Table(columns, rows)
}

// stateOf is where an action stands and what came of it.
func stateOf(p *paper.Paper, a api.Action) string {
	late := ""
	if a.Overdue {
		late = p.Say("te laat", "overdue")
	}
	mediator := api.Value(a.Mediator)
	if mediator != "" {
		mediator = p.Say("bemiddelaar: ", "mediator: ") + mediator
	}
	return paper.Lines(
		p.Label("action-statuses", string(a.Status)), late, p.Label("results", string(api.Value(a.Result))),
		p.Moment(api.Value(a.CompletedAt)), mediator, p.Label("mediation-outcomes", string(api.Value(a.Agreement))),
	)
}
