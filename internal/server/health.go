package server

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// checkTime bounds all checks of /readyz together.
const checkTime = 5 * time.Second

// alive answers as long as the process does.
func (s *server) alive(c echo.Context) error {
	return c.JSON(http.StatusOK, map[string]string{"status": "alive"})
}

// ready answers 200 when every check passes, else 503 with the names of those that do not.
func (s *server) ready(c echo.Context) error {
	ctx, done := context.WithTimeout(c.Request().Context(), checkTime)
	defer done()
	var failing []string
	for _, check := range s.Checks {
		if err := check.Run(ctx); err != nil {
			failing = append(failing, check.Name)
			s.Log.WarnContext(ctx, "not ready", slog.String("check", check.Name), slog.String("error", err.Error()))
		}
	}
	if failing == nil {
		return c.JSON(http.StatusOK, map[string]string{"status": "ready"})
	}
	return problem.Errorf(problem.Unavailable, "Not ready: %s.", strings.Join(failing, ", "))
}

// securityText says where to report a weakness (RFC 9116).
func (s *server) securityText(c echo.Context) error {
	contact := s.SecurityContact
	if contact == "" && s.Spec.Info.Contact != nil {
		contact = s.Spec.Info.Contact.URL
	}
	expires := s.Now().UTC().AddDate(0, 6, 0).Format(time.RFC3339)
	return c.String(http.StatusOK, fmt.Sprintf("Contact: %s\nExpires: %s\nPreferred-Languages: nl, en\n", contact, expires))
}
