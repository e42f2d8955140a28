package dossier

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// FollowTable gives the dossiers of a table that do not have a chair of their own its new chair, with
// everything that follows from it; `by` is who changed the table. Where the new chair cannot take part, nobody
// chairs until the municipal director appoints somebody. It needs a transaction of the product itself: who
// manages tables need not know the dossiers.
func (s *Service) FollowTable(ctx context.Context, t organisation.Table, by uuid.UUID) error {
	ids, err := atTable(ctx, t.ID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		d, err := hold(ctx, id)
		if err != nil {
			return err
		}
		if d.mustBeOpen() != nil {
			continue
		}
		before := d
		with, err := s.follow(ctx, &d, t, by)
		if err != nil {
			return err
		}
		if len(with) == 0 {
			continue
		}
		if err := s.save(ctx, before, &d, journal.Event{Name: "regie.changed", With: with}); err != nil {
			return err
		}
	}
	return nil
}

// follow makes the chair of a table that of a dossier that has none of its own, and tells what it wrote.
func (s *Service) follow(ctx context.Context, d *Dossier, t organisation.Table, by uuid.UUID) ([]journal.Subject, error) {
	changes, err := allChanges(ctx, d.ID)
	if err != nil || ownChair(changes) {
		return nil, err
	}
	chair, err := s.people.FindProfessional(ctx, t.ChairID)
	if err != nil {
		return nil, err
	}
	holder := Holder{Responsibility: Chairing, Kind: ByProfessional, ProfessionalID: &chair.ID}
	fits := chair.Has(identity.Chair) && chair.ValidOn(s.k.Now().In(s.people.ZoneOf(ctx)))
	var joined []journal.Subject
	if fits {
		joined, err = s.appoint(ctx, *d, "/tableId", &chair.ID, identity.Chair)
	}
	if !fits || problem.Is(err, problem.Conflict) || problem.Is(err, problem.Invalid) {
		holder, err = Holder{Responsibility: Chairing, Kind: ByNobody}, nil
	}
	if err != nil || same(d.ChairID, holder.ProfessionalID) {
		return joined, err
	}
	c := RegieChange{
		MunicipalityID: d.MunicipalityID, ID: uuid.Must(uuid.NewV7()), DossierID: d.ID, FromPhase: &d.RegiePhase, FromChairID: d.ChairID,
		ChairID: holder.ProfessionalID, Holders: []Holder{holder}, ByTable: &t.ID, DecidedBy: by, DecidedAt: s.k.Now(),
	}
	d.ChairID = holder.ProfessionalID
	if err := db.Insert(ctx, &c); err != nil {
		return nil, err
	}
	return append([]journal.Subject{{Type: "regie-change", ID: c.ID}}, joined...), s.readmit(ctx, *d)
}

func same(a, b *uuid.UUID) bool { return a == b || a != nil && b != nil && *a == *b }

// sit puts a dossier at another table, whose chair it gets when it has none of its own. Who may not decide on the
// chair does not change him so: a case director would choose, or become, the one who decides on him. A dossier that
// leaves every table keeps its chair until another is appointed.
func (s *Service) sit(ctx context.Context, before Dossier, d *Dossier) ([]journal.Subject, error) {
	if d.TableID == nil || same(before.TableID, d.TableID) {
		return nil, nil
	}
	t, err := s.people.FindTable(ctx, *d.TableID)
	if err != nil {
		return nil, problem.InvalidField("/tableId", "reference", "There is no such table.")
	}
	if before.ChairID != nil {
		may, err := s.k.Authz.Allowed(ctx, d.Resource(), []authz.Operation{{ID: "changeRegie", Act: actDirect}})
		if err != nil || len(may) == 0 {
			return nil, err
		}
	}
	by, _, err := s.decides(ctx)
	if err != nil {
		return nil, err
	}
	return s.follow(ctx, d, t, by)
}
