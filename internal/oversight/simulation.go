package oversight

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/configuration"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/matrix"
)

// maxExamples bounds the sample of a simulation.
const maxExamples = 20

// Simulation is what the draft of the matrix would change if it were in force now.
type Simulation struct {
	AsOf     time.Time
	Partners []Effect // for whom the draft has other cells; by id
	Totals   Counts
	Sample   []Example
}

// Counts is how much somebody comes to see or loses.
type Counts struct {
	DossiersGained, DossiersLost int
	ItemsGained, ItemsLost       int
	PersonsGained, PersonsLost   int
	ActionsUnworkable            int
	AlertsStopped                int
}

// Effect is what changes for one partner.
type Effect struct {
	PartnerID uuid.UUID
	Counts
}

// Example is a dossier, or an item in it, that a partner comes to see or loses.
type Example struct {
	PartnerID uuid.UUID
	DossierID uuid.UUID
	Dossier   dossier.Ref
	ItemID    *uuid.UUID // with its category; nil where it is about the dossier itself
	Category  *authz.Category
	Gained    bool
}

// add counts what was found of a kind of change.
func (c *Counts) add(what string, n int) {
	for name, count := range map[string]*int{
		"dossier gained": &c.DossiersGained, "dossier lost": &c.DossiersLost, "item gained": &c.ItemsGained, "item lost": &c.ItemsLost,
		"person gained": &c.PersonsGained, "person lost": &c.PersonsLost, "action": &c.ActionsUnworkable, "seat": &c.AlertsStopped,
	} {
		if name == what {
			*count += n
		}
	}
}

// mask is what the matrix in force and the draft let a partner see in dossiers of one profile: a bit for
// each category.
type mask struct {
	Partner     uuid.UUID `json:"partner"`
	Type        int       `json:"type"` // ordinal of the partner type
	Profile     int       `json:"profile"`
	Ceiling     int64     `json:"ceiling"`
	SeeOld      int64     `json:"see_old"`
	SeeNew      int64     `json:"see_new"`
	OwnOld      int64     `json:"own_old"`
	OwnNew      int64     `json:"own_new"`
	ReleasedOld int64     `json:"released_old"`
	ReleasedNew int64     `json:"released_new"`
}

// changes are the categories in which something changes.
func (m mask) changes() int64 {
	return (m.SeeOld ^ m.SeeNew) | (m.OwnOld ^ m.OwnNew) | (m.ReleasedOld ^ m.ReleasedNew)
}

// touched are the categories in which something changes for anybody.
func touched(masks []mask) (all int64) {
	for _, m := range masks {
		all |= m.changes()
	}
	return all
}

// masksOf are the masks of a partner in the profiles that admit it at all.
func masksOf(partner uuid.UUID, kind configuration.PartnerType, shift matrix.Shift) []mask {
	subject := authz.Subject{PartnerType: kind.Ordinal, Third: kind.Third, Row: shift.Old}
	old := subject.Sight()
	subject.Row = shift.New
	now := subject.Sight()
	var all []mask
	for _, dossierType := range authz.DossierTypes() {
		for _, basis := range authz.Bases() {
			p := authz.Profile(dossierType, basis)
			if old.Admits>>p&1 == 0 {
				continue
			}
			all = append(all, mask{
				Partner: partner, Type: kind.Ordinal, Profile: p, Ceiling: old.Ceiling.At(p), SeeOld: old.SeeAll.At(p), SeeNew: now.SeeAll.At(p),
				OwnOld: old.SeeOwn.At(p), OwnNew: now.SeeOwn.At(p), ReleasedOld: old.SeeReleased.At(p), ReleasedNew: now.SeeReleased.At(p),
			})
		}
	}
	return all
}

// knownBy are the profiles in which the masks give any sight, a bit for each: before and after.
func knownBy(masks []mask) (before, after int64) {
	for _, m := range masks {
		if (m.SeeOld|m.ReleasedOld)&m.Ceiling|m.OwnOld != 0 {
			before |= 1 << m.Profile
		}
		if (m.SeeNew|m.ReleasedNew)&m.Ceiling|m.OwnNew != 0 {
			after |= 1 << m.Profile
		}
	}
	return before, after
}

// changing are those of the masks that the draft changes.
func changing(masks []mask) []mask {
	return slices.DeleteFunc(masks, func(m mask) bool { return m.changes() == 0 })
}
