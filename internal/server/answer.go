package server

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/language"
	"github.com/wijkregie/wijkregie/internal/kernel/trace"
)

const requestID = "request id" // key in Echo's context

var traceParent = regexp.MustCompile(`^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}`)

const noTrace = "00000000000000000000000000000000"

// answer is the outermost step: every answer has its headers, every failure its problem, every
// request its line in the log.
func (s *server) answer(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		started := s.Now()
		s.begin(c)
		if err := recovered(next, c); err != nil {
			s.fail(c, err)
		}
		s.log(c, s.Now().Sub(started))
		if s.Figures != nil {
			s.Figures.request(knownMethod(c.Request().Method), c.Path(), c.Response().Status)
		}
		return nil
	}
}

// begin gives the request its id, trace and language, and the answer the headers that all have.
func (s *server) begin(c echo.Context) {
	r := c.Request()
	c.Set(requestID, uuid.Must(uuid.NewV7()).String())
	tag := language.Choose(r.Header.Get("Accept-Language"))
	ctx := language.With(trace.With(r.Context(), traceOf(r)), tag)
	c.SetRequest(r.WithContext(ctx))
	h := c.Response().Header()
	h.Set("API-Version", s.Spec.Info.Version)
	h.Set("Content-Language", string(tag))
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Feature-Policy", "'none'")
	h.Set("Referrer-Policy", "no-referrer")
	h.Add("Vary", "Accept-Language")
	h.Add("Vary", "Origin")
	c.Response().Before(func() {
		if c.Response().Status == http.StatusNoContent {
			h.Del("Content-Language")
		}
	})
}

// traceOf is the trace id of a W3C traceparent header, a new one without a valid header.
func traceOf(r *http.Request) string {
	if m := traceParent.FindStringSubmatch(r.Header.Get("traceparent")); m != nil && m[1] != noTrace {
		return m[1]
	}
	var id [16]byte
	rand.Read(id[:]) // never fails
	return hex.EncodeToString(id[:])
}

// panicked is a panic on its way to the log.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprint("panic: ", p.value) }

// recovered runs next and makes a panic an error, except the one with which net/http drops a connection.
func recovered(next echo.HandlerFunc, c echo.Context) (err error) {
	defer func() {
		switch value := recover(); value {
		case nil:
		case http.ErrAbortHandler:
			panic(value)
		default:
			err = &panicked{value: value, stack: debug.Stack()}
		}
	}()
	return next(c)
}

// log writes one line per request: the route's pattern and never the path, who only as organisation.
func (s *server) log(c echo.Context, took time.Duration) {
	attrs := append(s.about(c),
		slog.Int("status", c.Response().Status),
		slog.Float64("duration_ms", float64(took.Microseconds())/1000))
	s.Log.LogAttrs(c.Request().Context(), slog.LevelInfo, "request", attrs...)
}

func (s *server) about(c echo.Context) []slog.Attr {
	ctx := c.Request().Context()
	id, _ := c.Get(requestID).(string)
	attrs := []slog.Attr{
		slog.String("request_id", id),
		slog.String("trace_id", trace.ID(ctx)),
		slog.String("method", knownMethod(c.Request().Method)),
		slog.String("route", c.Path()),
	}
	if who, err := identity.From(ctx); err == nil {
		who = who.Caller()
		attrs = append(attrs, slog.String("municipality", who.Municipality), slog.String("partner", who.Partner.String()))
	}
	return attrs
}

// knownMethod keeps what a caller invents as a method out of the log.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}
