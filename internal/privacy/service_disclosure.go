package privacy

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/configuration"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// NewDisclosure is what is to be disclosed, to a partner or to an organisation outside.
type NewDisclosure struct {
	DossierID                         uuid.UUID
	Kind                              string
	ReceiverPartnerID                 *uuid.UUID
	Organisation, Function, Expertise string
	Ground, Necessity                 string
	Items                             []uuid.UUID
}

// DraftDisclosure drafts a disclosure (Wgs 1.7, 2.28). It fails with problem.Invalid for a dossier, item or receiver that cannot be,
// and with problem.Conflict where the law lets nothing go.
func (s *Service) DraftDisclosure(ctx context.Context, n NewDisclosure) (seen SeenDisclosure, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		of, err := s.mayDisclose(ctx, n.DossierID)
		if err != nil {
			return err
		}
		items, err := s.m.Dossiers.ItemsOf(ctx, of.ID, n.Items)
		if err != nil {
			return err
		}
		if len(items) < len(n.Items) || slices.ContainsFunc(items, corrected) {
			return problem.InvalidField("/itemIds", "reference", "There is no such item in the dossier, you may not read it, or a later version replaced it.")
		}
		d := Disclosure{
			MunicipalityID: of.MunicipalityID, ID: uuid.Must(uuid.NewV7()), Version: 1, DossierID: of.ID, Kind: n.Kind, State: disclosureDraft,
			ReceiverPartnerID: n.ReceiverPartnerID, Organisation: n.Organisation, Function: n.Function, Expertise: n.Expertise, Ground: n.Ground,
			Necessity: n.Necessity, Dropped: []DroppedItems{}, Feedback: []Feedback{}, DraftedBy: who.Professional, DraftedAt: s.k.Now(), ChangedAt: s.k.Now(),
		}
		if err := s.fill(ctx, &d, of, items, who.Partner); err != nil {
			return err
		}
		if err := db.Insert(ctx, &d); err != nil {
			return err
		}
		if err := s.recordDisclosure(ctx, d, of, "disclosure.drafted", nil); err != nil {
			return err
		}
		seen, err = s.seeDisclosure(ctx, d)
		return err
	})
	return seen, err
}

// mayDisclose decides who prepares a disclosure from a dossier, of which nothing else changes meanwhile.
func (s *Service) mayDisclose(ctx context.Context, id uuid.UUID) (dossier.Dossier, error) {
	of, err := s.m.Dossiers.Hold(ctx, id)
	if problem.Is(err, problem.NotFound) {
		err = problem.InvalidField("/dossierId", "reference", "There is no such dossier, or you do not take part in it.")
	}
	if err != nil {
		return of, err
	}
	return of, s.k.Authz.Require(ctx, actMakeDisclosure, of.Resource())
}

// fill puts into a draft what the law lets go to its receiver: of a disclosure all that is named or nothing, of a hit what
// another cooperation gets.
func (s *Service) fill(ctx context.Context, d *Disclosure, of dossier.Dossier, items []dossier.SeenItem, own uuid.UUID) error {
	p, err := s.receiver(ctx, *d, items)
	if err != nil {
		return err
	}
	d.take(items, own, func(item dossier.SeenItem) SharingCheck {
		c := SharingCheck{SharingQuestion: SharingQuestion{Supplier: item.SupplierID, Category: item.Category, Basis: string(of.Basis), Purpose: forDisclosure}}
		if d.Kind == aHit {
			c.Purpose = forAlignment
			c.align(p(item.SupplierID))
		} else {
			c.disclose(p(item.SupplierID))
		}
		return c
	})
	switch {
	case d.Kind == aHit && len(d.Items) == 0:
		return problem.Errorf(problem.Conflict, "Nothing of it goes to another cooperation, which gets contact and alignment data alone (Wgs 2.28, 1.7(8); BGS 1.10).")
	case d.Kind == thirdParty && len(d.Dropped) > 0:
		return problem.Errorf(problem.Conflict, "The law lets something of it not go to this receiver (Wgs 1.7, 2.28); POST /sharing-checks says what.")
	}
	return nil
}

