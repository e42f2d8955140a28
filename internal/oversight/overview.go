package oversight

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Overview are the figures of a municipality over what its reader may read (4.09).
type Overview struct {
	AsOf                                        time.Time `etag:"-"`
	Open                                        int       // dossiers that are not closed or rejected
	ByType, ByStatus, ByPhase, ByLocation       []Count
	DraftPlans, FinalPlans                      int
	OpenActions, OverdueActions, ComingMeetings int
}

// Count is how many there are with a code.
type Count struct {
	Code  string
	Count int
}

// Among are the dossiers that are looked at; nil does not limit.
type Among struct{ Type, NeighbourhoodCode, Theme, LocationKind *string }

// narrows tells whether any dossier is left out.
func (a Among) narrows() bool { return a != Among{} }

// Overview counts what the caller may read: in the database, by the fence that the lists have. An unknown theme is
// problem.Invalid.
func (s *Service) Overview(ctx context.Context, among Among) (o Overview, err error) {
	if among.Theme != nil && !s.lists.Has("themes", *among.Theme) {
		return o, problem.InvalidParameter("query", "theme", "reference", "There is no such theme; see GET /v1/code-lists/themes.")
	}
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		today, err := s.plans.Today(ctx)
		if err != nil {
			return err
		}
		o.AsOf = s.k.Now()
		heaps, plans := openDossiers(ctx, among), runningPlans(ctx, among)
		actions, meetings := openActionsIn(ctx, among, today), comingMeetings(ctx, among, o.AsOf)
		rows, err := heaps.Rows()
		if err != nil {
			return err
		}
		o.count(rows)
		planned, err := plans.Rows()
		if err != nil {
			return err
		}
		o.DraftPlans, o.FinalPlans = planned[0].Draft, planned[0].Final
		acted, err := actions.Rows()
		if err != nil {
			return err
		}
		coming, err := meetings.Rows()
		if err != nil {
			return err
		}
		o.OpenActions, o.OverdueActions, o.ComingMeetings = acted[0].Open, acted[0].Overdue, coming[0].Many
		return nil
	})
	return o, err
}

// count adds up dossiers that are alike.
func (o *Overview) count(heaps []dossierHeap) {
	types, statuses, phases, places := map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
	for _, h := range heaps {
		o.Open += h.Many
		types[h.Type] += h.Many
		statuses[h.Status] += h.Many
		phases[strconv.Itoa(h.RegiePhase)] += h.Many
		if h.LocationKind != nil {
			places[*h.LocationKind] += h.Many
		}
	}
	o.ByType, o.ByStatus, o.ByPhase, o.ByLocation = tally(types), tally(statuses), tally(phases), tally(places)
}

func tally(by map[string]int) []Count {
	all := []Count{}
	for _, code := range slices.Sorted(maps.Keys(by)) {
		all = append(all, Count{Code: code, Count: by[code]})
	}
	return all
}
