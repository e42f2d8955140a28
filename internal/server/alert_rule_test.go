package server_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

const preferences = "/v1/alert-preferences"

// toldOf are the kinds of what somebody is told of a dossier, the latest first, when everything so far is told.
func toldOf(t *testing.T, w *live.World, who string, f *live.Case) []string {
	t.Helper()
	require.Eventually(t, func() bool { return w.Pending(t) == 0 }, 20*time.Second, 20*time.Millisecond)
	return w.As(t, who).Get("/v1/alerts?limit=200&dossierId="+f.ID).Want(ok).Texts("items", "kind")
}

// mailed counts the mails that somebody is to have of a dossier, sent or not.
func mailed(t *testing.T, w *live.World, who string, f *live.Case) int {
	t.Helper()
	return w.Count(t, fmt.Sprintf("select count(*) from delivery where professional_id = '%s' and dossier_id = '%s'", w.Person(who), f.ID))
}

func wish(t *testing.T, w *live.World, who string, rules ...live.M) {
	t.Helper()
	w.As(t, who).Patch(preferences, w.As(t, who).Get(preferences).Want(ok).Tag(), live.M{"rules": append([]live.M{}, rules...)}).Want(ok)
}

func TestWhoHasAnActionIsTold(t *testing.T) {
	t.Parallel()
	w := live.Bare(t)
	w.Publish(t, "director", levels(matrix.Default(), map[string]authz.Level{"police action": authz.Edit, "housing-association action": authz.Own}))
	f := w.Case(t)
	chair := w.As(t, "chair")
	action := f.Action(t, "case-director", "police")
	require.Equal(t, []string{"action-created"}, toldOf(t, w, "police", f))
	require.Equal(t, 1, mailed(t, w, "police", f))

	w.As(t, "case-director").Post(action.Place()+"/deferrals", live.M{"dueDate": "2199-12-20", "reason": "Later."}, anyTag).Want(created)
	require.Equal(t, []string{"action-deferred", "action-created"}, toldOf(t, w, "police", f), "not of his partner alone, but of him")
	w.As(t, "police").Post(action.Place()+"/completions", live.M{"result": "achieved", "note": "Klaar."}, anyTag).Want(created)
	require.Len(t, toldOf(t, w, "police", f), 2, "who did it is not told")
	chair.Post(action.Place()+"/reopenings", live.M{"reason": "Toch niet klaar."}, anyTag).Want(created)
	require.Equal(t, "action-reopened", toldOf(t, w, "police", f)[0])
	require.Empty(t, toldOf(t, w, "housing", f), "whose action it is not")

	w.As(t, "case-director").Post(action.Place()+"/assignments", live.M{"partnerId": w.Partner("housing"), "professionalId": w.Person("housing"), "reason": "Past beter."}, anyTag).Want(created)
	require.Equal(t, []string{"action-assigned"}, toldOf(t, w, "housing", f), "who has it now")
	require.Equal(t, "action-assigned", toldOf(t, w, "police", f)[0], "and who had it, who may read those of others")
	w.As(t, "case-director").Post(action.Place()+"/assignments", live.M{"partnerId": w.Partner("police"), "professionalId": w.Person("police"), "reason": "Toch niet."}, anyTag).Want(created)
	require.Empty(t, toldOf(t, w, "housing", f), "who may read his own alone is not told that it went, and no more of what was his")
	require.Equal(t, "0", figure(w.As(t, "housing").Get("/v1/alerts/summary").Want(ok), "unacknowledged"))
}

