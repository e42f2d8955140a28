package server_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/server"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
	"github.com/wijkregie/wijkregie/pkg/webhook"
)

// receiver is a partner's system on this machine that keeps what it takes.
type receiver struct {
	*httptest.Server
	mu      sync.Mutex
	secrets []string
	taken   []webhook.Event
	asked   int                                               // requests of any kind but OPTIONS
	wrong   []error                                           // of verifying
	signed  []int                                             // how many signatures each had
	answers func(e webhook.Event, w http.ResponseWriter) bool // whether it takes the event; nil takes all
}

func newReceiver(t testing.TB) *receiver {
	r := &receiver{}
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	if q.Method == http.MethodOptions {
		w.Header().Set("WebHook-Allowed-Origin", q.Header.Get("WebHook-Request-Origin"))
		return
	}
	body, _ := io.ReadAll(q.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked++
	e, err := webhook.Verify(q.Header, body, r.secrets, time.Now())
	if err != nil {
		r.wrong = append(r.wrong, err)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	r.signed = append(r.signed, len(strings.Fields(q.Header.Get(webhook.HeaderSignature))))
	if r.answers != nil && !r.answers(e, w) {
		return
	}
	r.taken = append(r.taken, e)
}

// events is what it took of the dossier, in the order in which it came.
func (r *receiver) events(dossier string) (all []webhook.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range r.taken {
		if e.Data.DossierID == dossier {
			all = append(all, e)
		}
	}
	return all
}

func (r *receiver) kinds(dossier string) (all []string) {
	for _, e := range r.events(dossier) {
		all = append(all, e.Data.Kind)
	}
	return all
}

func (r *receiver) answer(with func(webhook.Event, http.ResponseWriter) bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answers = with
}

func withStatus(status int, header ...string) func(webhook.Event, http.ResponseWriter) bool {
	return func(_ webhook.Event, w http.ResponseWriter) bool {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		return false
	}
}

const soon, often = 20 * time.Second, 20 * time.Millisecond

// here lets webhooks go to this machine.
func here(s *server.Setup) { s.PrivateHooks = true }

// subscribed is a subscription of the system of the police, whose receiver said that it wants events.
func subscribed(t testing.TB, w *live.World, r *receiver, more live.M) (path string) {
	t.Helper()
	director := w.As(t, "director")
	body := live.M{"clientId": w.Person("police-system"), "url": r.URL + "/in?key=geheim"}
	for name, value := range more {
		body[name] = value
	}
	made := director.Post("/v1/webhook-subscriptions", body).Want(created)
	r.mu.Lock()
	r.secrets = append(r.secrets, made.Text("secret"))
	r.mu.Unlock()
	require.Eventually(t, func() bool { return director.Get(made.Place()).Want(ok).At("verifiedAt") != nil }, soon, often, "the receiver wants events")
	return made.Place()
}

// subscribedTo is a subscription of the system of the police to an address that nobody asked whether it wants events.
func subscribedTo(t testing.TB, w *live.World, url string) (path string) {
	t.Helper()
	path = w.As(t, "director").Post("/v1/webhook-subscriptions", live.M{"clientId": w.Person("police-system"), "url": url}).Want(created).Place()
	w.Exec(t, "update webhook_subscription set verified_at = now()")
	return path
}

// sentByHook is a subscription, of several, that was sent some test events which will not be tried any more.
func sentByHook(t testing.TB, w *live.World) (id string) {
	t.Helper()
	path := subscribedTo(t, w, "https://ontvangst.example/in")
	subscribedTo(t, w, "https://elders.example/in")
	for range 3 {
		w.As(t, "director").Post(path+"/test-events", live.M{}).Want(created)
	}
	w.Exec(t, "update webhook_delivery set state = 'failed', next_try_at = null")
	return path[strings.LastIndex(path, "/")+1:]
}

func TestWebhook_4_23_tells_a_system_what_its_client_may_read_in_order_and_once(t *testing.T) {
	t.Parallel()
	w := live.Start(t, here)
	f, r := w.Case(t), newReceiver(t)
	path := subscribed(t, w, r, nil)
	added := f.Item(t, "police", "police")
	f.Item(t, "mental-health", "health")
	action := f.Action(t, "case-director", "police")
	w.As(t, "police").Post(action.Place()+"/completions", live.M{"result": "achieved", "note": "Gedaan."}, anyTag).Want(created)
	require.Eventually(t, func() bool { return slices.Contains(r.kinds(f.ID), "item-added") && w.Pending(t) == 0 && idle(t, w) }, soon, often)

	var before string
	ids := map[string]bool{}
	for _, e := range r.events(f.ID) {
		assert.Greater(t, e.Sequence, before, "events of a dossier come in their order")
		assert.False(t, ids[e.ID], "each once")
		before, ids[e.ID] = e.Sequence, true
	}
	all := r.events(f.ID)
	first := all[slices.IndexFunc(all, func(e webhook.Event) bool { return e.Data.Kind == "item-added" })]
	assert.Equal(t, webhook.Event{
		SpecVersion: "1.0", ID: first.ID, Source: first.Source, Type: "nl.wijkregie.item-added.v1", Subject: f.ID, Time: first.Time, DataContentType: "application/json",
		DataRef: w.URL + f.Path, Sequence: first.Sequence,
		Data: webhook.Data{DossierID: f.ID, Kind: "item-added", Subject: &webhook.Subject{Type: "item", ID: added.ID()}, ChangedFields: first.Data.ChangedFields},
	}, first)
	assert.Len(t, first.Sequence, 20)
	assert.Regexp(t, `^urn:nld:(oin:[0-9]{20}|cbs:GM0861):systeem:wijkregie$`, first.Source)
	assert.Equal(t, 1, strings.Count(strings.Join(r.kinds(f.ID), " "), "item-added"), "of what it may not read it is told nothing")
	r.mu.Lock()
	assert.Empty(t, r.wrong)
	r.mu.Unlock()

	sent := w.As(t, "director").Get(path + "/deliveries").Want(ok)
	text := string(sent.Raw)
	assert.NotContains(t, text, "geheim", "no answer names the address")
	assert.Equal(t, len(r.events(f.ID))+1, len(sent.IDs()), "the validation, and what it was told; what was hidden from it is not counted")
}

// idle tells whether nothing waits to be sent by webhook.
func idle(t testing.TB, w *live.World) bool {
	t.Helper()
	return w.Count(t, "select count(*) from webhook_delivery where state = 'pending'") == 0
}

func TestWebhook_4_23_what_is_not_taken_comes_again_in_order_and_nothing_is_lost(t *testing.T) {
	t.Parallel()
	for name, refuse := range map[string]func(webhook.Event, http.ResponseWriter) bool{
		"500":                 withStatus(500),
		"404":                 withStatus(404),
		"a redirect":          withStatus(302, "Location", "http://127.0.0.1:1/elsewhere"),
		"429 for a moment":    withStatus(429, "Retry-After", "1"),
		"a broken connection": func(webhook.Event, http.ResponseWriter) bool { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := live.Start(t, here)
			f, r := w.Case(t), newReceiver(t)
			subscribed(t, w, r, live.M{"kinds": []string{"item-added"}})
			refused := 0
			r.answer(func(e webhook.Event, answer http.ResponseWriter) bool {
				if refused < 2 {
					refused++
					return refuse(e, answer)
				}
				return true
			})
			want := make([]string, 4)
			for i := range want {
				want[i] = f.Item(t, "police", "police").ID()
			}
			require.Eventually(t, func() bool { return len(r.events(f.ID)) == len(want) && idle(t, w) }, 2*soon, often)
			var got []string
			for _, e := range r.events(f.ID) {
				got = append(got, e.Data.Subject.ID)
			}
			assert.Equal(t, want, got, "in their order, though the first was refused twice")
		})
	}
}

func TestWebhook_4_23_gone_stops_the_subscription(t *testing.T) {
	t.Parallel()
	w := live.Start(t, here)
	f, r := w.Case(t), newReceiver(t)
	path := subscribed(t, w, r, live.M{"kinds": []string{"item-added"}})
	r.answer(withStatus(http.StatusGone))
	for range 3 {
		f.Item(t, "police", "police")
	}
	director := w.As(t, "director")
	require.Eventually(t, func() bool { return director.Get(path).Text("state") == "stopped" && w.Pending(t) == 0 && idle(t, w) }, soon, often)
	r.mu.Lock()
	assert.Equal(t, 1, r.asked, "nothing more is sent")
	r.mu.Unlock()
	director.Post(path+"/test-events", live.M{}).Check(conflict)

	r.answer(nil)
	director.Patch(path, director.Get(path).Tag(), live.M{"state": "active"}).Want(ok)
	require.Eventually(t, func() bool { return director.Get(path).Want(ok).At("verifiedAt") != nil }, soon, often, "it is asked anew")
	director.Post(path+"/replays", live.M{"fromSequence": 0}).Want(created)
	require.Eventually(t, func() bool { return len(r.events(f.ID)) == 3 }, soon, often, "a replay brings what was missed")
}

func TestWebhook_4_23_a_right_that_ends_cancels_what_waits(t *testing.T) {
	t.Parallel()
	w := live.Start(t, here)
	f, r := w.Case(t), newReceiver(t)
	path := subscribed(t, w, r, live.M{"kinds": []string{"item-added"}})
	r.answer(withStatus(503, "Retry-After", "1"))
	f.Item(t, "police", "police")
	require.Eventually(t, func() bool { return len(w.As(t, "director").Get(path+"/deliveries?state=pending").Want(ok).IDs()) == 1 }, soon, often)
	w.Exec(t, "update admission set until = now() where dossier_id = $1", f.ID)
	r.answer(nil)
	require.Eventually(t, func() bool { return idle(t, w) }, soon, often)
	assert.Empty(t, r.events(f.ID))
	assert.Equal(t, 1, w.Count(t, "select count(*) from webhook_delivery where state = 'cancelled'"))
	assert.Len(t, w.As(t, "director").Get(path+"/deliveries").Want(ok).IDs(), 1, "of what its client may not read nobody is told by it")
}

func TestWebhook_4_23_a_new_secret_signs_beside_the_one_before(t *testing.T) {
	t.Parallel()
	w := live.Start(t, here)
	r := newReceiver(t)
	path := subscribed(t, w, r, nil)
	director := w.As(t, "director")
	before := director.Get(path).Want(ok)
	assert.Nil(t, before.At("secret"), "it is told once")
	director.Post(path+"/secrets", live.M{}).Check(428)
	renewed := director.Post(path+"/secrets", live.M{}, live.Match(before.Tag())).Want(created)
	director.Post(path+"/secrets", live.M{}, anyTag).Check(conflict)
	test := func(n int) {
		director.Post(path+"/test-events", live.M{}).Want(created)
		require.Eventually(t, func() bool { r.mu.Lock(); defer r.mu.Unlock(); return len(r.taken) == n }, soon, often)
	}
	test(1) // the receiver knows the old one alone
	r.mu.Lock()
	r.secrets = []string{renewed.Text("secret")}
	r.mu.Unlock()
	test(2)
	w.Exec(t, "update webhook_subscription set previous_secret_until = now()")
	test(3)
	r.mu.Lock()
	defer r.mu.Unlock()
	assert.Equal(t, []int{2, 2, 1}, r.signed)
	assert.Equal(t, "nl.wijkregie.test.v1", r.taken[0].Type)
	assert.Empty(t, r.wrong)
}

func TestWebhook_4_23_a_replay_sends_the_same_events_under_the_same_ids(t *testing.T) {
	t.Parallel()
	w := live.Start(t, here)
	f, r := w.Case(t), newReceiver(t)
	path := subscribed(t, w, r, live.M{"kinds": []string{"item-added"}})
	for range 3 {
		f.Item(t, "police", "police")
	}
	require.Eventually(t, func() bool { return len(r.events(f.ID)) == 3 && idle(t, w) }, soon, often)
	before := r.events(f.ID)
	second := strings.TrimLeft(before[1].Sequence, "0")
	w.As(t, "director").Post(path+"/replays", `{"fromSequence": `+second+`}`).Want(created)
	require.Eventually(t, func() bool { return len(r.events(f.ID)) == 5 && idle(t, w) }, soon, often)
	assert.Equal(t, append(before, before[1:]...), r.events(f.ID))
}

func TestWebhook_4_23_no_address_leads_inside(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	r := newReceiver(t)
	director := w.As(t, "director")
	body := live.M{"clientId": w.Person("police-system"), "url": r.URL}
	director.Post("/v1/webhook-subscriptions", body).Check(invalid)
	secure := httptest.NewTLSServer(r)
	t.Cleanup(secure.Close)
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]"} {
		_, port, _ := strings.Cut(strings.TrimPrefix(secure.URL, "https://"), ":")
		body["url"] = "https://" + host + ":" + port + "/"
		path := director.Post("/v1/webhook-subscriptions", body).Want(created).Place()
		require.Eventually(t, func() bool {
			return strings.Contains(string(director.Get(path+"/deliveries").Want(ok).Raw), "may not be reached")
		}, soon, often, host)
		assert.Nil(t, director.Get(path).At("verifiedAt"))
	}
}

