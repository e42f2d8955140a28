package db

import (
	"database/sql/driver"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
)

// IDs are the ids of a query as one value: write `id = any(?)`. With `id in ?` each length of the list
// would be a statement of its own, to be parsed, planned and kept.
type IDs []uuid.UUID

// Value implements driver.Valuer: the array as PostgreSQL writes it.
func (ids IDs) Value() (driver.Value, error) {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = id.String()
	}
	return "{" + strings.Join(texts, ",") + "}", nil
}

// sendUUIDs lets pgx send uuid.UUID, pointers to one, and IDs as bytes. By itself it knows none of them: it tries, fails,
// and goes by way of text and back, which was a seventh of what a list costs.
func sendUUIDs(m *pgtype.Map) {
	m.TryWrapEncodePlanFuncs = append([]pgtype.TryWrapEncodePlanFunc{wrapUUID}, m.TryWrapEncodePlanFuncs...)
}

func wrapUUID(value any) (pgtype.WrappedEncodePlanNextSetter, any, bool) {
	known := pgxUUID(value)
	return &uuidPlan{}, known, known != nil
}

// pgxUUID is the value as a type that pgx knows; nil when it is neither.
func pgxUUID(value any) any {
	switch v := value.(type) {
	case uuid.UUID:
		return pgtype.UUID{Bytes: v, Valid: true}
	case *uuid.UUID: // nil is null before it comes here
		return pgtype.UUID{Bytes: *v, Valid: true}
	case IDs:
		return pgtype.FlatArray[uuid.UUID](v)
	}
	return nil
}

// uuidPlan encodes a value as pgx encodes the type that it knows.
type uuidPlan struct{ next pgtype.EncodePlan }

// SetNext implements pgtype.WrappedEncodePlanNextSetter.
func (p *uuidPlan) SetNext(next pgtype.EncodePlan) { p.next = next }

// Encode implements pgtype.EncodePlan.
func (p *uuidPlan) Encode(value any, buf []byte) ([]byte, error) {
	return p.next.Encode(pgxUUID(value), buf)
}
