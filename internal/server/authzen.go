package server

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"regexp"

	"github.com/labstack/echo/v4"

	"github.com/wijkregie/wijkregie/internal/kernel/language"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/oversight"
)

// The addresses of the OpenID AuthZEN Authorization API 1.0, with which other systems ask for decisions.
const (
	evaluationPath  = "/access/v1/evaluation"
	evaluationsPath = "/access/v1/evaluations"
	authzenPath     = "/.well-known/authzen-configuration"

	// evaluationID names a question in the access log.
	evaluationID = "evaluateAccess"

	maxEvaluations = 100
)

// Decisions answers AuthZEN's questions: the very explanation that the contract gives, to the same askers.
type Decisions struct {
	Across *oversight.Service
	URL    string // where the server is seen from outside

	texts problem.Texts
}

// decision is the answer to one evaluation.
type decision struct {
	Decision bool           `json:"decision"`
	Context  map[string]any `json:"context,omitempty"`
}

// authzen adds the decision point to the routes; without Decisions there is none.
func (s *server) authzen(r routes) {
	if s.Decisions == nil {
		return
	}
	d := *s.Decisions
	d.texts = s.texts
	r.GET(authzenPath, s.authzenMetadata)
	r.POST(evaluationPath, s.evaluate(d.one))
	r.POST(evaluationsPath, s.evaluate(d.many))
}

// authzenMetadata says where decisions are asked for.
func (s *server) authzenMetadata(c echo.Context) error {
	if err := s.limits.take(c.Response().Header(), addressOf(c.Request())); err != nil {
		return err
	}
	return s.told(c, http.StatusOK, map[string]string{
		"policy_decision_point": s.Decisions.URL, "access_evaluation_endpoint": s.Decisions.URL + evaluationPath,
		"access_evaluations_endpoint": s.Decisions.URL + evaluationsPath,
	})
}

// evaluate takes a question through the steps that every request of the contract passes: who asks, how
// often, how much. Failures are said as AuthZEN does: the status, and a text.
func (s *server) evaluate(answer func(context.Context, map[string]any) (any, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		echoRequestID(c)
		ctx, done := context.WithTimeout(c.Request().Context(), s.Timeout)
		defer done()
		c.SetRequest(c.Request().WithContext(ctx))
		body, err := s.asked(c)
		if err == nil {
			var told any
			if told, err = answer(c.Request().Context(), body); err == nil {
				return s.told(c, http.StatusOK, told)
			}
		}
		p := problemOf(err)
		switch p.Kind {
		case problem.Internal:
			s.logFault(c, err)
		case problem.Unauthenticated:
			c.Response().Header().Set("WWW-Authenticate", challenge(c.Request()))
		case problem.Unavailable:
			c.Response().Header().Set("Retry-After", "1")
		}
		doc := s.document(c, p)
		for _, wrong := range doc.Errors {
			doc.Detail = wrong.Detail
		}
		return s.told(c, doc.Status, doc.Detail)
	}
}

// asked admits the caller and reads what he asks.
func (s *server) asked(c echo.Context) (map[string]any, error) {
	if err := s.admit(c, &operation{id: evaluationID}); err != nil {
		return nil, err
	}
	if err := s.fit(c); err != nil {
		return nil, err
	}
	r := c.Request()
	if err := notInPreview(r); err != nil {
		return nil, err
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return nil, badQuestion("Send this with Content-Type application/json, in UTF-8.")
	}
	data, err := io.ReadAll(withBodyLimit(c, bodyLimit).Body)
	var more *http.MaxBytesError
	if errors.As(err, &more) {
		return nil, tooLarge(c)
	}
	if err != nil {
		return nil, badQuestion("Send the whole body.")
	}
	value, fault := decodeJSON(data)
	body, isObject := value.(map[string]any)
	if fault != nil || !isObject {
		return nil, badQuestion("Send one JSON object, with no key twice.")
	}
	return body, nil
}

func badQuestion(detail string) error { return &problem.Error{Kind: problem.Invalid, Detail: detail} }

// told writes an answer as JSON.
func (s *server) told(c echo.Context, status int, value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Type", "application/json")
	c.Response().WriteHeader(status)
	if _, err := c.Response().Write(append(data, '\n')); err != nil {
		s.Log.DebugContext(c.Request().Context(), "the caller left", slog.String("route", c.Path()))
	}
	return nil
}

var requestIDForm = regexp.MustCompile(`^[\x21-\x7e]{1,200}$`)

// echoRequestID gives the caller's own name of the request back.
func echoRequestID(c echo.Context) {
	if id := c.Request().Header.Get("X-Request-ID"); requestIDForm.MatchString(id) {
		c.Response().Header().Set("X-Request-ID", id)
	}
}

// decide answers one question that names everything. What the asker may not know of is a refusal like any other,
// and its context says no more than the contract's explanation would answer him.
func (d *Decisions) decide(ctx context.Context, q evaluation) (decision, error) {
	question, known := q.question()
	if !known {
		return decision{Context: map[string]any{"reason": problem.NotFound}}, nil
	}
	a, err := d.Across.Explain(ctx, question)
	switch kind := problem.KindOf(err); {
	case err == nil:
	case kind == problem.NotFound, kind == problem.Forbidden, kind == problem.Shielded, kind == problem.Invalid:
		return decision{Context: map[string]any{"reason": kind}}, nil
	default:
		return decision{}, err
	}
	factor := a.Decides()
	text := d.Across.Text("access-findings", factor.Finding)
	return decision{Decision: a.Allowed, Context: map[string]any{
		"reason": factor.Finding, "decided_by": factor.Factor.Factor, "reason_user": map[string]string{"nl": text.NL, "en": text.EN},
	}}, nil
}

// one answers a single evaluation.
func (d *Decisions) one(ctx context.Context, body map[string]any) (any, error) {
	q, err := evaluationOf(body)
	if err != nil {
		return nil, err
	}
	return d.decide(ctx, q)
}

// many answers evaluations in their order, up to the first that ends them; without any it answers the one
// that the defaults make.
func (d *Decisions) many(ctx context.Context, body map[string]any) (any, error) {
	boxcar, err := boxcarOf(body)
	if err != nil {
		return nil, err
	}
	if len(boxcar.each) == 0 {
		return d.one(ctx, body)
	}
	answers := []decision{}
	for _, one := range boxcar.each {
		answer, err := d.inBoxcar(ctx, one)
		if err != nil {
			return nil, err
		}
		answers = append(answers, answer)
		if boxcar.ends(answer.Decision) {
			break
		}
	}
	return map[string]any{"evaluations": answers}, nil
}

// inBoxcar answers one of several: what is wrong with it is said in its place.
func (d *Decisions) inBoxcar(ctx context.Context, body map[string]any) (decision, error) {
	q, err := evaluationOf(body)
	if err != nil {
		said := d.texts.In(language.From(ctx), problemOf(err)).Detail
		return decision{Context: map[string]any{"error": map[string]any{"status": http.StatusBadRequest, "message": said}}}, nil
	}
	return d.decide(ctx, q)
}
