package privacy

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

func findPrivacyAudit(ctx context.Context, id uuid.UUID) (a PrivacyAudit, err error) {
	err = db.One(db.Mine(ctx, "privacy_audit").Where("id = ?", id).Take(&a))
	return a, err
}

// latestAudit is the one that was done last; nil for none.
func latestAudit(ctx context.Context) (*PrivacyAudit, error) {
	var rows []PrivacyAudit
	err := db.Mine(ctx, "privacy_audit").Order("done_on desc, recorded_at desc").Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

func listPrivacyAudits(ctx context.Context, p page.Request) (rows []PrivacyAudit, err error) {
	q, err := db.NewestFirst(db.Mine(ctx, "privacy_audit"), "recorded_at", p)
	if err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}
