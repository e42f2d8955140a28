package server

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/labstack/echo/v4"
	"github.com/oapi-codegen/runtime"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/kernel/trace"
)

const (
	aThing       = "019a2f6e-5c1b-7d3a-9f40-2b7c8d9e0f11"
	anotherThing = "019a2f6e-5c1b-7d3a-9f40-2b7c8d9e0f22"
)

// thing is bound as the generated code binds: by exact names from the validated value, else by Echo.
type thing struct {
	Title string `json:"title"`
	Count *int   `json:"count,omitempty"`
	Size  int64  `json:"size,omitempty"`
}

// site is a running server over the small contract, with the log it wrote.
type site struct {
	*httptest.Server
	t   *testing.T
	log *bytes.Buffer
	mu  sync.Mutex
	// seen is the context and body of the last request that reached a handler.
	seen context.Context
	body *thing
	// within, when set, runs inside the handler that adds a thing; hidden makes things unreadable.
	within func(context.Context) error
	hidden bool
}

func (s *site) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.Write(p)
}

// logged is the log so far.
func (s *site) logged() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.String()
}

func start(t *testing.T, change func(*Config)) *site {
	t.Helper()
	spec, err := openapi3.NewLoader().LoadFromFile("testdata/contract.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, log: &bytes.Buffer{}}
	c := Config{
		Spec:         spec,
		Authenticate: authenticate,
		Origins:      []string{"https://app.example.nl", "http://localhost:*"},
		Log:          slog.New(slog.NewJSONHandler(s, nil)),
		Plain:        map[string]http.Handler{"/oauth2/token": http.HandlerFunc(readAll)},
	}
	if change != nil {
		change(&c)
	}
	s.Server = httptest.NewServer(build(c, s.register))
	t.Cleanup(s.Close)
	return s
}

// authenticate knows the tokens "good", "twice" (two municipalities) and "failing" (a fault of ours).
func authenticate(ctx context.Context, token, municipality string) (context.Context, error) {
	switch {
	case token == "failing":
		return nil, fmt.Errorf("the records cannot be read")
	case token == "twice" && municipality == "":
		return nil, problem.Errorf(problem.Invalid, "Name your municipality in the header Municipality: GM0861 or GM1948.")
	case token == "other":
		return identity.With(ctx, identity.Identity{Municipality: "GM0861", Professional: uuid.MustParse(anotherThing)}), nil
	case token != "good" && token != "twice":
		return nil, problem.Errorf(problem.Unauthenticated, "This token is not valid.")
	}
	return identity.With(ctx, identity.Identity{Municipality: "GM0861", Partner: uuid.MustParse(aThing), Professional: uuid.MustParse(aThing)}), nil
}

func readAll(w http.ResponseWriter, r *http.Request) {
	if _, err := io.ReadAll(r.Body); err != nil {
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
	}
}

func (s *site) register(r routes) {
	r.GET("/v1/", s.answer("root"))
	r.GET("/v1/code-lists/:name", s.answer("codes"))
	r.GET("/v1/things", s.list)
	r.POST("/v1/things", s.add)
	r.POST("/v1/things/_batch", s.nothing)
	r.GET("/v1/things/:thingId", s.one)
	r.PATCH("/v1/things/:thingId", s.add)
	r.DELETE("/v1/things/:thingId", s.nothing)
	r.GET("/v1/things/:thingId/parts", s.answer("parts"))
	r.PUT("/v1/things/:thingId/content", s.content)
	r.GET("/v1/stream", s.stream)
	r.GET("/v1/failures/:kind", failure)
}

func (s *site) answer(name string) echo.HandlerFunc {
	return func(c echo.Context) error {
		s.seen = c.Request().Context()
		c.Response().Header().Set("ETag", `"`+name+`"`)
		return c.JSON(200, map[string]string{"name": name})
	}
}

func (s *site) one(c echo.Context) error {
	if s.hidden {
		return problem.Errorf(problem.NotFound, "There is no such thing.")
	}
	return s.answer("thing")(c)
}

func (s *site) list(c echo.Context) error {
	return c.JSON(200, map[string]any{"limit": c.QueryParam("limit"), "tags": c.QueryParams()["tag"]})
}

func (s *site) add(c echo.Context) error {
	var body thing
	kept, ok := c.Request().Body.(interface{ ValidatedValue() any })
	if !ok || runtime.BindJSONValue(kept.ValidatedValue(), &body) != nil {
		if err := c.Echo().Binder.(*echo.DefaultBinder).BindBody(c, &body); err != nil {
			return err
		}
	}
	if s.within != nil {
		if err := s.within(c.Request().Context()); err != nil {
			return err
		}
	}
	s.seen, s.body = c.Request().Context(), &body
	c.Response().Header().Set("ETag", `"thing"`)
	if c.Request().Method == http.MethodPatch {
		return c.JSON(200, body)
	}
	c.Response().Header().Set("Location", "/v1/things/"+aThing)
	return c.JSON(201, body)
}

func (s *site) nothing(c echo.Context) error { return c.NoContent(204) }

func (s *site) content(c echo.Context) error {
	if _, err := io.ReadAll(c.Request().Body); err != nil {
		return err
	}
	return c.NoContent(204)
}

func (s *site) stream(c echo.Context) error {
	c.Response().Header().Set("Content-Type", "text/event-stream")
	c.Response().WriteHeader(200)
	if _, err := io.WriteString(c.Response(), ": hello\n\n"); err != nil {
		return err
	}
	c.Response().Flush()
	<-c.Request().Context().Done()
	return nil
}

// failure fails as areas, libraries and the database do.
func failure(c echo.Context) error {
	switch kind := c.Param("kind"); kind {
	case "panic":
		panic("the stack of this must not leave")
	case "secret":
		return fmt.Errorf("the value geheim-1234 is wrong")
	case "unique":
		return fmt.Errorf("insert: %w", &pgconn.PgError{Code: "23505", TableName: "thing", Detail: "Key (bsn)=(geheim-1234) already exists."})
	case "reference":
		return &pgconn.PgError{Code: "23503", Detail: "geheim-1234"}
	case "locked":
		return &pgconn.PgError{Code: "55P03"}
	case "deadline":
		return fmt.Errorf("query: %w", context.DeadlineExceeded)
	case "slow":
		<-c.Request().Context().Done()
		return c.Request().Context().Err()
	case "database":
		return &pgconn.PgError{Code: "22P02", Message: "invalid input syntax: geheim-1234", TableName: "thing"}
	case "stale":
		return &problem.Error{Kind: problem.Stale, Detail: "Changed.", Fields: []problem.Field{{In: "body", Name: "/title", Code: "changed"}}}
	default:
		return fmt.Errorf("area: %w", problem.Errorf(problem.Kind(kind), "What you can do."))
	}
}

// request is one call in a table; header lines are "Name: value".
type request struct {
	method, path string
	header       []string
	body         string
}

// as adds the headers of somebody who may call.
func as(r request) request {
	r.header = append(r.header, "Authorization: Bearer good")
	if r.body != "" {
		r.header = append(r.header, "Content-Type: application/json")
	}
	return r
}

func get(path string) request  { return as(request{method: "GET", path: path}) }
func post(body string) request { return as(request{method: "POST", path: "/v1/things", body: body}) }
func patch(body string) request {
	return request{method: "PATCH", path: "/v1/things/" + aThing, body: body,
		header: []string{"Authorization: Bearer good", "Content-Type: application/merge-patch+json", `If-Match: "thing"`}}
}

// reply is an answer read to its end.
type reply struct {
	status int
	header http.Header
	body   string
}

func (s *site) do(r request) reply {
	s.t.Helper()
	var body io.Reader
	if r.body != "" {
		body = strings.NewReader(r.body)
	}
	req, err := http.NewRequest(r.method, s.URL+r.path, body)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, line := range r.header {
		name, value, _ := strings.Cut(line, ": ")
		req.Header.Add(name, value)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return reply{res.StatusCode, res.Header, string(data)}
}

// problem reads the answer as problem+json and holds it against the rules for all of them.
func (s *site) problem(r reply) written {
	s.t.Helper()
	var doc written
	if got := r.header.Get("Content-Type"); got != "application/problem+json" {
		s.t.Errorf("the Content-Type of a %d is %q, want application/problem+json: %s", r.status, got, r.body)
		return doc
	}
	if err := json.Unmarshal([]byte(r.body), &doc); err != nil {
		s.t.Fatal(err)
	}
	if doc.Status != r.status || doc.Title == "" || doc.Detail == "" || doc.Type == "" || !strings.HasPrefix(doc.Instance, "urn:uuid:") {
		s.t.Errorf("a problem is not complete: %+v", doc)
	}
	return doc
}

// found is the answer's input errors as "in name code", in order.
func (s *site) found(r reply) string {
	s.t.Helper()
	var list []string
	for _, e := range s.problem(r).Errors {
		if e.Detail == "" || strings.Contains(e.Detail, "%!") {
			s.t.Errorf("error %q has no proper text: %q", e.Code, e.Detail)
		}
		list = append(list, strings.Join(strings.Fields(e.In+" "+e.Pointer+e.Parameter+" "+e.Code), " "))
	}
	return strings.Join(list, "; ")
}

func traceOfContext(ctx context.Context) string { return trace.ID(ctx) }
