package privacy

import (
	"context"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// listAudit reads entries, as the system: no other role reads the audit.
func listAudit(ctx context.Context, f AuditFilter, p page.Request) (rows []AuditEntry, err error) {
	q := db.Mine(ctx, "audit_entry")
	q = where(q, "dossier_id = ?", f.DossierID)
	q = where(q, "subject_id = ?", f.SubjectID)
	q = where(q, "professional_id = ?", f.ProfessionalID)
	q = where(q, "event = ?", f.Event)
	q = where(q, "at >= ?", f.From)
	q = where(q, "at < ?", f.Until)
	if q, err = db.NewestFirst(q, "at", p); err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}
