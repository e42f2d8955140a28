package document

import (
	"context"
	"io"
	"log/slog"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
)

// Content reads what a document holds, as it was sent. It fails with problem.NotFound when the caller may not
// read it and when there is nothing to read yet.
func (s *Service) Content(ctx context.Context, id uuid.UUID) (d Document, content io.Reader, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err = s.withContent(ctx, id)
		return err
	})
	if err != nil {
		return d, nil, err
	}
	content, err = s.opened(ctx, d)
	return d, content, err
}

// withContent finds a document of which the caller may read the content.
func (s *Service) withContent(ctx context.Context, id uuid.UUID) (Document, error) {
	d, err := s.readable(ctx, id)
	if err != nil {
		return d, err
	}
	if err := s.k.Authz.Require(ctx, actRead, d.Resource()); err != nil {
		return d, err
	}
	return d, d.hasContent()
}

// PutContent takes the content of a document, and has it scanned where there is a scanner. Nothing of it is
// stored before it arrived whole. It fails with problem.Conflict when the document has its content already,
// and as receive does.
func (s *Service) PutContent(ctx context.Context, key etag.Key, body io.Reader) (seen Seen, err error) {
	var d Document
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err = s.expecting(ctx, key)
		return err
	})
	if err != nil {
		return seen, err
	}
	content, err := receive(s.k.Secrets, d.place(), body)
	if err != nil {
		return seen, err
	}
	defer content.close() // it has no name: nothing is left of it
	if seen, err = s.keep(ctx, key, content); err != nil || seen.State != Scanning {
		return seen, err
	}
	clean, err := s.scan(ctx, content)
	if err != nil {
		s.m.Log.WarnContext(ctx, "a document waits for the virus scanner", slog.Any("error", err))
		return seen, nil // its state says so
	}
	return s.settle(ctx, etag.Key{ID: d.ID, Match: seen.Tag}, clean)
}

// expecting finds a document that has no content yet, for its supplier.
func (s *Service) expecting(ctx context.Context, key etag.Key) (Document, error) {
	d, err := s.claim(ctx, key)
	if err != nil {
		return d, err
	}
	return d, d.mayBeSent()
}

// keep stores what was received; without a scanner it is available at once.
func (s *Service) keep(ctx context.Context, key etag.Key, content *received) (Seen, error) {
	return s.change(ctx, key, func(ctx context.Context, d *Document) (event string, err error) {
		sealed, err := content.sealed()
		if err != nil {
			return "", err
		}
		if err := keep(ctx, *d, sealed, content.key); err != nil {
			return "", err
		}
		now := s.k.Now()
		d.MediaType, d.Size, d.Sha256, d.UploadedAt, d.Scanned = content.mediaType, content.size, content.sha256, &now, false
		if s.m.Scanner != nil {
			d.State = Scanning
			return "", nil
		}
		d.State = Available
		return "document.uploaded", nil
	})
}

func (s *Service) scan(ctx context.Context, content *received) (clean bool, err error) {
	sealed, err := content.sealed()
	if err != nil {
		return false, err
	}
	plain, err := s.k.Secrets.OpenFrom(sealed, content.at, content.key)
	if err != nil {
		return false, err
	}
	return s.m.Scanner.Clean(ctx, plain)
}

// settle does what the scanner found: content that is not clean goes.
func (s *Service) settle(ctx context.Context, key etag.Key, clean bool) (Seen, error) {
	return s.change(ctx, key, func(ctx context.Context, d *Document) (event string, err error) {
		d.Scanned, d.State = true, Available
		if clean {
			return "document.uploaded", nil
		}
		d.State, d.MediaType, d.Size, d.Sha256, d.UploadedAt = Refused, "", 0, "", nil
		return "document.refused", drop(ctx, *d)
	})
}

// change is the one way in which content comes to a document: found, allowed, changed, saved, recorded.
func (s *Service) change(ctx context.Context, key etag.Key, rule func(context.Context, *Document) (event string, err error)) (seen Seen, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := s.expecting(ctx, key)
		if err != nil {
			return err
		}
		before := d
		event, err := rule(ctx, &d)
		if err != nil {
			return err
		}
		d.ChangedAt = s.k.Now()
		fields, err := db.Update(ctx, &before, &d)
		if err != nil {
			return err
		}
		if event != "" {
			err = s.record(ctx, d, journal.Event{Name: event, Fields: fields})
		}
		if err != nil {
			return err
		}
		seen, err = s.see(ctx, d)
		return err
	})
	return seen, err
}
