package dossier

import (
	"context"
	"fmt"
	"time"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// check resolves what a dossier's core refers to, and names everything that is wrong.
func (s *Service) check(ctx context.Context, d Dossier) error {
	wrong := d.misplaced()
	for i, theme := range d.Themes {
		if !s.lists.Has("themes", theme) {
			wrong = append(wrong, problem.Field{In: "body", Name: fmt.Sprintf("/themes/%d", i), Code: "reference",
				Detail: "There is no such theme; see GET /v1/code-lists/themes."})
		}
	}
	if d.NeighbourhoodCode != nil {
		there, err := s.people.HasNeighbourhood(ctx, *d.NeighbourhoodCode)
		if err != nil {
			return err
		}
		if !there {
			wrong = append(wrong, problem.Field{In: "body", Name: "/neighbourhoodCode", Code: "reference",
				Detail: "There is no such neighbourhood in this municipality."})
		}
	}
	return invalid(wrong)
}

// misplaced is what is wrong with where a dossier is.
func (d Dossier) misplaced() []problem.Field {
	switch {
	case d.Location == nil:
		return nil
	case d.Type != Situation:
		return []problem.Field{{In: "body", Name: "/location", Code: "type", Detail: "Only a situation has a location."}}
	case d.Location.Kind == "":
		return []problem.Field{{In: "body", Name: "/location/kind", Code: "required", Detail: "Say of which kind the location is; there was none."}}
	}
	return nil
}

// checkCriteria resolves the criteria of a decision on the regie (BGS 2.20).
func (s *Service) checkCriteria(criteria []string) error {
	var wrong []problem.Field
	for i, one := range criteria {
		if !s.lists.Has("regie-criteria", one) {
			wrong = append(wrong, problem.Field{In: "body", Name: fmt.Sprintf("/criteria/%d", i), Code: "reference",
				Detail: "There is no such criterion; see GET /v1/code-lists/regie-criteria."})
		}
	}
	return invalid(wrong)
}

// noCategory is the category of what names one that there is not.
const noCategory authz.Category = -2

// faults are everything that is wrong with what is supplied.
func (s *Service) faults(ctx context.Context, n NewItem) (all []problem.Field) {
	if n.Category == noCategory {
		all = append(all, problem.Field{In: "body", Name: "/category", Code: "reference",
			Detail: "There is no such category; see GET /v1/code-lists/information-categories."})
	}
	if n.LifeDomain != "" && !s.lists.HasLifeDomain(n.LifeDomain) {
		all = append(all, problem.Field{In: "body", Name: "/lifeDomain", Code: "reference",
			Detail: "There is no such life domain; see GET /v1/code-lists/life-domains."})
	}
	year, month, day := s.k.Now().In(s.people.ZoneOf(ctx)).Date()
	if n.ObservedOn.After(time.Date(year, month, day, 0, 0, 0, 0, time.UTC)) {
		all = append(all, problem.Field{In: "body", Name: "/observedOn", Code: "future", Detail: "An observation does not lie in the future."})
	}
	for i, c := range n.Conditions {
		if _, known := s.lists.PartnerType(c.WithholdFrom); !known {
			all = append(all, problem.Field{In: "body", Name: fmt.Sprintf("/conditions/%d/withholdFrom", i), Code: "reference",
				Detail: "There is no such partner type; see GET /v1/code-lists/partner-types."})
		}
	}
	return all
}

// invalid is everything that is wrong as one failure; nil when nothing is.
func invalid(wrong []problem.Field) error {
	if len(wrong) == 0 {
		return nil
	}
	return &problem.Error{Kind: problem.Invalid, Detail: "The request is not valid; see errors.", Fields: wrong}
}
