package matrix_test

import (
	"context"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/matrix"
)

func TestSight(t *testing.T) {
	h := newHouse(t)
	director := h.director(t)
	police := h.person(t, municipality, "police")
	profile := authz.Profile("person", "covenant")

	t.Run("it is what the version in force says, from the next request on", func(t *testing.T) {
		for number, level := range []authz.Level{authz.Own, authz.Read, authz.None} {
			h.publish(t, director, of("police", "all", "police", level), of("police", "all", "area", authz.Read))
			who, err := h.s.Sight(t.Context(), police)
			require.NoError(t, err)
			require.EqualValues(t, number+1, who.Versions.Matrix)
			require.Equal(t, level.Acts()&authz.SeeAll != 0, who.Sight.SeeAll.At(profile)&authz.Police.Bit() != 0)
			require.Equal(t, level.Acts()&authz.Add != 0, who.Sight.Add.At(profile)&authz.Police.Bit() != 0)
			require.Equal(t, 5, who.Sight.PartnerType)
		}
	})

	t.Run("a partner's own cell goes before its type's", func(t *testing.T) {
		h.publish(t, director, of("police", "all", "police", authz.Own), of("police", "all", "identity", authz.OnRelease),
			forPartner(police.Partner, "person", "police", authz.Edit))
		mine, err := h.s.Sight(t.Context(), police)
		require.NoError(t, err)
		other, err := h.s.Sight(t.Context(), h.person(t, municipality, "police"))
		require.NoError(t, err)
		require.NotZero(t, mine.Sight.EditAll.At(profile))
		require.Zero(t, mine.Sight.EditAll.At(authz.Profile("family", "covenant")))
		require.Zero(t, other.Sight.EditAll.At(profile))
	})

	t.Run("a system has its client's categories only", func(t *testing.T) {
		h.publish(t, director, of("police", "all", "police", authz.Read), of("police", "all", "area", authz.Read))
		system := police
		system.Professional, system.Categories = uuid.Nil, []string{"area"}
		who, err := h.s.Sight(t.Context(), system)
		require.NoError(t, err)
		require.Equal(t, authz.Area.Bit(), who.Sight.SeeAll.At(profile))
	})
}

func TestSightOfADirector(t *testing.T) {
	h := newHouse(t)
	director := h.director(t)
	profile := authz.Profile("person", "covenant")

	t.Run("the role of director has the director's cells beside his partner's; a system has no role", func(t *testing.T) {
		h.publish(t, director, of("municipal-director", "all", "identity", authz.Edit))
		both := h.person(t, municipality, "police", identity.MunicipalDirector)
		who, err := h.s.Sight(t.Context(), both)
		require.NoError(t, err)
		require.Zero(t, who.Sight.SeeAll.At(profile))
		require.NotZero(t, who.Sight.SeeAll.At(authz.DirectorProfile("person", "covenant")))
		both.Professional = uuid.Nil
		who, err = h.s.Sight(t.Context(), both)
		require.NoError(t, err)
		require.Zero(t, who.Sight.SeeAll.At(authz.DirectorProfile("person", "covenant")))
	})
}

func TestSightFailsClosed(t *testing.T) {
	h := newHouse(t)
	director := h.director(t)
	police := h.person(t, municipality, "police")

	t.Run("without a published matrix there is no right", func(t *testing.T) {
		who, err := h.s.Sight(t.Context(), director)
		require.NoError(t, err)
		require.Equal(t, identity.Sight{}, who.Sight)
		require.Zero(t, who.Versions.Matrix)
	})

	h.publish(t, director, of("police", "all", "police", authz.Own))
	t.Run("an unknown partner type has no right", func(t *testing.T) {
		stranger := police
		stranger.PartnerType = "wizards"
		who, err := h.s.Sight(t.Context(), stranger)
		require.NoError(t, err)
		require.Zero(t, who.Sight.Admits)
	})

	t.Run("a version that is missing gives no right", func(t *testing.T) {
		h.exec(t, "update municipality_stamp set matrix = 99 where municipality_id = $1", municipality)
		who, err := h.s.Sight(t.Context(), police)
		require.NoError(t, err)
		require.Equal(t, identity.Sight{}, who.Sight)
		require.EqualValues(t, 99, who.Versions.Matrix)
	})
}

