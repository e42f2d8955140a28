package dossier

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Asking is for access to what, why, and whom to ask beside the municipal director.
type Asking struct {
	DossierID  uuid.UUID
	Category   authz.Category
	SupplierID *uuid.UUID
	Purpose    string
}

// RequestAccess asks for access to a category; whether there is anything of it plays no part. It fails
// with problem.NotFound for who does not know the dossier and with problem.Forbidden for a system.
func (s *Service) RequestAccess(ctx context.Context, a Asking) (in Within[SeenRequest], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		d, err := s.find(ctx, a.DossierID)
		if err != nil {
			return err
		}
		now := s.k.Now()
		r := AccessRequest{
			MunicipalityID: d.MunicipalityID, ID: uuid.Must(uuid.NewV7()), Version: 1, DossierID: d.ID, PartnerID: who.Partner,
			ProfessionalID: who.Professional, Category: a.Category, SupplierID: a.SupplierID, Purpose: a.Purpose, RequestedAt: now, ChangedAt: now,
		}
		if err := s.k.Authz.Require(ctx, actRequest, r.resource()); err != nil {
			return err
		}
		if !who.IsPerson() {
			return problem.Errorf(problem.Forbidden, "A request for access is a person's; send the token of a person.")
		}
		if err := s.mayBeAsked(ctx, who, r); err != nil {
			return err
		}
		again, err := isAsked(ctx, r)
		if err != nil {
			return err
		}
		if again {
			return problem.Errorf(problem.Conflict, "You asked for this before; wait for the answer.")
		}
		if err := db.Insert(ctx, &r); err != nil {
			return err
		}
		if err := s.recordRequest(ctx, d, r, journal.Event{Name: "access-request.made"}); err != nil {
			return err
		}
		in, err = s.seeRequest(ctx, d, r)
		return err
	})
	return in, err
}

// mayBeAsked refuses a partner that takes no part, or for which the caller works himself.
func (s *Service) mayBeAsked(ctx context.Context, who identity.Identity, r AccessRequest) error {
	if r.SupplierID == nil {
		return nil
	}
	participants, err := s.Participants(ctx, r.DossierID)
	if err != nil {
		return err
	}
	takesPart := slices.ContainsFunc(participants, func(p Participant) bool { return p.PartnerID == *r.SupplierID })
	if !takesPart || *r.SupplierID == who.Partner {
		return problem.InvalidField("/supplierId", "reference", "Ask another partner that takes part in the dossier, or leave it out.")
	}
	return nil
}

// GetRequest reads one access request: one's own, one put to one's organisation, or any for the municipal
// director. It fails with problem.NotFound.
func (s *Service) GetRequest(ctx context.Context, id uuid.UUID) (in Within[SeenRequest], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		r, err := s.request(ctx, id)
		if err != nil {
			return err
		}
		d, err := s.Require(ctx, r.DossierID)
		if err != nil {
			return err
		}
		in, err = s.seeRequest(ctx, d, r)
		return err
	})
	return in, err
}

// request finds one that the caller may know of.
func (s *Service) request(ctx context.Context, id uuid.UUID) (r AccessRequest, err error) {
	who, err := identity.From(ctx)
	if err != nil {
		return r, err
	}
	if r, err = findRequest(ctx, id); err == nil && !r.concerns(who, s.k.Now()) {
		s.k.Authz.Dropped(ctx, "access request")
		return AccessRequest{}, db.NotFound()
	}
	return r, err
}

// ListRequests reads a page of the access requests that the caller may read, the latest first.
func (s *Service) ListRequests(ctx context.Context, f RequestFilter, p page.Request) (found Page[Within[SeenRequest]], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		rows, err := listRequests(ctx, f, p)
		if err != nil {
			return err
		}
		rows, found.Next = page.Cut(rows, p.Limit, AccessRequest.place)
		ids := make([]uuid.UUID, len(rows))
		for i, r := range rows {
			ids[i] = r.DossierID
		}
		refs, err := s.Refs(ctx, ids)
		for _, r := range rows {
			if !r.concerns(who, s.k.Now()) {
				s.k.Authz.Dropped(ctx, "access request")
				continue
			}
			if ref, there := refs[r.DossierID]; there {
				found.Rows = append(found.Rows, Within[SeenRequest]{Row: SeenRequest{AccessRequest: r.seenBy(who, s.k.Now())}, Dossier: ref})
			}
		}
		return err
	})
	return found, err
}

// AccessAnswer is what is decided on an access request.
type AccessAnswer struct {
	Outcome string // granted or refused
	Note    string
}

// AnswerRequest keeps what was decided on a request; rights follow from a grant, an exception or a
// release only. It fails with problem.Forbidden for others than the municipal director and the partner
// that is asked, and with problem.Conflict when it is handled already.
func (s *Service) AnswerRequest(ctx context.Context, key etag.Key, a AccessAnswer) (in Within[SeenRequest], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		before, err := s.request(ctx, key.ID)
		if err != nil {
			return err
		}
		d, err := s.find(ctx, before.DossierID)
		if err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actAnswer, before.resource()); err != nil {
			return err
		}
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		now := s.k.Now()
		if err := before.mayBeAnswered(who, now); err != nil {
			return err
		}
		if err := etag.Check(key.Match, before.seenBy(who, now)); err != nil {
			return err
		}
		if err := before.mustBeOpen(); err != nil {
			return err
		}
		r := before
		r.Outcome, r.Note, r.AnsweredAt, r.AnsweredBy, r.ChangedAt = a.Outcome, a.Note, &now, who.Person(), now
		fields, err := db.Update(ctx, &before, &r)
		if err != nil {
			return err
		}
		if err := s.recordRequest(ctx, d, r, journal.Event{Name: "access-request.answered", Fields: fields}); err != nil {
			return err
		}
		in, err = s.seeRequest(ctx, d, r)
		return err
	})
	return in, err
}

// recordRequest tells of a request: only who is asked learns more than that the dossier changed.
func (s *Service) recordRequest(ctx context.Context, d Dossier, r AccessRequest, e journal.Event) error {
	category := int(r.Category)
	e.Subject, e.Category, e.Supplier = journal.Subject{Type: "access-request", ID: r.ID}, &category, r.resource().Supplier
	return s.recordIn(ctx, d, e)
}

// seeRequest is one request as the caller sees it, with what he may do with it.
func (s *Service) seeRequest(ctx context.Context, d Dossier, r AccessRequest) (in Within[SeenRequest], err error) {
	who, err := identity.From(ctx)
	if err != nil {
		return in, err
	}
	seen := SeenRequest{AccessRequest: r.seenBy(who, s.k.Now()), Allowed: []string{"getAccessRequest"}}
	if r.mustBeOpen() == nil && r.mayBeAnswered(who, s.k.Now()) == nil {
		may, err := s.k.Authz.Allowed(ctx, r.resource(), []authz.Operation{{ID: "answerAccessRequest", Act: actAnswer}})
		if err != nil {
			return in, err
		}
		seen.Allowed = append(seen.Allowed, may...)
	}
	return within(ctx, s, d, seen)
}

// AskedRequests tells which of the access requests the caller is asked, so that he may know what becomes
// of them. It needs a transaction.
func (s *Service) AskedRequests(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]bool, error) {
	who, err := identity.From(ctx)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	rows, err := findRequests(ctx, ids)
	asked := make(map[uuid.UUID]bool, len(rows))
	for _, r := range rows {
		asked[r.ID] = r.asks(who, s.k.Now())
	}
	return asked, err
}
