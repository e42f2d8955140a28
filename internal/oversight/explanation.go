package oversight

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/configuration"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/language"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// Question is what is asked about access: may a professional, or a partner without naming one, do any of the
// acts with a category, or an item, of a dossier, now or at a moment in the past.
type Question struct {
	Partner, Professional *uuid.UUID // exactly one
	Dossier               uuid.UUID  // zero for the dossier of the item
	Category              *authz.Category
	Item                  *uuid.UUID // exactly one of the two
	Acts                  authz.Act
	At                    *time.Time // nil is now
}

// Answer is the decision, and why.
type Answer struct {
	Allowed      bool
	At           time.Time
	Dossier      dossier.Ref
	Category     authz.Category
	Item         *uuid.UUID
	Partner      uuid.UUID
	Professional *uuid.UUID
	Matrix       *int64
	Factors      []Factor // exactly one decides
	Needed       []Need
}

// Decides is the factor that decides.
func (a Answer) Decides() Factor {
	for _, f := range a.Factors {
		if f.Decides {
			return f
		}
	}
	return Factor{}
}

// ActsAsked are the acts that a name asks for: `read` for any by which he sees it, or one act of the matrix;
// none for another name.
func ActsAsked(name string) authz.Act {
	if name == "read" {
		return authz.Seeing
	}
	return authz.ActsNamed([]string{name})
}

// Explain answers a question. Everybody who knows the dossier asks about himself and his own partner; who asks
// about others needs more: problem.Forbidden. What he may not know of is problem.NotFound, as anywhere.
func (s *Service) Explain(ctx context.Context, q Question) (a Answer, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		a, err = s.explain(ctx, q)
		return err
	})
	return a, err
}

func (s *Service) explain(ctx context.Context, q Question) (a Answer, err error) {
	if err := s.check(q); err != nil {
		return a, err
	}
	who, err := identity.From(ctx)
	if err != nil {
		return a, err
	}
	if q.Dossier == uuid.Nil {
		if q.Dossier, err = s.dossiers.DossierOf(ctx, *q.Item); err != nil {
			return a, err
		}
	}
	c, err := s.gather(ctx, q.Dossier, q.At, !q.concerns(who))
	if err != nil {
		return a, err
	}
	of, err := s.aspect(ctx, c, q.Category, q.Item)
	if err != nil {
		return a, err
	}
	of.acts = q.Acts
	subject, err := s.subject(ctx, q, c.At)
	if err != nil {
		return a, err
	}
	return c.answer(subject, of, q)
}

// check refuses a question that is not one.
func (s *Service) check(q Question) error {
	switch {
	case (q.Partner == nil) == (q.Professional == nil):
		return problem.InvalidField("/professionalId", "one-of", "Give either professionalId or partnerId.")
	case (q.Category == nil) == (q.Item == nil):
		return problem.InvalidField("/category", "one-of", "Give either category or itemId.")
	}
	return s.past(q.At, "body", "/at")
}

// concerns tells whether somebody asks about himself or his own partner.
func (q Question) concerns(who identity.Identity) bool {
	if q.Professional != nil {
		return who.IsPerson() && *q.Professional == who.Professional
	}
	return *q.Partner == who.Partner
}

// subject is whom the question is about, as he was then.
func (s *Service) subject(ctx context.Context, q Question, at time.Time) (p organisation.Past, err error) {
	if q.Professional != nil {
		found, err := s.people.ProfessionalsAt(ctx, []uuid.UUID{*q.Professional}, at)
		p, there := found[*q.Professional]
		if err == nil && !there {
			err = problem.InvalidField("/professionalId", "reference", "There is no such professional; see GET /v1/professionals.")
		}
		return p, err
	}
	found, err := s.people.PartnersAt(ctx, []uuid.UUID{*q.Partner}, at)
	p, there := found[*q.Partner]
	if err == nil && !there {
		err = problem.InvalidField("/partnerId", "reference", "There is no such partner; see GET /v1/partners.")
	}
	return p, err
}

// answer decides on somebody.
func (c *scene) answer(subject organisation.Past, of aspect, q Question) (a Answer, err error) {
	f, admissions, err := c.facts(subject, of)
	if err != nil {
		return a, err
	}
	e := authz.Explain(f)
	a = Answer{
		Allowed: e.Allowed, At: c.At, Dossier: c.Ref, Category: of.category, Item: q.Item, Partner: f.Who.Partner, Professional: q.Professional,
	}
	if c.matrix.Number > 0 {
		a.Matrix = &c.matrix.Number
	}
	r := reason{scene: c, facts: f, admissions: admissions, subject: subject, of: of}
	for _, one := range e.Factors {
		factor, err := r.factor(one)
		if err != nil {
			return a, err
		}
		a.Factors = append(a.Factors, factor)
	}
	for _, one := range e.Needed {
		a.Needed = append(a.Needed, r.need(one))
	}
	return a, nil
}

// Text is what a code of a list says; empty for an unknown one.
func (s *Service) Text(list, code string) language.Text { return s.code(list, code).Label }

// article is the article of law behind a finding; empty without one.
func (s *Service) article(finding string) string {
	return s.code("access-findings", finding).Attributes["legalRef"]
}

func (s *Service) code(name, code string) configuration.Code {
	list, err := s.lists.List(name)
	if err != nil {
		return configuration.Code{}
	}
	i := slices.IndexFunc(list.Codes, func(c configuration.Code) bool { return c.Code == code })
	if i < 0 {
		return configuration.Code{}
	}
	return list.Codes[i]
}
