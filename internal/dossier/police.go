package dossier

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// PoliceFaults is what is wrong with the article of the Wpg under which something of a category is supplied: police data names
// it, other data does not, and what is processed under the articles 9 and 10 is in no dossier under the Wgs (Wgs 2.30(1): Wpg 8
// and 13).
func (d Dossier) PoliceFaults(c authz.Category, article string) (wrong problem.Faults) {
	switch {
	case c == authz.Police && article == "":
		wrong.Note("/policeArticle", "required", "Police data names the article under which it is processed (Wpg 8, 9, 10 or 13).")
	case c != authz.Police && article != "":
		wrong.Note("/policeArticle", "category", "Only police data has an article of the Wpg.")
	case d.Basis == Wgs && slices.Contains(barred(), article):
		wrong.Note("/policeArticle", "basis", "Police data under Wpg 9 or 10 does not come into a dossier under the Wgs (Wgs 2.30(1): Wpg 8 and 13 only).")
	}
	return wrong
}

// barred are the articles whose data is in no dossier under the Wgs.
func barred() []string { return []string{"9", "10"} }

// taken is an item or document that the law took back.
type taken struct {
	Kind     string
	ID       uuid.UUID
	Dossier  uuid.UUID // of what the end of its term took back
	Category authz.Category
	Supplier uuid.UUID
}

// withdrawPolice takes from a dossier that comes under the Wgs what does not come into one: nobody reads it any more, whoever
// decides learns nothing of it, and its supplier keeps the record and is told (Wgs 2.30(1); Wpg 9, 10).
func (s *Service) withdrawPolice(ctx context.Context, d Dossier, c BasisChange) error {
	if d.Basis != Wgs {
		return nil
	}
	var all []taken
	if err := db.Conn(ctx).Raw("select kind, id, category, supplier from withdraw_police(?)", c.ID).Scan(&all).Error; err != nil {
		return err
	}
	for _, one := range all {
		if err := s.recordIn(ctx, d, one.event()); err != nil {
			return err
		}
	}
	return nil
}

func (t taken) event() journal.Event {
	category := int(t.Category)
	return journal.Event{Name: t.Kind + ".withdrawn", Subject: journal.Subject{Type: t.Kind, ID: t.ID}, Category: &category, Supplier: t.Supplier}
}

// PoliceFrom is since when police data may have been processed at the earliest: five years (Wpg 8(6)), of which the last day begins.
func PoliceFrom(now time.Time) time.Time { return now.AddDate(-5, 0, 1) }

// RemovePolice takes police data from everybody on the last day of its term, in the transaction of the system; its supplier keeps the
// record and is told. It is destroyed with its dossier.
func (s *Service) RemovePolice(ctx context.Context) error {
	now := s.k.Now()
	var all []taken
	query := "select kind, id, dossier, category, supplier from remove_police(?, ?, ?)"
	if err := db.Conn(ctx).Raw(query, int(authz.Police), PoliceFrom(now), now).Scan(&all).Error; err != nil {
		return err
	}
	in := make([]uuid.UUID, len(all))
	for i, one := range all {
		in[i] = one.Dossier
	}
	dossiers, err := s.FindAll(ctx, in)
	if err != nil {
		return err
	}
	for _, one := range all {
		if err := s.recordIn(ctx, dossiers[one.Dossier], one.event()); err != nil {
			return err
		}
	}
	return nil
}
