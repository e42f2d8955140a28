package matrix

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Publish makes the draft, or the cells of an earlier version, the next version: in force from every
// transaction that begins after this one commits, or from its moment of effect. It fails with
// problem.Invalid on a moment that has passed and on what is unknown, with problem.MatchRequired and
// problem.Stale on the draft's ETag, and with problem.Conflict without a draft, for a matrix without any
// right, one that breaks a privacy assertion, and one with findings that keep it from being published.
func (s *Service) Publish(ctx context.Context, n NewPublication) (p Published, err error) {
	err = s.draft(ctx, actPublish, func(ctx context.Context, who identity.Identity) error {
		if err := claimRules(ctx, who.Municipality); err != nil {
			return err
		}
		consents, err := s.input(ctx, n)
		if err != nil {
			return err
		}
		cells, drafted, err := source(ctx, who, n)
		if err != nil {
			return err
		}
		known, err := s.admissible(ctx, cells, consents, n.Acknowledged)
		if err != nil {
			return err
		}
		if p, err = next(ctx, who, n); err != nil {
			return err
		}
		p.Cells, p.Acknowledged, p.SupplierConsents = cells, known, consents
		if err := insertPublished(ctx, p); err != nil {
			return err
		}
		if drafted != nil {
			if err := db.Delete(ctx, drafted); err != nil {
				return err
			}
		}
		return s.k.Journal.Record(ctx, journal.Event{Name: "matrix.published", Subject: journal.Subject{Type: "matrix-version", ID: p.ID}})
	})
	return p, err
}

// input checks what a publication says, apart from the matrix itself.
func (s *Service) input(ctx context.Context, n NewPublication) ([]Consent, error) {
	var f problem.Faults
	n.timely(&f, s.k.Now())
	if n.RestoresVersion != nil {
		who, err := identity.From(ctx)
		if err != nil {
			return nil, err
		}
		_, err = findVersion(ctx, who.Municipality, *n.RestoresVersion)
		if problem.Is(err, problem.NotFound) {
			f.Note("/restoresVersion", "reference", "There is no such version; see GET /v1/authorisation-matrix/versions.")
		} else if err != nil {
			return nil, err
		}
	}
	consents, err := s.consents(ctx, &f, n.Consents)
	if err != nil {
		return nil, err
	}
	return consents, f.Err()
}

func (s *Service) consents(ctx context.Context, f *problem.Faults, sent []NewConsent) ([]Consent, error) {
	type place struct {
		partner  uuid.UUID
		category authz.Category
	}
	consents, given := []Consent{}, map[place]bool{}
	for i, n := range sent {
		at := fmt.Sprintf("/supplierConsents/%d", i)
		if _, err := s.people.FindPartner(ctx, n.PartnerID); problem.Is(err, problem.NotFound) {
			f.Note(at+"/partnerId", "reference", "There is no such partner; see GET /v1/partners.")
		} else if err != nil {
			return nil, err
		}
		category, err := authz.ParseCategory(n.Category)
		if err != nil {
			f.Note(at+"/category", "reference", "There is no such information category; see GET /v1/code-lists/information-categories.")
		}
		if given[place{n.PartnerID, category}] {
			f.Note(at, "duplicate", "This consent is given more than once.")
		}
		given[place{n.PartnerID, category}] = true
		consents = append(consents, Consent{PartnerID: n.PartnerID, Category: category, Reference: n.Reference})
	}
	return consents, nil
}

// source is the cells to publish, and the draft when they are its: a draft that is not published stays.
func source(ctx context.Context, who identity.Identity, n NewPublication) ([]authz.Cell, *Draft, error) {
	if n.RestoresVersion != nil {
		cells, err := findCells(ctx, who.Municipality, *n.RestoresVersion)
		return cells, nil, err
	}
	if n.Match == "" { // said before anything of whether there is a draft
		return nil, nil, etag.Check(n.Match, Draft{})
	}
	d, err := claimDraft(ctx, who.Municipality)
	if problem.Is(err, problem.NotFound) {
		return nil, nil, problem.Errorf(problem.Conflict, "There is no draft to publish; begin one with PUT /v1/authorisation-matrix/draft.")
	}
	if err != nil {
		return nil, nil, err
	}
	return d.Cells, &d, etag.Check(n.Match, d)
}

// admissible refuses cells that may not be published; it gives the warnings that were acknowledged.
func (s *Service) admissible(ctx context.Context, cells []authz.Cell, consents []Consent, acknowledged []string) ([]Finding, error) {
	if err := rightless(cells); err != nil {
		return nil, err
	}
	if err := s.holds(ctx, cells); err != nil {
		return nil, err
	}
	found, err := s.findings(ctx, cells, consents)
	if err != nil {
		return nil, err
	}
	return publishable(found, acknowledged)
}

// next is the next version without its cells, at this moment.
func next(ctx context.Context, who identity.Identity, n NewPublication) (p Published, err error) {
	last, err := lastNumber(ctx, who.Municipality)
	if err != nil {
		return p, err
	}
	now, err := settle(ctx, who.Municipality)
	if err != nil {
		return p, err
	}
	p.Version = n.version(who, last+1, now)
	return p, nil
}
