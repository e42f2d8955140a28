package privacy

import (
	"context"

	"gorm.io/gorm"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// accessColumns are those of a line; its lists come as JSON.
const accessColumns = `municipality_id, id, at, operation, to_json(acts) as acts, professional_id, partner_id, client_id, to_json(roles) as roles,
 to_json(stands_in_for) as stands_in_for, seen_as_partner_id, seen_as_professional_id, dossier_id, subject_type, subject_id, categories,
 to_json(grounds) as grounds, basis, purpose, outcome, status, trace_id, span_id`

func listAccess(ctx context.Context, f AccessFilter, p page.Request) (rows []AccessLine, err error) {
	q := db.Mine(ctx, "access_line").Select(accessColumns)
	q = where(q, "dossier_id = ?", f.DossierID)
	q = where(q, "professional_id = ?", f.ProfessionalID)
	q = where(q, "partner_id = ?", f.PartnerID)
	q = where(q, "subject_type = 'person' and subject_id = ?", f.PersonID)
	q = where(q, "operation = ?", f.Operation)
	q = where(q, "outcome = ?", f.Outcome)
	q = where(q, "at >= ?", f.From)
	q = where(q, "at < ?", f.Until)
	if q, err = db.NewestFirst(q, "at", p); err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}

// where adds a condition when there is a value for it.
func where[T any](q *gorm.DB, condition string, value *T) *gorm.DB {
	if value == nil {
		return q
	}
	return q.Where(condition, *value)
}
