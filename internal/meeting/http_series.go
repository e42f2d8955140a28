package meeting

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
)

// ScheduleSeries implements POST /tables/{tableId}/meetings.
func (h *HTTP) ScheduleSeries(ctx context.Context, r api.ScheduleSeriesRequestObject) (api.ScheduleSeriesResponseObject, error) {
	series, err := h.s.ScheduleSeries(ctx, r.TableId, NewSeries{Count: r.Body.Count, From: r.Body.From.Time})
	if err != nil {
		return nil, err
	}
	items, err := renderAll(ctx, h, series.Meetings, rowToAPI)
	return api.ScheduleSeries201JSONResponse{
		Body:    api.MeetingList{Items: items, Next: api.Null[string](nil)},
		Headers: api.ScheduleSeries201ResponseHeaders{Location: "/v1/meetings?seriesId=" + series.ID.String()},
	}, err
}
