package privacy

import (
	"context"
	"io"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/access"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/ledger"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// audits decides whether the caller reads the record: the auditor and the privacy officer, problem.Forbidden for others. What
// follows is read as the system: no role of a person reads the audit in the database.
func (s *Service) audits(ctx context.Context) (municipality string, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error { return s.k.Authz.Require(ctx, actReadAudit, authz.Resource{}) })
	if err != nil {
		return "", err
	}
	who, err := identity.From(ctx)
	return who.Municipality, err
}

// AuditTrail reads who changed what.
func (s *Service) AuditTrail(ctx context.Context, f AuditFilter, p page.Request) (in Audit, err error) {
	municipality, err := s.audits(ctx)
	if err != nil {
		return in, err
	}
	for kind, id := range map[string]*uuid.UUID{"dossier": f.DossierID, "subject": f.SubjectID, "professional": f.ProfessionalID} {
		if id != nil {
			access.Saw(ctx, kind, *id)
		}
	}
	err = s.k.DB.Tx(identity.With(db.Apart(ctx), identity.System(municipality, "audit")), func(ctx context.Context) (err error) {
		in.Rows, err = listAudit(ctx, f, p)
		return err
	})
	in.Rows, in.Next = page.Cut(in.Rows, p.Limit, AuditEntry.place)
	return in, err
}

// Checkpoints reads a page of checkpoints.
func (s *Service) Checkpoints(ctx context.Context, p page.Request) (all []ledger.Signed, next *string, err error) {
	municipality, err := s.audits(ctx)
	if err != nil {
		return nil, nil, err
	}
	return s.m.Log.Checkpoints(ctx, municipality, p)
}

// Checkpoint reads one.
func (s *Service) Checkpoint(ctx context.Context, id uuid.UUID) (c ledger.Signed, err error) {
	municipality, err := s.audits(ctx)
	if err != nil {
		return c, err
	}
	return s.m.Log.Checkpoint(ctx, municipality, id)
}

// SignCheckpoint seals what was recorded until now, and signs it.
func (s *Service) SignCheckpoint(ctx context.Context) (c ledger.Signed, err error) {
	municipality, err := s.audits(ctx)
	if err != nil {
		return c, err
	}
	c, err = s.m.Log.Sign(ctx, municipality)
	if problem.Is(err, problem.NotFound) {
		err = problem.Errorf(problem.Conflict, "Nothing was recorded in this municipality yet; sign when it was.")
	}
	return c, err
}

// ExportAudit gives the record up to a checkpoint; out is read while it is made.
func (s *Service) ExportAudit(ctx context.Context, id uuid.UUID) (c ledger.Signed, out io.Reader, err error) {
	if c, err = s.Checkpoint(ctx, id); err != nil {
		return c, nil, err
	}
	r, w := io.Pipe()
	context.AfterFunc(ctx, func() { r.CloseWithError(context.Cause(ctx)) })
	go func() { w.CloseWithError(s.m.Log.Export(ctx, c, w)) }()
	return c, r, nil
}

// ProveEntry proves that an entry is in the record of a checkpoint.
func (s *Service) ProveEntry(ctx context.Context, id, entry uuid.UUID) (p ledger.Inclusion, err error) {
	c, err := s.Checkpoint(ctx, id)
	if err != nil {
		return p, err
	}
	access.Saw(ctx, "audit-entry", entry)
	return s.m.Log.Prove(ctx, c, entry)
}

// ProveConsistency proves that a checkpoint goes on from an earlier one.
func (s *Service) ProveConsistency(ctx context.Context, id, since uuid.UUID) (from, to ledger.Signed, path [][]byte, err error) {
	if to, err = s.Checkpoint(ctx, id); err != nil {
		return from, to, nil, err
	}
	if from, err = s.Checkpoint(ctx, since); err != nil {
		return from, to, nil, err
	}
	if from.Size > to.Size {
		return from, to, nil, problem.InvalidParameter("query", "since", "order", "Give the earlier checkpoint here and the later one in the path.")
	}
	path, err = s.m.Log.Consistency(ctx, from, to)
	return from, to, path, err
}
