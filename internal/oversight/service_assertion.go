package oversight

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/matrix"
)

// CheckDue makes the nightly check of every municipality in which it is due: once after three o'clock at
// night there, also when the product did not run then. A municipality without assertions is passed over, and
// one that fails does not hold up the others.
func (s *Service) CheckDue(ctx context.Context) error {
	municipalities, err := s.k.DB.Municipalities(ctx)
	if err != nil {
		return err
	}
	var failed error
	for _, municipality := range municipalities {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		due, err := s.checkIsDue(ctx, municipality)
		if err == nil && due {
			_, err = s.CheckAssertions(ctx, municipality)
		}
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("privacy assertions of %s: %w", municipality, err))
		}
	}
	return failed
}

func (s *Service) checkIsDue(ctx context.Context, municipality string) (due bool, err error) {
	err = s.k.DB.Tx(identity.With(ctx, identity.System(municipality, assertions)), func(ctx context.Context) error {
		rules, err := s.matrix.ActiveAssertions(ctx)
		if err != nil || len(rules) == 0 {
			return err
		}
		last, err := lastNight(ctx)
		due = isDue(last, s.k.Now(), s.people.ZoneOf(ctx))
		return err
	})
	return due, err
}

// assertions is the purpose for which the product itself reads all admissions.
const assertions = "assertions"

// CheckAssertions holds the privacy assertions that count against all rights in force in a municipality, as
// happens every night, and keeps and records what it found. It needs no identity in the context.
func (s *Service) CheckAssertions(ctx context.Context, municipality string) (Check, error) {
	ctx = identity.With(ctx, identity.System(municipality, assertions))
	c, err := s.look(ctx, municipality)
	if err != nil {
		return c, err
	}
	c.Occasion = nightly
	return c, s.k.DB.Tx(ctx, func(ctx context.Context) error { return s.keep(ctx, c) })
}

// CheckNow is CheckAssertions for who asks for it: municipal director and privacy officer. It fails with
// problem.TooManyRequests while another is made.
func (s *Service) CheckNow(ctx context.Context) (c Check, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actCheck, authz.Resource{}); err != nil {
			return err
		}
		if err := db.Alone(ctx, who.Municipality, assertions); err != nil {
			return err
		}
		if c, err = s.look(identity.With(db.Apart(ctx), identity.System(who.Municipality, assertions)), who.Municipality); err != nil {
			return err
		}
		c.Occasion = onDemand
		if err := s.k.Authz.Require(ctx, actCheck, c.Resource()); err != nil {
			return err
		}
		return s.keep(ctx, c)
	})
	return c, err
}

// keep saves and records a check; that assertions are broken is recorded for each of them, in the first
// dossier in which it is, and told to the municipal directors.
func (s *Service) keep(ctx context.Context, c Check) error {
	if err := db.Insert(ctx, &c); err != nil {
		return err
	}
	e := journal.Event{Name: "assertion.checked", Subject: journal.Subject{Type: "privacy-assertion-check", ID: c.ID}}
	if err := s.k.Journal.Record(ctx, e); err != nil {
		return err
	}
	told := map[uuid.UUID]bool{}
	for _, b := range c.Breaches {
		if told[b.AssertionID] {
			continue
		}
		told[b.AssertionID] = true
		e := journal.Event{
			Name: "assertion.broken", Subject: journal.Subject{Type: "privacy-assertion", ID: b.AssertionID}, Dossier: b.DossierID, With: []journal.Subject{e.Subject},
		}
		if err := s.k.Journal.Record(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// Checks gives a page of the checks without their breaches, the latest first; for municipal director, privacy
// officer and auditor.
func (s *Service) Checks(ctx context.Context, p page.Request) (rows []Check, next *string, err error) {
	err = s.readChecks(ctx, func(ctx context.Context) error {
		if rows, err = listChecks(ctx, p); err != nil {
			return err
		}
		rows, next = page.Cut(rows, p.Limit, func(c Check) page.Cursor { return page.At(c.At, c.ID) })
		return nil
	})
	return rows, next, err
}

// AssertionCheck gives one check. It fails with problem.NotFound.
func (s *Service) AssertionCheck(ctx context.Context, id uuid.UUID) (c Check, err error) {
	err = s.readChecks(ctx, func(ctx context.Context) error {
		c, err = findCheck(ctx, id)
		return err
	})
	return c, err
}

func (s *Service) readChecks(ctx context.Context, fn func(context.Context) error) error {
	return s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, actReadCheck, authz.Resource{}); err != nil {
			return err
		}
		return fn(ctx)
	})
}

