package privacy

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

func findDisclosure(ctx context.Context, id uuid.UUID) (d Disclosure, err error) {
	err = db.One(db.Mine(ctx, "disclosure").Where("id = ?", id).Take(&d))
	return d, err
}

func listDisclosures(ctx context.Context, f DisclosureFilter, p page.Request) (rows []Disclosure, err error) {
	q := where(db.Mine(ctx, "disclosure"), "dossier_id = ?", f.DossierID)
	if f.FeedbackDue != nil {
		q = q.Where("coalesce(feedback_due_on <= ?, false) = ?", f.today, *f.FeedbackDue)
	}
	if q, err = db.NewestFirst(q, "drafted_at", p); err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}
