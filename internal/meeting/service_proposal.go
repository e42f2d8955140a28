package meeting

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// SeenProposal is a proposal as the caller sees it.
type SeenProposal struct {
	Proposal
	Ref     dossier.Ref
	Allowed []string // operations; nil in lists
	Tag     string
}

// Propose asks who leads a meeting to discuss a dossier in which the caller takes part. It fails with
// problem.Conflict when it is on the agenda that he sees or proposed by him already, or the meeting is over.
func (s *Service) Propose(ctx context.Context, meeting, about uuid.UUID, reason string) (seen SeenProposal, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		m, err := s.read(ctx, meeting)
		if err != nil {
			return err
		}
		d, err := s.about(ctx, NewAgendaItem{DossierID: &about})
		if err != nil {
			return err
		}
		now := s.k.Now()
		p := Proposal{
			MunicipalityID: m.MunicipalityID, ID: uuid.Must(uuid.NewV7()), Version: 1, MeetingID: m.ID, DossierID: about, Reason: reason,
			ProposedBy: who.Professional, ProposedPartnerID: who.Partner, ProposedAt: now, Status: Proposed, ChangedAt: now,
		}
		if err := s.k.Authz.Require(ctx, actPropose, p.resource(m)); err != nil {
			return err
		}
		if err := s.mayPropose(ctx, m, d); err != nil {
			return err
		}
		if err := db.Insert(ctx, &p); err != nil {
			return err
		}
		if err := s.recordProposal(ctx, *d, p, "meeting.agenda-proposed"); err != nil {
			return err
		}
		seen, err = s.seeProposal(ctx, m, p)
		return err
	})
	return seen, err
}

// mayPropose refuses what is on the agenda already, as far as the caller sees it.
func (s *Service) mayPropose(ctx context.Context, m Meeting, d *dossier.Dossier) error {
	if err := s.mayDiscuss(m, d); err != nil {
		return err
	}
	agenda, err := s.agenda(ctx, m.ID)
	if err != nil {
		return err
	}
	return AgendaItem{DossierID: &d.ID}.fits(agenda)
}

func (s *Service) recordProposal(ctx context.Context, d dossier.Dossier, p Proposal, event string, with ...journal.Subject) error {
	return s.k.Journal.Record(ctx, journal.Event{
		Name: event, Subject: journal.Subject{Type: "agenda-proposal", ID: p.ID}, With: with, Dossier: d.ID, Basis: string(d.Basis),
	})
}

// Answer is what the chair answers to a proposal.
type Answer struct {
	Outcome ProposalStatus
	Note    string
	Minutes int
}

// AnswerProposal puts a proposed dossier on the agenda, or declines it with the reason. It fails with
// problem.Conflict for a proposal that is answered, a dossier that is on the agenda, and a meeting that is over.
func (s *Service) AnswerProposal(ctx context.Context, meeting uuid.UUID, key etag.Key, a Answer) (seen SeenProposal, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		m, err := hold(ctx, meeting)
		if err != nil {
			return err
		}
		before, err := s.proposal(ctx, m, key.ID)
		if err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actLead, before.resource(m)); err != nil {
			return err
		}
		if err := etag.Check(key.Match, before); err != nil {
			return err
		}
		if err := m.mustBePlanned(); err != nil {
			return err
		}
		p := before
		if err := p.answer(who.Professional, s.k.Now(), a.Outcome, a.Note); err != nil {
			return err
		}
		if err := s.settle(ctx, m, before, &p, a.Minutes); err != nil {
			return err
		}
		seen, err = s.seeProposal(ctx, m, p)
		return err
	})
	return seen, err
}

