package server_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// proposals are what is proposed for the agenda of the meeting of the walk, where a dossier that waits is suggested.
func (w *walk) proposals(led statuses) []step {
	one := "/v1/meetings/{meetingId}/agenda-proposals/{agendaProposalId}"
	var other *live.Case
	steps := []step{
		{op: "proposeAgendaItem", by: "police", want: created, keep: "agendaProposalId", not: statuses{"auditor": notFound},
			first: func() { other = w.Case(w.T) }, body: func() live.M { return live.M{"dossierId": other.ID} }},
	}
	steps = append(steps, inside("police", "listAgendaProposals", "getAgendaProposal")...)
	return append(steps,
		step{op: "answerAgendaProposal", by: "chair", want: created, match: one, not: led},
		step{op: "listAgendaSuggestions", by: "chair", want: ok, not: led},
	)
}

// feeds are the calendar feed that the police make and revoke.
func (w *walk) feeds() []step {
	one, others := "/v1/calendar-feeds/{calendarFeedId}", statuses{"chair": notFound}
	return []step{
		{op: "createCalendarFeed", by: "police", want: created, keep: "calendarFeedId", not: statuses{"police-system": forbidden}, own: created},
		{op: "listCalendarFeeds", by: "police", want: ok, own: ok},
		{op: "getCalendarFeed", by: "police", want: ok, not: others},
		{op: "revokeCalendarFeed", by: "police", want: created, match: one, not: others},
	}
}

func TestWhoIsInvitedProposesADossier(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, other, hidden := w.Case(t), w.Case(t), w.Opened(t, live.M{})
	chair, police, housing := w.As(t, "chair"), w.As(t, "police"), w.As(t, "housing")
	meeting, _ := f.Meeting(t, "police", "housing")
	proposals := meeting.Place() + "/agenda-proposals"
	proposing := func(id string) live.M { return live.M{"dossierId": id, "reason": "De bezoeken zijn niet gedaan."} }
	made := police.Post(proposals, proposing(other.ID)).Want(created)
	t.Run("one that he knows, is not on the agenda and not proposed by him", func(t *testing.T) {
		refused(t, police.Post(proposals, proposing(hidden.ID)), "reference")
		police.Post(proposals, proposing(other.ID)).Check(conflict)
		police.Post(proposals, proposing(f.ID)).Check(conflict)
		w.As(t, "mental-health").Post(proposals, proposing(other.ID)).Check(notFound)
	})
	t.Run("he and the chair read it, others do not", func(t *testing.T) {
		assert.Equal(t, []string{"open", w.Partner("police"), other.ID}, []string{made.Text("status"), made.Text("proposedPartnerId"), made.Text("dossierId")})
		assert.Equal(t, []string{"getAgendaProposal"}, police.Get(made.Place()).Want(ok).Allowed())
		assert.Equal(t, []string{"getAgendaProposal", "answerAgendaProposal"}, chair.Get(made.Place()).Want(ok).Allowed())
		housing.Get(made.Place()).Check(notFound)
		assert.Empty(t, housing.Get(proposals).Want(ok).IDs())
	})
	t.Run("the chair accepts it into the agenda, once", func(t *testing.T) {
		police.Post(made.Place()+"/answers", live.M{"outcome": "accepted"}, anyTag).Check(forbidden)
		answered := chair.Post(made.Place()+"/answers", live.M{"outcome": "accepted", "minutes": 25}, live.Match(chair.Get(made.Place()).Tag())).Want(created)
		item := chair.Get(meeting.Place() + "/agenda-items/" + answered.Text("agendaItemId")).Want(ok)
		assert.Equal(t, []any{other.ID, float64(25)}, []any{item.At("dossierId"), item.At("minutes")})
		chair.Post(made.Place()+"/answers", live.M{"outcome": "declined", "note": "Nee."}, anyTag).Check(conflict)
	})
	t.Run("or declines it with the reason, which he reads", func(t *testing.T) {
		again := housing.Post(proposals, proposing(w.Case(t).ID)).Want(created)
		refused(t, chair.Post(again.Place()+"/answers", live.M{"outcome": "declined"}, anyTag), "required")
		chair.Post(again.Place()+"/answers", live.M{"outcome": "declined", "note": "Volgende week."}, anyTag).Want(created)
		read := housing.Get(again.Place()).Want(ok)
		assert.Equal(t, []string{"declined", "Volgende week."}, []string{read.Text("status"), read.Text("note")})
	})
	t.Run("after the meeting nothing is proposed or answered", func(t *testing.T) {
		last := police.Post(proposals, proposing(w.Case(t).ID)).Want(created)
		inStatus(t, w, meeting.Place(), "held")
		chair.Post(last.Place()+"/answers", live.M{"outcome": "accepted"}, anyTag).Check(conflict)
		police.Post(proposals, proposing(w.Case(t).ID)).Check(conflict)
	})
}

