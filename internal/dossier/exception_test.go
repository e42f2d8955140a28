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

func (w *world) except(by string, d Seen, partner string, c authz.Category, l authz.Level, until ...time.Time) (Exception, error) {
	w.t.Helper()
	n := NewException{PartnerID: w.people[partner].partner, Category: c, Level: l, Reason: "It must."}
	if len(until) > 0 {
		n.Until = &until[0]
	}
	in, err := w.s.MakeException(w.as(by), d.ID, n)
	return in.Row, err
}

func (w *world) excepted(d Seen, partner string, c authz.Category, l authz.Level, until ...time.Time) Exception {
	w.t.Helper()
	e, err := w.except("director", d, partner, c, l, until...)
	require.NoError(w.t, err)
	return e
}

func (w *world) revokeException(by string, e Exception, match string) error {
	_, err := w.s.RevokeException(w.as(by), e.DossierID, etag.Key{ID: e.ID, Match: match}, "No more.")
	return err
}

func TestMakeException(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police", "health", "residents")
	for by, want := range map[string]problem.Kind{
		"lead": problem.Forbidden, "chair": problem.Forbidden, "police": problem.Forbidden, "police-system": problem.Forbidden,
		"colleague": problem.NotFound, "stranger": problem.NotFound,
	} {
		t.Run("not by "+by+": "+string(want), func(t *testing.T) {
			_, err := w.except(by, d, "police", authz.Health, authz.Read)
			require.Equal(t, want, kind(err))
		})
	}
	for name, c := range map[string]struct {
		partner  uuid.UUID
		category authz.Category
		level    authz.Level
		until    *time.Time
		want     problem.Kind
	}{
		"an end in the past":                {w.people["police"].partner, authz.Health, authz.Read, new(time.Now().Add(-time.Second)), problem.Invalid},
		"a partner that is not there":       {newID(), authz.Health, authz.Read, nil, problem.Invalid},
		"a partner of another municipality": {w.people["stranger"].partner, authz.Health, authz.Read, nil, problem.Invalid},
		"residents to see health":           {w.people["residents"].partner, authz.Health, authz.Read, nil, problem.Conflict},
	} {
		t.Run(name+" is refused, and nothing changed", func(t *testing.T) {
			_, err := w.s.MakeException(w.as("director"), d.ID, NewException{PartnerID: c.partner, Category: c.category, Level: c.level, Until: c.until, Reason: "r"})
			require.Equal(t, c.want, kind(err))
			require.Zero(t, w.count("matrix_exception"))
		})
	}
	t.Run("what residents may have, they may have by exception", func(t *testing.T) {
		w.excepted(d, "residents", authz.Area, authz.None)
		w.excepted(d, "residents", authz.Police, authz.Own)
	})
	e := w.excepted(d, "police", authz.Health, authz.Read)
	t.Run("one holds at a time for a partner and a category", func(t *testing.T) {
		_, err := w.except("director", d, "police", authz.Health, authz.None)
		require.Equal(t, problem.Conflict, kind(err))
		w.excepted(d, "police", authz.Housing, authz.None)
		w.excepted(d, "school", authz.Health, authz.None)
		require.NoError(t, w.revokeException("director", e, etag.Of(e)))
		w.excepted(d, "police", authz.Health, authz.None)
	})
	t.Run("not in a dossier that is closed", func(t *testing.T) {
		closed := w.directed()
		_, err := w.close("chair", closed)
		require.NoError(t, err)
		_, err = w.except("director", closed, "police", authz.Health, authz.Read)
		require.Equal(t, problem.Shielded, kind(err))
	})
	t.Run("not for a third party under the Wgs", func(t *testing.T) {
		o := opening()
		o.Basis, o.Type = Wgs, Family
		seen, err := w.s.Open(w.as("social"), o)
		require.NoError(t, err)
		_, err = w.except("director", seen, "school", authz.Housing, authz.Read)
		require.Equal(t, problem.Conflict, kind(err))
	})
	t.Run("it is told to who directs the dossier, as its core, and audited", func(t *testing.T) {
		mine := w.directed("police")
		e := w.excepted(mine, "police", authz.Health, authz.Read)
		require.Equal(t, event{Name: "exception.made", Subject: e.ID, Fields: []string{}}, w.last(mine.ID))
		require.NoError(t, w.revokeException("director", e, "*"))
		require.Equal(t, "exception.revoked", w.last(mine.ID).Name)
		require.Nil(t, w.last(mine.ID).Category)
		require.Equal(t, 2, w.count("audit_entry where subject_id = $1 and professional_id = $2", e.ID, w.people["director"].id))
		require.Zero(t, w.count("audit_entry where fields::text ~ 'No more'"))
	})
}

