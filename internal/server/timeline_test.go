package server_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// timeline are the entries of a timeline as somebody reads it, by kind and subject.
func timeline(t *testing.T, w *live.World, short, path string) (all []string) {
	t.Helper()
	r := w.As(t, short).Get(path).Want(ok)
	rows, _ := r.At("items").([]any)
	for _, row := range rows {
		all = append(all, fmt.Sprint(live.At(row, "kind"), " ", live.At(row, "subject.id")))
	}
	return all
}

func TestTimeline_4_24(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	health := f.Item(t, "mental-health", "health")
	police := f.Item(t, "police", "police")
	action := f.Action(t, "case-director", "police")
	granted := w.As(t, "director").Post(f.Path+"/grants", live.M{
		"professionalId": w.Person("auditor"), "categories": []string{"housing"}, "level": "read", "reason": "Onderzoek.", "until": time.Now().Add(time.Hour)}).Want(created)
	moment := time.Now()
	w.As(t, "police").Post(action.Place()+"/completions", live.M{"result": "achieved", "note": "Gedaan."}, anyTag).Want(created)
	path := f.Path + "/timeline"
	done, agreed := "action-completed "+action.ID(), "action-created "+action.ID()
	require.Eventually(t, func() bool { return slices.Contains(timeline(t, w, "director", path), done) }, 10*time.Second, 20*time.Millisecond)

	t.Run("it tells who did what when, the latest first", func(t *testing.T) {
		r := w.As(t, "police").Get(path).Want(ok)
		assert.Equal(t, []any{"action-completed", w.Person("police"), w.Partner("police"), "action", action.ID()}, []any{
			r.At("items.0.kind"), r.At("items.0.actorId"), r.At("items.0.actorPartnerId"), r.At("items.0.subject.type"), r.At("items.0.subject.id")})
		assert.NotEmpty(t, r.Text("items.0.actor.name"))
		assert.Contains(t, r.At("items.0.fields"), "status")
		times := r.Texts("items", "at")
		assert.True(t, slices.IsSortedFunc(times, func(a, b string) int { return strings.Compare(b, a) }))
		first := timeline(t, w, "police", path)
		assert.Equal(t, "dossier-opened "+f.ID, first[len(first)-1])
	})
	t.Run("it leaves out what its reader may not read", func(t *testing.T) {
		for who, c := range map[string][2][]string{
			"police":        {{done, agreed, "item-added " + police.ID()}, {"item-added " + health.ID(), "grant-made " + granted.ID()}},
			"mental-health": {{"item-added " + health.ID()}, {"item-added " + police.ID(), "grant-made " + granted.ID()}},
		} {
			got := timeline(t, w, who, path)
			assert.Subset(t, got, c[0], who)
			for _, hidden := range c[1] {
				assert.NotContains(t, got, hidden, who)
			}
			assert.NotContains(t, strings.Join(got, "\n"), "dossier-changed <nil>", who)
			assert.NotContains(t, strings.Join(got, "\n"), "grant", who)
		}
	})
	t.Run("who directs the dossier learns that and when something changed, and no more", func(t *testing.T) {
		r := w.As(t, "case-director").Get(path).Want(ok)
		hidden := 0
		rows, _ := r.At("items").([]any)
		for _, row := range rows {
			if live.At(row, "kind") == "dossier-changed" && live.At(row, "subject") == nil {
				hidden++
				assert.Equal(t, []any{nil, nil, nil, []any{}}, []any{live.At(row, "actorId"), live.At(row, "actor"), live.At(row, "actorPartnerId"), live.At(row, "fields")})
			}
		}
		assert.Positive(t, hidden)
		assert.NotContains(t, string(r.Raw), health.ID())
		assert.Contains(t, strings.Join(timeline(t, w, "case-director", path), "\n"), "grant", "how it is opened to whom is his to know")
	})
	t.Run("as of any moment before", func(t *testing.T) {
		then := path + "?at=" + url.QueryEscape(moment.Format(time.RFC3339Nano))
		assert.NotContains(t, timeline(t, w, "police", then), done)
		assert.Contains(t, timeline(t, w, "police", then), agreed)
		assert.Empty(t, timeline(t, w, "police", path+"?at=2020-01-01T00:00:00Z"))
	})
	t.Run("the situation report is of now directly after an action is done, and of any moment before", func(t *testing.T) {
		now, then := w.As(t, "police").Get(f.Path+"/situation-report").Want(ok), w.As(t, "police").Get(f.Path+"/situation-report?at="+url.QueryEscape(moment.Format(time.RFC3339Nano))).Want(ok)
		assert.Equal(t, []string{"0", "1"}, []string{figure(now, "openActions"), figure(now, "doneActions")})
		assert.Equal(t, []string{"1", "0"}, []string{figure(then, "openActions"), figure(then, "doneActions")})
		w.As(t, "police").Get(f.Path + "/situation-report?at=2199-01-01T00:00:00Z").Want(invalid)
	})
	t.Run("pages are full but the last, whatever is left out", func(t *testing.T) {
		for _, who := range []string{"police", "mental-health", "case-director"} {
			whole := timeline(t, w, who, path+"?limit=200")
			var paged []string
			for next := path + "?limit=2"; next != ""; {
				r := w.As(t, who).Get(next).Want(ok)
				some := timeline(t, w, who, next)
				paged = append(paged, some...)
				next, _, _ = strings.Cut(strings.TrimPrefix(r.Header.Get("Link"), "<"), ">")
				assert.True(t, len(some) == 2 || next == "", who)
			}
			assert.Equal(t, whole, paged, who)
		}
	})
	t.Run("who takes no part finds nothing, and of a closed dossier there is none", func(t *testing.T) {
		w.As(t, "privacy-officer").Get(path).Want(notFound)
		f.Close(t)
		w.As(t, "police").Get(path).Want(forbidden)
	})
}
