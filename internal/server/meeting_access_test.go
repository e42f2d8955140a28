package server_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// agenda is a meeting of the chair with two dossiers on it, in which neither police nor housing take part.
type agenda struct {
	*live.World
	one, other           *live.Case
	meeting              *live.Reply
	oneItem, anotherItem *live.Reply
}

func newAgenda(t *testing.T, w *live.World, body live.M) *agenda {
	t.Helper()
	a := &agenda{World: w, one: w.Opened(t, body), other: w.Opened(t, body)}
	a.one.Direct(t)
	a.other.Direct(t)
	a.meeting, a.oneItem = a.one.Meeting(t)
	a.anotherItem = w.As(t, "chair").Post(a.meeting.Place()+"/agenda-items", live.M{"dossierId": a.other.ID}).Want(created)
	return a
}

// invite asks somebody for the first dossier by name.
func (a *agenda) invite(t *testing.T, short string) *live.Reply {
	t.Helper()
	body := live.M{"professionalId": a.Person(short), "agendaItemIds": []string{a.oneItem.ID()}}
	return a.As(t, "chair").Post(a.meeting.Place()+"/invitations", body).Want(created)
}

// sees tells what somebody gets of the first dossier.
func (a *agenda) sees(t *testing.T, short string, status int) {
	t.Helper()
	a.As(t, short).Get(a.one.Path).Check(status)
	if status == notFound {
		assert.NotContains(t, a.As(t, short).Get("/v1/dossiers").IDs(), a.one.ID)
	}
}

// move puts the meeting at another time, or cancels it.
func (a *agenda) move(t *testing.T, change live.M) {
	t.Helper()
	chair := a.As(t, "chair")
	chair.Patch(a.meeting.Place(), chair.Get(a.meeting.Place()).Want(ok).Tag(), change).Want(ok)
}

func (a *agenda) cancel(t *testing.T) {
	t.Helper()
	a.As(t, "chair").Post(a.meeting.Place()+"/cancellations", live.M{"reason": "Vol."}, anyTag).Want(created)
}

func (a *agenda) opened(t *testing.T) int { t.Helper(); return a.Rows(t)["meeting_access"] }

func TestWhoIsInvitedForADossierSeesIt(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	a := newAgenda(t, w, live.M{})
	joined := w.Opened(t, live.M{})
	joined.Direct(t)
	joined.Join(t, "case-director", "housing")
	for _, category := range []string{"life-domain", "guidance", "provision", "network"} {
		a.one.Item(t, "social", category)
		joined.Item(t, "social", category)
	}
	housing, police := w.As(t, "housing"), w.As(t, "police")
	a.sees(t, "housing", notFound)
	a.invite(t, "housing")

	t.Run("that dossier and nothing else on the agenda", func(t *testing.T) {
		a.sees(t, "housing", ok)
		require.Equal(t, []string{a.oneItem.ID()}, housing.Get(a.meeting.Place()).Want(ok).Texts("agendaItems", "id"))
		housing.Get(a.other.Path).Check(notFound)
		housing.Get(a.anotherItem.Place()).Check(notFound)
		require.NotContains(t, housing.Get("/v1/dossiers").IDs(), a.other.ID)
	})
	t.Run("with the cells of his partner, as if he took part", func(t *testing.T) {
		as := housing.Get(joined.Path+"/items").Want(ok).Texts("items", "category")
		require.ElementsMatch(t, as, housing.Get(a.one.Path+"/items").Want(ok).Texts("items", "category"))
		require.Equal(t, housing.Get(joined.Path).At("title"), housing.Get(a.one.Path).At("title"))
		require.Empty(t, housing.Get(a.one.Path + "/participants").Want(ok).IDs()[2:], "he is no participant")
	})
	t.Run("and who directs it is told", func(t *testing.T) {
		require.Eventually(t, func() bool {
			for _, kind := range w.As(t, "case-director").Get("/v1/alerts?dossierId="+a.one.ID).Want(ok).Texts("items", "kind") {
				if kind == "meeting-invited" {
					return true
				}
			}
			return false
		}, 10*time.Second, 50*time.Millisecond)
	})
	t.Run("but not who is invited for the whole agenda, nor a guest", func(t *testing.T) {
		before := a.opened(t)
		chair := w.As(t, "chair")
		chair.Post(a.meeting.Place()+"/invitations", live.M{"professionalId": w.Person("police")}).Want(created)
		chair.Post(a.meeting.Place()+"/invitations", live.M{
			"guest": live.M{"name": "Buurvrouw", "organisation": "Buurt"}, "agendaItemIds": []string{a.oneItem.ID()}}).Want(created)
		police.Get(a.one.Path).Check(notFound)
		require.Empty(t, police.Get(a.meeting.Place()).Want(ok).Texts("agendaItems", "id"))
		require.Equal(t, before, a.opened(t))
	})
	t.Run("nor anybody of a third party under the Wgs, without an error", func(t *testing.T) {
		wgs := newAgenda(t, w, live.M{"basis": "wgs"})
		before := wgs.opened(t)
		wgs.invite(t, "housing")
		wgs.sees(t, "housing", notFound)
		require.Equal(t, before, wgs.opened(t))
		wgs.invite(t, "police")
		wgs.sees(t, "police", ok)
	})
}

