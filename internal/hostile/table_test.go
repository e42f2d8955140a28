package hostile

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// TestAnotherChairTakesNothing lets somebody who was only invited schedule a meeting at the table, to carry off what was left there.
func TestAnotherChairTakesNothing(t *testing.T) {
	w := live.Start(t)
	c, chair := w.Case(t), w.As(t, "chair")
	id, other := hired(t, w, "police", "another-chair", "chair", "professional")
	w.As(t, "case-director").Patch(participantOf(t, w, c, "police"), "*", live.M{"professionalIds": []string{w.Person("police"), id}}).Want(http.StatusOK)
	at := func(chairID, day string) live.M {
		return live.M{"title": "Overleg", "tableId": w.Table(), "chairId": chairID, "startsAt": "2199-01-" + day + "T09:00:00+01:00", "endsAt": "2199-01-" + day + "T10:30:00+01:00"}
	}
	meeting := chair.Post("/v1/meetings", at(w.Person("chair"), "10")).Want(http.StatusCreated)
	left := chair.Post(meeting.Place()+"/agenda-items", live.M{"dossierId": c.ID}).Want(http.StatusCreated)
	chair.Post(meeting.Place()+"/invitations", live.M{"professionalId": id}).Want(http.StatusCreated)
	chair.Patch(meeting.Place(), "*", live.M{"status": "held"}).Want(http.StatusOK)
	chair.Post(meeting.Place()+"/finalisations", live.M{"absenceReason": "Ziek."}, live.Match("*")).Want(http.StatusCreated)

	taken := other.Post("/v1/meetings", at(id, "11")).Want(http.StatusCreated)
	require.Empty(t, taken.Texts("agendaItems", "id"))
	next := chair.Post("/v1/meetings", at(w.Person("chair"), "17")).Want(http.StatusCreated)
	require.Equal(t, []string{left.ID()}, next.Texts("agendaItems", "carriedFromId"))
}

// participantOf is the participation of the partner of a demo person.
func participantOf(t *testing.T, w *live.World, c *live.Case, short string) string {
	t.Helper()
	all := w.As(t, "director").Get(c.Path + "/participants").Want(http.StatusOK)
	for i, partner := range all.Texts("items", "partnerId") {
		if partner == w.Partner(short) {
			return c.Path + "/participants/" + all.IDs()[i]
		}
	}
	t.Fatalf("%s takes no part", short)
	return ""
}
