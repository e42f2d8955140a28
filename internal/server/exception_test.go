package server_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// except makes an exception for the partner of a demo person, and gives what revokes it.
func except(t *testing.T, w *live.World, f *live.Case, partner, category, level string) (revoke func()) {
	t.Helper()
	director := w.As(t, "director")
	made := director.Post(f.Path+"/matrix-exceptions", live.M{
		"partnerId": w.Partner(partner), "category": category, "level": level, "reason": "Het moet hier anders."}).Want(created)
	return func() {
		t.Helper()
		director.Post(made.Place()+"/revocations", live.M{"reason": "Niet meer."}, live.Match(made.Tag())).Want(created)
	}
}

// TestAnExceptionCountsEverywhereAtOnce asks list, detail, figures, report and inbox before an exception,
// while it holds, and after it was revoked.
func TestAnExceptionCountsEverywhereAtOnce(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	f.Action(t, "case-director", "mental-health")
	item := f.Item(t, "housing", "finance")
	police := w.As(t, "police")
	places := []string{f.Path + "/items", f.Path + "/situation-report"}
	shows := func(t *testing.T, seen bool) {
		t.Helper()
		for _, path := range places {
			assert.Equal(t, seen, strings.Contains(string(police.Get(path).Raw), item.ID()), "%s", path)
		}
		police.Get(item.Place()).Check(map[bool]int{true: ok, false: notFound}[seen])
		assert.Equal(t, seen, police.Get(f.Path).Want(ok).Text("lastChangeAt") == item.Text("addedAt"), "the time of the last change")
	}
	t.Run("read", func(t *testing.T) {
		shows(t, false)
		revoke := except(t, w, f, "police", "finance", "read")
		shows(t, true)
		police.Post(f.Path+"/items", live.M{"category": "finance", "text": "Iets.", "observedOn": "2026-01-15"}).Check(forbidden)
		revoke()
		shows(t, false)
	})
	t.Run("contribute", func(t *testing.T) {
		note := live.M{"category": "finance", "text": "Iets.", "observedOn": "2026-01-15"}
		revoke := except(t, w, f, "police", "finance", "contribute")
		police.Post(f.Path+"/items", note).Check(created)
		revoke()
		police.Post(f.Path+"/items", note).Check(forbidden)
	})
	t.Run("none, in figures, lists and report", func(t *testing.T) {
		open := func() []any {
			report := police.Get(f.Path + "/situation-report").Want(ok)
			return []any{police.Get(f.Path).At("openActions"), report.At("openActions"), len(police.Get("/v1/actions?dossierId=" + f.ID).IDs())}
		}
		assert.Equal(t, []any{1.0, 1.0, 1}, open())
		revoke := except(t, w, f, "police", "action", "none")
		assert.Equal(t, []any{0.0, 0.0, 0}, open())
		assert.Equal(t, 1.0, w.As(t, "case-director").Get(f.Path).At("openActions"), "others see it still")
		revoke()
		assert.Equal(t, []any{1.0, 1.0, 1}, open())
	})
}

// TestAnExceptionCutsAlertsAtOnce reads an alert of before an exception.
func TestAnExceptionCutsAlertsAtOnce(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	item := f.Item(t, "housing", "housing")
	told := func() (kinds, subjects []string) {
		alerts := w.As(t, "case-director").Get("/v1/alerts?dossierId=" + f.ID).Want(ok)
		return alerts.Texts("items", "kind"), alerts.Texts("items", "subject.id")
	}
	assert.EventuallyWithT(t, func(c *assert.CollectT) {
		kinds, subjects := told()
		assert.Contains(c, kinds, "item-added")
		assert.Contains(c, subjects, item.ID())
	}, 5*time.Second, 20*time.Millisecond)
	revoke := except(t, w, f, "case-director", "housing", "none")
	kinds, subjects := told()
	assert.NotContains(t, kinds, "item-added")
	assert.NotContains(t, subjects, item.ID())
	revoke()
	_, subjects = told()
	assert.Contains(t, subjects, item.ID())
	assert.EventuallyWithT(t, func(c *assert.CollectT) {
		kinds, _ := told()
		assert.Subset(c, kinds, []string{"exception-made", "exception-revoked"}, "who directs the dossier is told")
	}, 5*time.Second, 20*time.Millisecond)
}