// TestExceptionsAtOnce: of two directors who decide at the same moment, one is told of the other.
func TestExceptionsAtOnce(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police")
	who, n := w.as("director"), NewException{PartnerID: w.people["police"].partner, Category: authz.Health, Level: authz.Read, Reason: "r"}
	errs := make(chan error)
	for range 4 {
		go func() { _, err := w.s.MakeException(who, d.ID, n); errs <- err }()
	}
	var kinds []problem.Kind
	for range 4 {
		kinds = append(kinds, kind(<-errs))
	}
	require.ElementsMatch(t, []problem.Kind{"", problem.Conflict, problem.Conflict, problem.Conflict}, kinds)
	require.Equal(t, 1, w.count("matrix_exception"))
}

// TestExceptionBreaksAPrivacyAssertion: what must never be is no exception either, and no grant.
func TestExceptionBreaksAPrivacyAssertion(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police")
	w.exec(`insert into privacy_assertion (municipality_id, id, version, name, reason, partner_types, categories, acts, status, created_at, changed_at)
		values ('GM0861', $1, 1, 'No health for police', 'Law', '["police"]', '["health"]', '["see-all","see-released"]', 'active', now(), now())`, newID())
	for _, level := range []authz.Level{authz.Read, authz.OnRelease, authz.Contribute, authz.Edit} {
		_, err := w.except("director", d, "police", authz.Health, level)
		require.Equal(t, problem.Conflict, kind(err), "%s", level)
		_, err = w.grant("director", d, NewGrant{ProfessionalID: w.people["colleague"].id, Categories: []authz.Category{authz.Area, authz.Health}, Level: level})
		require.Equal(t, problem.Conflict, kind(err), "%s", level)
	}
	w.excepted(d, "police", authz.Health, authz.None)
	w.excepted(d, "health", authz.Health, authz.Read)
	_, err := w.grant("director", d, NewGrant{ProfessionalID: w.people["colleague"].id, Categories: []authz.Category{authz.Area}, Level: authz.Read})
	require.NoError(t, err)
}

// TestExceptionCountsAtOnce changes what a partner sees in one dossier, and nothing else.
func TestExceptionCountsAtOnce(t *testing.T) {
	w := newWorld(t)
	d, other := w.directed("police", "health", "housing"), w.directed("police", "health", "housing")
	item, same := w.added("health", d, something(authz.Health)), w.added("health", other, something(authz.Health))
	rent := w.added("housing", d, something(authz.Housing))
	everybody := []string{"director", "lead", "police", "police-system", "health", "housing"}
	require.Equal(t, []string{"health"}, w.readers(item, everybody...))

	e := w.excepted(d, "police", authz.Health, authz.Read)
	t.Run("read shows it to the partner's people and systems, in this dossier alone", func(t *testing.T) {
		require.Equal(t, []string{"police", "police-system", "health"}, w.readers(item, everybody...))
		require.Equal(t, []string{"health"}, w.readers(same, everybody...))
		_, err := w.s.AddItem(w.as("police"), d.ID, something(authz.Health))
		require.Equal(t, problem.Forbidden, kind(err), "and lets them add nothing")
	})
	t.Run("revoked, it is as before at the next request", func(t *testing.T) {
		require.NoError(t, w.revokeException("director", e, "*"))
		require.Equal(t, []string{"health"}, w.readers(item, everybody...))
	})
	t.Run("contribute lets them add", func(t *testing.T) {
		e := w.excepted(d, "police", authz.Health, authz.Contribute)
		w.added("police", d, something(authz.Health))
		require.NoError(t, w.revokeException("director", e, "*"))
	})
	t.Run("none takes what the cells give, from this partner alone", func(t *testing.T) {
		require.Equal(t, []string{"director", "lead", "police", "police-system", "health", "housing"}, w.readers(rent, everybody...))
		w.excepted(d, "police", authz.Housing, authz.None)
		require.Equal(t, []string{"director", "lead", "health", "housing"}, w.readers(rent, everybody...))
	})
	t.Run("none on who it is about masks the title", func(t *testing.T) {
		require.Contains(t, w.shown("police", d), "Passage")
		w.excepted(d, "police", authz.Identity, authz.None)
		require.NotContains(t, w.shown("police", d), "Passage")
		require.Contains(t, w.shown("health", d), "Passage")
		require.Contains(t, w.shown("police", other), "Passage")
	})
	t.Run("it counts for who joins later as well", func(t *testing.T) {
		w.excepted(d, "fire", authz.Housing, authz.None)
		_, err := w.s.AddParticipant(w.as("lead"), d.ID, w.joining("fire"))
		require.NoError(t, err)
		require.Equal(t, []problem.Kind{problem.NotFound}, w.kinds(d, "fire"), "without any act the dossier is not known")
	})
	t.Run("a role in the dossier stays what it is", func(t *testing.T) {
		note := w.added("police", d, something(authz.LifeDomain))
		w.excepted(d, "lead", authz.LifeDomain, authz.None)
		require.Equal(t, []string{"lead"}, w.readers(note, "lead", "social"))
	})
}

