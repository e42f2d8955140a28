package server_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// atRandom fills a municipality with dossiers, actions and meetings of all kinds.
func atRandom(t *testing.T, w *live.World, r *rand.Rand) {
	t.Helper()
	one := func(of ...string) string { return of[r.IntN(len(of))] }
	for i := range 12 {
		body := live.M{"type": one("person", "family", "group", "situation"), "basis": "covenant", "neighbourhoodCode": one("BU08610001", "BU08610002"),
			"themes": []string{one("youth", "subversion")}}
		if body["type"] == "situation" {
			body["location"] = live.M{"kind": one("public-space", "dwelling", "premises", "online")}
		}
		f := w.Opened(t, body)
		f.Direct(t)
		for _, who := range []string{"police", "housing"} {
			if r.IntN(3) == 0 {
				continue
			}
			f.Join(t, "case-director", who)
			for range r.IntN(3) {
				action := f.Action(t, "case-director", who)
				switch r.IntN(4) {
				case 0:
					w.As(t, who).Post(action.Place()+"/completions", live.M{"result": "achieved", "note": "Klaar."}, anyTag).Want(created)
				case 1:
					w.Exec(t, "update action set due_date = current_date - 3 where id = $1", action.ID())
				}
			}
		}
		if i%3 > 0 {
			w.As(t, "case-director").Post(f.Path+"/plans", live.M{"integralGoal": "Rust.", "overrideReason": "Spoed."}).Want(created)
			if i%3 == 2 {
				w.Exec(t, "update plan set status = 'final', finalised_at = now() where dossier_id = $1", f.ID)
			}
		}
		switch r.IntN(5) {
		case 0:
			f.Close(t)
		case 1:
			w.As(t, "chair").Post(f.Path+"/status-changes", live.M{"to": "triage", "reason": "Bekijken."}, anyTag)
		case 2:
			f.Meeting(t, "police", "case-director")
		}
	}
	w.Exec(t, "update meeting set starts_at = now() - interval '2 days', ends_at = now() - interval '1 day' where id = (select min(id::text)::uuid from meeting)")
}

// recount counts the rows of a list for which something holds.
func recount(t *testing.T, w *live.World, short, list string, holds func(row any) bool) (n int) {
	t.Helper()
	rows, _ := w.As(t, short).Get(list).Want(ok).At("items").([]any)
	for _, row := range rows {
		if holds(row) {
			n++
		}
	}
	return n
}

