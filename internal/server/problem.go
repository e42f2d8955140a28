package server

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/labstack/echo/v4"

	"github.com/wijkregie/wijkregie/internal/kernel/language"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// written is a problem as the contract writes it (RFC 9457).
type written struct {
	Type          string         `json:"type"`
	Title         string         `json:"title"`
	Status        int            `json:"status"`
	Detail        string         `json:"detail"`
	Instance      string         `json:"instance"`
	Errors        []writtenField `json:"errors,omitempty"`
	ChangedFields []string       `json:"changedFields,omitempty"`
}

type writtenField struct {
	In        string `json:"in"`
	Pointer   string `json:"pointer,omitempty"`
	Parameter string `json:"parameter,omitempty"`
	Code      string `json:"code"`
	Detail    string `json:"detail"`
}

// fail is the one way from an error to an answer. What is not a problem that the caller may be told
// is logged, and told as 500 without any of it.
func (s *server) fail(c echo.Context, err error) {
	p := problemOf(err)
	if p.Kind == problem.Internal {
		s.logFault(c, err)
	}
	res := c.Response()
	if res.Committed {
		return // the caller sees a broken answer; the log says why
	}
	h := res.Header()
	for _, name := range []string{"ETag", "Location", "Link", "Content-Length"} {
		h.Del(name)
	}
	switch p.Kind {
	case problem.Unauthenticated:
		h.Set("WWW-Authenticate", challenge(c.Request()))
	case problem.Unavailable:
		h.Set("Retry-After", "1")
	case problem.TooManyRequests:
		if h.Get("Retry-After") == "" { // the limiter knows how long
			h.Set("Retry-After", "1")
		}
	}
	doc := s.document(c, p)
	body, err := json.Marshal(doc)
	if err != nil {
		s.logFault(c, err)
	}
	h.Set("Content-Type", "application/problem+json")
	res.WriteHeader(doc.Status)
	if _, err := res.Write(append(body, '\n')); err != nil {
		s.Log.DebugContext(c.Request().Context(), "the caller left", slog.String("route", c.Path()))
	}
}

func (s *server) document(c echo.Context, p *problem.Error) written {
	tag := language.From(c.Request().Context())
	p = s.texts.In(tag, p)
	id, _ := c.Get(requestID).(string)
	page, known := s.explained[p.Kind]
	if !known {
		page = s.explained[problem.Internal]
	}
	doc := written{
		Type:     s.DocsURL + "/problems/" + string(page.Kind),
		Title:    page.Title.In(tag),
		Status:   page.Status,
		Detail:   p.Detail,
		Instance: "urn:uuid:" + id,
	}
	if doc.Detail == "" {
		doc.Detail = page.Advice.In(tag)
	}
	for _, f := range p.Fields {
		if p.Kind == problem.Stale {
			doc.ChangedFields = append(doc.ChangedFields, strings.TrimPrefix(f.Name, "/"))
			continue
		}
		doc.Errors = append(doc.Errors, fieldOf(f))
	}
	return doc
}

func fieldOf(f problem.Field) writtenField {
	d := writtenField{In: f.In, Code: f.Code, Detail: f.Detail}
	if f.In == "body" {
		d.Pointer = f.Name
		return d
	}
	d.Parameter = f.Name
	return d
}

// problemOf is what the caller may be told of an error; of a fault of ours that is nothing.
func problemOf(err error) *problem.Error {
	var p *problem.Error
	var pg *pgconn.PgError
	var unreachable *pgconn.ConnectError
	var tooLarge *http.MaxBytesError
	var echoed *echo.HTTPError
	switch {
	case errors.As(err, &p) && p.Kind != problem.Internal:
		return p
	case errors.As(err, &pg):
		return databaseProblem(pg)
	case errors.As(err, &unreachable), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return &problem.Error{Kind: problem.Unavailable}
	case errors.As(err, &tooLarge):
		return &problem.Error{Kind: problem.TooLarge}
	case errors.As(err, &echoed):
		return echoProblem(echoed)
	}
	return &problem.Error{Kind: problem.Internal}
}

// databaseProblem is neutral about what exists: unique and foreign keys see what the caller may not.
func databaseProblem(pg *pgconn.PgError) *problem.Error {
	switch pg.Code {
	case "23505", "23503": // unique, foreign key
		return &problem.Error{Kind: problem.Conflict}
	case "57014", "57P01", "57P03", "53300", "55P03", "40001", "40P01": // cancelled, stopping, full, locked, deadlock
		return &problem.Error{Kind: problem.Unavailable}
	}
	return &problem.Error{Kind: problem.Internal}
}

func echoProblem(e *echo.HTTPError) *problem.Error {
	switch e.Code {
	case http.StatusNotFound:
		return errNoPage
	case http.StatusMethodNotAllowed:
		return &problem.Error{Kind: problem.MethodNotAllowed}
	case http.StatusBadRequest, http.StatusUnsupportedMediaType:
		// The generated code could not bind what was found valid: an integer beyond 64 bits.
		return &problem.Error{Kind: problem.Invalid}
	}
	return &problem.Error{Kind: problem.Internal}
}

// logFault writes what is wrong with us. A database error is named by its code and place: its
// message may quote a value.
func (s *server) logFault(c echo.Context, err error) {
	attrs := s.about(c)
	var pg *pgconn.PgError
	var panic *panicked
	switch {
	case errors.As(err, &pg):
		attrs = append(attrs, slog.String("sqlstate", pg.Code), slog.String("table", pg.TableName), slog.String("column", pg.ColumnName),
			slog.String("constraint", pg.ConstraintName), slog.String("routine", pg.Routine))
	case errors.As(err, &panic):
		attrs = append(attrs, slog.String("error", panic.Error()), slog.String("stack", string(panic.stack)))
	default:
		attrs = append(attrs, slog.String("error", err.Error()))
	}
	s.Log.LogAttrs(c.Request().Context(), slog.LevelError, "request failed", attrs...)
}
