package alert

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// findPreference reads how a professional wishes to be told, the defaults when he has set nothing.
func findPreference(ctx context.Context, municipality string, professional uuid.UUID) (p Preference, err error) {
	err = db.One(db.Mine(ctx, "alert_preference").Where("professional_id = ?", professional).Take(&p))
	if problem.Is(err, problem.NotFound) {
		return wish(municipality, professional), nil
	}
	return p, err
}

// preferences reads how professionals wish to be told; those who have set nothing are missing.
func preferences(ctx context.Context, professionals []uuid.UUID) (wishes, error) {
	var rows []Preference
	err := db.Mine(ctx, "alert_preference").Where("professional_id = any(?)", db.IDs(professionals)).Find(&rows).Error
	all := make(wishes, len(rows))
	for _, p := range rows {
		all[p.ProfessionalID] = p
	}
	return all, err
}

// ruled reads the wishes of those who have rules.
func ruled(ctx context.Context) (wishes, error) {
	var rows []Preference
	err := db.Mine(ctx, "alert_preference").Where("rules <> '[]'").Find(&rows).Error
	all := make(wishes, len(rows))
	for _, p := range rows {
		all[p.ProfessionalID] = p
	}
	return all, err
}

// post is a person and a dossier of which he is told.
type post struct{ ProfessionalID, DossierID uuid.UUID }

// lastMails reads when the latest mail to people about dossiers was or is to leave, within a time from a moment both ways;
// digests do not count.
func lastMails(ctx context.Context, people []uuid.UUID, now time.Time, within time.Duration) (map[post]time.Time, error) {
	if within == 0 {
		return map[post]time.Time{}, nil
	}
	var rows []Delivery
	err := db.Mine(ctx, "delivery").Select("professional_id, dossier_id, max(due_at) as due_at").
		Where("professional_id = any(?) and not digest and due_at between ? and ?", db.IDs(people), now.Add(-within), now.Add(within)).
		Group("professional_id, dossier_id").Find(&rows).Error
	at := make(map[post]time.Time, len(rows))
	for _, row := range rows {
		at[post{row.ProfessionalID, row.DossierID}] = row.DueAt
	}
	return at, err
}
