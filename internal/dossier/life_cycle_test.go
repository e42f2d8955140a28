package dossier

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// answers are the four criteria, each met or as named.
func answers(not ...string) (all []Criterion) {
	for _, one := range []string{"a", "b", "c", "d"} {
		answer := "met"
		for _, other := range not {
			if one == other {
				answer = "not-met"
			}
		}
		all = append(all, Criterion{Criterion: one, Answer: answer, Substantiation: "Seen."})
	}
	return all
}

func (w *world) triaged(d Seen, not ...string) Triage {
	w.t.Helper()
	in, err := w.s.RecordTriage(w.as("chair"), etag.Key{ID: d.ID, Match: "*"}, Triage{Criteria: answers(not...), Advice: "accept", Reason: "Seen."})
	require.NoError(w.t, err)
	return in.Row
}

func (w *world) step(by string, d Seen, to Status) error {
	c := StatusChange{ToStatus: to, Reason: "Needed."}
	if to == Aftercare {
		c.Until, c.PerspectiveGoal = new(time.Now().AddDate(0, 6, 0)), "No new debts."
	}
	_, err := w.s.ChangeStatus(w.as(by), etag.Key{ID: d.ID, Match: "*"}, c)
	return err
}

func (w *world) rest(by string, d Seen, on Basis) (BasisChange, error) {
	in, err := w.s.ChangeBasis(w.as(by), etag.Key{ID: d.ID, Match: "*"}, BasisChange{Basis: on, Purpose: "Other.", Reason: "Needed."})
	return in.Row, err
}

func TestDossier_1_08_not_all_criteria_met_is_recorded_and_cannot_become_wgs(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police")
	_, err := w.rest("chair", d, Wgs)
	require.Equal(t, problem.Conflict, kind(err), "without a triage")
	refused := w.triaged(d, "d")
	require.False(t, refused.CriteriaMet)
	_, err = w.rest("chair", d, Wgs)
	require.Equal(t, problem.Conflict, kind(err), "with one that is not met")
	require.Equal(t, Covenant, w.get("lead", d).Basis)

	require.True(t, w.triaged(d).CriteriaMet)
	require.Equal(t, "dossier.triaged", w.last(d.ID).Name)
	_, err = w.rest("chair", d, Wgs)
	require.NoError(t, err)
	require.Equal(t, Wgs, w.get("lead", d).Basis)
	in, err := w.s.ListTriages(w.as("police"), d.ID, page.Request{Limit: 9})
	require.NoError(t, err)
	require.Equal(t, []bool{true, false}, []bool{in.Row.Rows[0].CriteriaMet, in.Row.Rows[1].CriteriaMet})
	require.Equal(t, "Seen.", in.Row.Rows[1].Criteria[3].Substantiation)

	t.Run("a later triage that is not met counts: the dossier does not become active", func(t *testing.T) {
		w.triaged(d, "a")
		require.NoError(t, w.step("chair", d, InTriage))
		require.Equal(t, problem.Conflict, kind(w.step("chair", d, Active)))
		w.triaged(d)
		require.NoError(t, w.step("chair", d, Active))
	})
	t.Run("an unknown criterion and one answered twice are not valid", func(t *testing.T) {
		wrong := answers()
		wrong[1].Criterion, wrong[3].Criterion = "z", "a"
		_, err := w.s.RecordTriage(w.as("chair"), etag.Key{ID: d.ID, Match: "*"}, Triage{Criteria: wrong, Advice: "accept", Reason: "x"})
		require.Equal(t, []string{"/criteria/1/criterion", "/criteria/3/criterion"}, pointers(t, err))
	})
}

func TestChangeStatus(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police")
	for by, want := range map[string]problem.Kind{"lead": problem.Forbidden, "police": problem.Forbidden, "stranger": problem.NotFound} {
		require.Equal(t, want, kind(w.step(by, d, InTriage)), by)
	}
	_, err := w.s.ChangeStatus(w.as("chair"), etag.Key{ID: d.ID, Match: `"older"`}, StatusChange{ToStatus: InTriage, Reason: "x"})
	require.Equal(t, problem.Stale, kind(err))
	require.Equal(t, problem.Conflict, kind(w.step("chair", d, Active)), "from intake")
	require.NoError(t, w.step("chair", d, InTriage))
	require.Equal(t, problem.Conflict, kind(w.step("chair", d, Active)), "without a triage")
	w.triaged(d, "a", "b")
	require.NoError(t, w.step("director", d, Active))
	for _, to := range []Status{Intake, InTriage, Active, Closed, Rejected} {
		require.Equal(t, problem.Conflict, kind(w.step("chair", d, to)), to)
	}

	t.Run("aftercare asks a term to come and a perspective goal, other steps ask neither", func(t *testing.T) {
		_, err := w.s.ChangeStatus(w.as("chair"), etag.Key{ID: d.ID, Match: "*"}, StatusChange{ToStatus: Aftercare, Reason: "x"})
		require.Equal(t, []string{"/until", "/perspectiveGoal"}, pointers(t, err))
		_, err = w.s.ChangeStatus(w.as("chair"), etag.Key{ID: d.ID, Match: "*"}, StatusChange{ToStatus: Aftercare, Reason: "x", PerspectiveGoal: "x", Until: new(time.Now().AddDate(0, 0, -1))})
		require.Equal(t, []string{"/until"}, pointers(t, err))
		_, err = w.s.ChangeStatus(w.as("chair"), etag.Key{ID: d.ID, Match: "*"}, StatusChange{ToStatus: Rejected, Reason: "x", PerspectiveGoal: "x"})
		require.Equal(t, []string{"/perspectiveGoal"}, pointers(t, err))
	})
	require.NoError(t, w.step("chair", d, Aftercare))
	require.Equal(t, []string{"status"}, w.last(d.ID).Fields)
	in, err := w.s.ListStatusChanges(w.as("police"), d.ID, page.Request{Limit: 9})
	require.NoError(t, err)
	require.Equal(t, []Status{Aftercare, Active, InTriage}, []Status{in.Row.Rows[0].ToStatus, in.Row.Rows[1].ToStatus, in.Row.Rows[2].ToStatus})
	require.Equal(t, "No new debts.", in.Row.Rows[0].PerspectiveGoal)
}

