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
// each category. The zero partner is the role municipal director.
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

func (m mask) changes() bool {
	return m.SeeOld != m.SeeNew || m.OwnOld != m.OwnNew || m.ReleasedOld != m.ReleasedNew
}

// masksOf are the masks of a partner in the profiles that admit it at all.
func masksOf(partner uuid.UUID, kind configuration.PartnerType, shift matrix.Shift) []mask {
	subject := authz.Subject{PartnerType: kind.Ordinal, Third: kind.Third, Row: shift.Old, Director: &shift.Old}
	old := subject.Sight()
	subject.Row, subject.Director = shift.New, &shift.New
	now := subject.Sight()
	profile := authz.Profile
	if partner == uuid.Nil {
		profile = authz.DirectorProfile
	}
	var all []mask
	for _, dossierType := range authz.DossierTypes() {
		for _, basis := range authz.Bases() {
			p := profile(dossierType, basis)
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

// changing are those of the masks that the draft changes.
func changing(masks []mask) []mask {
	return slices.DeleteFunc(masks, func(m mask) bool { return !m.changes() })
}
