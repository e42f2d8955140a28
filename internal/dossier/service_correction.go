package dossier

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
)

// Correction is what stands in the place of an item; nil keeps what it says.
type Correction struct {
	Text              string
	PoliceArticle     *string // of police data that came in without
	LifeDomain        *string
	ObservedOn        *time.Time // a date
	Source            *string
	ExternalReference *string
	Reason            string
}

// of is what the item says after the correction. Category, conditions and secrecy stay: who reads the item, reads
// the correction.
func (c Correction) of(old Item) NewItem {
	n := NewItem{
		Category: old.Category, PoliceArticle: old.PoliceArticle, LifeDomain: old.LifeDomain, Text: c.Text, ObservedOn: old.ObservedOn, Source: old.Source, Conditions: old.Conditions,
		Secret: old.Secret, SecretGround: old.SecretGround, ExternalReference: old.ExternalReference,
	}
	for from, to := range map[*string]*string{c.PoliceArticle: &n.PoliceArticle, c.LifeDomain: &n.LifeDomain, c.Source: &n.Source, c.ExternalReference: &n.ExternalReference} {
		if from != nil {
			*to = *from
		}
	}
	if c.ObservedOn != nil {
		n.ObservedOn = *c.ObservedOn
	}
	return n
}

// CorrectItem puts a new version in the place of an item (BGS 1.6); the old one stays and says which replaced it.
// What its supplier released and withheld holds for the new one. Only the supplier may; a second correction of
// one version is problem.Conflict.
func (s *Service) CorrectItem(ctx context.Context, dossier uuid.UUID, key etag.Key, c Correction) (in Within[SeenItem], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, old, err := s.claimOwn(ctx, dossier, key)
		if err != nil {
			return err
		}
		if err := old.mayBeCorrected(); err != nil {
			return err
		}
		item, err := s.checked(ctx, d, c.of(old))
		if err != nil {
			return err
		}
		received, err := s.Readers(ctx, d.ID, old.ID)
		if err != nil {
			return err
		}
		item.Corrects, item.CorrectionReason, item.Version, item.WithheldPartners = &old.ID, c.Reason, old.Version+1, old.WithheldPartners
		if err := s.k.Authz.Require(ctx, actCorrect, item.Resource()); err != nil {
			return err
		}
		if err := db.Insert(ctx, &item); err != nil {
			return err
		}
		if err := supersede(ctx, old, item); err != nil {
			return err
		}
		with, err := s.carryOver(ctx, old, item)
		if err != nil {
			return err
		}
		if err := s.recordItem(ctx, d, item, journal.Event{Name: "item.corrected", With: with, Tell: received}); err != nil {
			return err
		}
		seen, err := s.seeItem(ctx, item)
		if err != nil {
			return err
		}
		in, err = within(ctx, s, d, seen)
		return err
	})
	return in, err
}

// claimOwn finds an item as its supplier read it, to replace it or take it back.
func (s *Service) claimOwn(ctx context.Context, dossier uuid.UUID, key etag.Key) (d Dossier, item Item, err error) {
	if d, err = s.Require(ctx, dossier); err != nil {
		return d, item, err
	}
	seen, err := s.findReadable(ctx, dossier, key.ID)
	if err != nil {
		return d, item, err
	}
	if err := s.k.Authz.Require(ctx, actCorrect, seen.Resource()); err != nil {
		return d, item, err
	}
	return d, seen.Item, etag.Check(key.Match, seen.Item)
}

// carryOver lets what holds for an item hold for the version that replaces it: releases, and from whom it is
// withheld. It tells what was written.
func (s *Service) carryOver(ctx context.Context, old, item Item) ([]journal.Subject, error) {
	with := []journal.Subject{{Type: "item", ID: old.ID}}
	releases, err := releasesAt(ctx, old.ID, item.AddedAt)
	if err != nil {
		return nil, err
	}
	for _, r := range releases {
		r.ID, r.ItemID, r.Version = uuid.Must(uuid.NewV7()), item.ID, 1
		if err := db.Insert(ctx, &r); err != nil {
			return nil, err
		}
		with = append(with, journal.Subject{Type: "release", ID: r.ID})
	}
	withheld, err := withheldNow(ctx, old.ID)
	if err != nil {
		return nil, err
	}
	for _, w := range withheld {
		w.ID, w.ItemID, w.Version = uuid.Must(uuid.NewV7()), item.ID, 1
		if err := db.Insert(ctx, &w); err != nil {
			return nil, err
		}
		with = append(with, journal.Subject{Type: "withholding", ID: w.ID})
	}
	return with, nil
}

// nameVersions keeps of the versions beside items those that the caller may read, and tags what he sees.
func nameVersions(ctx context.Context, rows []SeenItem) error {
	var beside []uuid.UUID
	for _, i := range rows {
		for _, id := range []*uuid.UUID{i.Corrects, i.SupersededBy} {
			if id != nil {
				beside = append(beside, *id)
			}
		}
	}
	may, err := visible(ctx, "item", beside)
	if err != nil {
		return err
	}
	for n := range rows {
		i := &rows[n]
		if i.Corrects != nil && !may[*i.Corrects] {
			i.Corrects = nil
		}
		if i.SupersededBy != nil && !may[*i.SupersededBy] {
			i.SupersededBy = &uuid.Nil // replaced, by what he may not know
		}
		i.Tag = etag.Of(i.Item)
	}
	return nil
}
