package person

import (
	"context"

	"github.com/google/uuid"

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

// Service is what may happen with persons and subjects.
type Service struct {
	k        kernel.Kernel
	people   *organisation.Service
	dossiers *dossier.Service
}

// New makes the service.
func New(k kernel.Kernel, people *organisation.Service, dossiers *dossier.Service) *Service {
	return &Service{k: k, people: people, dossiers: dossiers}
}

// Seen is a person as the caller sees it, with what he may do; Allowed is nil in lists.
type Seen struct {
	Person
	Number  string // the citizen service number, masked; empty when unknown or not to be seen
	SeesBSN bool
	Tag     string
	Allowed []string
	stored  Person
	in      []Subject

	changeable bool // of a single one: whether the caller may change it, but for a merge
}

func (p Seen) place() page.Cursor { return page.At(p.RegisteredAt, p.ID) }

// Edit changes a person. A number is given with its ground.
type Edit struct {
	Fields  func(*Person)
	BSN     *string
	Ground  *string
	Address *Address
	Secret  *bool

	ClearBSN, ClearAddress bool // of a rectification (AVG 16)
}

// Register registers a person. It fails with problem.Invalid for a citizen service number that fails the
// eleven-test or comes without its ground.
func (s *Service) Register(ctx context.Context, e Edit) (seen Seen, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		p := Person{
			MunicipalityID: who.Municipality, ID: uuid.Must(uuid.NewV7()), Version: 1, SupplierID: who.Partner, RegisteredBy: who.Professional,
			RegisteredAt: s.k.Now(), ChangedAt: s.k.Now(),
		}
		if err := s.k.Authz.Require(ctx, actRegister, p.Resource(nil)); err != nil {
			return err
		}
		if err := s.apply(ctx, e, &p, who); err != nil {
			return err
		}
		if err := db.Insert(ctx, &p); err != nil {
			return err
		}
		if err := s.k.Journal.Record(ctx, journal.Event{Name: "person.registered", Subject: of(p), Supplier: p.SupplierID}); err != nil {
			return err
		}
		seen, err = s.one(ctx, p)
		return err
	})
	return seen, err
}

func of(p Person) journal.Subject { return journal.Subject{Type: "person", ID: p.ID} }

// apply changes a person as it was sent.
func (s *Service) apply(ctx context.Context, e Edit, p *Person, who identity.Identity) error {
	before := *p
	e.Fields(p)
	p.rename()
	if e.Address != nil || e.Secret != nil || e.ClearAddress {
		if err := p.readdress(before, who.Partner); err != nil {
			return err
		}
	}
	if e.Address != nil {
		p.Address = e.Address
	}
	if e.ClearAddress {
		p.Address = nil
	}
	if e.ClearBSN {
		p.BSNSealed, p.BSNIndex, p.BSNGround = nil, nil, ""
	}
	if e.Secret != nil {
		p.AddressSecret = *e.Secret
	}
	var wrong problem.Faults
	if p.BirthDate != nil && p.BirthDate.After(organisation.DateOf(s.k.Now(), s.people.ZoneOf(ctx))) {
		wrong.Note("/birthDate", "future", "A day of birth does not lie in the future.")
	}
	return s.number(e, p, wrong)
}

// number seals a citizen service number that was sent with its ground (UAVG 46, Wgs 2.29), unless something is wrong
// with it or was before.
func (s *Service) number(e Edit, p *Person, wrong problem.Faults) (err error) {
	switch {
	case e.BSN == nil && e.Ground == nil:
		return wrong.Err()
	case e.Ground == nil:
		wrong.Note("/bsnGround", "required", "Say on which ground the citizen service number is processed (UAVG 46; Wabb 10).")
	case e.BSN == nil:
		wrong.Note("/bsn", "required", "A ground comes with the citizen service number.")
	}
	if e.BSN != nil && !validBSN(*e.BSN) {
		wrong.Note("/bsn", "format", "This is no citizen service number: it fails the eleven-test.")
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	if p.BSNSealed, err = s.k.Secrets.Seal(p.place(), []byte(*e.BSN)); err != nil {
		return err
	}
	p.BSNIndex, p.BSNGround = s.k.Secrets.Index(p.MunicipalityID, "person.bsn", *e.BSN), *e.Ground
	return nil
}

// Get reads one person. It fails with problem.NotFound for who does not see in any dossier that it is about it.
func (s *Service) Get(ctx context.Context, id uuid.UUID) (seen Seen, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		seen, err = s.find(ctx, id)
		return err
	})
	return seen, err
}

// Update changes a person. It fails with problem.Conflict for a secret address of somebody else, and for one that was
// merged into another.
func (s *Service) Update(ctx context.Context, key etag.Key, e Edit) (seen Seen, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := hold(ctx, key.ID); err != nil {
			return err
		}
		found, err := s.find(ctx, key.ID)
		if err != nil {
			return err
		}
		if err := s.mayChange(ctx, found); err != nil {
			return err
		}
		if !found.SeesBSN && (e.BSN != nil || e.Ground != nil || e.ClearBSN) {
			return problem.Errorf(problem.Forbidden, "You do not see the citizen service number of this person, so you do not change it.")
		}
		if err := found.standing(); err != nil {
			return err
		}
		if err := etag.Check(key.Match, found.Person); err != nil {
			return err
		}
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		before, p := found.stored, found.stored
		if err := s.apply(ctx, e, &p, who); err != nil {
			return err
		}
		p.ChangedAt = s.k.Now()
		fields, err := db.Update(ctx, &before, &p)
		if err != nil {
			return err
		}
		if len(fields) > 0 {
			err = s.k.Journal.Record(ctx, journal.Event{Name: "person.changed", Subject: of(p), Supplier: p.SupplierID, Fields: published(fields)})
		}
		if err != nil {
			return err
		}
		seen, err = s.one(ctx, p)
		return err
	})
	return seen, err
}

// published are the names of changed fields as the contract has them; how a number is stored and a name found are none.
func published(fields []string) (all []string) {
	as := map[string]string{"bSNSealed": "bsn", "bSNIndex": "", "bSNGround": "bsnGround", "keys": "", "addressSupplierID": "", "addressSupplierId": ""}
	for _, f := range fields {
		name, other := as[f]
		if !other {
			name = f
		}
		if name != "" {
			all = append(all, name)
		}
	}
	return all
}

// mayChange asks for the right to change a person in the first dossier that gives it.
func (s *Service) mayChange(ctx context.Context, p Seen) error {
	at := p.resources()
	for _, r := range at {
		may, err := s.k.Authz.Allowed(ctx, r, []authz.Operation{{ID: "updatePerson", Act: actChange}})
		if err != nil {
			return err
		}
		if len(may) > 0 {
			return s.k.Authz.Require(ctx, actChange, r)
		}
	}
	return s.k.Authz.Require(ctx, actChange, at[0])
}

// resources are the person as a subject of each dossier in which the caller sees it.
func (p Seen) resources() (all []authz.Resource) {
	for i := range p.in {
		all = append(all, p.stored.Resource(&p.in[i]))
	}
	if len(all) == 0 {
		all = append(all, p.stored.Resource(nil))
	}
	return all
}
