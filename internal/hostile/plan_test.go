package hostile

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// TestAPlanThatBecomesFinal is changed at that very moment.
func TestAPlanThatBecomesFinal(t *testing.T) {
	w := live.Start(t)
	lead := w.As(t, "case-director")
	draft := func() (c *live.Case, plan *live.Reply) {
		c = w.Case(t)
		plan = lead.Post(c.Path+"/plans", live.M{"integralGoal": "Rust.", "overrideReason": "Spoed."}).Want(http.StatusCreated)
		for _, domain := range []string{"nuisance", "finances"} {
			lead.Post(plan.Place()+"/goals", live.M{"lifeDomain": domain, "text": "Rust."}).Want(http.StatusCreated)
		}
		return c, plan
	}
	finalise := func(plan *live.Reply) func() *live.Reply {
		return func() *live.Reply {
			return lead.Post(plan.Place()+"/finalisations", live.M{}, live.Match("*"))
		}
	}
	const held = "lock table audit_entry in exclusive mode"

	t.Run("it gets no goal that nobody agreed", func(t *testing.T) {
		_, plan := draft()
		add := func() *live.Reply {
			return lead.Post(plan.Place()+"/goals", live.M{"lifeDomain": "housing", "text": "Uit huis."})
		}
		final, added := meetBehind(t, w, held, finalise(plan), add)
		final.Check(http.StatusCreated)
		added.Check(http.StatusConflict)
		require.Len(t, lead.Get(plan.Place()+"/goals").IDs(), 2)
	})
	t.Run("nor is one changed", func(t *testing.T) {
		_, plan := draft()
		goal := plan.Place() + "/goals/" + lead.Get(plan.Place() + "/goals").IDs()[0]
		change := func() *live.Reply { return lead.Patch(goal, "*", live.M{"text": "Uit huis."}) }
		final, changed := meetBehind(t, w, held, finalise(plan), change)
		final.Check(http.StatusCreated)
		changed.Check(http.StatusConflict)
		require.Equal(t, "Rust.", lead.Get(goal).Text("text"))
	})
	t.Run("nor does a partner speak about it any more", func(t *testing.T) {
		_, plan := draft()
		refuse := func() *live.Reply {
			return w.As(t, "police").Post(plan.Place()+"/commitments", live.M{"partnerId": w.Partner("police"), "outcome": "refused", "reason": "Nee."})
		}
		final, refused := meetBehind(t, w, held, finalise(plan), refuse)
		final.Check(http.StatusCreated)
		refused.Check(http.StatusConflict)
	})
	t.Run("it becomes so once", func(t *testing.T) {
		_, plan := draft()
		first, second := meetBehind(t, w, held, finalise(plan), finalise(plan))
		require.Contains(t, []int{http.StatusConflict, http.StatusPreconditionFailed}, second.Status)
		first.Check(http.StatusCreated)
	})
	t.Run("there is one draft", func(t *testing.T) {
		c := w.Case(t)
		begin := func() *live.Reply {
			return lead.Post(c.Path+"/plans", live.M{"integralGoal": "Rust.", "overrideReason": "Spoed."})
		}
		first, second := meetBehind(t, w, held, begin, begin)
		require.ElementsMatch(t, []int{http.StatusCreated, http.StatusConflict}, []int{first.Status, second.Status})
		require.Len(t, lead.Get(c.Path+"/plans").IDs(), 1)
	})
}
