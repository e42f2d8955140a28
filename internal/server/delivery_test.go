package server_test

import (
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
	"github.com/wijkregie/wijkregie/internal/server"
	"github.com/wijkregie/wijkregie/internal/testkit"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// undelivered is a delivery that has failed.
func undelivered(t testing.TB, w *live.World) (id string) {
	t.Helper()
	director := w.As(t, "director")
	require.Eventually(t, func() bool {
		sent := director.Get("/v1/deliveries?state=sent").Want(ok).IDs()
		if len(sent) > 0 {
			id = sent[0]
		}
		return id != ""
	}, 20*time.Second, 50*time.Millisecond, "nothing was delivered at all")
	w.Exec(t, "update delivery set state = 'failed', last_answer = 'the mail server answered 554' where id = $1", id)
	return id
}

func TestDelivery_4_23_of_a_mailbox_that_is_not_there_the_director_is_told_and_can_try_again(t *testing.T) {
	t.Parallel()
	post := testkit.NewPostOffice(t)
	post.Refusal = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user here"}
	post.Open(t)
	w := live.Start(t, func(s *server.Setup) {
		s.Mail = delivery.MailOptions{
			Host: post.Host, Port: post.Port, RootCAs: post.Trusted, User: post.User, Password: post.Password, From: "Wijkregie <sitrap@wijkregie.example>",
		}
	})
	f := w.Case(t)
	director := w.As(t, "director")
	var failed []string
	require.Eventually(t, func() bool {
		failed = director.Get("/v1/deliveries?state=failed&dossierId=" + f.ID).Want(ok).IDs()
		return len(failed) > 0
	}, 20*time.Second, 50*time.Millisecond)
	assert.Eventually(t, func() bool {
		return len(director.Get("/v1/alerts?kind=delivery-failed&dossierId="+f.ID).Want(ok).IDs()) > 0
	}, 20*time.Second, 50*time.Millisecond, "the director is told in the system")
	assert.Empty(t, w.As(t, "case-director").Get("/v1/alerts?kind=delivery-failed").Want(ok).IDs(), "he alone is")

	one := director.Get("/v1/deliveries/" + failed[0]).Want(ok)
	assert.Contains(t, one.Allowed(), "retryDelivery")
	assert.EqualValues(t, 1, one.At("attempts"), "trying a mailbox that is not there again is of no use")
	assert.NotContains(t, one.Text("lastAnswer"), "no such user", "what the server says could name an address")
	w.As(t, "case-director").Get("/v1/deliveries").Check(forbidden)
	director.Post("/v1/deliveries/"+failed[0]+"/retries", live.M{}).Check(428)
	director.Post("/v1/deliveries/"+failed[0]+"/retries", live.M{}, live.Match(one.Tag())).Want(created)
	require.Eventually(t, func() bool {
		now := director.Get("/v1/deliveries/" + failed[0]).Want(ok)
		return now.Text("state") == "failed" && live.At(now.Body, "attempts").(float64) > 1
	}, 20*time.Second, 50*time.Millisecond, "it was tried once more")
}

// TestDelivery_4_23_an_address_that_was_refused is marked: one alert, no mail is tried any more, until the address is
// changed or a delivery is tried again.
func TestDelivery_4_23_an_address_that_was_refused(t *testing.T) {
	t.Parallel()
	post := testkit.NewPostOffice(t)
	post.Refusal = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user here"}
	shut := post.Open(t)
	w := live.Start(t, func(s *server.Setup) {
		s.Mail = delivery.MailOptions{
			Host: post.Host, Port: post.Port, RootCAs: post.Trusted, User: post.User, Password: post.Password, From: "Wijkregie <sitrap@wijkregie.example>",
		}
	})
	director := w.As(t, "director")
	w.As(t, "director").Patch("/v1/settings", w.As(t, "director").Get("/v1/settings").Want(ok).Tag(), live.M{"mailWindowSeconds": 0}).Want(ok)
	f := w.Case(t)
	of := "/v1/deliveries?limit=200&dossierId=" + f.ID + "&professionalId=" + w.Person("chair")
	failed := func() int { return len(director.Get(of + "&state=failed").Want(ok).IDs()) }
	quiet := func() {
		require.Eventually(t, func() bool {
			return w.Pending(t) == 0 && len(director.Get(of+"&state=pending").Want(ok).IDs()) == 0
		}, 20*time.Second, 20*time.Millisecond)
	}
	about := func(who string) (n int) { // alerts of deliveries to somebody
		for _, id := range director.Get("/v1/alerts?limit=200&kind=delivery-failed").Want(ok).Texts("items", "subject.id") {
			if director.Get("/v1/deliveries/"+id).Want(ok).Text("professionalId") == w.Person(who) {
				n++
			}
		}
		return n
	}
	marked := func() any { return director.Get("/v1/professionals/" + w.Person("chair")).Want(ok).At("mailRefusedAt") }
	quiet()
	require.Positive(t, failed())
	require.NotNil(t, marked())
	for range 3 {
		f.Item(t, "housing", "housing")
	}
	quiet()
	require.Equal(t, 1, about("chair"), "once, not for each mail")
	last := director.Get("/v1/deliveries/" + director.Get(of).Want(ok).IDs()[0]).Want(ok)
	require.Contains(t, last.Text("lastAnswer"), "does not know the address, since ")
	require.EqualValues(t, 1, last.At("attempts"))

	t.Run("a retry that is refused again is news", func(t *testing.T) {
		director.Post("/v1/deliveries/"+last.ID()+"/retries", live.M{}, live.Match(last.Tag())).Want(created)
		require.Eventually(t, func() bool { return about("chair") == 2 }, 20*time.Second, 20*time.Millisecond)
		quiet()
		require.NotNil(t, marked())
	})
	t.Run("another address is not marked", func(t *testing.T) {
		chair := director.Get("/v1/professionals/" + w.Person("chair")).Want(ok)
		director.Patch("/v1/professionals/"+w.Person("chair"), chair.Tag(), live.M{"email": "nieuw@veldhoven.example"}).Want(ok)
		require.Nil(t, marked())
		before := failed()
		f.Item(t, "housing", "housing")
		quiet()
		require.Equal(t, before+1, failed())
		require.Eventually(t, func() bool { return about("chair") == 3 }, 20*time.Second, 20*time.Millisecond, "this address is not known either")
		require.NotNil(t, marked())
	})
	t.Run("a retry that arrives lets mail arrive again", func(t *testing.T) {
		shut()
		post.Refusal = nil
		post.Open(t)
		again := director.Get("/v1/deliveries/" + last.ID()).Want(ok)
		director.Post("/v1/deliveries/"+last.ID()+"/retries", live.M{}, live.Match(again.Tag())).Want(created)
		require.Eventually(t, func() bool { return director.Get("/v1/deliveries/"+last.ID()).Want(ok).Text("state") == "sent" }, 20*time.Second, 20*time.Millisecond)
		require.Nil(t, marked())
		before := failed()
		f.Item(t, "housing", "housing")
		quiet()
		require.Equal(t, before, failed())
	})
}
