package server

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// unlessKnown answers 304 in place of 200 to a GET whose If-None-Match has the ETag of the answer.
func unlessKnown(c echo.Context) {
	r := c.Request()
	known := strings.Join(r.Header.Values("If-None-Match"), ",")
	if known == "" || (r.Method != http.MethodGet && r.Method != http.MethodHead) {
		return
	}
	res := c.Response()
	res.Before(func() {
		if res.Status != http.StatusOK || !matches(known, res.Header().Get("ETag")) {
			return
		}
		res.Status = http.StatusNotModified
		res.Header().Del("Content-Type")
		res.Header().Del("Content-Length")
		res.Writer = silent{res.Writer}
	})
}

// matches compares weakly (RFC 9110, 13.1.2): a list of tags, or * for whatever there is.
func matches(list, tag string) bool {
	if tag == "" {
		return false
	}
	if strings.TrimSpace(list) == "*" {
		return true
	}
	for one := range strings.SplitSeq(list, ",") {
		if weak(one) == weak(tag) {
			return true
		}
	}
	return false
}

func weak(tag string) string { return strings.TrimPrefix(strings.TrimSpace(tag), "W/") }

// silent sends headers and no body.
type silent struct{ http.ResponseWriter }

// Write takes the body and drops it.
func (silent) Write(p []byte) (int, error) { return len(p), nil }

// Unwrap lets http.ResponseController reach the connection.
func (w silent) Unwrap() http.ResponseWriter { return w.ResponseWriter }
