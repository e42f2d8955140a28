package dossier

import (
	"context"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
)

// aroundPlan are the operations on what is agreed around the plan of a dossier: who knows it may ask for the lists.
func aroundPlan() []authz.Operation {
	return []authz.Operation{
		{ID: "listFrames", Act: actRead}, {ID: "listPreconditions", Act: actRead}, {ID: "listPreconditionOverrides", Act: actRead},
		{ID: "listApproaches", Act: actRead},
	}
}

// intoPlan are the operations that add to it, on category plan.
func intoPlan() []authz.Operation {
	return []authz.Operation{
		{ID: "addFrame", Act: "agreement.make"}, {ID: "recordPrecondition", Act: "agreement.make"},
		{ID: "overridePreconditions", Act: "agreement.decide"}, {ID: "chooseApproach", Act: "agreement.decide"},
	}
}

// allowedInPlan lists what the caller may add to the plan of a dossier and to what is agreed around it.
func (s *Service) allowedInPlan(ctx context.Context, d Dossier) ([]string, error) {
	ids, err := s.k.Authz.Allowed(ctx, d.Content(d.ID, authz.Plan), intoPlan())
	if err != nil {
		return nil, err
	}
	view, err := s.k.Authz.View(ctx, d.ID)
	if err != nil || !view.Sees(authz.Plan) { // nobody drafts what he cannot read
		return ids, err
	}
	may, err := s.k.Authz.Allowed(ctx, d.Content(d.ID, authz.Plan), []authz.Operation{{ID: "draftPlan", Act: actPlan}})
	return append(ids, may...), err
}
