package meeting

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// UpdateAgendaItem changes an agenda item by what edit does to it, and moves it to a place as the caller counts
// them when one is given. It fails with problem.Conflict when the meeting is over.
func (s *Service) UpdateAgendaItem(ctx context.Context, meeting uuid.UUID, key etag.Key, at *int, edit func(*AgendaItem)) (seen SeenItem, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		m, rows, err := s.prepare(ctx, meeting, key)
		if err != nil {
			return err
		}
		n := slices.IndexFunc(rows, func(i AgendaItem) bool { return i.ID == key.ID })
		before := rows[n]
		i := before
		edit(&i)
		if i.DossierID == nil && i.Title == "" {
			return problem.InvalidField("/title", "required", "Name a dossier or a subject.")
		}
		if err := move(ctx, &i, slices.Delete(slices.Clone(rows), n, n+1), at, n+1); err != nil {
			return err
		}
		i.ChangedAt = s.k.Now()
		fields, err := db.Update(ctx, &before, &i)
		if err != nil {
			return err
		}
		if len(fields) > 0 {
			err = s.recordItem(ctx, m, i)
		}
		if err != nil {
			return err
		}
		seen, err = s.item(ctx, meeting, i.ID)
		return err
	})
	return seen, err
}

// move gives an item another place among the others, when it has one.
func move(ctx context.Context, i *AgendaItem, others []AgendaItem, at *int, now int) error {
	if at == nil || *at == now {
		return nil
	}
	if i.placeOn(others, at) {
		return makeRoom(ctx, *i)
	}
	return nil
}

// prepare finds the agenda of a meeting that is yet to be held, for who leads it to change one item as he read it.
func (s *Service) prepare(ctx context.Context, meeting uuid.UUID, key etag.Key) (m Meeting, rows []AgendaItem, err error) {
	if m, err = hold(ctx, meeting); err != nil {
		return m, nil, err
	}
	seen, err := s.item(ctx, meeting, key.ID)
	if err != nil {
		return m, nil, err
	}
	if err := s.k.Authz.Require(ctx, actLead, seen.resource(m)); err != nil {
		return m, nil, err
	}
	if err := etag.Check(key.Match, seen.AgendaItem); err != nil {
		return m, nil, err
	}
	if err := m.mustBePlanned(); err != nil {
		return m, nil, err
	}
	rows, err = s.agenda(ctx, meeting)
	return m, rows, err
}

// RemoveAgendaItem takes an item off the agenda; who was let into its dossier for it leaves at once. It fails with
// problem.Conflict when the meeting is over or something is recorded under the item.
func (s *Service) RemoveAgendaItem(ctx context.Context, meeting uuid.UUID, key etag.Key) error {
	return s.k.DB.Tx(ctx, func(ctx context.Context) error {
		m, rows, err := s.prepare(ctx, meeting, key)
		if err != nil {
			return err
		}
		i := rows[slices.IndexFunc(rows, func(i AgendaItem) bool { return i.ID == key.ID })]
		said, decided, err := s.spoken(ctx, []AgendaItem{i})
		if err != nil {
			return err
		}
		if len(said)+len(decided) > 0 {
			return problem.Errorf(problem.Conflict, "Something is recorded under this agenda item; it stays on the agenda.")
		}
		if err := db.Neutral(db.Delete(ctx, &i)); err != nil {
			return err
		}
		if err := s.recordItem(ctx, m, i); err != nil || i.DossierID == nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actLead, m.Resource()); err != nil {
			return err
		}
		return s.admitUntil(ctx, m, s.k.Now())
	})
}

// recordItem tells that an agenda item changed, in its dossier when it has one.
func (s *Service) recordItem(ctx context.Context, m Meeting, i AgendaItem) error {
	if i.DossierID == nil {
		return s.recordAgenda(ctx, m, i, nil)
	}
	found, err := s.dossiers.FindAll(ctx, []uuid.UUID{*i.DossierID})
	if err != nil {
		return err
	}
	d, known := found[*i.DossierID]
	if !known {
		d = dossier.Dossier{ID: *i.DossierID}
	}
	return s.recordAgenda(ctx, m, i, &d)
}
