package server_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// numbered registers somebody with a citizen service number, of whom each partner has a registration of its own.
func numbered(t *testing.T, w *live.World, by string, more ...live.M) string {
	t.Helper()
	body := somebody()
	body["bsn"], body["bsnGround"] = "999970008", "public-task"
	for _, some := range more {
		for name, value := range some {
			if body[name] = value; value == nil {
				delete(body, name)
			}
		}
	}
	return w.As(t, by).Post("/v1/persons", body).Want(created).ID()
}

// begun is a dossier that the police opened, alone, on the same person as that of the case director.
func begun(t *testing.T, w *live.World, body live.M) string {
	t.Helper()
	sent := opening("Woninginbraken")
	sent["type"], sent["basis"] = "person", "covenant"
	for name, value := range body {
		sent[name] = value
	}
	return w.As(t, "police").Post("/v1/dossiers", sent).Want(created).Place()
}

func TestDossier_3_14_the_second_partner_gets_a_notice_with_contact_not_content(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	first := w.Opened(t, live.M{"title": "Gezin Zeewier"})
	first.Direct(t)
	by := w.As(t, "case-director")
	by.Post(first.Path+"/subjects", asSubject(numbered(t, w, "case-director"))).Want(created)
	assert.Empty(t, by.Get(first.Path+"/overlap-notices").Want(ok).IDs(), "there is no other dossier")

	second, police := begun(t, w, nil), w.As(t, "police")
	mine := numbered(t, w, "police")
	police.Post(second+"/subjects", asSubject(mine)).Want(created)

	here, there := police.Get(second+"/overlap-notices").Want(ok), by.Get(first.Path+"/overlap-notices").Want(ok)
	t.Run("each side reads with whom to get in touch", func(t *testing.T) {
		require.Len(t, here.IDs(), 1)
		require.Len(t, there.IDs(), 1)
		assert.Equal(t, w.Partner("case-director"), here.At("items.0.contactPartnerId"))
		assert.Equal(t, "Casusregisseur", here.At("items.0.contactFunction"))
		assert.Equal(t, mine, here.At("items.0.personId"), "in the words of the own register")
		assert.Equal(t, w.Partner("police"), there.At("items.0.contactPartnerId"))
		assert.Equal(t, "Wijkagent", there.At("items.0.contactFunction"))
	})
	t.Run("and nothing of the other dossier", func(t *testing.T) {
		for _, secret := range []string{first.ID, "Zeewier", by.Get(first.Path).Want(ok).Text("number"), w.Person("case-director")} {
			assert.NotContains(t, string(here.Raw), secret)
		}
		police.Get(first.Path).Check(notFound)
		by.Get(second).Check(notFound)
	})
	t.Run("who leads is told, also who raised it, without who it was", func(t *testing.T) {
		for who, dossier := range map[string]string{"police": second, "case-director": first.Path} {
			require.Eventually(t, func() bool {
				told := w.As(t, who).Get("/v1/alerts?kind=overlap-noticed").Want(ok)
				return len(told.IDs()) == 1 && "/v1/dossiers/"+told.At("items.0.dossierId").(string) == dossier && told.At("items.0.actor") == nil
			}, 5*time.Second, 20*time.Millisecond, who)
		}
	})
	t.Run("who does not lead reads no notice, who is outside no list", func(t *testing.T) {
		assert.Empty(t, w.As(t, "chair").Get(first.Path+"/overlap-notices").Want(ok).IDs())
		assert.Len(t, w.As(t, "director").Get(second+"/overlap-notices").Want(ok).IDs(), 1)
		w.As(t, "housing").Get(first.Path + "/overlap-notices").Check(notFound)
	})
	t.Run("once for a person, also in another role", func(t *testing.T) {
		police.Post(second+"/subjects", live.M{"personId": mine, "role": "suspect"}).Want(created)
		assert.Len(t, police.Get(second+"/overlap-notices").Want(ok).IDs(), 1)
	})
}

func TestDossier_3_14_there_is_no_notice_where_it_may_not_be(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		first   live.M // how the first dossier differs
		known   live.M // how the person is registered there
		ended   bool   // whether that role is over
		opening live.M // how the second dossier differs
		found   live.M
	}{
		"another legal basis":                   {opening: live.M{"basis": "wgs"}},
		"a consent, which is for one case":      {first: live.M{"basis": "consent"}, opening: live.M{"basis": "consent"}},
		"a secret address there":                {known: live.M{"addressSecret": true}},
		"a secret address here":                 {found: live.M{"addressSecret": true}},
		"a role that is over":                   {ended: true},
		"somebody else":                         {found: live.M{"bsn": "999970021"}},
		"another without a number, named alike": {found: live.M{"bsn": nil, "bsnGround": nil}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := live.Start(t)
			first := w.Opened(t, c.first)
			first.Direct(t)
			role := asSubject(numbered(t, w, "case-director", c.known))
			if c.ended {
				role["from"], role["until"] = "2020-01-01", "2020-02-01"
			}
			w.As(t, "case-director").Post(first.Path+"/subjects", role).Want(created)
			second := begun(t, w, c.opening)
			w.As(t, "police").Post(second+"/subjects", asSubject(numbered(t, w, "police", c.found))).Want(created)
			assert.Empty(t, w.As(t, "police").Get(second+"/overlap-notices").Want(ok).IDs())
			assert.Empty(t, w.As(t, "case-director").Get(first.Path+"/overlap-notices").Want(ok).IDs())
		})
	}
}

func TestDossier_3_14_of_two_at_once_one_finds_the_other(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	first := w.Opened(t, live.M{})
	first.Direct(t)
	second := begun(t, w, nil)
	theirs, ours := numbered(t, w, "case-director"), numbered(t, w, "police")
	var all sync.WaitGroup
	all.Go(func() { w.As(t, "case-director").Post(first.Path+"/subjects", asSubject(theirs)).Check(created) })
	all.Go(func() { w.As(t, "police").Post(second+"/subjects", asSubject(ours)).Check(created) })
	all.Wait()
	assert.Len(t, w.As(t, "police").Get(second+"/overlap-notices").Want(ok).IDs(), 1)
	assert.Len(t, w.As(t, "case-director").Get(first.Path+"/overlap-notices").Want(ok).IDs(), 1)
}
