package privacy

import (
	"context"
	"slices"

	"github.com/wijkregie/wijkregie/internal/kernel/journal"
)

const (
	// notice is how many days before something is destroyed by the rules alone this is told.
	notice = 30
	// atOnceKind is what the law has destroyed at once: a case that was not accepted under the Wgs (Wgs 1.8(7)).
	atOnceKind = "rejected-wgs"
)

// announce tells who directs a dossier that it will be destroyed, once for each day on which it is due: time to keep it longer,
// to close it well or to place a legal hold.
func (s *Service) announce(ctx context.Context) error {
	coming, err := s.dueWithin(ctx, notice)
	if err != nil {
		return err
	}
	for _, c := range coming {
		if c.Kind == atOnceKind {
			continue
		}
		first, err := warn(ctx, c, s.k.Now())
		if err != nil {
			return err
		}
		if !first {
			continue
		}
		err = s.k.Journal.Record(ctx, journal.Event{Name: "dossier.destruction-announced", Dossier: c.DossierID, Subject: journal.Subject{Type: "dossier", ID: c.DossierID}})
		if err != nil {
			return err
		}
	}
	return nil
}

// dueByItself is what is due and was announced long enough ago, and what the law has destroyed at once.
func (s *Service) dueByItself(ctx context.Context) ([]Candidate, error) {
	all, err := s.dueWithin(ctx, 0)
	if err != nil {
		return nil, err
	}
	announced, err := announcedBefore(ctx, s.k.Now().AddDate(0, 0, -notice))
	all = slices.DeleteFunc(all, func(c Candidate) bool { return c.Kind != atOnceKind && !slices.Contains(announced, c.DossierID) })
	return all[:min(len(all), mostCandidates)], err
}
