package dossier

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/configuration"
	"github.com/wijkregie/wijkregie/internal/kernel"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// Service is what may happen with dossiers.
type Service struct {
	k      kernel.Kernel
	lists  *configuration.Service
	people *organisation.Service
	cells  *matrix.Service

	// Figures counts what areas uphill keep in dossiers, under the caller's rights; the server fills it.
	Figures func(ctx context.Context, dossiers []uuid.UUID) (map[uuid.UUID]Figures, error)
	// BeforeClose refuses to end a dossier in which areas uphill keep something unfinished; the server fills it.
	BeforeClose func(ctx context.Context, d Dossier) error
	// Breached opens a data breach for what its supplier took back as one, in the same transaction; the server fills it.
	Breached func(ctx context.Context, b Breach) error
	// Readers are the professionals who can read an item of the caller; the server fills it.
	Readers func(ctx context.Context, dossier, item uuid.UUID) ([]uuid.UUID, error)
}

// New makes the service.
func New(k kernel.Kernel, lists *configuration.Service, people *organisation.Service, cells *matrix.Service) *Service {
	return &Service{
		k: k, lists: lists, people: people, cells: cells,
		Figures:     func(context.Context, []uuid.UUID) (map[uuid.UUID]Figures, error) { return nil, nil },
		BeforeClose: func(context.Context, Dossier) error { return nil },
		Breached:    func(context.Context, Breach) error { return nil },
		Readers:     func(context.Context, uuid.UUID, uuid.UUID) ([]uuid.UUID, error) { return nil, nil },
	}
}

// Seen is a dossier as the caller sees it, with its figures and what he may do with it.
type Seen struct {
	Dossier
	Figures Figures
	Titled  bool     // whether title and location are visible
	Allowed []string // operations; nil in lists
	Tag     string
}

// Find reads a dossier that the caller knows, inside a transaction. It fails with problem.NotFound.
func (s *Service) Find(ctx context.Context, id uuid.UUID) (Dossier, error) { return find(ctx, id) }

// Hold reads a dossier as Find does, and lets nobody else change it, or what areas uphill keep in it under the same
// hold, until the transaction ends. It fails with problem.NotFound.
func (s *Service) Hold(ctx context.Context, id uuid.UUID) (Dossier, error) { return hold(ctx, id) }

// Require decides on an act on the dossier's core for an area uphill; see authz.Require.
func (s *Service) Require(ctx context.Context, id uuid.UUID) (Dossier, error) {
	d, err := s.find(ctx, id)
	if err != nil {
		return d, err
	}
	return d, s.k.Authz.Require(ctx, actRead, d.Resource())
}

// Get reads one dossier. It fails with problem.NotFound, or problem.Shielded when it is closed.
func (s *Service) Get(ctx context.Context, id uuid.UUID) (seen Seen, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := s.Require(ctx, id)
		if err != nil {
			return err
		}
		seen, err = s.see(ctx, d)
		return err
	})
	return seen, err
}

// List reads a page of the dossiers that the caller may read.
func (s *Service) List(ctx context.Context, f Filter, p page.Request) (found Page[Seen], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		rows, err := list(ctx, f, p)
		if err != nil {
			return err
		}
		rows, found.Next = page.Cut(rows, p.Limit, f.place)
		found.Rows, err = s.seeAll(ctx, rows)
		return err
	})
	return found, err
}

// Opening is what a new dossier starts with.
type Opening struct {
	Type              Type
	Title             string
	Basis             Basis
	Purpose           string
	NeighbourhoodCode *string
	Location          *Location
	Particulars       *Particulars
	Themes            []string
	TableID           *uuid.UUID
	ExternalReference string
}

// Open makes a dossier in status intake: the opener takes part by name and directs it until a case
// director is appointed; the chair of its table is its chair. It fails with problem.Forbidden when
// the legal basis does not let the caller's organisation take part.
func (s *Service) Open(ctx context.Context, o Opening) (seen Seen, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		d := o.dossier(who, s.k.Now())
		if err := s.k.Authz.Require(ctx, actOpen, authz.Resource{ID: d.ID}); err != nil {
			return err
		}
		participants, err := s.prepare(ctx, &d, who)
		if err != nil {
			return err
		}
		if d.Number, err = nextNumber(ctx, who.Municipality, s.k.Now().In(s.people.ZoneOf(ctx))); err != nil {
			return err
		}
		if err := s.insert(ctx, d, participants); err != nil {
			return err
		}
		if err := s.recordIn(ctx, d, journal.Event{Name: "dossier.opened", With: subjects(participants...)}); err != nil {
			return err
		}
		seen, err = s.see(ctx, d)
		return err
	})
	return seen, err
}

