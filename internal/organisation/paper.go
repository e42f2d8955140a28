package organisation

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/language"
	"github.com/wijkregie/wijkregie/internal/kernel/paper"
)

// Paper begins a print for the caller: in his language, by the clock of his municipality, and with his name and
// that of his partner under every page. It fails without an identity.
func (s *Service) Paper(ctx context.Context, title language.Text) (*paper.Paper, error) {
	who, err := identity.From(ctx)
	if err != nil {
		return nil, err
	}
	names, err := s.Names(ctx)
	if err != nil {
		return nil, err
	}
	reader := names.PartnerName(who.Partner)
	if who.Professional != uuid.Nil {
		reader = names.ProfessionalName(who.Professional) + ", " + reader
	}
	tag := language.From(ctx)
	return paper.New(paper.Sheet{Title: title.In(tag), Reader: reader, Made: s.k.Now().In(names.zone), Language: tag, Label: s.label}), nil
}

// label is what a code is called; the code itself where no list has it.
func (s *Service) label(list, code string) language.Text {
	if text, found := s.lists.Label(list, code); found {
		return text
	}
	return language.Text{NL: code, EN: code}
}