func TestWebhook_4_23_a_partner_manages_its_own_alone(t *testing.T) {
	t.Parallel()
	w := live.Start(t, here)
	r := newReceiver(t)
	path := subscribed(t, w, r, nil)
	w.As(t, "police").Get(path).Check(forbidden)
	w.As(t, "housing").Get(path).Check(notFound)
	for _, short := range []string{"police", "housing"} {
		w.Exec(t, `update professional set roles = '["administrator"]' where id = $1`, w.Person(short))
	}
	w.Exec(t, "update municipality_stamp set people = people + 1")
	w.As(t, "police").Get(path).Want(ok)
	assert.Len(t, w.As(t, "police").Get("/v1/webhook-subscriptions").Want(ok).IDs(), 1)
	assert.Empty(t, w.As(t, "housing").Get("/v1/webhook-subscriptions").Want(ok).IDs())
	w.As(t, "housing").Get(path).Check(notFound)
	w.As(t, "housing").Post(path+"/test-events", live.M{}).Check(notFound)
	foreign := live.M{"clientId": w.Person("police-system"), "url": r.URL}
	w.As(t, "housing").Post("/v1/webhook-subscriptions", foreign).Check(invalid)
	w.As(t, "police").Post("/v1/webhook-subscriptions", foreign).Want(created)
	w.As(t, "police").Post("/v1/webhook-subscriptions", live.M{"clientId": w.Person("police-system"), "url": r.URL, "kinds": []string{"nothing"}}).Check(invalid)
}

