package alert

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// audience is who is told of a batch of events.
type audience struct {
	circle
	ruled wishes // of those who have rules
	asked map[uuid.UUID][]delivery.Event
	reads map[uuid.UUID]map[uuid.UUID]bool // by person, of the events of which it was asked
}

// audienceOf says who is told of events, and of whom it depends on what he may read: who has an action, who follows, and
// who mutes kinds.
func (s *Service) audienceOf(ctx context.Context, events []delivery.Event) (a audience, err error) {
	if a.circle, err = s.circleOf(ctx, events); err != nil {
		return a, err
	}
	if a.ruled, err = ruled(ctx); err != nil {
		return a, err
	}
	a.asked = map[uuid.UUID][]delivery.Event{}
	for _, e := range events {
		if e.DossierID == nil {
			continue
		}
		for _, id := range a.candidates(e) {
			a.asked[id] = append(a.asked[id], e)
		}
		for _, id := range a.recipients(e) {
			if a.ruled[id].mayMute(a.dossiers[*e.DossierID]) {
				a.asked[id] = append(a.asked[id], e)
			}
		}
	}
	a.reads = map[uuid.UUID]map[uuid.UUID]bool{}
	for id, of := range a.asked {
		if a.reads[id], err = s.readableBy(ctx, id, of); err != nil {
			return a, err
		}
	}
	return a, nil
}

// candidates are those who are told of an event if they may read it: whose action it is about and who follows such events.
// Who is told anyway is not among them, nor who did it.
func (a audience) candidates(e delivery.Event) (ids []uuid.UUID) {
	told := a.recipients(e)
	add := func(id uuid.UUID) {
		if (e.ActorID == nil || *e.ActorID != id) && !slices.Contains(told, id) && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if ofOwner(e) {
		for _, id := range e.Tell {
			add(id)
			for _, standIn := range a.standIns[id] {
				add(standIn)
			}
		}
	}
	if !canBeFollowed(e) {
		return ids
	}
	d, there := a.dossiers[e.Dossier()]
	for id, p := range a.ruled {
		if there && p.follows(kindOf(e.Name), d) {
			add(id)
		}
	}
	return ids
}

// byRule are the candidates who may read an event.
func (a audience) byRule(e delivery.Event) []uuid.UUID {
	return slices.DeleteFunc(a.candidates(e), func(id uuid.UUID) bool { return !a.reads[id][e.ID] })
}

// mutes tells whether somebody wishes no mail of an event, by the kind that he is told of it: another would tell him what it
// was.
func (a audience) mutes(id uuid.UUID, e delivery.Event) bool {
	if e.DossierID == nil {
		return false
	}
	kind := Unreadable
	if a.reads[id][e.ID] {
		kind = kindOf(e.Name)
	}
	return a.ruled[id].mutes(kind, a.dossiers[*e.DossierID])
}

// readableBy tells which events somebody may read at this moment; none when he may not act. It is read as he would, apart from
// the running transaction of the system.
func (s *Service) readableBy(ctx context.Context, professional uuid.UUID, events []delivery.Event) (may map[uuid.UUID]bool, err error) {
	ctx = db.Apart(ctx)
	who, err := s.recipient(ctx, events[0].MunicipalityID, professional)
	if err == nil {
		err = s.k.DB.Tx(identity.With(ctx, who), func(ctx context.Context) error {
			may, err = s.Readable(ctx, events)
			return err
		})
	}
	switch problem.KindOf(err) {
	case problem.Unauthenticated, problem.Forbidden, problem.NotFound:
		return nil, nil
	}
	return may, err
}
