package server_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

func TestPrivacy_L23_a_breach_is_reported_within_72_hours_or_says_why_not(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	officer := w.As(t, "privacy-officer")
	made := officer.Post(breachDesk, leaked(80*time.Hour)).Want(created)
	found, err := time.Parse(time.RFC3339, made.Text("discoveredAt"))
	require.NoError(t, err)
	assert.Equal(t, found.Add(72*time.Hour).Format(time.RFC3339), made.Text("reportDueAt"))
	assert.Equal(t, []any{true, "open", nil, nil, false, w.Person("privacy-officer")}, []any{
		made.At("overdue"), made.At("state"), made.At("reportedAt"), made.At("dossierId"), made.At("openedByWithdrawal"), made.At("recordedById")})
	assert.False(t, officer.Post(breachDesk, leaked(71*time.Hour)).Want(created).At("overdue").(bool))
	change := func(body live.M) *live.Reply { return officer.Do("PATCH", made.Place(), body, anyTag) }

	late := change(live.M{"reportedAt": before(time.Hour)})
	refusedAt(t, late, "/lateReason")
	assert.Contains(t, string(late.Raw), "AVG 33(1)")
	refusedAt(t, change(live.M{"reportedAt": before(10 * time.Hour), "lateReason": "Vergeten."}), "/lateReason")
	refusedAt(t, change(live.M{"reportedAt": before(-time.Hour), "lateReason": "Later."}), "/reportedAt")
	refusedAt(t, change(live.M{"reportedAt": before(81 * time.Hour)}), "/reportedAt")
	refusedAt(t, change(live.M{"personsInformedAt": before(81 * time.Hour)}), "/personsInformedAt")
	refusedAt(t, change(live.M{"participantsInformedAt": before(-time.Hour)}), "/participantsInformedAt")
	refusedAt(t, change(live.M{"reportedAt": before(time.Hour), "lateReason": "Later.", "notReportedReason": "Geen risico."}), "/notReportedReason")
	refusedAt(t, change(live.M{"personsInformedAt": before(time.Hour), "notInformedReason": "Versleuteld."}), "/notInformedReason")

	reported := officer.Patch(made.Place(), made.Tag(), live.M{"reportedAt": before(time.Hour), "lateReason": "Pas later bleek wat erin stond."}).Want(ok)
	assert.Equal(t, false, reported.At("overdue"), "it is reported")
	officer.Patch(made.Place(), made.Tag(), live.M{"participantsInformedAt": before(time.Hour)}).Check(stale)
	within := officer.Patch(made.Place(), reported.Tag(), live.M{"reportedAt": before(9 * time.Hour), "lateReason": nil}).Want(ok)
	assert.Equal(t, []any{nil, false}, []any{within.At("lateReason"), within.At("overdue")})
}

