package server_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

func processBy(id string) live.M {
	return live.M{"responsibility": "process-direction", "kind": "professional", "professionalId": id}
}

func mayor() live.M {
	return live.M{"responsibility": "administrative", "kind": "function", "description": "Burgemeester"}
}

// misplaced shows that an answer refuses what stands at a place in the request; none is the whole body.
func misplaced(t *testing.T, r *live.Reply, place string) {
	t.Helper()
	places := append(r.Want(invalid).Texts("errors", "pointer"), r.Texts("errors", "parameter")...)
	assert.Contains(t, places, place, "%s", r.Raw)
}

// seat is one kind of regie out of an answer on who holds it.
func seat(t *testing.T, r *live.Reply, responsibility string) (found live.M) {
	t.Helper()
	all, _ := r.Want(ok).At("holders").([]any)
	for _, one := range all {
		if one.(live.M)["responsibility"] == responsibility {
			assert.Nil(t, found, "%s is held twice", responsibility)
			found = one.(live.M)
		}
	}
	return found
}

func TestRegie_1_22_ScalingUpAndDown(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Opened(t, live.M{})
	chair := w.As(t, "chair")
	change := func(body live.M) *live.Reply {
		sent := live.M{"criteria": []string{}, "reason": "Nodig."}
		for name, value := range body {
			sent[name] = value
		}
		return chair.Post(f.Path+"/regie-changes", sent, anyTag)
	}
	lead, process := w.Person("case-director"), processBy(w.Person("chair"))
	for name, c := range map[string]struct {
		body  live.M
		field string
	}{
		"up without a criterion":                {live.M{"phase": 2}, "/criteria"},
		"up with a criterion for down":          {live.M{"phase": 2, "criteria": []string{"safety-restored"}}, "/criteria/0"},
		"with a criterion that is on no list":   {live.M{"phase": 2, "criteria": []string{"b", "z"}}, "/criteria/1"},
		"two phases up without its reason":      {live.M{"phase": 3, "criteria": []string{"b"}, "caseDirectorId": lead, "holders": []live.M{process}}, "/jumpReason"},
		"that names nothing":                    {live.M{}, ""},
		"with a holder of two kinds":            {live.M{"holders": []live.M{{"responsibility": "operational", "kind": "function", "professionalId": lead}}}, "/holders/0/professionalId"},
		"with a household that answers for all": {live.M{"holders": []live.M{{"responsibility": "administrative", "kind": "household"}}}, "/holders/0/kind"},
		"with somebody who is not there":        {live.M{"holders": []live.M{processBy(f.ID)}}, "/holders/0/professionalId"},
		"proposed by somebody who is not there": {live.M{"chairId": w.Person("chair"), "proposedById": f.ID}, "/proposedById"},
	} {
		t.Run("a change "+name+" is not valid", func(t *testing.T) { misplaced(t, change(c.body), c.field) })
	}
	conflicts := func(name string, body live.M) {
		t.Run(name+" is a conflict", func(t *testing.T) { change(body).Check(conflict) })
	}
	up := func(phase int, more live.M) live.M {
		body := live.M{"phase": phase, "criteria": []string{"safety-at-stake"}, "jumpReason": "Acuut."}
		for key, value := range more {
			body[key] = value
		}
		return body
	}
	conflicts("phase 3 without a case director", up(3, live.M{"holders": []live.M{process}}))
	conflicts("phase 3 without a process director", up(3, live.M{"caseDirectorId": lead}))
	conflicts("a process director without the role", up(3, live.M{"caseDirectorId": lead, "holders": []live.M{processBy(w.Person("police"))}}))
	conflicts("phase 4 without an administrator", up(4, live.M{"caseDirectorId": lead, "holders": []live.M{process}}))
	t.Run("a change is a record with everything it rests on", func(t *testing.T) {
		made := change(up(4, live.M{"caseDirectorId": lead, "holders": []live.M{process, mayor()}, "reviewDate": "2199-01-15", "proposedById": w.Person("social")})).Want(created)
		read := chair.Get(made.Place()).Want(ok)
		assert.Equal(t, made.Body, read.Body)
		assert.Equal(t, []any{1.0, 4.0, "Acuut.", "2199-01-15", w.Person("social"), w.Person("chair"), nil},
			[]any{read.At("fromPhase"), read.At("phase"), read.At("jumpReason"), read.At("reviewDate"), read.At("proposedById"), read.At("decidedById"), read.At("inNameOfId")})
		assert.ElementsMatch(t, []string{"case-direction", "process-direction", "administrative"}, read.Texts("holders", "responsibility"))
		assert.EqualValues(t, 4, chair.Get(f.Path).At("regiePhase"))
		w.As(t, "case-director").Get(f.Path).Check(ok)
	})
	t.Run("down has criteria of its own", func(t *testing.T) {
		misplaced(t, change(live.M{"phase": 3}), "/criteria")
		misplaced(t, change(live.M{"phase": 3, "criteria": []string{"b"}}), "/criteria/0")
		change(live.M{"phase": 3, "criteria": []string{"agreements-kept"}}).Want(created)
	})
	conflicts("to take the process director away in phase 3", live.M{"holders": []live.M{{"responsibility": "process-direction", "kind": "nobody"}}})
	conflicts("to leave the case to the household in phase 3", live.M{"holders": []live.M{{"responsibility": "case-direction", "kind": "household"}}})
}

