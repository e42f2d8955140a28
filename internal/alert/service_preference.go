package alert

import (
	"context"
	"strconv"

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
// system, problem.Invalid for quiet hours that are none and for rules about what he does not know, and problem.Stale when they changed meanwhile.
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
		if err := s.checkRules(ctx, p.Rules); err != nil {
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

// checkRules refuses rules that limit nothing, or name a kind, theme, neighbourhood or dossier that the caller does not know.
func (s *Service) checkRules(ctx context.Context, rules []Rule) error {
	var f problem.Faults
	var dossiers []uuid.UUID
	for _, r := range rules {
		dossiers = append(dossiers, r.DossierIDs...)
	}
	known, err := s.m.Dossiers.Refs(ctx, dossiers)
	if err != nil {
		return err
	}
	for i, r := range rules {
		r.check(ruleAt(i), &f)
		note(&f, ruleAt(i)+"/kinds/", r.Kinds, "There is no such kind of event; see GET /v1/code-lists/event-kinds.", func(kind string) bool {
			_, is := s.labels[kind]
			return is
		})
		note(&f, ruleAt(i)+"/themes/", r.Themes, "There is no such theme; see GET /v1/code-lists/themes.", func(theme string) bool { return s.m.Lists.Has("themes", theme) })
		note(&f, ruleAt(i)+"/dossierIds/", r.DossierIDs, "There is no such dossier, or you do not take part in it.", func(id uuid.UUID) bool {
			_, is := known[id]
			return is
		})
		for n, code := range r.NeighbourhoodCodes {
			there, err := s.m.People.HasNeighbourhood(ctx, code)
			if err != nil {
				return err
			}
			if !there {
				f.Note(ruleAt(i)+"/neighbourhoodCodes/"+strconv.Itoa(n), "reference", "There is no such neighbourhood in this municipality.")
			}
		}
	}
	return f.Err()
}

// note names the values of a list that are not known.
func note[T any](f *problem.Faults, pointer string, list []T, text string, known func(T) bool) {
	for i, value := range list {
		if !known(value) {
			f.Note(pointer+strconv.Itoa(i), "reference", text)
		}
	}
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
	return []string{"email", "quietFrom", "quietUntil", "rules"}, err
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
