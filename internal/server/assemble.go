package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/alert"
	"github.com/wijkregie/wijkregie/internal/document"
	"github.com/wijkregie/wijkregie/internal/kernel/access"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
	"github.com/wijkregie/wijkregie/internal/kernel/identity/token"
	"github.com/wijkregie/wijkregie/internal/kernel/ledger"
	"github.com/wijkregie/wijkregie/internal/kernel/secret"
	"github.com/wijkregie/wijkregie/internal/organisation"
	"github.com/wijkregie/wijkregie/internal/oversight"
	"github.com/wijkregie/wijkregie/internal/plan"
	"github.com/wijkregie/wijkregie/internal/privacy"
)

// Setup is what a running product is made from.
type Setup struct {
	DatabaseURL string // of a migrated database
	MaxConns    int    // for requests; 16 when zero

	PublicURL    string // where the server is seen from outside: the issuer of its tokens
	Audience     string // our identifier as an API
	Keys         *token.Keys
	Trusted      []token.TrustedIssuer
	AllowSecrets bool // client secrets beside private_key_jwt
	Demo         bool // demo persons may come in

	Secrets *secret.Keeper    // of what lies encrypted in the database
	Scanner *document.Scanner // of documents; nil scans nothing

	Origins []string
	Mail    delivery.MailOptions
	// PrivateHooks lets webhooks go to private addresses and to this machine.
	PrivateHooks bool
	Link         string // the address of a dossier for people, with {id}; empty puts none in mails
	PerSecond    float64
	Now          func() time.Time
	Log          *slog.Logger
}

// Product is the assembled server with what runs behind it.
type Product struct {
	Handler http.Handler
	// People lets set-up load what a municipality starts with.
	People *organisation.Service
	// Issuer makes the tokens of systems, and of demo persons where those may come in.
	Issuer *token.Issuer

	setup     Setup
	db        *db.DB
	log       *access.Writer
	sequencer *delivery.Sequencer
	ledger    *ledger.Log
	heard     *delivery.Broadcaster
	alerts    *alert.Service
	across    *oversight.Service
	plans     *plan.Service
	private   *privacy.Service
	figures   *figures

	mu      sync.Mutex
	workers *delivery.Workers
}

// Assemble connects everything; nothing runs yet but the pools of the database. It fails with an
// error that names what is wrong.
func Assemble(ctx context.Context, s Setup) (p *Product, err error) {
	if s.Now == nil {
		s.Now = time.Now
	}
	database, err := db.Open(ctx, s.DatabaseURL, db.Options{MaxConns: s.MaxConns, Now: s.Now})
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, database.Close())
		}
	}()
	heard := &delivery.Broadcaster{}
	p = &Product{setup: s, db: database, log: access.NewWriter(database), heard: heard, sequencer: delivery.NewSequencer(database, heard, s.Log)}
	seed, err := s.Secrets.SigningSeed("audit checkpoints")
	if err != nil {
		return nil, err
	}
	if p.ledger, err = ledger.NewLog(database, seed, s.Log); err != nil {
		return nil, err
	}
	rooms, err := openRooms(p)
	if err != nil {
		return nil, err
	}
	p.People, p.alerts, p.across, p.plans, p.private, p.figures = rooms.people, rooms.alerts, rooms.across, rooms.plans, rooms.private, newFigures()
	p.figures.watch(p, rooms.alertHTTP.Streams)
	return p, p.entrance(rooms)
}

