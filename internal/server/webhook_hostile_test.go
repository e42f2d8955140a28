package server_test

import (
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
	"github.com/wijkregie/wijkregie/pkg/webhook"
)

// anotherSystem is a client of another partner than the police.
func anotherSystem(t testing.TB, w *live.World) (id string) {
	t.Helper()
	return w.As(t, "director").Post("/v1/clients", live.M{
		"name": "Woonsysteem", "categories": []string{"police"}, "partnerId": w.Partner("housing"), "jwksUri": "https://keys.wonen.example/jwks",
	}).Want(created).ID()
}

func TestWebhook_4_23_a_partner_with_slow_receivers_holds_up_no_other_partner(t *testing.T) {
	t.Parallel()
	w := live.Start(t, here)
	slow, quick := newReceiver(t), newReceiver(t)
	for range 8 {
		subscribed(t, w, slow, nil)
	}
	other := subscribed(t, w, quick, live.M{"clientId": anotherSystem(t, w)})
	var open, most atomic.Int64
	ended := make(chan struct{})
	slow.Config.Handler = http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		n := open.Add(1)
		defer open.Add(-1)
		for {
			if m := most.Load(); n <= m || most.CompareAndSwap(m, n) {
				break
			}
		}
		select {
		case <-ended:
		case <-r.Context().Done():
		}
	})
	t.Cleanup(func() { close(ended) })
	w.Exec(t, `insert into webhook_delivery (municipality_id, id, subscription_id, purpose, event_id, seq, state, due_at, tried_from, next_try_at, created_at, changed_at)
 select municipality_id, gen_random_uuid(), id, 'test', gen_random_uuid(), 0, 'pending', now(), now(), now() - interval '1 hour', now(), now()
 from webhook_subscription, generate_series(1, 20) where url like $1`, slow.URL+"%")
	require.Eventually(t, func() bool { return open.Load() >= 8 }, soon, often)
	w.As(t, "director").Post(other+"/test-events", live.M{}).Want(created)
	require.Eventually(t, func() bool { quick.mu.Lock(); defer quick.mu.Unlock(); return len(quick.taken) == 1 }, 5*time.Second, often)
	w.Case(t).Item(t, "police", "police")
	mails := func(state string) int { return w.Count(t, "select count(*) from delivery where state = '"+state+"'") }
	require.Eventually(t, func() bool { return w.Pending(t) == 0 && mails("sent") > 0 }, soon, often, "mail leaves")
	assert.Positive(t, open.Load(), "the slow ones are slow still")
	assert.LessOrEqual(t, most.Load(), int64(8), "one partner has few requests open, over all its subscriptions")
}

func TestWebhook_4_23_one_replay_at_a_time_and_few_tests(t *testing.T) {
	t.Parallel()
	w := live.Start(t, here)
	f, r := w.Case(t), newReceiver(t)
	path := subscribed(t, w, r, live.M{"kinds": []string{"item-added"}})
	director := w.As(t, "director")
	for range 3 {
		f.Item(t, "police", "police")
	}
	require.Eventually(t, func() bool { return len(r.events(f.ID)) == 3 && idle(t, w) }, soon, often)
	r.answer(withStatus(503, "Retry-After", "3600"))
	replay := live.M{"fromSequence": 0}
	director.Post(path+"/replays", replay).Want(created)
	director.Post(path+"/replays", replay).Check(conflict)
	require.Eventually(t, func() bool {
		return w.Count(t, "select count(*) from webhook_delivery where round > 0 and attempts > 0") == 1
	}, soon, often)
	director.Post(path+"/replays", replay).Check(conflict)
	for range 10 {
		director.Post(path+"/test-events", live.M{}).Want(created)
	}
	director.Post(path+"/test-events", live.M{}).Check(conflict)

	director.Patch(path, director.Get(path).Tag(), live.M{"state": "paused"}).Want(ok)
	require.Eventually(t, func() bool { return idle(t, w) }, soon, often, "what waits of one that is paused is dropped")
	r.answer(nil)
	director.Patch(path, director.Get(path).Tag(), live.M{"state": "active"}).Want(ok)
	director.Post(path+"/replays", replay).Want(created)
	require.Eventually(t, func() bool { return len(r.events(f.ID)) == 6 && idle(t, w) }, soon, often)
	for _, extreme := range []string{"9223372036854775807", "9223372036854775800"} {
		director.Post(path+"/replays", `{"fromSequence": `+extreme+`}`).Want(created)
		require.Eventually(t, func() bool { return idle(t, w) }, soon, often)
	}
	for _, none := range []string{"9223372036854775808", "-1", "1e400", "1.5", "null", `"0"`} {
		director.Post(path+"/replays", `{"fromSequence": `+none+`}`).Check(invalid)
	}
	assert.Len(t, r.events(f.ID), 6)
}

