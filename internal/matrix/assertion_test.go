package matrix_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/matrix"
)

func TestAssertionMeans(t *testing.T) {
	police := matrix.Party{ID: newID(), Type: "police", Domain: "safety"}
	for name, c := range map[string]struct {
		a     matrix.Assertion
		party matrix.Party
		means bool
	}{
		"a partner of a type":                         {matrix.Assertion{PartnerTypes: []string{"school", "police"}}, police, true},
		"a type itself":                               {matrix.Assertion{PartnerTypes: []string{"police"}}, matrix.Party{Type: "police"}, true},
		"not a partner of another type":               {matrix.Assertion{PartnerTypes: []string{"school"}}, police, false},
		"a partner of the domain":                     {matrix.Assertion{PartnerDomain: "safety"}, police, true},
		"not a partner of both domains":               {matrix.Assertion{PartnerDomain: "safety"}, matrix.Party{Domain: "both"}, false},
		"a partner by name":                           {matrix.Assertion{PartnerIDs: []uuid.UUID{police.ID}}, police, true},
		"not the type of a partner by name":           {matrix.Assertion{PartnerIDs: []uuid.UUID{police.ID}}, matrix.Party{Type: "police"}, false},
		"who is meant in one way of several":          {matrix.Assertion{PartnerDomain: "social", PartnerTypes: []string{"police"}}, police, true},
		"nobody without saying whom":                  {matrix.Assertion{}, matrix.Party{}, false},
		"nobody of a domain that the list leaves out": {matrix.Assertion{PartnerDomain: "safety"}, matrix.Party{Type: "police"}, false},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.means, c.a.Means(c.party)) })
	}
}

func TestAssertionForbids(t *testing.T) {
	a := matrix.Assertion{
		Status: matrix.AssertionActive, DossierTypes: []string{"person", "family"}, Categories: []string{"health", "finance"}, Acts: []string{"see-all", "edit-all"},
	}
	require.Equal(t, authz.SeeAll|authz.EditAll, a.Forbids("family", authz.Finance))
	require.Zero(t, a.Forbids("group", authz.Finance), "another kind of dossier")
	require.Zero(t, a.Forbids("person", authz.Police), "another category")
	a.DossierTypes = nil
	require.NotZero(t, a.Forbids("group", authz.Finance), "without kinds all of them")
	a.Status = matrix.AssertionWithdrawn
	require.Zero(t, a.Forbids("person", authz.Health), "one that is withdrawn does not count")
}

// noSafety says that no partner of the safety domain sees health, not even after release.
func noSafety() matrix.Assertion {
	return matrix.Assertion{
		Name: "No safety partner sees health", Reason: "Covenant.", PartnerDomain: "safety", Categories: []string{"health"}, Acts: []string{"see-released", "see-all"},
	}
}

// attempt publishes a draft of these cells, and throws it away when that is refused.
func (h *house) attempt(t *testing.T, director identity.Identity, cells ...matrix.NewCell) error {
	t.Helper()
	ctx := as(t, director)
	seen := h.begin(t, director, cells...)
	_, err := h.s.Publish(ctx, matrix.NewPublication{Match: seen.Tag, Reason: "Agreed.", Acknowledged: h.warnings(t, director)})
	if err != nil {
		again, findErr := h.s.Draft(ctx)
		require.NoError(t, findErr)
		require.Equal(t, seen.Tag, again.Tag, "what is refused changes nothing")
		require.NoError(t, h.s.Discard(ctx, seen.Tag))
	}
	return err
}

func TestPublicationHoldsTheAssertions(t *testing.T) {
	h := newHouse(t)
	director := h.director(t)
	ctx := as(t, director)
	read, released := of("police", "all", "identity", authz.Read), of("police", "family", "health", authz.OnRelease)
	a, err := h.s.Assert(ctx, noSafety())
	require.NoError(t, err)
	number := func() int { return one[int](t, h, "select count(*) from matrix_version") }

	t.Run("a matrix that breaks one is refused with an example", func(t *testing.T) {
		err := h.attempt(t, director, read, released)
		require.Equal(t, problem.Conflict, problem.KindOf(err))
		require.ErrorContains(t, err, `"No safety partner sees health": police, family, health = on-release`)
		require.Zero(t, number())
	})
	t.Run("one that does not is published", func(t *testing.T) {
		require.NoError(t, h.attempt(t, director, read, of("police", "all", "health", authz.None), of("mental-health-care", "all", "identity", authz.Read)))
		require.Equal(t, 1, number())
	})
	t.Run("the cells of one partner are held against its own domain", func(t *testing.T) {
		school := h.person(t, municipality, "school").Partner
		mine := forPartner(school, "all", "health", authz.Read)
		h.exec(t, "update partner set domain = 'safety', name = 'Schoolwacht' where id = $1", school)
		require.ErrorContains(t, h.attempt(t, director, read, of("school", "all", "identity", authz.Read), mine), "Schoolwacht, person, health = read")
		h.exec(t, "update partner set status = 'suspended' where id = $1", school)
		require.NoError(t, h.attempt(t, director, read, of("school", "all", "identity", authz.Read), mine), "who may not come in has no rights")
		require.NoError(t, h.attempt(t, director, read))
	})
	t.Run("withdrawn it does not count, and counts again only when it is true", func(t *testing.T) {
		status := func(s string) error {
			_, err := h.s.UpdateAssertion(ctx, etag.Key{ID: a.ID, Match: "*"}, func(a *matrix.Assertion) { a.Status = s })
			return err
		}
		require.NoError(t, status(matrix.AssertionWithdrawn))
		require.NoError(t, h.attempt(t, director, read, released))
		require.Equal(t, problem.Conflict, problem.KindOf(status(matrix.AssertionActive)))
		_, err := h.s.Assert(ctx, noSafety())
		require.Equal(t, problem.Conflict, problem.KindOf(err))
		require.ErrorContains(t, err, "police, family, health = on-release")
		require.NoError(t, h.attempt(t, director, read))
		require.NoError(t, status(matrix.AssertionActive))
	})
	require.Equal(t, 2, one[int](t, h, "select count(*) from audit_entry where event = 'assertion.changed' or event = 'assertion.withdrawn'"))
}

