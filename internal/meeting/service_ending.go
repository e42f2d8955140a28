package meeting

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Cancel ends a planned meeting that is not to be held, with the reason; what it opened of dossiers is shut. It
// fails with problem.Conflict for any other meeting.
func (s *Service) Cancel(ctx context.Context, key etag.Key, reason string) (e Ending, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		before, err := s.claim(ctx, key)
		if err != nil {
			return err
		}
		m := before
		if err := m.follow(Cancelled); err != nil {
			return err
		}
		if e, err = s.end(ctx, before, m, Cancellation, reason); err != nil {
			return err
		}
		return s.followEnd(ctx, before, m)
	})
	return e, err
}

// Finalise fixes a held meeting and its minutes; what was left without a decision returns at the next meeting of
// the table. It fails with problem.Conflict when a domain was not there and reason does not say why, and when
// something was decided about a dossier without a deliberation.
func (s *Service) Finalise(ctx context.Context, key etag.Key, reason string) (e Ending, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		before, err := s.claim(ctx, key)
		if err != nil {
			return err
		}
		m := before
		if err := m.follow(Finalised); err != nil {
			return err
		}
		minutes, err := s.minutes(ctx, before)
		if err != nil {
			return err
		}
		if err := minutes.complete(reason); err != nil {
			return err
		}
		if e, err = s.end(ctx, before, m, Finalisation, reason); err != nil {
			return err
		}
		if err := s.leave(ctx, m, minutes); err != nil {
			return err
		}
		return s.carryOn(ctx, m)
	})
	return e, err
}

// complete refuses to finalise minutes in which something is missing.
func (m Minutes) complete(reason string) error {
	for _, i := range m.Items {
		if i.decidedUnheard() {
			return problem.Errorf(problem.Conflict, "Something was decided about a dossier without a deliberation; record first what was said about it.")
		}
	}
	return presenceOf(m.Attendances).mustExplain(reason)
}

// end saves how a meeting ended.
func (s *Service) end(ctx context.Context, before, m Meeting, kind EndingKind, reason string) (e Ending, err error) {
	who, err := identity.From(ctx)
	if err != nil {
		return e, err
	}
	m.ChangedAt = s.k.Now()
	if _, err := db.Update(ctx, &before, &m); err != nil {
		return e, err
	}
	e = m.end(who, s.k.Now(), kind, reason)
	if err := db.Insert(ctx, &e); err != nil {
		return e, err
	}
	event := map[EndingKind]string{Cancellation: "meeting.cancelled", Finalisation: "meeting.finalised"}[kind]
	return e, s.record(ctx, m, event, []string{"status"}, journal.Subject{Type: "meeting", ID: m.ID})
}

// Endings reads how a meeting ended in one way: once, or not at all.
func (s *Service) Endings(ctx context.Context, meeting uuid.UUID, kind EndingKind) (rows []Ending, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if _, err := s.read(ctx, meeting); err != nil {
			return err
		}
		rows, err = endingsOf(ctx, meeting, kind)
		return err
	})
	return rows, err
}

// Ending reads one ending of a meeting. It fails with problem.NotFound.
func (s *Service) Ending(ctx context.Context, meeting uuid.UUID, kind EndingKind, id uuid.UUID) (Ending, error) {
	rows, err := s.Endings(ctx, meeting, kind)
	if err == nil && (len(rows) == 0 || rows[0].ID != id) {
		err = db.NotFound()
	}
	if err != nil {
		return Ending{}, err
	}
	return rows[0], nil
}