// look is one look at all rights in force in a municipality, at one moment.
type look struct {
	municipality string
	today        time.Time // the date there
	parties      map[uuid.UUID]matrix.Party
	sights       map[sightKey]identity.Sight
	rules        []matrix.Assertion
}

// sightKey is for whom a sight was made; who directs has another one.
type sightKey struct {
	partner uuid.UUID
	directs bool
}

// look holds the assertions against everything, as the product itself, without saving what it found.
func (s *Service) look(ctx context.Context, municipality string) (c Check, err error) {
	c = Check{MunicipalityID: municipality, ID: uuid.Must(uuid.NewV7()), At: s.k.Now().UTC(), Breaches: []Breach{}}
	return c, s.k.DB.Tx(ctx, func(ctx context.Context) error {
		l := look{
			municipality: municipality, today: s.k.Now().In(s.people.ZoneOf(ctx)), parties: map[uuid.UUID]matrix.Party{}, sights: map[sightKey]identity.Sight{},
		}
		if l.rules, err = s.matrix.ActiveAssertions(ctx); err != nil || len(l.rules) == 0 {
			return err
		}
		c.Assertions = len(l.rules)
		partners, err := s.people.ActivePartners(ctx)
		if err != nil {
			return err
		}
		for _, p := range partners {
			l.parties[p.ID] = matrix.Party{ID: p.ID, Name: p.Name, Type: p.Type, Domain: p.Domain}
		}
		return s.fill(ctx, &c, l)
	})
}

// fill puts in a check what is found: what admissions of a kind give is worked out once for all of them.
func (s *Service) fill(ctx context.Context, c *Check, l look) error {
	all, err := l.kins(ctx)
	if err != nil {
		return err
	}
	var wrong []kin
	var why [][]broken
	for _, k := range all {
		sight, err := s.sight(ctx, l, k)
		if err != nil {
			return err
		}
		if breaks := k.breaks(l.parties[k.Partner], sight, l.rules); len(breaks) > 0 {
			wrong, why = append(wrong, k), append(why, breaks)
			c.Found += k.Many * len(breaks)
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	shown := wrong[:min(len(wrong), mostBreaches)]
	cases, err := l.occurrences(ctx, shown, mostBreaches/len(shown))
	for _, o := range cases {
		c.Breaches = append(c.Breaches, o.breaches(wrong[o.Place-1].Partner, why[o.Place-1])...)
	}
	c.Breaches = c.Breaches[:min(len(c.Breaches), mostBreaches)]
	return err
}

// sight is what the matrix in force lets the partner of a kin do, once for all of its kins.
func (s *Service) sight(ctx context.Context, l look, k kin) (identity.Sight, error) {
	key := sightKey{partner: k.Partner, directs: k.Kind == authz.ByRole}
	if sight, there := l.sights[key]; there {
		return sight, nil
	}
	who := identity.Identity{Municipality: l.municipality, Partner: k.Partner, PartnerType: l.parties[k.Partner].Type, Professional: k.Partner}
	if key.directs {
		who.Roles = []identity.Role{identity.MunicipalDirector}
	}
	who, err := s.matrix.Sight(ctx, who)
	if err == nil {
		l.sights[key] = who.Sight
	}
	return who.Sight, err
}

// breaches tells what is wrong in one dossier for one person.
func (o occurrence) breaches(partner uuid.UUID, why []broken) (all []Breach) {
	for _, b := range why {
		all = append(all, Breach{
			AssertionID: b.assertion.ID, AssertionName: b.assertion.Name, DossierID: o.DossierID, DossierNumber: o.Number, PartnerID: partner,
			ProfessionalID: o.Professional, Category: b.category.Slug(), Acts: b.acts.Names(), Source: b.source,
		})
	}
	return all
}
