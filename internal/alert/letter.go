package alert

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"slices"
	"strings"
	text "text/template"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
	"github.com/wijkregie/wijkregie/internal/kernel/language"
)

// The letters say in which dossier something happened and of which kind, with a link. A mail
// leaves the house: it holds no name and no content.
//
//go:embed letters
var letters embed.FS

// news is what a letter tells of one dossier.
type news struct {
	Number, Link string   // empty for what is in no dossier
	Kinds        []string // what happened, each kind once, with how often when more than once
	counts       map[string]int
	many         int
}

// letter is the mail of alerts, the earliest first; its recipient is filled in by the caller.
func (s *Service) letter(told []Seen, tag language.Tag) (m delivery.Mail, err error) {
	if tag != language.English {
		tag = language.Dutch
	}
	all := s.news(told, tag)
	m.Subject = subject(all, len(told), tag)
	plain, err := text.ParseFS(letters, "letters/"+string(tag)+".txt")
	if err != nil {
		return m, err
	}
	page, err := template.ParseFS(letters, "letters/"+string(tag)+".html")
	if err != nil {
		return m, err
	}
	facts := struct {
		Subject string
		News    []news
	}{m.Subject, all}
	var out bytes.Buffer
	if err := plain.Execute(&out, facts); err != nil {
		return m, err
	}
	m.Text = out.String()
	out.Reset()
	err = page.Execute(&out, facts)
	m.HTML = out.String()
	return m, err
}

// news gathers alerts per dossier, in the order of the first of each.
func (s *Service) news(told []Seen, tag language.Tag) (all []news) {
	for _, a := range told {
		at := slices.IndexFunc(all, func(n news) bool { return n.Number == a.Dossier.Number })
		if at < 0 {
			at = len(all)
			one := news{Number: a.Dossier.Number, counts: map[string]int{}}
			if a.Dossier.ID != uuid.Nil {
				one.Link = strings.ReplaceAll(s.m.Link, "{id}", a.Dossier.ID.String())
			}
			all = append(all, one)
		}
		n, kind := &all[at], s.label(a.Kind).In(tag)
		if n.counts[kind] == 0 {
			n.Kinds = append(n.Kinds, kind)
		}
		n.counts[kind]++
		n.many++
	}
	for _, n := range all {
		for i, kind := range n.Kinds {
			if many := n.counts[kind]; many > 1 {
				n.Kinds[i] = fmt.Sprintf("%s (%d×)", kind, many)
			}
		}
	}
	return all
}

// sitrap begins the subject of a letter on one dossier, or on what is in none.
func sitrap(n news) string { return strings.TrimSpace("SITRAP "+n.Number) + ": " }

// subject is of one change its kind, of several how many.
func subject(all []news, many int, tag language.Tag) string {
	several := language.Text{NL: "%d wijzigingen", EN: "%d changes"}.In(tag)
	switch {
	case many == 1:
		return sitrap(all[0]) + all[0].Kinds[0]
	case len(all) == 1:
		return sitrap(all[0]) + fmt.Sprintf(several, many)
	}
	if slices.ContainsFunc(all, func(n news) bool { return n.Number == "" }) {
		return "SITRAP: " + fmt.Sprintf(several, many)
	}
	return "SITRAP: " + fmt.Sprintf(several+" in %d dossiers", many, len(all)) // "dossiers" is Dutch as well
}
