package server

import (
	"html"
	"regexp"
	"strings"
	"testing"
)

func (s *site) page(path string, headers ...string) reply {
	s.t.Helper()
	return s.do(request{method: "GET", path: path, header: headers})
}

func TestDocs(t *testing.T) {
	s := start(t, nil)
	for name, test := range map[string]struct {
		path, accept, lang, first string
	}{
		"Dutch by default":          {"/docs", "", "nl", "Het eerste dossier in vijf verzoeken"},
		"English for who asks":      {"/docs", "en", "en", "First dossier in five requests"},
		"Dutch at its own address":  {"/docs/nl", "en", "nl", "Het eerste dossier in vijf verzoeken"},
		"English at its own adress": {"/docs/en", "nl", "en", "First dossier in five requests"},
	} {
		t.Run(name, func(t *testing.T) {
			r := s.page(test.path, "Accept-Language: "+test.accept)
			if r.status != 200 || !strings.HasPrefix(r.header.Get("Content-Type"), "text/html") || r.header.Get("Content-Language") != test.lang {
				t.Fatalf("%d %v", r.status, r.header)
			}
			headings := regexp.MustCompile(`<h2[^>]*>([^<]+)`).FindAllStringSubmatch(r.body, -1)
			if len(headings) < 10 || headings[0][1] != test.first {
				t.Errorf("the page opens with %v", headings)
			}
			for _, part := range []string{`<html lang="` + test.lang + `">`, s.URL + "/v1", "Last-Event-ID", "If-Match", "dossier-shielded", "cursor", `id="swagger-ui"`} {
				if !strings.Contains(r.body, part) {
					t.Errorf("the page lacks %q", part)
				}
			}
		})
	}
}

func TestDocsKeepAStrictPolicy(t *testing.T) {
	s := start(t, nil)
	inline := regexp.MustCompile(`(?i)<script(?:[^>]*[^>/])?>[^<]+|<style|\sstyle=|\son[a-z]+=|javascript:`)
	for _, path := range []string{"/docs/nl", "/docs/en", "/docs/problems/conflict"} {
		r := s.page(path)
		policy := r.header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s has the policy %q", path, policy)
		}
		if found := inline.FindString(r.body); found != "" {
			t.Errorf("%s has something inline, which its policy refuses: %q", path, found)
		}
		if r.header.Get("X-Content-Type-Options") != "nosniff" || r.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s lacks headers: %v", path, r.header)
		}
	}
}

func TestDocsLeadSomewhere(t *testing.T) {
	s := start(t, nil)
	for _, path := range []string{"/docs/nl", "/docs/en"} {
		body := s.page(path).body
		for _, link := range regexp.MustCompile(`(?:href|src)="([^"]+)"`).FindAllStringSubmatch(body, -1) {
			target := link[1]
			switch {
			case strings.HasPrefix(target, "#"):
				if !strings.Contains(body, `id="`+target[1:]+`"`) {
					t.Errorf("%s links to %s, which it does not have", path, target)
				}
			case strings.HasPrefix(target, "/docs"):
				if r := s.page(target); r.status != 200 {
					t.Errorf("%s links to %s, which is %d", path, target, r.status)
				}
			}
		}
	}
}

func TestDocsAssetsHaveTheirType(t *testing.T) {
	s := start(t, nil)
	for path, want := range map[string]string{
		"/docs/assets/docs.css":             "text/css",
		"/docs/assets/docs.js":              "text/javascript",
		"/docs/assets/swagger-ui.css":       "text/css",
		"/docs/assets/swagger-ui-bundle.js": "text/javascript",
	} {
		if r := s.page(path); r.status != 200 || !strings.HasPrefix(r.header.Get("Content-Type"), want) || r.body == "" {
			t.Errorf("%s is %d %s", path, r.status, r.header.Get("Content-Type"))
		}
	}
	for _, path := range []string{"/docs/assets/LICENSE", "/docs/guide.nl.html", "/docs/", "/docs/problems/nothing", "/docs/de"} {
		if r := s.page(path); r.status != 404 {
			t.Errorf("%s is %d, want 404", path, r.status)
		}
	}
}

func TestEveryProblemHasItsPage(t *testing.T) {
	s := start(t, func(c *Config) { c.DocsURL = "/docs" })
	for _, p := range explanations() {
		doc := s.problem(s.do(get("/v1/failures/" + string(p.Kind))))
		if doc.Status != p.Status {
			t.Errorf("%s is %d, its page says %d", p.Kind, doc.Status, p.Status)
		}
		r := s.page(doc.Type)
		r.body = html.UnescapeString(r.body)
		if r.status != 200 || !strings.Contains(r.body, p.Title.NL) || !strings.Contains(r.body, p.Title.EN) || !strings.Contains(r.body, p.Advice.NL) {
			t.Errorf("the type %s leads to a %d without its texts", doc.Type, r.status)
		}
	}
}
