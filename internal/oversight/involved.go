package oversight

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// Involved is somebody who is involved in a dossier, or a partner of which nobody is named.
type Involved struct {
	Partner      uuid.UUID
	Professional *uuid.UUID
	Roles        []Involvement // the earliest first
}

// Involvement is a way of being involved, with its period.
type Involvement struct {
	Role  string // code of list involvement-roles
	Since time.Time
	Until *time.Time // nil as long as it lasts
}

// actionOwner is the role of who carries out an action.
const actionOwner = "action-owner"

// ID names the row: the professional, or the partner.
func (i Involved) ID() uuid.UUID {
	if i.Professional != nil {
		return *i.Professional
	}
	return i.Partner
}

// Involved lists who is involved in a dossier and who was, each once, by the names of partner and professional. It
// fails as reading the dossier does.
func (s *Service) Involved(ctx context.Context, id uuid.UUID, p page.Request) (rows []Involved, next *string, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		all := &involved{at: map[uuid.UUID]int{}}
		if err := s.participating(ctx, id, all); err != nil {
			return err
		}
		if err := s.holding(ctx, id, all); err != nil {
			return err
		}
		if err := s.carrying(ctx, id, all); err != nil {
			return err
		}
		names, err := s.people.Names(ctx)
		if err != nil {
			return err
		}
		rows, next, err = all.page(names, p)
		return err
	})
	return rows, next, err
}

// involved gathers who is involved, each once.
type involved struct {
	rows []Involved
	at   map[uuid.UUID]int
}

func (all *involved) add(partner uuid.UUID, professional *uuid.UUID, how Involvement) {
	one := Involved{Partner: partner, Professional: professional}
	i, there := all.at[one.ID()]
	if !there {
		i = len(all.rows)
		all.at[one.ID()], all.rows = i, append(all.rows, one)
	}
	all.rows[i].Roles = append(all.rows[i].Roles, how)
}

func (s *Service) participating(ctx context.Context, id uuid.UUID, all *involved) error {
	parts, err := s.dossiers.Parts(ctx, id)
	for _, p := range parts {
		all.add(p.PartnerID, p.ProfessionalID, Involvement{p.Role, p.Since, p.Until})
	}
	return err
}

// holding adds who holds a kind of regie, also who does not take part.
func (s *Service) holding(ctx context.Context, id uuid.UUID, all *involved) error {
	tenures, err := s.dossiers.Tenures(ctx, id)
	if err != nil {
		return err
	}
	roles := map[dossier.Responsibility]string{
		dossier.CaseDirection: "case-director", dossier.ProcessDirection: "process-director", dossier.Operational: "operational",
		dossier.Administrative: "administrative", dossier.Chairing: "chair",
	}
	for _, t := range tenures {
		p, err := s.people.FindProfessional(ctx, t.ProfessionalID)
		if err != nil {
			return err
		}
		all.add(p.PartnerID, &p.ID, Involvement{roles[t.Responsibility], t.Since, t.Until})
	}
	return nil
}

// carrying adds who carries out actions that the caller may see.
func (s *Service) carrying(ctx context.Context, id uuid.UUID, all *involved) error {
	rows, err := s.carriersOf(ctx, id)
	for _, c := range rows {
		how := Involvement{Role: actionOwner, Since: c.Since}
		if c.Open == 0 {
			how.Until = &c.Until
		}
		all.add(c.PartnerID, c.ProfessionalID, how)
	}
	return err
}

// page is a page of the rows, in the order of names.
func (all *involved) page(names *organisation.Names, p page.Request) (rows []Involved, next *string, err error) {
	place := func(i Involved) page.Cursor {
		key := short(names.PartnerName(i.Partner))
		if i.Professional != nil {
			key += "\n" + short(names.ProfessionalName(*i.Professional))
		}
		return page.Cursor{Key: key, ID: i.ID()}
	}
	compare := func(a, b page.Cursor) int { return cmp.Or(cmp.Compare(a.Key, b.Key), bytes.Compare(a.ID[:], b.ID[:])) }
	rows = all.rows
	for _, row := range rows {
		slices.SortStableFunc(row.Roles, func(a, b Involvement) int { return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Role, b.Role)) })
	}
	slices.SortFunc(rows, func(a, b Involved) int { return compare(place(a), place(b)) })
	if p.After != nil {
		if _, err := p.After.Text(); err != nil {
			return nil, nil, err
		}
		rows = slices.DeleteFunc(rows, func(i Involved) bool { return compare(place(i), *p.After) <= 0 })
	}
	rows, next = page.Cut(rows, p.Limit, place)
	return rows, next, nil
}