func TestRejecting(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police")
	in, err := w.s.ChangeStatus(w.as("chair"), etag.Key{ID: d.ID, Match: "*"}, StatusChange{ToStatus: Rejected, Reason: "Nothing for us."})
	require.NoError(t, err)
	require.Equal(t, []problem.Kind{problem.Shielded, problem.Shielded, problem.Shielded, problem.NotFound}, w.kinds(d, "chair", "lead", "police", "stranger"))
	one, err := w.s.GetStatusChange(w.as("chair"), d.ID, in.Row.ID)
	require.NoError(t, err, "who rejected it reads that decision")
	require.Equal(t, "Nothing for us.", one.Row.Reason)
	for by, want := range map[string]problem.Kind{"director": problem.Shielded, "police": problem.Shielded, "stranger": problem.NotFound} {
		_, err := w.s.GetStatusChange(w.as(by), d.ID, in.Row.ID)
		require.Equal(t, want, kind(err), by)
	}
	_, err = w.s.Reopen(w.as("chair"), d.ID, Reopening{Ground: "correction", Reason: "x"})
	require.Equal(t, problem.Conflict, kind(err))
}

func TestDossier_L01_another_basis_changes_access_at_once(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police", "housing", "fire")
	seen := w.added("police", d, something(authz.Police))
	w.released("police", seen, NewRelease{})
	w.triaged(d)
	c, err := w.rest("chair", d, Wgs)
	require.NoError(t, err)
	require.ElementsMatch(t, []uuid.UUID{w.people["housing"].partner, w.people["fire"].partner}, c.EndedPartnerIDs)
	require.Equal(t, []problem.Kind{"", problem.NotFound, problem.NotFound}, w.kinds(d, "police", "housing", "fire"))
	require.Equal(t, "dossier.basis-changed", w.last(d.ID).Name)
	require.ElementsMatch(t, []string{"basis", "purpose"}, w.last(d.ID).Fields)

	t.Run("back on a covenant they take part only when somebody adds them", func(t *testing.T) {
		_, err := w.rest("director", d, Covenant)
		require.NoError(t, err)
		require.Equal(t, []problem.Kind{"", problem.NotFound}, w.kinds(d, "police", "housing"))
	})
	t.Run("in the social domain police data is its supplier's only", func(t *testing.T) {
		w.enters(d, "health")
		_, err := w.s.GetItem(w.as("health"), d.ID, seen.ID)
		require.NoError(t, err)
		_, err = w.rest("chair", d, SocialDomain)
		require.NoError(t, err)
		_, err = w.s.GetItem(w.as("health"), d.ID, seen.ID)
		require.Equal(t, problem.NotFound, kind(err))
		_, err = w.s.GetItem(w.as("police"), d.ID, seen.ID)
		require.NoError(t, err)
	})
	for name, on := range map[string]Basis{"the same": SocialDomain, "the Wams": Wams} {
		_, err := w.rest("chair", d, on)
		require.Equal(t, problem.Conflict, kind(err), name)
	}
	_, err = w.rest("lead", d, Covenant)
	require.Equal(t, problem.Forbidden, kind(err))
	all, err := w.s.ListBasisChanges(w.as("police"), d.ID, page.Request{Limit: 9})
	require.NoError(t, err)
	require.Len(t, all.Row.Rows, 3)
	require.Equal(t, Covenant, all.Row.Rows[2].FromBasis)
}

// enters lets somebody take part by the case director.
func (w *world) enters(d Seen, name string) {
	w.t.Helper()
	_, err := w.s.AddParticipant(w.as("lead"), d.ID, w.joining(name))
	require.NoError(w.t, err)
}

func TestChangeBasis_a_third_party_that_leads_is_a_conflict(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police", "housing")
	_, err := w.regie("chair", d, RegieChange{CaseDirectorID: new(w.people["housing"].id), Reason: "x"})
	require.NoError(t, err)
	w.triaged(d)
	_, err = w.rest("chair", d, Wgs)
	require.Equal(t, problem.Conflict, kind(err))
	require.Equal(t, []problem.Kind{""}, w.kinds(d, "housing"))
}
