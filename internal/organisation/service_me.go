package organisation

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// Me tells the caller who he is and what he may; for persons and systems.
func (s *Service) Me(ctx context.Context) (me Me, err error) {
	err = s.read(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		names, err := s.Names(ctx)
		if err != nil {
			return err
		}
		me = Me{
			PartnerID: who.Partner, PartnerType: who.PartnerType, Municipality: names.municipality,
			Professional: who.Person(), Roles: who.Roles, Rights: rightsOf(who),
		}
		if who.Client != uuid.Nil {
			client, err := findClient(ctx, who.Client)
			if err != nil {
				return err
			}
			me.ClientID, me.ClientName = &client.ID, client.Name
		}
		if who.IsPerson() {
			if me.Requirements, err = s.requirementsOf(ctx, who.Professional); err != nil {
				return err
			}
		}
		me.Municipalities, err = s.municipalitiesOf(ctx, who, names.municipality)
		return err
	})
	return me, err
}

// municipalitiesOf asks in which municipalities the same person, or the same organisation's number, is
// known. A registered client has one.
func (s *Service) municipalitiesOf(ctx context.Context, who identity.Identity, own Municipality) ([]Municipality, error) {
	all := []Municipality{own}
	add := func(homes []Municipality, err error) error {
		for _, home := range homes {
			if !slices.Contains(all, home) {
				all = append(all, home)
			}
		}
		return err
	}
	switch {
	case who.IsPerson():
		p, err := findWhole(ctx, who.Professional)
		if err != nil {
			return nil, err
		}
		for _, i := range p.Identities {
			if err := add(homesOfPerson(ctx, s.k.DB, i)); err != nil {
				return nil, err
			}
		}
	case who.Client == uuid.Nil:
		partner, err := findPartner(ctx, who.Partner)
		if err != nil {
			return nil, err
		}
		if partner.Oin != nil {
			err = add(homesOfOIN(ctx, s.k.DB, *partner.Oin))
		}
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(all, func(a, b Municipality) int { return strings.Compare(a.ID, b.ID) })
	return all, nil
}