func TestRegie_1_11_WhoHeldWhichRegie(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Opened(t, live.M{})
	chair := w.As(t, "chair")
	holders := func(at string) *live.Reply { return chair.Get(f.Path + "/regie-holders" + at) }
	then := func() string { return "?at=" + time.Now().UTC().Format("2006-01-02T15:04:05.000000Z") }
	t.Run("who opened it directs, its table's chair chairs, and nobody holds the rest", func(t *testing.T) {
		now := holders("")
		assert.Equal(t, w.Person("social"), seat(t, now, "case-direction")["professionalId"])
		assert.Equal(t, w.Person("chair"), seat(t, now, "chair")["professionalId"])
		for _, of := range []string{"process-direction", "operational", "administrative"} {
			assert.Equal(t, []any{"nobody", nil, nil}, []any{seat(t, now, of)["kind"], seat(t, now, of)["professionalId"], seat(t, now, of)["since"]})
		}
		assert.Equal(t, "household", seat(t, now, "case-direction")["proposedKind"])
	})
	before := then()
	f.Direct(t)
	chair.Post(f.Path+"/regie-changes", live.M{"phase": 4, "criteria": []string{"b"}, "reason": "Erger.", "holders": []live.M{mayor()}}, anyTag).Want(created)
	directed := then()
	chair.Post(f.Path+"/regie-changes", live.M{"phase": 2, "criteria": []string{"agreements-kept"}, "reason": "Rust.", "jumpReason": "Verhuisd.", "holders": []live.M{
		{"responsibility": "case-direction", "kind": "household"}, {"responsibility": "administrative", "kind": "nobody"}}}, anyTag).Want(created)
	t.Run("a past moment has its own holders", func(t *testing.T) {
		assert.Equal(t, w.Person("social"), seat(t, holders(before), "case-direction")["professionalId"])
		assert.EqualValues(t, 1, holders(before).At("phase"))
		at := holders(directed)
		assert.EqualValues(t, 4, at.At("phase"))
		assert.Equal(t, w.Person("case-director"), seat(t, at, "case-direction")["professionalId"])
		assert.Equal(t, w.Person("chair"), seat(t, at, "process-direction")["professionalId"])
		assert.Equal(t, "Burgemeester", seat(t, at, "administrative")["description"])
		assert.Equal(t, []any{"household", nil}, []any{seat(t, holders(""), "case-direction")["kind"], seat(t, holders(""), "case-direction")["professionalId"]})
		assert.Equal(t, "nobody", seat(t, holders(""), "administrative")["kind"])
		assert.Equal(t, w.Person("chair"), seat(t, holders(""), "process-direction")["professionalId"])
	})
	t.Run("before it was opened nobody held anything, and what is to come is not known", func(t *testing.T) {
		assert.Empty(t, holders("?at=2020-01-01T00:00:00Z").Want(ok).At("holders"))
		misplaced(t, holders("?at=2199-01-01T00:00:00Z"), "at")
	})
	t.Run("during a substitution it names the holder and who stands in", func(t *testing.T) {
		w.As(t, "case-director").Post("/v1/professionals/"+w.Person("case-director")+"/substitutions", live.M{
			"substituteId": w.Person("social"), "from": time.Now().Add(-time.Hour).UTC(), "until": time.Now().Add(time.Hour).UTC()}).Want(created)
		got := seat(t, holders(directed), "case-direction")
		assert.Equal(t, w.Person("case-director"), got["professionalId"])
		assert.Equal(t, w.Person("social"), live.At(got, "substitutes.0.id"))
		assert.Empty(t, seat(t, holders(""), "case-direction")["substitutes"])
	})
	t.Run("who is not in the dossier learns nothing", func(t *testing.T) {
		for _, path := range []string{"/regie-holders", "/involved", "/stagnation"} {
			w.As(t, "auditor").Get(f.Path + path).Check(notFound)
		}
	})
}