func TestAccessForAMeetingFollowsIt(t *testing.T) {
	t.Parallel()
	w := live.Start(t)

	t.Run("moved to the past it ends, and back it begins again", func(t *testing.T) {
		a := newAgenda(t, w, live.M{})
		a.invite(t, "housing")
		a.move(t, live.M{"startsAt": "2020-01-10T09:00:00Z", "endsAt": "2020-01-10T10:00:00Z"})
		a.sees(t, "housing", notFound)
		a.move(t, live.M{"endsAt": "2198-01-10T10:00:00Z"})
		a.sees(t, "housing", ok)
	})
	t.Run("cancelled it ends at once, also in a dossier that the chair no longer knows", func(t *testing.T) {
		a := newAgenda(t, w, live.M{})
		a.invite(t, "housing")
		a.sees(t, "housing", ok)
		w.Exec(t, "update admission set until = now() where dossier_id = $1 and holder = $2", a.one.ID, w.Person("chair"))
		w.As(t, "chair").Get(a.one.Path).Want(notFound)
		a.cancel(t)
		a.sees(t, "housing", notFound)
	})
	t.Run("who declines leaves, and comes back when he is invited again", func(t *testing.T) {
		a := newAgenda(t, w, live.M{})
		invitation := a.invite(t, "housing")
		housing := w.As(t, "housing")
		answer := func(response string) *live.Reply {
			return housing.Patch(invitation.Place(), housing.Get(invitation.Place()).Want(ok).Tag(), live.M{"response": response})
		}
		answer("accepted").Want(ok)
		answer("declined").Want(ok)
		a.sees(t, "housing", notFound)
		answer("accepted").Want(conflict)
		a.sees(t, "housing", notFound)
		require.Equal(t, invitation.ID(), a.invite(t, "housing").ID())
		require.Equal(t, "pending", housing.Get(invitation.Place()).At("response"))
		a.sees(t, "housing", ok)
		w.As(t, "chair").Post(a.meeting.Place()+"/invitations", live.M{"professionalId": w.Person("housing")}).Want(conflict)
	})
	t.Run("it ends by the clock", func(t *testing.T) {
		a := newAgenda(t, w, live.M{})
		a.invite(t, "housing")
		a.sees(t, "housing", ok)
		w.Exec(t, "update admission set until = now() + interval '1 second' where dossier_id = $1 and kind = 'meeting'", a.one.ID)
		require.Eventually(t, func() bool { return w.As(t, "housing").Get(a.one.Path).Status == notFound }, 10*time.Second, 100*time.Millisecond)
	})
	t.Run("who takes part keeps what he has", func(t *testing.T) {
		a := newAgenda(t, w, live.M{})
		a.one.Join(t, "case-director", "police")
		a.invite(t, "police")
		a.cancel(t)
		a.sees(t, "police", ok)
	})
	t.Run("an exception of the director counts", func(t *testing.T) {
		a := newAgenda(t, w, live.M{})
		a.one.Item(t, "social", "network")
		w.Exec(t, `insert into matrix_exception (municipality_id, id, version, dossier_id, partner_id, category, level, reason, since, changed_at)
			select 'GM0861', gen_random_uuid(), 1, $1, $2, c, 'none', 'Niet voor hen.', now() - interval '1 minute', now() from generate_series(0, 18) c`,
			a.one.ID, w.Partner("police"))
		a.invite(t, "police")
		a.sees(t, "police", notFound)
		a.invite(t, "housing")
		a.sees(t, "housing", ok)
	})
}

func TestNobodyOpensWhatHeWasLetInto(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	a := newAgenda(t, w, live.M{})
	director := w.As(t, "director")
	path := "/v1/professionals/" + w.Person("police")
	director.Patch(path, director.Get(path).Want(ok).Tag(), live.M{"roles": []string{"professional", "chair"}}).Want(ok)
	a.invite(t, "police")
	police := w.As(t, "police")
	own := police.Post("/v1/meetings", live.M{
		"title": "Eigen overleg", "chairId": w.Person("police"), "startsAt": "2199-01-10T09:00:00Z", "endsAt": "2199-01-10T10:00:00Z"}).Want(created)
	item := police.Post(own.Place()+"/agenda-items", live.M{"dossierId": a.one.ID}).Want(created)
	invite := func(short string) *live.Reply {
		return police.Post(own.Place()+"/invitations", live.M{"professionalId": w.Person(short), "agendaItemIds": []string{item.ID()}}).Want(created)
	}
	before := a.opened(t)

	t.Run("to others", func(t *testing.T) {
		invite("housing")
		a.sees(t, "housing", notFound)
	})
	t.Run("or longer to himself", func(t *testing.T) {
		invite("police")
		require.Equal(t, before, a.opened(t))
	})
	t.Run("and what he does not know is not on his agenda", func(t *testing.T) {
		police.Post(own.Place()+"/agenda-items", live.M{"dossierId": a.other.ID}).Want(invalid)
		police.Post(own.Place()+"/invitations", live.M{"professionalId": w.Person("social"), "agendaItemIds": []string{a.anotherItem.ID()}}).Want(invalid)
	})
}

