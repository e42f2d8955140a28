package document

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/configuration"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// Means is what documents are kept with.
type Means struct {
	Lists    *configuration.Service
	People   *organisation.Service
	Dossiers *dossier.Service
	Scanner  *Scanner // nil: nothing is scanned
	Log      *slog.Logger
}

// Service is what may happen with documents.
type Service struct {
	k kernel.Kernel
	m Means
}

// New makes the service.
func New(k kernel.Kernel, m Means) *Service { return &Service{k: k, m: m} }

// Seen is a document as the caller sees it, with what he may do with it.
type Seen struct {
	Document
	Ref     dossier.Ref
	Allowed []string // operations; nil in lists
	Tag     string
}

// noCategory is the category of what names one that there is not.
const noCategory authz.Category = -2

// NewDocument is what a partner says of a document that it supplies.
type NewDocument struct {
	DossierID     uuid.UUID
	Category      authz.Category // noCategory when there is none of that name
	PoliceArticle string         // of the Wpg
	Title         string
	Kind          string
	ObservedOn    time.Time // a date
	Source        string
	Conditions    []dossier.Condition
	Secret        bool
	SecretGround  *string
}

// Add says what a document is; the caller's partner becomes its supplier and stays its owner (Wgs 1.5). It
// fails with problem.Invalid for a dossier that the caller does not know, and with problem.Forbidden where the
// matrix does not let him add.
func (s *Service) Add(ctx context.Context, n NewDocument) (seen Seen, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		at, err := s.m.Dossiers.Find(ctx, n.DossierID)
		if problem.Is(err, problem.NotFound) {
			err = problem.InvalidField("/dossierId", "reference", "There is no such dossier, or you do not take part in it.")
		}
		if err != nil {
			return err
		}
		if err := s.faults(ctx, at, n).Err(); err != nil {
			return err
		}
		d := s.document(who, n)
		if err := s.k.Authz.Require(ctx, actAdd, d.Resource()); err != nil {
			return err
		}
		if err := mustRun(at); err != nil {
			return err
		}
		if err := db.Insert(ctx, &d); err != nil {
			return err
		}
		if err := s.record(ctx, d, journal.Event{Name: "document.added"}); err != nil {
			return err
		}
		seen, err = s.see(ctx, d)
		return err
	})
	return seen, err
}

func mustRun(d dossier.Dossier) error {
	if d.Status == dossier.Closed || d.Status == dossier.Rejected {
		return problem.Errorf(problem.Conflict, "The dossier is closed; nothing changes in it any more.")
	}
	return nil
}

// faults are everything that is wrong with what is supplied.
func (s *Service) faults(ctx context.Context, at dossier.Dossier, n NewDocument) (all problem.Faults) {
	all = at.PoliceFaults(n.Category, n.PoliceArticle)
	if n.Category == noCategory {
		all.Note("/category", "reference", "There is no such information category; see GET /v1/code-lists/information-categories.")
	}
	if n.ObservedOn.After(organisation.DateOf(s.k.Now(), s.m.People.ZoneOf(ctx))) {
		all.Note("/observedOn", "future", "An observation does not lie in the future.")
	}
	for i, c := range n.Conditions {
		if _, known := s.m.Lists.PartnerType(c.WithholdFrom); !known {
			all.Note(fmt.Sprintf("/conditions/%d/withholdFrom", i), "reference", "There is no such partner type; see GET /v1/code-lists/partner-types.")
		}
	}
	return all
}

func (s *Service) document(who identity.Identity, n NewDocument) Document {
	now := s.k.Now()
	d := Document{
		MunicipalityID: who.Municipality, ID: uuid.Must(uuid.NewV7()), Version: 1, DossierID: n.DossierID, Category: n.Category, PoliceArticle: n.PoliceArticle, Title: n.Title,
		Kind: n.Kind, ObservedOn: n.ObservedOn, Source: n.Source, SupplierID: who.Partner, AuthorID: who.Person(), Conditions: n.Conditions,
		Secret: n.Secret, SecretGround: n.SecretGround, State: Uploading, AddedAt: now, ChangedAt: now,
	}
	for _, c := range n.Conditions {
		if kind, known := s.m.Lists.PartnerType(c.WithholdFrom); known {
			d.WithheldTypes |= 1 << kind.Ordinal
		}
	}
	return d
}

