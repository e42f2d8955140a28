package privacy

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// LegalBases are the legal bases with what each leaves open.
func (s *Service) LegalBases(ctx context.Context) (all []LegalBasis, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, actReadRules, authz.Resource{}); err != nil {
			return err
		}
		all = legalBases(s.m.Lists.PartnerTypes())
		return nil
	})
	return all, err
}

// CheckSharing answers whether information may be shared. It fails with problem.Invalid for a question that is none and
// problem.NotFound for a dossier that the caller does not know.
func (s *Service) CheckSharing(ctx context.Context, q SharingQuestion) (c SharingCheck, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, actReadRules, authz.Resource{}); err != nil {
			return err
		}
		if err := s.place(ctx, &q); err != nil {
			return err
		}
		c, err = s.checkSharing(ctx, q)
		return err
	})
	return c, err
}

// place fills in the legal basis and the type of the dossier that is asked about.
func (s *Service) place(ctx context.Context, q *SharingQuestion) error {
	if (q.Dossier == nil) == (q.Basis == "" && q.DossierType == "") || q.Dossier == nil && (q.Basis == "" || q.DossierType == "") {
		return problem.InvalidField("/dossierId", "one-of", "Give either dossierId, or basis and dossierType.")
	}
	if q.Supplier == q.Receiver {
		return problem.InvalidField("/receiverPartnerId", "reference", "The receiver is another partner than the supplier.")
	}
	if q.Dossier == nil {
		return nil
	}
	d, err := s.m.Dossiers.Require(ctx, *q.Dossier)
	q.Basis, q.DossierType = string(d.Basis), string(d.Type)
	return err
}

func (s *Service) checkSharing(ctx context.Context, q SharingQuestion) (c SharingCheck, err error) {
	now := s.k.Now()
	found, err := s.m.People.PartnersAt(ctx, []uuid.UUID{q.Supplier, q.Receiver}, now)
	if err != nil {
		return c, err
	}
	var p parties
	var unknown problem.Faults
	for _, partner := range []struct {
		field string
		id    uuid.UUID
	}{{"/supplierPartnerId", q.Supplier}, {"/receiverPartnerId", q.Receiver}} {
		if _, there := found[partner.id]; !there {
			unknown.Note(partner.field, "reference", "There is no such partner; see GET /v1/partners.")
		}
	}
	if err := unknown.Err(); err != nil {
		return c, err
	}
	p.supplier, p.receiver = found[q.Supplier], found[q.Receiver]
	p.from, _ = s.m.Lists.PartnerType(p.supplier.Identity.PartnerType)
	p.to, _ = s.m.Lists.PartnerType(p.receiver.Identity.PartnerType)
	c = SharingCheck{SharingQuestion: q}
	switch q.Purpose {
	case forDisclosure:
		c.disclose(p)
	case forAlignment:
		c.align(p)
	default:
		matrix, err := s.m.Matrix.At(ctx, now)
		if err != nil {
			return c, err
		}
		if p.receiver.Identity.Sight, err = matrix.Sight(p.receiver.Identity); err != nil {
			return c, err
		}
		c.cooperate(p, matrix.Number)
	}
	c.conclude()
	return c, nil
}
