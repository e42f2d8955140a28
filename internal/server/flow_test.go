package server_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// TestTagsGuardEveryChange changes things as they were, as they are, and without saying.
func TestTagsGuardEveryChange(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	action := f.Action(t, "case-director", "police").Place()
	meeting, _ := f.Meeting(t)
	partner := "/v1/partners/" + w.Partner("police")
	for _, c := range []struct {
		path, by string
		one, two live.M
		named    []string
	}{
		{f.Path, "director", live.M{"purpose": "Een.", "title": "Een"}, live.M{"themes": []string{"youth"}}, []string{"title", "purpose"}},
		{action, "chair", live.M{"description": "Een."}, live.M{"track": "enforcement"}, []string{"description"}},
		{meeting.Place(), "chair", live.M{"place": "Een"}, live.M{"title": "Twee"}, []string{"place"}},
		{"/v1/tables/" + w.Table(), "director", live.M{"rhythm": "Een"}, live.M{"name": "Twee"}, []string{"rhythm"}},
		{partner, "director", live.M{"name": "Een"}, live.M{"contactEmail": "a@politie.example"}, []string{"name"}},
		{"/v1/professionals/" + w.Person("police"), "director", live.M{"function": "Een"}, live.M{"name": "Twee"}, []string{"function"}},
		{"/v1/clients/" + w.Person("police-system"), "director", live.M{"name": "Een"}, live.M{"categories": []string{"police"}}, []string{"name"}},
	} {
		t.Run(c.path, func(t *testing.T) {
			who := w.As(t, c.by)
			read := who.Get(c.path).Want(ok)
			assert.Equal(t, read.Text("etag"), read.Tag(), "the field etag is the header")
			who.Get(c.path, "If-None-Match: "+read.Tag()).Check(http.StatusNotModified)
			who.Get(c.path, `If-None-Match: W/`+read.Tag()+`, "x"`).Check(http.StatusNotModified)
			r := who.Do(http.MethodPatch, c.path, c.one)
			r.Check(http.StatusPreconditionRequired)
			assert.Equal(t, "precondition-required", r.Kind())
			who.Patch(c.path, `"bm9uc2Vucw"`, c.one).Check(stale)
			written := who.Patch(c.path, read.Tag(), c.one).Want(ok)
			assert.NotEqual(t, read.Tag(), written.Tag())
			refused := who.Patch(c.path, read.Tag(), c.two)
			refused.Check(stale)
			assert.ElementsMatch(t, c.named, refused.Texts("changedFields", ""), "%s", refused.Raw)
			who.Get(c.path, "If-None-Match: "+read.Tag()).Check(ok)
			who.Patch(c.path, written.Tag(), c.two).Check(ok)
			again := who.Get(c.path).Want(ok).Tag()
			assert.Equal(t, again, who.Patch(c.path, again, c.two).Want(ok).Tag(), "what changes nothing moves nothing")
		})
	}
}

// TestOneOfTwoChangesWins sends two changes under the same tag at the same moment.
func TestOneOfTwoChangesWins(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	director := w.As(t, "director")
	tag := director.Get(f.Path).Want(ok).Tag()
	statuses := make([]int, 6)
	var all sync.WaitGroup
	for i := range statuses {
		all.Go(func() {
			statuses[i] = director.Patch(f.Path, tag, live.M{"purpose": fmt.Sprint("Doel ", i)}).Status
		})
	}
	all.Wait()
	slices.Sort(statuses)
	assert.Equal(t, []int{ok, stale, stale, stale, stale, stale}, statuses)
}

// TestMergePatch keeps what is left out and empties what is null.
func TestMergePatch(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	director := w.As(t, "director")
	f := w.Opened(t, live.M{"type": "situation", "themes": []string{"youth"}, "location": live.M{"kind": "dwelling", "street": "Passage", "houseNumber": "12"}})
	patch := func(body live.M) *live.Reply {
		return director.Patch(f.Path, director.Get(f.Path).Want(ok).Tag(), body)
	}
	r := patch(live.M{"location": live.M{"street": nil, "postcode": "5501 AA"}}).Want(ok)
	assert.Nil(t, r.At("location.street"))
	assert.Equal(t, "12", r.Text("location.houseNumber"))
	assert.Equal(t, "5501 AA", r.Text("location.postcode"))
	assert.Equal(t, []string{"youth"}, r.Texts("themes", ""))
	r = patch(live.M{"neighbourhoodCode": nil, "themes": []string{}, "tableId": nil}).Want(ok)
	assert.Nil(t, r.At("neighbourhoodCode"))
	assert.Nil(t, r.At("tableId"))
	assert.Equal(t, []any{}, r.At("themes"))
	assert.Nil(t, patch(live.M{"location": nil}).Want(ok).At("location"))
	assert.Equal(t, f.Title, director.Get(f.Path).Text("title"))
	for name, body := range map[string]live.M{"title": {"title": nil}, "themes": {"themes": nil}, "purpose": {"purpose": nil}} {
		t.Run(name+" cannot be emptied", func(t *testing.T) { refused(t, patch(body), "nullable", "type") })
	}
	t.Run("nothing to change", func(t *testing.T) { refused(t, patch(live.M{}), "minproperties") })
	participant := w.As(t, "social").Post(f.Path+"/participants", live.M{
		"partnerId": w.Partner("police"), "role": "participant", "professionalIds": []string{w.Person("police")}, "until": "2199-01-01T00:00:00+01:00"}).Want(created)
	assert.Equal(t, "2198-12-31T23:00:00Z", participant.Text("until"), "any offset is taken, UTC is given")
	r = w.As(t, "social").Patch(participant.Place(), participant.Tag(), live.M{"until": nil}).Want(ok)
	assert.Nil(t, r.At("until"))
	assert.Equal(t, []string{w.Person("police")}, r.Texts("professionalIds", ""))
	r = w.As(t, "social").Patch(participant.Place(), r.Tag(), live.M{"professionalIds": []string{}}).Want(ok)
	assert.Equal(t, []any{}, r.At("professionalIds"))
	w.As(t, "police").Get(f.Path).Check(notFound)
}

// TestPagesUnderConcurrentInserts reads a list to its end while others add to it: every row that was
// there at the start comes exactly once.
func TestPagesUnderConcurrentInserts(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	police := w.As(t, "police")
	add := func() string {
		return police.Post(f.Path+"/items", live.M{"category": "police", "text": "Melding.", "observedOn": "2026-01-15"}).Want(created).ID()
	}
	var there []string
	for range 25 {
		there = append(there, add())
	}
	stop := make(chan struct{})
	var adding sync.WaitGroup
	adding.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				police.Post(f.Path+"/items", live.M{"category": "police", "text": "Later.", "observedOn": "2026-01-15"})
			}
		}
	})
	times := map[string]int{}
	for next := f.Path + "/items?limit=4"; next != ""; {
		r := w.As(t, "police").Get(next).Want(ok)
		for _, id := range r.IDs() {
			times[id]++
		}
		link, _, _ := strings.Cut(strings.TrimPrefix(r.Header.Get("Link"), "<"), ">")
		assert.Equal(t, r.Text("next") != "", strings.Contains(link, "limit=4") && strings.Contains(link, "cursor="), "next and Link say the same")
		next = link
	}
	close(stop)
	adding.Wait()
	for _, id := range there {
		assert.Equal(t, 1, times[id], "a row that was there comes once")
	}
	for id, n := range times {
		assert.Equal(t, 1, n, "%s comes twice", id)
	}
}
