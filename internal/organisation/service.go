package organisation

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/configuration"
	"github.com/wijkregie/wijkregie/internal/kernel"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Service is what may happen with who takes part. It is safe for concurrent use.
type Service struct {
	k     kernel.Kernel
	lists *configuration.Service

	mu     sync.Mutex
	names  map[string]*Names // by municipality
	newest map[string]int64  // stamp of the people that was seen last, by municipality

	// ChairMoved lets what follows the chair of a table follow the new one, in the transaction that changes it;
	// the server fills it.
	ChairMoved func(ctx context.Context, t Table) error
}

// New makes the service.
func New(k kernel.Kernel, lists *configuration.Service) *Service {
	return &Service{k: k, lists: lists, names: map[string]*Names{}, newest: map[string]int64{}, ChairMoved: func(context.Context, Table) error { return nil }}
}

// read runs fn in a transaction of somebody who belongs to the municipality.
func (s *Service) read(ctx context.Context, fn func(context.Context) error) error {
	return s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, actRead, authz.Resource{}); err != nil {
			return err
		}
		return fn(ctx)
	})
}

// may tells whether the caller may do the act on the resource; for what he sees of a record.
func (s *Service) may(ctx context.Context, act string, r authz.Resource) (bool, error) {
	allowed, err := s.k.Authz.Allowed(ctx, r, []authz.Operation{{ID: act, Act: act}})
	return len(allowed) > 0, err
}

// keeping runs a change of people such that the municipality keeps its municipal director and its
// administrator for at least as long as it had them: nobody locks everybody out. What was decided
// from older records is decided anew at everybody's next request.
func (s *Service) keeping(ctx context.Context, change func() error) error {
	if err := touchPeople(ctx); err != nil {
		return err
	}
	before, err := lastDays(ctx)
	if err != nil {
		return err
	}
	if err := change(); err != nil {
		return err
	}
	after, err := lastDays(ctx)
	if err != nil {
		return err
	}
	today := s.k.Now().In(s.ZoneOf(ctx))
	for _, role := range []identity.Role{identity.MunicipalDirector, identity.Administrator} {
		day, had := before[role]
		if had && valid(&day, today) && after[role].Before(day) {
			return problem.Errorf(problem.Conflict,
				"Nobody would be left who directs or administers the municipality for as long as now; give somebody else that role first.")
		}
	}
	return nil
}

// record audits a change of the municipality's own records.
func (s *Service) record(ctx context.Context, event, kind string, id uuid.UUID, fields []string) error {
	return s.k.Journal.Record(ctx, journal.Event{Name: event, Subject: journal.Subject{Type: kind, ID: id}, Fields: fields})
}

// today is the date in the municipality.
func (s *Service) today(ctx context.Context) time.Time { return s.k.Now().In(s.ZoneOf(ctx)) }
