package dossier

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func (w *world) correct(by string, i SeenItem, match string) (SeenItem, error) {
	in, err := w.s.CorrectItem(w.as(by), i.DossierID, etag.Key{ID: i.ID, Match: match}, Correction{Text: "Something else.", Reason: "It was wrong."})
	return in.Row, err
}

func (w *world) corrected(by string, i SeenItem) SeenItem {
	w.t.Helper()
	seen, err := w.correct(by, i, i.Tag)
	require.NoError(w.t, err)
	return seen
}

func (w *world) takeBack(by string, i SeenItem) (ItemWithdrawal, error) {
	in, err := w.s.WithdrawItem(w.as(by), i.DossierID, etag.Key{ID: i.ID, Match: i.Tag}, "About another family.", true)
	return in.Row, err
}

func (w *world) items(by string, d Seen, f ItemFilter) (ids []uuid.UUID) {
	w.t.Helper()
	in, err := w.s.ListItems(w.as(by), d.ID, f, page.Request{Limit: 200})
	require.NoError(w.t, err)
	for _, i := range in.Row.Rows {
		ids = append(ids, i.ID)
	}
	return ids
}

// TestItem_L18_a_correction_is_a_new_version_for_the_same_readers: BGS 1.5-1.7.
func TestItem_L18_a_correction_is_a_new_version_for_the_same_readers(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police", "health", "housing", "fire")
	everybody := []string{"director", "chair", "lead", "social", "police", "health", "housing", "fire"}
	for name, prepare := range map[string]func() SeenItem{
		"by the matrix": func() SeenItem { return w.added("housing", d, something(authz.Housing)) },
		"by a release": func() SeenItem {
			item := w.added("police", d, something(authz.Police))
			w.released("police", item, NewRelease{PartnerIDs: []uuid.UUID{w.people["health"].partner}})
			return item
		},
		"but for who it is withheld from": func() SeenItem {
			item := w.added("housing", d, something(authz.Housing))
			w.withheld("housing", item, "police")
			return item
		},
		"within its conditions and secrecy": func() SeenItem {
			n := something(authz.Housing)
			n.Conditions, n.Secret, n.SecretGround = []Condition{{WithholdFrom: "fire-service"}}, true, new("good-care")
			return w.added("housing", d, n)
		},
	} {
		t.Run(name, func(t *testing.T) {
			old := prepare()
			readers := w.readers(old, everybody...)
			supplier := map[bool]string{true: "police", false: "housing"}[old.Category == authz.Police]
			next := w.corrected(supplier, old)
			require.Equal(t, readers, w.readers(next, everybody...))
			require.Equal(t, "item.corrected", w.last(d.ID).Name)
			require.Equal(t, []any{"Something else.", "It was wrong.", old.ID, old.Version + 1}, []any{next.Text, next.CorrectionReason, *next.Corrects, next.Version})
			for _, reader := range readers {
				then, err := w.s.GetItem(w.as(reader), d.ID, old.ID)
				require.NoError(t, err, reader)
				require.Equal(t, []any{old.Text, next.ID}, []any{then.Row.Text, *then.Row.SupersededBy}, "the old version says what it said, and what replaced it")
				require.NotContains(t, w.items(reader, d, ItemFilter{}), old.ID)
				require.Contains(t, w.items(reader, d, ItemFilter{Superseded: true}), old.ID)
			}
			_, err := w.correct(supplier, old, "*")
			require.Equal(t, problem.Conflict, kind(err), "one version is corrected once")
			_, err = w.s.ReleaseItem(w.as(supplier), d.ID, old.ID, NewRelease{Purpose: "To help."})
			require.Equal(t, problem.Conflict, kind(err), "what was replaced is not released any more")
		})
	}
	t.Run("who reads the old version and not the new one learns that it was replaced, and not by what", func(t *testing.T) {
		old := w.added("housing", d, something(authz.Housing))
		next := w.corrected("housing", old)
		w.withheld("housing", next, "police")
		then, err := w.s.GetItem(w.as("police"), d.ID, old.ID)
		require.NoError(t, err)
		require.Equal(t, uuid.Nil, *then.Row.SupersededBy)
	})
}

// TestItem_L18_only_the_supplier_corrects: Wgs 1.5.
func TestItem_L18_only_the_supplier_corrects(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police", "health", "housing")
	item := w.added("housing", d, something(authz.Housing))
	for who, want := range map[string]problem.Kind{"police": problem.Forbidden, "director": problem.Forbidden, "school": problem.NotFound, "stranger": problem.NotFound} {
		_, err := w.correct(who, item, item.Tag)
		require.Equal(t, want, kind(err), who)
		_, err = w.takeBack(who, item)
		require.Equal(t, want, kind(err), who)
	}
	w.released("housing", item, NewRelease{})
	_, err := w.correct("housing", item, "")
	require.Equal(t, problem.MatchRequired, kind(err))
	_, err = w.s.CorrectItem(w.as("housing"), d.ID, etag.Key{ID: item.ID, Match: item.Tag}, Correction{Text: "x", Reason: "x", LifeDomain: new("no-such"), ObservedOn: new(time.Now().AddDate(0, 0, 3))})
	require.Equal(t, []string{"/lifeDomain", "/observedOn"}, pointers(t, err))
	before := item
	next := w.corrected("housing", item)
	_, err = w.takeBack("housing", before)
	require.Equal(t, problem.Stale, kind(err), "the old version changed: it was replaced")
	require.Equal(t, 2, w.count("release"), "what was released stays released")
	require.NotEqual(t, item.ID, next.ID)
}

