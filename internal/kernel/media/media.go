// Package media carries in which media type a caller wants the answer, where an operation has more than
// one.
package media

import "context"

// The media types that an operation gives beside JSON.
const (
	CSV = "text/csv"        // a table as text (RFC 4180)
	PDF = "application/pdf" // a print (ISO 32000)
)

type key struct{}

// With puts the media type that was chosen in the context.
func With(ctx context.Context, chosen string) context.Context {
	return context.WithValue(ctx, key{}, chosen)
}

// Wants tells whether the answer is to be of this media type; false where the operation has one only.
func Wants(ctx context.Context, media string) bool {
	chosen, _ := ctx.Value(key{}).(string)
	return chosen == media
}
