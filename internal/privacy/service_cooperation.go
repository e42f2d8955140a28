package privacy

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// SeenCooperation is a cooperation with what the caller may do with it.
type SeenCooperation struct {
	Cooperation
	Allowed []string // nil in lists
}

// RegisterCooperation registers a cooperation as a draft. It fails with problem.Invalid for what it refers to and is not there.
func (s *Service) RegisterCooperation(ctx context.Context, c Cooperation) (seen SeenCooperation, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, today, err := s.now(ctx)
		if err != nil {
			return err
		}
		c.MunicipalityID, c.ID, c.Version, c.Status = who.Municipality, uuid.Must(uuid.NewV7()), 1, coopDraft
		c.RegisteredAt, c.ChangedAt = s.k.Now(), s.k.Now()
		if err := s.k.Authz.Require(ctx, actManageCooperation, c.Resource()); err != nil {
			return err
		}
		if err := s.checkCooperation(ctx, c, today); err != nil {
			return err
		}
		if err := db.Insert(ctx, &c); err != nil {
			return err
		}
		seen, err = s.recordCooperation(ctx, c, "cooperation.registered", nil)
		return err
	})
	return seen, err
}

// UpdateCooperation changes a cooperation; what it needed to become active it keeps (AVG 26, BGS 1.1), or it is problem.Conflict.
func (s *Service) UpdateCooperation(ctx context.Context, key etag.Key, edit func(*Cooperation)) (SeenCooperation, error) {
	return s.changeCooperation(ctx, key, "cooperation.changed", func(c *Cooperation) error {
		edit(c)
		if c.Status == coopActive {
			return c.complete()
		}
		return nil
	})
}

// ActivateCooperation makes a cooperation active. Without arrangement (AVG 26, Wgs 1.4), and under the Wgs without contact point
// (BGS 1.1), it fails with problem.Conflict.
func (s *Service) ActivateCooperation(ctx context.Context, key etag.Key, reason string) (SeenCooperation, error) {
	return s.changeCooperation(ctx, key, "cooperation.activated", func(c *Cooperation) error { return c.activate(reason, s.k.Now()) })
}

// EndCooperation ends a cooperation; it stays to be read.
func (s *Service) EndCooperation(ctx context.Context, key etag.Key, reason string) (SeenCooperation, error) {
	return s.changeCooperation(ctx, key, "cooperation.ended", func(c *Cooperation) error {
		c.end(reason, s.k.Now())
		return nil
	})
}

// changeCooperation takes one step with a cooperation that has not ended, for who may.
func (s *Service) changeCooperation(ctx context.Context, key etag.Key, event string, step func(*Cooperation) error) (seen SeenCooperation, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		before, err := findCooperation(ctx, key.ID)
		if err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actManageCooperation, before.Resource()); err != nil {
			return err
		}
		if err := etag.Check(key.Match, before); err != nil {
			return err
		}
		if err := before.mustRun(); err != nil {
			return err
		}
		after := before
		after.PartnerIDs = slices.Clone(before.PartnerIDs)
		if err := step(&after); err != nil {
			return err
		}
		_, today, err := s.now(ctx)
		if err != nil {
			return err
		}
		if err := s.checkCooperation(ctx, after, today); err != nil {
			return err
		}
		after.ChangedAt = s.k.Now()
		fields, err := db.Update(ctx, &before, &after)
		if err != nil {
			return err
		}
		seen, err = s.recordCooperation(ctx, after, event, fields)
		return err
	})
	return seen, err
}

// checkCooperation holds a cooperation against the partners that there are.
func (s *Service) checkCooperation(ctx context.Context, c Cooperation, today time.Time) error {
	partners, err := s.m.People.ActivePartners(ctx)
	if err != nil {
		return err
	}
	ids := make([]uuid.UUID, len(partners))
	for i, p := range partners {
		ids[i] = p.ID
	}
	return c.unfit(ids, today).Err()
}

// recordCooperation audits a change that changed something, and gives the cooperation as the caller sees it.
func (s *Service) recordCooperation(ctx context.Context, c Cooperation, event string, fields []string) (SeenCooperation, error) {
	if len(fields) > 0 || c.Version == 1 {
		e := journal.Event{Name: event, Subject: journal.Subject{Type: "cooperation", ID: c.ID}, Fields: fields}
		if err := s.k.Journal.Record(ctx, e); err != nil {
			return SeenCooperation{}, err
		}
	}
	return s.seeCooperation(ctx, c)
}

func (s *Service) seeCooperation(ctx context.Context, c Cooperation) (seen SeenCooperation, err error) {
	seen.Cooperation = c
	seen.Allowed, err = s.k.Authz.Allowed(ctx, c.Resource(), c.operations())
	return seen, err
}

// GetCooperation reads one cooperation, for everybody of the municipality.
func (s *Service) GetCooperation(ctx context.Context, id uuid.UUID) (seen SeenCooperation, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, actReadMunicipality, authz.Resource{}); err != nil {
			return err
		}
		c, err := findCooperation(ctx, id)
		if err != nil {
			return err
		}
		seen, err = s.seeCooperation(ctx, c)
		return err
	})
	return seen, err
}

// ListCooperations reads a page of the cooperations, the latest registered first.
func (s *Service) ListCooperations(ctx context.Context, p page.Request) (rows []Cooperation, next *string, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, actReadMunicipality, authz.Resource{}); err != nil {
			return err
		}
		all, err := listCooperations(ctx, p)
		rows, next = page.Cut(all, p.Limit, Cooperation.place)
		return err
	})
	return rows, next, err
}
