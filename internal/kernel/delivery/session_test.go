package delivery

import (
	"testing"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit"
)

func TestSessions(t *testing.T) {
	t.Run("mails after each other share a dialogue, each with its own recipient", func(t *testing.T) {
		post := testkit.NewPostOffice(t)
		post.Plain = true
		post.Open(t)
		m := mailer(t, post, MailOptions{Encryption: Plain})
		for range 3 {
			letter := someLetter()
			require.NoError(t, m.Send(t.Context(), letter))
			got := arrives(t, post.Received, "the mail")
			require.Equal(t, []string{letter.To}, got.To)
			require.Contains(t, got.Header.Get("Message-Id"), letter.ID.String())
		}
		require.Equal(t, int64(1), post.Dialogues.Load())
	})

	t.Run("a dialogue that the server ended meanwhile is begun anew, and the mail leaves once", func(t *testing.T) {
		post := testkit.NewPostOffice(t)
		post.Plain = true
		shut := post.Open(t)
		m := mailer(t, post, MailOptions{Encryption: Plain})
		require.NoError(t, m.Send(t.Context(), someLetter()))
		arrives(t, post.Received, "the first mail")
		shut()
		post.Open(t)
		require.NoError(t, m.Send(t.Context(), someLetter()))
		arrives(t, post.Received, "the second mail")
		require.Empty(t, post.Received)
		require.Equal(t, int64(2), post.Dialogues.Load())
	})

	t.Run("one that was refused a recipient is not used again", func(t *testing.T) {
		post := testkit.NewPostOffice(t)
		post.Plain = true
		post.Open(t)
		m := mailer(t, post, MailOptions{Encryption: Plain})
		post.Refusal = &smtp.SMTPError{Code: 451, Message: "later"}
		require.Error(t, m.Send(t.Context(), someLetter()))
		post.Refusal = nil
		require.NoError(t, m.Send(t.Context(), someLetter()))
		arrives(t, post.Received, "the mail")
		require.Equal(t, int64(2), post.Dialogues.Load())
	})
}
