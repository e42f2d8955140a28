package document

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/kernel/secret"
)

// received is content that has arrived whole. It lies encrypted in a file without a name until it is stored.
type received struct {
	file      *os.File
	at        secret.Place
	key       []byte // sealed
	size      int64
	sha256    string
	mediaType string
}

// receive takes content in as it comes. It fails with problem.Invalid when there is none or when it does not
// arrive whole, and with problem.UnsupportedMedia for a type that is not taken.
func receive(secrets *secret.Keeper, at secret.Place, body io.Reader) (_ *received, err error) {
	file, err := os.CreateTemp("", "document-*")
	if err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, file.Close())
		}
	}()
	if err := os.Remove(file.Name()); err != nil { // the file lives on as long as it is open
		return nil, fmt.Errorf("document: %w", err)
	}
	sealed, key, err := secrets.SealTo(file, at)
	if err != nil {
		return nil, err
	}
	sum, seen := sha256.New(), &onlooker{}
	if _, err := io.Copy(io.MultiWriter(sum, seen, sealed), arriving{body}); err != nil {
		return nil, err
	}
	if seen.size == 0 {
		return nil, problem.InvalidField("", "required", "There is no content; send the file as the body.")
	}
	mediaType, err := seen.mediaType()
	if err != nil {
		return nil, err
	}
	return &received{file, at, key, seen.size, hex.EncodeToString(sum.Sum(nil)), mediaType}, sealed.Close()
}

// arriving tells a body that breaks off from a fault of ours.
type arriving struct{ body io.Reader }

// Read implements io.Reader.
func (a arriving) Read(p []byte) (int, error) {
	n, err := a.body.Read(p)
	var more *http.MaxBytesError
	if err == nil || errors.Is(err, io.EOF) || errors.As(err, &more) {
		return n, err
	}
	return n, problem.Errorf(problem.Invalid, "The content did not arrive whole; send it again.")
}

// sealed is the encrypted content from its start.
func (r *received) sealed() (io.Reader, error) {
	_, err := r.file.Seek(0, io.SeekStart)
	return r.file, err
}

func (r *received) close() error { return r.file.Close() }

// stored reads encrypted content part by part, each in a transaction of its own: whoever may no longer read
// it gets no further.
type stored struct {
	ctx      context.Context
	s        *Service
	document uuid.UUID
	position int
	key      []byte // sealed; there when the first part was read
	rest     []byte
}

// Read implements io.Reader.
func (r *stored) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		if err := r.next(); err != nil {
			return 0, err
		}
		if len(r.rest) == 0 {
			return 0, io.EOF
		}
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

func (r *stored) next() error {
	return r.s.k.DB.Tx(r.ctx, func(ctx context.Context) error {
		if _, err := r.s.withContent(ctx, r.document); err != nil {
			return err
		}
		found, err := partOf(ctx, r.document, r.position)
		if err != nil {
			return err
		}
		if r.rest = found.Data; r.position == 0 {
			r.key = found.Key
		}
		r.position++
		return nil
	})
}

// opened is the content as it was sent; that its key is there is known before the first byte is given.
func (s *Service) opened(ctx context.Context, d Document) (io.Reader, error) {
	parts := &stored{ctx: ctx, s: s, document: d.ID}
	if err := parts.next(); err != nil {
		return nil, err
	}
	plain, err := s.k.Secrets.OpenFrom(parts, d.place(), parts.key)
	if err != nil {
		return nil, err
	}
	content := bufio.NewReader(plain)
	_, err = content.Peek(1)
	return content, err
}
