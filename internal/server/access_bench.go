//go:build bench

package server

import (
	"context"
	"os"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/wijkregie/wijkregie/internal/kernel/access"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// kept makes the server as ACCESS_LOG says: with the log of the product, without any ("off"), or with each request in one
// transaction that adds its lines itself ("inline"). Only the measurement is built with the tag of this file.
func kept(c Config) *echo.Echo {
	mode := os.Getenv("ACCESS_LOG")
	if mode != "" {
		c.Access = nil
	}
	e := New(c)
	if mode == "inline" {
		e.Use(func(next echo.HandlerFunc) echo.HandlerFunc { return inline(c.DB, next) })
	}
	return e
}

// inline answers in a transaction that adds the lines as its last statement, and sends the answer after its commit.
func inline(d *db.DB, next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		original := c.Request()
		if _, err := identity.From(original.Context()); err != nil {
			return next(c)
		}
		answer := hold(c.Response())
		trail := access.NewTrail(c.Path(), "", "")
		err := d.Tx(access.With(original.Context(), trail), func(ctx context.Context) error {
			access.Follow(ctx)
			c.SetRequest(original.WithContext(ctx))
			if err := next(c); err != nil {
				return err
			}
			lines := trail.Lines(time.Now().UTC(), answer.status)
			return db.Exec(ctx, access.Insert(lines[0].Municipality, lines))
		})
		c.SetRequest(original)
		answer.drop()
		if err != nil {
			return err
		}
		return answer.send()
	}
}
