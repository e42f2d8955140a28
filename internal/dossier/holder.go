package dossier

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Responsibility is a kind of regie (soort regie).
type Responsibility string

// The four responsibilities that AVE gives per phase, and who chairs the consultation.
const (
	CaseDirection    Responsibility = "case-direction"    // casusregie
	ProcessDirection Responsibility = "process-direction" // procesregie
	Operational      Responsibility = "operational"       // operationele verantwoordelijkheid
	Administrative   Responsibility = "administrative"    // bestuurlijke verantwoordelijkheid
	Chairing         Responsibility = "chair"             // voorzitterschap
)

// Responsibilities are all kinds of regie, in the order in which they are shown.
func Responsibilities() []Responsibility {
	return []Responsibility{CaseDirection, ProcessDirection, Operational, Administrative, Chairing}
}

// HolderKind is who can hold a responsibility.
type HolderKind string

// The kinds of holder. The household holds the direction of its own case in ordinary life (AVE 1).
const (
	ByProfessional HolderKind = "professional"
	ByHousehold    HolderKind = "household"
	ByFunction     HolderKind = "function" // named by what he is, such as the alderman for care
	ByNobody       HolderKind = "nobody"
)

// Holder is who holds a responsibility from a change of regie on.
type Holder struct {
	Responsibility Responsibility `json:"responsibility"`
	Kind           HolderKind     `json:"kind"`
	ProfessionalID *uuid.UUID     `json:"professionalId,omitempty"`
	Description    string         `json:"description,omitempty"` // of a function
}

// Held is who holds a responsibility at a moment.
type Held struct {
	Holder
	Since    time.Time  // zero when nobody ever held it
	ChangeID *uuid.UUID // nil when it is so since the dossier was opened
}

// misplaced names what does not fit the kind of a holder.
func (h Holder) misplaced(at string, wrong *problem.Faults) {
	if (h.Kind == ByProfessional) != (h.ProfessionalID != nil) {
		wrong.Note(at+"/professionalId", "kind", "A professional is named for kind professional, and only for that.")
	}
	if (h.Kind == ByFunction) != (h.Description != "") {
		wrong.Note(at+"/description", "kind", "A function is described for kind function, and only for that.")
	}
	if h.Responsibility == Chairing && h.Kind != ByProfessional {
		wrong.Note(at+"/kind", "chair", "A professional chairs; name who.")
	}
	if h.Responsibility != CaseDirection && h.Kind == ByHousehold {
		wrong.Note(at+"/kind", "household", "A household holds the direction of its own case only.")
	}
}

// settle makes one of two ways to name a case director or a chair: who is named as holder is appointed, who is
// appointed is the holder. It names responsibilities that are given twice, and holders that do not fit.
func (c *RegieChange) settle() (wrong problem.Faults) {
	named := map[Responsibility]*uuid.UUID{}
	for i, h := range c.Holders {
		at := fmt.Sprintf("/holders/%d", i)
		h.misplaced(at, &wrong)
		if _, twice := named[h.Responsibility]; twice {
			wrong.Note(at+"/responsibility", "twice", "Name one holder of each responsibility.")
		}
		named[h.Responsibility] = h.ProfessionalID
	}
	for _, lead := range []struct {
		of      Responsibility
		field   **uuid.UUID
		pointer string
	}{{CaseDirection, &c.CaseDirectorID, "/caseDirectorId"}, {Chairing, &c.ChairID, "/chairId"}} {
		holder, given := named[lead.of]
		switch {
		case *lead.field == nil:
			*lead.field = holder
		case !given:
			c.Holders = append(c.Holders, Holder{Responsibility: lead.of, Kind: ByProfessional, ProfessionalID: *lead.field})
		case holder == nil || *holder != **lead.field:
			wrong.Note(lead.pointer, "holders", "The holders name somebody else; name one.")
		}
	}
	return wrong
}

// inOrder puts changes of regie in the order in which they were decided.
func inOrder(changes []RegieChange) []RegieChange {
	return slices.SortedStableFunc(slices.Values(changes), func(a, b RegieChange) int {
		return cmp.Or(a.DecidedAt.Compare(b.DecidedAt), slices.Compare(a.ID[:], b.ID[:]))
	})
}

// heldAt follows from the changes of a dossier who held what at a moment: exactly one holder of each
// responsibility, who may be nobody. Who opened it directs until somebody is appointed. Before the dossier
// was opened it is empty.
func (d Dossier) heldAt(changes []RegieChange, at time.Time) map[Responsibility]Held {
	held := map[Responsibility]Held{}
	if at.Before(d.OpenedAt) {
		return held
	}
	for _, r := range Responsibilities() {
		held[r] = Held{Holder: Holder{Responsibility: r, Kind: ByNobody}}
	}
	opener := d.OpenedBy
	held[CaseDirection] = Held{Holder{Responsibility: CaseDirection, Kind: ByProfessional, ProfessionalID: &opener}, d.OpenedAt, nil}
	changes = inOrder(changes)
	if chair := d.firstChair(changes); chair != nil {
		held[Chairing] = Held{Holder{Responsibility: Chairing, Kind: ByProfessional, ProfessionalID: chair}, d.OpenedAt, nil}
	}
	for _, c := range changes {
		if c.DecidedAt.After(at) {
			break
		}
		for _, h := range c.all() {
			held[h.Responsibility] = Held{h, c.DecidedAt, &c.ID}
		}
	}
	return held
}

// all are the holders that a change names; the oldest records name a case director and a chair only.
func (c RegieChange) all() []Holder {
	all := slices.Clone(c.Holders)
	for of, id := range map[Responsibility]*uuid.UUID{CaseDirection: c.CaseDirectorID, Chairing: c.ChairID} {
		if id != nil && !slices.ContainsFunc(all, func(h Holder) bool { return h.Responsibility == of }) {
			all = append(all, Holder{Responsibility: of, Kind: ByProfessional, ProfessionalID: id})
		}
	}
	return all
}

// firstChair is who chaired the dossier when it was opened, by its table; nil when nobody did.
func (d Dossier) firstChair(changes []RegieChange) *uuid.UUID {
	for _, c := range changes {
		if c.namesChair() {
			return c.FromChairID
		}
	}
	return d.ChairID
}

func (c RegieChange) namesChair() bool {
	return slices.ContainsFunc(c.all(), func(h Holder) bool { return h.Responsibility == Chairing })
}

// phaseAt is the phase of a dossier at a moment after it was opened.
func phaseAt(changes []RegieChange, at time.Time) int {
	phase := 1
	for _, c := range inOrder(changes) {
		if c.Phase != nil && !c.DecidedAt.After(at) {
			phase = *c.Phase
		}
	}
	return phase
}

// ownChair tells whether it was decided on this very dossier who chairs it; else it follows its table.
func ownChair(changes []RegieChange) bool {
	return slices.ContainsFunc(changes, func(c RegieChange) bool { return c.ByTable == nil && c.namesChair() })
}
