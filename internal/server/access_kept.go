//go:build !bench

package server

import "github.com/labstack/echo/v4"

// kept makes the server with its access log. In a product that is delivered nothing turns it off.
func kept(c Config) *echo.Echo { return New(c) }