func TestPrivacy_L23_who_keeps_breaches_is_told_at_72_hours(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	officer, director := w.As(t, "privacy-officer"), w.As(t, "director")
	late := officer.Post(breachDesk, leaked(73*time.Hour)).Want(created)
	officer.Post(breachDesk, leaked(71*time.Hour)).Want(created)
	reasoned := officer.Post(breachDesk, leaked(73*time.Hour)).Want(created)
	officer.Patch(reasoned.Place(), reasoned.Tag(), live.M{"notReportedReason": "Geen risico."}).Want(ok)
	var instances sync.WaitGroup
	for range 2 {
		instances.Go(func() { assert.NoError(t, w.Product.Hourly(t.Context())) })
	}
	instances.Wait()
	require.NoError(t, w.Product.Hourly(t.Context()))

	for _, who := range []string{"privacy-officer", "director"} {
		require.Eventually(t, func() bool { return len(w.As(t, who).Get("/v1/alerts?kind=data-breach-overdue").Want(ok).IDs()) > 0 }, soon, often)
		told := w.As(t, who).Get("/v1/alerts?kind=data-breach-overdue").Want(ok)
		assert.Equal(t, []string{late.ID()}, told.Texts("items", "subject.id"), "once, and of no other: "+who)
		assert.Equal(t, []any{"high", nil, nil, "Melding van een datalek is over de termijn"}, []any{
			told.At("items.0.priority"), told.At("items.0.dossier"), told.At("items.0.dossierId"), told.At("items.0.text")})
	}
	for _, who := range []string{"auditor", "case-director", "police"} {
		assert.Empty(t, w.As(t, who).Get("/v1/alerts?kind=data-breach-overdue").Want(ok).IDs(), who)
	}
	assert.Contains(t, director.Get("/v1/alerts/summary").Want(ok).Texts("byKind", "kind"), "data-breach-overdue")
	assert.NotContains(t, string(officer.Get("/v1/events").Raw), late.ID(), "the feed is of dossiers")
	require.Eventually(t, func() bool { return len(director.Get("/v1/deliveries?state=sent").Want(ok).IDs()) == 2 }, soon, often, "both by mail")
	sent := director.Get("/v1/deliveries?state=sent").Want(ok)
	assert.Equal(t, []any{nil, nil}, []any{sent.At("items.0.dossier"), sent.At("items.0.dossierId")})
	mails, err := filepath.Glob(filepath.Join(w.Mails, "*"))
	require.NoError(t, err)
	require.Len(t, mails, 2)
	for _, mail := range mails {
		letter, err := os.ReadFile(mail)
		require.NoError(t, err)
		assert.Contains(t, string(letter), "Subject: SITRAP: Melding van een datalek is over de termijn")
		assert.NotContains(t, string(letter), late.ID())
		assert.NotContains(t, string(letter), uuid.Nil.String())
	}

	t.Run("who does not hold the office any more is not shown it", func(t *testing.T) {
		w.Exec(t, "update professional set roles = '[]' where id = '"+w.Person("privacy-officer")+"'")
		assert.Empty(t, w.As(t, "privacy-officer").Get("/v1/alerts").IDs())
	})
}

func TestPrivacy_L23_a_breach_is_closed_when_all_is_accounted_for(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	officer := w.As(t, "privacy-officer")
	made := officer.Post(breachDesk, leaked(80*time.Hour)).Want(created)
	change := func(body live.M) *live.Reply { return officer.Do("PATCH", made.Place(), body, anyTag) }
	none := change(live.M{"state": "closed"})
	refusedAt(t, none, "/notReportedReason")
	refusedAt(t, none, "/notInformedReason")
	assert.Contains(t, string(none.Raw), "AVG 34(3)")
	refusedAt(t, change(live.M{"state": "closed", "notReportedReason": "Geen risico."}), "/notInformedReason")
	refusedAt(t, change(live.M{"state": "closed", "notInformedReason": "Versleuteld."}), "/notReportedReason")
	closed := change(live.M{"state": "closed", "notReportedReason": "Geen risico.", "notInformedReason": "Versleuteld."}).Want(ok)
	assert.Equal(t, []any{"closed", w.Person("privacy-officer"), false}, []any{closed.At("state"), closed.At("closedById"), closed.At("overdue")})
	change(live.M{"personsInformedAt": before(time.Hour)}).Check(conflict)
	again := change(live.M{"state": "open", "notInformedReason": nil, "personsInformedAt": before(time.Hour)}).Want(ok)
	assert.Equal(t, []any{"open", nil, nil}, []any{again.At("state"), again.At("closedAt"), again.At("closedBy")})
	change(live.M{"state": "closed"}).Want(ok)
}

