package server_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/calendar"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

func (w *walk) series() step {
	return step{op: "scheduleSeries", by: "chair", want: created, not: statuses{"auditor": forbidden, "police": forbidden}, body: nextThree}
}

// nextThree asks for three meetings from two weeks ahead.
func nextThree() live.M {
	return live.M{"count": 3, "from": time.Now().AddDate(0, 0, 14).UTC().Format(time.DateOnly)}
}

var tuesdays = live.M{"interval": "weekly", "weekday": "tuesday", "startTime": "13:00", "minutes": 90}

// rhythmic is the table of Veldhoven, which meets every Tuesday now.
func rhythmic(t *testing.T, w *live.World) string {
	t.Helper()
	table := "/v1/tables/" + w.Table()
	w.As(t, "director").Patch(table, "*", live.M{"meetingRhythm": tuesdays}).Want(ok)
	return table
}

// TestMeeting_4_01_a_table_schedules_its_next_meetings_by_its_rhythm: whole years of Tuesdays and Mondays pass the
// holidays that fall on them.
func TestMeeting_4_01_a_table_schedules_its_next_meetings_by_its_rhythm(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	table, chair, director := rhythmic(t, w), w.As(t, "chair"), w.As(t, "director")
	t.Run("as ordinary meetings of its chair, each once", func(t *testing.T) {
		made := chair.Post(table+"/meetings", nextThree()).Want(created)
		starts := made.Texts("items", "startsAt")
		require.Len(t, starts, 3)
		assert.Equal(t, made.IDs(), chair.Get(made.Place()).Want(ok).IDs())
		assert.True(t, slices.IsSortedFunc(starts, func(a, b string) int { return strings.Compare(b, a) }), "the latest start first")
		for i, id := range made.IDs() {
			one := chair.Get("/v1/meetings/" + id).Want(ok)
			assert.Equal(t, []string{w.Table(), w.Person("chair"), "planned", starts[i]},
				[]string{one.Text("tableId"), one.Text("chairId"), one.Text("status"), one.Text("startsAt")})
		}
		next := chair.Post(table+"/meetings", nextThree()).Want(created).Texts("items", "startsAt")
		for _, start := range next {
			assert.Greater(t, start, starts[0], "a day with a meeting is passed over")
		}
		assert.Empty(t, w.As(t, "housing").Get(made.Place()).Want(ok).IDs(), "who is not invited sees none")
	})
	t.Run("past holidays, by the clock of the municipality", func(t *testing.T) {
		director.Patch(table, "*", live.M{"meetingRhythm": live.M{"weekday": "monday"}}).Want(ok)
		zone, err := time.LoadLocation("Europe/Amsterdam")
		require.NoError(t, err)
		free := freeMonday()
		var days []string
		for _, start := range director.Post(table+"/meetings", live.M{"count": 2, "from": free.AddDate(0, 0, -7).Format(time.DateOnly)}).Want(created).Texts("items", "startsAt") {
			at, err := time.Parse(time.RFC3339, start)
			require.NoError(t, err)
			days = append(days, at.In(zone).Format("2006-01-02 15:04"))
		}
		assert.Equal(t, []string{free.AddDate(0, 0, 7).Format(time.DateOnly) + " 13:00", free.AddDate(0, 0, -7).Format(time.DateOnly) + " 13:00"}, days)
	})
	t.Run("and what was left unfinished is on the first", func(t *testing.T) {
		f := w.Case(t)
		over, _ := tableMeeting(t, w, "2199-01-10T09:00:00Z", "2199-01-10T10:00:00Z", f)
		inStatus(t, w, over.Place(), "finalised")
		made := chair.Post(table+"/meetings", nextThree()).Want(created)
		ids := made.IDs()
		slices.Reverse(ids)
		for i, id := range ids {
			assert.Len(t, chair.Get("/v1/meetings/"+id).Want(ok).Texts("agendaItems", "id"), map[int]int{0: 1}[i])
		}
	})
}

// freeMonday is the next Monday after Easter or Whitsun that is more than a week away.
func freeMonday() time.Time {
	for year := time.Now().Year(); ; year++ {
		for _, days := range []int{1, 50} {
			if monday := calendar.Easter(year).AddDate(0, 0, days); monday.After(time.Now().AddDate(0, 0, 8)) {
				return monday
			}
		}
	}
}

func TestMeeting_4_01_what_a_series_needs(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	table := "/v1/tables/" + w.Table()
	chair, director := w.As(t, "chair"), w.As(t, "director")
	t.Run("a rhythm", func(t *testing.T) { chair.Post(table+"/meetings", nextThree()).Check(conflict) })
	t.Run("which is whole", func(t *testing.T) {
		r := director.Patch(table, "*", live.M{"meetingRhythm": live.M{"interval": "weekly", "minutes": 90}})
		r.Check(invalid)
		assert.ElementsMatch(t, []string{"/meetingRhythm/weekday", "/meetingRhythm/startTime"}, r.Texts("errors", "pointer"))
	})
	rhythmic(t, w)
	before := w.Rows(t)
	for name, c := range map[string]struct {
		by, path string
		body     live.M
		want     int
	}{
		"the chair of the table":        {"case-director", table, nextThree(), forbidden},
		"a table that is there":         {"chair", "/v1/tables/" + w.Person("chair"), nextThree(), notFound},
		"a day that is not over":        {"chair", table, live.M{"count": 3, "from": "2026-01-05"}, invalid},
		"a day within a year":           {"chair", table, live.M{"count": 3, "from": time.Now().AddDate(1, 0, 3).Format(time.DateOnly)}, invalid},
		"at least one":                  {"chair", table, live.M{"count": 0, "from": nextThree()["from"]}, invalid},
		"at most twelve":                {"chair", table, live.M{"count": 13, "from": nextThree()["from"]}, invalid},
		"a first day":                   {"chair", table, live.M{"count": 3}, invalid},
		"its own table when he has one": {"other-director", table, nextThree(), notFound},
	} {
		t.Run(name, func(t *testing.T) { w.As(t, c.by).Post(c.path+"/meetings", c.body).Check(c.want) })
	}
	t.Run("a chair with that role", func(t *testing.T) {
		person := "/v1/professionals/" + w.Person("chair")
		director.Patch(person, "*", live.M{"roles": []string{"professional"}}).Want(ok)
		director.Post(table+"/meetings", nextThree()).Check(conflict)
	})
	assert.Equal(t, before["meeting"], w.Rows(t)["meeting"], "nothing was written")
}
