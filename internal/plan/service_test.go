package plan

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func TestCreate(t *testing.T) {
	w := newWorld(t)

	t.Run("the chair agrees an action with a participant, and it is told once", func(t *testing.T) {
		seen, err := w.s.Create(w.as("chair"), w.dossier, nil, w.action("police"))
		require.NoError(t, err)
		require.Equal(t, Open, seen.Status)
		require.Equal(t, "Passage", *seen.Ref.Title)
		require.Equal(t, []string{"getAction", "listCompletions", "listDeferrals", "listAssignments", "listActionReopenings", "listActionCancellations", "updateAction", "cancelAction"}, seen.Allowed)
		supplier := w.people["police"].partner
		require.Equal(t, []event{{"action.created", seen.ID, new(13), &supplier, []string{}, "covenant"}}, w.events())
	})
	t.Run("a contributing partner agrees one with another", func(t *testing.T) {
		_, err := w.s.Create(w.as("police"), w.dossier, nil, w.action("housing"))
		require.NoError(t, err)
	})
	t.Run("a partner with its own actions only agrees one with itself", func(t *testing.T) {
		_, err := w.s.Create(w.as("housing"), w.dossier, nil, w.action("housing"))
		require.NoError(t, err)
	})
	t.Run("a partner with its own actions only may not agree one for another", func(t *testing.T) {
		_, err := w.s.Create(w.as("housing"), w.dossier, nil, w.action("police"))
		require.True(t, problem.Is(err, problem.Forbidden))
	})
	t.Run("a dossier that the caller takes no part in is like one that is not there", func(t *testing.T) {
		_, there := w.s.Create(w.as("school"), w.dossier, nil, w.action("school"))
		_, nowhere := w.s.Create(w.as("school"), uuid.New(), nil, w.action("school"))
		require.Equal(t, []string{"/dossierId"}, pointers(t, there))
		require.Equal(t, nowhere, there)
	})
	t.Run("a meeting that is not known is not valid", func(t *testing.T) {
		_, err := w.s.Create(w.as("chair"), w.dossier, new(uuid.New()), w.action("police"))
		require.Equal(t, []string{"/meetingId"}, pointers(t, err))
	})
	t.Run("everything that does not fit is named at once", func(t *testing.T) {
		n := w.action("police")
		n.ProfessionalID, n.LifeDomain = new(w.people["housing"].id), "weather"
		_, err := w.s.Create(w.as("chair"), w.dossier, nil, n)
		require.Equal(t, []string{"/professionalId", "/lifeDomain"}, pointers(t, err))
	})
	t.Run("a partner that takes no part is told like one that is not there", func(t *testing.T) {
		absent, unknown := w.action("school"), w.action("school")
		unknown.PartnerID = uuid.New()
		_, there := w.s.Create(w.as("chair"), w.dossier, nil, absent)
		_, nowhere := w.s.Create(w.as("chair"), w.dossier, nil, unknown)
		require.Equal(t, []string{"/partnerId"}, pointers(t, there))
		require.Equal(t, nowhere, there)
	})
	t.Run("a term that ended yesterday is a conflict", func(t *testing.T) {
		n := w.action("police")
		n.DueDate = w.in(-1)
		_, err := w.s.Create(w.as("chair"), w.dossier, nil, n)
		require.True(t, problem.Is(err, problem.Conflict))
	})
}

func TestCreateInADossierThatEnded(t *testing.T) {
	w := newWorld(t)

	t.Run("rejected is a conflict", func(t *testing.T) {
		w.exec("update dossier set status = 'rejected'")
		_, err := w.s.Create(w.as("chair"), w.dossier, nil, w.action("police"))
		require.True(t, problem.Is(err, problem.Conflict))
	})
	t.Run("closed is shielded", func(t *testing.T) {
		w.exec("update dossier set status = 'closed', shielded_at = now()")
		w.exec("update admission set shielded = true")
		_, err := w.s.Create(w.as("chair"), w.dossier, nil, w.action("police"))
		require.True(t, problem.Is(err, problem.Shielded))
	})
}

