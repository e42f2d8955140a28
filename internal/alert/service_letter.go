package alert

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/language"
)

// writeAs makes the letter in the transaction of its recipient.
func (s *Service) writeAs(ctx context.Context, who identity.Identity, all []Delivery) (letter delivery.Mail, err error) {
	someone, err := s.m.People.FindProfessional(ctx, who.Professional)
	if err != nil {
		return letter, err
	}
	if someone.Email == "" {
		return letter, cancel(all, "the recipient has no address")
	}
	if since := someone.MailRefusedAt; since != nil {
		return letter, fail(all, "the mail server does not know the address, since "+since.UTC().Format(time.RFC3339)+"; change the address or have this tried again")
	}
	tag := language.Tag(someone.Language)
	told, err := s.entitled(language.With(ctx, tag), who, all)
	if err != nil || len(told) == 0 {
		return letter, err
	}
	letter, err = s.letter(told, tag)
	letter.ID, letter.To = *all[0].LetterID, someone.Email
	return letter, err
}

// entitled reads the alerts that deliveries are about, the earliest first, and cancels those that their recipient may not
// have any more.
func (s *Service) entitled(ctx context.Context, who identity.Identity, all []Delivery) (told []Seen, err error) {
	seqs := make([]int64, len(all))
	for i, d := range all {
		seqs[i] = d.Seq
	}
	lines, err := these(ctx, who, seqs)
	if err != nil {
		return nil, err
	}
	seen, err := s.see(ctx, lines)
	if err != nil {
		return nil, err
	}
	held, err := s.directed(ctx, lines)
	if err != nil {
		return nil, err
	}
	for i := range all {
		at := slices.IndexFunc(seen, func(a Seen) bool { return a.Sequence == all[i].Seq })
		if at < 0 {
			all[i].ends(Cancelled, "the recipient may not know of it any more")
			continue
		}
		line := lines[slices.IndexFunc(lines, func(l line) bool { return l.Seq == all[i].Seq })]
		if !s.concerned(who, line, held[line.Dossier()]) {
			all[i].ends(Cancelled, "the recipient does not direct the dossier any more")
			continue
		}
		told = append(told, seen[at])
	}
	return told, nil
}

// directed reads the dossiers of lines that do not name their reader.
func (s *Service) directed(ctx context.Context, lines []line) (map[uuid.UUID]dossier.Dossier, error) {
	var ids []uuid.UUID
	for _, l := range lines {
		if !l.Named && l.DossierID != nil && !slices.Contains(ids, *l.DossierID) {
			ids = append(ids, *l.DossierID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return s.m.Dossiers.FindAll(ctx, ids)
}

// concerned tells whether an alert that its recipient sees is still for him: the event names him, a rule lets him be told,
// he directs its dossier or stands in for who does, or he is a municipal director whom it concerns.
func (s *Service) concerned(who identity.Identity, l line, d dossier.Dossier) bool {
	if l.Named || l.ByRule || concernsDirectors(l.Name) && who.Has(identity.MunicipalDirector) {
		return true
	}
	return slices.ContainsFunc(holders(d), func(holder uuid.UUID) bool { return who.Is(holder, s.k.Now()) })
}