func TestRules(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	follow := func(more live.M) live.M { more["effect"] = "follow"; return more }
	mute := func(more live.M) live.M { more["effect"] = "mute"; return more }
	t.Run("one follows by kind, theme, neighbourhood and dossier, what he may read", func(t *testing.T) {
		f := w.Opened(t, live.M{"themes": []string{"youth"}})
		f.Direct(t)
		for _, who := range []string{"police", "housing", "mental-health"} {
			f.Join(t, "case-director", who)
		}
		require.Empty(t, toldOf(t, w, "police", f), "without a rule nothing")
		added := 0
		for name, rule := range map[string]live.M{
			"kind": {"kinds": []string{"item-added"}}, "theme": {"themes": []string{"youth", "subversion"}}, "neighbourhood": {"neighbourhoodCodes": []string{"BU08610001"}},
			"dossier": {"dossierIds": []string{f.ID}}, "all of them": {"kinds": []string{"item-added"}, "themes": []string{"youth"}, "neighbourhoodCodes": []string{"BU08610001"}, "dossierIds": []string{f.ID}},
		} {
			wish(t, w, "police", follow(rule))
			before := len(toldOf(t, w, "police", f))
			f.Item(t, "housing", "housing")
			added++
			require.Len(t, toldOf(t, w, "police", f), before+1, name)
			require.Equal(t, "item-added", toldOf(t, w, "police", f)[0], name)
			f.Item(t, "mental-health", "health")
			require.Len(t, toldOf(t, w, "police", f), before+1, "%s: what he may not read is not told", name)
			require.NotContains(t, toldOf(t, w, "police", f), "dossier-changed")
		}
		require.Equal(t, added, mailed(t, w, "police", f))
		for name, rule := range map[string]live.M{"kind": {"kinds": []string{"item-corrected"}}, "theme": {"themes": []string{"subversion"}}, "neighbourhood": {"neighbourhoodCodes": []string{"BU08610002"}},
			"one of two": {"kinds": []string{"item-added"}, "themes": []string{"subversion"}}} {
			wish(t, w, "police", follow(rule))
			f.Item(t, "housing", "housing")
			require.Len(t, toldOf(t, w, "police", f), added, "another %s", name)
		}
		wish(t, w, "police", follow(live.M{"dossierIds": []string{f.ID}}), mute(live.M{"kinds": []string{"item-added"}}))
		f.Item(t, "housing", "housing")
		require.Len(t, toldOf(t, w, "police", f), added, "what is muted is not followed")
		w.As(t, "police").Post(f.Path+"/items", live.M{"category": "police", "text": "Zelf.", "observedOn": "2026-01-15"}).Want(created)
		require.Len(t, toldOf(t, w, "police", f), added, "what he did himself is not told")
	})
	t.Run("what he may not read any more is not told any more", func(t *testing.T) {
		f := w.Case(t)
		require.Empty(t, toldOf(t, w, "police", f))
		wish(t, w, "police", follow(live.M{"dossierIds": []string{f.ID}}))
		f.Item(t, "housing", "housing")
		require.Equal(t, []string{"item-added"}, toldOf(t, w, "police", f))
		excepts(t, w, f, "police", authz.Housing, authz.None)
		w.Exec(t, "update admission set denied = denied | (1::bigint << $3), granted = 0 where dossier_id = $1 and holder = $2", f.ID, w.Person("police"), int(authz.Housing))
		require.Empty(t, toldOf(t, w, "police", f))
		require.Equal(t, 1, mailed(t, w, "police", f), "whatever became of its mail")
	})
	t.Run("who directs has all in his inbox, and mutes his mail", func(t *testing.T) {
		f := w.Case(t)
		wish(t, w, "case-director", mute(live.M{"dossierIds": []string{f.ID}}))
		inbox, mails := len(toldOf(t, w, "case-director", f)), mailed(t, w, "case-director", f)
		f.Item(t, "housing", "housing")
		require.Len(t, toldOf(t, w, "case-director", f), inbox+1)
		require.Equal(t, mails, mailed(t, w, "case-director", f))
		require.Positive(t, mailed(t, w, "chair", f), "his own, not those of the chair")
		w.As(t, "privacy-officer").Post(glass, inNeed(w.As(t, "director").Get(f.Path).Text("number"))).Want(created)
		require.Contains(t, toldOf(t, w, "case-director", f), "emergency-opened")
		require.Equal(t, mails+1, mailed(t, w, "case-director", f), "what is of high priority breaks through")
	})
	t.Run("a mute by kind tells nobody of which kind a change was that he may not read", func(t *testing.T) {
		f := w.Case(t)
		wish(t, w, "case-director", mute(live.M{"kinds": []string{"item-added"}}))
		toldOf(t, w, "case-director", f)
		before := mailed(t, w, "case-director", f)
		f.Item(t, "mental-health", "health")
		require.Equal(t, "dossier-changed", toldOf(t, w, "case-director", f)[0])
		require.Equal(t, before+1, mailed(t, w, "case-director", f))
		wish(t, w, "case-director", mute(live.M{"kinds": []string{"dossier-changed"}}))
		f.Item(t, "mental-health", "health")
		toldOf(t, w, "case-director", f)
		require.Equal(t, before+1, mailed(t, w, "case-director", f), "as he is told it, it can be muted")
	})
	t.Run("a rule is about what exists for who makes it", func(t *testing.T) {
		hidden := w.Opened(t, live.M{})
		police := w.As(t, "police")
		tag := police.Get(preferences).Want(ok).Tag()
		for pointer, rule := range map[string]live.M{
			"/rules/0": {"effect": "follow"}, "/rules/0/kinds/0": {"effect": "mute", "kinds": []string{"weather-changed"}}, "/rules/0/themes/0": {"effect": "follow", "themes": []string{"weather"}},
			"/rules/0/neighbourhoodCodes/0": {"effect": "follow", "neighbourhoodCodes": []string{"BU99999999"}}, "/rules/0/dossierIds/0": {"effect": "follow", "dossierIds": []string{hidden.ID}},
		} {
			assert.Equal(t, pointer, police.Patch(preferences, tag, live.M{"rules": []live.M{rule}}).Want(invalid).Text("errors.0.pointer"))
		}
		missing := police.Patch(preferences, tag, live.M{"rules": []live.M{follow(live.M{"dossierIds": []string{"019a2f6e-5c1b-7d3a-9f40-2b7c8d9e0f11"}})}}).Want(invalid)
		there := police.Patch(preferences, tag, live.M{"rules": []live.M{follow(live.M{"dossierIds": []string{hidden.ID}})}}).Want(invalid)
		assert.Equal(t, missing.At("errors"), there.At("errors"), "whether it exists")
		wish(t, w, "police")
		assert.Empty(t, rowsIn(police.Get(preferences).Want(ok), "rules"))
	})
}

