package dossier

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// GetInformationRequest reads one request, for who leads the dossier and who is asked.
func (s *Service) GetInformationRequest(ctx context.Context, dossier, id uuid.UUID) (in Within[SeenInformationRequest], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := s.Require(ctx, dossier)
		if err != nil {
			return err
		}
		r, err := s.information(ctx, dossier, id)
		if err != nil {
			return err
		}
		in, err = s.seeInformation(ctx, d, r)
		return err
	})
	return in, err
}

// ListInformationRequests reads the requests in a dossier that the caller may know of, the latest first.
func (s *Service) ListInformationRequests(ctx context.Context, dossier uuid.UUID, p page.Request) (Within[Page[SeenInformationRequest]], error) {
	return readIn(ctx, s, dossier, func(ctx context.Context) (found Page[SeenInformationRequest], err error) {
		rows, err := listInformationRequests(ctx, dossier, p)
		if err != nil {
			return found, err
		}
		rows, found.Next = page.Cut(rows, p.Limit, InformationRequest.place)
		today := s.today(ctx)
		for _, r := range rows {
			may, err := s.k.Authz.Allowed(ctx, r.resource(), []authz.Operation{{ID: "getInformationRequest", Act: actReadRequest}})
			if err != nil {
				return found, err
			}
			if len(may) == 0 {
				s.k.Authz.Dropped(ctx, "information request")
				continue
			}
			found.Rows = append(found.Rows, SeenInformationRequest{InformationRequest: r, Late: r.Overdue(today)})
		}
		return found, nil
	})
}

// ListInformationAnswers reads the answer to a request; at most one. Of the items those are named that the caller may read.
func (s *Service) ListInformationAnswers(ctx context.Context, dossier, request uuid.UUID, p page.Request) (Within[Page[InformationAnswer]], error) {
	return pageIn(ctx, s, dossier, p, func(ctx context.Context) ([]InformationAnswer, error) {
		r, err := s.information(ctx, dossier, request)
		if err != nil {
			return nil, err
		}
		rows, err := answersTo(ctx, r.ID, p)
		if err != nil {
			return nil, err
		}
		for i := range rows {
			if rows[i].ItemIDs, err = s.readableOf(ctx, dossier, rows[i].ItemIDs); err != nil {
				return nil, err
			}
		}
		return rows, nil
	})
}

// readableOf keeps of items in a dossier those that the caller may read.
func (s *Service) readableOf(ctx context.Context, dossier uuid.UUID, ids []uuid.UUID) ([]uuid.UUID, error) {
	kept := []uuid.UUID{}
	for _, id := range ids {
		switch _, err := s.findReadable(ctx, dossier, id); {
		case err == nil:
			kept = append(kept, id)
		case !problem.Is(err, problem.NotFound):
			return nil, err
		}
	}
	return kept, nil
}

// GetInformationAnswer reads the answer to a request.
func (s *Service) GetInformationAnswer(ctx context.Context, dossier, request, id uuid.UUID) (in Within[InformationAnswer], err error) {
	found, err := s.ListInformationAnswers(ctx, dossier, request, page.Request{Limit: 1})
	if err != nil {
		return in, err
	}
	for _, a := range found.Row.Rows {
		if a.ID == id {
			return Within[InformationAnswer]{Row: a, Dossier: found.Dossier}, nil
		}
	}
	return in, db.NotFound()
}

// VisibleInformationRequests tells which of the requests the caller may know of. It needs a transaction.
func (s *Service) VisibleInformationRequests(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]bool, error) {
	return visible(ctx, "information_request", ids)
}
