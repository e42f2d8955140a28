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

func (w *world) grant(by string, d Seen, n NewGrant) (Grant, error) {
	w.t.Helper()
	n.Reason = "He takes over."
	if n.Until.IsZero() {
		n.Until = time.Now().Add(time.Hour)
	}
	if n.Level == "" {
		n.Level = authz.Read
	}
	in, err := w.s.Grant(w.as(by), d.ID, n)
	return in.Row, err
}

func (w *world) granted(d Seen, to string, level authz.Level, on ...authz.Category) Grant {
	w.t.Helper()
	g, err := w.grant("director", d, NewGrant{ProfessionalID: w.people[to].id, Categories: on, Level: level})
	require.NoError(w.t, err)
	return g
}

func (w *world) revokeGrant(by string, g Grant, match string) error {
	_, err := w.s.RevokeGrant(w.as(by), g.DossierID, etag.Key{ID: g.ID, Match: match}, "No more.")
	return err
}

func TestGrant(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police")
	w.hire(home, "police/expired")
	w.exec("update professional set valid_until = $2 where id = $1", w.people["expired"].id, time.Now().Add(-48*time.Hour))
	w.hire(home, "riec/suspended")
	w.exec("update partner set status = 'suspended' where id = $1", w.people["suspended"].partner)
	for by, want := range map[string]problem.Kind{
		"lead": problem.Forbidden, "chair": problem.Forbidden, "police": problem.Forbidden, "colleague": problem.NotFound, "stranger": problem.NotFound,
	} {
		t.Run("not by "+by+": "+string(want), func(t *testing.T) {
			_, err := w.grant(by, d, NewGrant{ProfessionalID: w.people["colleague"].id})
			require.Equal(t, want, kind(err))
		})
	}
	day := 24 * time.Hour
	for name, c := range map[string]struct {
		to    uuid.UUID
		level authz.Level
		in    time.Duration
		on    []authz.Category
		want  problem.Kind
	}{
		"an end in the past":                      {w.people["colleague"].id, authz.Read, -time.Second, nil, problem.Invalid},
		"more than 90 days":                       {w.people["colleague"].id, authz.Read, 90*day + time.Minute, nil, problem.Invalid},
		"level none":                              {w.people["colleague"].id, authz.None, day, nil, problem.Invalid},
		"who is not there":                        {newID(), authz.Read, day, nil, problem.Invalid},
		"who works elsewhere":                     {w.people["stranger"].id, authz.Read, day, nil, problem.Invalid},
		"whose access ended":                      {w.people["expired"].id, authz.Read, day, nil, problem.Invalid},
		"whose partner is suspended":              {w.people["suspended"].id, authz.Read, day, nil, problem.Invalid},
		"oneself":                                 {w.people["director"].id, authz.Read, day, nil, problem.Conflict},
		"residents to what they never see":        {w.people["residents"].id, authz.Read, day, []authz.Category{authz.Area, authz.Health}, problem.Conflict},
		"entry alone, of level none all the same": {w.people["school"].id, authz.None, day, []authz.Category{}, problem.Invalid},
	} {
		t.Run(name+" is refused, and nothing changed", func(t *testing.T) {
			_, err := w.grant("director", d, NewGrant{ProfessionalID: c.to, Level: c.level, Until: time.Now().Add(c.in), Categories: c.on})
			require.Equal(t, c.want, kind(err))
			require.Zero(t, w.count("access_grant"))
		})
	}
	t.Run("not to whom the director stands in for, now or later", func(t *testing.T) {
		n := NewGrant{ProfessionalID: w.people["chair"].id, Level: authz.Read, Reason: "r", Until: time.Now().Add(time.Hour)}
		_, err := w.s.Grant(w.standIn("director", "chair"), d.ID, n)
		require.Equal(t, problem.Conflict, kind(err))
	})
	t.Run("not to a third party under the Wgs", func(t *testing.T) {
		o := opening()
		o.Basis, o.Type = Wgs, Family
		seen, err := w.s.Open(w.as("social"), o)
		require.NoError(t, err)
		_, err = w.grant("director", seen, NewGrant{ProfessionalID: w.people["school"].id})
		require.Equal(t, problem.Conflict, kind(err))
	})
	t.Run("not in a dossier that is closed", func(t *testing.T) {
		closed := w.directed()
		_, err := w.close("chair", closed)
		require.NoError(t, err)
		_, err = w.grant("director", closed, NewGrant{ProfessionalID: w.people["colleague"].id})
		require.Equal(t, problem.Shielded, kind(err))
	})
	t.Run("ninety days is allowed, told as the core and audited", func(t *testing.T) {
		g, err := w.grant("director", d, NewGrant{ProfessionalID: w.people["colleague"].id, Until: time.Now().Add(90*day - time.Minute)})
		require.NoError(t, err)
		require.Equal(t, event{Name: "grant.made", Subject: g.ID, Fields: []string{}}, w.last(d.ID))
		require.Equal(t, 1, w.count("audit_entry where event = 'grant.made' and subject_id = $1 and professional_id = $2", g.ID, w.people["director"].id))
	})
}

