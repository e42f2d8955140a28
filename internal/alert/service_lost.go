package alert

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// lost is the event that somebody's last way into a dossier has ended. It names whose, and is theirs alone: in what
// they pull and, of a partner, what its systems are sent, so that a copy is removed.
const lost = "access.lost"

// lostWithin is how far back ways are looked for that ended by the clock: longer than the product may stand still.
const lostWithin = 7 * 24 * time.Hour

// watched is whether somebody, a professional or a partner as an organisation, had a way into a dossier when it was
// looked at last.
type watched struct {
	DossierID uuid.UUID
	Holder    uuid.UUID
	Reads     bool
	Changes   int64
}

// TellLost looks at the ways into dossiers that changed, or ended by the clock, and records for whom the last one is gone.
// Whether one is left is decided as at a request of theirs.
func (s *Service) TellLost(ctx context.Context) error {
	var municipalities []string
	now := s.k.Now()
	err := s.k.DB.Lookup(ctx, &municipalities, "select changed_access_municipalities(?, ?)", now.Add(-lostWithin), now)
	failures := []error{err}
	for _, municipality := range municipalities {
		failures = append(failures, s.tellLostIn(ctx, municipality))
	}
	return errors.Join(failures...)
}

func (s *Service) tellLostIn(ctx context.Context, municipality string) error {
	system := identity.With(ctx, identity.System(municipality, "access"))
	var changed []watched
	err := s.k.DB.Tx(system, func(ctx context.Context) (err error) {
		changed, err = changedAccess(ctx)
		return err
	})
	if err != nil {
		return err
	}
	by := map[uuid.UUID][]watched{}
	for _, w := range changed {
		by[w.Holder] = append(by[w.Holder], w)
	}
	for holder, of := range by {
		reads, err := s.stillReads(ctx, municipality, holder, of)
		if err != nil {
			return err
		}
		err = s.k.DB.Tx(system, func(ctx context.Context) error { return s.settleAccess(ctx, holder, of, reads) })
		if err != nil {
			return err
		}
	}
	return nil
}

// stillReads tells which dossiers somebody still reads, as he would at a request now.
func (s *Service) stillReads(ctx context.Context, municipality string, holder uuid.UUID, of []watched) (map[uuid.UUID]bool, error) {
	reads := map[uuid.UUID]bool{}
	who, err := s.m.As(ctx, municipality, holder)
	if problem.Is(err, problem.Unauthenticated) {
		who, err = s.m.AsPartner(ctx, municipality, holder)
	}
	if problem.Is(err, problem.Unauthenticated) {
		return reads, nil
	}
	if err != nil {
		return nil, err
	}
	return reads, s.k.DB.Tx(identity.With(ctx, who), func(ctx context.Context) error {
		ids := make([]uuid.UUID, len(of))
		for i, w := range of {
			ids[i] = w.DossierID
		}
		views, err := s.k.Authz.Views(ctx, ids...)
		for id, view := range views {
			reads[id] = view.Known() && !view.Shielded()
		}
		return err
	})
}

// settleAccess notes what was found, unless the ways changed again meanwhile, and records what was lost.
func (s *Service) settleAccess(ctx context.Context, holder uuid.UUID, of []watched, reads map[uuid.UUID]bool) error {
	for _, w := range of {
		settled, err := setAccess(ctx, w, reads[w.DossierID])
		if err != nil {
			return err
		}
		if !settled || !w.Reads || reads[w.DossierID] {
			continue
		}
		err = s.k.Journal.Record(ctx, journal.Event{
			Name: lost, Subject: journal.Subject{Type: "access", ID: w.DossierID}, Dossier: w.DossierID, Tell: []uuid.UUID{holder},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// isLost tells whether an event is that a way of the reader's own has ended.
func isLost(e delivery.Event, who identity.Identity) bool {
	own := who.Partner
	if who.IsPerson() {
		own = who.Professional
	}
	return e.Name == lost && slices.Contains(e.Tell, own)
}

// lostEvents are the events that a way of the reader's own has ended: with the number of the dossier, which he no longer
// knows, and nothing of it.
func (s *Service) lostEvents(ctx context.Context, who identity.Identity, found []delivery.Event) (all []Event, err error) {
	var ids []uuid.UUID
	for _, e := range found {
		if isLost(e, who) {
			ids = append(ids, *e.DossierID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	refs := map[uuid.UUID]string{}
	err = s.k.DB.Tx(identity.With(db.Apart(ctx), identity.System(who.Municipality, "access")), func(ctx context.Context) error {
		dossiers, err := s.m.Dossiers.FindAll(ctx, ids)
		for id, d := range dossiers {
			refs[id] = d.Number
		}
		return err
	})
	for _, e := range found {
		if !isLost(e, who) {
			continue
		}
		event := Event{ID: e.ID, Sequence: e.Seq, Kind: kindOf(lost), Fields: []string{}, At: e.At}
		event.Dossier.ID, event.Dossier.Number = *e.DossierID, refs[*e.DossierID]
		all = append(all, event)
	}
	return all, err
}
