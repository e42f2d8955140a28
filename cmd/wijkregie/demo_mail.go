package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"path/filepath"
	"slices"
	"strings"
	"time"

	eml "github.com/wneessen/go-mail"

	"github.com/wijkregie/wijkregie/internal/demo"
	"github.com/wijkregie/wijkregie/pkg/client"
)

const (
	// mailBound is how long a mail may take; it leaves after the alert.
	mailBound = 15 * time.Second
	mailPoll  = 100 * time.Millisecond
)

// checkMails reads back the mails on the completion, and looks for personal data in them.
func (r *run) checkMails(ctx context.Context) error {
	if r.Mails == "" {
		r.tell("  mail     not read back: the server sends over SMTP")
		return nil
	}
	kinds, err := got[client.CodeList](r.as("chair").GetCodeList(ctx, "event-kinds"))
	if err != nil {
		return err
	}
	var labels []string // in either language
	for _, k := range kinds.Codes {
		if k.Code == completed {
			labels = append(labels, k.Label.Nl, k.Label.En)
		}
	}
	for _, short := range directors() {
		letter, err := r.awaitMail(ctx, short, labels)
		if errors.Is(err, fs.ErrNotExist) {
			r.tell("  mail     not read back: %s is not here; set MAIL_DIR to the server's folder", r.Mails)
			return nil
		}
		if err != nil {
			return err
		}
		if found := r.personal(letter); found != "" {
			return differs("the mail to %s names %q", short, found)
		}
		r.tell("  mail     %s, by e-mail, with the number of the dossier and without a name: %q", short, letter.subject)
	}
	return nil
}

// letter is a mail as it is read: decoded.
type letter struct{ to, subject, text string }

// awaitMail waits for the mail to a person on the family that tells one of these; what waits together goes in one mail.
func (r *run) awaitMail(ctx context.Context, short string, labels []string) (letter, error) {
	person, err := demo.Find(short)
	if err != nil {
		return letter{}, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, mailBound, fmt.Errorf("no mail to %s that tells %q within %s", short, labels, mailBound))
	defer cancel()
	again := time.NewTicker(mailPoll)
	defer again.Stop()
	for {
		found, err := findMail(r.Mails, person.Email, r.family.Number, labels)
		if err != nil || found.subject != "" {
			return found, err
		}
		select {
		case <-ctx.Done():
			return letter{}, context.Cause(ctx)
		case <-again.C:
		}
	}
}

// findMail is a mail in the folder to this address that tells one of these of a dossier; empty without one.
func findMail(folder, to, number string, labels []string) (found letter, err error) {
	err = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".eml" {
			return err
		}
		l, err := readMail(path)
		if err != nil {
			return fmt.Errorf("%s: %w", entry.Name(), err)
		}
		tells := func(label string) bool { return strings.Contains(l.text, label) }
		if strings.Contains(l.text, number) && strings.Contains(l.to, to) && slices.ContainsFunc(labels, tells) {
			found = l
			return fs.SkipAll
		}
		return nil
	})
	return found, err
}

func readMail(path string) (l letter, err error) {
	m, err := eml.EMLToMsgFromFile(path)
	if err != nil {
		return l, err
	}
	l.to = strings.Join(m.GetToString(), " ")
	if l.subject, err = new(mime.WordDecoder).DecodeHeader(strings.Join(m.GetGenHeader(eml.HeaderSubject), " ")); err != nil {
		return l, err
	}
	for _, part := range m.GetParts() {
		content, err := part.GetContent()
		if err != nil {
			return l, err
		}
		l.text += string(content) + "\n"
	}
	return l, nil
}

// personal is the first name of a person, or title of a dossier, that a mail should not have.
func (r *run) personal(l letter) string {
	words := []string{"Verhaag", "Demir", "Murat", "Verzonnenlaan"}
	for _, d := range []client.Dossier{r.situation, r.family, r.person} {
		if title, err := d.Title.Get(); err == nil && title != "" {
			words = append(words, title)
		}
	}
	for _, p := range demo.People() {
		words = append(words, p.Name)
	}
	for _, a := range r.actions {
		words = append(words, a.Description)
	}
	for _, w := range words {
		if strings.Contains(strings.ToLower(l.to+l.subject+l.text), strings.ToLower(w)) {
			return w
		}
	}
	return ""
}

// mailAtOnce lets no mail wait for more, so that the one of the demonstration does not wait for those before it.
func (r *run) mailAtOnce(ctx context.Context) error {
	answer, err := r.as("director").UpdateSettingsWithApplicationMergePatchPlusJSONBody(ctx, &client.UpdateSettingsParams{IfMatch: new("*")},
		client.SettingsChange{MailWindowSeconds: new(0)})
	_, err = got[client.Settings](answer, err)
	return err
}