func TestTheAgendaSuggestsWhatNeedsAttention(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	late, fine := w.Case(t), w.Case(t)
	late.Action(t, "case-director", "police")
	w.Exec(t, "update action set due_date = '2020-01-01' where dossier_id = $1", late.ID)
	chair := w.As(t, "chair")
	meeting, _ := tableMeeting(t, w, "2199-01-10T09:00:00Z", "2199-01-10T10:00:00Z")
	suggestions := meeting.Place() + "/agenda-suggestions"
	seen := chair.Get(suggestions).Want(ok)
	assert.Equal(t, []string{late.ID}, seen.Texts("items", "dossierId"))
	assert.Contains(t, string(seen.Raw), "overdue-actions")
	assert.NotContains(t, string(seen.Raw), fine.ID)
	chair.Post(meeting.Place()+"/agenda-items", live.M{"dossierId": late.ID}).Want(created)
	assert.Empty(t, chair.Get(suggestions).Want(ok).Texts("items", "dossierId"), "what is on the agenda is not suggested")
	w.As(t, "director").Get(suggestions).Check(forbidden)
}

func TestACalendarReadsTheMeetings(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	soon := time.Now().UTC().Add(48 * time.Hour).Truncate(time.Second)
	chair, police := w.As(t, "chair"), w.As(t, "police")
	planned := func(title string) *live.Reply {
		return chair.Post("/v1/meetings", live.M{"title": title, "chairId": w.Person("chair"), "place": "Zaal Geheim", "onlineUrl": "https://vergaderen.example/geheim",
			"startsAt": soon, "endsAt": soon.Add(time.Hour)}).Want(created)
	}
	asked, unasked, declined := planned("Gezin Geheim"), planned("Ander overleg"), planned("Derde overleg")
	chair.Post(asked.Place()+"/agenda-items", live.M{"dossierId": f.ID}).Want(created)
	chair.Post(asked.Place()+"/invitations", live.M{"professionalId": w.Person("police")}).Want(created)
	no := chair.Post(declined.Place()+"/invitations", live.M{"professionalId": w.Person("police")}).Want(created)
	police.Patch(no.Place(), "*", live.M{"response": "declined"}).Want(ok)
	feed := police.Post("/v1/calendar-feeds", live.M{}).Want(created)
	_, path, _ := strings.Cut(feed.Text("address"), "/calendar/")
	path = "/calendar/" + path
	read := func() *live.Reply { return w.Nobody(t).Do(http.MethodGet, path, nil) }
	t.Run("who has the address reads his meetings and nothing of persons", func(t *testing.T) {
		seen := read().Want(ok)
		text := string(seen.Raw)
		assert.Equal(t, "text/calendar; charset=utf-8", seen.Header.Get("Content-Type"))
		assert.Contains(t, text, "BEGIN:VCALENDAR")
		assert.Contains(t, text, "DTSTART:"+soon.Format("20060102T150405Z"))
		assert.Contains(t, text, asked.ID())
		for _, hidden := range []string{unasked.ID(), declined.ID(), "Geheim", "geheim", f.Title, f.ID, w.Person("police")} {
			assert.NotContains(t, strings.ReplaceAll(text, "\r\n ", ""), hidden)
		}
		assert.Equal(t, 2, strings.Count(text, "VEVENT"), "one meeting")
	})
	t.Run("it is told once", func(t *testing.T) {
		assert.Nil(t, police.Get(feed.Place()).Want(ok).At("address"))
		assert.NotContains(t, string(police.Get("/v1/calendar-feeds").Want(ok).Raw), "/calendar/")
		assert.Equal(t, []any{nil}, []any{feed.At("revokedAt")})
	})
	t.Run("what is known is not sent again, what changed is", func(t *testing.T) {
		tag := read().Tag()
		w.Nobody(t).Do(http.MethodGet, path, nil, "If-None-Match: "+tag).Check(http.StatusNotModified)
		chair.Post(asked.Place()+"/cancellations", live.M{"reason": "Vol."}, anyTag).Want(created)
		seen := read().Want(ok)
		assert.NotEqual(t, tag, seen.Tag())
		assert.Contains(t, string(seen.Raw), "STATUS:CANCELLED")
	})
	t.Run("nothing but reading", func(t *testing.T) {
		w.Nobody(t).Do(http.MethodPost, path, nil).Check(http.StatusMethodNotAllowed)
		w.Nobody(t).Do(http.MethodGet, strings.TrimSuffix(path, ".ics"), nil).Check(notFound)
		w.Nobody(t).Do(http.MethodGet, "/calendar/anders.ics", nil).Check(notFound)
	})
	t.Run("revoked, and without its owner's access, it is not there", func(t *testing.T) {
		w.Exec(t, "update professional set valid_until = '2020-01-01' where id = $1", w.Person("police"))
		read().Check(notFound)
		w.Exec(t, "update professional set valid_until = null where id = $1", w.Person("police"))
		read().Check(ok)
		police.Post(feed.Place()+"/revocations", live.M{}, live.Match(police.Get(feed.Place()).Tag())).Want(created)
		read().Check(notFound)
		police.Post(feed.Place()+"/revocations", live.M{}, anyTag).Check(conflict)
	})
}
