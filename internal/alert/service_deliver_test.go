package alert

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/testkit"
)

func TestDeliver(t *testing.T) {
	t.Run("the mail holds number, kind and link, and no name or content", func(t *testing.T) {
		w := newTown(t)
		w.post.Open(t)
		w.happens(t, w.officer, w.action(t))
		for _, c := range []struct {
			to                      uuid.UUID
			subject, text, language string
		}{
			{w.director, "SITRAP 2026-000007: Actie afgerond", "In dossier 2026-000007 is iets veranderd:\r\n- Actie afgerond", "nl"},
			{w.chair, "SITRAP 2026-000007: Action completed", "Something changed in dossier 2026-000007:\r\n- Action completed", "en"},
		} {
			require.Zero(t, w.attempt(t, c.to))
			letter := arrives(t, w.post.Received, "the mail")
			require.Equal(t, []string{c.to.String() + "@veldhoven.example"}, letter.To)
			require.True(t, letter.Encrypted && letter.Authenticated)
			require.Equal(t, "<"+w.delivery(t, c.to).LetterID.String()+"@wijkregie.example>", letter.Header.Get("Message-Id"))
			require.Equal(t, c.subject, letter.Header.Get("Subject"))
			parts := partsOf(t, letter)
			require.Len(t, parts, 2)
			require.Contains(t, parts[0], c.text)
			require.Contains(t, parts[1], `<html lang="`+c.language+`">`)
			for _, part := range append(parts, letter.Header.Get("Subject"), letter.Header.Get("To")) {
				for _, name := range []string{"Dirk", "Vera", "Agent", "Jansen", "buren", "Gesprek", "Veldhoven,", "Politie"} {
					require.NotContains(t, part, name)
				}
			}
			for _, part := range parts {
				require.Contains(t, part, "https://app.example/dossiers/"+w.dossier.String())
			}
			require.Equal(t, Sent, w.delivery(t, c.to).State)
		}
	})

	t.Run("what was sent is not sent again", func(t *testing.T) {
		w := newTown(t)
		w.post.Open(t)
		w.happens(t, w.officer, w.changed())
		for range 2 {
			w.attempt(t, w.director)
		}
		arrives(t, w.post.Received, "the mail")
		require.Empty(t, w.post.Received)
	})

	t.Run("of a change that its reader may not read the mail says only that the dossier changed", func(t *testing.T) {
		w := newTown(t)
		w.post.Open(t)
		w.happens(t, w.officer, w.item(t, authz.Health))
		w.attempt(t, w.director)
		require.Equal(t, "SITRAP 2026-000007: Dossier gewijzigd", arrives(t, w.post.Received, "the mail").Header.Get("Subject"))
	})

	t.Run("what is due for a person goes in one mail, of all dossiers", func(t *testing.T) {
		w := newTown(t)
		w.post.Open(t)
		w.happens(t, w.officer, w.changed())
		w.another(t)
		w.happens(t, w.officer, w.changed())
		w.attempt(t, w.director)
		require.Equal(t, "SITRAP: 2 wijzigingen in 2 dossiers", arrives(t, w.post.Received, "the mail").Header.Get("Subject"))
		require.Empty(t, w.post.Received)
	})

	t.Run("without a template for links the mail has the number alone", func(t *testing.T) {
		w := newTown(t)
		w.m.Link = ""
		letter, err := w.letter([]Seen{{Kind: Unreadable}}, "nl")
		require.NoError(t, err)
		require.NotContains(t, letter.Text+letter.HTML, "http")
	})

	t.Run("what was taken is noted although the program stops", func(t *testing.T) {
		w := newTown(t)
		w.post.Open(t)
		w.happens(t, w.officer, w.changed())
		d := w.delivery(t, w.director)
		stopping, stop := context.WithCancel(t.Context())
		stop()
		d.ends(Sent, "accepted")
		require.NoError(t, w.settle(identity.With(stopping, identity.System(veldhoven, "delivery")), []Delivery{d}))
		require.Equal(t, Sent, w.delivery(t, w.director).State)
	})
}

func TestDeliverLater(t *testing.T) {
	w := newTown(t)
	w.happens(t, w.officer, w.changed())

	t.Run("while the server is down it waits ever longer", func(t *testing.T) {
		before := time.Duration(0)
		w.jitter = func() float64 { return 0 }
		for attempt := range 3 {
			again := w.attempt(t, w.director)
			require.Greater(t, again, before)
			d := w.delivery(t, w.director)
			require.Equal(t, Pending, d.State)
			require.Equal(t, attempt+1, d.Attempts)
			require.NotNil(t, d.NextTryAt)
			require.Contains(t, d.LastAnswer, "mail server")
			before = again
			w.ahead.Add(int64(again))
		}
	})

	t.Run("after a day it has failed", func(t *testing.T) {
		w.ahead.Add(int64(24 * time.Hour))
		require.Zero(t, w.attempt(t, w.director))
		d := w.delivery(t, w.director)
		require.Equal(t, Failed, d.State)
		require.Nil(t, d.NextTryAt)
	})
}

