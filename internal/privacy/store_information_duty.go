package privacy

import (
	"context"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// lastInforming is the record of a subject that counts; without one its columns are null.
const lastInforming = `left join lateral (select r.id as last_id, r.outcome, r.review_on from information_record r
	where r.municipality_id = subject.municipality_id and r.subject_id = subject.id order by r.recorded_at desc, r.id desc limit 1) l on true`

// informDue is of whom nothing is recorded, or whose review date has passed.
const informDue = `coalesce(l.last_id is null or l.review_on < ?, false)`

// informationDuties are the subjects that the caller sees, each with the record that counts.
func informationDuties(ctx context.Context) *gorm.DB {
	return db.Mine(ctx, "subject").Joins(lastInforming).
		Select("subject.id, subject.dossier_id, subject.person_id, subject.category, subject.added_at, l.last_id, coalesce(l.outcome, '') as outcome, l.review_on")
}

func findInformationDuty(ctx context.Context, id uuid.UUID) (d InformationDuty, err error) {
	err = db.One(informationDuties(ctx).Where("subject.id = ?", id).Take(&d))
	return d, err
}

func listInformationDuties(ctx context.Context, f InformationFilter, today time.Time, p page.Request) (rows []InformationDuty, err error) {
	q, err := db.NewestFirst(informationDuties(ctx), "added_at", p)
	if err != nil {
		return nil, err
	}
	q = q.Where("subject.ends_on is null or subject.ends_on >= ?", today)
	if f.Dossier != nil {
		q = q.Where("subject.dossier_id = ?", *f.Dossier)
	}
	if f.Due != nil {
		q = q.Where(informDue+" = ?", today, *f.Due)
	}
	err = q.Find(&rows).Error
	return rows, err
}

// informationRecords are those of subjects, the latest first, no more than fifty of each.
func informationRecords(ctx context.Context, subjects []uuid.UUID) (map[uuid.UUID][]InformingRecord, error) {
	var rows []InformingRecord
	err := db.Mine(ctx, "information_record").Where("subject_id in ?", subjects).Order("recorded_at desc, id desc").Find(&rows).Error
	of := make(map[uuid.UUID][]InformingRecord, len(subjects))
	for _, r := range rows {
		if len(of[r.SubjectID]) < mostInformRecords {
			of[r.SubjectID] = append(of[r.SubjectID], r)
		}
	}
	return of, err
}
