package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/wijkregie/wijkregie/internal/demo"
	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
	"github.com/wijkregie/wijkregie/internal/kernel/identity/token"
	"github.com/wijkregie/wijkregie/internal/server"
)

// grace is how long open requests may take to finish when the program is asked to stop.
const grace = 20 * time.Second

type serveCommand struct {
	database
	issuer
	mail
	secrets
	Listen              string   `help:"Address to listen on." env:"LISTEN" default:"127.0.0.1:8080"`
	Demo                bool     `help:"Load the fictional people of Veldhoven and let them in; never with real data." env:"DEMO"`
	TrustedIssuer       []string `help:"Issuers of people's tokens, as ISSUER=JWKS-URL, separated by a space." env:"TRUSTED_ISSUERS" sep:" " placeholder:"ISSUER=URL"`
	AllowSecrets        bool     `help:"Let systems come in with a client secret beside private_key_jwt." env:"ALLOW_CLIENT_SECRETS"`
	CorsOrigins         []string `help:"Origins that may call from a browser; http://localhost:* with --demo." env:"CORS_ORIGINS" sep:" " placeholder:"https://app.example.nl"`
	MaxConns            int      `help:"Database connections for requests." env:"DATABASE_MAX_CONNS" default:"16"`
	Clamav              string   `help:"Address of a ClamAV daemon (clamd) that scans documents; without it nothing is scanned." env:"CLAMAV_ADDRESS" placeholder:"host:3310"`
	WebhookAllowPrivate bool     `help:"Let webhooks go to private addresses, and to this machine over http; a partner chooses the address." env:"WEBHOOK_ALLOW_PRIVATE"`
	MetricsListen       string   `help:"Address for Prometheus, as host:port, that is not seen from outside; without it there are no figures." env:"METRICS_LISTEN" placeholder:"127.0.0.1:9464"`
	RateLimit           float64  `help:"Requests per second of one caller." env:"RATE_LIMIT" default:"200"`
}

// mail is how SITRAP mail leaves.
type mail struct {
	SMTPHost       string `help:"Mail server; without it mails are written to DATA_DIR/mail." env:"SMTP_HOST"`
	SMTPPort       int    `help:"Port of the mail server; 587, or 465 with tls, when 0." env:"SMTP_PORT"`
	SMTPUser       string `help:"User at the mail server; none without authentication." env:"SMTP_USER"`
	SMTPPassword   string `help:"Password of that user." env:"SMTP_PASSWORD"`
	SMTPEncryption string `help:"starttls, tls, or none for a server on this machine." env:"SMTP_ENCRYPTION" enum:"starttls,tls,none" default:"starttls"`
	MailFrom       string `help:"Sender of mails." env:"MAIL_FROM" default:"Wijkregie <sitrap@wijkregie.example>"`
	LinkTemplate   string `help:"Address of a dossier in your frontend, with {id}; mails carry no link without it." env:"LINK_TEMPLATE" placeholder:"https://app.example.nl/dossiers/{id}"`
}

// Validate refuses settings that cannot be right, naming the variable.
func (c serveCommand) Validate() error {
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		return errors.New("LISTEN: write it as host:port, for example 127.0.0.1:8080")
	}
	if c.LinkTemplate != "" && !strings.Contains(c.LinkTemplate, "{id}") {
		return errors.New("LINK_TEMPLATE: put {id} where the dossier's id goes")
	}
	if _, _, err := net.SplitHostPort(c.Clamav); c.Clamav != "" && err != nil {
		return errors.New("CLAMAV_ADDRESS: write it as host:port, for example clamav:3310")
	}
	if _, _, err := net.SplitHostPort(c.MetricsListen); c.MetricsListen != "" && err != nil {
		return errors.New("METRICS_LISTEN: write it as host:port, for example 127.0.0.1:9464")
	}
	if c.MaxConns < 2 {
		return errors.New("DATABASE_MAX_CONNS: 2 or more")
	}
	if c.RateLimit <= 0 {
		return errors.New("RATE_LIMIT: more than 0")
	}
	_, err := c.trusted()
	return err
}

func (c serveCommand) trusted() (all []token.TrustedIssuer, err error) {
	for _, pair := range c.TrustedIssuer {
		name, keys, found := strings.Cut(pair, "=")
		if !found || name == "" || keys == "" {
			return nil, errors.New("TRUSTED_ISSUERS: write ISSUER=JWKS-URL, several separated by a space")
		}
		all = append(all, token.TrustedIssuer{Issuer: name, JWKSURL: keys})
	}
	return all, nil
}

