package privacy

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// DataBreaches are breaches as their reader sees them.
type DataBreaches struct {
	Rows    []DataBreach
	Next    *string
	Now     time.Time
	Allowed []string // of a single one
}

// NewDataBreach is what its keeper records of a breach.
type NewDataBreach struct {
	DiscoveredAt time.Time
	Description  string
	DossierID    *uuid.UUID
	ItemID       *uuid.UUID
}

// RecordDataBreach records a breach (AVG 33(5)). It fails with problem.Invalid for a discovery to come, and for a dossier or an item
// that is not there.
func (s *Service) RecordDataBreach(ctx context.Context, n NewDataBreach) (in DataBreaches, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		b := s.newBreach(who, n.DiscoveredAt)
		b.Description, b.DossierID, b.ItemID, b.RecordedBy = n.Description, n.DossierID, n.ItemID, who.Person()
		if err := s.k.Authz.Require(ctx, actKeepBreach, b.Resource()); err != nil {
			return err
		}
		if err := s.fits(ctx, &b); err != nil {
			return err
		}
		if err := db.Insert(ctx, &b); err != nil {
			return err
		}
		if err := s.recordBreach(ctx, b, "data-breach.recorded", nil); err != nil {
			return err
		}
		in, err = s.dataBreach(ctx, b)
		return err
	})
	return in, err
}

// OpenByWithdrawal opens a breach for what its supplier took back as one, in his transaction and covered by the
// decision that let him; he does not read it.
func (s *Service) OpenByWithdrawal(ctx context.Context, of dossier.Breach) error {
	who, err := identity.From(ctx)
	if err != nil {
		return err
	}
	b := s.newBreach(who, of.At)
	b.Withdrawn, b.DossierID, b.ItemID, b.DocumentID = true, &of.Of.Dossier, of.Item, of.Document
	if b.DossierNumber, err = breachOf(ctx, of.Of.Dossier, nil); err != nil {
		return err
	}
	of.Of.ID = b.ID
	if err := s.k.Authz.Require(ctx, of.Act, of.Of); err != nil {
		return err
	}
	if err := db.Insert(ctx, &b); err != nil {
		return err
	}
	return s.recordBreach(ctx, b, "data-breach.opened", nil)
}

func (s *Service) newBreach(who identity.Identity, discovered time.Time) DataBreach {
	now := s.k.Now()
	return DataBreach{
		MunicipalityID: who.Municipality, ID: uuid.Must(uuid.NewV7()), Version: 1, DiscoveredAt: discovered, RecordedAt: now, ChangedAt: now, State: breachOpen,
	}
}

// fits refuses a breach to come, and one that names what is not there. Its keeper reads no dossier: the product itself
// looks, and tells no more than that.
func (s *Service) fits(ctx context.Context, b *DataBreach) (err error) {
	switch {
	case b.DiscoveredAt.After(s.k.Now()):
		return problem.InvalidField("/discoveredAt", "future", "A data breach is recorded when it has been discovered.")
	case b.DossierID == nil && b.ItemID == nil:
		return nil
	case b.DossierID == nil:
		return problem.InvalidField("/dossierId", "required", "Name the dossier of the item.")
	}
	ctx = identity.With(db.Apart(ctx), identity.System(b.MunicipalityID, "data-breach"))
	return s.k.DB.Tx(ctx, func(ctx context.Context) error {
		b.DossierNumber, err = breachOf(ctx, *b.DossierID, b.ItemID)
		if err == nil && b.DossierNumber == "" {
			err = problem.InvalidField("/dossierId", "reference", "There is no such dossier, or no such item in it.")
		}
		return err
	})
}

// UpdateDataBreach changes a breach as its keeper says (AVG 33, 34).
func (s *Service) UpdateDataBreach(ctx context.Context, key etag.Key, edit func(*DataBreach)) (in DataBreaches, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, actKeepBreach, authz.Resource{ID: key.ID}); err != nil {
			return err
		}
		before, err := findDataBreach(ctx, key.ID)
		if err != nil {
			return err
		}
		if err := etag.Check(key.Match, before); err != nil {
			return err
		}
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		after := before
		if err := after.change(edit, who.Person(), s.k.Now()); err != nil {
			return err
		}
		after.ChangedAt = s.k.Now()
		fields, err := db.Update(ctx, &before, &after)
		if err != nil {
			return err
		}
		if len(fields) == 0 {
			in, err = s.dataBreach(ctx, before)
			return err
		}
		if err := s.recordBreach(ctx, after, "data-breach.changed", fields); err != nil {
			return err
		}
		in, err = s.dataBreach(ctx, after)
		return err
	})
	return in, err
}

// DataBreach reads one breach.
func (s *Service) DataBreach(ctx context.Context, id uuid.UUID) (in DataBreaches, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, actReadBreach, authz.Resource{}); err != nil {
			return err
		}
		b, err := findDataBreach(ctx, id)
		if err != nil {
			return err
		}
		in, err = s.dataBreach(ctx, b)
		return err
	})
	return in, err
}

// DataBreaches reads a page of breaches, the latest recorded first.
func (s *Service) DataBreaches(ctx context.Context, p page.Request) (in DataBreaches, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, actReadBreach, authz.Resource{}); err != nil {
			return err
		}
		in.Now = s.k.Now()
		rows, err := listDataBreaches(ctx, p)
		in.Rows, in.Next = page.Cut(rows, p.Limit, DataBreach.place)
		return err
	})
	return in, err
}

// dataBreach puts beside one breach what its reader may do.
func (s *Service) dataBreach(ctx context.Context, b DataBreach) (in DataBreaches, err error) {
	in = DataBreaches{Rows: []DataBreach{b}, Now: s.k.Now()}
	in.Allowed, err = s.k.Authz.Allowed(ctx, b.Resource(), breachOperations())
	return in, err
}

// recordBreach audits it, and tells nobody in the dossier: they need not know that there was an item.
func (s *Service) recordBreach(ctx context.Context, b DataBreach, event string, fields []string) error {
	return s.k.Journal.Record(ctx, journal.Event{Name: event, Subject: journal.Subject{Type: "data-breach", ID: b.ID}, Fields: fields})
}
