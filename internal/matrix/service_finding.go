package matrix

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// DraftFindings gives what is found in the draft as it would be published now, for who may draft. It
// fails with problem.NotFound when there is none.
func (s *Service) DraftFindings(ctx context.Context) (found []Finding, err error) {
	err = s.draft(ctx, actDraft, func(ctx context.Context, who identity.Identity) error {
		d, err := findDraft(ctx, who.Municipality)
		if err != nil {
			return err
		}
		found, err = s.findings(ctx, d.Cells, nil)
		return err
	})
	return found, err
}

// VersionFindings gives what is found in a version when it would be restored now, for who may draft. It
// fails with problem.NotFound.
func (s *Service) VersionFindings(ctx context.Context, number int64) (found []Finding, err error) {
	err = s.draft(ctx, actDraft, func(ctx context.Context, who identity.Identity) error {
		p, err := findPublished(ctx, who.Municipality, number)
		if err != nil {
			return err
		}
		found, err = s.findings(ctx, p.Cells, nil)
		return err
	})
	return found, err
}

// findings holds cells against every rule, with what is so at this moment.
func (s *Service) findings(ctx context.Context, cells []authz.Cell, consents []Consent) ([]Finding, error) {
	who, err := identity.From(ctx)
	if err != nil {
		return nil, err
	}
	l := lint{cells: newSnapshot(uuid.Nil, cells), consents: consents, types: s.lists.PartnerType}
	if l.partners, err = s.people.ActivePartners(ctx); err != nil {
		return nil, err
	}
	zone, err := s.people.Zone(ctx)
	if err != nil {
		return nil, err
	}
	l.today = organisation.DateOf(s.k.Now(), zone)
	current, err := inForce(ctx, who.Municipality)
	if err != nil {
		return nil, err
	}
	if current.ID != nil {
		if l.current, err = s.snapshot(ctx, who.Municipality, *current.ID, current.Number); err != nil {
			return nil, err
		}
	}
	if err := s.ask(ctx, who, &l); err != nil {
		return nil, err
	}
	return l.run()
}

// ask reads what other areas keep of the whole municipality. The director need not see those dossiers to
// be told how many there are, so it is the system that counts.
func (s *Service) ask(ctx context.Context, who identity.Identity, l *lint) error {
	ctx = identity.With(db.Apart(ctx), identity.System(who.Municipality, "matrix findings"))
	return s.k.DB.Tx(ctx, func(ctx context.Context) (err error) {
		if s.OpenActions != nil {
			if l.duties, err = s.OpenActions(ctx); err != nil {
				return err
			}
		}
		if s.Suppliers != nil {
			if l.suppliers, err = s.Suppliers(ctx); err != nil {
				return err
			}
		}
		if s.Advised == nil {
			return nil
		}
		if l.advised, err = s.Advised(ctx); err != nil {
			return err
		}
		l.given, err = everGiven(ctx)
		return err
	})
}
