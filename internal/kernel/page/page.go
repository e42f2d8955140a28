// Package page cuts lists: a limit and an opaque cursor on (key, id), never an offset or a count.
package page

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Default and Max bound a page (contract.md, rule 6).
const (
	Default = 50
	Max     = 200
)

// Request is which page is asked for.
type Request struct {
	Limit int
	After *Cursor // nil for the first page
}

// Cursor is the place of the last row of a page: the value it is ordered by, and its id.
type Cursor struct {
	Key string
	ID  uuid.UUID
}

// At is a cursor for a list that is ordered by time.
func At(t time.Time, id uuid.UUID) Cursor {
	return Cursor{Key: t.UTC().Format(time.RFC3339Nano), ID: id}
}

// Time reads the key of a cursor made by At.
func (c Cursor) Time() (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, c.Key)
	if err != nil {
		return t, invalidCursor()
	}
	return t, nil
}

// AtNumber is a cursor for a list that is ordered by a whole number.
func AtNumber(n int64, id uuid.UUID) Cursor { return Cursor{Key: strconv.FormatInt(n, 10), ID: id} }

// Number reads the key of a cursor made by AtNumber.
func (c Cursor) Number() (int64, error) {
	n, err := strconv.ParseInt(c.Key, 10, 64)
	if err != nil {
		return 0, invalidCursor()
	}
	return n, nil
}

// Text reads the key of a cursor for a list that is ordered by text; one made by At is none.
func (c Cursor) Text() (string, error) {
	if _, err := c.Time(); err == nil {
		return "", invalidCursor()
	}
	return c.Key, nil
}

// Parse reads the query parameters limit and cursor; it fails with problem.Invalid on a cursor that
// this product did not make.
func Parse(limit *int, cursor *string) (Request, error) {
	r := Request{Limit: Default}
	if limit != nil {
		r.Limit = min(max(*limit, 1), Max)
	}
	if cursor == nil {
		return r, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(*cursor)
	if err != nil || len(raw) < start {
		return r, invalidCursor()
	}
	c := Cursor{ID: uuid.UUID(raw[sumSize:start]), Key: string(raw[start:])}
	if c.String() != *cursor || strings.ContainsRune(c.Key, 0) || !utf8.ValidString(c.Key) {
		return r, invalidCursor()
	}
	r.After = &c
	return r, nil
}

// A cursor begins with a checksum, which tells one that was altered, and the id.
const (
	sumSize = 4
	start   = sumSize + 16
)

func invalidCursor() error {
	return problem.InvalidParameter("query", "cursor", "cursor", "Use the cursor of the list's own `next`.")
}

// String is the cursor as the contract shows it.
func (c Cursor) String() string {
	place := append(c.ID[:], c.Key...)
	raw := binary.BigEndian.AppendUint32(make([]byte, 0, sumSize+len(place)), crc32.ChecksumIEEE(place))
	return base64.RawURLEncoding.EncodeToString(append(raw, place...))
}

// Cut takes the rows of a query with limit+1 and gives the page and the cursor of the next, nil at
// the end.
func Cut[T any](rows []T, limit int, place func(T) Cursor) ([]T, *string) {
	if len(rows) <= limit {
		return rows, nil
	}
	next := place(rows[limit-1]).String()
	return rows[:limit], &next
}

type urlKey struct{}

// WithURL puts the path and query of the request in the context, for Link.
func WithURL(ctx context.Context, u *url.URL) context.Context {
	return context.WithValue(ctx, urlKey{}, *u)
}

// Link is the Link header to the next page (RFC 8288): the same request with the next cursor; nil at
// the end.
func Link(ctx context.Context, next *string) *string {
	u, ok := ctx.Value(urlKey{}).(url.URL)
	if !ok || next == nil {
		return nil
	}
	query := u.Query()
	query.Set("cursor", *next)
	link := "<" + u.EscapedPath() + "?" + query.Encode() + `>; rel="next"`
	return &link
}