// TestSharingIsTakenBack is the acceptance check of row 4.16 of domain.md: after a release is withdrawn, and
// after an item is withheld, the partner gets 404 and the history of sharing stays.
func TestSharingIsTakenBack(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	police, health, director := w.As(t, "police"), w.As(t, "mental-health"), w.As(t, "director")
	item := f.Item(t, "mental-health", "health")
	police.Get(item.Place()).Check(notFound)
	except(t, w, f, "police", "health", "on-release")

	shared := live.M{"partnerIds": []string{w.Partner("police")}, "purpose": "Samen besluiten.", "conditions": "Niet op papier."}
	release := health.Post(item.Place()+"/releases", shared).Want(created)
	police.Get(item.Place()).Check(ok)
	t.Run("4.16 after withdrawal the partner gets 404 and the history stays", func(t *testing.T) {
		health.Post("/v1/releases/"+release.ID()+"/withdrawals", live.M{"reason": "Toestemming ingetrokken."}, live.Match(release.Tag())).Want(created)
		police.Get(item.Place()).Check(notFound)
		police.Get(item.Place() + "/releases").Check(notFound)
		assert.Equal(t, []string{release.ID()}, health.Get(item.Place()+"/releases").Want(ok).IDs())
		assert.Equal(t, "Samen besluiten.", health.Get(release.Place()).Want(ok).Text("purpose"))
		assert.Equal(t, "Toestemming ingetrokken.", health.Get("/v1/releases/"+release.ID()+"/withdrawals").Want(ok).Text("items.0.reason"))
	})
	t.Run("4.16 after withholding the partner gets 404 and the history stays", func(t *testing.T) {
		again := health.Post(item.Place()+"/releases", live.M{"partnerIds": []string{}, "purpose": "Toch samen."}).Want(created)
		police.Get(item.Place()).Check(ok)
		before := director.Get(item.Place()).Want(ok)
		one := health.Post(item.Place()+"/withholdings", live.M{"partnerId": w.Partner("police"), "reason": "Doorverteld."}).Want(created)
		police.Get(item.Place()).Check(notFound)
		police.Get(item.Place() + "/withholdings").Check(notFound)
		assert.Empty(t, police.Get(f.Path+"/items?category=health").Want(ok).IDs())
		after := director.Get(item.Place()).Want(ok)
		assert.Equal(t, before.Tag(), after.Tag(), "who still reads it notices nothing")
		assert.JSONEq(t, string(before.Raw), string(after.Raw))
		director.Get(item.Place() + "/withholdings").Check(forbidden)
		director.Get("/v1/withholdings/" + one.ID() + "/liftings").Check(notFound)
		assert.Equal(t, []string{again.ID(), release.ID()}, health.Get(item.Place()+"/releases").Want(ok).IDs())
		assert.Equal(t, "Doorverteld.", health.Get(one.Place()).Want(ok).Text("reason"))
		health.Post("/v1/withholdings/"+one.ID()+"/liftings", live.M{"reason": "Afgesproken."}, live.Match(one.Tag())).Want(created)
		police.Get(item.Place()).Check(ok)
		assert.Equal(t, []string{one.ID()}, health.Get(item.Place()+"/withholdings").Want(ok).IDs())
	})
}

