package authz

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"
	"github.com/google/uuid"
)

// Cell is one cell of the matrix: a partner or a partner type, a dossier type or all, a category,
// and the level. Exactly one of PartnerType and PartnerID is set.
type Cell struct {
	PartnerType string    `json:"partnerType,omitempty"`
	PartnerID   uuid.UUID `json:"partnerId,omitempty"`
	DossierType string    `json:"dossierType"` // a type or AllTypes
	Category    Category  `json:"category"`
	Level       Level     `json:"level"`
}

// AllTypes is the dossier type of a cell that holds for every type without a cell of its own.
const AllTypes = "all"

// matrixModel lets the most specific cell decide: (partner, type), (partner, all), (partner type,
// type), (partner type, all). A cell `none` is a match as well, and stops the search.
const matrixModel = `
[request_definition]
r = partner, type, dossier, category
[policy_definition]
p = priority, subject, dossier, category, level, eft
[policy_effect]
e = priority(p.eft) || deny
[matchers]
m = r.category == p.category && (r.partner == p.subject || r.type == p.subject) && (p.dossier == r.dossier || p.dossier == "all")
`

// Policy is a published matrix as Casbin decides on it.
type Policy struct{ enforcer *casbin.Enforcer }

// NewPolicy loads the cells.
func NewPolicy(cells []Cell) (*Policy, error) {
	m, err := model.NewModelFromString(matrixModel)
	if err != nil {
		return nil, err
	}
	enforcer, err := casbin.NewEnforcer(m)
	if err != nil {
		return nil, err
	}
	rules := make([][]string, len(cells))
	for i, c := range cells {
		rules[i] = c.rule()
	}
	// Casbin takes the first match, and sorts on priority only what it loads through an adapter.
	slices.SortStableFunc(rules, func(a, b []string) int { return strings.Compare(a[0], b[0]) })
	if len(rules) > 0 {
		if _, err := enforcer.AddPolicies(rules); err != nil {
			return nil, fmt.Errorf("matrix cells: %w", err)
		}
	}
	return &Policy{enforcer: enforcer}, nil
}

func (c Cell) rule() []string {
	priority, subject := 3, "type:"+c.PartnerType
	if c.PartnerID != uuid.Nil {
		priority, subject = 1, "partner:"+c.PartnerID.String()
	}
	if c.DossierType == AllTypes {
		priority++
	}
	return []string{strconv.Itoa(priority), subject, c.DossierType, c.Category.Slug(), string(c.Level), "allow"}
}

// Level asks Casbin which cell counts for this partner; None when there is no cell.
func (p *Policy) Level(partner uuid.UUID, partnerType, dossierType string, c Category) (Level, error) {
	rule, err := p.rule(partner, partnerType, dossierType, c)
	if err != nil || rule == nil {
		return None, err
	}
	return Level(rule[4]), nil
}

// rule is the rule that Casbin matched; nil when none did.
func (p *Policy) rule(partner uuid.UUID, partnerType, dossierType string, c Category) ([]string, error) {
	ok, rule, err := p.enforcer.EnforceEx("partner:"+partner.String(), "type:"+partnerType, dossierType, c.Slug())
	if err != nil || !ok || len(rule) < 5 {
		return nil, err
	}
	return rule, nil
}

// Row is what the matrix gives one partner: a level per dossier type and category.
type Row [4][categories]Level

// CompileRow asks Casbin every question about one partner once. Cells of other partners are left out
// before, and each category is asked about with its own cells alone, because Casbin's cost is one
// evaluation per rule.
func CompileRow(cells []Cell, partner uuid.UUID, partnerType string) (row Row, err error) {
	mine := concerning(cells, partner, partnerType)
	for c := range categories {
		policy, err := NewPolicy(slices.DeleteFunc(slices.Clone(mine), func(cell Cell) bool { return cell.Category != c }))
		if err != nil {
			return row, err
		}
		for t, dossierType := range DossierTypes() {
			if row[t][c], err = policy.Level(partner, partnerType, dossierType, c); err != nil {
				return row, err
			}
		}
	}
	return row, nil
}

// concerning are the cells of a partner and of its type.
func concerning(cells []Cell, partner uuid.UUID, partnerType string) (mine []Cell) {
	for _, c := range cells {
		if c.PartnerID == partner && partner != uuid.Nil || c.PartnerID == uuid.Nil && c.PartnerType == partnerType {
			mine = append(mine, c)
		}
	}
	return mine
}