// TestItem_4_16_what_is_withdrawn_nobody_reads: the record of it stays with its supplier.
func TestItem_4_16_what_is_withdrawn_nobody_reads(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police", "health", "housing", "fire")
	everybody := []string{"director", "chair", "lead", "social", "police", "health", "housing", "fire"}
	first := w.added("housing", d, something(authz.Housing))
	release := w.released("housing", first, NewRelease{})
	withheld := w.withheld("housing", first, "fire")
	read, err := w.s.GetItem(w.as("housing"), d.ID, first.ID)
	require.NoError(t, err)
	second := w.corrected("housing", read.Row)
	back, err := w.takeBack("housing", second)
	require.NoError(t, err)
	require.Equal(t, "item.withdrawn", w.last(d.ID).Name)
	require.Empty(t, w.readers(second, everybody...))
	require.Empty(t, w.readers(first, everybody...), "with the versions that it replaced")
	for _, who := range everybody {
		require.Empty(t, w.items(who, d, ItemFilter{Superseded: true}))
		_, err := w.s.ReleaseOf(w.as(who), release.ID)
		require.Equal(t, problem.NotFound, kind(err))
		_, err = w.s.WithholdingOf(w.as(who), withheld.ID)
		require.Equal(t, problem.NotFound, kind(err))
		in, err := w.s.GetItemWithdrawal(w.as(who), d.ID, second.ID, back.ID)
		list, listed := w.s.ListItemWithdrawals(w.as(who), d.ID, second.ID, page.Request{Limit: 10})
		if who != "housing" {
			require.Equal(t, []problem.Kind{problem.NotFound, problem.NotFound}, []problem.Kind{kind(err), kind(listed)}, who)
			continue
		}
		require.NoError(t, err)
		require.NoError(t, listed)
		require.Equal(t, []any{"About another family.", true, authz.Housing}, []any{in.Row.Reason, in.Row.Breach, in.Row.Category})
		require.Equal(t, back.ID, list.Row.Rows[0].ID)
	}
	_, err = w.s.GetItemWithdrawal(w.as("housing"), d.ID, first.ID, back.ID)
	require.Equal(t, problem.NotFound, kind(err), "under another item")
	_, err = w.takeBack("housing", second)
	require.Equal(t, problem.NotFound, kind(err))
	other := w.added("housing", d, something(authz.Housing))
	_, err = w.s.ListItemWithdrawals(w.as("police"), d.ID, other.ID, page.Request{Limit: 10})
	require.Equal(t, problem.Forbidden, kind(err), "whether it is withdrawn is its supplier's")
	w.exec(`drop policy read on item; create policy read on item for select to wijkregie_app using (true);
		drop policy read on item_withdrawal; create policy read on item_withdrawal for select to wijkregie_app using (true)`)
	require.Empty(t, w.readers(second, everybody...), "the rule in memory alone holds too")
	_, err = w.s.GetItemWithdrawal(w.as("police"), d.ID, second.ID, back.ID)
	require.Equal(t, problem.NotFound, kind(err))
}

// TestItem_4_02_a_batch_is_added_whole_or_not_at_all: with everything that is wrong at once.
func TestItem_4_02_a_batch_is_added_whole_or_not_at_all(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police", "housing")
	n := something(authz.Housing)
	wrong := n
	wrong.Category, wrong.LifeDomain, wrong.ObservedOn = noCategory, "no-such", time.Now().AddDate(0, 0, 3)
	wrong.Conditions = []Condition{{WithholdFrom: "police"}, {WithholdFrom: "bakery"}}
	_, err := w.s.AddItem(w.as("housing"), d.ID, wrong)
	require.Equal(t, []string{"/category", "/lifeDomain", "/observedOn", "/conditions/1/withholdFrom"}, pointers(t, err))
	_, err = w.s.AddItems(w.as("housing"), d.ID, []NewItem{wrong, n, {Category: authz.Housing, LifeDomain: "no-such"}})
	require.Equal(t, []string{"/items/0/category", "/items/0/lifeDomain", "/items/0/observedOn", "/items/0/conditions/1/withholdFrom", "/items/2/lifeDomain"}, pointers(t, err))
	_, err = w.s.AddItems(w.as("housing"), d.ID, []NewItem{n, something(authz.Police)})
	require.Equal(t, problem.Forbidden, kind(err))
	require.Zero(t, w.count("item"))
	w.added("housing", d, n)
	news := slices.Repeat([]NewItem{n}, 200)
	in, err := w.s.AddItems(w.as("housing"), d.ID, news)
	require.NoError(t, err)
	var ids []uuid.UUID
	for _, i := range in.Row.Items {
		ids = append(ids, i.ID)
	}
	require.Len(t, ids, 200)
	require.Equal(t, ids, w.items("police", d, ItemFilter{BatchID: &in.Row.ID}), "the list has them in the order in which they were sent")
}