// settle saves an answer, with the agenda item when it is accepted.
func (s *Service) settle(ctx context.Context, m Meeting, before Proposal, p *Proposal, minutes int) error {
	d, err := s.dossiers.FindForMeeting(ctx, p.DossierID)
	if err != nil {
		return err
	}
	var with []journal.Subject
	if p.Status == Agreed {
		i := NewAgendaItem{DossierID: &p.DossierID, Minutes: minutes}.item(m)
		if err := s.k.Authz.Require(ctx, actLead, i.resource(m)); err != nil {
			return err
		}
		if err := s.mayDiscuss(m, &d); err != nil {
			return err
		}
		i.ChangedAt = s.k.Now()
		if err := s.put(ctx, &i, nil); err != nil {
			return err
		}
		p.AgendaItemID, with = &i.ID, []journal.Subject{{Type: "agenda-item", ID: i.ID}}
	}
	if _, err := db.Update(ctx, &before, p); err != nil {
		return err
	}
	return s.recordProposal(ctx, d, *p, "meeting.proposal-answered", with...)
}

// Proposals reads a page of the proposals for the agenda of a meeting that the caller sees, the latest first.
func (s *Service) Proposals(ctx context.Context, meeting uuid.UUID, p page.Request) (seen []SeenProposal, next *string, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		m, err := s.read(ctx, meeting)
		if err != nil {
			return err
		}
		rows, err := s.proposals(ctx, m)
		if err != nil {
			return err
		}
		ids := make([]uuid.UUID, len(rows))
		for i, row := range rows {
			ids[i] = row.DossierID
		}
		refs, err := s.dossiers.Refs(ctx, ids)
		if err != nil {
			return err
		}
		rows, next = cutAfter(rows, p, func(o Proposal) uuid.UUID { return o.ID })
		for _, row := range rows {
			seen = append(seen, SeenProposal{Proposal: row, Ref: refs[row.DossierID], Tag: etag.Of(row)})
		}
		return nil
	})
	return seen, next, err
}

// GetProposal reads one proposal. It fails with problem.NotFound.
func (s *Service) GetProposal(ctx context.Context, meeting, id uuid.UUID) (seen SeenProposal, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		m, err := s.read(ctx, meeting)
		if err != nil {
			return err
		}
		p, err := s.proposal(ctx, m, id)
		if err != nil {
			return err
		}
		seen, err = s.seeProposal(ctx, m, p)
		return err
	})
	return seen, err
}

func (s *Service) proposal(ctx context.Context, m Meeting, id uuid.UUID) (Proposal, error) {
	all, err := s.proposals(ctx, m)
	if err != nil {
		return Proposal{}, err
	}
	at := slices.IndexFunc(all, func(p Proposal) bool { return p.ID == id })
	if at < 0 {
		return Proposal{}, db.NotFound()
	}
	return all[at], nil
}

// proposals reads those that the caller sees, held against the rule in memory.
func (s *Service) proposals(ctx context.Context, m Meeting) (kept []Proposal, err error) {
	who, err := identity.From(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := findProposals(ctx, m.ID)
	if err != nil {
		return nil, err
	}
	ids := make([]uuid.UUID, len(rows))
	for i, p := range rows {
		ids[i] = p.DossierID
	}
	views, err := s.k.Authz.Views(ctx, ids...)
	if err != nil {
		return nil, err
	}
	for _, p := range rows {
		if !p.shownTo(who, m, s.k.Now()) || !views[p.DossierID].Reads(p.resource(m)) {
			s.k.Authz.Dropped(ctx, "agenda proposal")
			continue
		}
		kept = append(kept, p)
	}
	return kept, nil
}

func (s *Service) seeProposal(ctx context.Context, m Meeting, p Proposal) (seen SeenProposal, err error) {
	refs, err := s.dossiers.Refs(ctx, []uuid.UUID{p.DossierID})
	if err != nil {
		return seen, err
	}
	seen = SeenProposal{Proposal: p, Ref: refs[p.DossierID], Tag: etag.Of(p)}
	seen.Allowed, err = s.k.Authz.Allowed(ctx, p.resource(m), p.operations(m))
	return seen, err
}