// TestGrantOpensAtOnce lets in who takes no part, with his partner's cells and what is granted beside them.
func TestGrantOpensAtOnce(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police", "health", "housing")
	health, rent := w.added("health", d, something(authz.Health)), w.added("housing", d, something(authz.Housing))
	everybody := []string{"police", "colleague", "fire", "school"}
	require.Equal(t, []problem.Kind{"", problem.NotFound, problem.NotFound, problem.NotFound}, w.kinds(d, everybody...))

	entry := w.granted(d, "colleague", authz.Read)
	t.Run("entry alone is his partner's cells, for him alone", func(t *testing.T) {
		require.Equal(t, []problem.Kind{"", "", problem.NotFound}, w.kinds(d, "police", "colleague", "fire"))
		require.Equal(t, []string{"police", "colleague"}, w.readers(rent, "police", "colleague"))
		require.Empty(t, w.readers(health, "police", "colleague"))
	})
	more := w.granted(d, "colleague", authz.Read, authz.Health)
	t.Run("with a category, that as well", func(t *testing.T) {
		require.Equal(t, []string{"colleague"}, w.readers(health, "police", "colleague"))
	})
	t.Run("none by exception takes the cell, and not what is granted", func(t *testing.T) {
		w.excepted(d, "police", authz.Health, authz.None)
		w.excepted(d, "police", authz.Housing, authz.None)
		require.Equal(t, []string{"colleague"}, w.readers(health, "police", "colleague"))
		require.Empty(t, w.readers(rent, "police", "colleague"))
	})
	t.Run("revoked, what it gave is gone at the next request, and the other stays", func(t *testing.T) {
		require.NoError(t, w.revokeGrant("director", more, etag.Of(more)))
		require.Empty(t, w.readers(health, "colleague"))
		require.Equal(t, []problem.Kind{""}, w.kinds(d, "colleague"))
		require.NoError(t, w.revokeGrant("director", entry, "*"))
		require.Equal(t, []problem.Kind{problem.NotFound}, w.kinds(d, "colleague"))
		require.Equal(t, problem.Conflict, kind(w.revokeGrant("director", entry, "*")), "twice")
	})
	t.Run("a partner without any cell comes in by what is granted", func(t *testing.T) {
		w.granted(d, "school", authz.Contribute, authz.LifeDomain)
		added := w.added("school", d, something(authz.LifeDomain))
		require.Equal(t, []string{"police", "school"}, w.readers(added, "police", "school"))
	})
	t.Run("own is his partner's own entries", func(t *testing.T) {
		w.granted(d, "fire", authz.Own, authz.Police)
		mine, theirs := w.added("fire", d, something(authz.Police)), w.added("police", d, something(authz.Police))
		require.Equal(t, []string{"fire"}, w.readers(mine, "fire"))
		require.Empty(t, w.readers(theirs, "fire"))
	})
}

// TestGrantLiftsNoCeiling: the legal basis, secrecy and the supplier's conditions stay.
func TestGrantLiftsNoCeiling(t *testing.T) {
	w := newWorld(t)
	o := opening()
	o.Basis = SocialDomain
	d, err := w.s.Open(w.as("social"), o)
	require.NoError(t, err)
	w.joined(d, "police")
	w.joined(d, "health")
	theirs := w.added("police", d, something(authz.Police))
	secret := something(authz.Health)
	secret.Secret = true
	kept := w.added("health", d, secret)
	withheld := something(authz.Health)
	withheld.Conditions = []Condition{{WithholdFrom: "police"}}
	conditional := w.added("health", d, withheld)
	open := w.added("health", d, something(authz.Health))

	w.granted(d, "fire", authz.Edit, authz.Police, authz.Health)
	require.Equal(t, []string{"fire"}, w.readers(open, "fire"))
	require.Empty(t, w.readers(theirs, "fire"))
	require.Empty(t, w.readers(kept, "fire"))
	w.granted(d, "colleague", authz.Edit, authz.Health)
	require.Equal(t, []string{"colleague"}, w.readers(open, "colleague"))
	require.Empty(t, w.readers(conditional, "colleague"))
}

