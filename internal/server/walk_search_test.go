package server_test

import "github.com/wijkregie/wijkregie/internal/testkit/live"

// acrossAll looks across what there is; everybody gets what he may read, which may be nothing.
func (w *walk) acrossAll() []step {
	return append([]step{
		{op: "searchDossiers", by: "case-director", want: ok, own: ok},
		{op: "search", by: "case-director", want: ok, own: ok, body: func() live.M { return live.M{"text": "overlast"} }},
		{op: "getOverview", by: "director", want: ok, own: ok},
		{op: "getMyWork", by: "case-director", want: ok, not: statuses{"police-system": forbidden}, own: ok},
	}, inside("police", "listTimeline")...)
}
