package oversight

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// Access is somebody who could see a dossier at a moment, and why.
type Access struct {
	Partner      uuid.UUID
	Professional *uuid.UUID // nil for the partner's systems
	Ways         []Way
	Acts         []ToCategory
	Decides      *Factor // by which he could see what was asked for; nil when the whole dossier was
}

// Way is one way into a dossier.
type Way struct {
	Kind     string // code of list access-sources
	Source   uuid.UUID
	Since    time.Time
	Until    *time.Time
	Roles    []string
	InNameOf *uuid.UUID // for whom he stood in
}

// ToCategory is what somebody may do with a category.
type ToCategory struct {
	Category authz.Category
	Acts     authz.Act
}

// AccessFilter is what a list of who has access is limited to; at most one of category and item.
type AccessFilter struct {
	Category *authz.Category
	Item     *uuid.UUID
	At       *time.Time // nil is now
}

// ID names the row: the professional, or the partner of the systems.
func (a Access) ID() uuid.UUID {
	if a.Professional != nil {
		return *a.Professional
	}
	return a.Partner
}

// Access lists who could see a dossier at a moment, by the names of partner and professional. It fails with
// problem.Forbidden for who may not ask about others, and with problem.NotFound for what he may not know of.
func (s *Service) Access(ctx context.Context, id uuid.UUID, f AccessFilter, p page.Request) (rows []Access, next *string, err error) {
	if f.Category != nil && f.Item != nil {
		return nil, nil, problem.InvalidParameter("query", "itemId", "one-of", "Give either category or itemId.")
	}
	if err := s.past(f.At, "query", "at"); err != nil {
		return nil, nil, err
	}
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		c, err := s.gather(ctx, id, f.At, true)
		if err != nil {
			return err
		}
		of, err := s.aspect(ctx, c, f.Category, f.Item)
		if err != nil {
			return err
		}
		people, err := s.comers(ctx, c)
		if err != nil {
			return err
		}
		for _, one := range people {
			row, sees, err := c.access(one, of, f)
			if err != nil {
				return err
			}
			if sees {
				rows = append(rows, row)
			}
		}
		rows, next, err = s.pageOf(ctx, rows, p)
		return err
	})
	return rows, next, err
}

// comers are all who may have a way into the dossier, as they were then.
func (s *Service) comers(ctx context.Context, c *scene) (all []organisation.Past, err error) {
	var people, partners []uuid.UUID
	for _, a := range c.Admissions {
		switch a.Holder {
		case db.DirectorHolder:
		case a.PartnerID:
			partners = append(partners, a.Holder)
		default:
			people = append(people, a.Holder)
		}
	}
	for id := range c.standsIn {
		people = append(people, id)
	}
	directors, err := s.people.HoldingAt(ctx, identity.MunicipalDirector, c.At)
	if err != nil {
		return nil, err
	}
	persons, err := s.people.ProfessionalsAt(ctx, append(people, directors...), c.At)
	if err != nil {
		return nil, err
	}
	systems, err := s.people.PartnersAt(ctx, partners, c.At)
	if err != nil {
		return nil, err
	}
	for _, found := range []map[uuid.UUID]organisation.Past{persons, systems} {
		for _, one := range found {
			if !one.Suspended && !one.Expired {
				all = append(all, one)
			}
		}
	}
	return all, nil
}

// access is one row, and whether he could see what was asked for.
func (c *scene) access(p organisation.Past, of aspect, asked AccessFilter) (row Access, sees bool, err error) {
	f, admissions, err := c.facts(p, of)
	if err != nil {
		return row, false, err
	}
	row = Access{Partner: f.Who.Partner, Professional: f.Who.Person()}
	var masks [6]int64
	for _, a := range admissions {
		gives := a.Gives().Effective(f.Who.Sight)
		if gives == [6]int64{} {
			continue
		}
		for i := range masks {
			masks[i] |= gives[i]
		}
		row.Ways = append(row.Ways, wayOf(a, f.Who))
	}
	for _, category := range authz.Categories() {
		acts := authz.ActsOn(masks, category)
		if acts != 0 && (asked.Category == nil && asked.Item == nil || category == of.category) {
			row.Acts = append(row.Acts, ToCategory{Category: category, Acts: acts})
		}
	}
	if asked.Category == nil && asked.Item == nil {
		return row, len(row.Acts) > 0, nil
	}
	e := authz.Explain(f)
	r := reason{scene: c, facts: f, admissions: admissions, subject: p, of: of}
	for _, one := range e.Factors {
		if one.Decides {
			decides, err := r.factor(one)
			row.Decides = &decides
			return row, e.Allowed, err
		}
	}
	return row, e.Allowed, nil
}

// wayOf is an admission as a way of somebody.
func wayOf(a dossier.Admission, who identity.Identity) Way {
	w := Way{Kind: sourceOf(a), Source: a.Source, Since: a.Since, Until: a.Until, Roles: rolesIn(a)}
	if who.IsPerson() && a.Holder != who.Professional && a.Holder != db.DirectorHolder {
		w.InNameOf = &a.Holder
	}
	return w
}

// nameLength bounds the part of a name that orders the list, so that it fits in a cursor.
const nameLength = 60

// pageOf puts the rows in order and cuts the page.
func (s *Service) pageOf(ctx context.Context, rows []Access, p page.Request) (cut []Access, next *string, err error) {
	names, err := s.people.Names(ctx)
	if err != nil {
		return nil, nil, err
	}
	place := func(a Access) page.Cursor {
		key := short(names.PartnerName(a.Partner))
		if a.Professional != nil {
			key += "\n" + short(names.ProfessionalName(*a.Professional))
		}
		return page.Cursor{Key: key, ID: a.ID()}
	}
	compare := func(a, b page.Cursor) int { return cmp.Or(cmp.Compare(a.Key, b.Key), bytes.Compare(a.ID[:], b.ID[:])) }
	slices.SortFunc(rows, func(a, b Access) int { return compare(place(a), place(b)) })
	if p.After != nil {
		if _, err := p.After.Text(); err != nil {
			return nil, nil, err
		}
		rows = slices.DeleteFunc(rows, func(a Access) bool { return compare(place(a), *p.After) <= 0 })
	}
	cut, next = page.Cut(rows, p.Limit, place)
	return cut, next, nil
}

func short(name string) string {
	runes := []rune(name)
	return string(runes[:min(len(runes), nameLength)])
}

// Readers are the professionals who can read an item of the caller now; he need not be one who may ask about
// others. dossier.Service asks it before a supplier corrects or withdraws what they received (BGS 1.7), in its transaction.
func (s *Service) Readers(ctx context.Context, id, item uuid.UUID) (all []uuid.UUID, err error) {
	c, err := s.gather(ctx, id, nil, false)
	if err != nil {
		return nil, err
	}
	of, err := s.aspect(ctx, c, nil, &item)
	if err != nil {
		return nil, err
	}
	people, err := s.comers(ctx, c)
	if err != nil {
		return nil, err
	}
	for _, one := range people {
		f, _, err := c.facts(one, of)
		if err != nil {
			return nil, err
		}
		if person := f.Who.Person(); person != nil && authz.Explain(f).Allowed {
			all = append(all, *person)
		}
	}
	return all, nil
}
