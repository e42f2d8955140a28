package organisation

import (
	"context"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// FindSettings reads what the municipality has set, for an area uphill. It needs a transaction.
func (s *Service) FindSettings(ctx context.Context) (Setting, error) { return findSetting(ctx) }

// GetSettings reads what the municipality has set; everybody who belongs to it may.
func (s *Service) GetSettings(ctx context.Context) (one Setting, err error) {
	err = s.read(ctx, func(ctx context.Context) error {
		one, err = findSetting(ctx)
		return err
	})
	return one, err
}

// UpdateSettings changes the settings; an administrator of the municipality may. They count for what is
// decided from then on: what was opened under the old ones stays as it is.
func (s *Service) UpdateSettings(ctx context.Context, match string, edit func(*Setting)) (one Setting, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if one, err = findSetting(ctx); err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actManageSettings, one.Resource()); err != nil {
			return err
		}
		if err := etag.Check(match, one); err != nil {
			return err
		}
		before := one
		edit(&one)
		if err := one.check(); err != nil || len(one.changed(before)) == 0 {
			return err
		}
		if one.harder(before) {
			if err := touchPeople(ctx); err != nil {
				return err
			}
		}
		one.ChangedAt = s.k.Now()
		fields, err := saveSetting(ctx, before, &one)
		if err != nil {
			return err
		}
		return s.record(ctx, "settings.changed", "settings", one.ID, fields)
	})
	return one, err
}

// saveSetting writes what changed; the first change makes the row.
func saveSetting(ctx context.Context, before Setting, after *Setting) ([]string, error) {
	if before.Version > 0 {
		return db.Update(ctx, &before, after)
	}
	after.Version = 1
	err := db.Insert(ctx, after)
	if problem.Is(err, problem.Conflict) {
		return nil, problem.Errorf(problem.Stale, "This was changed by somebody else a moment ago; read it again.")
	}
	return after.changed(before), err
}
