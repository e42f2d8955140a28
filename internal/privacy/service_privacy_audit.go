package privacy

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// SeenAudit is an audit and what its reader may do with it.
type SeenAudit struct {
	PrivacyAudit
	Allowed []string // nil in lists
}

// RecordPrivacyAudit records an audit that was done. It fails with problem.Invalid for a day that cannot be.
func (s *Service) RecordPrivacyAudit(ctx context.Context, a PrivacyAudit) (seen SeenAudit, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, today, err := s.now(ctx)
		if err != nil {
			return err
		}
		a.MunicipalityID, a.ID, a.Version, a.RecordedBy = who.Municipality, uuid.Must(uuid.NewV7()), 1, who.Professional
		a.RecordedAt, a.ChangedAt = s.k.Now(), s.k.Now()
		if err := s.k.Authz.Require(ctx, actKeepAudits, a.Resource()); err != nil {
			return err
		}
		if err := a.unfit(today).Err(); err != nil {
			return err
		}
		if err := db.Insert(ctx, &a); err != nil {
			return err
		}
		seen, err = s.auditDone(ctx, a, "privacy-audit.recorded", nil)
		return err
	})
	return seen, err
}

// UpdatePrivacyAudit records to whom an audit was sent.
func (s *Service) UpdatePrivacyAudit(ctx context.Context, key etag.Key, edit func(*PrivacyAudit)) (seen SeenAudit, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, actKeepAudits, authz.Resource{ID: key.ID}); err != nil {
			return err
		}
		before, err := findPrivacyAudit(ctx, key.ID)
		if err != nil {
			return err
		}
		if err := etag.Check(key.Match, before); err != nil {
			return err
		}
		_, today, err := s.now(ctx)
		if err != nil {
			return err
		}
		after := before
		edit(&after)
		if err := after.unfit(today).Err(); err != nil {
			return err
		}
		after.ChangedAt = s.k.Now()
		fields, err := db.Update(ctx, &before, &after)
		if err != nil {
			return err
		}
		if len(fields) == 0 {
			seen, err = s.seeAudit(ctx, before)
			return err
		}
		seen, err = s.auditDone(ctx, after, "privacy-audit.changed", fields)
		return err
	})
	return seen, err
}

// auditDone audits a change and shows what came of it.
func (s *Service) auditDone(ctx context.Context, a PrivacyAudit, event string, fields []string) (seen SeenAudit, err error) {
	err = s.k.Journal.Record(ctx, journal.Event{Name: event, Subject: journal.Subject{Type: "privacy-audit", ID: a.ID}, Fields: fields})
	if err != nil {
		return seen, err
	}
	return s.seeAudit(ctx, a)
}

func (s *Service) seeAudit(ctx context.Context, a PrivacyAudit) (seen SeenAudit, err error) {
	seen.PrivacyAudit = a
	seen.Allowed, err = s.k.Authz.Allowed(ctx, a.Resource(), auditOperations())
	return seen, err
}

// GetPrivacyAudit reads one audit.
func (s *Service) GetPrivacyAudit(ctx context.Context, id uuid.UUID) (seen SeenAudit, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, actReadAudits, authz.Resource{}); err != nil {
			return err
		}
		a, err := findPrivacyAudit(ctx, id)
		if err != nil {
			return err
		}
		seen, err = s.seeAudit(ctx, a)
		return err
	})
	return seen, err
}

// ListPrivacyAudits reads a page of audits, the latest recorded first, and the calendar.
func (s *Service) ListPrivacyAudits(ctx context.Context, p page.Request) (rows []PrivacyAudit, next *string, due AuditCalendar, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, actReadAudits, authz.Resource{}); err != nil {
			return err
		}
		_, today, err := s.now(ctx)
		if err != nil {
			return err
		}
		latest, err := latestAudit(ctx)
		if err != nil {
			return err
		}
		due = auditCalendar(latest, today)
		rows, err = listPrivacyAudits(ctx, p)
		rows, next = page.Cut(rows, p.Limit, PrivacyAudit.place)
		return err
	})
	return rows, next, due, err
}
