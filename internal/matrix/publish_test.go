package matrix_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/matrix"
)

// publishAhead publishes a matrix that lets the police do this with police data, from a moment ahead on.
func (h *house) publishAhead(t *testing.T, director identity.Identity, ahead time.Duration, level authz.Level) matrix.Version {
	t.Helper()
	n := matrix.NewPublication{Match: h.begin(t, director, of("police", "all", "police", level)).Tag, Reason: "Agreed."}
	n.Acknowledged = h.warnings(t, director)
	from := time.Now().Add(ahead)
	n.EffectiveFrom = &from
	p, err := h.s.Publish(as(t, director), n)
	require.NoError(t, err)
	return p.Version
}

// states is what became of the versions, the latest first.
func (h *house) states(t *testing.T, director identity.Identity) (all []string) {
	t.Helper()
	rows, _, err := h.s.Versions(as(t, director), page.Request{Limit: 10})
	require.NoError(t, err)
	for _, v := range rows {
		all = append(all, v.State)
	}
	return all
}

func (h *house) number(t *testing.T, who identity.Identity) int64 {
	t.Helper()
	seen, err := h.s.Sight(t.Context(), who)
	require.NoError(t, err)
	return seen.Versions.Matrix
}

func TestEffectiveFrom(t *testing.T) {
	h := newHouse(t)
	director, police := h.director(t), h.person(t, municipality, "police")
	h.publish(t, director, of("police", "all", "police", authz.Own))

	t.Run("it takes force by the clock, without anybody doing anything", func(t *testing.T) {
		v := h.publishAhead(t, director, 2*time.Second, authz.Read)
		require.Equal(t, matrix.StateScheduled, v.State)
		require.EqualValues(t, 1, h.number(t, police))
		require.Equal(t, []string{matrix.StateScheduled, matrix.StateInForce}, h.states(t, director))
		require.Eventually(t, func() bool { return h.number(t, police) == 2 }, 10*time.Second, 20*time.Millisecond)
		require.False(t, time.Now().Before(v.EffectiveFrom.Add(-50*time.Millisecond)))
		require.Equal(t, []string{matrix.StateInForce, matrix.StatePast}, h.states(t, director))
		p, err := h.s.InForce(as(t, director))
		require.NoError(t, err)
		require.EqualValues(t, 2, p.Number)
	})

	t.Run("one that has not begun is replaced by what is published after it, at once or later", func(t *testing.T) {
		h.publishAhead(t, director, time.Hour, authz.Read)
		h.publishAhead(t, director, 2*time.Hour, authz.Own)
		require.Equal(t, []string{matrix.StateScheduled, matrix.StateNever, matrix.StateInForce, matrix.StatePast}, h.states(t, director))
		h.publish(t, director, of("police", "all", "police", authz.Own))
		require.Equal(t, []string{matrix.StateInForce, matrix.StateNever, matrix.StateNever, matrix.StatePast, matrix.StatePast}, h.states(t, director))
		require.EqualValues(t, 5, h.number(t, police))
	})

	t.Run("a moment that has passed is invalid and publishes nothing", func(t *testing.T) {
		seen := h.begin(t, director, of("police", "all", "police", authz.Own))
		past := time.Now().Add(-time.Second)
		_, err := h.s.Publish(as(t, director), matrix.NewPublication{Match: seen.Tag, Reason: "Late.", EffectiveFrom: &past})
		require.Equal(t, []string{"/effectiveFrom"}, fieldNames(err))
		require.Equal(t, 5, one[int](t, h, "select count(*) from matrix_version"))
	})
}

func TestInForceAt(t *testing.T) {
	h := newHouse(t)
	director := h.director(t)
	first := h.publish(t, director, of("police", "all", "police", authz.Own))
	h.publishAhead(t, director, time.Hour, authz.Read) // never takes force
	third := h.publishAhead(t, director, 2*time.Hour, authz.Read)

	for name, c := range map[string]struct {
		at   time.Time
		want int64
	}{
		"from its own moment on":                        {first.EffectiveFrom, 1},
		"while the next has not begun":                  {third.EffectiveFrom.Add(-time.Microsecond), 1},
		"the one that replaced another from its moment": {third.EffectiveFrom, 3},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := h.s.InForceAt(as(t, director), c.at)
			require.NoError(t, err)
			require.Equal(t, c.want, p.Number)
			require.Len(t, p.Cells, 1)
		})
	}
	t.Run("before the first there was none", func(t *testing.T) {
		_, err := h.s.InForceAt(as(t, director), first.EffectiveFrom.Add(-time.Microsecond))
		require.Equal(t, problem.NotFound, problem.KindOf(err))
	})
}

// TestInForceAtIsWhatDecided publishes at random moments and asks afterwards what decided when.
func TestInForceAtIsWhatDecided(t *testing.T) {
	h := newHouse(t)
	director, police := h.director(t), h.person(t, municipality, "police")
	type seen struct {
		at     time.Time
		number int64
	}
	var log []seen
	look := func() {
		before := one[time.Time](t, h, "select clock_timestamp()")
		number := h.number(t, police)
		if after := h.number(t, police); number == after { // nothing began in between
			log = append(log, seen{before, number})
		}
	}
	for n, ahead := range []time.Duration{0, 300, 600, 0, 200, 150, 400, 0} {
		level := []authz.Level{authz.Own, authz.Read}[n%2]
		if ahead == 0 {
			h.publish(t, director, of("police", "all", "police", level))
		} else {
			h.publishAhead(t, director, ahead*time.Millisecond, level)
		}
		for until := time.Now().Add(250 * time.Millisecond); time.Now().Before(until); {
			look()
		}
	}
	require.Greater(t, len(log), 20)
	wrong := 0
	for _, l := range log {
		p, err := h.s.InForceAt(as(t, director), l.at)
		require.NoError(t, err)
		if p.Number != l.number {
			wrong++
		}
	}
	require.LessOrEqual(t, wrong, 8, "only a look at the very moment of a change may differ")
}