// Withdraw takes a document from everybody at the next request. Only the supplier may; he keeps why, and in
// which category it was.
func (s *Service) Withdraw(ctx context.Context, key etag.Key, reason string, breach bool) (w Withdrawal, ref dossier.Ref, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		d, err := s.claim(ctx, key)
		if err != nil {
			return err
		}
		w = Withdrawal{
			MunicipalityID: d.MunicipalityID, ID: uuid.Must(uuid.NewV7()), DossierID: d.DossierID, DocumentID: d.ID, Category: d.Category,
			SupplierID: d.SupplierID, Reason: reason, Breach: breach, WithdrawnBy: who.Person(), WithdrawnAt: s.k.Now(),
		}
		if err := db.Insert(ctx, &w); err != nil {
			return err
		}
		if err := withdraw(ctx, d, w.WithdrawnAt); err != nil {
			return err
		}
		if err := s.breach(ctx, d, w); err != nil {
			return err
		}
		event := journal.Event{Name: "document.withdrawn", With: []journal.Subject{{Type: "document-withdrawal", ID: w.ID}}}
		if err := s.record(ctx, d, event); err != nil {
			return err
		}
		ref, err = s.ref(ctx, d.DossierID)
		return err
	})
	return w, ref, err
}

// breach opens a data breach for a document that should never have been supplied (AVG 4(12)).
func (s *Service) breach(ctx context.Context, d Document, w Withdrawal) error {
	if !w.Breach {
		return nil
	}
	return s.m.Dossiers.Breached(ctx, dossier.Breach{Act: actChange, Of: d.Resource(), Document: &w.DocumentID, At: w.WithdrawnAt})
}

// claim finds a document for a change by its supplier: readable, allowed, and as he read it.
func (s *Service) claim(ctx context.Context, key etag.Key) (Document, error) {
	d, err := s.readable(ctx, key.ID)
	if err != nil {
		return d, err
	}
	if err := s.k.Authz.Require(ctx, actChange, d.Resource()); err != nil {
		return d, err
	}
	return d, etag.Check(key.Match, d)
}

// Withdrawals reads how a document was taken back, for its supplier; at most one.
func (s *Service) Withdrawals(ctx context.Context, document uuid.UUID, p page.Request) (rows []Withdrawal, next *string, ref dossier.Ref, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if rows, err = listWithdrawals(ctx, document, p); err != nil {
			return err
		}
		if len(rows) == 0 {
			return s.ofSupplier(ctx, document)
		}
		rows, next = page.Cut(rows, p.Limit, func(w Withdrawal) page.Cursor { return page.At(w.WithdrawnAt, w.ID) })
		ref, err = s.keeps(ctx, rows[0])
		return err
	})
	return rows, next, ref, err
}

// Withdrawal reads how a document was taken back, for its supplier.
func (s *Service) Withdrawal(ctx context.Context, document, id uuid.UUID) (w Withdrawal, ref dossier.Ref, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if w, err = findWithdrawal(ctx, document, id); err != nil {
			return err
		}
		ref, err = s.keeps(ctx, w)
		return err
	})
	return w, ref, err
}

// keeps hides a withdrawal from others than the supplier: nobody else knows that there was a document.
func (s *Service) keeps(ctx context.Context, w Withdrawal) (dossier.Ref, error) {
	err := s.k.Authz.Require(ctx, actWithdrawal, w.resource())
	if problem.Is(err, problem.Forbidden) {
		err = db.NotFound()
	}
	if err != nil {
		return dossier.Ref{}, err
	}
	return s.ref(ctx, w.DossierID)
}

// ofSupplier lets through the supplier of a document that is there.
func (s *Service) ofSupplier(ctx context.Context, document uuid.UUID) error {
	d, err := s.readable(ctx, document)
	if err != nil {
		return err
	}
	return s.k.Authz.Require(ctx, actWithdrawal, d.Resource())
}

// record tells of a document: only who may read it learns more than that the dossier changed.
func (s *Service) record(ctx context.Context, d Document, e journal.Event) error {
	at, err := s.m.Dossiers.Find(ctx, d.DossierID)
	if err != nil {
		return err
	}
	e.Subject, e.Dossier, e.Basis = journal.Subject{Type: "document", ID: d.ID}, d.DossierID, string(at.Basis)
	e.Category, e.Supplier = new(int(d.Category)), d.SupplierID
	if e.InNameOf, err = s.m.Dossiers.InNameOf(ctx, at); err != nil {
		return err
	}
	return s.k.Journal.Record(ctx, e)
}