func TestWhoseActionADecisionMadeIsToldAndWhoStandsInForHim(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	colleague := w.As(t, "director").Post("/v1/professionals", live.Cleared(live.M{
		"partnerId": w.Partner("police"), "name": "Collega Wijkagent", "email": "collega@veldhoven.example", "roles": []string{"professional"},
		"identities": []live.M{{"issuer": w.URL, "subject": "colleague"}}})).Want(created).ID()
	w.As(t, "director").Post("/v1/professionals/"+w.Person("police")+"/substitutions", live.M{
		"substituteId": colleague, "from": time.Now().Add(-time.Hour).UTC().Format(time.RFC3339), "until": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)}).Want(created)
	standIn := func() int {
		require.Eventually(t, func() bool { return w.Pending(t) == 0 }, 20*time.Second, 20*time.Millisecond)
		return w.Count(t, fmt.Sprintf("select count(*) from alert where professional_id = '%s'", colleague))
	}
	f.Action(t, "case-director", "police")
	require.Equal(t, 1, standIn(), "of an action by itself")
	require.Len(t, toldOf(t, w, "police", f), 1)

	_, item := f.Meeting(t, "police")
	told := len(toldOf(t, w, "police", f))
	before := standIn()
	w.As(t, "chair").Post("/v1/agenda-items/"+item.ID()+"/decisions", live.M{"text": "Langsgaan.", "reasons": "Nodig.", "professionalIds": []string{}, "actions": []live.M{{
		"partnerId": w.Partner("police"), "professionalId": w.Person("police"), "description": "Langsgaan.", "lifeDomain": "nuisance", "kind": "preventive", "track": "support", "dueDate": "2199-12-01"}}}).Want(created)
	require.Len(t, toldOf(t, w, "police", f), told+1)
	require.Equal(t, before+1, standIn())
}
