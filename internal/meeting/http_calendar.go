package meeting

import (
	"context"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// CreateCalendarFeed implements POST /calendar-feeds.
func (h *HTTP) CreateCalendarFeed(ctx context.Context, _ api.CreateCalendarFeedRequestObject) (api.CreateCalendarFeedResponseObject, error) {
	seen, err := h.s.CreateFeed(ctx)
	if err != nil {
		return nil, err
	}
	headers := api.CreateCalendarFeed201ResponseHeaders{ETag: seen.Tag, Location: placeOf(seen)}
	return api.CreateCalendarFeed201JSONResponse{Body: feedToAPI(seen), Headers: headers}, nil
}

// ListCalendarFeeds implements GET /calendar-feeds.
func (h *HTTP) ListCalendarFeeds(ctx context.Context, r api.ListCalendarFeedsRequestObject) (api.ListCalendarFeedsResponseObject, error) {
	p, err := page.Parse(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, next, err := h.s.Feeds(ctx, p)
	if err != nil {
		return nil, err
	}
	items := make([]api.CalendarFeed, len(rows))
	for i, f := range rows {
		items[i] = feedToAPI(f)
	}
	return api.ListCalendarFeeds200JSONResponse{
		Body:    api.CalendarFeedList{Items: items, Next: api.Null(next)},
		Headers: api.ListCalendarFeeds200ResponseHeaders{Link: page.Link(ctx, next)},
	}, nil
}

// GetCalendarFeed implements GET /calendar-feeds/{calendarFeedId}.
func (h *HTTP) GetCalendarFeed(ctx context.Context, r api.GetCalendarFeedRequestObject) (api.GetCalendarFeedResponseObject, error) {
	seen, err := h.s.GetFeed(ctx, r.CalendarFeedId)
	if err != nil {
		return nil, err
	}
	return api.GetCalendarFeed200JSONResponse{Body: feedToAPI(seen), Headers: api.GetCalendarFeed200ResponseHeaders{ETag: seen.Tag}}, nil
}

// RevokeCalendarFeed implements POST /calendar-feeds/{calendarFeedId}/revocations.
func (h *HTTP) RevokeCalendarFeed(ctx context.Context, r api.RevokeCalendarFeedRequestObject) (api.RevokeCalendarFeedResponseObject, error) {
	seen, err := h.s.RevokeFeed(ctx, etag.KeyOf(r.CalendarFeedId, r.Params.IfMatch))
	if err != nil {
		return nil, err
	}
	headers := api.RevokeCalendarFeed201ResponseHeaders{ETag: seen.Tag, Location: placeOf(seen)}
	return api.RevokeCalendarFeed201JSONResponse{Body: feedToAPI(seen), Headers: headers}, nil
}

func placeOf(f SeenFeed) string { return "/v1/calendar-feeds/" + f.ID.String() }

func feedToAPI(f SeenFeed) api.CalendarFeed {
	return api.CalendarFeed{
		Id: f.ID, Address: api.NullText(f.Address), CreatedAt: f.CreatedAt.UTC(), RevokedAt: api.Null(f.RevokedAt), Etag: f.Tag, AllowedOperations: f.Allowed,
	}
}
