package privacy

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/calendar"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// The acts on privacy audits of internal/kernel/authz/acts.csv.
const (
	actReadAudits = "privacy-audit.read"
	actKeepAudits = "privacy-audit.keep"
)

// The rules by which an audit is due, and their terms in months (Wgs 1.10, BGS 1.18).
const (
	firstAudit    = "first"
	reAudit       = "re-audit"
	periodicAudit = "periodic"

	reAuditMonths  = 12
	periodicMonths = 48
)

// PrivacyAudit is a privacy audit that was done (Wgs 1.10, BGS 1.18).
type PrivacyAudit struct {
	MunicipalityID    string    `gorm:"primaryKey" etag:"-"`
	ID                uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version           int64     `etag:"-"`
	DoneOn            time.Time `etag:"-"` // a date, as those below
	Organisation      string    `etag:"-"`
	Findings          string    `etag:"-"`
	Shortcomings      bool      `etag:"-"`
	SentToAuthorityOn *time.Time
	SentToCommitteeOn *time.Time
	SentToOfficerOn   *time.Time
	RecordedBy        uuid.UUID `etag:"-"`
	RecordedAt        time.Time `etag:"-"`
	ChangedAt         time.Time `etag:"-"`
}

// Guarded implements db.Row.
func (a PrivacyAudit) Guarded() uuid.UUID { return a.ID }

// Resource is the audit, to decide on.
func (a PrivacyAudit) Resource() authz.Resource { return authz.Resource{ID: a.ID} }

func (a PrivacyAudit) place() page.Cursor { return page.At(a.RecordedAt, a.ID) }

// unfit names the days that cannot be.
func (a PrivacyAudit) unfit(today time.Time) (wrong problem.Faults) {
	if a.DoneOn.After(today) {
		wrong.Note("/doneOn", "future", "An audit is recorded when it was done.")
	}
	for _, sent := range []struct {
		field string
		on    *time.Time
	}{{"/sentToAuthorityOn", a.SentToAuthorityOn}, {"/sentToCommitteeOn", a.SentToCommitteeOn}, {"/sentToOfficerOn", a.SentToOfficerOn}} {
		if sent.on != nil && (sent.on.After(today) || sent.on.Before(a.DoneOn)) {
			wrong.Note(sent.field, "date", "Give a day from the audit until today.")
		}
	}
	return wrong
}

// AuditCalendar is until when the next audit is to be done, and by which rule.
type AuditCalendar struct {
	DueOn   time.Time // a date
	Rule    string
	Overdue bool
}

// auditCalendar follows from the latest audit that was done, nil for none: the first within two years after the Wgs came into
// force on 1 March 2025, then every four years, and within a year after shortcomings (Wgs 1.10, BGS 1.18).
func auditCalendar(latest *PrivacyAudit, today time.Time) AuditCalendar {
	c := AuditCalendar{DueOn: time.Date(2027, time.March, 1, 0, 0, 0, 0, time.UTC), Rule: firstAudit}
	switch {
	case latest != nil && latest.Shortcomings:
		c.DueOn, c.Rule = calendar.Months(latest.DoneOn, reAuditMonths), reAudit
	case latest != nil:
		c.DueOn, c.Rule = calendar.Months(latest.DoneOn, periodicMonths), periodicAudit
	}
	c.Overdue = today.After(c.DueOn)
	return c
}

func auditOperations() []authz.Operation {
	return []authz.Operation{{ID: "getPrivacyAudit", Act: actReadAudits}, {ID: "updatePrivacyAudit", Act: actKeepAudits}}
}
