package matrix_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/matrix"
)

// begin makes a draft of these cells.
func (h *house) begin(t *testing.T, director identity.Identity, cells ...matrix.NewCell) matrix.Seen {
	t.Helper()
	seen, begun, err := h.s.Replace(as(t, director), matrix.Condition{Absent: true}, cells)
	require.NoError(t, err)
	require.True(t, begun)
	return seen
}

func TestDraft(t *testing.T) {
	h := newHouse(t)
	director := h.director(t)
	ctx := as(t, director)
	seen := h.begin(t, director, of("police", "all", "police", authz.Own), of("police", "all", "health", authz.None))

	t.Run("it is read back as begun, with what may be done with it", func(t *testing.T) {
		again, err := h.s.Draft(ctx)
		require.NoError(t, err)
		require.Equal(t, seen.Cells, again.Cells)
		require.Equal(t, seen.Tag, again.Tag)
		require.Equal(t, []string{"getMatrixDraft", "getMatrixDraftFindings", "simulateMatrix", "putMatrixDraft", "patchMatrixDraft", "deleteMatrixDraft", "publishMatrix"}, again.Allowed)
	})

	t.Run("a second one cannot be begun", func(t *testing.T) {
		_, _, err := h.s.Replace(ctx, matrix.Condition{Absent: true}, nil)
		require.Equal(t, problem.Stale, problem.KindOf(err))
	})

	t.Run("it is not replaced without the ETag", func(t *testing.T) {
		_, _, err := h.s.Replace(ctx, matrix.Condition{}, nil)
		require.Equal(t, problem.MatchRequired, problem.KindOf(err))
	})

	t.Run("thrown away it is gone, and the ETag with it", func(t *testing.T) {
		require.Equal(t, problem.Stale, problem.KindOf(h.s.Discard(ctx, `"AAAA"`)))
		require.NoError(t, h.s.Discard(ctx, seen.Tag))
		_, err := h.s.Draft(ctx)
		require.Equal(t, problem.NotFound, problem.KindOf(err))
		_, _, err = h.s.Replace(ctx, matrix.Condition{Match: seen.Tag}, nil)
		require.Equal(t, problem.Stale, problem.KindOf(err))
		require.Equal(t, problem.NotFound, problem.KindOf(h.s.Discard(ctx, seen.Tag)))
	})
}

func TestChange(t *testing.T) {
	h := newHouse(t)
	director := h.director(t)
	ctx := as(t, director)
	begun := h.begin(t, director, of("police", "all", "police", authz.Own), of("police", "all", "health", authz.None))
	seen, err := h.s.Change(ctx, begun.Tag, []matrix.NewCell{of("police", "all", "police", authz.Edit), of("school", "all", "area", authz.Read)},
		[]matrix.NewCell{of("police", "all", "health", "")})
	require.NoError(t, err)

	t.Run("it sets and removes cells", func(t *testing.T) {
		require.Equal(t, []authz.Cell{
			{PartnerType: "police", DossierType: "all", Category: authz.Police, Level: authz.Edit},
			{PartnerType: "school", DossierType: "all", Category: authz.Area, Level: authz.Read},
		}, seen.Cells)
	})

	t.Run("who read it before is told what changed", func(t *testing.T) {
		_, err := h.s.Change(ctx, begun.Tag, []matrix.NewCell{of("police", "all", "police", authz.Own)}, nil)
		require.Equal(t, problem.Stale, problem.KindOf(err))
		require.Equal(t, []string{"/cells"}, fieldNames(err))
	})

	t.Run("to what it is, it changes and records nothing", func(t *testing.T) {
		same, err := h.s.Change(ctx, seen.Tag, []matrix.NewCell{of("school", "all", "area", authz.Read)}, nil)
		require.NoError(t, err)
		require.Equal(t, seen.Tag, same.Tag)
		require.Equal(t, "matrix.draft-begun matrix.draft-changed", one[string](t, h, "select string_agg(event, ' ' order by at) from audit_entry"))
	})

	t.Run("removing a cell that is not there is a conflict", func(t *testing.T) {
		_, err := h.s.Change(ctx, seen.Tag, nil, []matrix.NewCell{of("school", "person", "area", "")})
		require.Equal(t, problem.Conflict, problem.KindOf(err))
	})

	t.Run("setting and removing the same cell is invalid", func(t *testing.T) {
		_, err := h.s.Change(ctx, seen.Tag, []matrix.NewCell{of("school", "all", "area", authz.Own)}, []matrix.NewCell{of("school", "all", "area", "")})
		require.Equal(t, []string{"/remove/0"}, fieldNames(err))
	})
}

