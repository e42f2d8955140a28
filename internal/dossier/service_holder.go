package dossier

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/language"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Seat is one kind of regie, who holds it at a moment, and what the municipality proposes for it.
type Seat struct {
	Held
	Substitutes []uuid.UUID // who stood in for him then
	Proposed    *DefaultHolder
}

// Regie is who holds the regie of a dossier at a moment.
type Regie struct {
	DossierID uuid.UUID
	At        time.Time `etag:"-"`
	Phase     *int      // nil before the dossier was opened
	Seats     []Seat    // one of each kind; none before the dossier was opened
}

// RegieAt reads who held which regie at a moment, by default now: one holder of each kind. It fails as reading
// the dossier does, and with problem.Invalid for a moment to come.
func (s *Service) RegieAt(ctx context.Context, dossier uuid.UUID, at *time.Time) (in Within[Regie], err error) {
	now := s.k.Now()
	if at != nil && at.After(now) {
		return in, problem.InvalidParameter("query", "at", "future", "Who holds the regie later is not known yet; ask about now or before.")
	}
	if at != nil {
		now = at.UTC()
	}
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := s.Require(ctx, dossier)
		if err != nil {
			return err
		}
		r, err := s.regieAt(ctx, d, now)
		if err != nil {
			return err
		}
		in, err = within(ctx, s, d, r)
		return err
	})
	return in, err
}

func (s *Service) regieAt(ctx context.Context, d Dossier, at time.Time) (Regie, error) {
	r := Regie{DossierID: d.ID, At: at, Seats: []Seat{}}
	changes, err := allChanges(ctx, d.ID)
	if err != nil {
		return r, err
	}
	held := d.heldAt(changes, at)
	if len(held) == 0 {
		return r, nil
	}
	defaults, err := s.defaultsOf(ctx)
	if err != nil {
		return r, err
	}
	substitutes, err := s.people.StandIns(ctx, holding(held), at)
	if err != nil {
		return r, err
	}
	r.Phase = new(phaseAt(changes, at))
	for _, responsibility := range Responsibilities() {
		seat := Seat{Held: held[responsibility], Proposed: defaults.of(*r.Phase, responsibility)}
		if id := seat.ProfessionalID; id != nil {
			seat.Substitutes = substitutes[*id]
		}
		r.Seats = append(r.Seats, seat)
	}
	return r, nil
}

// holding are the professionals who hold something, each once.
func holding(held map[Responsibility]Held) (ids []uuid.UUID) {
	for _, h := range held {
		if h.ProfessionalID != nil && !slices.Contains(ids, *h.ProfessionalID) {
			ids = append(ids, *h.ProfessionalID)
		}
	}
	return ids
}

// Tenure is a period in which a professional held a kind of regie.
type Tenure struct {
	Responsibility Responsibility
	ProfessionalID uuid.UUID
	Since          time.Time
	Until          *time.Time // nil as long as it lasts
}

// Tenures reads which professionals held which regie of a dossier that the caller may read, and when; the
// earliest first. It needs a transaction.
func (s *Service) Tenures(ctx context.Context, dossier uuid.UUID) (all []Tenure, err error) {
	d, err := s.Require(ctx, dossier)
	if err != nil {
		return nil, err
	}
	changes, err := allChanges(ctx, d.ID)
	return d.tenures(changes), err
}

// tenures follows the holders from change to change.
func (d Dossier) tenures(changes []RegieChange) (all []Tenure) {
	running := map[Responsibility]int{} // place in all
	step := func(at time.Time) {
		held := d.heldAt(changes, at)
		for _, r := range Responsibilities() {
			h, i := held[r].ProfessionalID, -1
			if place, runs := running[r]; runs {
				i = place
			}
			if i >= 0 && h != nil && all[i].ProfessionalID == *h {
				continue
			}
			if i >= 0 {
				all[i].Until = &at
				delete(running, r)
			}
			if h != nil {
				running[r] = len(all)
				all = append(all, Tenure{Responsibility: r, ProfessionalID: *h, Since: at})
			}
		}
	}
	step(d.OpenedAt)
	for _, c := range inOrder(changes) {
		step(c.DecidedAt)
	}
	return all
}

// GetRegieDefaults reads what the municipality proposes on the regie; everybody who belongs to it may.
func (s *Service) GetRegieDefaults(ctx context.Context) (one RegieDefault, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, "municipality.read", RegieDefault{}.Resource()); err != nil {
			return err
		}
		one, err = s.defaultsOf(ctx)
		return err
	})
	return one, err
}

// StagnationDays is after how many days without a finished action a dossier of the municipality stagnates. It
// needs a transaction.
func (s *Service) StagnationDays(ctx context.Context) (int, error) {
	one, err := s.defaultsOf(ctx)
	return one.StagnationDays, err
}

// defaultsOf are the defaults of the caller's municipality, in his language as long as they are the product's.
func (s *Service) defaultsOf(ctx context.Context) (RegieDefault, error) {
	return findRegieDefaults(ctx, language.From(ctx))
}

// SetRegieDefaults replaces the defaults; an administrator of the municipality may. They propose from then on,
// and change nothing in any dossier but what is called stagnation.
func (s *Service) SetRegieDefaults(ctx context.Context, match string, wanted RegieDefault) (one RegieDefault, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		before, err := findRegieDefaults(ctx, language.Dutch)
		if err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, "settings.manage", before.Resource()); err != nil {
			return err
		}
		if err := etag.Check(match, before.tagged()); err != nil {
			return err
		}
		if err := wanted.check(); err != nil {
			return err
		}
		one = before
		one.StagnationDays, one.Holders, one.ChangedAt = wanted.StagnationDays, wanted.Holders, s.k.Now()
		fields, err := saveRegieDefaults(ctx, before, &one)
		if err != nil || len(fields) == 0 {
			return err
		}
		return s.k.Journal.Record(ctx, journal.Event{
			Name: "regie-defaults.changed", Subject: journal.Subject{Type: "regie-defaults", ID: one.ID}, Fields: fields,
		})
	})
	return one, err
}

// tagged is what the entity tag is made of: the same in every language.
func (r RegieDefault) tagged() RegieDefault {
	if r.Inferred() {
		r.Holders = nil
	}
	return r
}

// saveRegieDefaults writes what changed; the first change makes the row.
func saveRegieDefaults(ctx context.Context, before RegieDefault, after *RegieDefault) ([]string, error) {
	if !before.Inferred() {
		return db.Update(ctx, &before, after)
	}
	after.Version = 1
	err := db.Insert(ctx, after)
	if problem.Is(err, problem.Conflict) {
		return nil, problem.Errorf(problem.Stale, "This was changed by somebody else a moment ago; read it again.")
	}
	return []string{"stagnationDays", "holders"}, err
}
