package plan

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// agreement is a record around the plan of one dossier: a frame, the answer to a precondition, an override of
// preconditions, or an approach.
type agreement interface {
	Resource() authz.Resource
	place() page.Cursor
}

// In is a record with the dossier that it belongs to, as the caller may know of it.
type In[T any] struct {
	Row T
	Ref dossier.Ref
}

// Agreements is a page of records of one dossier.
type Agreements[T any] struct {
	Rows []T
	Next *string
	Ref  dossier.Ref
}

// author is who records something with this id in a dossier.
type author struct {
	who     identity.Identity
	dossier dossier.Dossier
	id      uuid.UUID
}

// by is the person who records it; nil for a system.
func (a author) by() *uuid.UUID { return orNil(a.who.Professional) }

// resource is what he records, to decide on.
func (a author) resource() authz.Resource {
	return authz.Resource{ID: a.id, Dossier: a.dossier.ID, Category: authz.Plan, Supplier: a.who.Partner}
}

// deed is what is done around a plan: by which act, told as which event on which kind of subject.
type deed struct{ act, event, subject string }

// agree is the one way in which something is recorded around a plan: dossier found, allowed, made and saved, told.
func agree[T agreement](ctx context.Context, s *Service, dossier uuid.UUID, do deed, save func(context.Context, author) (T, error)) (in In[T], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		a, err := s.author(ctx, dossier, do.act)
		if err != nil {
			return err
		}
		if in.Row, err = save(ctx, a); err != nil {
			return err
		}
		if err := s.tell(ctx, a.dossier, do, in.Row.Resource()); err != nil {
			return err
		}
		in.Ref, err = s.refOf(ctx, dossier)
		return err
	})
	return in, err
}

// author lets the caller record something of his own organisation in a dossier that runs.
func (s *Service) author(ctx context.Context, dossier uuid.UUID, act string) (a author, err error) {
	if a.who, err = identity.From(ctx); err != nil {
		return a, err
	}
	if a.dossier, err = s.dossiers.Require(ctx, dossier); err != nil {
		return a, err
	}
	a.id = uuid.Must(uuid.NewV7())
	if err := s.k.Authz.Require(ctx, act, a.resource()); err != nil {
		return a, err
	}
	return a, mustRun(a.dossier)
}

func (s *Service) tell(ctx context.Context, d dossier.Dossier, do deed, r authz.Resource, fields ...string) error {
	who, err := identity.From(ctx)
	if err != nil {
		return err
	}
	return s.k.Journal.Record(ctx, journal.Event{
		Name: do.event, Subject: journal.Subject{Type: do.subject, ID: r.ID}, Dossier: d.ID, Category: new(int(r.Category)), Supplier: r.Supplier,
		Fields: fields, Basis: string(d.Basis), InNameOf: who.InNameOf(s.k.Now(), d.ChairID, d.CaseDirectorID),
	})
}

func (s *Service) refOf(ctx context.Context, id uuid.UUID) (dossier.Ref, error) {
	refs, err := s.dossiers.Refs(ctx, []uuid.UUID{id})
	return refs[id], err
}

// source is where records of a kind are kept, and by which time they are ordered.
type source struct{ table, at string }

// agreements reads a page of the records of a kind in a dossier that the caller may read, the latest first.
func agreements[T agreement](ctx context.Context, s *Service, dossier uuid.UUID, from source, p page.Request) (found Agreements[T], err error) {
	if _, err = s.dossiers.Require(ctx, dossier); err != nil {
		return found, err
	}
	q, err := db.NewestFirst(db.Mine(ctx, from.table).Where("dossier_id = ?", dossier), from.at, p)
	if err != nil {
		return found, err
	}
	if err := q.Find(&found.Rows).Error; err != nil {
		return found, err
	}
	found.Rows, found.Next = page.Cut(found.Rows, p.Limit, func(one T) page.Cursor { return one.place() })
	if found.Rows, err = seen(ctx, s, dossier, found.Rows); err != nil {
		return found, err
	}
	found.Ref, err = s.refOf(ctx, dossier)
	return found, err
}

// seen holds records of a dossier against the rule in memory, which drops what it refuses.
func seen[T agreement](ctx context.Context, s *Service, dossier uuid.UUID, rows []T) ([]T, error) {
	view, err := s.k.Authz.View(ctx, dossier)
	if err != nil {
		return nil, err
	}
	kept := make([]T, 0, len(rows))
	for _, one := range rows {
		if !view.Reads(one.Resource()) {
			s.k.Authz.Dropped(ctx, "agreement")
			continue
		}
		kept = append(kept, one)
	}
	return kept, nil
}

// agreed reads one record of a kind in a dossier.
func agreed[T agreement](ctx context.Context, s *Service, dossier, id uuid.UUID, table string) (in In[T], err error) {
	if _, err = s.dossiers.Require(ctx, dossier); err != nil {
		return in, err
	}
	if err = db.One(db.Mine(ctx, table).Where("dossier_id = ? and id = ?", dossier, id).Take(&in.Row)); err != nil {
		return in, err
	}
	if err = s.k.Authz.Require(ctx, actReadAgreement, in.Row.Resource()); err != nil {
		return in, err
	}
	in.Ref, err = s.refOf(ctx, dossier)
	return in, err
}
