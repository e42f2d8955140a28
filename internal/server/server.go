// Package server stands between the network and the areas: it knows who calls, refuses what the
// contract does not allow, and turns every failure into problem+json.
package server

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/labstack/echo/v4"
	"github.com/labstack/gommon/log"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/access"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/media"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/kernel/secret"
)

const (
	base        = "/v1"
	timeLimit   = 30 * time.Second
	bodyLimit   = 1 << 20
	batchLimit  = 8 << 20
	fileLimit   = 25 << 20
	fileTime    = 10 * time.Minute
	defaultRate = 200
)

// Config is what the server is made of. Limits that are zero have a default.
type Config struct {
	// Spec is the contract; its version is the API-Version of every answer.
	Spec *openapi3.T
	// Handlers are the areas.
	Handlers api.StrictServerInterface
	// Authenticate puts the identity behind a bearer token in the context. municipality is the
	// header of that name, empty without one. It fails with a *problem.Error.
	Authenticate func(ctx context.Context, bearer, municipality string) (context.Context, error)
	// Previews let the municipal director see what others see; without them nobody can.
	Previews *Previews
	// Access keeps who looked at what; without it nothing is logged. The product always has it.
	Access *access.Writer
	// DB keeps the idempotency keys. Without it a POST with a key is executed as one without.
	DB *db.DB
	// Plain are handlers outside the contract by path ("/oauth2/token"); they answer for themselves.
	Plain map[string]http.Handler
	// Calendars gives the calendar that a secret opens; without it there is no such address.
	Calendars func(ctx context.Context, secret string) (string, error)
	// Decisions let other systems ask for decisions (AuthZEN); without them there is no such address.
	Decisions *Decisions
	// Origins may call from a browser: "https://app.example.nl", "http://localhost:*".
	Origins []string
	// Checks decide on /readyz.
	Checks []Check
	Log    *slog.Logger
	// Secrets keys what is kept of the bodies of keyed requests; without them it is their plain hash.
	Secrets *secret.Keeper
	// DocsURL is where /docs is seen from outside, without a slash at the end; "/docs" by default.
	DocsURL string
	// SecurityContact is where weaknesses are reported (security.txt); the contract's contact by default.
	SecurityContact string
	// Figures count the requests; without them nobody does.
	Figures *figures
	// Now is the clock; time.Now by default.
	Now func() time.Time
	// PerSecond and Burst bound the requests of one caller; 200 and 400 by default.
	PerSecond float64
	Burst     int
	// Timeout bounds a request that is not a stream; 30 seconds by default.
	Timeout time.Duration
}

// Check is one condition for being ready; Name is told to whoever asks, the error only to the log.
type Check struct {
	Name string
	Run  func(context.Context) error
}

type server struct {
	Config
	echo       *echo.Echo
	operations map[string]*operation
	origins    origins
	limits     *limiter
	explained  map[problem.Kind]explanation
	texts      problem.Texts
	formats    openapi3.SchemaValidationOption
}

// New makes the server: every operation of the contract under /v1, and beside it the documentation,
// the health checks and the plain handlers.
func New(c Config) *echo.Echo {
	return build(c, func(r routes) {
		api.RegisterHandlersWithBaseURL(r, api.NewStrictHandler(c.Handlers, nil), base)
	})
}

func build(c Config, register func(routes)) *echo.Echo {
	c = withDefaults(c)
	e := echo.New()
	e.HideBanner = true
	e.HidePort = true
	e.Logger.SetLevel(log.OFF)
	s := &server{
		Config:     c,
		echo:       e,
		operations: operations(c.Spec),
		origins:    allowList(c.Origins),
		limits:     newLimiter(c.PerSecond, c.Burst, c.Now),
		explained:  explainedByKind(),
		texts:      problem.ReadTexts(),
		formats:    formats(),
	}
	e.HTTPErrorHandler = func(err error, ec echo.Context) { s.fail(ec, err) }
	e.Use(s.answer, s.cors, s.operate)
	r := routes{e}
	register(r)
	s.docs(r)
	r.GET("/healthz", s.alive)
	r.GET("/readyz", s.ready)
	r.GET("/.well-known/security.txt", s.securityText)
	s.authzen(r)
	s.calendar(r)
	for path, handler := range c.Plain {
		e.Any(path, s.plain(handler))
	}
	return e
}

func withDefaults(c Config) Config {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.DocsURL == "" {
		c.DocsURL = "/docs"
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.PerSecond == 0 {
		c.PerSecond = defaultRate
	}
	if c.Burst == 0 {
		c.Burst = int(2 * c.PerSecond)
	}
	if c.Timeout == 0 {
		c.Timeout = timeLimit
	}
	return c
}

// routes registers HEAD beside every GET: Echo answers 405 to a HEAD that nobody registered.
type routes struct{ *echo.Echo }

// GET registers a route for GET and HEAD; net/http leaves the body out of the answer to HEAD.
func (r routes) GET(path string, h echo.HandlerFunc, m ...echo.MiddlewareFunc) *echo.Route {
	r.Echo.HEAD(path, h, m...)
	return r.Echo.GET(path, h, m...)
}

// operate takes a request for an operation of the contract through all its steps; other routes
// (documentation, health, what does not exist) pass.
func (s *server) operate(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		op := s.operationOf(c)
		if op == nil {
			return next(c)
		}
		if !wholePath(c) {
			return errNoPage
		}
		if allow := s.fixed(c); allow != "" {
			c.Response().Header().Set(echo.HeaderAllow, allow)
			return echo.ErrMethodNotAllowed
		}
		if err := s.admit(c, op); err != nil {
			return err
		}
		if !op.public && !op.free {
			if err := s.fit(c); err != nil {
				return err
			}
		}
		if err := s.preview(c, op); err != nil {
			return err
		}
		chosen, err := acceptable(c.Request(), op)
		if err != nil {
			return err
		}
		if len(op.produces) > 1 {
			c.Response().Header().Add("Vary", "Accept")
			c.SetRequest(c.Request().WithContext(media.With(c.Request().Context(), chosen)))
		}
		if op.stream {
			return s.stream(c, op, next)
		}
		if op.file {
			lengthen(c)
		}
		ctx, done := context.WithTimeout(c.Request().Context(), s.timeoutOf(op))
		defer done()
		c.SetRequest(c.Request().WithContext(page.WithURL(ctx, c.Request().URL)))
		if err := s.check(c, op); err != nil {
			return err
		}
		unlessKnown(c)
		return s.once(c, op, s.withholding(op, next))
	}
}

// plain bounds what a handler outside the contract may be sent.
func (s *server) plain(h http.Handler) echo.HandlerFunc {
	return func(c echo.Context) error {
		if err := s.limits.take(c.Response().Header(), addressOf(c.Request())); err != nil {
			return err
		}
		if err := notInPreview(c.Request()); err != nil {
			return err
		}
		h.ServeHTTP(c.Response(), withBodyLimit(c, bodyLimit))
		return nil
	}
}

func withBodyLimit(c echo.Context, limit int64) *http.Request {
	r := c.Request()
	r.Body = http.MaxBytesReader(c.Response(), r.Body, limit)
	return r
}