func TestPrivacy_L23_a_breach_is_kept_by_few_and_names_what_is_there(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, officer := w.Case(t), w.As(t, "privacy-officer")
	item := f.Item(t, "police", "police")
	refusedAt(t, officer.Post(breachDesk, leaked(-time.Hour)), "/discoveredAt")
	refusedAt(t, officer.Post(breachDesk, leaked(time.Hour, live.M{"itemId": item.ID()})), "/dossierId")
	refusedAt(t, officer.Post(breachDesk, leaked(time.Hour, live.M{"dossierId": item.ID()})), "/dossierId")
	refusedAt(t, officer.Post(breachDesk, leaked(time.Hour, live.M{"dossierId": w.Case(t).ID, "itemId": item.ID()})), "/dossierId")
	made := w.As(t, "director").Post(breachDesk, leaked(time.Hour, live.M{"dossierId": f.ID, "itemId": item.ID()})).Want(created)
	assert.Equal(t, []any{f.ID, w.As(t, "director").Get(f.Path).At("number"), item.ID(), nil}, []any{made.At("dossierId"), made.At("dossier.number"), made.At("itemId"), made.At("documentId")})
	assert.Equal(t, []string{"getDataBreach", "updateDataBreach"}, made.Allowed())

	auditor := w.As(t, "auditor")
	assert.Equal(t, []string{"getDataBreach"}, auditor.Get(made.Place()).Want(ok).Allowed())
	assert.Equal(t, []string{made.ID()}, auditor.Get(breachDesk).Want(ok).IDs())
	auditor.Do("PATCH", made.Place(), live.M{"notReportedReason": "Nee."}, anyTag).Check(forbidden)
	auditor.Post(breachDesk, leaked(time.Hour)).Check(forbidden)
	for _, who := range []string{"case-director", "chair", "police", "police-system"} {
		by := w.As(t, who)
		by.Get(breachDesk).Check(forbidden)
		by.Get(made.Place()).Check(forbidden)
		by.Post(breachDesk, leaked(time.Hour)).Check(forbidden)
		by.Do("PATCH", made.Place(), live.M{"notReportedReason": "Nee."}, anyTag).Check(forbidden)
	}
	officer.Get(breachDesk + "/" + f.ID).Check(notFound)
}

func TestPrivacy_L23_what_is_withdrawn_as_a_breach_opens_one(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, officer := w.Case(t), w.As(t, "privacy-officer")
	police := w.As(t, "police")
	item, slip := f.Item(t, "police", "police"), f.Item(t, "police", "police")
	police.Post(slip.Place()+"/withdrawals", live.M{"reason": "Vergissing.", "breach": false}, anyTag).Want(created)
	assert.Empty(t, officer.Get(breachDesk).Want(ok).IDs(), "a mistake is no breach")
	taken := police.Post(item.Place()+"/withdrawals", live.M{"reason": "Zeewierkwestie", "breach": true}, anyTag).Want(created)
	all := officer.Get(breachDesk).Want(ok)
	require.Len(t, all.IDs(), 1)
	place := breachDesk + "/" + all.IDs()[0]
	one := officer.Get(place).Want(ok)
	assert.Equal(t, []any{f.ID, w.As(t, "director").Get(f.Path).At("number"), item.ID(), true, nil, nil, "open", taken.At("withdrawnAt")}, []any{
		one.At("dossierId"), one.At("dossier.number"), one.At("itemId"), one.At("openedByWithdrawal"), one.At("description"), one.At("recordedById"), one.At("state"), one.At("discoveredAt")})
	assert.NotContains(t, string(one.Raw), "Zeewierkwestie", "why is its supplier's")
	police.Get(place).Check(forbidden)

	over := live.M{"state": "closed", "notReportedReason": "Geen risico.", "notInformedReason": "Niemand las het."}
	refusedAt(t, officer.Do("PATCH", place, over, anyTag), "/description")
	over["description"] = "Een melding stond in een verkeerd dossier."
	officer.Do("PATCH", place, over, anyTag).Want(ok)

	document := documented(t, w, f)["documentId"]
	housing := w.As(t, "housing")
	housing.Post("/v1/documents/"+document+"/withdrawals", live.M{"reason": "Verkeerd.", "breach": true}, anyTag).Want(created)
	latest := officer.Get(breachDesk).Want(ok)
	assert.Equal(t, []any{document, nil, f.ID}, []any{latest.At("items.0.documentId"), latest.At("items.0.itemId"), latest.At("items.0.dossierId")})
}
