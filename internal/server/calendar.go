package server

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// calendarPath is where calendar programs read, which know no token: the secret in it is all that they have.
const calendarPath = "/calendar/:file"

// calendarID names a reading of a calendar in the access log.
const calendarID = "readCalendar"

// calendar adds the calendars of professionals (iCalendar, RFC 5545) to the routes; without Calendars there are none.
func (s *server) calendar(r routes) {
	if s.Calendars != nil {
		r.GET(calendarPath, s.readCalendar)
	}
}

// readCalendar answers 404 alike to a secret that opens nothing, that is revoked, and whose owner has no access any more.
func (s *server) readCalendar(c echo.Context) error {
	if err := s.limits.take(c.Response().Header(), addressOf(c.Request())); err != nil {
		return err
	}
	if err := notInPreview(c.Request()); err != nil {
		return err
	}
	secret, is := strings.CutSuffix(c.Param("file"), ".ics")
	if !is {
		return errNoPage
	}
	s.account(c, calendarID)
	ctx, done := context.WithTimeout(c.Request().Context(), s.Timeout)
	defer done()
	text, err := s.Calendars(ctx, secret)
	if problem.Is(err, problem.NotFound) {
		return errNoPage
	}
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(text))
	c.Response().Header().Set("ETag", `"`+hex.EncodeToString(sum[:12])+`"`)
	unlessKnown(c)
	return c.Blob(http.StatusOK, "text/calendar; charset=utf-8", []byte(text))
}
