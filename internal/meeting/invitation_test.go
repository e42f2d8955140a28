package meeting

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func TestInvite(t *testing.T) {
	w := newWorld(t)
	m := w.scheduled()

	t.Run("who is not invited does not find the meeting", func(t *testing.T) {
		_, err := w.s.Get(w.as("police"), m.ID)
		require.True(t, problem.Is(err, problem.NotFound))
	})
	t.Run("who is invited does", func(t *testing.T) {
		w.invited(m, "police")
		require.Equal(t, []string{
			"getMeeting", "listAgendaItems", "listInvitations", "listMeetingCancellations", "listMeetingFinalisations", "listAttendances", "getMinutes",
			"listAgendaProposals", "proposeAgendaItem",
		}, w.get("police", m).Allowed)
	})
	t.Run("twice is a conflict", func(t *testing.T) {
		_, err := w.s.Invite(w.as("chair"), m.ID, NewInvitation{ProfessionalID: new(w.people["police"].id)})
		require.True(t, problem.Is(err, problem.Conflict))
	})
	t.Run("who is invited may not invite", func(t *testing.T) {
		_, err := w.s.Invite(w.as("police"), m.ID, NewInvitation{ProfessionalID: new(w.people["housing"].id)})
		require.True(t, problem.Is(err, problem.Forbidden))
	})
	for name, n := range map[string]NewInvitation{
		"neither professional nor guest is not valid": {},
		"both is not valid":                           {ProfessionalID: new(w.people["housing"].id), Guest: &Guest{Name: "R. Jansen"}},
		"an unknown professional is not valid":        {ProfessionalID: new(uuid.New())},
		"what is not on the agenda is not valid":      {ProfessionalID: new(w.people["housing"].id), AgendaItemIDs: []uuid.UUID{uuid.New()}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.s.Invite(w.as("chair"), m.ID, n)
			require.Len(t, pointers(t, err), 1)
		})
	}
	t.Run("page after page gives each once", func(t *testing.T) {
		_, err := w.s.Invite(w.as("chair"), m.ID, NewInvitation{Guest: &Guest{Name: "R. Jansen", Organisation: "Winkeliers"}})
		require.NoError(t, err)
		rows, next, err := w.s.ListInvitations(w.as("police"), m.ID, page.Request{Limit: 1})
		require.NoError(t, err)
		p, err := page.Parse(new(1), next)
		require.NoError(t, err)
		more, end, err := w.s.ListInvitations(w.as("police"), m.ID, p)
		require.NoError(t, err)
		require.Nil(t, end)
		require.Len(t, more, 1)
		require.NotEqual(t, rows[0].ID, more[0].ID)
	})
}

func TestRespond(t *testing.T) {
	w := newWorld(t)
	m := w.scheduled()
	invitation := w.invited(m, "police")
	w.invited(m, "housing")
	key := etag.Key{ID: invitation.ID, Match: etag.Of(invitation)}

	t.Run("another who is invited may not answer for him", func(t *testing.T) {
		_, err := w.s.Respond(w.as("housing"), m.ID, key, Accepted)
		require.True(t, problem.Is(err, problem.Forbidden))
	})
	t.Run("nor may the chair", func(t *testing.T) {
		_, err := w.s.Respond(w.as("chair"), m.ID, key, Accepted)
		require.True(t, problem.Is(err, problem.Forbidden))
	})
	t.Run("without an entity tag it is refused", func(t *testing.T) {
		_, err := w.s.Respond(w.as("police"), m.ID, etag.Key{ID: invitation.ID}, Accepted)
		require.True(t, problem.Is(err, problem.MatchRequired))
	})
	t.Run("he answers himself, with the tag that the chair got", func(t *testing.T) {
		after, err := w.s.Respond(w.as("police"), m.ID, key, Accepted)
		require.NoError(t, err)
		require.Equal(t, Accepted, after.Response)
		one, err := w.s.GetInvitation(w.as("chair"), m.ID, invitation.ID)
		require.NoError(t, err)
		require.Equal(t, etag.Of(after), etag.Of(one))
	})
	t.Run("for a guest the chair answers", func(t *testing.T) {
		guest, err := w.s.Invite(w.as("chair"), m.ID, NewInvitation{Guest: &Guest{Name: "R. Jansen", Organisation: "Winkeliers"}})
		require.NoError(t, err)
		after, err := w.s.Respond(w.as("chair"), m.ID, etag.Key{ID: guest.ID, Match: "*"}, Declined)
		require.NoError(t, err)
		require.Equal(t, Declined, after.Response)
	})
	t.Run("after the meeting it is a conflict", func(t *testing.T) {
		_, err := w.s.Update(w.as("chair"), etag.Key{ID: m.ID, Match: "*"}, new(Held), func(*Meeting) {})
		require.NoError(t, err)
		_, err = w.s.Respond(w.as("police"), m.ID, etag.Key{ID: invitation.ID, Match: "*"}, Declined)
		require.True(t, problem.Is(err, problem.Conflict))
	})
}