func TestRegie_1_12_WhoIsInvolved(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	f.Action(t, "case-director", "police")
	f.Action(t, "case-director", "police")
	roles := func(who, of string) []string {
		for _, row := range w.As(t, who).Get(f.Path + "/involved").Want(ok).At("items").([]any) {
			if live.At(row, "professionalId") == of {
				r := live.Reply{Body: row}
				return r.Texts("roles", "role")
			}
		}
		return nil
	}
	t.Run("each once, with organisation, roles and period", func(t *testing.T) {
		all := w.As(t, "chair").Get(f.Path + "/involved").Want(ok)
		assert.Len(t, all.IDs(), 6)
		assert.ElementsMatch(t, []string{"participant", "action-owner"}, roles("chair", w.Person("police")))
		assert.ElementsMatch(t, []string{"participant", "chair", "process-director"}, roles("chair", w.Person("chair")))
		assert.ElementsMatch(t, []string{"participant", "case-director"}, roles("chair", w.Person("case-director")))
	})
	t.Run("who does not see an action does not learn who carries it out", func(t *testing.T) {
		assert.Equal(t, []string{"participant"}, roles("housing", w.Person("police")))
	})
	t.Run("who left is there with the end of his part", func(t *testing.T) {
		left := w.As(t, "case-director").Get(f.Path + "/participants").Want(ok)
		for _, row := range left.At("items").([]any) {
			if live.At(row, "partnerId") == w.Partner("mental-health") {
				w.As(t, "case-director").Patch(f.Path+"/participants/"+live.At(row, "id").(string), "*", live.M{"professionalIds": []string{}}).Want(ok)
			}
		}
		for _, row := range w.As(t, "chair").Get(f.Path + "/involved").Want(ok).At("items").([]any) {
			if live.At(row, "professionalId") == w.Person("mental-health") {
				assert.NotNil(t, live.At(row, "roles.0.until"))
			}
		}
		assert.Equal(t, []string{"participant"}, roles("chair", w.Person("mental-health")))
	})
}

