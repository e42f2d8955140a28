package server

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/labstack/echo/v4"
)

const (
	allowedHeaders = "Authorization, Content-Type, Accept-Language, If-Match, If-None-Match, Idempotency-Key, " +
		"Last-Event-ID, Municipality, Preview-As-Partner, Preview-As-Professional, traceparent"
	exposedHeaders = "ETag, Location, Link, API-Version, Content-Language, Retry-After, RateLimit, Deprecation, Sunset, Preview-As"
	// preflightAge is how long a browser remembers a preflight, in seconds.
	preflightAge = "600"
)

// origins are the patterns of origins that may call from a browser.
type origins []*regexp.Regexp

// allowList compiles patterns in which * stands for one port or one label of a host name.
func allowList(patterns []string) origins {
	var list origins
	for _, p := range patterns {
		exact := strings.ReplaceAll(regexp.QuoteMeta(strings.TrimSuffix(p, "/")), `\*`, `[A-Za-z0-9-]+`)
		list = append(list, regexp.MustCompile("^"+exact+"$"))
	}
	return list
}

func (o origins) allow(origin string) bool {
	for _, pattern := range o {
		if pattern.MatchString(origin) {
			return true
		}
	}
	return false
}

// cors tells browsers which pages may read an answer, and answers their preflights: those carry no
// token. What needs no token at all may be read by every page.
func (s *server) cors(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		h := c.Response().Header()
		asked := r.Header.Get("Access-Control-Request-Method")
		preflight := r.Method == http.MethodOptions && asked != ""
		switch origin := r.Header.Get("Origin"); {
		case s.open(c, asked):
			h.Set("Access-Control-Allow-Origin", "*")
		case origin != "" && s.origins.allow(origin):
			h.Set("Access-Control-Allow-Origin", origin)
		default:
			return next(c)
		}
		if !preflight {
			h.Set("Access-Control-Expose-Headers", exposedHeaders)
			return next(c)
		}
		allow, exists := c.Get(echo.ContextKeyHeaderAllow).(string)
		if !exists {
			return next(c)
		}
		h.Set("Access-Control-Allow-Methods", allow)
		h.Set("Access-Control-Allow-Headers", allowedHeaders)
		h.Set("Access-Control-Max-Age", preflightAge)
		return next(c)
	}
}

// open tells whether every page may read this: operations without a token, and what is well known.
func (s *server) open(c echo.Context, asked string) bool {
	if strings.HasPrefix(c.Path(), "/.well-known/") {
		return true
	}
	method := c.Request().Method
	switch method {
	case http.MethodHead:
		method = http.MethodGet
	case http.MethodOptions:
		method = asked
	}
	op := s.operations[method+" "+c.Path()]
	return op != nil && op.public
}
