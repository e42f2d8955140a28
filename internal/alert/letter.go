package alert

import (
	"bytes"
	"embed"
	"html/template"
	"strings"
	text "text/template"

	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
	"github.com/wijkregie/wijkregie/internal/kernel/language"
)

// The letters say in which dossier something happened and of which kind, with a link. A mail
// leaves the house: it holds no name and no content.
//
//go:embed letters
var letters embed.FS

// letter is the mail of an alert; its recipient is filled in by the caller.
func (s *Service) letter(a Seen, tag language.Tag) (m delivery.Mail, err error) {
	facts := struct{ Number, Kind, Link string }{
		Number: a.Dossier.Number, Kind: s.label(a.Kind).In(tag), Link: strings.ReplaceAll(s.m.Link, "{id}", a.Dossier.ID.String()),
	}
	if tag != language.English {
		tag = language.Dutch
	}
	plain, err := text.ParseFS(letters, "letters/"+string(tag)+".txt")
	if err != nil {
		return m, err
	}
	page, err := template.ParseFS(letters, "letters/"+string(tag)+".html")
	if err != nil {
		return m, err
	}
	var out bytes.Buffer
	if err := plain.Execute(&out, facts); err != nil {
		return m, err
	}
	m.Text = out.String()
	out.Reset()
	err = page.Execute(&out, facts)
	m.HTML, m.Subject = out.String(), "SITRAP "+facts.Number+": "+facts.Kind
	return m, err
}