func TestAssert(t *testing.T) {
	h := newHouse(t)
	director := h.director(t)
	ctx := as(t, director)

	t.Run("everything that is wrong is told at once", func(t *testing.T) {
		a := noSafety()
		a.PartnerTypes, a.PartnerIDs, a.Categories = []string{"police", "florist"}, []uuid.UUID{newID()}, []string{"weather"}
		_, err := h.s.Assert(ctx, a)
		var p *problem.Error
		require.ErrorAs(t, err, &p)
		require.Equal(t, problem.Invalid, p.Kind)
		var at []string
		for _, f := range p.Fields {
			at = append(at, f.Name)
		}
		require.Equal(t, []string{"/partnerTypes/1", "/partnerIds/0", "/categories/0"}, at)
	})
	t.Run("it is about somebody", func(t *testing.T) {
		a := noSafety()
		a.PartnerDomain = ""
		_, err := h.s.Assert(ctx, a)
		require.Equal(t, problem.Invalid, problem.KindOf(err))
	})
	t.Run("a professional reads it and does not make or withdraw it", func(t *testing.T) {
		made, err := h.s.Assert(ctx, noSafety())
		require.NoError(t, err)
		officer := as(t, h.person(t, municipality, "police", identity.PrivacyOfficer))
		_, err = h.s.Assert(officer, noSafety())
		require.Equal(t, problem.Forbidden, problem.KindOf(err))
		_, err = h.s.UpdateAssertion(officer, etag.Key{ID: made.ID, Match: "*"}, func(a *matrix.Assertion) { a.Status = matrix.AssertionWithdrawn })
		require.Equal(t, problem.Forbidden, problem.KindOf(err))
		rows, _, err := h.s.Assertions(officer, page.Request{Limit: 5})
		require.NoError(t, err)
		require.Len(t, rows, 1)
		require.Equal(t, made.Name, rows[0].Name)
		abroad := as(t, h.person(t, "GM1948", "municipal-director", identity.MunicipalDirector))
		_, err = h.s.Assertion(abroad, made.ID)
		require.Equal(t, problem.NotFound, problem.KindOf(err))
	})
}

func TestPermits(t *testing.T) {
	h := newHouse(t)
	director := h.director(t)
	police, school := h.person(t, municipality, "police").Partner, h.person(t, municipality, "school").Partner
	a := noSafety()
	a.PartnerDomain, a.PartnerTypes, a.Acts = "", []string{"police"}, []string{"see-all"}
	made, err := h.s.Assert(as(t, director), a)
	require.NoError(t, err)
	permits := func(partner uuid.UUID, c authz.Category, level authz.Level) (err error) {
		require.NoError(t, h.k.DB.Tx(as(t, director), func(ctx context.Context) error {
			err = h.s.Permits(ctx, partner, "person", c, level)
			return nil
		}))
		return err
	}
	err = permits(police, authz.Health, authz.Read)
	require.Equal(t, problem.Conflict, problem.KindOf(err))
	require.ErrorContains(t, err, `"No safety partner sees health"`)
	require.NoError(t, permits(police, authz.Health, authz.OnRelease), "a level without the act")
	require.NoError(t, permits(police, authz.Police, authz.Edit), "another category")
	require.NoError(t, permits(school, authz.Health, authz.Edit), "another partner")
	_, err = h.s.UpdateAssertion(as(t, director), etag.Key{ID: made.ID, Match: "*"}, func(a *matrix.Assertion) { a.Status = matrix.AssertionWithdrawn })
	require.NoError(t, err)
	require.NoError(t, permits(police, authz.Health, authz.Read))
}
