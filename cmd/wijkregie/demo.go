package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/demo"
	"github.com/wijkregie/wijkregie/internal/kernel/identity/token"
	"github.com/wijkregie/wijkregie/pkg/client"
)

type demoCommand struct {
	issuer
	Scenario string `help:"Scenario to walk instead of the main job: 1 to 5, or all." env:"SCENARIO" placeholder:"1"`
	DataDir  string `help:"Folder of the server with --demo." env:"DATA_DIR" default:".data" type:"path"`
	MailDir  string `help:"Folder in which that server writes its mails; DATA_DIR/mail by default." env:"MAIL_DIR" type:"path"`
	SMTPHost string `help:"Mail server of that server; with it the mails are not read back." env:"SMTP_HOST"`
}

// Run drives the main job against the running server and fails at the first step that differs.
func (c demoCommand) Run(ctx context.Context, log *slog.Logger) error {
	keys, err := c.keys(c.DataDir, log)
	if err != nil {
		return err
	}
	url := strings.TrimSuffix(c.PublicURL, "/")
	source, err := token.NewIssuer(token.IssuerConfig{Issuer: url, Audience: c.Audience, Keys: keys, Demo: true})
	if err != nil {
		return err
	}
	o := Options{URL: url, Token: func(short string) (string, error) { return demo.Token(source, short) }, Out: os.Stdout}
	if c.SMTPHost == "" {
		o.Mails = cmp.Or(c.MailDir, filepath.Join(c.DataDir, "mail"))
	}
	if c.Scenario != "" {
		return Walk(ctx, o, c.Scenario)
	}
	return Drive(ctx, o)
}

// Options say against which server the main job is driven.
type Options struct {
	URL   string                             // of the server, without a slash at the end
	Token func(short string) (string, error) // makes the token of a demo person or system
	Mails string                             // the folder with the server's mails; empty does not read them
	Out   io.Writer                          // where the story goes
}

// Drive does the main job once, as the demo persons, and tells each step: what was allowed, what was
// refused, and why. Each time it makes new dossiers. It fails at the first answer that is not as it
// must be, and says which.
func Drive(ctx context.Context, o Options) error {
	r := &run{Options: o, actors: map[string]actor{}, language: "en"}
	if err := r.enter(ctx); err != nil {
		return err
	}
	if err := r.mailAtOnce(ctx); err != nil {
		return err
	}
	for i, step := range []struct {
		title string
		do    func(context.Context) error
	}{
		{"The municipal director publishes the authorisation matrix", r.publishMatrix},
		{"Three dossiers are opened and linked; the chair appoints a case director", r.openDossiers},
		{"Partners take part by name and supply information; each sees what the matrix lets it see", r.shareInformation},
		{"Why, and what if: anybody asks why he sees something; the director looks as a partner, simulates and makes an exception", r.why},
		{"A coordination meeting: deliberation, a decision and two actions", r.meet},
		{"A partner completes its action; case director and chair are told at once", r.completeAction},
		{"The situation report shows it, and the dossier is closed", r.closeDossier},
	} {
		r.tell("\nStep %d. %s\n", i+1, step.title)
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("step %d differs: %w", i+1, err)
		}
	}
	r.tell("\nThe main job is done: every step was as it must be. All people, addresses and facts in it are invented.\n")
	return nil
}

// run is one time that the main job is done, with what later steps need of earlier ones.
type run struct {
	Options
	actors   map[string]actor
	language string // in which refusals are told

	situation, family, person client.Dossier
	agendaItem                uuid.UUID
	actions                   []client.Action // of the decision, in its order
	completed                 uuid.UUID
}

// actor is somebody who calls, with his own token.
type actor struct {
	*client.Client
	short        string
	professional uuid.UUID // zero for a system
	partner      uuid.UUID
}

// as is the actor with this short name; there is one for everybody of the demonstration.
func (r *run) as(short string) actor { return r.actors[short] }

// tell prints a line. That nobody listens is no reason to stop.
func (r *run) tell(format string, args ...any) { _, _ = fmt.Fprintf(r.Out, format+"\n", args...) }

// allowed tells what somebody could do.
func (r *run) allowed(format string, args ...any) { r.tell("  allowed  "+format, args...) }

// enter lets everybody in and asks the server who they are.
func (r *run) enter(ctx context.Context) error {
	for _, p := range demo.People() {
		raw, err := r.Token(p.Short)
		if err != nil {
			return err
		}
		c, err := client.NewClient(r.URL+"/v1", client.WithRequestEditorFn(func(_ context.Context, q *http.Request) error {
			q.Header.Set("Authorization", "Bearer "+raw)
			q.Header.Set("Accept-Language", r.language)
			return nil
		}))
		if err != nil {
			return fmt.Errorf("PUBLIC_URL: %w", err)
		}
		me, err := got[client.Me](c.GetMe(ctx))
		if err != nil {
			return fmt.Errorf("%s cannot come in at %s; start the server with make run, from the same folder and with the same settings: %w",
				p.Short, r.URL, err)
		}
		a := actor{Client: c, short: p.Short, partner: me.Partner.Id}
		if who, err := me.Professional.Get(); err == nil {
			a.professional = who.Id
		}
		r.actors[p.Short] = a
	}
	return nil
}
