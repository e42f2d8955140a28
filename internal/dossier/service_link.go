package dossier

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// AddLink ties this dossier to another that the caller knows too; each is told of it.
func (s *Service) AddLink(ctx context.Context, dossier uuid.UUID, l Link) (in Within[SeenLink], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := find(ctx, dossier)
		if err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actChange, d.Resource()); err != nil {
			return err
		}
		other, err := find(ctx, l.OtherDossierID)
		if err != nil || other.ID == d.ID || other.ShieldedAt != nil {
			return problem.InvalidField("/otherDossierId", "reference", "There is no such other dossier, or none that you may see.")
		}
		if err := d.mustBeOpen(); err != nil {
			return err
		}
		if err := s.mayLink(ctx, d, other, l); err != nil {
			return err
		}
		link := l
		if err := s.decide(ctx, d, func(id, by uuid.UUID, at time.Time) {
			link.MunicipalityID, link.ID, link.Version, link.DossierID, link.AddedBy, link.AddedAt = d.MunicipalityID, id, 1, d.ID, &by, at
		}); err != nil {
			return err
		}
		if err := db.Insert(ctx, &link); err != nil {
			return err
		}
		e := journal.Event{Name: "link.added", Subject: journal.Subject{Type: "link", ID: link.ID}, InNameOf: s.inNameOf(ctx, d.mayDo(actChange)...)}
		if err := s.recordOnBoth(ctx, e, d, other); err != nil {
			return err
		}
		seen, err := s.seeLink(ctx, d.ID, link)
		if err != nil {
			return err
		}
		in, err = within(ctx, s, d, seen)
		return err
	})
	return in, err
}

// mayLink holds a link against the rules: what belongs to its kind, the ground on which two persons are tied
// (BGS 2.20(2)), and no cause that becomes its own effect. It looks no further than the caller sees.
func (s *Service) mayLink(ctx context.Context, d, other Dossier, l Link) error {
	wrong := l.misfits()
	if d.Type == Person && other.Type == Person && l.Ground == "" {
		family, err := inOneFamily(ctx, d.ID, other.ID)
		if err != nil {
			return err
		}
		if !family {
			wrong.Note("/ground", "required", "Two persons outside one family are tied on a ground: their circle, how they hang together and why it is needed (BGS 2.20(2)).")
		}
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	if !l.fits(d.Type, other.Type) {
		return problem.Errorf(problem.Conflict, "This kind of link does not fit the kinds of these two dossiers; choose another, such as related.")
	}
	if l.Kind != causeEffect {
		return nil
	}
	if err := oneAtATime(ctx, d.MunicipalityID); err != nil {
		return err
	}
	circle, err := leadsTo(ctx, other.ID, d.ID)
	if err == nil && circle {
		err = problem.Errorf(problem.Conflict, "The effect leads to this cause already; a cause does not become its own effect.")
	}
	return err
}

// recordOnBoth tells of a link on either side.
func (s *Service) recordOnBoth(ctx context.Context, e journal.Event, sides ...Dossier) error {
	for _, side := range sides {
		if err := s.recordIn(ctx, side, e); err != nil {
			return err
		}
	}
	return nil
}

// EndLink ends a link from either side, with the reason; it stays readable. It fails with problem.Forbidden for
// who may not change the dossier from which he ends it, and with problem.Conflict when it has ended.
func (s *Service) EndLink(ctx context.Context, dossier uuid.UUID, key etag.Key, reason string) (in Within[SeenLink], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := s.find(ctx, dossier)
		if err != nil {
			return err
		}
		before, err := s.linkIn(ctx, d, key.ID)
		if err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actChange, authz.Resource{ID: before.Guarded(), Dossier: d.ID, Category: authz.Core}); err != nil {
			return err
		}
		if err := etag.Check(key.Match, before.Link); err != nil {
			return err
		}
		if err := before.mustRun(); err != nil {
			return err
		}
		by, at, err := s.decides(ctx)
		if err != nil {
			return err
		}
		link := before.Link
		link.EndedAt, link.EndedBy, link.EndReason = &at, &by, reason
		fields, err := db.Update(ctx, &before.Link, &link)
		if err != nil {
			return err
		}
		other, err := find(ctx, before.Other.ID)
		if err != nil {
			return err
		}
		e := journal.Event{Name: "link.ended", Subject: journal.Subject{Type: "link", ID: link.ID}, Fields: fields, InNameOf: s.inNameOf(ctx, d.mayDo(actChange)...)}
		if err := s.recordOnBoth(ctx, e, d, other); err != nil {
			return err
		}
		in, err = within(ctx, s, d, SeenLink{Link: link, From: d.ID, Other: before.Other})
		return err
	})
	return in, err
}

// linkIn finds a link of which the caller sees both sides; in a closed dossier he is told that it is.
func (s *Service) linkIn(ctx context.Context, d Dossier, id uuid.UUID) (SeenLink, error) {
	if err := s.k.Authz.Require(ctx, actRead, d.Resource()); err != nil {
		return SeenLink{}, err
	}
	l, err := findLink(ctx, d.ID, id)
	if err != nil {
		return SeenLink{}, err
	}
	return s.seeLink(ctx, d.ID, l)
}

// SeenLink is a link as seen from one of its sides.
type SeenLink struct {
	Link
	From  uuid.UUID // the dossier from which it is read
	Other Ref
}

// ListLinks reads the links of a dossier of which the caller may see both sides.
func (s *Service) ListLinks(ctx context.Context, dossier uuid.UUID, f LinkFilter, p page.Request) (Within[Page[SeenLink]], error) {
	return readIn(ctx, s, dossier, func(ctx context.Context) (Page[SeenLink], error) {
		rows, err := listLinks(ctx, dossier, f, p)
		if err != nil {
			return Page[SeenLink]{}, err
		}
		rows, next := page.Cut(rows, p.Limit, Link.place)
		seen, err := s.seeLinks(ctx, dossier, rows)
		return Page[SeenLink]{Rows: seen, Next: next}, err
	})
}

// GetLink reads one link.
func (s *Service) GetLink(ctx context.Context, dossier, id uuid.UUID) (Within[SeenLink], error) {
	return readIn(ctx, s, dossier, func(ctx context.Context) (SeenLink, error) {
		l, err := findLink(ctx, dossier, id)
		if err != nil {
			return SeenLink{}, err
		}
		return s.seeLink(ctx, dossier, l)
	})
}

func (s *Service) seeLink(ctx context.Context, from uuid.UUID, l Link) (SeenLink, error) {
	seen, err := s.seeLinks(ctx, from, []Link{l})
	if err != nil {
		return SeenLink{}, err
	}
	if len(seen) == 0 {
		return SeenLink{}, db.NotFound()
	}
	return seen[0], nil
}

// seeLinks shows the other side of each link; a link whose other side is out of sight is left out.
func (s *Service) seeLinks(ctx context.Context, from uuid.UUID, links []Link) ([]SeenLink, error) {
	others := make([]uuid.UUID, len(links))
	for i, l := range links {
		others[i] = l.otherThan(from)
	}
	refs, err := s.Refs(ctx, others)
	if err != nil {
		return nil, err
	}
	seen := make([]SeenLink, 0, len(links))
	for i, l := range links {
		ref, visible := refs[others[i]]
		if !visible {
			s.k.Authz.Dropped(ctx, "link")
			continue
		}
		seen = append(seen, SeenLink{Link: l, From: from, Other: ref})
	}
	return seen, nil
}
