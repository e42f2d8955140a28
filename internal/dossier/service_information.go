package dossier

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// NewInformationRequest is what a partner is asked.
type NewInformationRequest struct {
	PartnerID uuid.UUID
	Category  authz.Category // noCategory when there is none of that name
	Question  string
	DueDate   time.Time // a date
}

// AskForInformation asks a partner that takes part; its professionals in the dossier are told. It fails with
// problem.Forbidden for who does not lead the dossier.
func (s *Service) AskForInformation(ctx context.Context, dossier uuid.UUID, n NewInformationRequest) (in Within[SeenInformationRequest], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := s.find(ctx, dossier)
		if err != nil {
			return err
		}
		by, now, err := s.decides(ctx)
		if err != nil {
			return err
		}
		r := InformationRequest{
			MunicipalityID: d.MunicipalityID, ID: uuid.Must(uuid.NewV7()), Version: 1, DossierID: d.ID, PartnerID: n.PartnerID, Category: n.Category,
			Question: n.Question, DueDate: n.DueDate, AskedBy: by, AskedAt: now, ChangedAt: now,
		}
		if err := s.k.Authz.Require(ctx, actAsk, r.resource()); err != nil {
			return err
		}
		if err := d.mustBeOpen(); err != nil {
			return err
		}
		asked, err := s.checkRequest(ctx, r)
		if err != nil {
			return err
		}
		if err := db.Insert(ctx, &r); err != nil {
			return err
		}
		e := journal.Event{Name: "information.requested", Tell: asked, InNameOf: s.inNameOf(ctx, d.mayDo(actChange)...)}
		if err := s.recordInformation(ctx, d, r, e); err != nil {
			return err
		}
		in, err = s.seeInformation(ctx, d, r)
		return err
	})
	return in, err
}

// checkRequest names what is wrong with a request, and gives the professionals who are asked.
func (s *Service) checkRequest(ctx context.Context, r InformationRequest) (asked []uuid.UUID, err error) {
	var wrong problem.Faults
	if r.Category == noCategory {
		wrong.Note("/category", "reference", unknownCategory)
	}
	if r.DueDate.Before(s.today(ctx)) {
		wrong.Note("/dueDate", "past", "Choose a term that is still to come.")
	}
	participants, err := s.Participants(ctx, r.DossierID)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(participants, func(p Participant) bool { return p.PartnerID == r.PartnerID })
	if i < 0 {
		wrong.Note("/partnerId", "reference", "Ask a partner that takes part in the dossier.")
		return nil, wrong.Err()
	}
	return participants[i].ProfessionalIDs, wrong.Err()
}

func (s *Service) recordInformation(ctx context.Context, d Dossier, r InformationRequest, e journal.Event) error {
	e.Subject = journal.Subject{Type: "information-request", ID: r.ID}
	return s.recordIn(ctx, d, e)
}

// AnswerInformationRequest answers with items that the partner supplied to this dossier, or refuses with reasons; what who asked
// may read of them the matrix and releases decide. It fails with problem.Conflict when it is answered already.
func (s *Service) AnswerInformationRequest(ctx context.Context, dossier uuid.UUID, key etag.Key, a InformationAnswer) (in Within[InformationAnswer], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, before, err := s.claimInformation(ctx, dossier, key)
		if err != nil {
			return err
		}
		if err := s.checkAnswer(ctx, before, a); err != nil {
			return err
		}
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		after := before
		after.Outcome, after.ChangedAt = "refused", s.k.Now()
		if len(a.ItemIDs) > 0 {
			after.Outcome = "supplied"
		}
		a.MunicipalityID, a.ID, a.DossierID, a.RequestID, a.Outcome = d.MunicipalityID, uuid.Must(uuid.NewV7()), d.ID, before.ID, after.Outcome
		a.AnsweredBy, a.AnsweredPartnerID, a.AnsweredAt = who.Person(), who.Partner, after.ChangedAt
		if _, err := db.Update(ctx, &before, &after); err != nil {
			return err
		}
		if err := db.Insert(ctx, &a); err != nil {
			return err
		}
		name, err := s.inNameOfNamed(ctx, d)
		if err != nil {
			return err
		}
		e := journal.Event{Name: "information.answered", Tell: []uuid.UUID{before.AskedBy}, InNameOf: name, Fields: []string{"status"}}
		if err := s.recordInformation(ctx, d, after, e); err != nil {
			return err
		}
		in, err = within(ctx, s, d, a)
		return err
	})
	return in, err
}

// claimInformation finds a request that waits for the caller's partner, as he read it.
func (s *Service) claimInformation(ctx context.Context, dossier uuid.UUID, key etag.Key) (d Dossier, r InformationRequest, err error) {
	if d, err = s.find(ctx, dossier); err != nil {
		return d, r, err
	}
	if r, err = s.information(ctx, dossier, key.ID); err != nil {
		return d, r, err
	}
	if err := s.k.Authz.Require(ctx, actSupply, r.resource()); err != nil {
		return d, r, err
	}
	if err := etag.Check(key.Match, r); err != nil {
		return d, r, err
	}
	if r.Outcome != "" {
		return d, r, problem.Errorf(problem.Conflict, "The request is answered already.")
	}
	return d, r, d.mustBeOpen()
}

// checkAnswer asks for items of the partner itself, all in this dossier, or for reasons.
func (s *Service) checkAnswer(ctx context.Context, r InformationRequest, a InformationAnswer) error {
	if err := a.check(); err != nil || len(a.ItemIDs) == 0 {
		return err
	}
	found, err := ownItems(ctx, r.DossierID, r.PartnerID, a.ItemIDs)
	if err != nil {
		return err
	}
	var wrong problem.Faults
	for i, id := range a.ItemIDs {
		if !slices.Contains(found, id) {
			wrong.Note(fmt.Sprintf("/itemIds/%d", i), "reference", "There is no such item of your organisation in this dossier.")
		}
	}
	return wrong.Err()
}

// information finds a request that the caller may know of.
func (s *Service) information(ctx context.Context, dossier, id uuid.UUID) (InformationRequest, error) {
	r, err := findInformationRequest(ctx, dossier, id)
	if err != nil {
		return r, err
	}
	err = s.k.Authz.Require(ctx, actReadRequest, r.resource())
	if problem.Is(err, problem.Forbidden) {
		return InformationRequest{}, db.NotFound()
	}
	return r, err
}

func (s *Service) seeInformation(ctx context.Context, d Dossier, r InformationRequest) (in Within[SeenInformationRequest], err error) {
	seen := SeenInformationRequest{InformationRequest: r, Late: r.Overdue(s.today(ctx))}
	operations := []authz.Operation{{ID: "getInformationRequest", Act: actReadRequest}, {ID: "listInformationAnswers", Act: actReadRequest}}
	if r.Outcome == "" && d.mustBeOpen() == nil {
		operations = append(operations, authz.Operation{ID: "answerInformationRequest", Act: actSupply})
	}
	if seen.Allowed, err = s.k.Authz.Allowed(ctx, r.resource(), operations); err != nil {
		return in, err
	}
	return within(ctx, s, d, seen)
}
