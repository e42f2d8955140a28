package plan

import (
	"context"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// find reads an action that the caller may read.
func find(ctx context.Context, id uuid.UUID) (a Action, err error) {
	err = db.One(db.Mine(ctx, "action").Where("id = ?", id).Take(&a))
	return a, err
}

// Filter is what a list of actions is limited to; nil does not limit.
type Filter struct {
	DossierID, MeetingID, PartnerID, ProfessionalID *uuid.UUID
	Status, Track, LifeDomain                       *string
	Overdue                                         *bool
	DueBefore                                       *time.Time // a date
}

const past = "(status = 'open' and due_date < ?)"

func list(ctx context.Context, f Filter, today time.Time, p page.Request) (rows []Action, err error) {
	q := db.Mine(ctx, "action")
	q = equals(q, "dossier_id", f.DossierID)
	q = equals(q, "meeting_id", f.MeetingID)
	q = equals(q, "partner_id", f.PartnerID)
	q = equals(q, "professional_id", f.ProfessionalID)
	q = equals(q, "status", f.Status)
	q = equals(q, "track", f.Track)
	q = equals(q, "life_domain", f.LifeDomain)
	if f.Overdue != nil {
		q = q.Where(map[bool]string{true: past, false: "not " + past}[*f.Overdue], today)
	}
	if f.DueBefore != nil {
		q = q.Where("due_date < ?", *f.DueBefore)
	}
	if p.After != nil {
		due, err := p.After.Time()
		if err != nil {
			return nil, err
		}
		q = q.Where("(due_date, id) > (?, ?)", due, p.After.ID)
	}
	err = q.Order("due_date, id").Limit(p.Limit + 1).Find(&rows).Error
	return rows, err
}

// equals limits a query to one value of a column; nil does not limit.
func equals[T any](q *gorm.DB, column string, value *T) *gorm.DB {
	if value == nil {
		return q
	}
	return q.Where(column+" = ?", *value)
}

// brief reads the open actions of a dossier first.
func brief(ctx context.Context, dossier uuid.UUID) (rows []Action, err error) {
	q := db.Mine(ctx, "action").Where("dossier_id = ?", dossier).Order("status <> 'open', due_date, id")
	err = q.Limit(page.Max).Find(&rows).Error
	return rows, err
}

// withIDs reads the actions in which a column holds one of the ids, in the order in which they were
// recorded.
func withIDs(ctx context.Context, column string, ids []uuid.UUID) (rows []Action, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	err = db.Mine(ctx, "action").Where(column+" in ?", ids).Order("id").Find(&rows).Error
	return rows, err
}

// counted is a count of the actions that one partner carries out in a dossier.
type counted struct {
	DossierID, PartnerID uuid.UUID
	Open, Overdue, Done  int
	ChangedAt            time.Time
}

// count counts per partner, so that the rule in memory can be asked as well.
func count(ctx context.Context, dossiers []uuid.UUID, today time.Time) *db.Answer[counted] {
	q := db.Mine(ctx, "action").Where("dossier_id = any(?)", db.IDs(dossiers)).Group("dossier_id, partner_id").Select(`dossier_id, partner_id,
		count(*) filter (where status = 'open') as open, count(*) filter (where status = 'done') as done, count(*) filter (where `+past+`) as overdue, max(changed_at) as changed_at`, today)
	return db.Later[counted](q)
}

// completionsOf reads the latest completion of each action that is done.
func completionsOf(ctx context.Context, actions []Action) (map[uuid.UUID]Completion, error) {
	var done []uuid.UUID
	for _, a := range actions {
		if a.Status == Done {
			done = append(done, a.ID)
		}
	}
	if len(done) == 0 {
		return nil, nil
	}
	var rows []Completion
	err := db.Mine(ctx, "completion").Select("distinct on (action_id) *").Where("action_id in ?", done).
		Order("action_id, completed_at desc, id desc").Find(&rows).Error
	latest := make(map[uuid.UUID]Completion, len(rows))
	for _, c := range rows {
		latest[c.ActionID] = c
	}
	return latest, err
}

func findCompletion(ctx context.Context, action, id uuid.UUID) (c Completion, err error) {
	err = db.One(db.Mine(ctx, "completion").Where("action_id = ? and id = ?", action, id).Take(&c))
	return c, err
}

func listCompletions(ctx context.Context, action uuid.UUID, p page.Request) (rows []Completion, err error) {
	q := db.Mine(ctx, "completion").Where("action_id = ?", action)
	if p.After != nil {
		at, err := p.After.Time()
		if err != nil {
			return nil, err
		}
		q = q.Where("(completed_at, id) < (?, ?)", at, p.After.ID)
	}
	err = q.Order("completed_at desc, id desc").Limit(p.Limit + 1).Find(&rows).Error
	return rows, err
}
