package privacy

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// restrict puts the marks of AVG 18 when a request begins to restrict, and takes them off when it no longer does.
func (s *Service) restrict(ctx context.Context, before, after SubjectRequest) error {
	if before.restricts() == after.restricts() {
		return nil
	}
	if after.RestrictsPerson {
		if err := restrictPerson(ctx, after); err != nil {
			return err
		}
	}
	written, err := restrictItems(ctx, after, after.restricts(), s.k.Now())
	if err != nil || !after.restricts() {
		return err
	}
	missing := func(id uuid.UUID) bool { return !slices.Contains(written, id) }
	var wrong problem.Faults
	if slices.ContainsFunc(after.RestrictedItems, missing) {
		wrong.Note("/restrictedItemIds", "reference", "An item is not of a dossier that the request is about.")
	}
	if slices.ContainsFunc(after.RestrictedDocuments, missing) {
		wrong.Note("/restrictedDocumentIds", "reference", "A document is not of a dossier that the request is about.")
	}
	return wrong.Err()
}

// restrictWhole adds to a decision on a whole person what is about it now: its dossiers, and in those that are about others
// too the items and documents that name it.
func (s *Service) restrictWhole(ctx context.Context, r *SubjectRequest) error {
	if r.PersonID == nil {
		return problem.InvalidField("/restrictsPerson", "reference", "The person was not found in the register; there is nothing to restrict.")
	}
	var err error
	if r.Dossiers, err = s.concerned(ctx, r.MunicipalityID, *r.PersonID); err != nil {
		return err
	}
	g, err := s.gather(ctx, *r, nil)
	if err != nil {
		return err
	}
	if slices.Contains(g.Cut, "dossiers") || slices.Contains(g.Cut, "records") {
		return problem.Errorf(problem.Conflict, "There is too much on this person to restrict at once; restrict its items and documents by id.")
	}
	r.RestrictedItems, r.RestrictedDocuments = joinIDs(r.RestrictedItems, g.shared["item"]), joinIDs(r.RestrictedDocuments, g.shared["document"])
	return nil
}

func joinIDs(a, b []uuid.UUID) []uuid.UUID {
	all := slices.Clone(a)
	for _, id := range b {
		if !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all
}
