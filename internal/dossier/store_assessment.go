package dossier

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// AssessmentFilter is what a list of assessments is limited to; nil does not limit.
type AssessmentFilter struct {
	LifeDomain *string
	SupplierID *uuid.UUID
	Current    bool // those that count now alone
}

const (
	withCorrection = `assessment.*, (select c.id from assessment c where c.municipality_id = assessment.municipality_id and c.corrects = assessment.id limit 1) as corrected_by`

	uncorrected = `(select true from assessment c where c.municipality_id = assessment.municipality_id and c.corrects = assessment.id limit 1) is null`

	// latestSeen leaves out what was observed before another of the same member and life domain that counts.
	latestSeen = `(select true from assessment n where n.municipality_id = assessment.municipality_id and n.dossier_id = assessment.dossier_id
		and n.member = assessment.member and n.life_domain = assessment.life_domain
		and (n.observed_on, n.added_at, n.id) > (assessment.observed_on, assessment.added_at, assessment.id)
		and (select true from assessment c where c.municipality_id = n.municipality_id and c.corrects = n.id limit 1) is null limit 1) is null`
)

// mostAssessments bounds what is read of one dossier at once: 22 life domains of some forty members.
const mostAssessments = 1000

func assessments(ctx context.Context, dossier uuid.UUID) *gorm.DB {
	return db.Mine(ctx, "assessment").Where("assessment.dossier_id = ?", dossier)
}

func findAssessment(ctx context.Context, dossier, id uuid.UUID) (a SeenAssessment, err error) {
	err = db.One(assessments(ctx, dossier).Select(withCorrection).Where("assessment.id = ?", id).Take(&a))
	return a, err
}

func listAssessments(ctx context.Context, dossier uuid.UUID, f AssessmentFilter, p page.Request) (rows []SeenAssessment, err error) {
	q := assessments(ctx, dossier).Select(withCorrection)
	if f.LifeDomain != nil {
		q = q.Where("life_domain = ?", *f.LifeDomain)
	}
	if f.SupplierID != nil {
		q = q.Where("supplier_id = ?", *f.SupplierID)
	}
	if f.Current {
		q = q.Where(uncorrected).Where(latestSeen)
	}
	if q, err = db.NewestFirst(q, "added_at", p); err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}

// end is one of the assessments per member and life domain: of which, and in which order it comes first.
type end struct{ of, order string }

func firstKnown() end {
	return end{"(score is not null or problem_level <> '')", "member, life_domain, observed_on, added_at, id"}
}

func lastKnown() end { return end{firstKnown().of, lastOfAll().order} }

func lastOfAll() end {
	return end{"true", "member, life_domain, observed_on desc, added_at desc, id desc"}
}

// scoresAt reads the last per member and life domain as it was at a moment: of those added until then, of which none that
// was added until then puts it right.
func scoresAt(ctx context.Context, dossier uuid.UUID, at time.Time) (rows []SeenAssessment, err error) {
	q := assessments(ctx, dossier).Select("distinct on (member, life_domain) assessment.*").Where("assessment.added_at <= ?", at)
	q = q.Where(strings.Replace(uncorrected, " limit 1", " and c.added_at <= ? limit 1", 1), at)
	err = q.Order(lastOfAll().order).Limit(mostScores).Find(&rows).Error
	return rows, err
}

// mostScores bounds what a report tells of one dossier.
const mostScores = 200

// endOf reads one end per member and life domain, of the assessments that were not corrected.
func endOf(ctx context.Context, dossier uuid.UUID, e end) (rows []SeenAssessment, err error) {
	q := assessments(ctx, dossier).Select("distinct on (member, life_domain) " + withCorrection).Where(uncorrected).Where(e.of)
	err = q.Order(e.order).Limit(mostAssessments).Find(&rows).Error
	return rows, err
}
