package server_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// settledFeed waits until everything that happened has its place in the feed.
func settledFeed(t testing.TB, w *live.World) {
	t.Helper()
	require.Eventually(t, func() bool { return w.Pending(t) == 0 }, soon, often, "events are on their way")
}

// happened is the first event in a dossier, which everybody in it may read.
func happened(t testing.TB, w *live.World, dossier string) string {
	t.Helper()
	settledFeed(t, w)
	return w.As(t, "case-director").Get("/v1/events?dossierId=" + dossier + "&limit=1").Want(ok).IDs()[0]
}

// pulled are the events after a number as somebody reads them, page by page, by kind and subject; last is the highest number.
func pulled(t testing.TB, who *live.Client, after, limit int) (all []string, last int) {
	t.Helper()
	last = after
	for next := fmt.Sprintf("/v1/events?afterSequence=%d&limit=%d", after, limit); next != ""; {
		r := who.Get(next).Want(ok)
		rows, _ := r.At("items").([]any)
		for _, row := range rows {
			seq := int(live.At(row, "sequence").(float64))
			require.Greater(t, seq, last, "the earliest first, each once")
			last = seq
			all = append(all, fmt.Sprint(live.At(row, "kind"), " ", live.At(row, "subject.id")))
		}
		next, _, _ = strings.Cut(strings.TrimPrefix(r.Header.Get("Link"), "<"), ">")
		require.True(t, len(rows) == limit || next == "", "pages are full but the last")
	}
	return all, last
}

func TestFeed_4_23_is_cut_to_its_reader_whoever_pulls(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	hidden := w.Opened(t, live.M{"basis": "wgs"}) // the police and the case director take no part
	health, police := f.Item(t, "mental-health", "health"), f.Item(t, "police", "police")
	housing := f.Item(t, "housing", "housing") // the police read it; their system does not
	action := f.Action(t, "case-director", "police")
	granted := w.As(t, "director").Post(f.Path+"/grants", live.M{
		"professionalId": w.Person("auditor"), "categories": []string{"housing"}, "level": "read", "reason": "Onderzoek.", "until": time.Now().Add(time.Hour)}).Want(created)
	settledFeed(t, w)
	added := func(r *live.Reply) string { return "item-added " + r.ID() }

	t.Run("who may read a change learns what it was", func(t *testing.T) {
		for who, c := range map[string][2][]string{
			"police":        {{added(police), added(housing), "action-created " + action.ID()}, {added(health), "grant-made " + granted.ID()}},
			"mental-health": {{added(health)}, {added(police), "grant-made " + granted.ID()}},
			"police-system": {{added(police)}, {added(health), added(housing), "grant-made " + granted.ID()}},
			"director":      {{"grant-made " + granted.ID(), "dossier-opened " + hidden.ID}, nil},
			"case-director": {{"grant-made " + granted.ID()}, {added(health), "dossier-opened " + hidden.ID}},
		} {
			got, _ := pulled(t, w.As(t, who), 0, 200)
			assert.Subset(t, got, c[0], who)
			for _, not := range c[1] {
				assert.NotContains(t, got, not, who)
			}
			if who != "case-director" {
				assert.NotContains(t, got, "dossier-changed <nil>", who)
			}
		}
	})
	t.Run("who directs the dossier learns of the others that something changed, and no more", func(t *testing.T) {
		r := w.As(t, "case-director").Get("/v1/events?limit=200&dossierId=" + f.ID).Want(ok)
		hidden := 0
		rows, _ := r.At("items").([]any)
		for _, row := range rows {
			if live.At(row, "kind") == "dossier-changed" && live.At(row, "subject") == nil {
				hidden++
				assert.Equal(t, []any{nil, nil, nil, nil, []any{}}, []any{live.At(row, "actorId"), live.At(row, "actor"), live.At(row, "actorPartnerId"),
					live.At(row, "inNameOfId"), live.At(row, "changedFields")})
			}
		}
		assert.Positive(t, hidden)
		assert.NotContains(t, string(r.Raw), health.ID())
	})
	t.Run("it says who did it, and reads alone as in the list", func(t *testing.T) {
		r := w.As(t, "housing").Get("/v1/events?limit=200&dossierId=" + f.ID).Want(ok)
		rows, _ := r.At("items").([]any)
		at := slices.IndexFunc(rows, func(row any) bool { return live.At(row, "subject.id") == housing.ID() })
		require.NotEqual(t, -1, at)
		assert.Equal(t, []any{w.Person("housing"), w.Partner("housing"), f.ID}, []any{live.At(rows[at], "actorId"), live.At(rows[at], "actorPartnerId"), live.At(rows[at], "dossierId")})
		one := w.As(t, "housing").Get("/v1/events/" + live.At(rows[at], "id").(string)).Want(ok)
		assert.Equal(t, live.At(rows[at], "subject"), one.At("subject"))
		assert.Equal(t, live.At(rows[at], "etag"), one.Tag())
	})
	t.Run("pages say the same as one", func(t *testing.T) {
		for _, who := range []string{"police", "mental-health", "police-system", "case-director", "director"} {
			whole, last := pulled(t, w.As(t, who), 0, 200)
			paged, highest := pulled(t, w.As(t, who), 0, 2)
			assert.Equal(t, whole, paged, who)
			assert.Equal(t, last, highest, who)
		}
	})
	t.Run("what its reader may not read is not there", func(t *testing.T) {
		all := w.As(t, "director").Get("/v1/events?limit=200").Want(ok)
		rows, _ := all.At("items").([]any)
		for _, row := range rows {
			id, subject := live.At(row, "id").(string), live.At(row, "subject.id")
			if subject == granted.ID() || live.At(row, "dossierId") == hidden.ID {
				w.As(t, "police").Get("/v1/events/" + id).Check(notFound)
				w.As(t, "police-system").Get("/v1/events/" + id).Check(notFound)
			}
		}
		w.As(t, "police").Get("/v1/events/" + uuid.NewString()).Check(notFound)
		for _, dossier := range []string{hidden.ID, uuid.Must(uuid.NewV7()).String()} {
			assert.Empty(t, w.As(t, "police").Get("/v1/events?dossierId="+dossier).Want(ok).IDs())
		}
		w.As(t, "police").Get("/v1/events?afterSequence=-1").Check(invalid)
		w.As(t, "police").Get("/v1/events?after=1").Check(invalid)
	})
}

