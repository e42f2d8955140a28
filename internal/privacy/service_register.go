package privacy

import (
	"context"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
)

// Register makes the register of processing from the configuration and the matrix in force (AVG 30): for the municipal director,
// the privacy officer and the auditor, problem.Forbidden for others. It fails with problem.NotFound as long as no matrix is in force.
func (s *Service) Register(ctx context.Context) (r Register, err error) {
	var rules []RetentionRule
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.k.Authz.Require(ctx, actReadRegister, authz.Resource{}); err != nil {
			return err
		}
		rules, err = s.rules(ctx)
		return err
	})
	if err != nil {
		return r, err
	}
	force, err := s.m.Matrix.InForce(ctx)
	if err != nil {
		return r, err
	}
	of := map[string][]authz.Cell{}
	for _, c := range force.Cells {
		if receives(c) {
			of[c.Category.Slug()] = append(of[c.Category.Slug()], c)
		}
	}
	r.Matrix, r.Activities = force.Version, s.activities()
	for _, p := range s.m.Lists.Processings() {
		article, _ := s.m.Lists.Attribute("information-categories", p.Category, "legalRef")
		sensitivity, _ := s.m.Lists.Attribute("information-categories", p.Category, "sensitivity")
		r.Records = append(r.Records, Processing{Processing: p, LegalRef: article, Sensitivity: sensitivity, Recipients: of[p.Category], Terms: terms(rules)})
	}
	return r, nil
}
