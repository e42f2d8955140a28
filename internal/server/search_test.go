package server_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// searched is a world of two situations, of which the case director may not see whom they are about.
func searched(t *testing.T) (w *live.World, passage, alley *live.Case) {
	t.Helper()
	w = live.Bare(t)
	w.Publish(t, "director", levels(matrix.Default(), map[string]authz.Level{"social-domain identity": authz.OnRelease}))
	passage = w.Opened(t, live.M{"type": "situation", "title": "Winkelcentrum De Passage", "purpose": "Rust voor de bewoners.", "location": live.M{
		"kind": "public-space", "street": "Passage", "houseNumber": "12-A", "postcode": "5501 AA", "point": live.M{"longitude": 5.4030, "latitude": 51.4180}}})
	passage.Direct(t)
	passage.Join(t, "case-director", "police")
	alley = w.Opened(t, live.M{"type": "situation", "title": "Steeg achter de Kromstraat", "location": live.M{
		"kind": "dwelling", "street": "Kromstraat", "postcode": "5504BB", "point": live.M{"longitude": 5.4030, "latitude": 51.4210}}})
	alley.Direct(t)
	return w, passage, alley
}

// seek searches everything as somebody.
func seek(t *testing.T, w *live.World, short string, query live.M) *live.Reply {
	t.Helper()
	return w.As(t, short).Post("/v1/_search", query).Want(ok)
}

