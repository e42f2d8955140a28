package person

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

func findPerson(ctx context.Context, id uuid.UUID) (p Person, err error) {
	err = db.One(db.Mine(ctx, "person").Where("id = ?", id).Take(&p))
	return p, err
}

func personsOf(ctx context.Context, ids []uuid.UUID) (rows []Person, err error) {
	err = db.Mine(ctx, "person").Where("id = any(?)", db.IDs(ids)).Find(&rows).Error
	return rows, err
}

// roles are the subjects, of all dossiers that the caller may know of it, that persons are.
func roles(ctx context.Context, persons []uuid.UUID) (rows []Subject, err error) {
	err = db.Mine(ctx, "subject").Where("person_id = any(?)", db.IDs(persons)).Find(&rows).Error
	return rows, err
}

// sought is what persons are looked for by; nil does not limit.
type sought struct {
	keys []string
	born *time.Time
	bsn  []byte
}

func searchPersons(ctx context.Context, w sought, p page.Request) (rows []Person, err error) {
	var keys *string
	if w.keys != nil {
		text, err := json.Marshal(w.keys)
		if err != nil {
			return nil, err
		}
		keys = new(string(text))
	}
	var ids []uuid.UUID
	if err := db.Conn(ctx).Raw("select person_hits(?::jsonb, ?::date, ?::bytea)", keys, w.born, w.bsn).Scan(&ids).Error; err != nil {
		return nil, err
	}
	q, err := db.NewestFirst(db.Mine(ctx, "person").Where("id = any(?)", db.IDs(ids)), "registered_at", p)
	if err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}

func findSubject(ctx context.Context, dossier, id uuid.UUID) (s Subject, err error) {
	err = db.One(db.Mine(ctx, "subject").Where("dossier_id = ? and id = ?", dossier, id).Take(&s))
	return s, err
}

func subjectsOf(ctx context.Context, dossier uuid.UUID) (rows []Subject, err error) {
	err = db.Mine(ctx, "subject").Where("dossier_id = ?", dossier).Find(&rows).Error
	return rows, err
}

func listSubjects(ctx context.Context, dossier uuid.UUID, p page.Request) (rows []Subject, err error) {
	q, err := db.NewestFirst(db.Mine(ctx, "subject").Where("dossier_id = ?", dossier), "added_at", p)
	if err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}
