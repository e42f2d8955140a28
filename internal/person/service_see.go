package person

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/access"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// find reads a person as the caller sees it, with what he may do.
func (s *Service) find(ctx context.Context, id uuid.UUID) (Seen, error) {
	p, err := findPerson(ctx, id)
	if err != nil {
		return Seen{}, err
	}
	return s.one(ctx, p)
}

func (s *Service) one(ctx context.Context, p Person) (Seen, error) {
	all, err := s.see(ctx, []Person{p})
	if err != nil {
		return Seen{}, err
	}
	if len(all) == 0 {
		return Seen{}, db.NotFound()
	}
	one := all[0]
	one.Allowed = []string{"getPerson", "listConsents", "listDuplicateCandidates", "listPersonMerges"}
	operations := []authz.Operation{{ID: "updatePerson", Act: actChange}, {ID: "mergePersons", Act: actChange}}
	if len(one.in) > 0 {
		operations = append(operations, authz.Operation{ID: "recordConsent", Act: actChange})
	}
	if one.SeesBSN && one.BSNSealed != nil {
		one.Allowed = append(one.Allowed, "discloseBsn")
	}
	for _, r := range one.resources() {
		may, err := s.k.Authz.Allowed(ctx, r, operations)
		if err != nil {
			return one, err
		}
		if len(may) > 0 {
			one.changeable = true
			if one.MergedIntoID == nil {
				one.Allowed = append(one.Allowed, may...)
			}
			break
		}
	}
	return one, nil
}

// see cuts persons to what the caller may see, and says into whom they were merged; a row that the rule in memory
// refuses is dropped.
func (s *Service) see(ctx context.Context, rows []Person) ([]Seen, error) {
	all, err := s.alone(ctx, rows)
	if err != nil {
		return nil, err
	}
	return all, s.mark(ctx, all)
}

// alone is see without what other registrations say of them.
func (s *Service) alone(ctx context.Context, rows []Person) ([]Seen, error) {
	who, err := identity.From(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]uuid.UUID, len(rows))
	for i, p := range rows {
		ids[i] = p.ID
	}
	in, views, err := s.known(ctx, ids)
	if err != nil {
		return nil, err
	}
	all := make([]Seen, 0, len(rows))
	for _, p := range rows {
		own := !p.Attached && p.SupplierID == who.Partner
		if len(in[p.ID]) == 0 && !own {
			s.k.Authz.Dropped(ctx, "person")
			continue
		}
		bsn := own && who.Sight.Limit&authz.BSN.Bit() != 0
		for _, role := range in[p.ID] {
			bsn = bsn || views[role.DossierID].Sees(authz.BSN)
		}
		one, err := s.cut(p, who, bsn)
		if err != nil {
			return nil, err
		}
		one.in = in[p.ID]
		access.Saw(ctx, "person", p.ID)
		all = append(all, one)
	}
	return all, nil
}

// known are the subjects that persons are where the caller sees it, with what he sees there.
func (s *Service) known(ctx context.Context, persons []uuid.UUID) (map[uuid.UUID][]Subject, map[uuid.UUID]authz.View, error) {
	rows, err := roles(ctx, persons)
	if err != nil {
		return nil, nil, err
	}
	dossiers := make([]uuid.UUID, len(rows))
	for i, role := range rows {
		dossiers[i] = role.DossierID
	}
	views, err := s.k.Authz.Views(ctx, dossiers...)
	if err != nil {
		return nil, nil, err
	}
	in := map[uuid.UUID][]Subject{}
	for _, role := range rows {
		if !views[role.DossierID].Sees(role.Category) {
			s.k.Authz.Dropped(ctx, "subject")
			continue
		}
		in[role.PersonID] = append(in[role.PersonID], role)
	}
	return in, views, nil
}

func (s *Service) cut(p Person, who identity.Identity, bsn bool) (Seen, error) {
	seen := p.seenBy(who.Partner, bsn)
	one := Seen{Person: seen, stored: p, SeesBSN: bsn, Tag: etag.Of(seen)}
	if seen.BSNSealed == nil {
		return one, nil
	}
	number, err := s.k.Secrets.Open(p.place(), seen.BSNSealed)
	if err != nil {
		return one, err
	}
	one.Number = masked(number)
	return one, nil
}