// TestExceptionEndsByTheClock waits for an end, and asks the past.
func TestExceptionEndsByTheClock(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police", "health")
	item := w.added("health", d, something(authz.Health))
	before := time.Now()
	until := time.Now().Add(3 * time.Second)
	w.excepted(d, "police", authz.Health, authz.Read, until)
	require.Equal(t, []string{"police"}, w.readers(item, "police"))
	during := time.Now()
	require.Eventually(t, func() bool { // one look at a time: between two of them it may end
		_, err := w.s.GetItem(w.as("police"), d.ID, item.ID)
		return problem.Is(err, problem.NotFound)
	}, 15*time.Second, 50*time.Millisecond)
	require.Empty(t, w.readers(item, "police"))
	require.False(t, time.Now().Before(until), "not before its time")
	require.Equal(t, []problem.Kind{""}, w.kinds(d, "police"))

	t.Run("an exception that ended makes room for another", func(t *testing.T) {
		e := w.excepted(d, "police", authz.Health, authz.Read)
		require.NoError(t, w.revokeException("director", e, "*"))
		require.Empty(t, w.readers(item, "police"))
	})
	t.Run("what was so stays to be asked", func(t *testing.T) {
		could := func(at time.Time) int {
			return w.count("admission where dossier_id = $1 and holder = $2 and since <= $3 and until > $3 and granted >> $4 & 1 = 1", d.ID,
				w.people["police"].id, at, int(authz.Health))
		}
		require.Equal(t, []int{0, 1, 0}, []int{could(before), could(during), could(time.Now())})
	})
}

func TestReadExceptions(t *testing.T) {
	w := newWorld(t)
	d, other := w.directed("police", "health"), w.directed("police")
	var made []uuid.UUID
	for _, c := range []authz.Category{authz.Health, authz.Housing, authz.Police} {
		made = append([]uuid.UUID{w.excepted(d, "police", c, authz.None).ID}, made...)
	}
	elsewhere := w.excepted(other, "police", authz.Health, authz.None)
	for by, want := range map[string]problem.Kind{
		"director": "", "lead": "", "chair": "", "police": problem.Forbidden, "health": problem.Forbidden, "police-system": problem.Forbidden,
		"colleague": problem.NotFound, "stranger": problem.NotFound,
	} {
		t.Run(by+" gets "+string(want)+" for the list and for each, there or not", func(t *testing.T) {
			in, err := w.s.ListExceptions(w.as(by), d.ID, page.Request{Limit: 9})
			require.Equal(t, want, kind(err))
			require.Len(t, in.Row.Rows, map[problem.Kind]int{"": 3}[want])
			one, err := w.s.GetException(w.as(by), d.ID, made[0])
			require.Equal(t, want, kind(err))
			require.Equal(t, want == "", one.Row.ID == made[0])
			for _, id := range []uuid.UUID{elsewhere.ID, newID()} {
				_, err = w.s.GetException(w.as(by), d.ID, id)
				require.Equal(t, map[problem.Kind]problem.Kind{"": problem.NotFound}[want]+map[bool]problem.Kind{true: "", false: want}[want == ""], kind(err))
			}
		})
	}
	t.Run("page after page gives each once, the latest first", func(t *testing.T) {
		w.exec("update matrix_exception set since = '2026-11-03' where dossier_id = $1", d.ID)
		var read []uuid.UUID
		p := page.Request{Limit: 1}
		for more := true; more; {
			in, err := w.s.ListExceptions(w.as("chair"), d.ID, p)
			require.NoError(t, err)
			read = append(read, in.Row.Rows[0].ID)
			if more = in.Row.Next != nil; more {
				p, err = page.Parse(new(1), in.Row.Next)
				require.NoError(t, err)
			}
		}
		require.Equal(t, made, read)
	})
}

func TestRevokeException(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police")
	e := w.excepted(d, "police", authz.Health, authz.Read)
	for _, c := range []struct {
		by, match string
		want      problem.Kind
	}{
		{"lead", "*", problem.Forbidden}, {"police", "*", problem.Forbidden}, {"stranger", "*", problem.NotFound},
		{"director", "", problem.MatchRequired}, {"director", `"older"`, problem.Stale},
	} {
		t.Run("by "+c.by+" with tag "+c.match+" it is refused", func(t *testing.T) {
			require.Equal(t, c.want, kind(w.revokeException(c.by, e, c.match)))
		})
	}
	require.NoError(t, w.revokeException("director", e, etag.Of(e)))
	require.Equal(t, problem.Conflict, kind(w.revokeException("director", e, "*")), "twice")
	in, err := w.s.GetException(w.as("lead"), d.ID, e.ID)
	require.NoError(t, err)
	require.Equal(t, "No more.", in.Row.Revocation().Reason)
	require.Equal(t, w.people["director"].id, *in.Row.Revocation().By)
}