func TestCreateForAMeeting(t *testing.T) {
	w := newWorld(t)
	meeting := uuid.Must(uuid.NewV7())
	w.exec(`insert into meeting (municipality_id, id, version, title, chair_id, starts_at, ends_at, status, scheduled_by, changed_at)
		values ($1, $2, 1, 'Overleg', $3, $4, $4::timestamptz + interval '1 hour', 'planned', $3, now())`,
		home, meeting, w.people["chair"].id, w.in(3).Add(9*time.Hour))
	w.s.MeetingStart = func(context.Context, uuid.UUID) (time.Time, error) { return w.in(3).Add(9 * time.Hour), nil }

	t.Run("a term before the meeting is a conflict", func(t *testing.T) {
		n := w.action("police")
		n.DueDate = w.in(2)
		_, err := w.s.Create(w.as("chair"), w.dossier, &meeting, n)
		require.True(t, problem.Is(err, problem.Conflict))
	})
	t.Run("a term on the day of the meeting is kept with it", func(t *testing.T) {
		n := w.action("police")
		n.DueDate = w.in(3)
		seen, err := w.s.Create(w.as("chair"), w.dossier, &meeting, n)
		require.NoError(t, err)
		require.Equal(t, meeting, *seen.MeetingID)

		_, err = w.s.Update(w.as("chair"), etag.Key{ID: seen.ID, Match: seen.Tag}, Change{DueDate: new(w.in(2))})
		require.True(t, problem.Is(err, problem.Conflict))
	})
}

func TestCreateIn(t *testing.T) {
	w := newWorld(t)
	count := func() (n int) {
		require.NoError(t, w.admin.QueryRow(t.Context(), "select count(*) from action").Scan(&n))
		return n
	}
	in := func(actions ...NewAction) error {
		return w.k.DB.Tx(w.as("chair"), func(ctx context.Context) error {
			d, err := w.s.dossiers.Find(ctx, w.dossier)
			if err != nil {
				return err
			}
			subjects, _, err := w.s.CreateIn(ctx, Occasion{Dossier: d}, actions)
			if err == nil {
				require.Len(t, subjects, len(actions))
			}
			return err
		})
	}

	t.Run("what is wrong is named by its place, and nothing is left", func(t *testing.T) {
		require.Equal(t, []string{"/actions/1/partnerId"}, pointers(t, in(w.action("police"), w.action("school"))))
		require.Zero(t, count())
	})
	t.Run("the actions are there, and tell nothing themselves", func(t *testing.T) {
		require.NoError(t, in(w.action("police"), w.action("housing")))
		require.Equal(t, 2, count())
		require.Empty(t, w.events())
	})
}

func TestUpdate(t *testing.T) {
	w := newWorld(t)
	seen := w.agreed("police")
	better := Change{Description: new("Visit the residents and the shopkeepers.")}

	t.Run("without an entity tag it is refused", func(t *testing.T) {
		_, err := w.s.Update(w.as("case-director"), etag.Key{ID: seen.ID}, better)
		require.True(t, problem.Is(err, problem.MatchRequired))
	})
	t.Run("who carries it out may not change what was agreed", func(t *testing.T) {
		_, err := w.s.Update(w.as("police"), etag.Key{ID: seen.ID, Match: seen.Tag}, better)
		require.True(t, problem.Is(err, problem.Forbidden))
	})
	t.Run("who may not read it does not find it", func(t *testing.T) {
		_, err := w.s.Update(w.as("housing"), etag.Key{ID: seen.ID, Match: seen.Tag}, better)
		require.True(t, problem.Is(err, problem.NotFound))
	})
	t.Run("an unknown life domain is not valid", func(t *testing.T) {
		_, err := w.s.Update(w.as("case-director"), etag.Key{ID: seen.ID, Match: seen.Tag}, Change{LifeDomain: new("weather")})
		require.Equal(t, []string{"/lifeDomain"}, pointers(t, err))
	})
	t.Run("the same again changes nothing and tells nothing", func(t *testing.T) {
		before := len(w.events())
		again, err := w.s.Update(w.as("case-director"), etag.Key{ID: seen.ID, Match: seen.Tag}, Change{Track: &seen.Track})
		require.NoError(t, err)
		require.Equal(t, seen.Tag, again.Tag)
		require.Len(t, w.events(), before)
	})
	t.Run("the case director changes it, and the fields are told", func(t *testing.T) {
		after, err := w.s.Update(w.as("case-director"), etag.Key{ID: seen.ID, Match: seen.Tag}, better)
		require.NoError(t, err)
		require.Equal(t, *better.Description, after.Description)
		last := w.events()[len(w.events())-1]
		require.Equal(t, "action.changed", last.Name)
		require.Equal(t, []string{"description"}, last.Fields)
	})
	t.Run("with an older entity tag it is stale, and the field is named", func(t *testing.T) {
		_, err := w.s.Update(w.as("chair"), etag.Key{ID: seen.ID, Match: seen.Tag}, Change{Track: new("enforcement")})
		var p *problem.Error
		require.ErrorAs(t, err, &p)
		require.Equal(t, problem.Stale, p.Kind)
		require.Equal(t, "/description", p.Fields[0].Name)
	})
}

