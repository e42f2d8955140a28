// Package etag makes entity tags of what a caller sees of a record: one short hash per field, so
// that a hidden change does not move the tag and a refused edit can name the fields that differ.
package etag

import (
	"encoding/base64"
	"encoding/json"
	"reflect"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

const bytesPerField = 4

// Of is the entity tag of a record as the caller sees it: a struct whose hidden fields are empty.
// Fields tagged `etag:"-"` do not count: the row's version, what the system changes alone.
func Of(seen any) string {
	sum := make([]byte, 0, 32*bytesPerField)
	each(seen, func(_ reflect.StructField, value reflect.Value) { sum = append(sum, hash(value)...) })
	return `"` + base64.RawURLEncoding.EncodeToString(sum) + `"`
}

// Key names a record and the entity tag under which the caller read it (If-Match).
type Key struct {
	ID    uuid.UUID
	Match string
}

// KeyOf joins the id in a path with If-Match; nil is a request without the header.
func KeyOf(id uuid.UUID, match *string) Key {
	if match == nil {
		return Key{ID: id}
	}
	return Key{ID: id, Match: *match}
}

// Check compares an If-Match header with what the caller sees now. It fails with
// problem.MatchRequired without a header and with problem.Stale, naming the fields that differ.
func Check(match string, seen any) error {
	switch match = strings.TrimSpace(match); match {
	case "":
		return problem.Errorf(problem.MatchRequired, "Read what you want to change and send its ETag in If-Match.")
	case "*":
		return nil
	}
	now := Of(seen)
	for _, one := range strings.Split(match, ",") {
		if strings.TrimSpace(one) == now {
			return nil
		}
	}
	return &problem.Error{Kind: problem.Stale, Detail: "This changed since you read it; read it again.", Fields: differing(match, seen)}
}

// differing names the fields whose hash is not the one in the tag; none when the tag is of another
// shape.
func differing(match string, seen any) []problem.Field {
	old, err := base64.RawURLEncoding.DecodeString(strings.Trim(match, `"`))
	if err != nil {
		return nil
	}
	var fields []problem.Field
	at := 0
	each(seen, func(field reflect.StructField, value reflect.Value) {
		if at+bytesPerField <= len(old) && string(old[at:at+bytesPerField]) != string(hash(value)) {
			fields = append(fields, problem.Field{In: "body", Name: "/" + db.APIName(field.Name), Code: "changed", Detail: "Changed meanwhile."})
		}
		at += bytesPerField
	})
	if at != len(old) {
		return nil
	}
	return fields
}

func each(seen any, fn func(reflect.StructField, reflect.Value)) {
	v := addressed(seen)
	t := v.Type()
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() && f.Tag.Get("etag") != "-" {
			fn(f, v.Field(i))
		}
	}
}

// addressed is the record where its fields can be read by their address, which copies none of them: a
// list takes the tag of each row.
func addressed(seen any) reflect.Value {
	v := reflect.ValueOf(seen)
	if v.Kind() == reflect.Pointer {
		return v.Elem()
	}
	at := reflect.New(v.Type()).Elem()
	at.Set(v)
	return at
}

// sum is a running FNV-1a hash.
type sum uint64

func (s *sum) text(text string) {
	for i := range len(text) {
		s.octet(text[i])
	}
}

func (s *sum) bytes(b []byte) {
	for _, c := range b {
		s.octet(c)
	}
}

func (s *sum) number(n int64) {
	for shift := 56; shift >= 0; shift -= 8 {
		s.octet(byte(n >> shift))
	}
}

func (s *sum) octet(c byte) {
	const prime = 1099511628211
	*s = (*s ^ sum(c)) * prime
}

// hash is stable over processes and instances: a tag outlives both.
func hash(v reflect.Value) []byte {
	h := sum(14695981039346656037)
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
		h.octet(1)
	}
	switch x := v.Addr().Interface().(type) {
	case *string:
		h.text(*x)
	case *uuid.UUID:
		h.bytes(x[:])
	case *time.Time:
		h.number(x.UnixMicro())
	default:
		h.other(v)
	}
	h ^= h >> 32
	return []byte{byte(h), byte(h >> 8), byte(h >> 16), byte(h >> 24)}
}

func (s *sum) other(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		s.text(v.String())
	case reflect.Bool:
		s.octet(map[bool]byte{true: 1}[v.Bool()])
	case reflect.Int, reflect.Int64, reflect.Int16, reflect.Int32:
		s.number(v.Int())
	default:
		if v.Kind() == reflect.Slice && v.IsNil() { // the row has an empty list
			v = reflect.MakeSlice(v.Type(), 0, 0)
		}
		text, err := json.Marshal(v.Interface())
		if err == nil {
			s.bytes(text)
		}
	}
}
