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
	wrong := d.misplaced(s.today(ctx))
	for i, theme := range d.Themes {
		if !s.lists.Has("themes", theme) {
			wrong.Note(fmt.Sprintf("/themes/%d", i), "reference", "There is no such theme; see GET /v1/code-lists/themes.")
		}
	}
	if d.NeighbourhoodCode != nil {
		there, err := s.people.HasNeighbourhood(ctx, *d.NeighbourhoodCode)
		if err != nil {
			return err
		}
		if !there {
			wrong.Note("/neighbourhoodCode", "reference", "There is no such neighbourhood in this municipality.")
		}
	}
	return wrong.Err()
}

// misplaced is what does not fit a dossier of its type.
func (d Dossier) misplaced(today time.Time) problem.Faults {
	wrong := d.Particulars.misfits(d.Type, today)
	switch {
	case d.Location == nil:
	case d.Type != Situation:
		wrong.Note("/location", "type", "Only a situation has a location.")
	case d.Location.Kind == "":
		wrong.Note("/location/kind", "required", "Say of which kind the location is; there was none.")
	}
	return wrong
}

// checkCriteria holds the criteria of a change of regie against its direction: what is met to scale up
// (BGS 2.20 among it) is not what is met to scale down.
func (s *Service) checkCriteria(c RegieChange, from int) (wrong problem.Faults) {
	up, down := c.Phase != nil && *c.Phase > from, c.Phase != nil && *c.Phase < from
	if (up || down) && len(c.Criteria) == 0 {
		wrong.Note("/criteria", "required", "Name the criteria that are met for another phase.")
	}
	for i, one := range c.Criteria {
		at := fmt.Sprintf("/criteria/%d", i)
		direction, known := s.lists.Attribute("scaling-criteria", one, "direction")
		if !known && s.lists.Has("regie-criteria", one) {
			direction, known = "up", true
		}
		switch {
		case !known:
			wrong.Note(at, "reference", "There is no such criterion; see GET /v1/code-lists/scaling-criteria.")
		case up && direction != "up" || down && direction != "down":
			wrong.Note(at, "direction", "This criterion belongs to the other direction; see GET /v1/code-lists/scaling-criteria.")
		}
	}
	return wrong
}

// noCategory is the category of what names one that there is not.
const noCategory authz.Category = -2

// faults are everything that is wrong with what is supplied.
func (s *Service) faults(ctx context.Context, d Dossier, n NewItem) (all problem.Faults) {
	all = d.PoliceFaults(n.Category, n.PoliceArticle)
	if n.Category == noCategory {
		all.Note("/category", "reference", "There is no such information category; see GET /v1/code-lists/information-categories.")
	}
	if n.LifeDomain != "" && !s.lists.HasLifeDomain(n.LifeDomain) {
		all.Note("/lifeDomain", "reference", "There is no such life domain; see GET /v1/code-lists/life-domains.")
	}
	if n.ObservedOn.After(s.today(ctx)) {
		all.Note("/observedOn", "future", "An observation does not lie in the future.")
	}
	for i, c := range n.Conditions {
		if _, known := s.lists.PartnerType(c.WithholdFrom); !known {
			all.Note(fmt.Sprintf("/conditions/%d/withholdFrom", i), "reference",
				"There is no such partner type; see GET /v1/code-lists/partner-types.")
		}
	}
	return all
}
