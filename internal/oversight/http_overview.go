package oversight

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
)

// GetOverview implements GET /overview.
func (h *HTTP) GetOverview(ctx context.Context, r api.GetOverviewRequestObject) (api.GetOverviewResponseObject, error) {
	p := r.Params
	o, err := h.s.Overview(ctx, Among{
		Type: api.As[string](p.Type), NeighbourhoodCode: p.NeighbourhoodCode, Theme: p.Theme, LocationKind: api.As[string](p.LocationKind),
	})
	if err != nil {
		return nil, err
	}
	body := api.Overview{
		AsOf: o.AsOf.UTC(), OpenDossiers: o.Open, ByType: tallyToAPI(o.ByType), ByStatus: tallyToAPI(o.ByStatus), ByPhase: tallyToAPI(o.ByPhase),
		ByLocationKind: tallyToAPI(o.ByLocation), DraftPlans: o.DraftPlans, FinalPlans: o.FinalPlans, OpenActions: o.OpenActions, OverdueActions: o.OverdueActions, ComingMeetings: o.ComingMeetings, Etag: etag.Of(o),
	}
	return api.GetOverview200JSONResponse{Body: body, Headers: api.GetOverview200ResponseHeaders{ETag: body.Etag}}, nil
}

func tallyToAPI(all []Count) []api.OverviewCount {
	out := make([]api.OverviewCount, len(all))
	for i, c := range all {
		out[i] = api.OverviewCount{Code: c.Code, Count: c.Count}
	}
	return out
}