// TestAGrantIsUsedOverHTTP lets somebody in who takes no part, for a moment.
func TestAGrantIsUsedOverHTTP(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Opened(t, live.M{})
	f.Direct(t)
	item := f.Item(t, "social", "life-domain")
	director, police := w.As(t, "director"), w.As(t, "police")
	police.Get(f.Path).Check(notFound)
	until := time.Now().Add(4 * time.Second)
	grant := director.Post(f.Path+"/grants", live.M{"professionalId": w.Person("police"), "categories": []string{"finance"}, "level": "contribute",
		"reason": "Waarneming.", "until": until.UTC().Format(time.RFC3339Nano)}).Want(created)
	police.Get(f.Path).Check(ok)
	police.Get(item.Place()).Check(ok)
	mine := police.Get(grant.Place()).Want(ok)
	assert.Equal(t, grant.Tag(), mine.Tag())
	police.Get(f.Path + "/grants").Check(forbidden)
	police.Post(f.Path+"/items", live.M{"category": "finance", "text": "Iets.", "observedOn": "2026-01-15"}).Check(created)
	assert.Eventually(t, func() bool { return police.Get(f.Path).Status == notFound }, 20*time.Second, 50*time.Millisecond)
	assert.False(t, time.Now().Before(until), "not before its time")
	police.Get(grant.Place()).Check(notFound)
	assert.Equal(t, []string{grant.ID()}, director.Get(f.Path+"/grants").Want(ok).IDs())
}

func TestAGrantThatCannotBe(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	director := w.As(t, "director")
	for name, c := range map[string]struct {
		body live.M
		want int
	}{
		"to oneself":          {live.M{"professionalId": w.Person("director")}, conflict},
		"an unknown level":    {live.M{"level": "all"}, invalid},
		"level none":          {live.M{"level": "none"}, invalid},
		"an unknown category": {live.M{"categories": []string{"nothing"}}, invalid},
		"an end in the past":  {live.M{"until": "2020-01-01T00:00:00Z"}, invalid},
		"no end":              {live.M{"until": nil}, invalid},
	} {
		t.Run(name+" is a clear problem, and nothing changed", func(t *testing.T) {
			sent := live.M{"professionalId": w.Person("social"), "categories": []string{}, "level": "read", "reason": "Waarneming.",
				"until": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)}
			maps.Copy(sent, c.body)
			before := w.Rows(t)
			w.As(t, "director").Post(f.Path+"/grants", sent).Check(c.want)
			assert.Equal(t, before, w.Rows(t))
		})
	}
	for name, body := range map[string]live.M{
		"an unknown partner": {"partnerId": w.Person("police")}, "an unknown category": {"category": "nothing"}, "an end in the past": {"until": "2020-01-01T00:00:00Z"},
	} {
		t.Run("an exception: "+name, func(t *testing.T) {
			sent := live.M{"partnerId": w.Partner("police"), "category": "finance", "level": "read", "reason": "Zo."}
			maps.Copy(sent, body)
			director.Post(f.Path+"/matrix-exceptions", sent).Check(invalid)
		})
	}
}

// TestEverythingWrongWithAGrantIsToldAtOnce sends an exception and a grant of which nothing is right.
func TestEverythingWrongWithAGrantIsToldAtOnce(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	nobody, past := "019a2f6e-5c1b-7d3a-9f40-2b7c8d9e0f11", "2020-01-01T00:00:00Z"
	wrong := w.As(t, "director").Post(f.Path+"/matrix-exceptions", live.M{
		"partnerId": nobody, "category": "nothing", "level": "none", "reason": "Nodig.", "until": past}).Want(invalid)
	assert.ElementsMatch(t, []string{"/category", "/until", "/partnerId"}, wrong.Texts("errors", "pointer"))
	wrong = w.As(t, "director").Post(f.Path+"/grants", live.M{
		"professionalId": nobody, "categories": []string{"health", "nothing"}, "level": "none", "reason": "Nodig.", "until": past}).Want(invalid)
	assert.ElementsMatch(t, []string{"/categories/1", "/level", "/until", "/professionalId"}, wrong.Texts("errors", "pointer"))
}
