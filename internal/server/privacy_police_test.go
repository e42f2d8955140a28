package server_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// reported is police data under an article of the Wpg; none with an empty one.
func reported(article string) string {
	if article != "" {
		article = `"policeArticle": "` + article + `", `
	}
	return `{"category": "police", ` + article + `"text": "Melding.", "observedOn": "2026-01-15"}`
}

func TestPrivacy_L28_police_data_has_its_article_and_9_and_10_stay_out_of_the_wgs(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	police := w.As(t, "police")
	wgs, covenant := w.Opened(t, live.M{"basis": "wgs"}), w.Case(t)
	wgs.Direct(t)
	wgs.Join(t, "case-director", "police")
	items := func(f *live.Case) string { return f.Path + "/items" }
	refused := func(r *live.Reply, article string) {
		t.Helper()
		refusedAt(t, r, "/policeArticle")
		assert.Contains(t, string(r.Raw), article)
	}
	t.Run("it names one", func(t *testing.T) {
		refused(police.Post(items(covenant), reported("")), "Wpg")
		police.Post(items(covenant), reported("12")).Check(invalid)
		refused(w.As(t, "housing").Post(items(covenant), live.M{"category": "housing", "policeArticle": "8", "text": "x", "observedOn": "2026-01-15"}), "Wpg")
		for _, article := range []string{"8", "9", "10", "13"} {
			made := police.Post(items(covenant), reported(article)).Want(created)
			assert.Equal(t, article, police.Get(made.Place()).Want(ok).Text("policeArticle"))
		}
		assert.Nil(t, covenant.Item(t, "housing", "housing").At("policeArticle"))
	})
	t.Run("in a dossier under the wgs only 8 and 13, whatever the way", func(t *testing.T) {
		rows := w.Rows(t)
		for _, article := range []string{"9", "10"} {
			refused(police.Post(items(wgs), reported(article)), "Wgs 2.30")
			r := police.Post(items(wgs)+"/_batch", `{"items": [`+reported("8")+`, `+reported(article)+`]}`)
			refusedAt(t, r, "/items/1/policeArticle")
			refused(police.Post("/v1/documents", live.M{"dossierId": wgs.ID, "category": "police", "policeArticle": article, "title": "Brief", "kind": "letter", "observedOn": "2026-01-15"}), "Wgs 2.30")
		}
		assert.Equal(t, rows, w.Rows(t), "what was refused wrote something")
		for _, article := range []string{"8", "13"} {
			police.Post(items(wgs), reported(article)).Check(created)
		}
		item := police.Post(items(wgs), reported("8")).Want(created)
		correct := func(article string) *live.Reply {
			return police.Post(item.Place()+"/corrections", live.M{"text": "Twee meldingen.", "policeArticle": article, "reason": "x"}, live.Match(item.Tag()))
		}
		refused(correct("9"), "Wgs 2.30")
		assert.Equal(t, "13", correct("13").Want(created).Text("policeArticle"))
	})
}

func TestPrivacy_L28_a_dossier_that_comes_under_the_wgs_leaves_9_and_10_behind(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	police, director := w.As(t, "police"), w.As(t, "director")
	place := map[string]string{}
	for _, article := range []string{"8", "9", "10", "13"} {
		place[article] = police.Post(f.Path+"/items", reported(article)).Want(created).Place()
	}
	letter := police.Post("/v1/documents", live.M{"dossierId": f.ID, "category": "police", "policeArticle": "10", "title": "Brief", "kind": "letter", "observedOn": "2026-01-15"}).Want(created).Place()
	w.As(t, "chair").Post(f.Path+"/triages", triage(), anyTag).Want(created)
	changed := director.Post(f.Path+"/basis-changes", live.M{"basis": "wgs", "purpose": "Zorg en veiligheid.", "reason": "Wgs."}, anyTag).Want(created)
	for article, status := range map[string]int{"8": ok, "9": notFound, "10": notFound, "13": ok} {
		police.Get(place[article]).Check(status)
	}
	police.Get(letter).Check(notFound)
	assert.Len(t, police.Get(f.Path+"/items").Want(ok).IDs(), 2)
	t.Run("its supplier keeps the record of it, and nobody else learns that it was there", func(t *testing.T) {
		kept := police.Get(place["9"] + "/withdrawals").Want(ok)
		assert.Contains(t, kept.Text("items.0.reason"), "Wpg 9")
		assert.Len(t, police.Get(letter+"/withdrawals").Want(ok).IDs(), 1)
		director.Get(place["9"] + "/withdrawals").Check(notFound)
		for _, id := range []string{place["9"][strings.LastIndex(place["9"], "/")+1:], letter[strings.LastIndex(letter, "/")+1:]} {
			assert.NotContains(t, string(changed.Raw), id)
			assert.NotContains(t, string(director.Get(f.Path+"/timeline?limit=200").Want(ok).Raw), id)
		}
	})
}

func TestPrivacy_L28_police_data_leaves_at_the_latest_after_five_years(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	police, director := w.As(t, "police"), w.As(t, "case-director")
	report := func() *live.Reply { return police.Post(f.Path+"/items", reported("8")).Want(created) }
	letter := func(category string, by *live.Client, more live.M) *live.Reply {
		body := live.M{"dossierId": f.ID, "category": category, "title": "Brief", "kind": "letter", "observedOn": "2020-01-15"}
		maps.Copy(body, more)
		return by.Post("/v1/documents", body).Want(created)
	}
	article := live.M{"policeArticle": "13"}
	old, recent := report(), report()
	corrected := police.Post(old.Place()+"/corrections", live.M{"text": "Twee meldingen.", "policeArticle": "8", "reason": "Verteld."}, live.Match(old.Tag())).Want(created)
	scan, housing := letter("police", police, article), f.Item(t, "housing", "housing")
	fresh := letter("police", police, article)
	w.Exec(t, "update item set added_at = now() - interval '5 years' + interval '23 hours' where id in ('"+old.ID()+"', '"+housing.ID()+"')")
	w.Exec(t, "update document set added_at = now() - interval '6 years' where id = '"+scan.ID()+"'")
	w.Exec(t, "update item set added_at = now() - interval '5 years' + interval '2 days' where id = '"+recent.ID()+"'")
	for range 2 {
		require.NoError(t, w.Product.Hourly(t.Context()))
	}
	for _, gone := range []*live.Reply{old, corrected, scan} {
		for _, by := range []*live.Client{police, director} {
			by.Get(gone.Place()).Check(notFound)
		}
	}
	police.Get(recent.Place()).Check(ok)
	police.Get(fresh.Place()).Check(ok)
	w.As(t, "housing").Get(housing.Place()).Check(ok)
	for _, place := range []string{corrected.Place(), scan.Place()} {
		kept := police.Get(place + "/withdrawals").Want(ok)
		assert.Equal(t, []any{"Wpg 8(6)", nil, false}, []any{kept.At("items.0.reason"), kept.At("items.0.withdrawnById"), kept.At("items.0.breach")})
		director.Get(place + "/withdrawals").Check(notFound)
	}
	assert.Equal(t, 2, w.Count(t, "select count(*) from audit_entry where event in ('item.withdrawn', 'document.withdrawn')"), "once, of what is read")
}
