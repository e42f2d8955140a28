package server

import (
	"bytes"
	"embed"
	"html/template"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/wijkregie/wijkregie/internal/kernel/language"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// docsPolicy lets the documentation load its own scripts and styles, and nothing inline.
const docsPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

//go:embed docs
var docsFiles embed.FS

// documentation is the pages under /docs, parsed once.
type documentation struct {
	guide   map[language.Tag]*template.Template
	problem *template.Template
	assets  map[string][]byte
}

// docsData is what a page shows.
type docsData struct {
	Lang     language.Tag
	Version  string
	Base     string // where this API is, as the reader sees it
	Problems []explanation
}

func (s *server) docs(r routes) {
	d := newDocumentation()
	r.GET("/docs", func(c echo.Context) error { return s.guide(c, d, language.From(c.Request().Context())) })
	for tag := range d.guide {
		r.GET("/docs/"+string(tag), func(c echo.Context) error { return s.guide(c, d, tag) })
	}
	r.GET("/docs/problems/:kind", func(c echo.Context) error { return s.problemPage(c, d) })
	for name, data := range d.assets {
		r.GET("/docs/assets/"+name, func(c echo.Context) error {
			c.Response().Header().Del("Content-Language")
			return c.Blob(http.StatusOK, mime.TypeByExtension(path.Ext(name)), data)
		})
	}
}

// newDocumentation parses what is embedded; that it can be parsed is certain once a test has run.
func newDocumentation() *documentation {
	parse := func(names ...string) *template.Template {
		for i, name := range names {
			names[i] = "docs/" + name
		}
		return template.Must(template.ParseFS(docsFiles, append([]string{"docs/page.html"}, names...)...))
	}
	d := &documentation{
		guide: map[language.Tag]*template.Template{
			language.Dutch:   parse("guide.nl.html", "stream.html"),
			language.English: parse("guide.en.html", "stream.html"),
		},
		problem: parse("problem.html"),
		assets:  map[string][]byte{},
	}
	for _, name := range []string{"docs.css", "docs.js", "swagger-ui/swagger-ui.css", "swagger-ui/swagger-ui-bundle.js"} {
		data, err := fs.ReadFile(docsFiles, "docs/"+name)
		if err != nil {
			panic(err) // embedded files can always be read
		}
		d.assets[path.Base(name)] = data
	}
	return d
}

func (s *server) guide(c echo.Context, d *documentation, tag language.Tag) error {
	return s.show(c, d.guide[tag], tag, explanations())
}

// problemPage explains the kind of problem that its type leads to.
func (s *server) problemPage(c echo.Context, d *documentation) error {
	p, known := s.explained[problem.Kind(c.Param("kind"))]
	if !known {
		return errNoPage
	}
	return s.show(c, d.problem, language.From(c.Request().Context()), []explanation{p})
}

func (s *server) show(c echo.Context, t *template.Template, tag language.Tag, problems []explanation) error {
	var text bytes.Buffer
	err := t.ExecuteTemplate(&text, "page", docsData{Lang: tag, Version: s.Spec.Info.Version, Base: s.baseURL(c.Request()), Problems: problems})
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Language", string(tag))
	h.Set("Content-Security-Policy", docsPolicy)
	h.Del("Feature-Policy") // browsers complain of it on a page; its successor says the same
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	return c.HTMLBlob(http.StatusOK, text.Bytes())
}

// baseURL is where the reader reached this server.
func (s *server) baseURL(r *http.Request) string {
	if strings.Contains(s.DocsURL, "://") {
		return strings.TrimSuffix(s.DocsURL, "/docs")
	}
	return "http://" + r.Host
}