// entrance makes the HTTP side: who may come in, and the contract's handlers.
func (p *Product) entrance(r *rooms) error {
	s := p.setup
	verifier, err := token.New(token.Config{
		Audience: s.Audience, Issuer: s.PublicURL, Keys: s.Keys, Trusted: s.Trusted, Demo: s.Demo, AllowLoopback: s.Demo, Now: s.Now, Log: s.Log,
	})
	if err != nil {
		return fmt.Errorf("trusted issuers: %w", err)
	}
	p.Issuer, err = token.NewIssuer(token.IssuerConfig{
		Issuer: s.PublicURL, Audience: s.Audience, Keys: s.Keys, Client: r.client, Once: r.people.Once, Documentation: s.PublicURL + "/docs",
		AllowSecrets: s.AllowSecrets, AllowLoopback: s.Demo, Demo: s.Demo, Now: s.Now, Log: s.Log,
	})
	if err != nil {
		return fmt.Errorf("built-in issuer: %w", err)
	}
	known, err := newRecogniser(verifier, r.people, r.matrix, s.Now)
	if err != nil {
		return err
	}
	spec, err := api.GetSpec()
	if err != nil {
		return fmt.Errorf("contract: %w", err)
	}
	r.entranceHTTP = newEntrance(spec)
	p.Handler = kept(Config{Access: p.log,
		Spec: spec, Handlers: r, Authenticate: known.authenticate, Previews: r.previews, Decisions: &Decisions{Across: r.across, URL: s.PublicURL}, Calendars: r.meetings.Calendar, Secrets: s.Secrets,
		DB: p.db, Plain: p.Issuer.Handlers(), Origins: s.Origins, Checks: p.checks(), Figures: p.figures, Log: s.Log, DocsURL: s.PublicURL + "/docs", Now: s.Now, PerSecond: s.PerSecond,
	})
	return nil
}

// checks decide on /readyz.
func (p *Product) checks() []Check {
	return []Check{
		{Name: "database", Run: p.db.Ping},
		{Name: "migrations", Run: p.db.Migrated},
		{Name: "job worker", Run: func(context.Context) error {
			p.mu.Lock()
			defer p.mu.Unlock()
			if p.workers == nil || !p.workers.Alive() {
				return errors.New("the job worker does not run")
			}
			return nil
		}},
	}
}

// Run works behind the server until ctx ends: it numbers events, wakes streams and sends what is to
// be delivered. Then mails in hand and running jobs finish or go back to the queue.
func (p *Product) Run(ctx context.Context) error {
	workers, err := delivery.Start(ctx, p.setup.DatabaseURL, delivery.Tasks{Hook: p.alerts.Hook, Hourly: p.Hourly}, p.setup.Log)
	if err != nil {
		return err
	}
	p.mu.Lock()
	p.workers = workers
	p.mu.Unlock()
	var behind, letters sync.WaitGroup
	letters.Go(func() { p.alerts.Deliver(ctx) })
	behind.Go(func() { p.sequencer.Run(ctx, p.alerts.FanOut) })
	behind.Go(func() { p.ledger.Run(ctx) })
	behind.Go(func() { p.sweep(ctx) })
	behind.Go(func() { p.heard.Listen(ctx, p.setup.DatabaseURL, p.setup.Log) })
	<-ctx.Done()
	behind.Wait()
	last, done := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer done()
	err = workers.Stop(last)
	letters.Wait()
	return err
}

// sweepEvery is how often webhooks are looked for that were not tried in time, ways into dossiers that ended, and what was decided to be destroyed.
const sweepEvery = 10 * time.Second

func (p *Product) sweep(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := errors.Join(p.alerts.SweepHooks(ctx), p.alerts.TellLost(ctx), p.alerts.Watch(ctx), p.private.CarryOut(ctx)); err != nil && ctx.Err() == nil {
				p.setup.Log.ErrorContext(ctx, "what is behind cannot be caught up with", "error", err)
			}
		}
	}
}

// Hourly does what is done by the clock: privacy assertions at night, the terms of actions, what is due to be destroyed, data breaches
// and police data past their terms, and what lies under a key of before.
func (p *Product) Hourly(ctx context.Context) error {
	return errors.Join(p.plans.RemindDue(ctx), p.across.CheckDue(ctx), p.private.RetainDue(ctx), p.private.TellOverdueBreaches(ctx), p.private.RemovePoliceDue(ctx), privacy.Seals{DB: p.db, Secrets: p.setup.Secrets}.Renew(ctx))
}

// Close ends the connections to the database.
func (p *Product) Close() error { return p.db.Close() }
