package person

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/access"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
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
// when none is registered or it does not rest on the ground.
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
		if err := s.rests(ctx, p, ground); err != nil {
			return err
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

// rests refuses a ground that the number does not rest on: that under which it is registered, and the Wgs in a dossier under it.
func (s *Service) rests(ctx context.Context, p Seen, ground string) error {
	if ground == p.BSNGround {
		return nil
	}
	in := make([]uuid.UUID, len(p.in))
	for i, role := range p.in {
		in[i] = role.DossierID
	}
	views, err := s.k.Authz.Views(ctx, in...)
	if err != nil {
		return err
	}
	dossiers, err := s.dossiers.FindAll(ctx, in)
	for id, d := range dossiers {
		if ground == string(dossier.Wgs) && d.Basis == dossier.Wgs && views[id].Sees(authz.BSN) {
			return nil
		}
	}
	if err == nil {
		err = problem.Errorf(problem.Conflict, "The number does not rest on this ground: give that under which it is registered, or the Wgs where you see it in a dossier under the Wgs (UAVG 46; Wgs 2.29).")
	}
	return err
}