// Run serves until the context ends.
func (c serveCommand) Run(ctx context.Context, log *slog.Logger) (err error) {
	listener, err := net.Listen("tcp", c.Listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is in use; set LISTEN to another address, for example LISTEN=127.0.0.1:8081 (and PUBLIC_URL with it)", c.Listen)
	}
	if err != nil {
		return fmt.Errorf("LISTEN: %w", err)
	}
	defer listener.Close() // a second close of what the server closed does nothing
	url, stopDatabase, err := c.open(context.WithoutCancel(ctx), log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stopDatabase()) }()
	product, err := c.assemble(ctx, url, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, product.Close()) }()
	if c.Demo {
		if err := demo.Load(ctx, product.People, url, strings.TrimSuffix(c.PublicURL, "/")); err != nil {
			return fmt.Errorf("demo data: %w", err)
		}
	}
	go keepRoom(ctx)
	c.announce(product)
	return c.work(ctx, product, listener)
}

// work runs the server and what is behind it; when one of them fails, the other stops too.
func (c serveCommand) work(ctx context.Context, product *server.Product, listener net.Listener) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	behind := make(chan error, 1)
	go func() {
		defer stop()
		behind <- product.Run(ctx)
	}()
	figures, err := c.figures(ctx, product)
	if err != nil {
		stop()
		return errors.Join(err, <-behind)
	}
	err = server.Run(ctx, listener, product.Handler, grace)
	stop()
	return errors.Join(err, <-behind, <-figures)
}

// figures answers Prometheus on an address of its own until the context ends; how that went is in the channel then.
func (c serveCommand) figures(ctx context.Context, product *server.Product) (ended chan error, err error) {
	ended = make(chan error, 1)
	if c.MetricsListen == "" {
		ended <- nil
		return ended, nil
	}
	listener, err := net.Listen("tcp", c.MetricsListen)
	if err != nil {
		return nil, fmt.Errorf("METRICS_LISTEN: %w", err)
	}
	pages := http.NewServeMux()
	pages.Handle("GET /metrics", product.Metrics())
	go func() { ended <- server.Run(ctx, listener, pages, time.Second) }()
	return ended, nil
}

func (c serveCommand) assemble(ctx context.Context, url string, log *slog.Logger) (*server.Product, error) {
	keys, err := c.keys(c.DataDir, log)
	if err != nil {
		return nil, err
	}
	secrets, err := c.keeper(c.DataDir, log)
	if err != nil {
		return nil, err
	}
	trusted, err := c.trusted()
	if err != nil {
		return nil, err
	}
	origins := c.CorsOrigins
	if c.Demo && len(origins) == 0 {
		origins = []string{"http://localhost:*"}
	}
	return server.Assemble(ctx, server.Setup{
		DatabaseURL: url, MaxConns: c.MaxConns, PublicURL: strings.TrimSuffix(c.PublicURL, "/"), Audience: c.Audience, Keys: keys, Trusted: trusted,
		AllowSecrets: c.AllowSecrets, Demo: c.Demo, Secrets: secrets, Scanner: c.scanner(), Origins: origins, Link: c.LinkTemplate, PrivateHooks: c.WebhookAllowPrivate, PerSecond: c.RateLimit, Log: log,
		Mail: delivery.MailOptions{
			Host: c.SMTPHost, Port: c.SMTPPort, User: c.SMTPUser, Password: c.SMTPPassword, Encryption: delivery.Encryption(c.SMTPEncryption),
			From: c.MailFrom, Folder: filepath.Join(c.DataDir, "mail"),
		},
	})
}

// announce tells who starts the program what he can do now.
func (c serveCommand) announce(product *server.Product) {
	mails := filepath.Join(c.DataDir, "mail")
	if c.SMTPHost != "" {
		mails = "over SMTP"
	}
	fmt.Printf("Ready. API %s/v1/   documentation %s/docs   mails %s\n", c.PublicURL, c.PublicURL, mails)
	if !c.Demo {
		return
	}
	self, err := os.Executable()
	if err != nil {
		self = "wijkregie"
	}
	fmt.Printf("\nDemo persons (all fictional):\n%s\n", demo.Table())
	fmt.Printf("Try:   curl -s -H \"Authorization: Bearer $(PUBLIC_URL=%s DATA_DIR='%s' '%s' token --as police)\" %s/v1/me\n", c.PublicURL, c.DataDir, self, c.PublicURL)
	fmt.Print("Next:  make demo         (the main job, step by step, from another terminal)\nStop:  Ctrl-C            Empty: make clean/data\n")
}
