package server_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

const requests = "/v1/access-requests"

func asking(w *live.World, f *live.Case, supplier string) live.M {
	body := live.M{"dossierId": f.ID, "category": "health", "purpose": "Weten of hulp mogelijk is."}
	if supplier != "" {
		body["supplierId"] = w.Partner(supplier)
	}
	return body
}

// TestAnAccessRequestTellsNothing answers requests in every way: who made them sees the same.
func TestAnAccessRequestTellsNothing(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	full, empty := w.Case(t), w.Case(t)
	full.Item(t, "mental-health", "health")
	police := w.As(t, "police")
	answered := map[string]*live.Reply{}
	for name, c := range map[string]struct {
		in          *live.Case
		by, outcome string
	}{
		"granted by the director": {full, "director", "granted"}, "refused by the director": {empty, "director", "refused"},
		"granted by the supplier": {full, "mental-health", "granted"}, "refused by the supplier": {empty, "mental-health", "refused"},
	} {
		made := police.Post(requests, asking(w, c.in, "mental-health")).Want(created)
		assert.Equal(t, "open", made.Text("status"))
		asked := w.As(t, c.by)
		answer := live.M{"outcome": c.outcome, "note": "Overlegd."}
		seen := asked.Post(made.Place()+"/answers", answer, live.Match(asked.Get(made.Place()).Want(ok).Tag())).Want(created)
		assert.Equal(t, []string{c.outcome, "Overlegd.", w.Person(c.by)}, []string{seen.Text("outcome"), seen.Text("note"), seen.Text("answeredById")})
		asked.Post(made.Place()+"/answers", answer, anyTag).Check(conflict)
		answered[name] = police.Get(made.Place()).Want(ok)
	}
	for name, r := range answered {
		assert.Equal(t, "handled", r.Text("status"), name)
		assert.NotEmpty(t, r.Text("handledAt"))
		for _, hidden := range []string{"outcome", "note", "answeredById", "answeredBy"} {
			assert.Nil(t, r.At(hidden), "%s of what is %s", hidden, name)
		}
		assert.Equal(t, []string{"getAccessRequest"}, r.Allowed(), name)
	}
	assert.Empty(t, police.Get(full.Path+"/items?category=health").Want(ok).IDs(), "an answer changes no right")
	assert.Len(t, police.Get(requests).Want(ok).IDs(), 4)
	assert.Len(t, police.Get(requests+"?status=handled&dossierId="+full.ID).Want(ok).IDs(), 2)
	assert.Empty(t, police.Get(requests+"?status=open").Want(ok).IDs())
	assert.NotContains(t, string(police.Get(requests).Raw), "Overlegd")
}

// TestWhoSeesAnAccessRequest reads one as everybody.
func TestWhoSeesAnAccessRequest(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	police := w.As(t, "police")
	asked, toDirector := police.Post(requests, asking(w, f, "mental-health")).Want(created), police.Post(requests, asking(w, f, "")).Want(created)
	for who, status := range map[string][2]int{
		"police": {ok, ok}, "director": {ok, ok}, "mental-health": {ok, notFound}, "housing": {notFound, notFound}, "case-director": {notFound, notFound},
		"chair": {notFound, notFound}, "auditor": {notFound, notFound}, "other-director": {notFound, notFound},
	} {
		for i, r := range []*live.Reply{asked, toDirector} {
			seen := w.As(t, who).Get(r.Place())
			seen.Check(status[i])
			assert.Equal(t, status[i] == ok, slices.Contains(w.As(t, who).Get(requests).Want(ok).IDs(), r.ID()), who)
			if seen.Status == notFound {
				(&walk{T: t}).like(seen, w.As(t, who).Get(requests+"/"+uuid.Must(uuid.NewV7()).String()))
			}
		}
	}
	answer := live.M{"outcome": "granted", "note": "Ja."}
	police.Post(asked.Place()+"/answers", answer, anyTag).Check(forbidden)
	w.As(t, "director").Post(asked.Place()+"/answers", answer, live.Match(`"x"`)).Check(stale)
	w.As(t, "police-system").Post(requests, asking(w, f, "")).Check(forbidden)
	w.As(t, "auditor").Post(requests, asking(w, f, "")).Check(notFound)
	absent := police.Post(requests, live.M{"dossierId": f.ID, "category": "health", "purpose": "x", "supplierId": uuid.Must(uuid.NewV7()).String()})
	absent.Check(invalid)
	for _, supplier := range []string{"director", "police", "other-police"} {
		(&walk{T: t}).like(police.Post(requests, asking(w, f, supplier)), absent)
	}
}

// TestAnAccessRequestIsTold tells the municipal director; who directs the dossier learns that something
// changed.
func TestAnAccessRequestIsTold(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	made := w.As(t, "police").Post(requests, asking(w, f, "mental-health")).Want(created)
	w.As(t, "mental-health").Post(made.Place()+"/answers", live.M{"outcome": "refused", "note": "Nee."}, anyTag).Want(created)
	kinds := func(who string) []string {
		return w.As(t, who).Get("/v1/alerts?limit=2").Want(ok).Texts("items", "kind")
	}
	for who, want := range map[string][]string{
		"director": {"access-request-made"}, "chair": {"dossier-changed", "dossier-changed"}, "case-director": {"dossier-changed", "dossier-changed"},
	} {
		assert.EventuallyWithT(t, func(c *assert.CollectT) { assert.Equal(c, want, kinds(who), who) }, 5*time.Second, 20*time.Millisecond)
	}
	assert.Equal(t, "normal", w.As(t, "director").Get("/v1/alerts").Text("items.0.priority"))
	assert.Empty(t, kinds("police"))
}
