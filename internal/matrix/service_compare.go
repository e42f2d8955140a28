package matrix

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// Comparison holds the draft beside the matrix in force, as both were at one moment.
type Comparison struct{ old, new sorted }

// sorted are cells by whom they are of, each in the order of compare.
type sorted map[rowKey][]authz.Cell

func sort(cells []authz.Cell) sorted {
	all := sorted{}
	for _, c := range cells {
		key := rowKey{partner: c.PartnerID, partnerType: c.PartnerType}
		all[key] = append(all[key], c)
	}
	return all
}

// of are the cells that count for a partner.
func (s sorted) of(partner uuid.UUID, partnerType string) []authz.Cell {
	own := s[rowKey{partner: partner}]
	if partner == uuid.Nil {
		own = nil
	}
	return slices.Concat(own, s[rowKey{partnerType: partnerType}])
}

// Shift is what the draft makes of somebody's row.
type Shift struct{ Old, New authz.Row }

// Compare reads the draft and the matrix in force, for who may draft. It fails with problem.NotFound
// without a draft; without a matrix in force everybody had nothing.
func (s *Service) Compare(ctx context.Context) (c *Comparison, err error) {
	err = s.draft(ctx, actDraft, func(ctx context.Context, who identity.Identity) error {
		d, err := findDraft(ctx, who.Municipality)
		if err != nil {
			return err
		}
		current, err := inForce(ctx, who.Municipality)
		if err != nil {
			return err
		}
		var cells []authz.Cell
		if current.ID != nil {
			if cells, err = findCells(ctx, who.Municipality, current.Number); err != nil {
				return err
			}
		}
		c = &Comparison{old: sort(cells), new: sort(d.Cells)}
		return nil
	})
	return c, err
}

// Changed tells whether the draft has other cells for a partner.
func (c *Comparison) Changed(partner uuid.UUID, partnerType string) bool {
	return !slices.Equal(c.old.of(partner, partnerType), c.new.of(partner, partnerType))
}

// Of compiles both rows of a partner.
func (c *Comparison) Of(partner uuid.UUID, partnerType string) (shift Shift, err error) {
	if shift.Old, err = authz.CompileRow(c.old.of(partner, partnerType), partner, partnerType); err != nil {
		return shift, err
	}
	shift.New, err = authz.CompileRow(c.new.of(partner, partnerType), partner, partnerType)
	return shift, err
}

// OfDirector compiles both rows of the role municipal director.
func (c *Comparison) OfDirector() (Shift, error) { return c.Of(uuid.Nil, directorType) }
