package api

import "github.com/oapi-codegen/nullable"

// Null is a value of the contract that may be null: null for a nil pointer.
func Null[T any](p *T) nullable.Nullable[T] {
	if p == nil {
		return nullable.NewNullNullable[T]()
	}
	return nullable.NewNullableWithValue(*p)
}

// NullText is a text of the contract that is null when empty.
func NullText(s string) nullable.Nullable[string] {
	if s == "" {
		return nullable.NewNullNullable[string]()
	}
	return nullable.NewNullableWithValue(s)
}

// Apply writes a merge-patch field to a pointer: left out keeps it, null empties it.
func Apply[T any](n nullable.Nullable[T], to **T) {
	switch {
	case n.IsNull():
		*to = nil
	case n.IsSpecified():
		v := n.MustGet()
		*to = &v
	}
}

// Texts is a list of the contract's strings; never null.
func Texts(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}
