package organisation

import (
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"
	openapi "github.com/oapi-codegen/runtime/types"

	"github.com/wijkregie/wijkregie/api"
)

// HTTP answers the operations of this area; the server embeds it.
type HTTP struct{ s *Service }

// NewHTTP makes the handlers.
func NewHTTP(s *Service) *HTTP { return &HTTP{s: s} }

func day(sent *openapi.Date) *time.Time {
	if sent == nil {
		return nil
	}
	return &sent.Time
}

// putDay changes a date that was sent; null empties it.
func putDay(field **time.Time, sent nullable.Nullable[openapi.Date]) {
	if !sent.IsSpecified() {
		return
	}
	var date *openapi.Date
	api.Apply(sent, &date)
	*field = day(date)
}

// Partner is a partner by id and name; the name is empty when there is none with this id.
func (n *Names) Partner(id uuid.UUID) api.PartnerRef {
	return api.PartnerRef{Id: id, Name: n.PartnerName(id)}
}

// Professional is a professional by id and name; the name is empty when there is none with this id.
func (n *Names) Professional(id uuid.UUID) api.ProfessionalRef {
	return api.ProfessionalRef{Id: id, Name: n.ProfessionalName(id)}
}

// Optional is a professional by id and name, null for nil.
func (n *Names) Optional(id *uuid.UUID) nullable.Nullable[api.OptionalProfessionalRef] {
	if id == nil {
		return api.Null[api.OptionalProfessionalRef](nil)
	}
	return api.Null(new(n.Professional(*id)))
}

// OptionalPartner is a partner by id and name, null for nil.
func (n *Names) OptionalPartner(id *uuid.UUID) nullable.Nullable[api.OptionalPartnerRef] {
	if id == nil {
		return api.Null[api.OptionalPartnerRef](nil)
	}
	return api.Null(new(n.Partner(*id)))
}
