package privacy

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// LegalHolds are holds as their reader sees them.
type LegalHolds struct {
	Rows    []LegalHold
	Next    *string
	Today   time.Time
	Allowed []string // of a single one
}

// PlaceHold keeps a dossier from being destroyed. It fails with problem.Invalid for a dossier that is not there.
func (s *Service) PlaceHold(ctx context.Context, h LegalHold) (in LegalHolds, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, today, err := s.now(ctx)
		if err != nil {
			return err
		}
		h.MunicipalityID, h.ID, h.Version, h.PlacedBy, h.PlacedAt, h.ChangedAt = who.Municipality, uuid.Must(uuid.NewV7()), 1, who.Professional, s.k.Now(), s.k.Now()
		if err := s.k.Authz.Require(ctx, actDecideRetention, h.Resource()); err != nil {
			return err
		}
		if h.Until != nil && h.Until.Before(today) {
			return problem.InvalidField("/until", "past", "The hold does not end in the past.")
		}
		c, _, _, err := s.clockApart(ctx, who.Municipality, h.DossierID)
		if problem.Is(err, problem.NotFound) {
			return problem.InvalidField("/dossierId", "reference", "This dossier is not there, or was destroyed.")
		}
		if err != nil {
			return err
		}
		h.Number = c.Number
		if err := db.Insert(ctx, &h); err != nil {
			return err
		}
		if err := s.recordHold(ctx, "legal-hold.placed", h); err != nil {
			return err
		}
		in, err = s.legalHold(ctx, h, today)
		return err
	})
	return in, err
}

// EndHold ends a hold with a reason. It fails with problem.Conflict when that was done.
func (s *Service) EndHold(ctx context.Context, key etag.Key, reason string) (in LegalHolds, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, actDecideRetention, authz.Resource{ID: key.ID}); err != nil {
			return err
		}
		before, err := findHold(ctx, key.ID)
		if err != nil {
			return err
		}
		if err := etag.Check(key.Match, before); err != nil {
			return err
		}
		if before.EndedAt != nil {
			return problem.Errorf(problem.Conflict, "The hold was ended already.")
		}
		who, today, err := s.now(ctx)
		if err != nil {
			return err
		}
		after, now := before, s.k.Now()
		after.EndedBy, after.EndedAt, after.EndReason, after.ChangedAt = who.Person(), &now, reason, now
		if _, err := db.Update(ctx, &before, &after); err != nil {
			return err
		}
		if err := s.recordHold(ctx, "legal-hold.ended", after); err != nil {
			return err
		}
		in, err = s.legalHold(ctx, after, today)
		return err
	})
	return in, err
}

// LegalHold reads one hold.
func (s *Service) LegalHold(ctx context.Context, id uuid.UUID) (in LegalHolds, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, actDecideRetention, authz.Resource{ID: id}); err != nil {
			return err
		}
		h, err := findHold(ctx, id)
		if err != nil {
			return err
		}
		_, today, err := s.now(ctx)
		if err != nil {
			return err
		}
		in, err = s.legalHold(ctx, h, today)
		return err
	})
	return in, err
}

// LegalHolds reads a page of holds, the latest first.
func (s *Service) LegalHolds(ctx context.Context, p page.Request) (in LegalHolds, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, actDecideRetention, authz.Resource{}); err != nil {
			return err
		}
		if _, in.Today, err = s.now(ctx); err != nil {
			return err
		}
		rows, err := listHolds(ctx, p)
		in.Rows, in.Next = page.Cut(rows, p.Limit, LegalHold.place)
		return err
	})
	return in, err
}

func (s *Service) legalHold(ctx context.Context, h LegalHold, today time.Time) (in LegalHolds, err error) {
	in = LegalHolds{Rows: []LegalHold{h}, Today: today}
	in.Allowed, err = s.k.Authz.Allowed(ctx, h.Resource(), h.operations())
	return in, err
}

func (s *Service) recordHold(ctx context.Context, event string, h LegalHold) error {
	return s.k.Journal.Record(ctx, journal.Event{Name: event, Subject: journal.Subject{Type: "legal-hold", ID: h.ID}})
}
