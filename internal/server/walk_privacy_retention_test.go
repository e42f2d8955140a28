package server_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

const retentionDesk = "/v1/retention-runs"

// retention is how long records are kept.
func (w *walk) retention() []step {
	no := statuses{"chair": forbidden, "police-system": forbidden}
	one := retentionDesk + "/{retentionRunId}"
	return []step{
		{op: "getRetentionRules", by: "privacy-officer", want: ok, not: no, own: ok},
		{op: "getDossierRetention", by: "case-director", want: ok, not: statuses{"privacy-officer": notFound, "auditor": notFound}},
		{op: "startRetentionRun", by: "privacy-officer", want: created, keep: "retentionRunId", not: statuses{"chair": forbidden, "auditor": forbidden, "police-system": forbidden}, own: created, first: func() { due(w.T, w.World) }},
		{op: "listRetentionRuns", by: "auditor", want: ok, not: no, own: ok},
		{op: "getRetentionRun", by: "auditor", want: ok, not: no},
		{op: "decideRetentionRun", by: "privacy-officer", want: created, match: one, not: statuses{"chair": forbidden, "auditor": forbidden, "police-system": forbidden}, body: deciding},
		{op: "listDestructionCertificates", by: "auditor", want: ok, not: no, first: func() { carriedOut(w.T, w.World, w.fill(one)) }},
	}
}

func deciding() live.M { return live.M{"reason": "Termijn verstreken."} }

// due is a dossier whose term has passed.
func due(t *testing.T, w *live.World) *live.Case {
	t.Helper()
	f := w.Case(t)
	aged(t, w, f, 61)
	return f
}

// aged lets so many months have passed since a dossier was opened.
func aged(t *testing.T, w *live.World, f *live.Case, months int) {
	t.Helper()
	w.Exec(t, "update dossier set opened_at = opened_at - make_interval(months => $2) where id = $1", f.ID, months)
}

// retentionRights are the lines of the table on retention.
func (c *court) retentionRights() []right {
	none := fixed(live.M{})
	return []right{
		{"retention.read", "municipal-director", "regisseur", "chair", forbidden, get(at(retentionDesk))},
		{"retention.read", "privacy-officer", "officer", "police", forbidden, get(at(retentionDesk))},
		{"retention.read", "auditor", "revisor", "case-director", forbidden, get(at(retentionDesk))},
		{"retention.decide", "municipal-director", "regisseur", "revisor", forbidden, post(at(retentionDesk), none)},
		{"retention.decide", "privacy-officer", "officer", "chair", forbidden, post(at(retentionDesk), none)},
	}
}

// dryRun is the address of a dry run that lists something.
func dryRun(t *testing.T, w *live.World) string {
	t.Helper()
	due(t, w)
	return w.As(t, "privacy-officer").Post(retentionDesk, nil).Want(created).Place()
}

// carriedOut waits until a run is done.
func carriedOut(t *testing.T, w *live.World, place string) *live.Reply {
	t.Helper()
	officer := w.As(t, "privacy-officer")
	require.Eventually(t, func() bool { return officer.Get(place).Want(ok).Text("status") == "done" }, 40*time.Second, 100*time.Millisecond, "it is carried out")
	return officer.Get(place).Want(ok)
}

// destroyedTwo is the address of a run that destroyed two dossiers, after another.
func destroyedTwo(t *testing.T, w *live.World) string {
	t.Helper()
	dryRun(t, w)
	place := dryRun(t, w)
	w.As(t, "director").Post(place+"/decisions", deciding(), anyTag).Want(created)
	carriedOut(t, w, place)
	return place
}
