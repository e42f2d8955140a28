package dossier

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
)

// recordIn records what happened in a dossier, to the dossier itself where e names no other subject.
func (s *Service) recordIn(ctx context.Context, d Dossier, e journal.Event) error {
	if e.Subject.Type == "" {
		e.Subject = journal.Subject{Type: "dossier", ID: d.ID}
	}
	e.Dossier, e.Basis = d.ID, string(d.Basis)
	return s.k.Journal.Record(ctx, e)
}

// recordItem tells of an item: only who may read it learns more than that the dossier changed.
func (s *Service) recordItem(ctx context.Context, d Dossier, item Item, e journal.Event) (err error) {
	category := int(item.Category)
	e.Subject, e.Category, e.Supplier = journal.Subject{Type: "item", ID: item.ID}, &category, item.SupplierID
	if e.InNameOf, err = s.inNameOfNamed(ctx, d); err != nil {
		return err
	}
	return s.recordIn(ctx, d, e)
}

// recordParticipant tells of who takes part; everybody in the dossier may know.
func (s *Service) recordParticipant(ctx context.Context, d Dossier, p Participant, e journal.Event) error {
	e.Subject, e.InNameOf = subjects(p)[0], s.inNameOf(ctx, d.mayDo(actChange)...)
	return s.recordIn(ctx, d, e)
}

func subjects(participants ...Participant) []journal.Subject {
	all := make([]journal.Subject, len(participants))
	for i, p := range participants {
		all[i] = journal.Subject{Type: "participant", ID: p.ID}
	}
	return all
}

// inNameOf is for whom a substitute acts, of those who may do what he does. What those may the municipal
// director may himself.
func (s *Service) inNameOf(ctx context.Context, may ...*uuid.UUID) uuid.UUID {
	who, err := identity.From(ctx)
	if err != nil || who.Has(identity.MunicipalDirector) {
		return uuid.Nil
	}
	return who.InNameOf(s.k.Now(), may...)
}

// InNameOf is for whom the caller stands in, of those who take part in the dossier by name; uuid.Nil when he acts
// himself. It needs a transaction.
func (s *Service) InNameOf(ctx context.Context, d Dossier) (uuid.UUID, error) {
	return s.inNameOfNamed(ctx, d)
}

// inNameOfNamed is for whom a substitute acts, of those who take part by name.
func (s *Service) inNameOfNamed(ctx context.Context, d Dossier) (uuid.UUID, error) {
	who, err := identity.From(ctx)
	if err != nil || len(who.ActsFor(s.k.Now())) < 2 {
		return uuid.Nil, err
	}
	participants, err := participantsOf(ctx, d.ID)
	var named []*uuid.UUID
	for _, p := range participants {
		for i := range p.ProfessionalIDs {
			named = append(named, &p.ProfessionalIDs[i])
		}
	}
	return who.InNameOf(s.k.Now(), named...), err
}
