// Package problem names the kinds of failure of the product, so that a rule says what went wrong
// and only the server decides how HTTP tells it (RFC 9457).
package problem

import (
	"errors"
	"fmt"
)

// Kind is a class of failure; each has one HTTP status and one documentation page.
type Kind string

// The kinds of failure. The comment is the HTTP status that the server gives it.
const (
	Invalid          Kind = "invalid-input"          // 400
	Unauthenticated  Kind = "unauthenticated"        // 401
	Forbidden        Kind = "forbidden"              // 403
	Shielded         Kind = "dossier-shielded"       // 403: Wgs 2.31(8)
	NotFound         Kind = "not-found"              // 404: not there, or not readable; the two are the same
	NotAcceptable    Kind = "not-acceptable"         // 406
	Conflict         Kind = "conflict"               // 409
	Stale            Kind = "stale"                  // 412
	TooLarge         Kind = "too-large"              // 413
	UnsupportedMedia Kind = "unsupported-media-type" // 415
	KeyReused        Kind = "idempotency-key-reused" // 422
	MatchRequired    Kind = "precondition-required"  // 428
	TooManyRequests  Kind = "too-many-requests"      // 429
	MethodNotAllowed Kind = "method-not-allowed"     // 405
	Internal         Kind = "internal"               // 500
	Unavailable      Kind = "unavailable"            // 503
)

// Error is a failure that the caller may be told. Detail says what the caller can do about it and
// holds no personal data and no value that the caller sent. It is English; Texts tells it in Dutch.
type Error struct {
	Kind   Kind
	Detail string
	// Fields names what is wrong, for invalid input and stale edits.
	Fields []Field
	said   wording
}

// Field is one thing wrong with the input: a JSON pointer or a parameter, a stable code and a text,
// which is English as that of Error is.
type Field struct {
	In     string // body, query, path or header
	Name   string // JSON pointer ("/items/0/text") for a body, else the parameter's name
	Code   string
	Detail string
	said   wording
}

// Errorf makes a failure of a kind; format is the detail.
func Errorf(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Detail: fmt.Sprintf(format, args...), said: wording{format, args}}
}

// Detailf is the field with a detail that is filled in.
func (f Field) Detailf(format string, args ...any) Field {
	f.Detail, f.said = fmt.Sprintf(format, args...), wording{format, args}
	return f
}

// InvalidField is invalid input at one place in the body.
func InvalidField(pointer, code, detail string) *Error {
	return InvalidParameter("body", pointer, code, detail)
}

// InvalidParameter is invalid input in one parameter; in is query, path or header.
func InvalidParameter(in, name, code, detail string) *Error {
	return invalid(Field{In: in, Name: name, Code: code, Detail: detail})
}

func invalid(wrong ...Field) *Error {
	return &Error{Kind: Invalid, Detail: "The request is not valid; see errors.", Fields: wrong}
}

// Faults gathers everything that is wrong with an input, so that it is told at once.
type Faults []Field

// Note adds what is wrong at a JSON pointer in the body.
func (f *Faults) Note(pointer, code, detail string) {
	*f = append(*f, Field{In: "body", Name: pointer, Code: code, Detail: detail})
}

// Err is Invalid with every fault, nil without one.
func (f Faults) Err() error {
	if len(f) == 0 {
		return nil
	}
	return invalid(f...)
}

// Error implements error.
func (e *Error) Error() string { return string(e.Kind) + ": " + e.Detail }

// KindOf is the kind of the first *Error in the chain, Internal when there is none.
func KindOf(err error) Kind {
	var p *Error
	if errors.As(err, &p) {
		return p.Kind
	}
	return Internal
}

// Is tells whether err is a failure of this kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }
