package meeting

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/access"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/language"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// How far a calendar looks back and ahead.
const (
	lookBack  = 90 * 24 * time.Hour
	lookAhead = 2 * 366 * 24 * time.Hour
)

// SeenFeed is a feed as its owner sees it.
type SeenFeed struct {
	Feed
	Allowed []string // operations; nil in lists
	Tag     string
}

// CreateFeed makes a calendar feed for the caller; its address is told here and never again. It fails with
// problem.Forbidden for a system, and with problem.Conflict for who has too many.
func (s *Service) CreateFeed(ctx context.Context) (seen SeenFeed, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		secret, now := newSecret(), s.k.Now()
		f := Feed{
			MunicipalityID: who.Municipality, ID: uuid.Must(uuid.NewV7()), Version: 1, ProfessionalID: who.Professional, SecretHash: hashOf(secret),
			CreatedAt: now, ChangedAt: now, Address: s.PublicURL + "/calendar/" + secret + ".ics",
		}
		if err := s.k.Authz.Require(ctx, actFeed, f.Resource()); err != nil {
			return err
		}
		if err := mayHaveMore(ctx, who.Professional); err != nil {
			return err
		}
		if err := db.Insert(ctx, &f); err != nil {
			return err
		}
		if err := s.recordFeed(ctx, f, "calendar.feed-made"); err != nil {
			return err
		}
		seen, err = s.seeFeed(ctx, f)
		return err
	})
	return seen, err
}

func mayHaveMore(ctx context.Context, professional uuid.UUID) error {
	n, err := countFeeds(ctx, professional)
	if err == nil && n >= mostFeeds {
		err = problem.Errorf(problem.Conflict, "You have ten calendar feeds; revoke one first.")
	}
	return err
}

// newSecret is a text that nobody guesses: 32 random bytes.
func newSecret() string {
	var secret [32]byte
	rand.Read(secret[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(secret[:])
}

func (s *Service) recordFeed(ctx context.Context, f Feed, event string) error {
	return s.k.Journal.Record(ctx, journal.Event{Name: event, Subject: journal.Subject{Type: "calendar-feed", ID: f.ID}})
}

// Feeds reads a page of the caller's own feeds, the latest first.
func (s *Service) Feeds(ctx context.Context, p page.Request) (seen []SeenFeed, next *string, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		rows, err := listFeeds(ctx, who.Professional, p)
		if err != nil {
			return err
		}
		rows, next = page.Cut(rows, p.Limit, func(f Feed) page.Cursor { return page.At(f.CreatedAt, f.ID) })
		for _, f := range rows {
			seen = append(seen, SeenFeed{Feed: f, Tag: etag.Of(f)})
		}
		return nil
	})
	return seen, next, err
}

// GetFeed reads one of the caller's own feeds. It fails with problem.NotFound.
func (s *Service) GetFeed(ctx context.Context, id uuid.UUID) (seen SeenFeed, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		f, err := s.feed(ctx, id, actReadFeed)
		if err != nil {
			return err
		}
		seen, err = s.seeFeed(ctx, f)
		return err
	})
	return seen, err
}

// RevokeFeed ends one of the caller's own feeds. It fails with problem.Conflict for one that is revoked.
func (s *Service) RevokeFeed(ctx context.Context, key etag.Key) (seen SeenFeed, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		before, err := s.feed(ctx, key.ID, actFeed)
		if err != nil {
			return err
		}
		if err := etag.Check(key.Match, before); err != nil {
			return err
		}
		f := before
		if err := f.revoke(s.k.Now()); err != nil {
			return err
		}
		if _, err := db.Update(ctx, &before, &f); err != nil {
			return err
		}
		if err := s.recordFeed(ctx, f, "calendar.feed-revoked"); err != nil {
			return err
		}
		seen, err = s.seeFeed(ctx, f)
		return err
	})
	return seen, err
}

// feed finds one of the caller's own feeds for an act.
func (s *Service) feed(ctx context.Context, id uuid.UUID, act string) (f Feed, err error) {
	who, err := identity.From(ctx)
	if err != nil {
		return f, err
	}
	if f, err = findFeed(ctx, who.Professional, id); err != nil {
		return f, err
	}
	return f, s.k.Authz.Require(ctx, act, f.Resource())
}

func (s *Service) seeFeed(ctx context.Context, f Feed) (seen SeenFeed, err error) {
	seen = SeenFeed{Feed: f, Tag: etag.Of(f)}
	seen.Allowed, err = s.k.Authz.Allowed(ctx, f.Resource(), f.operations())
	return seen, err
}

// Calendar writes the meetings that somebody leads or is invited to as iCalendar, for who has the secret of one of
// his feeds; nobody acts yet. It fails with problem.NotFound for a secret that opens nothing (any more), and for
// somebody who has no access any more.
func (s *Service) Calendar(ctx context.Context, secret string) (text string, err error) {
	owner, err := ownerOf(ctx, s.k.DB, hashOf(secret))
	if err != nil {
		return "", err
	}
	who, err := s.As(ctx, owner.MunicipalityID, owner.ProfessionalID)
	if problem.Is(err, problem.Unauthenticated) || problem.Is(err, problem.Forbidden) {
		err = db.NotFound()
	}
	if err != nil {
		return "", err
	}
	ctx = identity.With(ctx, who)
	access.Follow(ctx)
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		now := s.k.Now()
		rows, err := appointments(ctx, who.Professional, now.Add(-lookBack), now.Add(lookAhead))
		text = calendarOf(rows, language.From(ctx), s.PublicURL+"/v1/meetings/")
		return err
	})
	return text, err
}