func TestWebhook_4_23_a_receiver_that_is_slow_holds_up_no_other(t *testing.T) {
	t.Parallel()
	w := live.Start(t, here)
	f, slow, quick := w.Case(t), newReceiver(t), newReceiver(t)
	kinds := live.M{"kinds": []string{"item-added"}}
	subscribed(t, w, slow, kinds)
	subscribed(t, w, quick, kinds)
	busy, ended := make(chan struct{}, 100), make(chan struct{})
	slow.Config.Handler = http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		busy <- struct{}{}
		<-ended
	})
	t.Cleanup(func() { close(ended) })
	for range 3 {
		f.Item(t, "police", "police")
	}
	require.Eventually(t, func() bool { return len(quick.events(f.ID)) == 3 }, soon/2, often)
	assert.Len(t, busy, 1, "the next one waits for the one before")
}

func TestWebhook_4_23_of_what_did_not_arrive_in_a_day_the_director_is_told_and_the_rest_goes_on(t *testing.T) {
	t.Parallel()
	w := live.Start(t, here)
	f, r := w.Case(t), newReceiver(t)
	path := subscribed(t, w, r, live.M{"kinds": []string{"item-added"}})
	director := w.As(t, "director")
	r.Config.Handler, r.answers = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }), nil
	lost := f.Item(t, "police", "police").ID()
	require.Eventually(t, func() bool { return len(director.Get(path+"/deliveries?state=pending").Want(ok).IDs()) == 1 }, soon, often)
	w.Exec(t, "update webhook_delivery set tried_from = tried_from - interval '25 hours' where state = 'pending'")
	require.Eventually(t, func() bool { return len(director.Get(path+"/deliveries?state=failed").Want(ok).IDs()) == 1 }, soon, often)
	require.Eventually(t, func() bool {
		return len(director.Get("/v1/alerts?kind=delivery-failed&dossierId="+f.ID).Want(ok).IDs()) == 1
	}, soon, often, "the director is told")
	r.Config.Handler = r
	next := f.Item(t, "police", "police").ID()
	require.Eventually(t, func() bool { return len(r.events(f.ID)) == 1 }, soon, often)
	assert.Equal(t, next, r.events(f.ID)[0].Data.Subject.ID)
	director.Post(path+"/replays", live.M{"fromSequence": 0}).Want(created)
	require.Eventually(t, func() bool { return len(r.events(f.ID)) == 3 }, soon, often)
	assert.Equal(t, lost, r.events(f.ID)[1].Data.Subject.ID, "a replay brings it")
}

