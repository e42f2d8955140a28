package api

import (
	"time"

	"github.com/oapi-codegen/nullable"
	openapi "github.com/oapi-codegen/runtime/types"
)

// Null is a value of the contract that may be null: null for a nil pointer.
func Null[T any](p *T) nullable.Nullable[T] {
	if p == nil {
		return nullable.NewNullNullable[T]()
	}
	return nullable.NewNullableWithValue(*p)
}

// Value is what a nullable value of the contract holds; the zero value for null.
func Value[T any](n nullable.Nullable[T]) (value T) {
	if held, err := n.Get(); err == nil {
		value = held
	}
	return value
}

// NullText is a text of the contract that is null when empty.
func NullText(s string) nullable.Nullable[string] { return NullAs[string](s) }

// NullAs is a code of the contract that is null when empty.
func NullAs[T ~string](s string) nullable.Nullable[T] {
	if s == "" {
		return nullable.NewNullNullable[T]()
	}
	return nullable.NewNullableWithValue(T(s))
}

// NullTime is a moment of the contract in UTC: null for nil.
func NullTime(at *time.Time) nullable.Nullable[time.Time] {
	if at == nil {
		return nullable.NewNullNullable[time.Time]()
	}
	return nullable.NewNullableWithValue(at.UTC())
}

// NullDate is a date of the contract: null for nil.
func NullDate(day *time.Time) nullable.Nullable[openapi.Date] {
	if day == nil {
		return nullable.NewNullNullable[openapi.Date]()
	}
	return nullable.NewNullableWithValue(openapi.Date{Time: *day})
}

// Texts is a list of the contract's strings; never null.
func Texts(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

// AsAll are strings of another type; never nil.
func AsAll[U, T ~string](list []T) []U {
	all := make([]U, len(list))
	for i, one := range list {
		all[i] = U(one)
	}
	return all
}