// receiver gives the parties of a disclosure by supplier. It refuses a receiver that is none, that supplied an item, and one
// of a hit that is no other cooperation (Wgs 2.28).
func (s *Service) receiver(ctx context.Context, d Disclosure, items []dossier.SeenItem) (func(supplier uuid.UUID) parties, error) {
	if (d.ReceiverPartnerID == nil) == (d.Organisation == "") {
		return nil, problem.InvalidField("/receiverPartnerId", "one-of", "Give either receiverPartnerId or organisation.")
	}
	var ids []uuid.UUID
	for _, item := range items {
		ids = append(ids, item.SupplierID)
	}
	if d.ReceiverPartnerID != nil {
		if slices.Contains(ids, *d.ReceiverPartnerID) {
			return nil, problem.InvalidField("/receiverPartnerId", "reference", "The receiver is another partner than the supplier.")
		}
		ids = append(ids, *d.ReceiverPartnerID)
	}
	found, err := s.m.People.PartnersAt(ctx, ids, s.k.Now())
	if err != nil {
		return nil, err
	}
	var to configuration.PartnerType
	if d.ReceiverPartnerID != nil {
		one, there := found[*d.ReceiverPartnerID]
		if !there || one.Suspended {
			return nil, problem.InvalidField("/receiverPartnerId", "reference", "There is no such partner, or it is suspended; see GET /v1/partners.")
		}
		to, _ = s.m.Lists.PartnerType(one.Identity.PartnerType)
	}
	if d.Kind == aHit && to.WgsStatus != otherCooperation {
		return nil, problem.InvalidField("/receiverPartnerId", "reference", "A hit goes to another cooperation, such as a RIEC or another Zorg- en Veiligheidshuis (Wgs 2.28, 1.7(8)).")
	}
	return func(supplier uuid.UUID) parties {
		p := parties{supplier: found[supplier], to: to}
		p.from, _ = s.m.Lists.PartnerType(p.supplier.Identity.PartnerType)
		return p
	}, nil
}

// UpdateDisclosure completes a draft, discloses it or withdraws it; see Disclosure.change.
func (s *Service) UpdateDisclosure(ctx context.Context, key etag.Key, edit func(*Disclosure)) (SeenDisclosure, error) {
	return s.changeDisclosure(ctx, key, actMakeDisclosure, func(ctx context.Context, d *Disclosure, at disclosing) (string, error) {
		if err := d.change(edit, s.k.Now(), at.today); err != nil {
			return "", err
		}
		if d.State != disclosureDisclosed {
			return "disclosure.changed", nil
		}
		return "disclosure.made", s.stillLawful(ctx, *d, at)
	})
}

// stillLawful refuses to disclose what could not be drafted as it is now.
func (s *Service) stillLawful(ctx context.Context, d Disclosure, at disclosing) error {
	ids := make([]uuid.UUID, len(d.Items))
	for i, item := range d.Items {
		ids[i] = item.ItemID
	}
	items, err := s.m.Dossiers.ItemsOf(ctx, d.DossierID, ids)
	if err != nil {
		return err
	}
	if len(items) < len(ids) || slices.ContainsFunc(items, corrected) {
		return problem.Errorf(problem.Conflict, "Something in it was withdrawn, restricted or corrected meanwhile, or you may not read it any more; draft it anew.")
	}
	again := d
	again.Items, again.Suppliers, again.Dropped = nil, nil, nil
	err = s.fill(ctx, &again, at.of, items, at.who.Partner)
	if err == nil && len(again.Dropped) > 0 || problem.Is(err, problem.Invalid) {
		err = problem.Errorf(problem.Conflict, "Its receiver or the legal basis of the dossier changed meanwhile, and the law does not let all of it go any more; draft it anew.")
	}
	return err
}

// corrected tells whether a later version replaced an item.
func corrected(item dossier.SeenItem) bool { return item.SupersededBy != nil }

