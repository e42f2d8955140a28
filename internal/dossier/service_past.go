package dossier

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
)

// Then is a dossier, and what let whom into it at a moment.
type Then struct {
	Dossier    Dossier
	Ref        Ref
	At         time.Time
	Admissions []Admission // that were live
	Exceptions []Exception // that counted
	Grants     map[uuid.UUID]Grant
}

// Ended tells whether nothing changes in the dossier any more.
func (t Then) Ended() bool { return t.Dossier.mustBeOpen() != nil }

// ItemThen is an item as it was at a moment.
type ItemThen struct {
	Item
	Releases     []Release // that counted
	WithheldFrom []uuid.UUID
	Missing      bool // it was not there yet
}

// Released is the release by which a partner could see it; nil when there was none.
func (i ItemThen) Released(partner uuid.UUID) *Release {
	for n, r := range i.Releases {
		if len(r.PartnerIDs) == 0 || slices.Contains(r.PartnerIDs, partner) {
			return &i.Releases[n]
		}
	}
	return nil
}

// ResourceFor is the item, to decide whether a partner could see it.
func (i ItemThen) ResourceFor(partner uuid.UUID) authz.Resource {
	r := i.Resource()
	r.Released, r.WithheldPartners = i.Released(partner) != nil, i.WithheldFrom
	return r
}

// AdmittedAt reads what let people into a dossier at a moment, by default now, for somebody who may read it;
// when he asks about others than himself and his own partner he needs more: problem.Forbidden. It needs a
// transaction.
func (s *Service) AdmittedAt(ctx context.Context, id uuid.UUID, at *time.Time, others bool) (t Then, err error) {
	if t.Dossier, err = s.Require(ctx, id); err != nil {
		return t, err
	}
	if others {
		if err := s.k.Authz.Require(ctx, actAccess, t.Dossier.Resource()); err != nil {
			return t, err
		}
	}
	view, err := s.k.Authz.View(ctx, id)
	if err != nil {
		return t, err
	}
	t.Ref = t.Dossier.refFor(view)
	if at != nil {
		t.At = at.UTC()
	} else if t.At, err = moment(ctx); err != nil {
		return t, err
	}
	if t.Admissions, err = admittedAt(ctx, t.Dossier, t.At); err != nil {
		return t, err
	}
	if t.Exceptions, err = exceptionsAt(ctx, id, t.At); err != nil {
		return t, err
	}
	t.Grants, err = grantsOf(ctx, id)
	return t, err
}

// ItemAt reads an item that the caller may read now, as it was at a moment. It fails with problem.NotFound
// and needs a transaction.
func (s *Service) ItemAt(ctx context.Context, dossier, id uuid.UUID, at time.Time) (i ItemThen, err error) {
	seen, err := s.findReadable(ctx, dossier, id)
	if err != nil {
		return i, err
	}
	i.Item, i.Missing = seen.Item, seen.AddedAt.After(at)
	if i.Releases, err = releasesAt(ctx, id, at); err != nil {
		return i, err
	}
	i.WithheldFrom, err = withheldAt(ctx, id, at)
	return i, err
}

// DossierOf tells in which dossier an item is that the caller may read. It fails with problem.NotFound and
// needs a transaction.
func (s *Service) DossierOf(ctx context.Context, item uuid.UUID) (uuid.UUID, error) {
	i, err := itemAnywhere(ctx, item)
	if err != nil {
		return uuid.Nil, err
	}
	seen, err := s.readableOne(ctx, i)
	return seen.DossierID, err
}
