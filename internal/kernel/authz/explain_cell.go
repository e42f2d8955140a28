package authz

import "github.com/google/uuid"

// CellThatCounts is the cell from which a partner's level on a category follows, as Casbin matches it, with
// the partner type that was asked for or the partner by name; false when there is none.
func CellThatCounts(cells []Cell, partner uuid.UUID, partnerType, dossierType string, c Category) (Cell, bool, error) {
	policy, err := NewPolicy(concerning(cells, partner, partnerType))
	if err != nil {
		return Cell{}, false, err
	}
	rule, err := policy.rule(partner, partnerType, dossierType, c)
	if err != nil || rule == nil {
		return Cell{}, false, err
	}
	cell := Cell{PartnerType: partnerType, DossierType: rule[2], Category: c, Level: Level(rule[4])}
	if rule[1] == "partner:"+partner.String() {
		cell.PartnerType, cell.PartnerID = "", partner
	}
	return cell, true, nil
}