func TestPublish(t *testing.T) {
	h := newHouse(t)
	director := h.director(t)
	ctx := as(t, director)

	t.Run("without a draft is a conflict", func(t *testing.T) {
		_, err := h.s.Publish(ctx, matrix.NewPublication{Match: "*", Reason: "Reason"})
		require.Equal(t, problem.Conflict, problem.KindOf(err))
	})

	t.Run("before the first, there is no matrix", func(t *testing.T) {
		_, err := h.s.InForce(ctx)
		require.Equal(t, problem.NotFound, problem.KindOf(err))
	})

	t.Run("makes the draft the version in force", func(t *testing.T) {
		v := h.publish(t, director, of("police", "all", "police", authz.Own), of("police", "person", "police", authz.Read))
		require.EqualValues(t, 1, v.Number)
		p, err := h.s.InForce(as(t, h.person(t, municipality, "residents")))
		require.NoError(t, err)
		require.Equal(t, v.ID, p.ID)
		require.Equal(t, &director.Professional, p.PublishedBy)
		require.Equal(t, []authz.Cell{
			{PartnerType: "police", DossierType: "all", Category: authz.Police, Level: authz.Own},
			{PartnerType: "police", DossierType: "person", Category: authz.Police, Level: authz.Read},
		}, p.Cells)
		_, err = h.s.Draft(ctx)
		require.Equal(t, problem.NotFound, problem.KindOf(err))
		require.Equal(t, int64(1), one[int64](t, h, "select matrix from municipality_stamp where municipality_id = $1", municipality))
		require.Equal(t, 1, one[int](t, h, "select count(*) from audit_entry where event = 'matrix.published' and subject_id = $1", v.ID))
	})

	t.Run("with a stale ETag publishes nothing", func(t *testing.T) {
		seen := h.begin(t, director, of("school", "all", "area", authz.Read))
		_, err := h.s.Change(ctx, seen.Tag, []matrix.NewCell{of("school", "all", "area", authz.None)}, nil)
		require.NoError(t, err)
		_, err = h.s.Publish(ctx, matrix.NewPublication{Match: seen.Tag, Reason: "Reason"})
		require.Equal(t, problem.Stale, problem.KindOf(err))
		require.NoError(t, h.s.Discard(ctx, "*"))
	})
}

func TestVersions(t *testing.T) {
	h := newHouse(t)
	director := h.director(t)
	ctx := as(t, director)

	t.Run("they are kept, the latest first in the list", func(t *testing.T) {
		h.publish(t, director, of("police", "all", "police", authz.Own), of("police", "person", "police", authz.Read))
		h.publish(t, director, of("police", "all", "police", authz.Read))
		h.publish(t, director, of("school", "all", "area", authz.Read))
		rows, next, err := h.s.Versions(ctx, page.Request{Limit: 2})
		require.NoError(t, err)
		require.Equal(t, []int64{3, 2}, []int64{rows[0].Number, rows[1].Number})
		request, err := page.Parse(nil, next)
		require.NoError(t, err)
		rows, next, err = h.s.Versions(ctx, request)
		require.NoError(t, err)
		require.Len(t, rows, 1)
		require.Nil(t, next)
		first, err := h.s.Version(ctx, 1)
		require.NoError(t, err)
		require.Len(t, first.Cells, 2)
		_, err = h.s.Version(ctx, 4)
		require.Equal(t, problem.NotFound, problem.KindOf(err))
	})

	t.Run("the default is published whole", func(t *testing.T) {
		var cells []matrix.NewCell
		for _, c := range matrix.Default() {
			cells = append(cells, of(c.PartnerType, c.DossierType, c.Category.Slug(), c.Level))
		}
		h.publish(t, director, cells...)
		p, err := h.s.InForce(ctx)
		require.NoError(t, err)
		require.Equal(t, matrix.Default(), p.Cells)
	})
}

