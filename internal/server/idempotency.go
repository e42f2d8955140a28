package server

import "github.com/labstack/echo/v4"

func (s *server) once(c echo.Context, _ *operation, next echo.HandlerFunc) error { return next(c) }
