package meeting

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/etag"
)

// Minutes reads what was said and decided at a meeting, cut to the caller. It fails with problem.NotFound.
func (s *Service) Minutes(ctx context.Context, meeting uuid.UUID) (minutes Minutes, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		m, err := s.read(ctx, meeting)
		if err != nil {
			return err
		}
		all, err := s.complete(ctx, []Meeting{m})
		if err != nil {
			return err
		}
		minutes, err = s.minutes(ctx, all[0])
		return err
	})
	return minutes, err
}

// minutes reads the minutes of a meeting with the agenda and invitations that the caller sees.
func (s *Service) minutes(ctx context.Context, m Meeting) (minutes Minutes, err error) {
	minutes.Meeting, minutes.MeetingTag = Seen{Meeting: m, Tag: etag.Of(m)}, etag.Of(m)
	if minutes.Finalised, err = endingsOf(ctx, m.ID, Finalisation); err != nil {
		return minutes, err
	}
	if minutes.Attendances, err = s.attendances(ctx, m); err != nil {
		return minutes, err
	}
	refs, err := s.refs(ctx, m.AgendaItems)
	if err != nil {
		return minutes, err
	}
	deliberations, decisions, err := s.spoken(ctx, m.AgendaItems)
	if err != nil {
		return minutes, err
	}
	minutes.Items = minuted(withRefs(m.AgendaItems, refs), deliberations, decisions)
	for _, d := range deliberations {
		minutes.ItemTags = append(minutes.ItemTags, d.Tag)
	}
	for _, d := range decisions {
		minutes.ItemTags = append(minutes.ItemTags, d.Tag)
	}
	return minutes, nil
}

// spoken reads what was recorded under agenda items, the earliest first.
func (s *Service) spoken(ctx context.Context, agenda []AgendaItem) (said []SeenDeliberation, decided []SeenDecision, err error) {
	ids := make([]uuid.UUID, len(agenda))
	for n, i := range agenda {
		ids[n] = i.ID
	}
	deliberations, err := allUnder[Deliberation](ctx, "deliberation", ids)
	if err != nil {
		return nil, nil, err
	}
	if deliberations, err = readable(ctx, s, deliberations); err != nil {
		return nil, nil, err
	}
	if said, err = s.seeDeliberations(ctx, deliberations...); err != nil {
		return nil, nil, err
	}
	decisions, err := allUnder[Decision](ctx, "decision", ids)
	if err != nil {
		return nil, nil, err
	}
	if decisions, err = readable(ctx, s, decisions); err != nil {
		return nil, nil, err
	}
	decided, err = s.seeDecisions(ctx, decisions...)
	return said, decided, err
}