func TestRegie_1_11_TheChairOfTheTableIsTheChair(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	director := w.As(t, "director")
	follows, own, closed := w.Opened(t, live.M{}), w.Opened(t, live.M{}), w.Opened(t, live.M{})
	director.Post(own.Path+"/regie-changes", live.M{"chairId": w.Person("chair"), "criteria": []string{}, "reason": "Hij kent het."}, anyTag).Want(created)
	director.Post(closed.Path+"/closures", live.M{"result": "achieved", "outcomes": []live.M{{"description": "Rust.", "result": "achieved"}}, "reason": "Klaar."}, anyTag).Want(created)
	professional := director.Get("/v1/professionals/" + w.Person("police")).Want(ok)
	director.Patch("/v1/professionals/"+w.Person("police"), professional.Tag(), live.M{"roles": []string{"chair"}}).Want(ok)
	director.Patch("/v1/tables/"+w.Table(), "*", live.M{"chairId": w.Person("police")}).Want(ok)
	t.Run("a dossier without a chair of its own gets the new one, at once and with his rights", func(t *testing.T) {
		assert.Equal(t, w.Person("police"), director.Get(follows.Path).Want(ok).At("chairId"))
		assert.Contains(t, w.As(t, "police").Get(follows.Path).Want(ok).Allowed(), "closeDossier")
		assert.NotContains(t, w.As(t, "chair").Get(follows.Path).Want(ok).Allowed(), "closeDossier")
	})
	t.Run("the record says that it follows from the table, and who changed that", func(t *testing.T) {
		change := director.Get(follows.Path + "/regie-changes").Want(ok)
		assert.Equal(t, []any{w.Table(), w.Person("police"), w.Person("director"), nil},
			[]any{change.At("items.0.tableId"), change.At("items.0.chairId"), change.At("items.0.decidedById"), change.At("items.0.reason")})
		assert.Equal(t, w.Person("police"), seat(t, director.Get(follows.Path+"/regie-holders"), "chair")["professionalId"])
	})
	t.Run("and he is told", func(t *testing.T) {
		require.Eventually(t, func() bool { return w.Pending(t) == 0 }, 10*time.Second, 20*time.Millisecond)
		told := w.As(t, "police").Get("/v1/alerts?dossierId=" + strings.TrimPrefix(follows.Path, "/v1/dossiers/")).Want(ok)
		assert.Contains(t, told.Texts("items", "kind"), "regie-changed")
	})
	t.Run("one with a chair of its own keeps it", func(t *testing.T) {
		assert.Equal(t, w.Person("chair"), director.Get(own.Path).Want(ok).At("chairId"))
		w.As(t, "police").Get(own.Path).Check(notFound)
	})
	t.Run("a closed one stays as it was", func(t *testing.T) {
		w.As(t, "police").Get(closed.Path).Check(notFound)
	})
	t.Run("a dossier that comes to the table gets its chair", func(t *testing.T) {
		loose := w.As(t, "social").Post("/v1/dossiers", opening("Jan")).Want(created).Place()
		w.As(t, "social").Patch(loose, "*", live.M{"tableId": w.Table()}).Want(ok)
		assert.Equal(t, w.Person("police"), director.Get(loose).Want(ok).At("chairId"))
		w.As(t, "police").Get(loose).Check(ok)
	})
	other := director.Post("/v1/tables", live.M{"name": "Wijkoverleg", "chairId": w.Person("chair"), "memberPartnerIds": []string{}, "level": "case", "areaCodes": []string{}}).Want(created)
	t.Run("who may not appoint a chair does not get another by another table", func(t *testing.T) {
		w.As(t, "social").Patch(follows.Path, "*", live.M{"tableId": other.ID()}).Want(ok)
		assert.Equal(t, w.Person("police"), director.Get(follows.Path).Want(ok).At("chairId"))
		director.Patch(follows.Path, "*", live.M{"tableId": w.Table()}).Want(ok)
		director.Patch(follows.Path, "*", live.M{"tableId": other.ID()}).Want(ok)
		assert.Equal(t, w.Person("chair"), director.Get(follows.Path).Want(ok).At("chairId"))
	})
	t.Run("where the new chair cannot take part, nobody chairs", func(t *testing.T) {
		wgs, covenant := w.Opened(t, live.M{"basis": "wgs", "tableId": other.ID()}), w.Opened(t, live.M{"tableId": other.ID()})
		housing := director.Get("/v1/professionals/" + w.Person("housing")).Want(ok)
		director.Patch("/v1/professionals/"+w.Person("housing"), housing.Tag(), live.M{"roles": []string{"chair"}}).Want(ok)
		director.Patch(other.Place(), "*", live.M{"chairId": w.Person("housing")}).Want(ok)
		assert.Equal(t, w.Person("housing"), director.Get(covenant.Path).Want(ok).At("chairId"))
		assert.Nil(t, director.Get(wgs.Path).Want(ok).At("chairId"))
		w.As(t, "housing").Get(wgs.Path).Check(notFound)
		assert.NotContains(t, w.As(t, "chair").Get(wgs.Path).Want(ok).Allowed(), "closeDossier")
		assert.Equal(t, "nobody", seat(t, director.Get(wgs.Path+"/regie-holders"), "chair")["kind"])
	})
}

func TestRegie_1_22_DefaultsOfTheMunicipality(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	director := w.As(t, "director")
	const at = "/v1/regie-defaults"
	fresh := director.Get(at).Want(ok)
	assert.Equal(t, []any{true, 30.0}, []any{fresh.At("inferred"), fresh.At("stagnationDays")})
	assert.Len(t, fresh.At("holders"), 16)
	body := func(holders ...live.M) live.M {
		return live.M{"stagnationDays": 14, "holders": append([]live.M{}, holders...)}
	}
	process := live.M{"phase": 1, "responsibility": "process-direction", "kind": "function", "description": "Procesregisseur van Veldhoven"}
	director.Do("PUT", at, body(process)).Check(428)
	w.As(t, "chair").Do("PUT", at, body(process), live.Match(fresh.Tag())).Check(forbidden)
	misplaced(t, director.Do("PUT", at, body(process, process), live.Match(fresh.Tag())), "/holders/1/responsibility")
	misplaced(t, director.Do("PUT", at, body(live.M{"phase": 1, "responsibility": "operational", "kind": "function"}), live.Match(fresh.Tag())), "/holders/0/description")
	set := director.Do("PUT", at, body(process), live.Match(fresh.Tag())).Want(ok)
	director.Do("PUT", at, body(), live.Match(fresh.Tag())).Check(stale)
	assert.Equal(t, set.Body, w.As(t, "police").Get(at).Want(ok).Body)
	assert.Equal(t, false, set.At("inferred"))
	f := w.Opened(t, live.M{})
	got := seat(t, w.As(t, "chair").Get(f.Path+"/regie-holders"), "process-direction")
	assert.Equal(t, []any{"nobody", "function", "Procesregisseur van Veldhoven"}, []any{got["kind"], got["proposedKind"], got["proposedDescription"]})
	director.Do("PUT", at, body(), live.Match(set.Tag())).Want(ok)
}
