package ledger

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
)

// form is the first line of an export.
const form = "wijkregie-audit/1"

// Heading is the first line of an export: what follows are its leaves from the first on, and then the checkpoints, each as a
// line {"checkpoint": "…"}.
type Heading struct {
	Form         string `json:"form"`
	Municipality string `json:"municipality"`
	Size         uint64 `json:"size"`
}

type sealed struct {
	Checkpoint string `json:"checkpoint"`
}

// Writer writes an export, a line for each thing.
type Writer struct{ w *bufio.Writer }

// NewWriter begins an export of so many leaves.
func NewWriter(w io.Writer, municipality string, size uint64) (*Writer, error) {
	out := &Writer{bufio.NewWriterSize(w, 64<<10)}
	return out, out.put(Heading{form, municipality, size})
}

// Leaf writes the line of a leaf.
func (w *Writer) Leaf(line []byte) error {
	if _, err := w.w.Write(line); err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	return w.w.WriteByte('\n')
}

// Checkpoint writes a signed note.
func (w *Writer) Checkpoint(note string) error { return w.put(sealed{note}) }

// Flush sends what is written so far.
func (w *Writer) Flush() error { return w.w.Flush() }

func (w *Writer) put(value any) error {
	line, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	return w.Leaf(line)
}