func TestPublishWhileTheDraftChanges(t *testing.T) {
	h := newHouse(t)
	director := h.director(t)
	seen := h.begin(t, director, of("police", "all", "police", authz.Own))

	// Somebody else's change of the draft, not yet committed when publication begins.
	other, err := pgx.Connect(t.Context(), h.url)
	require.NoError(t, err)
	defer other.Close(t.Context())
	change, err := other.Begin(t.Context())
	require.NoError(t, err)
	_, err = change.Exec(t.Context(), "update matrix_draft set version = version + 1, cells = '[]'")
	require.NoError(t, err)

	published := make(chan error, 1)
	go func() {
		_, err := h.s.Publish(as(t, director), matrix.NewPublication{Match: seen.Tag, Reason: "Reason"})
		published <- err
	}()
	const waits = "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')"
	require.Eventually(t, func() bool { return one[bool](t, h, waits) }, 10*time.Second, time.Millisecond, "publication waits for the change")
	require.NoError(t, change.Commit(t.Context()))
	require.Equal(t, problem.Stale, problem.KindOf(<-published))
	require.Equal(t, 1, one[int](t, h, "select count(*) from matrix_draft"), "the change is still there")
}

func TestWhoMayDoWhat(t *testing.T) {
	h := newHouse(t)
	h.publish(t, h.director(t), of("police", "all", "police", authz.Own))
	uses := map[string]func(identity.Identity) error{
		"read the draft": func(who identity.Identity) error { _, err := h.s.Draft(as(t, who)); return err },
		"begin a draft": func(who identity.Identity) error {
			_, _, err := h.s.Replace(as(t, who), matrix.Condition{}, nil)
			return err
		},
		"change the draft":  func(who identity.Identity) error { _, err := h.s.Change(as(t, who), "*", nil, nil); return err },
		"discard the draft": func(who identity.Identity) error { return h.s.Discard(as(t, who), "*") },
		"check the draft":   func(who identity.Identity) error { _, err := h.s.DraftFindings(as(t, who)); return err },
		"check a version":   func(who identity.Identity) error { _, err := h.s.VersionFindings(as(t, who), 1); return err },
		"publish": func(who identity.Identity) error {
			_, err := h.s.Publish(as(t, who), matrix.NewPublication{Match: "*", Reason: "Reason"})
			return err
		},
	}
	chair := h.person(t, municipality, "municipal-director", identity.Chair, identity.Administrator, identity.ProcessDirector)
	system := chair
	system.Professional = uuid.Nil
	for use, do := range uses {
		t.Run("nobody but the municipal director may "+use, func(t *testing.T) {
			require.Equal(t, problem.Forbidden, problem.KindOf(do(chair)))
			require.Equal(t, problem.Forbidden, problem.KindOf(do(system)))
			require.Equal(t, problem.Unauthenticated, problem.KindOf(do(identity.Identity{})))
		})
	}

	t.Run("the matrix of another municipality is not there", func(t *testing.T) {
		_, err := h.s.InForce(as(t, h.person(t, "GM1948", "police", identity.MunicipalDirector)))
		require.Equal(t, problem.NotFound, problem.KindOf(err))
	})

	t.Run("a director of another municipality publishes his own", func(t *testing.T) {
		v := h.publish(t, h.person(t, "GM1948", "municipal-director", identity.MunicipalDirector), of("police", "all", "area", authz.Read))
		require.EqualValues(t, 1, v.Number)
		require.Equal(t, "GM1948", v.MunicipalityID)
	})
}
