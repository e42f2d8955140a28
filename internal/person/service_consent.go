package person

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// Consents are what a person consented to, as the caller sees it.
type Consents struct {
	Rows     []Consent
	Next     *string
	Dossiers map[uuid.UUID]dossier.Ref
	Today    time.Time            // a date in the municipality
	Names    map[uuid.UUID]string // of the persons
	Allowed  []string             // of a single one
}

// NewConsent is what somebody consented to. GivenOn is a date; nil is today.
type NewConsent struct {
	DossierID      uuid.UUID
	Purpose        string
	GivenBy        string
	GivenOn, Until *time.Time
}

// RecordConsent records what a person consented to in a dossier of which it is a subject. It fails with problem.Invalid
// for another dossier, and problem.Forbidden for who may not change the person there.
func (s *Service) RecordConsent(ctx context.Context, of uuid.UUID, n NewConsent) (in Consents, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := hold(ctx, of); err != nil {
			return err
		}
		p, role, err := s.subjectIn(ctx, of, n.DossierID)
		if err != nil {
			return err
		}
		who, today, err := s.now(ctx)
		if err != nil {
			return err
		}
		c := Consent{
			MunicipalityID: who.Municipality, ID: uuid.Must(uuid.NewV7()), Version: 1, PersonID: p.ID, DossierID: n.DossierID, Category: role.Category,
			SupplierID: who.Partner, Purpose: n.Purpose, GivenOn: today, GivenBy: n.GivenBy, Until: n.Until, RecordedBy: who.Person(),
			RecordedAt: s.k.Now(), ChangedAt: s.k.Now(),
		}
		if n.GivenOn != nil {
			c.GivenOn = *n.GivenOn
		}
		if err := s.mayConsent(ctx, p, c); err != nil {
			return err
		}
		if p.ID == of {
			err = p.standing()
		}
		if err != nil {
			return err
		}
		if err := c.unfit(today).Err(); err != nil {
			return err
		}
		if err := db.Insert(ctx, &c); err != nil {
			return err
		}
		if err := s.recordConsent(ctx, c, "consent.recorded", nil); err != nil {
			return err
		}
		in, err = s.consents(ctx, c)
		return err
	})
	return in, err
}

// subjectIn finds a person, or a registration that was merged into it, as a subject of a dossier.
func (s *Service) subjectIn(ctx context.Context, of, dossier uuid.UUID) (p Seen, role Subject, err error) {
	if p, err = s.find(ctx, of); err != nil {
		return p, role, err
	}
	also, err := s.merged(ctx, of)
	if err != nil {
		return p, role, err
	}
	for _, one := range append([]Seen{p}, also...) {
		i := slices.IndexFunc(one.in, func(role Subject) bool { return role.DossierID == dossier })
		if i >= 0 {
			return one, one.in[i], nil
		}
	}
	return p, role, s.consentNowhere(ctx, p)
}

// mayConsent asks for the right to change the person in the dossier of a consent, whoever supplies the consent.
func (s *Service) mayConsent(ctx context.Context, p Seen, c Consent) error {
	r := c.resource()
	r.Supplier = p.stored.SupplierID
	return s.k.Authz.Require(ctx, actChange, r)
}

// consentNowhere refuses a consent for a dossier in which the caller does not see the person: first who may not
// change the person at all.
func (s *Service) consentNowhere(ctx context.Context, p Seen) error {
	if err := s.mayChange(ctx, p); err != nil {
		return err
	}
	return problem.InvalidField("/dossierId", "reference", "The person is no subject of this dossier, or you do not see that.")
}

// WithdrawConsent ends a consent at once (AVG 7(3)), with what was shared under secrecy because of it (Wgs 2.29(2)). It fails with problem.Conflict when that happened already.
func (s *Service) WithdrawConsent(ctx context.Context, of uuid.UUID, key etag.Key, by string) (in Consents, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		before, err := s.consent(ctx, of, key.ID)
		if err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actChange, before.resource()); err != nil {
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
		if err := after.withdraw(by, who.Person(), s.k.Now()); err != nil {
			return err
		}
		fields, err := db.Update(ctx, &before, &after)
		if err != nil {
			return err
		}
		if err := endConsented(ctx, after, s.k.Now().In(s.people.ZoneOf(ctx))); err != nil {
			return err
		}
		if err := s.recordConsent(ctx, after, "consent.withdrawn", fields); err != nil {
			return err
		}
		in, err = s.consents(ctx, after)
		return err
	})
	return in, err
}