func TestAgendaOfAMeeting(t *testing.T) {
	w := newWorld(t)
	m := w.scheduled()
	w.invited(m, "police")
	hidden := w.put(m, w.second)

	t.Run("who directs a dossier hears that it is on an agenda", func(t *testing.T) {
		require.Equal(t, []event{{"meeting.agenda-changed", w.second, m.ID, nil}}, w.events())
	})
	before := w.get("police", m)
	t.Run("a reader does not see a dossier that he does not know", func(t *testing.T) { require.Empty(t, before.AgendaItems) })
	t.Run("nor who is invited for that alone", func(t *testing.T) {
		_, err := w.s.Invite(w.as("chair"), m.ID, NewInvitation{
			Guest: &Guest{Name: "R. Jansen", Organisation: "Winkeliers"}, AgendaItemIDs: []uuid.UUID{hidden.ID},
		})
		require.NoError(t, err)
		require.Equal(t, before.Tag, w.get("police", m).Tag)
		require.Len(t, w.get("chair", m).Invitations, 2)
	})
	t.Run("what he sees counts from one", func(t *testing.T) {
		item := w.put(m, w.first)
		require.Equal(t, 2, item.Position)
		seen, err := w.s.GetAgendaItem(w.as("police"), m.ID, item.ID)
		require.NoError(t, err)
		require.Equal(t, 1, seen.Position)
		_, err = w.s.GetAgendaItem(w.as("police"), m.ID, hidden.ID)
		require.True(t, problem.Is(err, problem.NotFound))
	})
	t.Run("a subject can be put first, and the others move", func(t *testing.T) {
		item, err := w.s.AddAgendaItem(w.as("chair"), m.ID, NewAgendaItem{Title: "Opening", Position: new(1), Minutes: 5})
		require.NoError(t, err)
		require.Equal(t, 1, item.Position)
		items, next, err := w.s.ListAgendaItems(w.as("chair"), m.ID, page.Request{Limit: 2})
		require.NoError(t, err)
		require.Equal(t, []uuid.UUID{item.ID, hidden.ID}, []uuid.UUID{items[0].ID, items[1].ID})
		p, err := page.Parse(new(2), next)
		require.NoError(t, err)
		items, _, err = w.s.ListAgendaItems(w.as("chair"), m.ID, p)
		require.NoError(t, err)
		require.Len(t, items, 1)
		require.Equal(t, 3, items[0].Position)
	})
	t.Run("the same dossier twice is a conflict", func(t *testing.T) {
		_, err := w.s.AddAgendaItem(w.as("chair"), m.ID, NewAgendaItem{DossierID: &w.first, Minutes: 5})
		require.True(t, problem.Is(err, problem.Conflict))
	})
	t.Run("a dossier that the chair does not know is not valid, and neither is nothing", func(t *testing.T) {
		_, err := w.s.AddAgendaItem(w.as("chair"), m.ID, NewAgendaItem{DossierID: new(uuid.New()), Minutes: 5})
		require.Equal(t, []string{"/dossierId"}, pointers(t, err))
		_, err = w.s.AddAgendaItem(w.as("chair"), m.ID, NewAgendaItem{Minutes: 5})
		require.Equal(t, []string{"/title"}, pointers(t, err))
	})
	t.Run("who is invited may not", func(t *testing.T) {
		_, err := w.s.AddAgendaItem(w.as("police"), m.ID, NewAgendaItem{DossierID: &w.first, Minutes: 5})
		require.True(t, problem.Is(err, problem.Forbidden))
	})
	t.Run("a closed dossier is shielded", func(t *testing.T) {
		closed := w.start()
		w.exec("update dossier set status = 'closed', shielded_at = now() where id = $1", closed)
		w.exec("update admission set shielded = true where dossier_id = $1", closed)
		_, err := w.s.AddAgendaItem(w.as("chair"), m.ID, NewAgendaItem{DossierID: &closed, Minutes: 5})
		require.True(t, problem.Is(err, problem.Shielded))
	})
}