func TestDeliverCancels(t *testing.T) {
	for name, change := range map[string]func(t *testing.T, w *town){
		"a recipient who may not act any more": func(_ *testing.T, w *town) { w.m.As = refused(problem.Unauthenticated) },
		"one without an address": func(t *testing.T, w *town) {
			w.exec(t, "update professional set email = '' where id = $1", w.director)
		},
		"one who does not direct the dossier any more": func(t *testing.T, w *town) {
			w.exec(t, "update dossier set case_director_id = $1", w.stranger)
		},
		"one who does not know the dossier any more": func(t *testing.T, w *town) {
			w.exec(t, "update admission set until = now() where holder = $1", w.director)
		},
	} {
		t.Run(name+" gets no mail", func(t *testing.T) {
			w := newTown(t)
			w.post.Open(t)
			w.happens(t, w.officer, w.changed())
			change(t, w)
			require.Zero(t, w.attempt(t, w.director))
			d := w.delivery(t, w.director)
			require.Equal(t, Cancelled, d.State)
			require.NotEmpty(t, d.LastAnswer)
			require.Empty(t, w.post.Received)
		})
	}

	t.Run("a substitute whose time is over gets no mail", func(t *testing.T) {
		w := newTown(t)
		w.post.Open(t)
		w.standIn(t, -1, 1)
		w.happens(t, w.officer, w.changed())
		w.attempt(t, w.substitute)
		require.Equal(t, Sent, w.delivery(t, w.substitute).State)
		arrives(t, w.post.Received, "the mail of his time")

		w.happens(t, w.officer, w.changed())
		w.ahead.Store(int64(2 * time.Hour))
		as := w.m.As
		w.m.As = func(ctx context.Context, municipality string, person uuid.UUID) (who identity.Identity, err error) {
			who, err = as(ctx, municipality, person)
			who.Substitutes = nil
			return who, err
		}
		w.attempt(t, w.substitute)
		require.Equal(t, Cancelled, w.delivery(t, w.substitute).State)
		require.Empty(t, w.post.Received)
	})
}

// TestMailServerDown is the whole way, from the change to the mail: with the mail server down the
// mail is sent later, once.
func TestMailServerDown(t *testing.T) {
	w := newTown(t)
	while(t, w.Deliver)
	w.happens(t, w.officer, w.action(t))
	require.Eventually(t, func() bool { return w.delivery(t, w.director).LastAnswer != "" }, bound, 20*time.Millisecond, "an attempt at a server that is down")
	w.post.Open(t)

	to := map[string]int{}
	for range 2 {
		letter := arrives(t, w.post.Received, "the mail, later")
		to[letter.To[0]]++
	}
	require.Equal(t, map[string]int{w.director.String() + "@veldhoven.example": 1, w.chair.String() + "@veldhoven.example": 1}, to)
	require.Eventually(t, func() bool { return w.delivery(t, w.director).State == Sent }, bound, 20*time.Millisecond)
	require.Empty(t, w.post.Received)
}

// delivery reads the latest delivery to a professional.
func (w *town) delivery(t *testing.T, to uuid.UUID) (d Delivery) {
	t.Helper()
	row := w.admin.QueryRow(t.Context(), `select municipality_id, id, alert_id, professional_id, dossier_id, seq, channel, state, attempts, tried_from, next_try_at,
		held_until, letter_id, last_answer, created_at from delivery where professional_id = $1 order by seq desc limit 1`, to)
	require.NoError(t, row.Scan(&d.MunicipalityID, &d.ID, &d.AlertID, &d.ProfessionalID, &d.DossierID, &d.Seq, &d.Channel, &d.State, &d.Attempts, &d.TriedFrom,
		&d.NextTryAt, &d.HeldUntil, &d.LetterID, &d.LastAnswer, &d.CreatedAt))
	return d
}

// attempt makes one attempt at the mails that are due for a professional, and gives after what time the latest of his deliveries
// is tried again; 0 when it has ended.
func (w *town) attempt(t *testing.T, to uuid.UUID) (again time.Duration) {
	t.Helper()
	w.exec(t, "update delivery set held_until = 'infinity' where professional_id <> $1", to)
	require.NoError(t, w.attemptAll(t.Context()))
	w.exec(t, "update delivery set held_until = null where held_until = 'infinity'")
	d := w.delivery(t, to)
	if d.NextTryAt == nil {
		return 0
	}
	return d.NextTryAt.Sub(w.now())
}

// attemptAll makes one attempt at all mails that are due.
func (w *town) attemptAll(ctx context.Context) error {
	letters, err := w.hold(ctx, veldhoven, mostLetters)
	for _, letter := range letters {
		w.deliver(ctx, letter)
		err = errors.Join(err, w.settle(identity.With(ctx, identity.System(veldhoven, "delivery")), letter))
	}
	return err
}

// partsOf reads the parts of a mail as people see them.
func partsOf(t *testing.T, letter testkit.Letter) (parts []string) {
	t.Helper()
	_, params, err := mime.ParseMediaType(letter.Header.Get("Content-Type"))
	require.NoError(t, err)
	reader := multipart.NewReader(strings.NewReader(letter.Source), params["boundary"])
	for {
		part, err := reader.NextPart()
		if err == io.EOF {
			return parts
		}
		require.NoError(t, err)
		text, err := io.ReadAll(part)
		require.NoError(t, err)
		parts = append(parts, string(text))
	}
}
