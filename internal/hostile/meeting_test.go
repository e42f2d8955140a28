package hostile

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// TestWhoIsInvitedForOneSubject reads the rest of the agenda.
func TestWhoIsInvitedForOneSubject(t *testing.T) {
	w := live.Start(t)
	c := w.Case(t)
	meeting, about := c.Meeting(t, "police")
	chair := w.As(t, "chair")
	add := func(title string) *live.Reply {
		return chair.Post(meeting.Place()+"/agenda-items", live.M{"title": title}).Want(http.StatusCreated)
	}
	invite := func(body live.M) *live.Reply {
		return chair.Post(meeting.Place()+"/invitations", body).Want(http.StatusCreated)
	}
	mine, other := add("Overlast op het plein"), add("Zorgen over een bewoner")
	own := invite(live.M{"professionalId": w.Person("housing"), "agendaItemIds": []string{mine.ID()}})
	guest := invite(live.M{"guest": live.M{"name": "Buurvrouw", "organisation": "Buurt"}, "agendaItemIds": []string{other.ID()}})
	housing := w.As(t, "housing")

	t.Run("he sees that one, though he takes part in the dossier of another", func(t *testing.T) {
		seen := housing.Get(meeting.Place()).Want(http.StatusOK)
		require.Equal(t, []string{mine.ID()}, seen.Texts("agendaItems", "id"))
		require.Equal(t, []string{mine.ID()}, housing.Get(meeting.Place()+"/agenda-items").IDs())
		for _, hidden := range []*live.Reply{other, about} {
			housing.Get(hidden.Place()).Want(http.StatusNotFound)
		}
		require.Nil(t, housing.Get(c.Path).Want(http.StatusOK).At("nextMeetingAt"))
	})
	t.Run("nor does he learn who comes for the rest alone", func(t *testing.T) {
		ids := housing.Get(meeting.Place() + "/invitations").IDs()
		require.Contains(t, ids, own.ID())
		require.NotContains(t, ids, guest.ID())
	})
	t.Run("who is invited for the whole agenda, the chair and the director see all", func(t *testing.T) {
		for _, short := range []string{"police", "chair", "director"} {
			require.Len(t, w.As(t, short).Get(meeting.Place()+"/agenda-items").IDs(), 3, short)
		}
	})
}
