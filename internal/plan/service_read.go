package plan

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// Seen is an action as the caller sees it, with what he may do with it.
type Seen struct {
	Action
	Completion *Completion // how it was completed; nil while it is open
	IsOverdue  bool
	Ref        dossier.Ref
	Allowed    []string // operations; nil in lists
	Tag        string
}

// Get reads one action. It fails with problem.NotFound when the caller may not read it.
func (s *Service) Get(ctx context.Context, id uuid.UUID) (seen Seen, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		a, err := s.read(ctx, id)
		if err != nil {
			return err
		}
		seen, err = s.see(ctx, a)
		return err
	})
	return seen, err
}

// read finds an action that the caller may read.
func (s *Service) read(ctx context.Context, id uuid.UUID) (Action, error) {
	a, err := find(ctx, id)
	if err != nil {
		return a, err
	}
	return a, s.k.Authz.Require(ctx, actRead, a.Resource())
}

// List reads a page of the actions that the caller may read, the earliest term first.
func (s *Service) List(ctx context.Context, f Filter, p page.Request) (seen []Seen, next *string, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		zone, err := s.people.Zone(ctx)
		if err != nil {
			return err
		}
		rows, err := list(ctx, f, s.today(zone), p)
		if err != nil {
			return err
		}
		rows, next = page.Cut(rows, p.Limit, func(a Action) page.Cursor { return page.At(a.DueDate, a.ID) })
		seen, err = s.seeAll(ctx, rows)
		return err
	})
	return seen, next, err
}

// see is one action as the caller sees it, with what he may do.
func (s *Service) see(ctx context.Context, a Action) (Seen, error) {
	all, err := s.seeAll(ctx, []Action{a})
	if err != nil {
		return Seen{}, err
	}
	if len(all) == 0 { // the rule in memory refused what the database gave
		return Seen{}, db.NotFound()
	}
	all[0].Allowed, err = s.k.Authz.Allowed(ctx, a.Resource(), a.operations())
	return all[0], err
}

// See cuts actions that an area uphill read to what the caller may see. It needs a transaction.
func (s *Service) See(ctx context.Context, rows []Action) ([]Seen, error) { return s.seeAll(ctx, rows) }

// seeAll holds actions against the rule in memory, which drops what it refuses, and adds what is
// shown beside them.
func (s *Service) seeAll(ctx context.Context, rows []Action) ([]Seen, error) {
	rows, err := s.readable(ctx, rows)
	if err != nil || len(rows) == 0 {
		return []Seen{}, err
	}
	zone, err := s.people.Zone(ctx)
	if err != nil {
		return nil, err
	}
	refs, err := s.dossiers.Refs(ctx, dossiersOf(rows))
	if err != nil {
		return nil, err
	}
	completions, err := completionsOf(ctx, rows)
	if err != nil {
		return nil, err
	}
	seen := make([]Seen, len(rows))
	for i, a := range rows {
		seen[i] = Seen{Action: a, IsOverdue: a.Overdue(s.today(zone)), Ref: refs[a.DossierID], Tag: etag.Of(a)}
		if c, there := completions[a.ID]; there {
			seen[i].Completion = &c
		}
	}
	return seen, nil
}

func (s *Service) readable(ctx context.Context, rows []Action) ([]Action, error) {
	views, err := s.k.Authz.Views(ctx, dossiersOf(rows)...)
	if err != nil {
		return nil, err
	}
	kept := make([]Action, 0, len(rows))
	for _, a := range rows {
		if !views[a.DossierID].Reads(a.Resource()) {
			s.k.Authz.Dropped(ctx, "action")
			continue
		}
		kept = append(kept, a)
	}
	return kept, nil
}

func dossiersOf(rows []Action) []uuid.UUID {
	ids, in := make([]uuid.UUID, 0, len(rows)), map[uuid.UUID]bool{}
	for _, a := range rows {
		if !in[a.DossierID] {
			in[a.DossierID] = true
			ids = append(ids, a.DossierID)
		}
	}
	return ids
}

// Figures counts the actions of a dossier.
type Figures struct {
	Open, Overdue, Done int
	LastChangeAt        *time.Time
}

// Figures counts per dossier the actions that the caller may read; today is a date. Dossiers
// without any are not in it.
func (s *Service) Figures(ctx context.Context, dossiers []uuid.UUID, today time.Time) (all map[uuid.UUID]Figures, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		all, err = s.FiguresLater(ctx, dossiers, today)()
		return err
	})
	return all, err
}

// FiguresLater is Figures for who asks more: its query goes along with the next. It needs a
// transaction.
func (s *Service) FiguresLater(ctx context.Context, dossiers []uuid.UUID, today time.Time) func() (map[uuid.UUID]Figures, error) {
	counted := count(ctx, dossiers, today)
	return func() (map[uuid.UUID]Figures, error) {
		rows, err := counted.Rows()
		if err != nil {
			return nil, err
		}
		views, err := s.k.Authz.Views(ctx, dossiers...)
		if err != nil {
			return nil, err
		}
		all := make(map[uuid.UUID]Figures, len(rows))
		for _, row := range rows {
			if !views[row.DossierID].Reads(Action{DossierID: row.DossierID, PartnerID: row.PartnerID}.Resource()) {
				s.k.Authz.Dropped(ctx, "action figures")
				continue
			}
			all[row.DossierID] = all[row.DossierID].plus(row)
		}
		return all, nil
	}
}

func (f Figures) plus(row counted) Figures {
	f.Open, f.Overdue, f.Done = f.Open+row.Open, f.Overdue+row.Overdue, f.Done+row.Done
	if f.LastChangeAt == nil || row.ChangedAt.After(*f.LastChangeAt) {
		f.LastChangeAt = &row.ChangedAt
	}
	return f
}

// Today is the date of today in the municipality's time zone, as Figures wants it.
func (s *Service) Today(ctx context.Context) (time.Time, error) {
	zone, err := s.people.Zone(ctx)
	if err != nil {
		return time.Time{}, err
	}
	return s.today(zone), nil
}

// Brief reads the actions of a dossier for its situation report: open ones first, by term, at most
// page.Max.
func (s *Service) Brief(ctx context.Context, dossier uuid.UUID) (seen []Seen, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		rows, err := brief(ctx, dossier)
		if err != nil {
			return err
		}
		seen, err = s.seeAll(ctx, rows)
		return err
	})
	return seen, err
}

// Visible tells of actions what they are about, by id; those that the caller may not read are not
// in it.
func (s *Service) Visible(ctx context.Context, ids []uuid.UUID) (about map[uuid.UUID]string, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		rows, err := withIDs(ctx, "id", ids)
		if err != nil {
			return err
		}
		if rows, err = s.readable(ctx, rows); err != nil {
			return err
		}
		about = make(map[uuid.UUID]string, len(rows))
		for _, a := range rows {
			about[a.ID] = a.Description
		}
		return nil
	})
	return about, err
}

// ByDecision reads per decision the actions that carry it out, as far as the caller may read them.
func (s *Service) ByDecision(ctx context.Context, decisions []uuid.UUID) (all map[uuid.UUID][]Seen, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		rows, err := withIDs(ctx, "decision_id", decisions)
		if err != nil {
			return err
		}
		seen, err := s.seeAll(ctx, rows)
		if err != nil {
			return err
		}
		all = map[uuid.UUID][]Seen{}
		for _, a := range seen {
			all[*a.DecisionID] = append(all[*a.DecisionID], a)
		}
		return nil
	})
	return all, err
}
