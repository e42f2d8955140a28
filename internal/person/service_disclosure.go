package person

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/access"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Disclosure is a citizen service number that was given whole.
type Disclosure struct {
	Number string
	At     time.Time
}

// Disclose gives the citizen service number of a person whole, for a purpose and on a ground (UAVG 46; Wabb 10; Wgs 2.29),
// which the access log keeps. It fails with problem.Forbidden for who does not see the number, and with problem.Conflict
// when none is registered.
func (s *Service) Disclose(ctx context.Context, id uuid.UUID, purpose, ground string) (d Disclosure, err error) {
	access.For(ctx, purpose+" "+ground)
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		p, err := s.find(ctx, id)
		if err != nil {
			return err
		}
		access.Saw(ctx, "bsn", p.ID)
		if !p.SeesBSN {
			return problem.Errorf(problem.Forbidden, "You do not see the citizen service number of this person (UAVG 46; Wgs 2.29).")
		}
		if p.BSNSealed == nil {
			return problem.Errorf(problem.Conflict, "No citizen service number of this person is registered.")
		}
		number, err := s.k.Secrets.Open(p.stored.place(), p.BSNSealed)
		if err != nil {
			return err
		}
		d = Disclosure{Number: string(number), At: s.k.Now()}
		return s.k.Journal.Record(ctx, journal.Event{Name: "person.bsn-disclosed", Subject: of(p.stored), Supplier: p.SupplierID})
	})
	return d, err
}
