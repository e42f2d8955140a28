package meeting

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// ProposalStatus is what became of a proposal for the agenda.
type ProposalStatus string

// The statuses of a proposal.
const (
	Proposed ProposalStatus = "open"
	Agreed   ProposalStatus = "accepted"
	Refused  ProposalStatus = "declined"
)

// Proposal is that somebody who is invited asks to discuss a dossier (agendavoorstel), and what the chair answered.
type Proposal struct {
	MunicipalityID    string    `gorm:"primaryKey" etag:"-"`
	ID                uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version           int64     `etag:"-"`
	MeetingID         uuid.UUID
	DossierID         uuid.UUID
	Reason            string
	ProposedBy        uuid.UUID
	ProposedPartnerID uuid.UUID
	ProposedAt        time.Time
	Status            ProposalStatus
	Note              string
	AgendaItemID      *uuid.UUID
	AnsweredBy        *uuid.UUID
	AnsweredAt        *time.Time
	ChangedAt         time.Time `etag:"-"`
}

// TableName is the table of proposals.
func (Proposal) TableName() string { return "agenda_proposal" }

// Guarded implements db.Row.
func (p Proposal) Guarded() uuid.UUID { return p.ID }

// resource is the proposal, to decide on.
func (p Proposal) resource(m Meeting) authz.Resource {
	return authz.Resource{ID: p.ID, Dossier: p.DossierID, Leader: m.ChairID, Self: p.ProposedBy, Category: authz.Core}
}

// operations are those that the state of the proposal and its meeting allows.
func (p Proposal) operations(m Meeting) []authz.Operation {
	all := []authz.Operation{{ID: "getAgendaProposal", Act: actRead}}
	if p.Status == Proposed && m.Status == Planned {
		all = append(all, authz.Operation{ID: "answerAgendaProposal", Act: actLead})
	}
	return all
}

// shownTo tells whether somebody reads the proposal: who made it, who leads the meeting and the municipal director.
func (p Proposal) shownTo(who identity.Identity, m Meeting, now time.Time) bool {
	return who.Is(p.ProposedBy, now) || who.Is(m.ChairID, now) || who.Has(identity.MunicipalDirector)
}

// answer settles an open proposal. It fails with problem.Conflict for one that is answered, and with
// problem.Invalid for a refusal without a reason.
func (p *Proposal) answer(by uuid.UUID, at time.Time, to ProposalStatus, note string) error {
	if p.Status != Proposed {
		return problem.Errorf(problem.Conflict, "The proposal is answered already.")
	}
	if to == Refused && note == "" {
		return problem.InvalidField("/note", "required", "Say why the proposal is declined.")
	}
	p.Status, p.Note, p.AnsweredBy, p.AnsweredAt, p.ChangedAt = to, note, &by, &at, at
	return nil
}
