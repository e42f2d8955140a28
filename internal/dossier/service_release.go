package dossier

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// NewRelease is to whom an item is released, and for what.
type NewRelease struct {
	PartnerIDs []uuid.UUID // empty: the whole case
	Purpose    string
	Conditions string
	Until      *time.Time
}

// ReleaseItem lets partners see an item of which they may see what is released. Only its supplier
// may; an item under secrecy without ground is problem.Conflict.
func (s *Service) ReleaseItem(ctx context.Context, dossier, id uuid.UUID, n NewRelease) (in Within[Release], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, item, err := s.claimItem(ctx, dossier, id)
		if err != nil {
			return err
		}
		if err := item.mayBeReleased(); err != nil {
			return err
		}
		if err := s.takePart(ctx, dossier, n.PartnerIDs); err != nil {
			return err
		}
		r := Release{
			MunicipalityID: d.MunicipalityID, ID: uuid.Must(uuid.NewV7()), Version: 1, DossierID: d.ID, ItemID: item.ID, PartnerIDs: n.PartnerIDs,
			Purpose: n.Purpose, Conditions: n.Conditions, Until: n.Until, ReleasedBy: decider(ctx), ReleasedAt: s.k.Now(),
		}
		if err := db.Insert(ctx, &r); err != nil {
			return err
		}
		event := journal.Event{Name: "item.released", With: []journal.Subject{{Type: "release", ID: r.ID}}}
		if err := s.recordItem(ctx, d, item, event); err != nil {
			return err
		}
		in, err = within(ctx, s, d, r)
		return err
	})
	return in, err
}

// claimItem finds an item for its supplier to decide on.
func (s *Service) claimItem(ctx context.Context, dossier, id uuid.UUID) (d Dossier, item Item, err error) {
	if d, err = s.Require(ctx, dossier); err != nil {
		return d, item, err
	}
	if item, err = findItem(ctx, dossier, id); err != nil {
		return d, item, err
	}
	return d, item, s.k.Authz.Require(ctx, actRelease, item.Resource())
}

// takePart refuses partners that do not take part now.
func (s *Service) takePart(ctx context.Context, dossier uuid.UUID, partners []uuid.UUID) error {
	participants, err := s.Participants(ctx, dossier)
	if err != nil {
		return err
	}
	for _, id := range partners {
		if !slices.ContainsFunc(participants, func(p Participant) bool { return p.PartnerID == id }) {
			return problem.InvalidField("/partnerIds", "reference", "Release to partners that take part in the dossier.")
		}
	}
	return nil
}

// Participants are those who take part now; it needs a transaction.
func (s *Service) Participants(ctx context.Context, dossier uuid.UUID) ([]Participant, error) {
	all, err := participantsOf(ctx, dossier)
	now := s.k.Now()
	return slices.DeleteFunc(all, func(p Participant) bool { return !p.runs(now) }), err
}

// ListReleases reads the releases of an item that the caller may read, the latest first.
func (s *Service) ListReleases(ctx context.Context, dossier, item uuid.UUID, p page.Request) (Within[Page[Release]], error) {
	return pageIn(ctx, s, dossier, p, func(ctx context.Context) ([]Release, error) {
		if _, err := s.findReadable(ctx, dossier, item); err != nil {
			return nil, err
		}
		return listReleases(ctx, item, p)
	})
}

// GetRelease reads one release of an item in a dossier.
func (s *Service) GetRelease(ctx context.Context, dossier, item, id uuid.UUID) (Within[Release], error) {
	return readIn(ctx, s, dossier, func(ctx context.Context) (Release, error) {
		r, err := findRelease(ctx, id)
		if err != nil {
			return r, err
		}
		if r.DossierID != dossier || r.ItemID != item {
			return Release{}, db.NotFound()
		}
		_, err = s.findReadable(ctx, dossier, item)
		return r, err
	})
}

// ReleaseOf reads one release, wherever it is.
func (s *Service) ReleaseOf(ctx context.Context, id uuid.UUID) (in Within[Release], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		r, err := findRelease(ctx, id)
		if err != nil {
			return err
		}
		d, err := s.Require(ctx, r.DossierID)
		if err != nil {
			return err
		}
		if _, err := s.findReadable(ctx, d.ID, r.ItemID); err != nil {
			return err
		}
		in, err = within(ctx, s, d, r)
		return err
	})
	return in, err
}

// WithdrawRelease ends a release; the next request of who saw the item by it fails. The history
// stays. A second withdrawal is problem.Conflict.
func (s *Service) WithdrawRelease(ctx context.Context, key etag.Key, reason string) (in Within[Release], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		r, err := findRelease(ctx, key.ID)
		if err != nil {
			return err
		}
		d, item, err := s.claimItem(ctx, r.DossierID, r.ItemID)
		if err != nil {
			return err
		}
		if err := etag.Check(key.Match, r); err != nil {
			return err
		}
		if r.WithdrawnAt != nil {
			return problem.Errorf(problem.Conflict, "The release was withdrawn before.")
		}
		before := r
		now := s.k.Now()
		r.WithdrawnAt, r.WithdrawnBy, r.WithdrawalReason = &now, decider(ctx), reason
		fields, err := db.Update(ctx, &before, &r)
		if err != nil {
			return err
		}
		event := journal.Event{Name: "release.withdrawn", With: []journal.Subject{{Type: "release", ID: r.ID}}, Fields: fields}
		if err := s.recordItem(ctx, d, item, event); err != nil {
			return err
		}
		in, err = within(ctx, s, d, r)
		return err
	})
	return in, err
}
