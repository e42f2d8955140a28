package plan

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// frames are kept by when they were made.
func frames() source { return source{table: "frame", at: "made_at"} }

// SeenFrame is a frame with what the caller may do with it; nil in lists.
type SeenFrame struct {
	In[Frame]
	Allowed []string
}

// AddFrame records a frame that was agreed. It fails with problem.Invalid for an unknown life domain and for a
// last day that is over.
func (s *Service) AddFrame(ctx context.Context, dossier uuid.UUID, f Frame) (one SeenFrame, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		do := deed{act: actAgree, event: "frame.added", subject: "frame"}
		one.In, err = agree(ctx, s, dossier, do, func(ctx context.Context, a author) (Frame, error) {
			today, err := s.Today(ctx)
			if err != nil {
				return f, err
			}
			if err := s.unfitFrame(f, today).Err(); err != nil {
				return f, err
			}
			f.MunicipalityID, f.ID, f.Version, f.DossierID, f.PartnerID = a.who.Municipality, a.id, 1, dossier, a.who.Partner
			f.MadeBy, f.MadeAt, f.ChangedAt = a.by(), s.k.Now(), s.k.Now()
			return f.on(today), db.Insert(ctx, &f)
		})
		if err != nil {
			return err
		}
		one.Allowed, err = s.k.Authz.Allowed(ctx, one.Row.Resource(), one.Row.operations())
		return err
	})
	return one, err
}

func (s *Service) unfitFrame(f Frame, today time.Time) (wrong problem.Faults) {
	if f.LifeDomain != "" && !s.lists.HasLifeDomain(f.LifeDomain) {
		wrong.Note("/lifeDomain", "reference", noLifeDomain)
	}
	if f.Until.Before(today) {
		wrong.Note("/until", "past", "Choose today or a day that is still to come.")
	}
	return wrong
}

// EndFrame ends a frame before its last day, with the reason. It fails with problem.Conflict when it was ended
// already.
func (s *Service) EndFrame(ctx context.Context, dossier uuid.UUID, key etag.Key, reason string) (one SeenFrame, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if one, err = s.frame(ctx, dossier, key.ID); err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actEndAgreement, one.Row.Resource()); err != nil {
			return err
		}
		if err := etag.Check(key.Match, one.Row); err != nil {
			return err
		}
		d, err := s.dossiers.Find(ctx, dossier)
		if err != nil {
			return err
		}
		if err := mustRun(d); err != nil {
			return err
		}
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		before := one.Row
		if err := one.Row.end(orNil(who.Professional), s.k.Now(), reason); err != nil {
			return err
		}
		fields, err := db.Update(ctx, &before, &one.Row)
		if err != nil {
			return err
		}
		if err := s.tell(ctx, d, deed{event: "frame.ended", subject: "frame"}, one.Row.Resource(), fields...); err != nil {
			return err
		}
		one.Row.Active = false
		one.Allowed, err = s.k.Authz.Allowed(ctx, one.Row.Resource(), one.Row.operations())
		return err
	})
	return one, err
}

// Frames reads a page of the frames of a dossier, the latest first, also those that ended.
func (s *Service) Frames(ctx context.Context, dossier uuid.UUID, p page.Request) (found Agreements[Frame], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if found, err = agreements[Frame](ctx, s, dossier, frames(), p); err != nil {
			return err
		}
		today, err := s.Today(ctx)
		for i, f := range found.Rows {
			found.Rows[i] = f.on(today)
		}
		return err
	})
	return found, err
}

// Frame reads one frame.
func (s *Service) Frame(ctx context.Context, dossier, id uuid.UUID) (one SeenFrame, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		one, err = s.frame(ctx, dossier, id)
		return err
	})
	return one, err
}

func (s *Service) frame(ctx context.Context, dossier, id uuid.UUID) (one SeenFrame, err error) {
	if one.In, err = agreed[Frame](ctx, s, dossier, id, frames().table); err != nil {
		return one, err
	}
	today, err := s.Today(ctx)
	if err != nil {
		return one, err
	}
	one.Row = one.Row.on(today)
	one.Allowed, err = s.k.Authz.Allowed(ctx, one.Row.Resource(), one.Row.operations())
	return one, err
}

// unframed names a frame that an action cannot refer to: of another dossier, out of sight, or over.
func (s *Service) unframed(ctx context.Context, a Action, today time.Time, pointer string) (wrong problem.Faults, err error) {
	if a.FrameID == nil {
		return nil, nil
	}
	in, err := agreed[Frame](ctx, s, a.DossierID, *a.FrameID, frames().table)
	if err != nil && !problem.Is(err, problem.NotFound) {
		return nil, err
	}
	if err != nil || !in.Row.on(today).Active {
		wrong.Note(pointer+"/frameId", "reference", "There is no such frame in the dossier, or it has ended.")
	}
	return wrong, nil
}

// reframed checks the frame of an action that came to refer to another one.
func (s *Service) reframed(ctx context.Context, before, after Action) error {
	if same(before.FrameID, after.FrameID) {
		return nil
	}
	today, err := s.Today(ctx)
	if err != nil {
		return err
	}
	wrong, err := s.unframed(ctx, after, today, "")
	if err != nil {
		return err
	}
	return wrong.Err()
}
