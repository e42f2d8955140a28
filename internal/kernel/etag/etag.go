// Package etag makes entity tags of what a caller sees of a record: one short hash per field, so
// that a hidden change does not move the tag and a refused edit can name the fields that differ.
package etag

import (
	"encoding/base64"
	"encoding/binary"
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
	var sum []byte
	each(seen, func(_ string, value reflect.Value) { sum = append(sum, hash(value)...) })
	return `"` + base64.RawURLEncoding.EncodeToString(sum) + `"`
}

// Check compares an If-Match header with what the caller sees now. It fails with
// problem.MatchRequired without a header and with problem.Stale, naming the fields that differ.
func Check(match string, seen any) error {
	switch match = strings.TrimSpace(match); match {
	case "":
		return problem.Errorf(problem.MatchRequired, "Send the ETag that you read as If-Match.")
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
	each(seen, func(name string, value reflect.Value) {
		if at+bytesPerField <= len(old) && string(old[at:at+bytesPerField]) != string(hash(value)) {
			fields = append(fields, problem.Field{In: "body", Name: "/" + name, Code: "changed", Detail: "Changed meanwhile."})
		}
		at += bytesPerField
	})
	if at != len(old) {
		return nil
	}
	return fields
}

func each(seen any, fn func(name string, value reflect.Value)) {
	v := reflect.Indirect(reflect.ValueOf(seen))
	t := v.Type()
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() && f.Tag.Get("etag") != "-" {
			fn(db.APIName(f.Name), v.Field(i))
		}
	}
}

// hash is stable over processes and instances: a tag outlives both.
func hash(v reflect.Value) []byte {
	const offset, prime = 14695981039346656037, 1099511628211
	h := uint64(offset)
	write := func(b []byte) {
		for _, c := range b {
			h = (h ^ uint64(c)) * prime
		}
	}
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
		write([]byte{1})
	}
	switch x := v.Interface().(type) {
	case string:
		write([]byte(x))
	case uuid.UUID:
		write(x[:])
	case time.Time:
		write(binary.BigEndian.AppendUint64(nil, uint64(x.UnixMicro())))
	default:
		writeOther(v, write)
	}
	h ^= h >> 32
	return []byte{byte(h), byte(h >> 8), byte(h >> 16), byte(h >> 24)}
}

func writeOther(v reflect.Value, write func([]byte)) {
	switch v.Kind() {
	case reflect.String:
		write([]byte(v.String()))
	case reflect.Bool, reflect.Int, reflect.Int64, reflect.Int16, reflect.Int32:
		if v.Kind() == reflect.Bool {
			write([]byte{map[bool]byte{true: 1}[v.Bool()]})
			return
		}
		write(binary.BigEndian.AppendUint64(nil, uint64(v.Int())))
	default:
		if v.Kind() == reflect.Slice && v.IsNil() { // the row has an empty list
			v = reflect.MakeSlice(v.Type(), 0, 0)
		}
		text, err := json.Marshal(v.Interface())
		if err == nil {
			write(text)
		}
	}
}
