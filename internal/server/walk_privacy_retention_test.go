package server_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

const (
	retentionDesk  = "/v1/retention-runs"
	retentionRules = "/v1/retention-rules"
	holdDesk       = "/v1/legal-holds"
)

// retention is how long records are kept.
func (w *walk) retention() []step {
	no := statuses{"chair": forbidden, "police-system": forbidden}
	officers := statuses{"chair": forbidden, "auditor": forbidden, "police-system": forbidden}
	one := retentionDesk + "/{retentionRunId}"
	return []step{
		{op: "getRetentionRules", by: "privacy-officer", want: ok, not: no, own: ok},
		{op: "getDossierRetention", by: "case-director", want: ok, not: statuses{"privacy-officer": notFound, "auditor": notFound}},
		{op: "decideRetentionRule", by: "privacy-officer", want: created, not: officers, own: created, body: func() live.M { return live.M{"kind": "dossier-consent", "months": 48, "reason": "Korter."} }},
		{op: "placeLegalHold", by: "privacy-officer", want: created, keep: "legalHoldId", not: officers, own: invalid, body: func() live.M { return holding(w.CaseAt(w.ids["dossierId"])) }},
		{op: "listLegalHolds", by: "privacy-officer", want: ok, not: officers, own: ok},
		{op: "getLegalHold", by: "privacy-officer", want: ok, not: officers},
		{op: "endLegalHold", by: "privacy-officer", want: created, match: "/v1/legal-holds/{legalHoldId}", not: officers},
		{op: "extendDossierRetention", by: "director", want: created, not: statuses{"chair": forbidden, "privacy-officer": notFound}, body: func() live.M { return extending(everyPartner(w.T, w.World)...) }},
		{op: "startRetentionRun", by: "privacy-officer", want: created, keep: "retentionRunId", not: officers, own: created, first: func() { due(w.T, w.World) }},
		{op: "listRetentionRuns", by: "auditor", want: ok, not: no, own: ok},
		{op: "getRetentionRun", by: "auditor", want: ok, not: no},
		{op: "decideRetentionRun", by: "privacy-officer", want: created, match: one, not: officers, body: deciding},
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
		{"retention.extend", "municipal-director", "regisseur", "chair", forbidden, post(at(c.Opened(c.T, live.M{}).Path+"/retention-extensions"), fixed(extending()))},
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

func holding(f *live.Case) live.M {
	return live.M{"dossierId": f.ID, "ground": "litigation", "reason": "Er loopt een procedure."}
}

// held is the address of a hold on a dossier.
func held(t *testing.T, w *live.World, f *live.Case) string {
	t.Helper()
	return w.As(t, "privacy-officer").Post(holdDesk, holding(f)).Want(created).Place()
}

// extending keeps a dossier longer with the consent of partners.
func extending(partners ...string) live.M {
	consents := make([]live.M, len(partners))
	for i, p := range partners {
		consents[i] = live.M{"partnerId": p, "givenOn": today()}
	}
	return live.M{"months": 12, "ground": "open-criteria-met", "reason": "De dreiging blijft.", "consents": consents}
}

// everyPartner are those who may have supplied.
func everyPartner(t *testing.T, w *live.World) []string {
	t.Helper()
	return w.As(t, "director").Get("/v1/partners?limit=200").Want(ok).IDs()
}
