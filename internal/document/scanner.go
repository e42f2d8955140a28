package document

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

const (
	scanTime  = 2 * time.Minute // for one document, from begin to end
	scanPiece = 64 << 10
)

// Scanner is a ClamAV daemon, which looks for viruses.
type Scanner struct{ Address string } // host:port of clamd

// Clean sends content to the daemon as it is read (INSTREAM) and tells whether it found nothing. It fails
// when the daemon cannot be reached or does not say.
func (s Scanner) Clean(ctx context.Context, content io.Reader) (clean bool, err error) {
	ctx, done := context.WithTimeout(ctx, scanTime)
	defer done()
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", s.Address)
	if err != nil {
		return false, fmt.Errorf("virus scanner: %w", err)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })() // ends what waits
	if err := send(conn, content); err != nil {
		return false, fmt.Errorf("virus scanner: %w", err)
	}
	answer, err := bufio.NewReader(conn).ReadString(0)
	answer = strings.TrimSuffix(answer, "\x00")
	switch {
	case strings.HasSuffix(answer, " FOUND"):
		return false, nil
	case answer == "stream: OK":
		return true, nil
	}
	return false, errors.Join(fmt.Errorf("virus scanner: it answers %q", answer), err)
}

// send writes content in pieces, each after its length, and an empty one at the end.
func send(w io.Writer, content io.Reader) error {
	if _, err := io.WriteString(w, "zINSTREAM\x00"); err != nil {
		return err
	}
	piece := make([]byte, 4+scanPiece)
	for {
		n, err := io.ReadFull(content, piece[4:])
		binary.BigEndian.PutUint32(piece, uint32(n))
		if _, err := w.Write(piece[:4+n]); err != nil {
			return err
		}
		switch {
		case errors.Is(err, io.EOF): // the piece was the empty one
			return nil
		case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
			return err
		}
	}
}