func TestCompletion(t *testing.T) {
	w := newWorld(t)
	seen := w.agreed("police")

	t.Run("another partner may not complete it", func(t *testing.T) {
		w.people["other-police"] = person{}
		w.hire("other-police", home, "police")
		w.join(w.dossier, "other-police", 0)
		_, err := w.s.Complete(w.as("other-police"), etag.Key{ID: seen.ID, Match: seen.Tag}, Outcome{Result: Achieved, Note: ""})
		require.True(t, problem.Is(err, problem.Forbidden))
	})
	t.Run("nor may the chair, who agreed it", func(t *testing.T) {
		_, err := w.s.Complete(w.as("chair"), etag.Key{ID: seen.ID, Match: seen.Tag}, Outcome{Result: Achieved, Note: ""})
		require.True(t, problem.Is(err, problem.Forbidden))
	})
	t.Run("its partner completes it with a result, and it is told once", func(t *testing.T) {
		done, err := w.s.Complete(w.as("police"), etag.Key{ID: seen.ID, Match: seen.Tag}, Outcome{Result: Partly, Note: "Two of three."})
		require.NoError(t, err)
		require.Equal(t, w.people["police"].id, *done.CompletedBy)
		supplier := w.people["police"].partner
		require.Equal(t, event{"action.completed", seen.ID, new(13), &supplier, []string{"status"}, "covenant"}, w.events()[1])
		require.Len(t, w.events(), 2)

		after, err := w.s.Get(w.as("chair"), seen.ID)
		require.NoError(t, err)
		require.Equal(t, Done, after.Status)
		require.Equal(t, Partly, after.Completion.Result)
		require.NotEqual(t, seen.Tag, after.Tag)
	})
	t.Run("a second time is a conflict", func(t *testing.T) {
		_, err := w.s.Complete(w.as("case-director"), etag.Key{ID: seen.ID, Match: "*"}, Outcome{Result: Achieved, Note: ""})
		require.True(t, problem.Is(err, problem.Conflict))
	})
	t.Run("the past can be read back by who may read the action", func(t *testing.T) {
		rows, next, err := w.s.Completions(w.as("police"), seen.ID, page.Request{Limit: 10})
		require.NoError(t, err)
		require.Nil(t, next)
		require.Len(t, rows, 1)
		one, err := w.s.Completion(w.as("police"), seen.ID, rows[0].ID)
		require.NoError(t, err)
		require.Equal(t, rows[0], one)

		_, _, err = w.s.Completions(w.as("housing"), seen.ID, page.Request{Limit: 10})
		require.True(t, problem.Is(err, problem.NotFound))
	})
	t.Run("the system of its partner completes one in nobody's name", func(t *testing.T) {
		seen := w.agreed("housing")
		done, err := w.s.Complete(w.system("housing"), etag.Key{ID: seen.ID, Match: seen.Tag}, Outcome{Result: Achieved, Note: ""})
		require.NoError(t, err)
		require.Nil(t, done.CompletedBy)
	})
	t.Run("who stands in for the professional is told with him", func(t *testing.T) {
		seen := w.agreed("police")
		ctx := w.as("other-police")
		who, err := identity.From(ctx)
		require.NoError(t, err)
		who.Partner = w.people["police"].partner
		who.Substitutes = []identity.Substitution{{For: w.people["police"].id, From: time.Now().Add(-time.Hour), Until: time.Now().Add(time.Hour)}}
		_, err = w.s.Complete(identity.With(ctx, who), etag.Key{ID: seen.ID, Match: seen.Tag}, Outcome{Result: Achieved, Note: ""})
		require.NoError(t, err)
		var inNameOf uuid.UUID
		query := "select in_name_of from audit_entry where event = 'action.completed' and subject_id = $1"
		require.NoError(t, w.admin.QueryRow(t.Context(), query, seen.ID).Scan(&inNameOf))
		require.Equal(t, w.people["police"].id, inNameOf)
	})
}