func TestSearch_4_15(t *testing.T) {
	t.Parallel()
	w, passage, _ := searched(t)
	police := passage.Item(t, "police", "police", live.M{"text": "Jongeren veroorzaken overlast met vuurwerk."})
	passage.Join(t, "case-director", "mental-health")
	passage.Item(t, "mental-health", "health", live.M{"text": "De overlast maakt bewoners ziek."})
	action := passage.Action(t, "case-director", "police")
	_, agenda := passage.Meeting(t, "police")
	decided := w.As(t, "chair").Post("/v1/agenda-items/"+agenda.ID()+"/decisions", live.M{
		"text": "De vuurwerkoverlast wordt aangepakt.", "reasons": "Ook de winkels klagen over overlast.", "professionalIds": []string{}, "actions": []live.M{}}).Want(created)

	t.Run("a word is found in another form, with the piece in which it stands, its dossier and its address", func(t *testing.T) {
		r := seek(t, w, "police", live.M{"text": "jongere", "kinds": []string{"item"}})
		assert.Equal(t, []string{police.ID()}, r.IDs())
		assert.Equal(t, "⟦Jongeren⟧ veroorzaken overlast met vuurwerk", r.Text("items.0.text"))
		assert.Equal(t, []any{"police", passage.ID, police.Place()}, []any{r.At("items.0.category"), r.At("items.0.dossier.id"), r.At("items.0.address")})
		w.As(t, "police").Get(r.Text("items.0.address")).Want(ok)
	})
	t.Run("what is found is read under its address, by who finds it", func(t *testing.T) {
		for _, kind := range []string{"dossier", "item", "action", "decision"} {
			words := map[string]string{"dossier": "bewoners", "item": "overlast", "action": "huisbezoek", "decision": "winkels"}[kind]
			r := seek(t, w, "police", live.M{"text": words, "kinds": []string{kind}})
			require.NotEmpty(t, r.IDs(), kind)
			for i, id := range r.IDs() {
				assert.Equal(t, id, w.As(t, "police").Get(r.Text(fmt.Sprintf("items.%d.address", i))).Want(ok).ID())
			}
		}
	})
	t.Run("a hit on what may not be viewed is neither shown nor counted", func(t *testing.T) {
		assert.Empty(t, seek(t, w, "case-director", live.M{"text": "vuurwerk"}).IDs())
		assert.ElementsMatch(t, []string{decided.ID()}, seek(t, w, "chair", live.M{"text": "overlast"}).IDs())
		for _, who := range []string{"auditor", "housing", "other-director"} {
			r := seek(t, w, who, live.M{"text": "overlast or passage or bewoners"})
			assert.JSONEq(t, `{"items": [], "next": null}`, string(r.Raw))
		}
	})
	t.Run("a title is found only by who sees whom the dossier is about", func(t *testing.T) {
		r := seek(t, w, "police", live.M{"text": "winkelcentrum"})
		assert.Equal(t, []any{passage.ID, "⟦Winkelcentrum⟧ De Passage", "identity", nil},
			[]any{r.At("items.0.id"), r.At("items.0.title"), r.At("items.0.category"), r.At("items.0.text")})
		assert.Empty(t, seek(t, w, "case-director", live.M{"text": "winkelcentrum"}).IDs())
		assert.Equal(t, []string{passage.ID}, seek(t, w, "case-director", live.M{"text": "bewoners", "kinds": []string{"dossier"}}).IDs())
	})
	t.Run("filters keep what they name", func(t *testing.T) {
		for name, c := range map[string]struct {
			query live.M
			want  []string
		}{
			"kinds":            {live.M{"text": "huisbezoek or bewoners", "kinds": []string{"action"}}, []string{action.ID()}},
			"category":         {live.M{"text": "overlast", "category": "police"}, []string{police.ID()}},
			"dossier":          {live.M{"text": "overlast", "dossierId": passage.ID, "category": "police"}, []string{police.ID()}},
			"another dossier":  {live.M{"text": "overlast", "dossierId": w.Table()}, nil},
			"from":             {live.M{"text": "overlast", "from": "2199-01-01T00:00:00Z"}, nil},
			"until":            {live.M{"text": "overlast", "until": "2020-01-01T00:00:00Z"}, nil},
			"without a word":   {live.M{"text": "overlast -vuurwerk", "category": "police"}, nil},
			"a phrase":         {live.M{"text": `"overlast met vuurwerk"`}, []string{police.ID()}},
			"only stop words":  {live.M{"text": "de het een"}, nil},
			"half of two":      {live.M{"text": "jongeren ziek"}, nil},
			"a number":         {live.M{"text": w.As(t, "police").Get(passage.Path).Text("number")}, []string{passage.ID}},
			"signs of queries": {live.M{"text": `& | ! :* ( <-> '`}, nil},
		} {
			t.Run(name, func(t *testing.T) { assert.ElementsMatch(t, c.want, seek(t, w, "police", c.query).IDs()) })
		}
	})
	t.Run("what a running plan is to reach is found, by who reads plans", func(t *testing.T) {
		lead := w.As(t, "case-director")
		plan := lead.Post(passage.Path+"/plans", live.M{"integralGoal": "De jeugd heeft dagbesteding.", "perspective": "Winkeliers zijn tevreden.", "overrideReason": "Spoed."}).Want(created)
		goal := lead.Post(plan.Place()+"/goals", live.M{"lifeDomain": "nuisance", "text": "Dagbesteding voor ieder."}).Want(created)
		r := seek(t, w, "case-director", live.M{"text": "dagbesteding"})
		assert.Equal(t, []string{goal.ID(), plan.ID()}, r.IDs())
		assert.Equal(t, []string{goal.Place(), plan.Place()}, r.Texts("items", "address"))
		assert.Equal(t, []string{plan.ID()}, seek(t, w, "case-director", live.M{"text": "winkelier", "category": "plan"}).IDs())
		assert.Empty(t, seek(t, w, "mental-health", live.M{"text": "dagbesteding", "dossierId": w.Table()}).IDs())
		assert.Empty(t, seek(t, w, "housing", live.M{"text": "dagbesteding"}).IDs())
	})
	t.Run("a document is found by its title, by who may read it", func(t *testing.T) {
		added := w.As(t, "police").Post("/v1/documents", live.M{
			"dossierId": passage.ID, "category": "police", "title": "Plattegrond van de vechtpartij", "kind": "report", "observedOn": "2026-01-15"}).Want(created)
		assert.Equal(t, []string{added.ID()}, seek(t, w, "police", live.M{"text": "vechtpartijen"}).IDs())
		assert.Equal(t, []string{added.Place()}, seek(t, w, "police", live.M{"text": "vechtpartij"}).Texts("items", "address"))
		assert.Empty(t, seek(t, w, "case-director", live.M{"text": "vechtpartij"}).IDs())
	})
	t.Run("pages are full but the last, whatever else meets the words", func(t *testing.T) {
		for i := range 7 {
			w.As(t, "police").Post(passage.Path+"/items", live.M{"category": "police", "text": fmt.Sprintf("Brommers %d.", i), "observedOn": "2026-01-15"}).Want(created)
			w.As(t, "social").Post(passage.Path+"/items", live.M{"category": "life-domain", "text": "Brommers.", "observedOn": "2026-01-15", "secrecy": live.M{}}).Want(created)
		}
		whole := seek(t, w, "police", live.M{"text": "brommers"}).IDs()
		assert.Len(t, whole, 7)
		var paged []string
		for next := "/v1/_search?limit=2"; next != ""; {
			r := w.As(t, "police").Post(next, live.M{"text": "brommers"}).Want(ok)
			paged = append(paged, r.IDs()...)
			next, _, _ = strings.Cut(strings.TrimPrefix(r.Header.Get("Link"), "<"), ">")
			assert.True(t, len(r.IDs()) == 2 || next == "")
		}
		assert.Equal(t, whole, paged)
		assert.True(t, slices.IsSortedFunc(whole, func(a, b string) int { return strings.Compare(b, a) }), "the latest first")
	})
	t.Run("an item that was corrected is found as it is now", func(t *testing.T) {
		w.As(t, "police").Post(police.Place()+"/corrections", live.M{"text": "Jongeren veroorzaken geen herrie.", "reason": "Verwisseld."}, live.Match(police.Tag())).Want(created)
		assert.Empty(t, seek(t, w, "police", live.M{"text": "vuurwerk", "kinds": []string{"item"}}).IDs())
		assert.Len(t, seek(t, w, "police", live.M{"text": "herrie"}).IDs(), 1)
	})
	t.Run("what cannot be asked is refused", func(t *testing.T) {
		for name, body := range map[string]live.M{
			"no words": {}, "an unknown kind": {"text": "x", "kinds": []string{"thought"}}, "an unknown category": {"text": "x", "category": "weather"},
		} {
			t.Run(name, func(t *testing.T) { w.As(t, "police").Post("/v1/_search", body).Want(invalid) })
		}
		w.As(t, "director").Post("/v1/_search", live.M{"text": "x"}, "Preview-As-Partner: "+w.Partner("police")).Want(invalid)
	})
	t.Run("of a closed dossier nothing is found", func(t *testing.T) {
		passage.Close(t)
		for _, who := range []string{"police", "director", "chair"} {
			assert.Empty(t, seek(t, w, who, live.M{"text": "overlast or herrie or bewoners or winkelcentrum"}).IDs())
		}
	})
}

