package privacy

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

func findSubjectRequest(ctx context.Context, id uuid.UUID) (r SubjectRequest, err error) {
	err = db.One(db.Mine(ctx, "data_subject_request").Where("id = ?", id).Take(&r))
	return r, err
}

func listSubjectRequests(ctx context.Context, p page.Request) (rows []SubjectRequest, err error) {
	q, err := db.NewestFirst(db.Mine(ctx, "data_subject_request"), "recorded_at", p)
	if err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}

// restrictItems puts the mark of AVG 18 on the items and documents of a decided request, or takes it off, and gives which it
// wrote: these and the other versions of items.
func restrictItems(ctx context.Context, r SubjectRequest, on bool, at time.Time) (written []uuid.UUID, err error) {
	if err := db.Decided(ctx, r); err != nil {
		return nil, err
	}
	err = db.Conn(ctx).Raw("select restrict_items(?, ?, ?) union all select restrict_documents(?, ?, ?)", r.ID, on, at, r.ID, on, at).Scan(&written).Error
	return written, err
}

// restrictPerson makes the marks of a whole person anew after a decision or a lifting.
func restrictPerson(ctx context.Context, r SubjectRequest) error {
	if err := db.Decided(ctx, r); err != nil {
		return err
	}
	return db.Conn(ctx).Exec("select restrict_person(?)", r.ID).Error
}
