package server_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// toInform makes somebody the subject of a dossier, and gives the address of the information duty.
func toInform(t *testing.T, w *live.World, f *live.Case) string {
	t.Helper()
	by := w.As(t, "case-director")
	person := by.Post("/v1/persons", somebody()).Want(created).ID()
	return dutyOf(by.Post(f.Path+"/subjects", asSubject(person)).Want(created).Place())
}

func TestPrivacy_L21_who_was_not_informed_is_in_the_list_of_what_is_due(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, officer := w.Case(t), w.As(t, "privacy-officer")
	by, police := w.As(t, "case-director"), w.As(t, "police")
	duty := toInform(t, w, f)
	due := func() []string { return by.Get(informDesk + "?due=true&dossierId=" + f.ID).Want(ok).IDs() }
	done := func() []string { return by.Get(informDesk + "?due=false&dossierId=" + f.ID).Want(ok).IDs() }

	first := by.Get(duty).Want(ok)
	assert.Equal(t, []string{first.ID()}, due(), "nothing is recorded")
	assert.Empty(t, done())
	assert.Equal(t, []any{true, f.ID, []any{}}, []any{first.At("due"), first.At("dossierId"), first.At("records")})
	assert.NotEmpty(t, first.Text("informBy"), "a month after the subject was added (AVG 14(3))")
	assert.NotEmpty(t, first.Text("person.name"))
	assert.Zero(t, shown(officer, "information-duties-overdue"), "there is a month for it")
	w.Exec(t, "update subject set added_at = now() - interval '32 days' where id = '"+first.ID()+"'")
	assert.Equal(t, 1.0, shown(officer, "information-duties-overdue"), "who sees no content sees that there is one")
	assert.Empty(t, officer.Get(informDesk+"?due=true").Want(ok).IDs())
	officer.Get(duty).Check(notFound)

	told := by.Post(duty+"/records", informing(nil), live.Match(first.Tag())).Want(created)
	assert.Equal(t, []any{false, nil, "informed", today(), "letter", w.Person("case-director")}, []any{
		told.At("due"), told.At("informBy"), told.At("records.0.outcome"), told.At("records.0.informedOn"), told.At("records.0.manner"), told.At("records.0.recordedById")})
	assert.Empty(t, due())
	assert.Equal(t, []string{first.ID()}, done())
	assert.Zero(t, shown(officer, "information-duties-overdue"))
	assert.Equal(t, 1.0, shown(officer, "information-records"))
	assert.Equal(t, []string{first.ID()}, police.Get(informDesk+"?dossierId="+f.ID).Want(ok).IDs(), "who is in the dossier reads it")
	assert.Equal(t, []string{"getInformationDuty"}, police.Get(duty).Want(ok).Allowed())
	assert.Equal(t, []string{"getInformationDuty", "recordInforming"}, told.Allowed())

	other := w.Opened(t, live.M{})
	assert.Empty(t, by.Get(informDesk+"?dossierId="+other.ID).Want(ok).IDs())
	assert.Equal(t, 1, w.Count(t, "select count(*) from audit_entry where event = 'information-duty.recorded'"))
}

func TestPrivacy_L21_a_postponement_has_its_ground_and_its_day(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	by := w.As(t, "case-director")
	duty := toInform(t, w, f)
	record := func(body live.M) *live.Reply { return by.Post(duty+"/records", body, anyTag) }
	tomorrow := time.Now().AddDate(0, 0, 2).Format(time.DateOnly)

	none := record(live.M{"outcome": "postponed"})
	wrongAt(t, none, "/postponement", "/reviewOn")
	assert.Contains(t, string(none.Raw), "UAVG 41")
	wrongAt(t, record(waiting(live.M{"postponement": "no-time"})), "/postponement")
	wrongAt(t, record(waiting(live.M{"reviewOn": "2026-01-01"})), "/reviewOn")
	wrongAt(t, record(waiting(live.M{"informedOn": today(), "manner": "letter", "informedByPartnerId": w.Partner("police")})), "/informedOn", "/manner", "/informedByPartnerId")
	wrongAt(t, record(live.M{"outcome": "informed"}), "/informedOn", "/manner")
	wrongAt(t, record(informing(live.M{"informedOn": tomorrow})), "/informedOn")
	wrongAt(t, record(informing(live.M{"postponement": "avg-14-5-a", "reviewOn": today()})), "/postponement", "/reviewOn")
	wrongAt(t, record(informing(live.M{"informedByPartnerId": f.ID})), "/informedByPartnerId")

	waits := record(waiting(nil)).Want(created)
	assert.Equal(t, []any{false, today(), "uavg-41-d", nil}, []any{waits.At("due"), waits.At("informBy"), waits.At("records.0.postponement"), waits.At("records.0.informedByPartnerId")})
	w.Exec(t, "update information_record set review_on = review_on - 1")
	passed := by.Get(duty).Want(ok)
	assert.Equal(t, true, passed.At("due"), "its review date has passed")
	assert.Equal(t, []string{passed.ID()}, by.Get(informDesk+"?due=true&dossierId="+f.ID).Want(ok).IDs())

	by.Post(duty+"/records", informing(nil), live.Match(passed.Tag())).Want(created)
	by.Post(duty+"/records", informing(nil), live.Match(passed.Tag())).Check(stale)
	both := record(informing(live.M{"informedByPartnerId": w.Partner("police"), "manner": "conversation"})).Want(created)
	assert.Equal(t, []string{"informed", "informed", "postponed"}, both.Texts("records", "outcome"), "what was recorded stays")
	assert.Equal(t, []string{"conversation", "letter"}, both.Texts("records", "manner")[:2])
	assert.Equal(t, w.Partner("police"), both.At("records.0.informedByPartnerId"))
}

func TestPrivacy_L21_who_directs_records_it(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	duty := toInform(t, w, f)
	for who, want := range map[string]int{"police": forbidden, "chair": forbidden, "privacy-officer": notFound, "auditor": notFound} {
		w.As(t, who).Post(duty+"/records", informing(nil), anyTag).Check(want)
	}
	w.As(t, "director").Post(duty+"/records", informing(nil), anyTag).Want(created)
	assert.Equal(t, 1, w.Count(t, "select count(*) from information_record"))
}