func TestMeetingAccessDays(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	director := w.As(t, "director")
	set := func(days int) *live.Reply {
		return director.Patch("/v1/settings", director.Get("/v1/settings").Want(ok).Tag(), live.M{"meetingAccessDays": days})
	}
	yesterday := time.Now().Add(-36 * time.Hour).UTC()
	ended := live.M{"startsAt": yesterday.Add(-time.Hour).Format(time.RFC3339), "endsAt": yesterday.Format(time.RFC3339)}

	t.Run("seven count until the municipality says otherwise, and everybody may know", func(t *testing.T) {
		for _, short := range []string{"police", "police-system", "other-director"} {
			require.EqualValues(t, 7, w.As(t, short).Get("/v1/settings").Want(ok).At("meetingAccessDays"))
		}
	})
	t.Run("after a meeting that ended in them the dossier is still seen", func(t *testing.T) {
		a := newAgenda(t, w, live.M{})
		a.invite(t, "housing")
		a.move(t, ended)
		a.sees(t, "housing", ok)
		set(0).Want(ok)
		a.sees(t, "housing", ok) // what was opened stays as it is
		a.invite(t, "police")
		a.sees(t, "police", notFound)
	})
	t.Run("two who change at once do not overwrite each other", func(t *testing.T) {
		tag := director.Get("/v1/settings").Want(ok).Tag()
		set(3).Want(ok)
		r := director.Patch("/v1/settings", tag, live.M{"meetingAccessDays": 4}).Want(stale)
		require.Contains(t, string(r.Raw), "meetingAccessDays")
		require.EqualValues(t, 3, director.Get("/v1/settings").Want(ok).At("meetingAccessDays"))
	})
	t.Run("out of bounds is not valid, and nothing is changed", func(t *testing.T) {
		for _, days := range []int{-1, 91} {
			set(days).Want(invalid)
		}
		require.EqualValues(t, 3, director.Get("/v1/settings").Want(ok).At("meetingAccessDays"))
		require.EqualValues(t, 7, w.As(t, "other-director").Get("/v1/settings").Want(ok).At("meetingAccessDays"))
	})
}

// TestInvitationsAtOnce invites, moves and cancels in meetings about the same two dossiers, in opposite orders.
func TestInvitationsAtOnce(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	a := newAgenda(t, w, live.M{})
	chair := w.As(t, "chair")
	var meetings []string
	var items [][]string
	for i := range 6 {
		m := chair.Post("/v1/meetings", live.M{"title": fmt.Sprint("Overleg ", i), "chairId": w.Person("chair"),
			"startsAt": "2199-01-10T09:00:00Z", "endsAt": "2199-01-10T10:00:00Z"}).Want(created).Place()
		dossiers := []string{a.one.ID, a.other.ID}
		named := []string{}
		for n := range dossiers {
			named = append(named, chair.Post(m+"/agenda-items", live.M{"dossierId": dossiers[(n+i)%2]}).Want(created).ID())
		}
		meetings, items = append(meetings, m), append(items, named)
	}
	var all sync.WaitGroup
	for i, m := range meetings {
		all.Go(func() {
			for _, short := range []string{"housing", "police", "mental-health"} {
				assert.Equal(t, created, chair.Post(m+"/invitations", live.M{"professionalId": w.Person(short), "agendaItemIds": items[i]}).Status)
			}
			assert.Equal(t, ok, chair.Patch(m, "*", live.M{"endsAt": "2199-02-10T10:00:00Z"}).Status)
			if i%2 == 0 {
				assert.Equal(t, created, chair.Post(m+"/cancellations", live.M{"reason": "Vol."}, anyTag).Status)
			}
		})
	}
	all.Wait()
	for _, short := range []string{"housing", "police", "mental-health"} {
		for _, c := range []*live.Case{a.one, a.other} {
			assert.Equal(t, http.StatusOK, w.As(t, short).Get(c.Path).Status)
		}
	}
	for _, m := range meetings {
		chair.Post(m+"/cancellations", live.M{"reason": "Vol."}, anyTag)
	}
	for _, short := range []string{"housing", "police", "mental-health"} {
		for _, c := range []*live.Case{a.one, a.other} {
			assert.Equal(t, notFound, w.As(t, short).Get(c.Path).Status)
		}
	}
}
