package server

import (
	"mime"
	"net"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// admit finds out who calls, before anything that tells of resources, and counts the request for
// that caller; without a valid token it counts for the address. Whoever is admitted leaves his trail in the access log.
func (s *server) admit(c echo.Context, op *operation) error {
	r := c.Request()
	h := c.Response().Header()
	if op.public {
		return s.limits.take(h, addressOf(r))
	}
	err := s.authenticate(c)
	if err != nil {
		if limited := s.limits.take(h, addressOf(r)); limited != nil {
			return limited
		}
		return err
	}
	who, err := identity.From(c.Request().Context())
	if err != nil {
		return err
	}
	if err := s.limits.take(h, callerOf(who)); err != nil {
		return err
	}
	s.account(c, op.id)
	return nil
}

func (s *server) authenticate(c echo.Context) error {
	r := c.Request()
	token, err := bearer(r)
	if err != nil {
		return err
	}
	municipality, err := single(r, "Municipality")
	if err != nil {
		return err
	}
	ctx, err := s.Authenticate(r.Context(), token, municipality)
	if err != nil {
		return err
	}
	c.SetRequest(r.WithContext(ctx))
	return nil
}

// bearer is the one token in the one place where it is looked for.
func bearer(r *http.Request) (string, error) {
	values := r.Header.Values("Authorization")
	if len(values) == 0 {
		return "", &problem.Error{Kind: problem.Unauthenticated}
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	token = strings.TrimSpace(token)
	if len(values) > 1 || !strings.EqualFold(scheme, "Bearer") || token == "" || strings.ContainsAny(token, ", ") {
		return "", &problem.Error{Kind: problem.Unauthenticated}
	}
	return token, nil
}

// challenge is the WWW-Authenticate of a 401 (RFC 6750): without a token nothing was wrong with it.
func challenge(r *http.Request) string {
	if len(r.Header.Values("Authorization")) == 0 {
		return "Bearer"
	}
	return `Bearer error="invalid_token"`
}

// single is a header that may stand there once, empty when it does not.
func single(r *http.Request, name string) (string, error) {
	if len(r.Header.Values(name)) > 1 {
		var wrong findings
		wrong.add("header", name, "duplicate")
		return "", wrong.err()
	}
	return r.Header.Get(name), nil
}

func callerOf(who identity.Identity) string {
	if who.IsPerson() {
		return who.Municipality + " person " + who.Professional.String()
	}
	return who.Municipality + " client " + who.Client.String() + " " + who.Partner.String()
}

func addressOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// acceptable chooses the media type of the answer: the one that the Accept header weighs most, the
// first of the operation among equals. It refuses a request that excludes them all.
func acceptable(r *http.Request, op *operation) (chosen string, err error) {
	accept := strings.Join(r.Header.Values("Accept"), ",")
	if len(op.produces) == 0 {
		return "", nil
	}
	if accept == "" {
		return op.produces[0], nil
	}
	best := 0.0
	for _, media := range op.produces {
		if weight := weightOf(accept, media); weight > best {
			chosen, best = media, weight
		}
	}
	if chosen == "" {
		return "", problem.Errorf(problem.NotAcceptable, "Only %s can be asked for here.", strings.Join(op.produces, ", "))
	}
	return chosen, nil
}

// weightOf is how much an Accept header wants the media type: its most specific range decides.
func weightOf(header, media string) float64 {
	kind, _, _ := strings.Cut(media, "/")
	best, weight := -1, 0.0
	for part := range strings.SplitSeq(header, ",") {
		name, parameters, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		rank := map[string]int{"*/*": 0, kind + "/*": 1, media: 2}
		if r, fits := rank[name]; fits && r > best {
			best, weight = r, quality(parameters["q"])
		}
	}
	return weight
}

func quality(q string) float64 {
	if q == "" {
		return 1
	}
	weight, err := strconv.ParseFloat(q, 64)
	if err != nil {
		return 0
	}
	return weight
}
