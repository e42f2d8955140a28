package server_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

const (
	processingOf = "/v1/processing-activities"
	activityOf   = "dpl.core.processing_activity_id"
	subjectOf    = "dpl.core.data_subject_id"
)

// attribute is one of the attributes of each line of the processing log.
func attribute(r *live.Reply, name string) (all []string) {
	for _, line := range live.At(r.Body, "items").([]any) {
		value, _ := live.At(line, "attributes").(map[string]any)[name].(string)
		all = append(all, value)
	}
	return all
}

func TestPrivacy_L05_the_processing_log_has_a_line_for_each_data_subject_and_nothing_of_who_processed(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, empty := w.Case(t), w.Opened(t, live.M{})
	of := about(t, w, f.Path) // two registrations, merged
	officer, police := w.As(t, "privacy-officer"), w.As(t, "police")
	const first, second = "4bf92f3577b34da6a3ce929d0e0e4736", "4bf92f3577b34da6a3ce929d0e0e4737"
	police.Get(f.Path, "traceparent: 00-"+first+"-00f067aa0ba902b7-01").Want(ok)
	w.As(t, "social").Get(empty.Path, "traceparent: 00-"+second+"-00f067aa0ba902b7-01").Want(ok)
	police.Get(empty.Path, "traceparent: 00-"+second+"-00f067aa0ba902b7-01").Check(notFound)
	officer.Post(checkpoints, live.M{}).Want(created) // all that was done until now has its place in the record
	found := func(body live.M) *live.Reply { return officer.Post(processingOf, body).Want(ok) }

	t.Run("one per data subject of the dossier", func(t *testing.T) {
		lines := found(live.M{"traceId": first})
		require.Len(t, lines.Texts("items", "name"), 2)
		assert.Equal(t, []string{"getDossier", "getDossier"}, lines.Texts("items", "name"))
		assert.Equal(t, []string{"Ok", "Ok"}, lines.Texts("items", "status"))
		spans := lines.Texts("items", "spanId")
		assert.NotEqual(t, spans[0], spans[1])
		assert.Equal(t, lines.Texts("items", "parentSpanId")[0], lines.Texts("items", "parentSpanId")[1])
		subjects := attribute(lines, subjectOf)
		assert.NotEqual(t, subjects[0], subjects[1])
		assert.Regexp(t, "^[0-9a-f]{64}$", subjects[0])
		logged := w.As(t, "auditor").Get("/v1/access-log?purpose=court&operation=getDossier&dossierId=" + f.ID + "&professionalId=" + w.Person("police")).Want(ok)
		assert.Contains(t, logged.Texts("items", "spanId"), lines.Texts("items", "parentSpanId")[0], "by its trace and span it is known who did")
	})
	t.Run("a dossier about nobody has one without, and what was not found none", func(t *testing.T) {
		lines := found(live.M{"traceId": second})
		assert.Equal(t, []string{""}, attribute(lines, subjectOf))
	})
	t.Run("a person is found under every registration of him", func(t *testing.T) {
		lines := found(live.M{"personId": of["personId"]})
		assert.Subset(t, lines.Texts("items", "name"), []string{"getDossier", "addSubject"})
		assert.Len(t, slices.Compact(slices.Sorted(slices.Values(attribute(lines, subjectOf)))), 2)
		one := attribute(lines, subjectOf)[0]
		assert.Contains(t, attribute(found(live.M{subjectOf: one}), subjectOf), one)
	})
	t.Run("by an activity of the register, from a moment on", func(t *testing.T) {
		activities := officer.Get(registerOf).Want(ok).Texts("activities", "id")
		covenant := activities[1]
		lines := found(live.M{activityOf: covenant})
		assert.Equal(t, []string{covenant}, slices.Compact(attribute(lines, activityOf)))
		assert.Contains(t, found(live.M{activityOf: activities[4]}).Texts("items", "name"), "registerPerson")
		assert.Empty(t, found(live.M{activityOf: covenant, "endTime": 0}).Texts("items", "name"))
		officer.Post(processingOf, live.M{activityOf: "https://elsewhere.example/v1/processing-register#wgs"}).Check(invalid)
	})
	t.Run("a page leads to the next", func(t *testing.T) {
		page := officer.Post(processingOf+"?limit=1", live.M{"traceId": first}).Want(ok)
		rest := officer.Post(processingOf+"?limit=1&cursor="+page.Text("next"), live.M{"traceId": first}).Want(ok)
		assert.NotEqual(t, page.Texts("items", "spanId"), rest.Texts("items", "spanId"))
		assert.Nil(t, live.At(rest.Body, "next"))
	})
	t.Run("nothing of who processed, whom and what", func(t *testing.T) {
		for _, who := range []string{w.Person("police"), w.Partner("police"), of["personId"], f.ID, "Verhoeven"} {
			assert.Zero(t, w.Count(t, "select count(*) from processing_line l where l::text like '%"+who+"%'"))
		}
	})
	t.Run("without a question, and for others", func(t *testing.T) {
		officer.Post(processingOf, live.M{}).Check(invalid)
		for _, who := range []string{"director", "case-director", "police", "police-system"} {
			w.As(t, who).Post(processingOf, live.M{"traceId": first}).Check(forbidden)
		}
	})
}

// processing finds in the processing log.
func (w *walk) processing() []step {
	return []step{{op: "findProcessing", by: "auditor", want: ok, not: statuses{"director": forbidden, "police-system": forbidden}, own: forbidden, body: func() live.M {
		return live.M{"personId": w.ids["personId"]}
	}}}
}

// processingRights are the lines of the table on the processing log.
func (c *court) processingRights() []right {
	find := post(at(processingOf), fixed(live.M{"traceId": "4bf92f3577b34da6a3ce929d0e0e4736"}))
	return []right{
		{"processing-log.read", "privacy-officer", "officer", "regisseur", forbidden, find},
		{"processing-log.read", "auditor", "revisor", "case-director", forbidden, find},
	}
}
