package oversight

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// scene is everything from which follows who could do what in a dossier at a moment.
type scene struct {
	dossier.Then
	now      bool // the moment is now
	matrix   *matrix.Replay
	standsIn map[uuid.UUID][]uuid.UUID // for whom of those admitted, by who stands in
	sights   map[sightFor]identity.Sight
}

// sightFor is on what the sight of a person, or of the systems of a partner, depends.
type sightFor struct {
	partner          uuid.UUID
	partnerType      string
	person, director bool
}

// aspect is what of a dossier is asked about: a category, or one item of it.
type aspect struct {
	category authz.Category
	item     *dossier.ItemThen
	acts     authz.Act
}

// gather reads the scene for somebody who may ask; see dossier.Service.AdmittedAt. It needs a transaction.
func (s *Service) gather(ctx context.Context, id uuid.UUID, at *time.Time, others bool) (c *scene, err error) {
	c = &scene{now: at == nil, standsIn: map[uuid.UUID][]uuid.UUID{}, sights: map[sightFor]identity.Sight{}}
	if c.Then, err = s.dossiers.AdmittedAt(ctx, id, at, others); err != nil {
		return nil, err
	}
	return c, s.complete(ctx, c)
}

// complete reads what of the matrix and of substitutions belongs to the moment.
func (s *Service) complete(ctx context.Context, c *scene) (err error) {
	if c.matrix, err = s.matrix.At(ctx, c.At); err != nil {
		return err
	}
	var admitted []uuid.UUID
	for _, a := range c.Admissions {
		admitted = append(admitted, a.Holder)
	}
	substitutes, err := s.people.StandIns(ctx, admitted, c.At)
	for replaced, ids := range substitutes {
		for _, id := range ids {
			c.standsIn[id] = append(c.standsIn[id], replaced)
		}
	}
	return err
}

// aspect reads what is asked about, as far as who asks may know of it.
func (s *Service) aspect(ctx context.Context, c *scene, category *authz.Category, item *uuid.UUID) (a aspect, err error) {
	a.acts = authz.Seeing
	if category != nil {
		a.category = *category
	}
	if item == nil {
		return a, nil
	}
	i, err := s.dossiers.ItemAt(ctx, c.Dossier.ID, *item, c.At)
	a.item, a.category = &i, i.Category
	return a, err
}

// past refuses a moment that is still to come.
func (s *Service) past(at *time.Time, in, name string) error {
	if at == nil || !at.After(s.k.Now()) {
		return nil
	}
	return problem.InvalidParameter(in, name, "future", "Who can see what later is not known yet; ask about now or before.")
}

// ofHolder are the admissions that counted for somebody: his own, those of whom he stood in for but for
// emergencies, for which everybody answers himself, and those of the role municipal director.
func (c *scene) ofHolder(who identity.Identity) (all []dossier.Admission) {
	holders := []uuid.UUID{who.Partner}
	if who.IsPerson() {
		holders = append([]uuid.UUID{who.Professional}, c.standsIn[who.Professional]...)
		if who.Has(identity.MunicipalDirector) {
			holders = append(holders, db.DirectorHolder)
		}
	}
	for _, a := range c.Admissions {
		if slices.Contains(holders, a.Holder) && (a.Kind != authz.ByEmergency || a.Holder == who.Professional) {
			all = append(all, a)
		}
	}
	return all
}

// sight is what the matrix of then let somebody see.
func (c *scene) sight(who identity.Identity) (identity.Sight, error) {
	key := sightFor{who.Partner, who.PartnerType, who.IsPerson(), who.Has(identity.MunicipalDirector)}
	if kept, there := c.sights[key]; there {
		return kept, nil
	}
	made, err := c.matrix.Sight(who)
	c.sights[key] = made
	return made, err
}

// facts is a decision on somebody, and the admissions that are its ways.
func (c *scene) facts(p organisation.Past, a aspect) (f authz.Facts, admissions []dossier.Admission, err error) {
	who := p.Identity
	if who.Sight, err = c.sight(who); err != nil {
		return f, nil, err
	}
	admissions = c.ofHolder(who)
	f = authz.Facts{
		Who: who, Profile: authz.Profile(string(c.Dossier.Type), string(c.Dossier.Basis)), Resource: authz.Resource{Category: a.category}, Acts: a.acts,
		Suspended: p.Suspended, Expired: p.Expired, NoMatrix: c.matrix.Number == 0, Ended: c.now && c.Then.Ended(),
	}
	if a.item != nil {
		f.Item, f.Missing, f.Resource = true, a.item.Missing, a.item.ResourceFor(who.Partner)
	}
	for _, one := range admissions {
		w := authz.Way{Admission: one.Gives(), Grants: authz.None}
		if g, there := c.Grants[one.Source]; there && slices.Contains(g.Categories, a.category) {
			w.Grants = g.Level
		}
		f.Ways = append(f.Ways, w)
	}
	if e := c.exception(who.Partner, a.category, f.Ways); e != nil {
		f.Replaced = &e.Level
	}
	return f, admissions, nil
}

// exception is the dossier's own cell for a partner; nil when there is none, or when it stands in none of
// the ways.
func (c *scene) exception(partner uuid.UUID, category authz.Category, ways []authz.Way) *dossier.Exception {
	counts := len(ways) == 0 || slices.ContainsFunc(ways, func(w authz.Way) bool { return w.Denied&category.Bit() != 0 })
	for i, e := range c.Exceptions {
		if counts && e.PartnerID == partner && e.Category == category {
			return &c.Exceptions[i]
		}
	}
	return nil
}