func TestFeed_4_23_who_asks_on_misses_nothing_and_gets_nothing_twice(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	settledFeed(t, w)
	for _, who := range []string{"police", "police-system", "case-director"} {
		reader := w.As(t, who)
		before, last := pulled(t, reader, 0, 200)
		for i := range 3 {
			f.Item(t, "police", "police")
			f.Item(t, "mental-health", "health")
			settledFeed(t, w)
			var more []string
			more, last = pulled(t, reader, last, 1+i)
			before = append(before, more...)
		}
		whole, highest := pulled(t, reader, 0, 200)
		assert.Equal(t, whole, before, who)
		assert.Equal(t, highest, last, who)
		none, same := pulled(t, reader, last, 50)
		assert.Empty(t, none, who)
		assert.Equal(t, last, same, who)
	}
}

func TestFeed_4_23_rights_are_those_of_the_moment_of_asking(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	item := f.Item(t, "police", "police")
	settledFeed(t, w)
	police := w.As(t, "police")
	all, last := pulled(t, police, 0, 200)
	require.Contains(t, all, "item-added "+item.ID())

	t.Run("an exception takes what it empties out of the feed, also out of the past", func(t *testing.T) {
		excepted := w.As(t, "director").Post(f.Path+"/matrix-exceptions", live.M{
			"partnerId": w.Partner("housing"), "category": "police", "level": "none", "reason": "Onderzoek."}).Want(created)
		settledFeed(t, w)
		got, _ := pulled(t, w.As(t, "housing"), 0, 200)
		assert.NotContains(t, got, "item-added "+item.ID())
		assert.NotContains(t, strings.Join(got, "\n"), excepted.ID())
	})
	t.Run("a closed dossier gives nothing but to who directs it that something changed", func(t *testing.T) {
		f.Close(t)
		settledFeed(t, w)
		gone := func(all []string) []string { // he may have been told already that he has to remove his copy
			return slices.DeleteFunc(all, func(one string) bool { return one == "access-lost <nil>" })
		}
		got, _ := pulled(t, police, 0, 200)
		assert.Empty(t, gone(got))
		got, _ = pulled(t, police, last, 200)
		assert.Empty(t, gone(got))
		led := w.As(t, "case-director").Get("/v1/events?limit=200&dossierId=" + f.ID).Want(ok)
		require.NotEmpty(t, led.IDs())
		for _, kind := range led.Texts("items", "kind") {
			assert.Contains(t, []string{"dossier-changed", "access-lost"}, kind)
		}
		assert.Nil(t, led.At("items.0.dossier.title"))
	})
}
