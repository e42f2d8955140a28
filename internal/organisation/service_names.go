package organisation

import (
	"context"
	"fmt"
	"time"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// defaultZone is where terms end when the municipality's own zone cannot be read.
const defaultZone = "Europe/Amsterdam"

// Names gives the names of who takes part, kept per municipality until its people change.
func (s *Service) Names(ctx context.Context) (*Names, error) {
	who, err := identity.From(ctx)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	kept, least := s.names[who.Municipality], max(who.Versions.People, s.newest[who.Municipality])
	s.mu.Unlock()
	if kept != nil && !who.IsSystem() && kept.people >= least {
		return kept, nil
	}
	read, err := s.readNames(ctx, who.Municipality, kept)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if newest := s.names[who.Municipality]; newest != nil && newest.people >= read.people {
		return newest, nil
	}
	s.names[who.Municipality] = read
	return read, nil
}

// learn remembers how often the people of a municipality have changed. A transaction makes an older
// identity anew, but the one in its caller's context stays; names must not be older than either.
func (s *Service) learn(municipality string, people int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.newest[municipality] = max(s.newest[municipality], people)
}

// Zone is the time zone in which the municipality's terms end.
func (s *Service) Zone(ctx context.Context) (*time.Location, error) {
	names, err := s.Names(ctx)
	if err != nil {
		return nil, err
	}
	return names.zone, nil
}

// ZoneOf is Zone for where a failure shows elsewhere anyway: then it is Europe/Amsterdam, or UTC on a
// machine that does not know it.
func (s *Service) ZoneOf(ctx context.Context) *time.Location {
	zone, err := s.Zone(ctx)
	if err == nil {
		return zone
	}
	if zone, err = time.LoadLocation(defaultZone); err == nil {
		return zone
	}
	return time.UTC
}

// DateOf is the date of a moment in a time zone, as a row keeps dates: midnight UTC.
func DateOf(moment time.Time, zone *time.Location) time.Time {
	year, month, day := moment.In(zone).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// readNames reads them apart from the running transaction, so that nothing is kept that was not
// committed; what was kept already is given back when nobody changed since. The stamp is read first: names
// may be newer than it, never older. In a transaction of the product itself, which changes nobody, they are
// read in it: waiting there for a second connection of the same few could last for ever.
func (s *Service) readNames(ctx context.Context, municipality string, kept *Names) (n *Names, err error) {
	if who, err := identity.From(ctx); err != nil || !who.IsSystem() || who.Purpose == loading {
		ctx = identity.With(db.Apart(ctx), identity.System(municipality, "names"))
	}
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		h, err := homeOf(ctx)
		if err != nil {
			return err
		}
		if kept != nil && kept.people >= h.People {
			n = kept
			return nil
		}
		n = &Names{municipality: Municipality{ID: municipality, Name: h.Name}, people: h.People}
		if n.zone, err = zoneNamed(h.TimeZone); err != nil {
			return err
		}
		if n.partners, err = namesIn(ctx, "partner"); err != nil {
			return err
		}
		n.professionals, err = namesIn(ctx, "professional")
		return err
	})
	return n, err
}

func zoneNamed(name string) (*time.Location, error) {
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("time zone of the municipality: %w", err)
	}
	return zone, nil
}
