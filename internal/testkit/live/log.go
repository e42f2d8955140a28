package live

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
)

// Log keeps what the product logs.
type Log struct {
	mu       sync.Mutex
	text     bytes.Buffer
	expected []string
}

// Logger writes to the log, everything from level info.
func (l *Log) Logger() *slog.Logger { return slog.New(slog.NewJSONHandler(l, nil)) }

// Write implements io.Writer.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// Text is the log so far, a JSON object a line.
func (l *Log) Text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// Expect lets lines with this text be errors without failing the test.
func (l *Log) Expect(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.expected = append(l.expected, text)
}

// Errors are the lines of level error that no Expect announced.
func (l *Log) Errors() []string {
	var lines []string
	for line := range strings.Lines(l.Text()) {
		if strings.Contains(line, `"level":"ERROR"`) && !l.announced(line) {
			lines = append(lines, line)
		}
	}
	return lines
}

func (l *Log) announced(line string) bool {
	for _, text := range l.expected {
		if strings.Contains(line, text) {
			return true
		}
	}
	return false
}
