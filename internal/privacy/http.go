package privacy

import "github.com/wijkregie/wijkregie/internal/organisation"

// HTTP answers the contract's operations of privacy and accountability.
type HTTP struct {
	s      *Service
	people *organisation.Service
}

// NewHTTP makes the handlers.
func NewHTTP(s *Service, people *organisation.Service) *HTTP { return &HTTP{s: s, people: people} }
