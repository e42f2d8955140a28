package alert

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

const actPrefer = "alert.prefer"

// Preferences reads how the caller wishes to be told. It fails with problem.Forbidden for a system.
func (s *Service) Preferences(ctx context.Context) (p Preference, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := person(ctx)
		if err != nil {
			return err
		}
		p, err = findPreference(ctx, who.Municipality, who.Professional)
		return err
	})
	return p, err
}

// Prefer changes how the caller wishes to be told of what happens from now on. It fails with problem.Forbidden for a
// system, problem.Invalid for quiet hours that are none, and problem.Stale when they changed meanwhile.
func (s *Service) Prefer(ctx context.Context, match string, edit func(*Preference)) (p Preference, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := person(ctx)
		if err != nil {
			return err
		}
		if p, err = findPreference(ctx, who.Municipality, who.Professional); err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actPrefer, authz.Resource{ID: who.Professional, Self: who.Professional}); err != nil {
			return err
		}
		if err := etag.Check(match, p); err != nil {
			return err
		}
		before := p
		edit(&p)
		if err := p.check(); err != nil {
			return err
		}
		p.ChangedAt = s.k.Now()
		fields, err := savePreference(ctx, before, &p)
		if err != nil || len(fields) == 0 {
			return err
		}
		return s.k.Journal.Record(ctx, journal.Event{Name: "alert.preferred", Subject: journal.Subject{Type: "alert-preferences", ID: p.ID}, Fields: fields})
	})
	return p, err
}

// savePreference writes what changed; the first change makes the row.
func savePreference(ctx context.Context, before Preference, after *Preference) ([]string, error) {
	if before.Version > 0 {
		return db.Update(ctx, &before, after)
	}
	after.Version = 1
	err := db.Insert(ctx, after)
	if problem.Is(err, problem.Conflict) {
		return nil, problem.Errorf(problem.Stale, "This was changed by somebody else a moment ago; read it again.")
	}
	return []string{"email", "quietFrom", "quietUntil"}, err
}

// wishes are how many wish to be told.
type wishes map[uuid.UUID]Preference

// of is how one of them does.
func (w wishes) of(municipality string, professional uuid.UUID) Preference {
	if p, there := w[professional]; there {
		return p
	}
	return wish(municipality, professional)
}
