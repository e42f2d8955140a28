package privacy

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

func findImpactAssessment(ctx context.Context, id uuid.UUID) (a ImpactAssessment, err error) {
	err = db.One(db.Mine(ctx, "impact_assessment").Where("id = ?", id).Take(&a))
	return a, err
}

func listImpactAssessments(ctx context.Context, p page.Request) (rows []ImpactAssessment, err error) {
	q, err := db.NewestFirst(db.Mine(ctx, "impact_assessment"), "recorded_at", p)
	if err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}

// advisedCategory is a category of assessments with an advice, and whether one of these stands.
type advisedCategory struct {
	Slug   string
	Stands bool
}

// advisedCategories are those on which there is or was an advice, for the system.
func advisedCategories(ctx context.Context) (rows []advisedCategory, err error) {
	err = db.Mine(ctx, "impact_assessment").Joins("cross join jsonb_array_elements_text(categories) c (slug)").
		Where("advised_on is not null").Select("c.slug, bool_or(advice_withdrawn_on is null) as stands").Group("c.slug").Find(&rows).Error
	return rows, err
}
