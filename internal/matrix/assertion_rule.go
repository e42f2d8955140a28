package matrix

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// holds refuses a matrix that breaks a privacy assertion, with problem.Conflict and an example. Until the
// transaction ends nobody makes another assertion.
func (s *Service) holds(ctx context.Context, cells []authz.Cell) error {
	who, err := identity.From(ctx)
	if err != nil {
		return err
	}
	if err := claimRules(ctx, who.Municipality); err != nil {
		return err
	}
	rules, err := activeAssertions(ctx)
	if err != nil || len(rules) == 0 {
		return err
	}
	found, err := s.breaches(ctx, cells, rules)
	if err != nil || len(found) == 0 {
		return err
	}
	return problem.Errorf(problem.Conflict, "This matrix breaks a privacy assertion (%s); change those cells, or withdraw the assertion first.",
		examples(found, breach.named))
}

// isTrue refuses an assertion that the matrix in force, or the one that is to come, breaks already, with
// problem.Conflict and an example. Until the transaction ends nobody publishes another matrix.
func (s *Service) isTrue(ctx context.Context, a Assertion) error {
	if err := claimRules(ctx, a.MunicipalityID); err != nil {
		return err
	}
	numbers, err := deciding(ctx, a.MunicipalityID)
	if err != nil {
		return err
	}
	for _, number := range numbers {
		cells, err := findCells(ctx, a.MunicipalityID, number)
		if err != nil {
			return err
		}
		found, err := s.breaches(ctx, cells, []Assertion{a})
		if err != nil {
			return err
		}
		if len(found) > 0 {
			return problem.Errorf(problem.Conflict, "Version %d of the matrix breaks this assertion (%s); publish a matrix without those cells first.",
				number, examples(found, breach.where))
		}
	}
	return nil
}

// Permits refuses a level for a partner in one kind of dossier that a privacy assertion says can never be,
// for exceptions and grants in a dossier. It fails with problem.Conflict, naming the assertion; inside a
// transaction.
func (s *Service) Permits(ctx context.Context, partner uuid.UUID, dossierType string, c authz.Category, level authz.Level) error {
	rules, err := activeAssertions(ctx)
	if err != nil || len(rules) == 0 {
		return err
	}
	p, err := s.people.FindPartner(ctx, partner)
	if err != nil {
		return err
	}
	of := Party{ID: p.ID, Name: p.Name, Type: p.Type, Domain: p.Domain}
	for _, a := range rules {
		if a.Means(of) && a.Forbids(dossierType, c)&level.Acts() != 0 {
			return problem.Errorf(problem.Conflict, "The privacy assertion %q does not allow this level on %s; choose a lower one.", a.Name, c.Slug())
		}
	}
	return nil
}

// parties are everybody for whom a matrix has a row: every partner type, and every partner that may come in.
func (s *Service) parties(ctx context.Context) ([]Party, error) {
	partners, err := s.people.ActivePartners(ctx)
	if err != nil {
		return nil, err
	}
	var all []Party
	for _, t := range s.lists.PartnerTypes() {
		all = append(all, Party{Name: t.Slug, Type: t.Slug, Domain: t.Domain})
	}
	for _, p := range partners {
		all = append(all, Party{ID: p.ID, Name: p.Name, Type: p.Type, Domain: p.Domain})
	}
	return all, nil
}

// breaches holds the rows that cells compile to against assertions, for everybody whom one of these means.
func (s *Service) breaches(ctx context.Context, cells []authz.Cell, rules []Assertion) (all []breach, err error) {
	parties, err := s.parties(ctx)
	if err != nil {
		return nil, err
	}
	matrix, own := newSnapshot(uuid.Nil, cells), map[uuid.UUID]bool{}
	for _, c := range cells {
		own[c.PartnerID] = true
	}
	for _, p := range parties {
		var mine []Assertion
		for _, a := range rules {
			if a.Means(p) {
				mine = append(mine, a)
			}
		}
		if len(mine) == 0 {
			continue
		}
		id := p.ID
		if !own[id] {
			id = uuid.Nil // one row for all who have none of their own
		}
		row, err := matrix.row(id, p.Type)
		if err != nil {
			return nil, err
		}
		all = append(all, breachesIn(row, p, mine)...)
	}
	return all, nil
}

// breachesIn holds the row of a party against assertions that mean it.
func breachesIn(row authz.Row, p Party, rules []Assertion) (all []breach) {
	for _, a := range rules {
		for t, dossierType := range authz.DossierTypes() {
			for c, level := range row[t] {
				if a.Forbids(dossierType, authz.Category(c))&level.Acts() != 0 {
					all = append(all, breach{assertion: a, party: p, dossierType: dossierType, category: authz.Category(c), level: level})
				}
			}
		}
	}
	return all
}
