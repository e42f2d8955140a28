package server_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

func TestStagnation_L17_EveryFlagReturnsItsRuleAndInput(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	flags := func(who string) []string {
		return w.As(t, who).Get(f.Path+"/stagnation").Want(ok).Texts("flags", "rule")
	}
	figure := func(rule, name string) any {
		for _, flag := range w.As(t, "chair").Get(f.Path + "/stagnation").Want(ok).At("flags").([]any) {
			for _, one := range live.At(flag, "figures").([]any) {
				if live.At(flag, "rule") == rule && live.At(one, "name") == name {
					return live.At(one, "value")
				}
			}
		}
		return nil
	}
	zone, err := time.LoadLocation("Europe/Amsterdam")
	require.NoError(t, err)
	days := func(n int) time.Time { return time.Now().In(zone).AddDate(0, 0, -n) }
	date := func(n int) string { return days(n).Format(time.DateOnly) }
	assert.Empty(t, flags("chair"), "a fresh dossier does not stagnate")

	action := f.Action(t, "case-director", "police")
	w.Exec(t, "update action set due_date = $2 where id = $1", action.ID(), date(4))
	meeting, _ := f.Meeting(t, "police")
	w.Exec(t, "update meeting set starts_at = $2, ends_at = $2::timestamptz + interval '1 hour' where id = $1", meeting.ID(), days(3))
	w.Exec(t, "update regie_change set review_date = $2 where dossier_id = $1", f.ID, date(2))
	w.Exec(t, "update dossier set opened_at = $2 where id = $1", f.ID, days(40))
	t.Run("each sign with what it rests on", func(t *testing.T) {
		assert.Equal(t, []string{"no-action-done", "overdue-actions", "review-passed", "meeting-missed"}, flags("chair"))
		assert.Equal(t, []any{40.0, 30.0, 1.0, 0.0},
			[]any{figure("no-action-done", "days"), figure("no-action-done", "stagnation-days"), figure("no-action-done", "open-actions"), figure("no-action-done", "done-actions")})
		assert.Equal(t, []any{1.0, 3.0, 2.0, 1.0}, []any{figure("overdue-actions", "overdue-actions"), figure("overdue-actions", "days"),
			figure("review-passed", "days"), figure("meeting-missed", "missed-meetings")})
		in := func(language string) string {
			return w.As(t, "chair").Get(f.Path+"/stagnation", "Accept-Language: "+language).Want(ok).Text("flags.1.text")
		}
		assert.Equal(t, []string{"Er zijn acties over hun termijn.", "Actions are past their term."}, []string{in("nl"), in("en")})
	})
	t.Run("only from what the reader may see", func(t *testing.T) {
		assert.Equal(t, []string{"review-passed"}, flags("housing"), "sees neither the action of the police nor the meeting")
	})
	t.Run("the municipality sets after how many days", func(t *testing.T) {
		w.As(t, "director").Do("PUT", "/v1/regie-defaults", live.M{"stagnationDays": 41, "holders": []live.M{}}, anyTag).Want(ok)
		assert.NotContains(t, flags("chair"), "no-action-done")
	})
	t.Run("it ends with what it was about", func(t *testing.T) {
		w.As(t, "case-director").Post(action.Place()+"/completions", live.M{"result": "achieved", "note": "Gedaan."}, anyTag).Want(created)
		w.As(t, "chair").Patch(meeting.Place(), "*", live.M{"status": "held"}).Want(ok)
		assert.Equal(t, []string{"review-passed"}, flags("chair"))
	})
}

func TestStagnation_L32_AFlagDecidesNothing(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	w.Exec(t, "update dossier set opened_at = $2 where id = $1", f.ID, time.Now().AddDate(0, -3, 0))
	chair := w.As(t, "chair")
	before, rows := chair.Get(f.Path).Want(ok), w.Rows(t)
	assert.NotEmpty(t, chair.Get(f.Path+"/stagnation").Want(ok).At("flags"))
	assert.Equal(t, before.Body, chair.Get(f.Path).Want(ok).Body)
	after := w.Rows(t)
	for _, table := range []string{"dossier", "admission", "regie_change", "alert", "pending_event", "audit_entry"} {
		assert.Equal(t, rows[table], after[table], table)
	}
}