func (o Opening) dossier(who identity.Identity, now time.Time) Dossier {
	return Dossier{
		MunicipalityID: who.Municipality, ID: uuid.Must(uuid.NewV7()), Version: 1, Type: o.Type, Title: o.Title, Status: Intake, Basis: o.Basis,
		Purpose: o.Purpose, NeighbourhoodCode: o.NeighbourhoodCode, Location: o.Location, Particulars: o.Particulars, Themes: o.Themes, RegiePhase: 1,
		OpenedBy: who.Professional, TableID: o.TableID, ExternalReference: o.ExternalReference, OpenedAt: now, ChangedAt: now,
	}
}

// prepare checks a new dossier against what it refers to, and says who takes part from the start.
func (s *Service) prepare(ctx context.Context, d *Dossier, who identity.Identity) ([]Participant, error) {
	if !authz.Enters(who, authz.Profile(string(d.Type), string(d.Basis))) {
		return nil, problem.Errorf(problem.Forbidden, "Your organisation cannot take part on this legal basis; see GET /v1/me for your rights.")
	}
	if err := s.check(ctx, *d); err != nil {
		return nil, err
	}
	participants := []Participant{newParticipant(*d, who.Partner, who.Professional)}
	if d.TableID == nil {
		return participants, nil
	}
	table, err := s.people.HoldTable(ctx, *d.TableID)
	if err != nil {
		return nil, problem.InvalidField("/tableId", "reference", "There is no such table.")
	}
	chair, err := s.people.FindProfessional(ctx, table.ChairID)
	if err != nil {
		return nil, err
	}
	if !chair.Has(identity.Chair) || !chair.ValidOn(s.k.Now().In(s.people.ZoneOf(ctx))) {
		return participants, nil // the table outlives his role; the municipal director appoints another
	}
	d.ChairID = &chair.ID
	return s.withLead(ctx, *d, participants, chair.ID)
}

func (s *Service) insert(ctx context.Context, d Dossier, participants []Participant) error {
	if err := db.Insert(ctx, &d); err != nil {
		return err
	}
	if err := saveAdmissions(ctx, admissionsOf(d, ways{participants: participants}, db.DirectorHolder), s.k.Now()); err != nil {
		return err
	}
	authz.Forget(ctx, d.ID)
	for i := range participants {
		if err := db.Insert(ctx, &participants[i]); err != nil {
			return err
		}
	}
	return nil
}

// Update changes the core of a dossier by what edit does to it. A caller who does not see title and
// location cannot change them: problem.Forbidden.
func (s *Service) Update(ctx context.Context, key etag.Key, edit func(*Dossier)) (seen Seen, err error) {
	return s.change(ctx, key, actChange, "dossier.changed", func(ctx context.Context, d *Dossier) ([]journal.Subject, error) {
		before := *d
		view, err := s.k.Authz.View(ctx, d.ID)
		if err != nil {
			return nil, err
		}
		if err := d.edit(view.Sees(authz.Identity), edit); err != nil {
			return nil, err
		}
		if err := s.check(ctx, *d); err != nil {
			return nil, err
		}
		return s.sit(ctx, before, d)
	})
}

// rule changes a dossier, and tells what else it wrote.
type rule func(context.Context, *Dossier) (with []journal.Subject, err error)

// change is the one way a dossier changes: found, allowed, unchanged since it was read, changed,
// saved, recorded.
func (s *Service) change(ctx context.Context, key etag.Key, act, event string, apply rule) (seen Seen, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := s.claim(ctx, key, act)
		if err != nil {
			return err
		}
		before := d
		with, err := apply(ctx, &d)
		if err != nil {
			return err
		}
		e := journal.Event{Name: event, With: with, InNameOf: s.inNameOf(ctx, before.mayDo(act)...)}
		if err := s.save(ctx, before, &d, e); err != nil {
			return err
		}
		seen, err = s.see(ctx, d)
		return err
	})
	return seen, err
}

// claim finds a dossier for a change: known, allowed, open, and as the caller read it.
func (s *Service) claim(ctx context.Context, key etag.Key, act string) (Dossier, error) {
	d, err := hold(ctx, key.ID)
	if err != nil {
		return d, err
	}
	if err := s.k.Authz.Require(ctx, act, d.Resource()); err != nil {
		return d, err
	}
	view, err := s.k.Authz.View(ctx, d.ID)
	if err != nil {
		return d, err
	}
	if err := etag.Check(key.Match, d.seenBy(view)); err != nil {
		return d, err
	}
	return d, d.mustBeOpen()
}

// save writes a change, and records it when it changed or wrote anything. What it changes for who sees
// whom the dossier is about moves no time of others and is told apart.
func (s *Service) save(ctx context.Context, before Dossier, d *Dossier, e journal.Event) error {
	d.stamp(before, s.k.Now())
	fields, err := db.Update(ctx, &before, d)
	if err != nil {
		return err
	}
	core, hidden := split(fields)
	if len(core)+len(e.With) > 0 {
		e.Fields = core
		err = s.recordIn(ctx, *d, e)
	}
	if err != nil || len(hidden) == 0 {
		return err
	}
	category := int(authz.Identity)
	e.Fields, e.Category, e.With = hidden, &category, nil
	return s.recordIn(ctx, *d, e)
}
