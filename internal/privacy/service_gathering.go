package privacy

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/access"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/language"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/person"
)

// Gather gives what is kept on the person of a request of access (AVG 15), of one dossier when it is given. It fails with
// problem.NotFound for another request and with problem.Invalid for a dossier that is not about the person.
func (s *Service) Gather(ctx context.Context, request uuid.UUID, only *uuid.UUID) (g Gathering, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, actGather, authz.Resource{}); err != nil {
			return err
		}
		r, err := findSubjectRequest(ctx, request)
		if err != nil {
			return err
		}
		if err := r.gatherable(); err != nil {
			return err
		}
		if g, err = s.gather(ctx, r, only); err != nil {
			return err
		}
		logGathering(ctx, g)
		return nil
	})
	return g, err
}

// gather reads as the product itself what its caller has no cell for; see store_gathering.go.
func (s *Service) gather(ctx context.Context, r SubjectRequest, only *uuid.UUID) (g Gathering, err error) {
	zone, err := s.m.People.Zone(ctx)
	if err != nil {
		return g, err
	}
	g = Gathering{RequestID: r.ID, At: s.k.Now(), Cut: []string{}}
	ctx = identity.With(db.Apart(ctx), identity.System(r.MunicipalityID, "data-subject-request"))
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if g.Registrations, err = s.m.Persons.Registrations(ctx, *r.PersonID); err != nil {
			return err
		}
		in := reach{zone: zone.String()}
		for _, p := range g.Registrations {
			in.persons = append(in.persons, p.ID)
		}
		sieve, err := s.span(ctx, &g, &in, *r.PersonID)
		if err != nil {
			return err
		}
		if err := g.narrow(&in, only); err != nil {
			return err
		}
		return g.fill(ctx, sieve, in)
	})
	return g, err
}

// span finds the dossiers that are about the person, and who else is in them.
func (s *Service) span(ctx context.Context, g *Gathering, in *reach, of uuid.UUID) (*sieve, error) {
	concerned, _, err := s.m.Persons.Concerned(ctx, of)
	if err != nil {
		return nil, err
	}
	for _, d := range concerned {
		in.dossiers = append(in.dossiers, d.ID)
	}
	if g.Dossiers, err = gatherDossiers(ctx, *in); err != nil {
		return nil, err
	}
	others, err := s.m.Persons.Others(ctx, in.dossiers, in.persons)
	if err != nil {
		return nil, err
	}
	colleagues, err := professionals(ctx)
	if err != nil {
		return nil, err
	}
	made := &sieve{mask: s.maskOf(ctx, g.Registrations, others, colleagues), dossiers: map[uuid.UUID]GatheredDossier{}, kept: map[uuid.UUID]bool{}, held: map[HeldBack]int{}}
	for i, d := range g.Dossiers {
		d.Title, d.Purpose = made.mask.hide(d.Title), made.mask.hide(d.Purpose)
		g.Dossiers[i], made.dossiers[d.ID] = d, d
	}
	return made, nil
}

// maskOf knows the person, and the others by their role in the language of the reader.
func (s *Service) maskOf(ctx context.Context, own []person.Person, others []person.Other, colleagues []string) mask {
	tag := language.From(ctx)
	m := newMask()
	for _, p := range own {
		m.know(p)
	}
	for _, o := range others {
		role, found := s.m.Lists.Label("subject-roles", o.Role)
		if !found {
			role = language.Text{NL: o.Role, EN: o.Role}
		}
		m.shun(o.Person, strings.ToLower(role.In(tag)))
	}
	for _, name := range colleagues {
		m.shunName(name, language.Text{NL: "professional", EN: "professional"}.In(tag))
	}
	m.settle(others)
	return m
}

// narrow bounds what is gathered: to one dossier, or to as many as fit.
func (g *Gathering) narrow(in *reach, only *uuid.UUID) error {
	if only != nil {
		g.Dossiers = slices.DeleteFunc(g.Dossiers, func(d GatheredDossier) bool { return d.ID != *only })
		if len(g.Dossiers) == 0 {
			return problem.InvalidField("/dossierId", "reference", "The person is no subject of this dossier.")
		}
	}
	if len(g.Dossiers) > mostDossiers {
		g.Dossiers, g.Cut = g.Dossiers[:mostDossiers], append(g.Cut, "dossiers")
	}
	in.dossiers = nil
	for _, d := range g.Dossiers {
		in.dossiers = append(in.dossiers, d.ID)
	}
	return nil
}

// fill reads the records and who looked at them.
func (g *Gathering) fill(ctx context.Context, sieve *sieve, in reach) error {
	rows, more, err := gatherRecords(ctx, in)
	if err != nil {
		return err
	}
	if more {
		g.Cut = append(g.Cut, "records")
	}
	g.shared = map[string][]uuid.UUID{}
	for _, row := range rows {
		if !sieve.dossiers[row.DossierID].Alone && sieve.about(row) {
			g.shared[row.Kind] = append(g.shared[row.Kind], row.ID)
		}
		if sieve.keep(row) {
			g.Records = append(g.Records, sieve.clean(row))
		}
	}
	g.HeldBack = sieve.heldBack()
	if g.Views, more, err = gatherViews(ctx, in); more {
		g.Cut = append(g.Cut, "views")
	}
	return err
}

// byRequest is the ground on which somebody comes to know of a dossier that he has no way into.
const byRequest = "data-subject-request"

// logGathering leaves a line for each dossier and registration of which something is in the answer.
func logGathering(ctx context.Context, g Gathering) {
	sights := make(map[uuid.UUID]access.Sight, len(g.Dossiers))
	for _, d := range g.Dossiers {
		sights[d.ID] = access.Sight{Known: true, Basis: d.Basis, Grounds: []string{byRequest}}
	}
	for _, r := range g.Records {
		if s := sights[r.DossierID]; r.Category != nil {
			s.Categories |= authz.Category(*r.Category).Bit()
			sights[r.DossierID] = s
		}
	}
	access.Looked(ctx, sights)
	for _, p := range g.Registrations {
		access.Saw(ctx, "person", p.ID)
	}
}