func TestWebhook_4_23_what_a_process_that_was_killed_had_in_hand_is_found_again(t *testing.T) {
	t.Parallel()
	w := live.Start(t, here)
	f, r := w.Case(t), newReceiver(t)
	subscribed(t, w, r, live.M{"kinds": []string{"item-added"}})
	r.answer(withStatus(503, "Retry-After", "3600"))
	f.Item(t, "police", "police")
	f.Item(t, "police", "police")
	require.Eventually(t, func() bool {
		return w.Count(t, "select count(*) from webhook_delivery where state = 'pending'") == 2 && w.Count(t, "select count(*) from webhook_delivery where state = 'pending' and next_try_at > now() + interval '1 minute'") == 1
	}, soon, often)
	r.answer(nil)
	w.Exec(t, "delete from river_job where kind = 'webhook'")
	w.Exec(t, "update webhook_delivery set next_try_at = now() - interval '1 hour', held_until = now() - interval '1 hour' where state = 'pending'")
	require.Eventually(t, func() bool { return len(r.events(f.ID)) == 2 && idle(t, w) }, 2*soon, often)
}

func TestWebhook_4_23_what_leaves_after_another_comes_again_in_its_own_time(t *testing.T) {
	t.Parallel()
	w := live.Start(t, here)
	f, r := w.Case(t), newReceiver(t)
	subscribed(t, w, r, live.M{"kinds": []string{"item-added"}})
	first, held := make(chan struct{}), 0
	r.answer(func(_ webhook.Event, w http.ResponseWriter) bool {
		if held++; held == 1 {
			<-first // until the others wait behind it
		}
		if held == 2 {
			w.WriteHeader(503)
			return false
		}
		return true
	})
	for range 3 {
		f.Item(t, "police", "police")
	}
	require.Eventually(t, func() bool { return w.Count(t, "select count(*) from webhook_delivery where state = 'pending'") == 3 }, soon, often)
	close(first)
	require.Eventually(t, func() bool { return len(r.events(f.ID)) == 3 }, 10*time.Second, often, "it does not wait for the look at what was lost")
}
