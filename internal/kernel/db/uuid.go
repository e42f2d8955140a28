package db

import (
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
)

// sendUUIDs lets pgx send a uuid.UUID as its 16 bytes. By itself it does not know the type: it tries,
// fails, and goes by way of text and back, which was a seventh of what a list costs.
func sendUUIDs(m *pgtype.Map) {
	m.TryWrapEncodePlanFuncs = append([]pgtype.TryWrapEncodePlanFunc{wrapUUID}, m.TryWrapEncodePlanFuncs...)
}

func wrapUUID(value any) (pgtype.WrappedEncodePlanNextSetter, any, bool) {
	id, is := value.(uuid.UUID)
	return &uuidPlan{}, pgtype.UUID{Bytes: id, Valid: true}, is
}

// uuidPlan encodes a uuid.UUID as pgx encodes its own type.
type uuidPlan struct{ next pgtype.EncodePlan }

// SetNext implements pgtype.WrappedEncodePlanNextSetter.
func (p *uuidPlan) SetNext(next pgtype.EncodePlan) { p.next = next }

// Encode implements pgtype.EncodePlan.
func (p *uuidPlan) Encode(value any, buf []byte) ([]byte, error) {
	return p.next.Encode(pgtype.UUID{Bytes: value.(uuid.UUID), Valid: true}, buf)
}
