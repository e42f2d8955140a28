package server_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// masked is a world in which case director and housing association may not see who a dossier is
// about, and a linked, discussed and changed dossier in it.
func masked(t *testing.T) (*live.World, *live.Case) {
	t.Helper()
	w := live.Bare(t)
	w.Publish(t, "director", levels(matrix.Default(), map[string]authz.Level{
		"social-domain identity": authz.OnRelease, "housing-association identity": authz.OnRelease,
	}))
	f := w.Opened(t, live.M{"type": "situation", "title": "Steeg achter Verhoeven", "location": live.M{"kind": "dwelling", "street": "Verhoevenstraat"}})
	f.Direct(t)
	f.Join(t, "case-director", "housing")
	return w, f
}

// TestWhoADossierIsAboutIsMasked reads every place in which a title or a location stands.
func TestWhoADossierIsAboutIsMasked(t *testing.T) {
	t.Parallel()
	w, f := masked(t)
	other := w.Opened(t, live.M{"title": "Gezin Verhoeven"})
	other.Direct(t)
	other.Join(t, "case-director", "housing")
	link := w.As(t, "director").Post(f.Path+"/links", live.M{"otherDossierId": other.ID, "kind": "related"}).Want(created)
	item := f.Item(t, "housing", "housing")
	action := f.Action(t, "case-director", "housing")
	meeting, agenda := f.Meeting(t, "housing", "case-director")
	decisions := "/v1/agenda-items/" + agenda.ID() + "/decisions"
	w.As(t, "chair").Post(decisions, live.M{"text": "Wij gaan langs.", "reasons": "Praten.", "professionalIds": []string{}, "actions": []live.M{}}).Want(created)

	places := map[string]string{
		"/v1/dossiers": "items.0.title", f.Path: "title", f.Path + "/situation-report": "dossier.title",
		f.Path + "/participants": "items.0.dossier.title", f.Path + "/regie-changes": "items.0.dossier.title",
		f.Path + "/links": "items.0.otherDossier.title", link.Place(): "otherDossier.title",
		f.Path + "/items": "items.0.dossier.title", item.Place(): "dossier.title",
		"/v1/actions": "items.0.dossier.title", action.Place(): "dossier.title",
		meeting.Place(): "agendaItems.0.dossier.title", meeting.Place() + "/agenda-items": "items.0.dossier.title", agenda.Place(): "dossier.title",
	}
	caseDirectorOnly := map[string]string{decisions: "items.0.dossier.title", "/v1/alerts": "items.0.dossier.title"}
	waitForAlert(t, w.As(t, "case-director"))
	for who, more := range map[string]map[string]string{"housing": nil, "case-director": caseDirectorOnly, "director": nil} {
		t.Run(who, func(t *testing.T) {
			for _, paths := range []map[string]string{places, more} {
				for path, title := range paths {
					hides(t, w.As(t, who).Get(path), title, who != "director")
				}
			}
		})
	}
}

// hides tells whether an answer with a title keeps who it is about to itself.
func hides(t *testing.T, r *live.Reply, title string, masked bool) {
	t.Helper()
	if r.Status == http.StatusNotFound { // an item of housing for the case director
		return
	}
	r.Want(ok)
	if !masked {
		assert.Contains(t, r.Text(title), "Verhoeven", "%s of %s", title, r.Raw)
		return
	}
	assert.NotContains(t, string(r.Raw), "Verhoeven")
	assert.Nil(t, r.At(title))
	assert.NotNil(t, live.At(r.Body, title[:len(title)-len("title")]+"number"), "%s is not there at all: %s", title, r.Raw)
}

func waitForAlert(t *testing.T, who *live.Client) {
	t.Helper()
	require.Eventually(t, func() bool { return len(who.Get("/v1/alerts").Want(ok).IDs()) > 0 }, 5*time.Second, 20*time.Millisecond)
}

// TestWhatIsMaskedCannotBeWiped lets somebody change a dossier of which he does not see the title.
func TestWhatIsMaskedCannotBeWiped(t *testing.T) {
	t.Parallel()
	w, f := masked(t)
	who, director := w.As(t, "case-director"), w.As(t, "director")
	for name, body := range map[string]live.M{
		"another title":              {"title": "Iets anders"},
		"a guess that is right":      {"title": f.Title},
		"an emptied location":        {"location": nil},
		"part of the location":       {"location": live.M{"street": nil}},
		"a title beside what he may": {"purpose": "Nieuw", "title": "Iets anders"},
	} {
		t.Run(name, func(t *testing.T) {
			w.As(t, "case-director").Patch(f.Path, who.Get(f.Path).Tag(), body).Check(forbidden)
		})
	}
	tag := who.Get(f.Path).Tag()
	who.Patch(f.Path, tag, live.M{"purpose": "Een doel dat hij mag stellen."}).Want(ok)
	seen := director.Get(f.Path).Want(ok)
	assert.Equal(t, f.Title, seen.Text("title"))
	assert.Equal(t, "Verhoevenstraat", seen.Text("location.street"))
	assert.Equal(t, "Een doel dat hij mag stellen.", seen.Text("purpose"))
}

// TestAHiddenChangeMovesNothing changes the title behind the back of who may not see it.
func TestAHiddenChangeMovesNothing(t *testing.T) {
	t.Parallel()
	w, f := masked(t)
	who, director := w.As(t, "case-director"), w.As(t, "director")
	before := who.Get(f.Path).Want(ok)
	changed := director.Patch(f.Path, director.Get(f.Path).Tag(), live.M{"title": "Steeg achter Verhoeven en Zonen"}).Want(ok)
	after := who.Get(f.Path).Want(ok)
	assert.Equal(t, before.Tag(), after.Tag())
	assert.NotEqual(t, before.Tag(), changed.Tag())
	assert.JSONEq(t, string(before.Raw), string(after.Raw), "no figure and no time moves by a change that may not be seen")
	who.Get(f.Path, "If-None-Match: "+before.Tag()).Check(http.StatusNotModified)
	who.Patch(f.Path, before.Tag(), live.M{"purpose": "Dit is niet verouderd."}).Check(ok)
}

// TestAHiddenChangeIsToldWithoutContent tells who directs a dossier that it changed: the one that the
// title did, the other no more than that.
func TestAHiddenChangeIsToldWithoutContent(t *testing.T) {
	t.Parallel()
	w, f := masked(t)
	director := w.As(t, "director")
	director.Patch(f.Path, director.Get(f.Path).Tag(), live.M{"title": "Steeg achter Verhoeven en Zonen", "purpose": "Nieuw"}).Want(ok)
	told := func(who string) (all []any) {
		rows, _ := w.As(t, who).Get("/v1/alerts?limit=2").Want(ok).At("items").([]any)
		for _, row := range rows {
			all = append(all, live.At(row, "changedFields"))
		}
		return all
	}
	for who, want := range map[string][]any{"chair": {[]any{"title"}, []any{"purpose"}}, "case-director": {[]any{}, []any{"purpose"}}} {
		assert.EventuallyWithT(t, func(c *assert.CollectT) { assert.Equal(c, want, told(who), who) }, 5*time.Second, 20*time.Millisecond)
	}
}