// AnswerDisclosure gives or refuses the consent of the caller's partner (Wgs 1.7, 2.31(11)).
func (s *Service) AnswerDisclosure(ctx context.Context, key etag.Key, consents bool, reasons string) (SeenDisclosure, error) {
	return s.changeDisclosure(ctx, key, actAnswerDisclosure, func(ctx context.Context, d *Disclosure, at disclosing) (string, error) {
		if err := s.mayAnswer(ctx, *d, at.who); err != nil {
			return "", err
		}
		if !consents && reasons == "" {
			return "", problem.InvalidField("/reasons", "required", "A refusal has its reasons.")
		}
		return "disclosure.answered", d.answer(at.who.Partner, at.who.Professional, consents, reasons, s.k.Now())
	})
}

// mayAnswer refuses the consent of a system, and of who does not read himself what his partner supplied: emergency access or a limited
// sight speaks for no supplier.
func (s *Service) mayAnswer(ctx context.Context, d Disclosure, who identity.Identity) error {
	var ids []uuid.UUID
	for _, item := range d.asOf(who.Partner).Items {
		if item.Consent != consentNotNeeded {
			ids = append(ids, item.ItemID)
		}
	}
	items, err := s.m.Dossiers.ItemsOf(ctx, d.DossierID, ids)
	if err == nil && (!who.IsPerson() || len(items) < len(ids)) {
		err = problem.Errorf(problem.Forbidden, "Only a person who reads what his organisation supplied speaks for it here.")
	}
	return err
}

// ReportDisclosure records a receiver's account of use and effect (Wgs 1.7(4)).
func (s *Service) ReportDisclosure(ctx context.Context, key etag.Key, f Feedback) (SeenDisclosure, error) {
	return s.changeDisclosure(ctx, key, actMakeDisclosure, func(_ context.Context, d *Disclosure, at disclosing) (string, error) {
		from := at.today
		if d.DisclosedAt != nil {
			from = organisation.DateOf(*d.DisclosedAt, at.zone)
		}
		return "disclosure.reported", d.report(f, at.today, from)
	})
}

// disclosing is who changes a disclosure, and when.
type disclosing struct {
	of    dossier.Dossier
	who   identity.Identity
	today time.Time
	zone  *time.Location
}

// changeDisclosure decides, changes and tells.
func (s *Service) changeDisclosure(ctx context.Context, key etag.Key, act string, change func(context.Context, *Disclosure, disclosing) (string, error)) (seen SeenDisclosure, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		var at disclosing
		if at.who, at.today, err = s.now(ctx); err != nil {
			return err
		}
		if at.zone, err = s.m.People.Zone(ctx); err != nil {
			return err
		}
		before, err := findDisclosure(ctx, key.ID)
		if err != nil {
			return err
		}
		of, err := s.m.Dossiers.Hold(ctx, before.DossierID)
		if err != nil {
			return err
		}
		shown, err := s.seeDisclosure(ctx, before)
		if err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, act, before.resource(of, at.who)); err != nil {
			return err
		}
		if err := etag.Check(key.Match, shown.Disclosure); err != nil {
			return err
		}
		after := before
		at.of = of
		event, err := change(ctx, &after, at)
		if err != nil {
			return err
		}
		after.ChangedAt = s.k.Now()
		fields, err := db.Update(ctx, &before, &after)
		if err != nil {
			return err
		}
		if len(fields) == 0 {
			seen = shown
			return nil
		}
		if err := s.recordDisclosure(ctx, after, of, event, fields); err != nil {
			return err
		}
		seen, err = s.seeDisclosure(ctx, after)
		return err
	})
	return seen, err
}

// recordDisclosure tells those who direct the dossier.
func (s *Service) recordDisclosure(ctx context.Context, d Disclosure, of dossier.Dossier, event string, fields []string) error {
	return s.recordIn(ctx, of, journal.Event{Name: event, Fields: fields, Subject: journal.Subject{Type: "disclosure", ID: d.ID}})
}

// recordIn records what happened in a dossier, with for whom a substitute acted.
func (s *Service) recordIn(ctx context.Context, of dossier.Dossier, e journal.Event) (err error) {
	e.Dossier, e.Basis = of.ID, string(of.Basis)
	if e.InNameOf, err = s.m.Dossiers.InNameOf(ctx, of); err != nil {
		return err
	}
	return s.k.Journal.Record(ctx, e)
}