// GetConsent reads one consent.
func (s *Service) GetConsent(ctx context.Context, of, id uuid.UUID) (in Consents, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		c, err := s.consent(ctx, of, id)
		if err != nil {
			return err
		}
		in, err = s.consents(ctx, c)
		return err
	})
	return in, err
}

// ListConsents reads a page of what a person consented to, also what was withdrawn or is past its last day, the latest
// recorded first: in the dossiers in which the caller sees that they are about it.
func (s *Service) ListConsents(ctx context.Context, of uuid.UUID, p page.Request) (in Consents, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		ones, err := s.ones(ctx, of)
		if err != nil {
			return err
		}
		rows, err := listConsents(ctx, ones, p)
		if err != nil {
			return err
		}
		rows, next := page.Cut(rows, p.Limit, Consent.place)
		in, err = s.consents(ctx, rows...)
		in.Next = next
		return err
	})
	return in, err
}

// ones are the ids of a person and of the registrations that were merged into it, as far as the caller sees them.
func (s *Service) ones(ctx context.Context, of uuid.UUID) ([]uuid.UUID, error) {
	if _, err := s.find(ctx, of); err != nil {
		return nil, err
	}
	all := []uuid.UUID{of}
	also, err := s.merged(ctx, of)
	for _, p := range also {
		all = append(all, p.ID)
	}
	return all, err
}

// consent finds a consent of a person that the caller sees in its dossier.
func (s *Service) consent(ctx context.Context, of, id uuid.UUID) (c Consent, err error) {
	ones, err := s.ones(ctx, of)
	if err != nil {
		return c, err
	}
	if c, err = findConsent(ctx, ones, id); err != nil {
		return c, err
	}
	view, err := s.k.Authz.View(ctx, c.DossierID)
	if err == nil && !view.Sees(c.Category) {
		s.k.Authz.Dropped(ctx, "consent")
		err = db.NotFound()
	}
	return c, err
}

// consents puts beside consents what a reader needs; a row that the rule in memory refuses is dropped.
func (s *Service) consents(ctx context.Context, rows ...Consent) (in Consents, err error) {
	in = Consents{Rows: []Consent{}}
	if _, in.Today, err = s.now(ctx); err != nil {
		return in, err
	}
	dossiers, persons := make([]uuid.UUID, len(rows)), make([]uuid.UUID, len(rows))
	for i, c := range rows {
		dossiers[i], persons[i] = c.DossierID, c.PersonID
	}
	if in.Names, err = s.names(ctx, persons); err != nil {
		return in, err
	}
	views, err := s.k.Authz.Views(ctx, dossiers...)
	if err != nil {
		return in, err
	}
	for _, c := range rows {
		if !views[c.DossierID].Sees(c.Category) {
			s.k.Authz.Dropped(ctx, "consent")
			continue
		}
		in.Rows = append(in.Rows, c)
	}
	if in.Dossiers, err = s.dossiers.Refs(ctx, dossiers); err != nil || len(in.Rows) != 1 {
		return in, err
	}
	in.Allowed, err = s.k.Authz.Allowed(ctx, in.Rows[0].resource(), in.Rows[0].operations())
	return in, err
}

// now is who acts on which day.
func (s *Service) now(ctx context.Context) (who identity.Identity, today time.Time, err error) {
	if who, err = identity.From(ctx); err != nil {
		return who, today, err
	}
	zone, err := s.people.Zone(ctx)
	return who, organisation.DateOf(s.k.Now(), zone), err
}

// recordConsent tells of a consent, to who may see whom its dossier is about.
func (s *Service) recordConsent(ctx context.Context, c Consent, event string, fields []string) error {
	d, err := s.dossiers.Find(ctx, c.DossierID)
	if err != nil {
		return err
	}
	return s.k.Journal.Record(ctx, journal.Event{
		Name: event, Subject: journal.Subject{Type: "consent", ID: c.ID}, Dossier: c.DossierID, Category: new(int(c.Category)), Supplier: c.SupplierID,
		Fields: fields, Basis: string(d.Basis),
	})
}
