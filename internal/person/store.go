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

// asJSON are keys as the database compares them; nil when there are none, which would fit everybody.
func asJSON(keys []string) (*string, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	text, err := json.Marshal(keys)
	return new(string(text)), err
}

// personHits are the ids of whom fits, whether the caller may read them or not.
func personHits(ctx context.Context, w sought) (ids []uuid.UUID, err error) {
	keys, err := asJSON(w.keys)
	if err != nil {
		return nil, err
	}
	err = db.Conn(ctx).Raw("select person_hits(?::jsonb, ?::date, ?::bytea)", keys, w.born, w.bsn).Scan(&ids).Error
	return ids, err
}

func listPersons(ctx context.Context, ids []uuid.UUID, p page.Request) (rows []Person, err error) {
	q, err := db.NewestFirst(db.Mine(ctx, "person").Where("id = any(?)", db.IDs(ids)), "registered_at", p)
	if err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}

// likePersons are the others with all the names of a person as they sound and not another day of birth, or with its
// citizen service number, if it has one.
func likePersons(ctx context.Context, like Person, p page.Request) (rows []Person, err error) {
	keys, err := asJSON(like.Keys)
	if err != nil {
		return nil, err
	}
	var ids []uuid.UUID
	err = db.Conn(ctx).Raw("select person_hits(?::jsonb, null, null) union select person_hits(null, null, ?::bytea)", keys, like.BSNIndex).Scan(&ids).Error
	if err != nil {
		return nil, err
	}
	q := db.Mine(ctx, "person").Where("id <> ? and id = any(?)", like.ID, db.IDs(ids)).
		Where("(birth_date is null or ?::date is null or birth_date = ? or bsn_index = ?)", like.BirthDate, like.BirthDate, like.BSNIndex)
	if q, err = db.NewestFirst(q, "registered_at", p); err != nil {
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