func TestGrantEndsByTheClock(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police")
	until := time.Now().Add(3 * time.Second)
	g, err := w.grant("director", d, NewGrant{ProfessionalID: w.people["colleague"].id, Until: until})
	require.NoError(t, err)
	require.Equal(t, []problem.Kind{""}, w.kinds(d, "colleague"))
	during := time.Now()
	require.Eventually(t, func() bool { return w.kinds(d, "colleague")[0] == problem.NotFound }, 15*time.Second, 50*time.Millisecond)
	require.False(t, time.Now().Before(until), "not before its time")
	require.Equal(t, problem.Conflict, kind(w.revokeGrant("director", g, "*")), "there is nothing to revoke")
	require.Equal(t, 1, w.count("admission where source = $1 and since <= $2 and until > $2", g.ID, during))
}

func TestReadGrants(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police", "health")
	mine, another := w.granted(d, "colleague", authz.Read), w.granted(d, "fire", authz.Read)
	for by, want := range map[string]struct{ list, mine, another problem.Kind }{
		"director":  {"", "", ""},
		"lead":      {"", "", ""},
		"chair":     {"", "", ""},
		"colleague": {problem.Forbidden, "", problem.Forbidden},
		"fire":      {problem.Forbidden, problem.Forbidden, ""},
		"police":    {problem.Forbidden, problem.Forbidden, problem.Forbidden},
		"school":    {problem.NotFound, problem.NotFound, problem.NotFound},
		"stranger":  {problem.NotFound, problem.NotFound, problem.NotFound},
	} {
		t.Run(by, func(t *testing.T) {
			in, err := w.s.ListGrants(w.as(by), d.ID, page.Request{Limit: 1})
			require.Equal(t, want.list, kind(err))
			if err == nil {
				require.Equal(t, another.ID, in.Row.Rows[0].ID)
				require.NotNil(t, in.Row.Next)
			}
			for id, want := range map[uuid.UUID]problem.Kind{mine.ID: want.mine, another.ID: want.another} {
				_, err := w.s.GetGrant(w.as(by), d.ID, id)
				require.Equal(t, want, kind(err))
			}
			_, err = w.s.GetGrant(w.as(by), d.ID, newID())
			require.NotEmpty(t, kind(err))
		})
	}
	for _, c := range []struct {
		by, match string
		want      problem.Kind
	}{
		{"lead", "*", problem.Forbidden}, {"colleague", "*", problem.Forbidden}, {"stranger", "*", problem.NotFound},
		{"director", "", problem.MatchRequired}, {"director", `"older"`, problem.Stale},
	} {
		t.Run("revoking by "+c.by+" with tag "+c.match+" is refused", func(t *testing.T) {
			require.Equal(t, c.want, kind(w.revokeGrant(c.by, mine, c.match)))
		})
	}
}

func TestRevoke(t *testing.T) {
	end := noon.Add(time.Hour)
	for name, c := range map[string]struct {
		until, revoked *time.Time
		at             time.Time
		want           problem.Kind
	}{
		"what has no end":         {nil, nil, end, ""},
		"until just before":       {&end, nil, end.Add(-time.Microsecond), ""},
		"at its end it is over":   {&end, nil, end, problem.Conflict},
		"what was revoked before": {nil, &noon, end, problem.Conflict},
	} {
		t.Run(name, func(t *testing.T) {
			e := Exception{Since: noon, Until: c.until, RevokedAt: c.revoked}
			require.Equal(t, c.want, kind(e.revoke(nil, "r", c.at)))
			if c.until == nil {
				return
			}
			g := Grant{Since: noon, Until: *c.until, RevokedAt: c.revoked}
			require.Equal(t, c.want, kind(g.revoke(nil, "r", c.at)))
		})
	}
}
