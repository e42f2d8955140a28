package dossier

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// ListEmergencies reads the emergency accesses to a dossier, the latest first: all of them for who may see
// who has access, their own for others.
func (s *Service) ListEmergencies(ctx context.Context, dossier uuid.UUID, p page.Request) (Within[Page[SeenEmergency]], error) {
	return pageIn(ctx, s, dossier, p, func(ctx context.Context) ([]SeenEmergency, error) {
		who, err := identity.From(ctx)
		if err != nil {
			return nil, err
		}
		r := authz.Resource{ID: dossier, Dossier: dossier, Category: authz.Core}
		all, err := s.k.Authz.Allowed(ctx, r, []authz.Operation{{Act: actAccess}})
		if err != nil {
			return nil, err
		}
		f := EmergencyFilter{DossierID: &dossier}
		if len(all) == 0 {
			f.ProfessionalID = &who.Professional
		}
		rows, err := listEmergencies(ctx, f, s.today(ctx), p)
		return s.timely(ctx, rows), err
	})
}

// OverseeEmergencies reads the emergency accesses of the municipality, the latest first, with what the
// caller may know of their dossiers. It fails with problem.Forbidden for others than municipal director
// and privacy officer.
func (s *Service) OverseeEmergencies(ctx context.Context, f EmergencyFilter, p page.Request) (found Page[Within[SeenEmergency]], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, actOversee, authz.Resource{}); err != nil {
			return err
		}
		rows, err := listEmergencies(ctx, f, s.today(ctx), p)
		if err != nil {
			return err
		}
		rows, found.Next = page.Cut(rows, p.Limit, EmergencyAccess.place)
		ids := make([]uuid.UUID, len(rows))
		for i, e := range rows {
			ids[i] = e.DossierID
		}
		refs, err := s.Refs(ctx, ids)
		for _, e := range s.timely(ctx, rows) {
			in := Within[SeenEmergency]{Row: e, Dossier: Ref{ID: e.DossierID, Number: e.DossierNumber, Title: refs[e.DossierID].Title}}
			found.Rows = append(found.Rows, in)
		}
		return err
	})
	return found, err
}

// FindForMeeting finds a dossier for who leads a meeting, to put it on the agenda or to decide in it. It fails
// with problem.NotFound for what he does not know, and with problem.Forbidden for who let himself in: that is
// to see what cannot wait, not to direct.
func (s *Service) FindForMeeting(ctx context.Context, id uuid.UUID) (Dossier, error) {
	d, err := find(ctx, id)
	if err != nil {
		return d, err
	}
	only, err := inEmergency(ctx, id)
	if err == nil && only {
		err = problem.Errorf(problem.Forbidden, "You are in this dossier by emergency access; who takes part in it leads the deliberation on it.")
	}
	return d, err
}

// GetEmergency reads one emergency access; who took it may, also when it has ended. It fails with
// problem.NotFound, or problem.Shielded when its dossier is closed.
func (s *Service) GetEmergency(ctx context.Context, dossier, id uuid.UUID) (in Within[SeenEmergency], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		e, err := s.emergency(ctx, dossier, id)
		if err != nil {
			return err
		}
		d := Dossier{ID: e.DossierID, Number: e.DossierNumber}
		view, err := s.k.Authz.View(ctx, dossier)
		if err != nil {
			return err
		}
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		if view.Known() && !who.Is(e.ProfessionalID, s.k.Now()) {
			if d, err = s.Require(ctx, dossier); err != nil {
				return err
			}
		}
		in, err = s.seeEmergency(ctx, d, e)
		return err
	})
	return in, err
}

// emergency finds an access that the caller may know of: his own, one in a dossier where he sees who has
// access, or any for who oversees them.
func (s *Service) emergency(ctx context.Context, dossier, id uuid.UUID) (e EmergencyAccess, err error) {
	who, err := identity.From(ctx)
	if err != nil {
		return e, err
	}
	if e, err = findEmergency(ctx, dossier, id); err != nil || who.Is(e.ProfessionalID, s.k.Now()) {
		return e, err
	}
	oversees, err := s.k.Authz.Allowed(ctx, authz.Resource{}, []authz.Operation{{Act: actOversee}})
	if err != nil || len(oversees) > 0 {
		return e, err
	}
	err = s.k.Authz.Require(ctx, actAccess, authz.Resource{ID: dossier, Dossier: dossier, Category: authz.Core})
	if problem.Is(err, problem.Forbidden) {
		err = db.NotFound()
	}
	return e, err
}

// seeEmergency is one access with what the caller may do with it, beside its dossier.
func (s *Service) seeEmergency(ctx context.Context, d Dossier, e EmergencyAccess) (in Within[SeenEmergency], err error) {
	who, err := identity.From(ctx)
	if err != nil {
		return in, err
	}
	seen := s.timely(ctx, []EmergencyAccess{e})[0]
	may, err := s.k.Authz.Allowed(ctx, e.resource(), e.operations(who, s.k.Now()))
	if err != nil {
		return in, err
	}
	seen.Allowed = append([]string{"getEmergencyAccess"}, may...)
	return within(ctx, s, d, seen)
}

// timely says of accesses whether their review is overdue.
func (s *Service) timely(ctx context.Context, rows []EmergencyAccess) []SeenEmergency {
	today := s.today(ctx)
	seen := make([]SeenEmergency, len(rows))
	for i, e := range rows {
		seen[i] = SeenEmergency{EmergencyAccess: e, Overdue: e.overdue(today)}
	}
	return seen
}

// today is the date in the municipality.
func (s *Service) today(ctx context.Context) time.Time {
	return organisation.DateOf(s.k.Now(), s.people.ZoneOf(ctx))
}