func TestWebhook_4_23_what_was_in_hand_when_it_was_paused_does_not_wait(t *testing.T) {
	t.Parallel()
	w := live.Start(t, here)
	r := newReceiver(t)
	path := subscribed(t, w, r, nil)
	director := w.As(t, "director")
	arrived, paused := make(chan struct{}), make(chan struct{})
	r.answer(func(e webhook.Event, rw http.ResponseWriter) bool {
		close(arrived)
		<-paused
		return withStatus(503, "Retry-After", "3600")(e, rw)
	})
	director.Post(path+"/test-events", live.M{}).Want(created)
	<-arrived
	director.Patch(path, director.Get(path).Tag(), live.M{"state": "paused"}).Want(ok)
	close(paused)
	require.Eventually(t, func() bool { return idle(t, w) }, soon, often)
}

func TestWebhook_4_23_an_address_that_changes_often_is_asked_once(t *testing.T) {
	t.Parallel()
	w := live.Start(t, here)
	r := newReceiver(t)
	path := subscribed(t, w, r, nil)
	var asked atomic.Int64
	r.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	director := w.As(t, "director")
	for i := range 10 {
		director.Patch(path, director.Get(path).Tag(), live.M{"url": r.URL + "/" + strconv.Itoa(i)}).Want(ok)
	}
	require.Eventually(t, func() bool {
		return w.Count(t, "select count(*) from webhook_delivery where state = 'pending'") == 1
	}, 2*soon, often, "a later question takes the place of the one before")
	assert.LessOrEqual(t, asked.Load(), int64(20))
}

func TestWebhook_4_23_a_partner_has_twenty_subscriptions(t *testing.T) {
	t.Parallel()
	w := live.Start(t, here)
	director := w.As(t, "director")
	second := director.Post("/v1/clients", live.M{
		"name": "Tweede", "categories": []string{"police"}, "partnerId": w.Partner("police"), "jwksUri": "https://keys.police.example/jwks",
	}).Want(created).ID()
	body := live.M{"clientId": w.Person("police-system"), "url": "https://in.example/"}
	for range 18 {
		director.Post("/v1/webhook-subscriptions", body).Want(created)
	}
	body["clientId"] = second
	var made atomic.Int64
	ended := make(chan struct{})
	for range 6 {
		go func() {
			defer func() { ended <- struct{}{} }()
			if w.As(t, "director").Do(http.MethodPost, "/v1/webhook-subscriptions", body).Status == created {
				made.Add(1)
			}
		}()
	}
	for range 6 {
		<-ended
	}
	assert.Equal(t, int64(2), made.Load(), "also when several ask at once")
	director.Post("/v1/webhook-subscriptions", body).Check(conflict)
	body["clientId"] = anotherSystem(t, w)
	director.Post("/v1/webhook-subscriptions", body).Want(created)
}

