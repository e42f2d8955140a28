package server_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

func TestPrivacy_L24_a_category_is_not_active_without_advice(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	officer, director := w.As(t, "privacy-officer"), w.As(t, "director")
	without := matrix.Default()
	for i := range without {
		if without[i].Category == authz.Finance {
			without[i].Level = authz.None
		}
	}
	draft := func(cells []authz.Cell) *live.Reply {
		return director.Do("PUT", draftPath, live.M{"cells": live.Cells(cells)}, "If-Match: *").Want(ok)
	}
	found := func() []string { return director.Get(draftPath+"/findings").Want(ok).Texts("findings", "code") }
	director.Do("PUT", draftPath, live.M{"cells": live.Cells(matrix.Default())}).Want(created)
	assert.NotContains(t, found(), "no-advice", "a published matrix opened them all already")

	made := officer.Post(impactDesk, assessed(advised())).Want(created)
	assert.NotContains(t, found(), "no-advice", "the advice stands")
	gone := officer.Patch(made.Place(), made.Tag(), live.M{"adviceWithdrawnOn": "2026-03-01"}).Want(ok)
	assert.Contains(t, found(), "no-advice")
	one := director.Get(draftPath+"/findings", "Accept-Language: en").Want(ok)
	assert.Contains(t, string(one.Raw), "Wgs 1.8")
	blocked := director.Post(publishPath, director.Publication(), anyTag)
	blocked.Check(conflict)
	assert.Contains(t, blocked.Text("detail"), "no-advice")

	draft(without)
	assert.NotContains(t, found(), "no-advice", "nobody gets it")
	draft(matrix.Default())
	officer.Post(impactDesk, assessed(nil)).Want(created)
	assert.Contains(t, found(), "no-advice", "an assessment without an advice does not do")
	officer.Patch(made.Place(), gone.Tag(), live.M{"adviceWithdrawnOn": nil}).Check(conflict)
	officer.Patch(made.Place(), gone.Tag(), live.M{"adviceReference": nil, "advisedOn": nil, "adviceWithdrawnOn": nil}).Check(conflict)
	officer.Post(impactDesk, assessed(advised())).Want(created)
	assert.NotContains(t, found(), "no-advice")

	w.Exec(t, "delete from impact_assessment")
	w.Exec(t, "update matrix_cell set level = 'none' where category = 3")
	assert.Contains(t, found(), "no-advice", "no matrix gave it before, and nobody advised")
	officer.Post(impactDesk, assessed(advised())).Want(created)
	assert.NotContains(t, found(), "no-advice")
}

func TestPrivacy_L24_a_deviation_has_its_reasons_and_is_told(t *testing.T) {
	t.Parallel()
	w := live.Bare(t)
	officer := w.As(t, "privacy-officer")
	record := func(more live.M) *live.Reply { return officer.Post(impactDesk, assessed(more)) }
	refusedAt(t, record(live.M{"doneOn": "2199-01-31"}), "/doneOn")
	refusedAt(t, record(live.M{"categories": []string{"weather"}}), "/categories")
	refusedAt(t, record(live.M{"advisedOn": "2026-02-28"}), "/adviceReference")
	alone := record(live.M{"adviceReference": "RAC-2026-014"})
	refusedAt(t, alone, "/advisedOn")
	assert.Contains(t, string(alone.Raw), "Wgs 1.8")

	made := record(nil).Want(created)
	change := func(body live.M) *live.Reply { return officer.Do("PATCH", made.Place(), body, anyTag) }
	refusedAt(t, change(live.M{"deviationReason": "Nodig."}), "/deviationReason")
	refusedAt(t, change(live.M{"adviceWithdrawnOn": "2026-03-01"}), "/adviceWithdrawnOn")
	refusedAt(t, change(live.M{"committeeToldOn": "2026-03-01"}), "/committeeToldOn")
	change(advised()).Want(ok)
	deviates := change(live.M{"deviationReason": "Minder gegevens volstaan niet."})
	refusedAt(t, deviates, "/committeeToldOn")
	refusedAt(t, deviates, "/officerToldOn")
	assert.Contains(t, string(deviates.Raw), "BGS 1.15")
	told := live.M{"deviationReason": "Minder gegevens volstaan niet.", "committeeToldOn": "2026-03-02", "officerToldOn": "2026-03-02"}
	refusedAt(t, change(plus(live.M{}, told, live.M{"officerToldOn": "2026-02-27"})), "/officerToldOn")
	refusedAt(t, change(plus(live.M{}, told, live.M{"committeeToldOn": "2199-02-27"})), "/committeeToldOn")
	done := change(plus(told, live.M{"dissent": "Te ruim."})).Want(ok)
	assert.Equal(t, []any{"Te ruim.", "2026-03-02", "RAC-2026-014", w.Person("privacy-officer")}, []any{
		done.At("dissent"), done.At("officerToldOn"), done.At("adviceReference"), done.At("recordedById")})
	officer.Patch(made.Place(), made.Tag(), live.M{"dissent": nil}).Check(stale)
	change(live.M{"adviceReference": nil, "advisedOn": nil}).Check(conflict)
}

func TestPrivacy_L24_the_register_is_kept_by_few(t *testing.T) {
	t.Parallel()
	w := live.Bare(t)
	made := w.As(t, "director").Post(impactDesk, assessed(nil)).Want(created)
	assert.Equal(t, []string{"getImpactAssessment", "updateImpactAssessment"}, made.Allowed())
	auditor := w.As(t, "auditor")
	assert.Equal(t, []string{made.ID()}, auditor.Get(impactDesk).Want(ok).IDs())
	assert.Equal(t, []string{"getImpactAssessment"}, auditor.Get(made.Place()).Want(ok).Allowed())
	auditor.Do("PATCH", made.Place(), advised(), anyTag).Check(forbidden)
	for _, who := range []string{"case-director", "chair", "police", "police-system"} {
		by := w.As(t, who)
		by.Get(impactDesk).Check(forbidden)
		by.Get(made.Place()).Check(forbidden)
		by.Post(impactDesk, assessed(nil)).Check(forbidden)
		by.Do("PATCH", made.Place(), advised(), anyTag).Check(forbidden)
	}
	w.As(t, "privacy-officer").Get(impactDesk + "/" + w.Person("police")).Check(notFound)
}