func TestPublicationCountsAtTheNextRequest(t *testing.T) {
	h := newHouse(t)
	director, police := h.director(t), h.person(t, municipality, "police")
	h.publish(t, director, of("police", "all", "police", authz.Own))
	// Another instance of the program: it hears of a publication by the stamp alone.
	other := matrix.New(h.k, h.lists, h.people)
	renewed := 0
	var renew func(context.Context) (identity.Identity, error)
	renew = func(ctx context.Context) (identity.Identity, error) {
		renewed++
		who, err := other.Sight(ctx, police)
		who.Versions.People, who.Renew = 1, renew
		return who, err
	}
	who, err := renew(t.Context())
	require.NoError(t, err)
	sees := func() (level authz.Level) {
		require.NoError(t, h.k.DB.Tx(as(t, who), func(ctx context.Context) error {
			who, err = identity.From(ctx)
			return err
		}))
		for _, l := range authz.Levels() {
			if who.Sight.SeeAll.At(0) != 0 == (l.Acts()&authz.SeeAll != 0) && who.Sight.Add.At(0) != 0 == (l.Acts()&authz.Add != 0) {
				return l
			}
		}
		return authz.None
	}

	require.Equal(t, authz.Own, sees())
	require.Equal(t, 1, renewed)
	h.publish(t, director, of("police", "all", "police", authz.Read))
	require.Equal(t, authz.Read, sees())
	require.Equal(t, 2, renewed)
	sees()
	require.Equal(t, 2, renewed, "made anew once per publication")
}

func TestSightUnderConcurrency(t *testing.T) {
	h := newHouse(t)
	director := h.director(t)
	police, school := h.person(t, municipality, "police"), h.person(t, municipality, "school")
	levels := []authz.Level{authz.Read, authz.None, authz.Edit, authz.Own, authz.Contribute, authz.None, authz.Read}
	publish := func(level authz.Level) {
		h.publish(t, director, of("police", "all", "police", level), of("police", "all", "identity", authz.OnRelease))
	}
	publish(levels[0])

	var asking sync.WaitGroup
	for i := range 8 {
		who := []identity.Identity{police, school}[i%2]
		asking.Go(func() {
			for last := int64(0); last < int64(len(levels)); {
				got, err := h.s.Sight(context.Background(), who)
				if err != nil {
					t.Errorf("sight: %v", err)
					return
				}
				last = got.Versions.Matrix
				want := who.PartnerType == "police" && levels[last-1].Acts()&authz.SeeAll != 0
				if want != (got.Sight.SeeAll.At(0)&authz.Police.Bit() != 0) {
					t.Errorf("version %d shows what another version says", last)
					return
				}
			}
		})
	}
	for _, level := range levels[1:] {
		publish(level)
	}
	asking.Wait()
}

func TestTwoPublishAtOnce(t *testing.T) {
	h := newHouse(t)
	director := h.director(t)
	seen := h.begin(t, director, of("police", "all", "police", authz.Own))

	publication := matrix.NewPublication{Match: seen.Tag, Reason: "Reason", Acknowledged: h.warnings(t, director)}
	errs := make([]error, 4)
	var publishing sync.WaitGroup
	for i := range errs {
		publishing.Go(func() { _, errs[i] = h.s.Publish(identity.With(context.Background(), director), publication) })
	}
	publishing.Wait()
	done := 0
	for _, err := range errs {
		if err == nil {
			done++
			continue
		}
		require.Equal(t, problem.Conflict, problem.KindOf(err), "%v", err)
	}
	require.Equal(t, 1, done)
	require.Equal(t, 1, one[int](t, h, "select count(*) from matrix_version"))
}
