package delivery

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/wneessen/go-mail"
)

// Mail is a message to one person, as text and as HTML.
type Mail struct {
	ID      uuid.UUID // of the delivery: the same at every attempt, and so the Message-ID
	To      string
	Subject string
	Text    string
	HTML    string
}

// Encryption is how the way to the mail server is protected.
type Encryption string

// The ways of encryption.
const (
	StartTLS Encryption = "starttls" // refused when the server does not offer it
	Implicit Encryption = "tls"      // from the first byte (RFC 8314)
	Plain    Encryption = "none"     // only for a server on the same machine
)

// MailOptions say how mail leaves.
type MailOptions struct {
	Host       string // of the mail server; empty writes the mails to Folder
	Port       int    // 0 for the usual one: 587, with Implicit 465
	User       string // empty for no authentication
	Password   string
	Encryption Encryption     // default StartTLS
	RootCAs    *x509.CertPool // nil for those of the system
	From       string         // "Wijkregie <sitrap@gemeente.example>"
	Folder     string
	Timeout    time.Duration // of each step of the dialogue; default 15 s
}

// Mailer sends mail over SMTP, or writes it to a folder.
type Mailer struct {
	from   string
	domain string // of the sender, for Message-IDs
	send   func(ctx context.Context, m *mail.Msg) error
}

// NewMailer makes a mailer; it connects when there is something to send. It fails when the options
// make no sense or the folder cannot be made.
func NewMailer(o MailOptions, log *slog.Logger) (*Mailer, error) {
	m := &Mailer{from: o.From}
	check := mail.NewMsg()
	if err := check.From(o.From); err != nil {
		return nil, errors.New("the sender of mails is not a mail address")
	}
	_, m.domain, _ = strings.Cut(check.GetFrom()[0].Address, "@")
	if o.Host == "" {
		folder, err := newFolder(o.Folder, log)
		m.send = folder.write
		return m, err
	}
	client, err := mail.NewClient(o.Host, o.options()...)
	if err != nil {
		return nil, fmt.Errorf("settings of the mail server: %w", err)
	}
	open := &sessions{client: client}
	m.send = func(ctx context.Context, msg *mail.Msg) error { return converse(ctx, open, msg) }
	return m, nil
}

func (o MailOptions) options() []mail.Option {
	options := []mail.Option{
		mail.WithTimeout(cmp.Or(o.Timeout, 15*time.Second)),
		mail.WithTLSConfig(&tls.Config{ServerName: o.Host, RootCAs: o.RootCAs, MinVersion: tls.VersionTLS12}),
	}
	switch o.Encryption {
	case Implicit:
		options = append(options, mail.WithSSL(), mail.WithPort(cmp.Or(o.Port, mail.DefaultPortSSL)))
	case Plain:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS), mail.WithPort(cmp.Or(o.Port, mail.DefaultPort)))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory), mail.WithPort(cmp.Or(o.Port, mail.DefaultPortTLS)))
	}
	if o.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(o.User), mail.WithPassword(o.Password))
	}
	return options
}

// Send hands the mail over, once. An error says what the mail server answered; it names no address. It is ErrNoMailbox
// when trying again is of no use.
func (m *Mailer) Send(ctx context.Context, letter Mail) error {
	msg := mail.NewMsg()
	if err := msg.From(m.from); err != nil {
		return err
	}
	if err := msg.To(letter.To); err != nil {
		return errors.New("the recipient's address is not a mail address")
	}
	msg.SetMessageIDWithValue(letter.ID.String() + "@" + m.domain)
	msg.SetDate()
	msg.SetUserAgent("Wijkregie")
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no out-of-office answers
	msg.Subject(letter.Subject)
	msg.SetBodyString(mail.TypeTextPlain, letter.Text)
	msg.AddAlternativeString(mail.TypeTextHTML, letter.HTML)
	return m.send(ctx, msg)
}

// ErrNoMailbox is the answer of a mail server that does not know the address (RFC 3463, 5.1.x): trying again is of no use.
var ErrNoMailbox = errors.New("the mail server does not know the address")

// noMailbox tells whether a recipient was refused for good: by its enhanced code, or without one by a code that says so.
func noMailbox(refusal *mail.SendError) bool {
	if refusal.Reason != mail.ErrSMTPRcptTo {
		return false
	}
	if enhanced := refusal.EnhancedStatusCode(); enhanced != "" {
		return strings.HasPrefix(enhanced, "5.1.")
	}
	return slices.Contains([]int{550, 551, 553}, refusal.ErrorCode())
}

// converse sends a mail. Once the server has taken the message, how the dialogue ends does not matter: an error then would
// make the mail go out twice.
func converse(ctx context.Context, open *sessions, msg *mail.Msg) error {
	err := open.send(ctx, msg)
	if msg.IsDelivered() {
		return nil
	}
	if errors.Is(err, errNotOpened) {
		return err
	}
	var refusal *mail.SendError
	if errors.As(err, &refusal) && noMailbox(refusal) {
		return fmt.Errorf("%w: it answered %d %s", ErrNoMailbox, refusal.ErrorCode(), refusal.EnhancedStatusCode())
	}
	if errors.As(err, &refusal) && refusal.ErrorCode() != 0 {
		return fmt.Errorf("the mail server answered %d %s", refusal.ErrorCode(), refusal.EnhancedStatusCode())
	}
	if errors.As(err, &refusal) {
		return errors.New("the dialogue with the mail server was cut off")
	}
	return err
}

// folder takes mails where no mail server is configured.
type folder struct {
	path string
	log  *slog.Logger
}

func newFolder(path string, log *slog.Logger) (folder, error) {
	if path == "" {
		return folder{}, errors.New("there is neither a mail server nor a folder for mails")
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return folder{}, fmt.Errorf("folder for mails: %w", err)
	}
	return folder{path: path, log: log}, nil
}

// write makes one file per message; a second attempt replaces it.
func (f folder) write(ctx context.Context, msg *mail.Msg) (err error) {
	id := strings.Trim(msg.GetMessageID(), "<>")
	draft, err := os.CreateTemp(f.path, "draft-*") // readable for its owner only
	if err != nil {
		return err
	}
	_, err = msg.WriteTo(draft)
	if err = errors.Join(err, draft.Close()); err == nil {
		name, _, _ := strings.Cut(id, "@")
		err = os.Rename(draft.Name(), filepath.Join(f.path, name+".eml"))
	}
	if err != nil {
		return errors.Join(err, os.Remove(draft.Name()))
	}
	f.log.InfoContext(ctx, "a mail was written to the folder", "message_id", id)
	return nil
}