func TestOverview_4_09(t *testing.T) {
	t.Parallel()
	w := live.Bare(t)
	w.Publish(t, "director", levels(matrix.Default(), map[string]authz.Level{
		"housing-association identity": authz.OnRelease, "housing-association action": authz.Own, "social-domain identity": authz.OnRelease}))
	atRandom(t, w, rand.New(rand.NewPCG(4, 9)))
	open := func(row any) bool { return live.At(row, "status") != "closed" && live.At(row, "status") != "rejected" }
	for _, who := range []string{"director", "chair", "case-director", "police", "housing", "auditor", "police-system", "other-director"} {
		for _, filter := range []string{"", "type=situation", "type=person", "neighbourhoodCode=BU08610002", "theme=youth", "type=family&theme=subversion"} {
			t.Run(who+" "+filter, func(t *testing.T) {
				o := w.As(t, who).Get("/v1/overview?" + filter).Want(ok)
				dossiers := map[string]bool{}
				rows, _ := w.As(t, who).Get("/v1/dossiers?limit=200&" + filter).Want(ok).At("items").([]any)
				want := map[string]map[string]int{"byType": {}, "byStatus": {}, "byPhase": {}, "byLocationKind": {}}
				for _, row := range rows {
					if !open(row) {
						continue
					}
					dossiers[fmt.Sprint(live.At(row, "id"))] = true
					for field, path := range map[string]string{"byType": "type", "byStatus": "status", "byPhase": "regiePhase", "byLocationKind": "location.kind"} {
						if value := live.At(row, path); value != nil {
							want[field][fmt.Sprint(value)]++
						}
					}
				}
				assert.Equal(t, want, countsOf(o))
				within := func(row any) bool { return dossiers[fmt.Sprint(live.At(row, "dossierId"))] }
				meetings := map[any]bool{}
				planned := func(row any) bool {
					if live.At(row, "status") == "planned" {
						meetings[live.At(row, "id")] = true
					}
					return true
				}
				if coming := "/v1/meetings?limit=200&from=2100-01-01T00:00:00Z"; filter == "" {
					recount(t, w, who, coming, planned)
				} else {
					for id := range dossiers {
						recount(t, w, who, coming+"&dossierId="+id, planned)
					}
				}
				drafts, finals := 0, 0
				for id := range dossiers {
					plans := "/v1/dossiers/" + id + "/plans"
					drafts += recount(t, w, who, plans, func(row any) bool { return live.At(row, "status") == "draft" })
					finals += recount(t, w, who, plans, func(row any) bool { return live.At(row, "status") == "final" })
				}
				assert.Equal(t, []string{fmt.Sprint(drafts), fmt.Sprint(finals)}, []string{figure(o, "draftPlans"), figure(o, "finalPlans")})
				assert.Equal(t, []string{
					fmt.Sprint(len(dossiers)), fmt.Sprint(recount(t, w, who, "/v1/actions?limit=200&status=open", within)),
					fmt.Sprint(recount(t, w, who, "/v1/actions?limit=200&overdue=true", within)),
					fmt.Sprint(len(meetings)),
				}, []string{figure(o, "openDossiers"), figure(o, "openActions"), figure(o, "overdueActions"), figure(o, "comingMeetings")})
			})
		}
	}
	t.Run("it is not empty", func(t *testing.T) {
		o := w.As(t, "director").Get("/v1/overview").Want(ok)
		for _, name := range []string{"openDossiers", "draftPlans", "finalPlans", "openActions", "overdueActions", "comingMeetings"} {
			assert.NotEqual(t, "0", figure(o, name), name)
		}
		assert.Equal(t, o.Tag(), w.As(t, "director").Get("/v1/overview").Want(ok).Tag(), "the moment alone is no change")
	})
	t.Run("an unknown theme is refused", func(t *testing.T) { w.As(t, "director").Get("/v1/overview?theme=weather").Want(invalid) })
}

func figure(o *live.Reply, name string) string { return fmt.Sprint(o.At(name)) }

// countsOf are the figures of an overview by code.
func countsOf(o *live.Reply) map[string]map[string]int {
	all := map[string]map[string]int{}
	for _, field := range []string{"byType", "byStatus", "byPhase", "byLocationKind"} {
		all[field] = map[string]int{}
		rows, _ := o.At(field).([]any)
		for _, row := range rows {
			var n int
			_, _ = fmt.Sscan(fmt.Sprint(live.At(row, "count")), &n)
			all[field][fmt.Sprint(live.At(row, "code"))] = n
		}
	}
	return all
}

func TestLocationKind_4_35(t *testing.T) {
	t.Parallel()
	w, _, _ := searched(t)
	street := func(short, kind string) string {
		return figure(w.As(t, short).Get("/v1/overview?locationKind="+kind).Want(ok), "openDossiers")
	}
	for kind, n := range map[string]string{"public-space": "1", "dwelling": "1", "premises": "0", "online": "0"} {
		assert.Equal(t, n, street("chair", kind), kind)
		assert.Equal(t, "0", street("case-director", kind), "%s: not for who may not see where it is", kind)
	}
	assert.Equal(t, "1", street("police", "public-space"))
	assert.Equal(t, "0", street("police", "dwelling"), "he takes no part in that one")
	w.As(t, "chair").Get("/v1/overview?locationKind=sea").Want(invalid)
	assert.False(t, strings.Contains(string(w.As(t, "case-director").Get("/v1/overview").Want(ok).Raw), "public-space"))
}