func TestWebhook_4_23_of_a_client_that_is_withdrawn_nothing_goes_on(t *testing.T) {
	t.Parallel()
	w := live.Start(t, here)
	f, r := w.Case(t), newReceiver(t)
	path := subscribed(t, w, r, nil)
	director := w.As(t, "director")
	client := "/v1/clients/" + w.Person("police-system")
	director.Patch(client, director.Get(client).Tag(), live.M{"status": "withdrawn"}).Want(ok)
	director.Post(path+"/test-events", live.M{}).Want(created)
	require.Eventually(t, func() bool { return director.Get(path).Text("state") == "stopped" }, soon, often)
	f.Item(t, "police", "police")
	require.Eventually(t, func() bool { return w.Pending(t) == 0 && idle(t, w) }, soon, often)
	director.Patch(path, director.Get(path).Tag(), live.M{"state": "active"}).Want(ok)
	require.Eventually(t, func() bool { return director.Get(path).Text("state") == "stopped" }, soon, often)
	r.mu.Lock()
	defer r.mu.Unlock()
	assert.Zero(t, r.asked)
}

func TestWebhook_4_23_the_director_is_told_once_of_a_receiver_that_takes_nothing(t *testing.T) {
	t.Parallel()
	w := live.Start(t, here)
	f, r := w.Case(t), newReceiver(t)
	subscribed(t, w, r, live.M{"kinds": []string{"item-added"}})
	r.answer(withStatus(500))
	for range 4 {
		f.Item(t, "police", "police")
	}
	require.Eventually(t, func() bool {
		return w.Count(t, "select count(*) from webhook_delivery where seq > 0 and state = 'pending'") == 4 && w.Count(t, "select count(*) from webhook_delivery where attempts > 0 and state = 'pending'") == 1
	}, soon, often)
	w.Exec(t, "update webhook_delivery set tried_from = tried_from - interval '25 hours' where state = 'pending'")
	require.Eventually(t, func() bool {
		return w.Count(t, "select count(*) from webhook_delivery where state = 'failed'") == 4 && w.Pending(t) == 0
	}, 2*soon, often)
	assert.Len(t, w.As(t, "director").Get("/v1/alerts?kind=delivery-failed&dossierId="+f.ID).Want(ok).IDs(), 1)
}

func TestWebhook_4_23_a_secret_is_told_once_and_stands_nowhere_else(t *testing.T) {
	t.Parallel()
	w := live.Start(t, here)
	r := newReceiver(t)
	director := w.As(t, "director")
	key := "Idempotency-Key: 019a2f6e-5c1b-7d3a-9f40-2b7c8d9e0f99"
	body := live.M{"clientId": w.Person("police-system"), "url": r.URL + "/in?key=geheim"}
	first := director.Post("/v1/webhook-subscriptions", body, key).Want(created)
	secret := first.Text("secret")
	require.True(t, strings.HasPrefix(secret, "whsec_"))
	again := director.Post("/v1/webhook-subscriptions", body, key).Want(created)
	assert.Equal(t, first.ID(), again.ID())
	assert.Nil(t, again.At("secret"))
	path := first.Place()
	require.Eventually(t, func() bool { return director.Get(path).At("verifiedAt") != nil }, soon, often)
	renew := "Idempotency-Key: 019a2f6e-5c1b-7d3a-9f40-2b7c8d9e0f98"
	renewed := director.Post(path+"/secrets", live.M{}, anyTag, renew).Want(created).Text("secret")
	r.secrets = []string{renewed}
	director.Post(path+"/test-events", live.M{}).Want(created)
	require.Eventually(t, func() bool { return idle(t, w) }, soon, often)
	told := w.Log.Text()
	for _, one := range []*live.Reply{
		director.Get(path), director.Get("/v1/webhook-subscriptions"), director.Get(path + "/deliveries"), director.Post(path+"/secrets", live.M{}, anyTag, renew),
		director.Patch(path, director.Get(path).Tag(), live.M{"kinds": []string{"item-added"}}),
	} {
		told += string(one.Raw)
	}
	for _, one := range []string{secret, renewed, strings.TrimPrefix(secret, "whsec_")} {
		assert.NotContains(t, told, one)
		for _, table := range []string{"webhook_subscription", "webhook_delivery", "idempotency", "river_job", "audit_entry"} {
			assert.Zero(t, w.Count(t, "select count(*) from "+table+" x where x::text like '%"+one+"%'"), table)
		}
	}
	assert.NotContains(t, w.Log.Text(), "key=geheim", "the log holds no address")
}
