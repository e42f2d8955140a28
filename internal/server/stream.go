package server

import (
	"io"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// patience is how long a stream waits for a caller that does not read.
const patience = 30 * time.Second

// stream runs an operation that answers for as long as the caller listens: no time limit, no body,
// and an end when the server stops. HEAD gets the headers alone.
func (s *server) stream(c echo.Context, op *operation, next echo.HandlerFunc) error {
	if err := s.check(c, op); err != nil {
		return err
	}
	if c.Request().Method == http.MethodHead {
		c.Response().Header().Set("Content-Type", "text/event-stream")
		c.Response().WriteHeader(http.StatusOK)
		return nil
	}
	ongoing := goOn(c.Request().Context())
	defer ongoing.returned()
	c.SetRequest(c.Request().WithContext(ongoing.ctx))
	connection := http.NewResponseController(c.Response().Writer)
	// A connection that knows no deadlines is one of a test; it has none to lift.
	_ = connection.SetReadDeadline(time.Time{})
	c.Response().Writer = streaming{c.Response().Writer, connection, ongoing}
	return next(c)
}

// streaming gives each write its own deadline, in place of one for the whole answer.
type streaming struct {
	http.ResponseWriter
	connection *http.ResponseController
	ongoing    *ongoing // nil for what ends with its handler
}

// Write sends a piece of the stream; it fails when the caller does not read for too long.
func (w streaming) Write(p []byte) (int, error) {
	_ = w.connection.SetWriteDeadline(time.Now().Add(patience))
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the connection, to flush it.
func (w streaming) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// aFile is the media type of a body or an answer that goes through as it is.
const aFile = "application/octet-stream"

func (s *server) timeoutOf(op *operation) time.Duration {
	if op.file {
		return fileTime
	}
	return s.Timeout
}

// lengthen gives a request with a file the time that it needs, as long as it moves.
func lengthen(c echo.Context) {
	connection := http.NewResponseController(c.Response().Writer)
	last := time.Now().Add(fileTime)
	_ = connection.SetReadDeadline(last)
	c.Response().Writer = streaming{c.Response().Writer, connection, nil}
	c.Request().Body = &moving{c.Request().Body, connection, last}
}

// moving gives each read of a body its own deadline, and none goes beyond the last.
type moving struct {
	io.ReadCloser
	connection *http.ResponseController
	last       time.Time
}

// Read reads a piece of the body; it fails when the caller sends nothing for too long.
func (b *moving) Read(p []byte) (int, error) {
	at := time.Now().Add(patience)
	if at.After(b.last) {
		at = b.last
	}
	_ = b.connection.SetReadDeadline(at)
	n, err := b.ReadCloser.Read(p)
	if err != nil { // what waits for the caller to leave may wait as long as the answer takes
		_ = b.connection.SetReadDeadline(b.last)
	}
	return n, err
}
