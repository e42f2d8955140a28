package api

import "github.com/oapi-codegen/nullable"

// Or is what was sent, or something else when it was left out.
func Or[T any](sent *T, otherwise T) T {
	if sent == nil {
		return otherwise
	}
	return *sent
}

// As is a string that was sent as another string type; nil when it was left out.
func As[U, T ~string](sent *T) *U {
	if sent == nil {
		return nil
	}
	s := U(*sent)
	return &s
}

// Sent is a value that was sent; nil for null and for what was left out.
func Sent[T any](n nullable.Nullable[T]) *T {
	if v, there := n[true]; there {
		return &v
	}
	return nil
}

// Put changes a field that was sent.
func Put[T any](field *T, sent *T) {
	if sent != nil {
		*field = *sent
	}
}

// PutText changes a text that was sent; null empties it.
func PutText(field *string, sent nullable.Nullable[string]) {
	if sent.IsSpecified() {
		*field = sent[true]
	}
}

// Apply changes a pointer to what was sent: left out keeps it, null empties it.
func Apply[T any](sent nullable.Nullable[T], to **T) {
	if sent.IsSpecified() {
		*to = Sent(sent)
	}
}
