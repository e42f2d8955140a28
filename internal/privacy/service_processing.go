package privacy

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/access"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// RecordProcessing writes the processing log of lines of the access log (Logboek Dataverwerkingen 1.0), in the running
// transaction of the product itself, in which these get their place in the record.
func (s *Service) RecordProcessing(ctx context.Context, municipality string, lines []uuid.UUID) error {
	key, err := s.pseudonyms()
	if err != nil {
		return err
	}
	rows, err := processing(ctx, lines)
	if err != nil {
		return err
	}
	var dossiers []uuid.UUID
	for _, l := range rows {
		if l.DossierID != nil {
			dossiers = append(dossiers, *l.DossierID)
		}
	}
	about, err := s.m.Persons.Whom(ctx, dossiers)
	if err != nil {
		return err
	}
	var all []ProcessingLine
	for _, l := range rows {
		var inDossier []uuid.UUID
		if l.DossierID != nil {
			inDossier = about[*l.DossierID]
		}
		var subjects []string
		for _, person := range l.subjects(inDossier) {
			subjects = append(subjects, pseudonym(key, municipality, person))
		}
		all = append(all, processed(l, subjects)...)
	}
	return addProcessing(ctx, municipality, all)
}

// pseudonyms is the key under which persons have theirs.
func (s *Service) pseudonyms() ([]byte, error) { return s.k.Secrets.SigningSeed("processing log") }

// FindProcessing finds lines of the processing log, the latest first: for the privacy officer and the auditor,
// problem.Forbidden for others, problem.Invalid when nothing is asked for.
func (s *Service) FindProcessing(ctx context.Context, q ProcessingQuery, p page.Request) (rows []ProcessingLine, next *string, err error) {
	if q.Trace == nil && q.Activity == nil && q.Subject == nil && q.Person == nil {
		return nil, nil, problem.InvalidField("/traceId", "required", "Ask for a trace, a processing activity, a data subject or a person.")
	}
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		return s.k.Authz.Require(ctx, actReadProcessing, authz.Resource{})
	})
	if err != nil {
		return nil, nil, err
	}
	f, err := s.sought(ctx, q)
	if err != nil {
		return nil, nil, err
	}
	err = s.k.DB.Tx(ctx, func(ctx context.Context) (err error) {
		rows, err = listProcessing(ctx, f, p)
		rows, next = page.Cut(rows, p.Limit, ProcessingLine.place)
		return err
	})
	return rows, next, err
}

// sought is a query in the terms of the log: a person under all its registrations' pseudonyms, an activity by its basis.
func (s *Service) sought(ctx context.Context, q ProcessingQuery) (f processingFilter, err error) {
	f = processingFilter{Trace: q.Trace, Subject: q.Subject, From: q.From, Until: q.Until}
	if q.Activity != nil {
		basis, err := s.basis(*q.Activity)
		if err != nil {
			return f, err
		}
		f.Basis = &basis
	}
	if q.Person == nil {
		return f, nil
	}
	access.Saw(ctx, "person", *q.Person)
	f.Of, err = s.knownAs(ctx, *q.Person)
	return f, err
}

// knownAs are the pseudonyms of a person and of the registrations that are the same by a merge; that of a person whose
// registration was destroyed is found by its id too.
func (s *Service) knownAs(ctx context.Context, person uuid.UUID) (all []string, err error) {
	who, err := identity.From(ctx)
	if err != nil {
		return nil, err
	}
	key, err := s.pseudonyms()
	if err != nil {
		return nil, err
	}
	all = []string{pseudonym(key, who.Municipality, person)}
	ctx = identity.With(db.Apart(ctx), identity.System(who.Municipality, "processing-log"))
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		same, err := s.m.Persons.Registrations(ctx, person)
		for _, one := range same {
			if one.ID != person {
				all = append(all, pseudonym(key, who.Municipality, one.ID))
			}
		}
		return err
	})
	return all, err
}