func TestRestore(t *testing.T) {
	h := newHouse(t)
	director := h.director(t)
	ctx := as(t, director)
	h.publish(t, director, of("police", "all", "police", authz.Own))
	h.publish(t, director, of("school", "all", "area", authz.Read))
	draft := h.begin(t, director, of("police", "all", "area", authz.Read))
	first := int64(1)
	found, err := h.s.VersionFindings(ctx, first)
	require.NoError(t, err)
	restore := matrix.NewPublication{Reason: "Back.", RestoresVersion: &first}
	for _, f := range found {
		restore.Acknowledged = append(restore.Acknowledged, f.ID())
	}

	t.Run("it is a new version with the old cells, and leaves the draft as it is", func(t *testing.T) {
		p, err := h.s.Publish(ctx, restore)
		require.NoError(t, err)
		require.EqualValues(t, 3, p.Number)
		again, err := h.s.InForce(ctx)
		require.NoError(t, err)
		require.Equal(t, &first, again.RestoresVersion)
		require.Equal(t, etag.Of(p.Version), etag.Of(again.Version))
		old, err := h.s.Version(ctx, 1)
		require.NoError(t, err)
		require.Equal(t, old.Cells, again.Cells)
		kept, err := h.s.Draft(ctx)
		require.NoError(t, err)
		require.Equal(t, draft.Tag, kept.Tag)
	})

	t.Run("a version that is not there is invalid", func(t *testing.T) {
		none := int64(99)
		_, err := h.s.Publish(ctx, matrix.NewPublication{Reason: "Back.", RestoresVersion: &none})
		require.Equal(t, []string{"/restoresVersion"}, fieldNames(err))
	})

	t.Run("everything that is wrong is said at once", func(t *testing.T) {
		past, none := time.Now().Add(-time.Hour), int64(99)
		consent := matrix.NewConsent{PartnerID: uuid.Must(uuid.NewV7()), Category: "weather", Reference: "x"}
		_, err := h.s.Publish(ctx, matrix.NewPublication{
			Reason: "Back.", RestoresVersion: &none, EffectiveFrom: &past, Consents: []matrix.NewConsent{consent, consent},
		})
		require.Equal(t, []string{"/effectiveFrom", "/restoresVersion", "/supplierConsents/0/partnerId", "/supplierConsents/0/category",
			"/supplierConsents/1/partnerId", "/supplierConsents/1/category", "/supplierConsents/1"}, fieldNames(err))
	})
}

func TestPublishRefuses(t *testing.T) {
	h := newHouse(t)
	director := h.director(t)
	for name, cells := range map[string][]matrix.NewCell{
		"a matrix without cells":             nil,
		"a matrix with the level none alone": {of("police", "all", "police", authz.None)},
		"an error":                           {of("police", "all", "police", authz.Edit), of("school", "all", "area", authz.Own)},
		"warnings that nobody acknowledged":  {of("police", "all", "police", authz.Own)},
	} {
		t.Run(name+" is a conflict, and nothing changes", func(t *testing.T) {
			h.person(t, municipality, "police")
			seen := h.begin(t, director, cells...)
			_, err := h.s.Publish(as(t, director), matrix.NewPublication{Match: seen.Tag, Reason: "Agreed."})
			require.Equal(t, problem.Conflict, problem.KindOf(err), "%v", err)
			require.Zero(t, one[int](t, h, "select matrix from municipality_stamp where municipality_id = $1", municipality))
			require.Zero(t, one[int](t, h, "select count(*) from matrix_version"))
			require.NoError(t, h.s.Discard(as(t, director), "*"))
		})
	}
}

func TestWhatWasAcknowledgedStandsWithTheVersion(t *testing.T) {
	h := newHouse(t)
	director := h.director(t)
	care := h.person(t, municipality, "mental-health-care").Partner // no covenant
	h.s.Suppliers = func(context.Context) (map[authz.Category][]uuid.UUID, error) {
		return map[authz.Category][]uuid.UUID{authz.Health: {care}}, nil
	}
	h.publish(t, director, of("mental-health-care", "all", "health", authz.Own))
	seen := h.begin(t, director, of("mental-health-care", "all", "health", authz.Read), of("municipal-director", "all", "health", authz.Read))
	publication := matrix.NewPublication{Match: seen.Tag, Reason: "Wider.", Acknowledged: h.warnings(t, director)}

	t.Run("without the consent of the supplier it is a conflict", func(t *testing.T) {
		_, err := h.s.Publish(as(t, director), publication)
		require.Equal(t, problem.Conflict, problem.KindOf(err))
	})

	t.Run("with it, consent and warnings are read back", func(t *testing.T) {
		publication.Consents = []matrix.NewConsent{{PartnerID: care, Category: "health", Reference: "Letter 2026-118"}}
		p, err := h.s.Publish(as(t, director), publication)
		require.NoError(t, err)
		again, err := h.s.Version(as(t, director), p.Number)
		require.NoError(t, err)
		require.Equal(t, etag.Of(p.Version), etag.Of(again.Version))
		require.Equal(t, []matrix.Consent{{PartnerID: care, Category: authz.Health, Reference: "Letter 2026-118"}}, again.SupplierConsents)
		var codes []string
		for _, f := range again.Acknowledged {
			codes = append(codes, f.Code)
		}
		require.Contains(t, codes, "no-covenant")
		require.NotContains(t, codes, "widens-sensitive")
	})
}