func TestLocation_4_01(t *testing.T) {
	t.Parallel()
	w, passage, alley := searched(t)
	find := func(short string, query live.M) []string {
		return w.As(t, short).Post("/v1/dossiers/_search", query).Want(ok).IDs()
	}
	at := func(metres int) live.M {
		return live.M{"near": live.M{"point": live.M{"longitude": 5.4030, "latitude": 51.4181}, "metres": metres}}
	}
	for name, c := range map[string]struct {
		location live.M
		want     []string
	}{
		"by street":                    {live.M{"street": "PASSAGE"}, []string{passage.ID}},
		"by number":                    {live.M{"street": "passage", "houseNumber": "12-a"}, []string{passage.ID}},
		"by another number":            {live.M{"street": "passage", "houseNumber": "13"}, nil},
		"by postcode":                  {live.M{"postcode": "5501AA"}, []string{passage.ID}},
		"by postcode with a space":     {live.M{"postcode": "5504 BB"}, []string{alley.ID}},
		"by kind":                      {live.M{"kind": "dwelling"}, []string{alley.ID}},
		"within some metres":           {at(50), []string{passage.ID}},
		"within some hundreds of them": {at(400), []string{alley.ID, passage.ID}},
		"not so near":                  {at(300), []string{passage.ID}},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, c.want, append([]string(nil), find("chair", live.M{"location": c.location})...))
			assert.Empty(t, find("case-director", live.M{"location": c.location}), "not by who may not see where it is")
			assert.Empty(t, find("auditor", live.M{"location": c.location}))
		})
	}
	t.Run("words and filters go together with it", func(t *testing.T) {
		assert.Equal(t, []string{passage.ID}, find("chair", live.M{"text": "winkelcentrum", "location": live.M{"kind": "public-space"}, "type": "situation"}))
		assert.Empty(t, find("chair", live.M{"text": "winkelcentrum", "location": live.M{"kind": "dwelling"}}))
		assert.Empty(t, find("chair", live.M{"text": "winkelcentrum", "type": "person"}))
		assert.Equal(t, []string{alley.ID, passage.ID}, find("case-director", live.M{}))
		assert.Equal(t, []string{passage.ID}, find("case-director", live.M{"text": "bewoners"}))
		assert.Empty(t, find("case-director", live.M{"text": "winkelcentrum"}))
	})
	t.Run("in pages", func(t *testing.T) {
		first := w.As(t, "chair").Post("/v1/dossiers/_search?limit=1", live.M{"location": at(400)}).Want(ok)
		second := w.As(t, "chair").Post("/v1/dossiers/_search?limit=1&cursor="+first.Text("next"), live.M{"location": at(400)}).Want(ok)
		assert.Equal(t, []string{alley.ID, passage.ID}, append(first.IDs(), second.IDs()...))
		assert.Nil(t, second.At("next"))
	})
	t.Run("what cannot be asked is refused", func(t *testing.T) {
		for _, body := range []live.M{{"location": live.M{}}, {"theme": "weather"}, {"location": live.M{"kind": "sea"}}, {"location": live.M{"near": live.M{"metres": 3}}}} {
			w.As(t, "chair").Post("/v1/dossiers/_search", body).Want(invalid)
		}
		w.As(t, "chair").Get("/v1/dossiers?street=Passage").Want(invalid)
	})
}
