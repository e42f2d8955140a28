package server_test

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/demo"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// TestDossier_4_01_each_type_has_its_own_fields_on_one_core opens one of each type.
func TestDossier_4_01_each_type_has_its_own_fields_on_one_core(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	who := w.As(t, "social")
	own := map[string]live.M{
		"person": {"livingSituation": "alone"}, "family": {"adults": 2, "children": 3},
		"group":     {"size": 11, "ageFrom": 14, "ageUntil": 19, "conduct": "Lawaai en winkeldiefstal.", "places": "De ingang.", "times": "Na school."},
		"situation": {"use": "vacant", "since": "2025-03-01"},
	}
	for kind, particulars := range own {
		t.Run("a "+kind+" keeps its own and is read, changed, listed and closed", func(t *testing.T) {
			file := w.Opened(t, live.M{"type": kind, "particulars": particulars})
			made := who.Get(file.Path).Want(ok)
			for name, value := range particulars {
				assert.EqualValues(t, value, made.At("particulars."+name))
			}
			who.Patch(file.Path, made.Tag(), live.M{"particulars": nil}).Want(ok)
			assert.Nil(t, who.Get(file.Path).At("particulars"))
			assert.Contains(t, who.Get("/v1/dossiers?type="+kind).IDs(), file.ID)
			file.Direct(t)
			file.Close(t)
		})
		for other, theirs := range own {
			if other == kind {
				continue
			}
			t.Run("a "+kind+" takes nothing of a "+other, func(t *testing.T) {
				body := opening("Jan")
				body["type"], body["particulars"] = kind, theirs
				r := who.Post("/v1/dossiers", body).Want(invalid)
				for name := range theirs {
					refusedAt(t, r, "/particulars/"+name)
				}
			})
		}
	}
	t.Run("there is no fifth", func(t *testing.T) {
		body := opening("Jan")
		body["type"] = "street"
		who.Post("/v1/dossiers", body).Want(invalid)
	})
	t.Run("who does not see whom it is about sees none of it and changes none of it", func(t *testing.T) {
		body := opening("Jan")
		body["type"], body["particulars"] = "group", own["group"]
		made := who.Post("/v1/dossiers", body).Want(created)
		cells := matrix.Default()
		for i := range cells {
			if cells[i].Category == authz.Identity {
				cells[i].Level = authz.None
			}
		}
		w.Impose(t, demo.Veldhoven, cells)
		assert.Nil(t, who.Get(made.Place()).Want(ok).At("particulars"))
		who.Patch(made.Place(), "*", live.M{"particulars": live.M{"size": 3}}).Want(forbidden)
	})
}

// TestDossier_3_15_nationality_is_refused sends it wherever a dossier takes something.
func TestDossier_3_15_nationality_is_refused(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	who := w.As(t, "police")
	body := opening("Jan")
	body["nationality"] = "NL"
	who.Post("/v1/dossiers", body).Want(invalid)
	body = opening("Jan")
	body["particulars"] = live.M{"nationality": "NL"}
	who.Post("/v1/dossiers", body).Want(invalid)
	who.Post(f.Path+"/items", live.M{"category": "police", "text": "Melding.", "observedOn": "2026-01-15", "nationality": "NL"}).Want(invalid)
	body = opening("Jan")
	body["themes"] = []string{"youth"}
	who.Post("/v1/dossiers", body).Want(created)
}

// TestDossier_4_01_fifty_at_once_get_fifty_numbers opens them in parallel.
func TestDossier_4_01_fifty_at_once_get_fifty_numbers(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	numbers := make([]string, 50)
	var all sync.WaitGroup
	for i := range numbers {
		all.Go(func() {
			numbers[i] = w.As(t, "social").Post("/v1/dossiers", opening("Jan")).Want(created).Text("number")
		})
	}
	all.Wait()
	slices.Sort(numbers)
	assert.Len(t, slices.Compact(numbers), 50)
}

// TestInformation_L09_a_partner_supplies_or_refuses_with_reasons follows requests to their answers.
func TestInformation_L09_a_partner_supplies_or_refuses_with_reasons(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	housing, director := w.As(t, "housing"), w.As(t, "case-director")
	t.Run("it is answered with items of the partner itself", func(t *testing.T) {
		asked := f.Ask(t, "housing")
		item := f.Item(t, "housing", "housing")
		foreign := f.Item(t, "police", "police")
		refusedAt(t, housing.Post(asked.Place()+"/answers", live.M{"itemIds": []string{foreign.ID()}}, live.Match(asked.Tag())).Want(invalid), "/itemIds/0")
		answer := housing.Post(asked.Place()+"/answers", live.M{"itemIds": []string{item.ID()}}, live.Match(asked.Tag())).Want(created)
		assert.Equal(t, "supplied", answer.Text("outcome"))
		assert.Equal(t, "supplied", director.Get(asked.Place()).Want(ok).Text("status"))
		housing.Post(asked.Place()+"/answers", live.M{"reason": "Toch niet."}, anyTag).Want(conflict)
	})
	t.Run("a refusal needs its reasons, which who asked reads", func(t *testing.T) {
		asked := f.Ask(t, "housing")
		housing.Post(asked.Place()+"/answers", live.M{}, live.Match(asked.Tag())).Want(invalid)
		housing.Post(asked.Place()+"/answers", live.M{"reason": "Gewichtig."}, live.Match(asked.Tag())).Want(created)
		assert.Equal(t, []string{"Gewichtig."}, director.Get(asked.Place()+"/answers").Want(ok).Texts("items", "reason"))
	})
	t.Run("items and a reason together are refused", func(t *testing.T) {
		asked := f.Ask(t, "housing")
		body := live.M{"itemIds": []string{f.Item(t, "housing", "housing").ID()}, "reason": "Gewichtig."}
		refusedAt(t, housing.Post(asked.Place()+"/answers", body, live.Match(asked.Tag())).Want(invalid), "/reason")
	})
	t.Run("who takes no part cannot be asked, nor in the past", func(t *testing.T) {
		r := director.Post(f.Path+"/information-requests", live.M{
			"partnerId": w.Partner("auditor"), "category": "houses", "question": "Is er achterstand?", "dueDate": "2020-01-01"}).Want(invalid)
		for _, at := range []string{"/partnerId", "/category", "/dueDate"} {
			refusedAt(t, r, at)
		}
	})
	t.Run("the asked partner is told, and who asked of the answer", func(t *testing.T) {
		asked := f.Ask(t, "housing")
		told(t, housing, "information-requested", asked.ID())
		housing.Post(asked.Place()+"/answers", live.M{"reason": "Gewichtig."}, live.Match(asked.Tag())).Want(created)
		told(t, director, "information-answered", asked.ID())
	})
}

// told waits until an alert of a kind on a subject is in the inbox.
func told(t *testing.T, who *live.Client, kind, subject string) {
	t.Helper()
	require.Eventually(t, func() bool {
		inbox := who.Get("/v1/alerts?limit=200").Want(ok)
		kinds, subjects := inbox.Texts("items", "kind"), inbox.Texts("items", "subject.id")
		for i := range kinds {
			if kinds[i] == kind && subjects[i] == subject {
				return true
			}
		}
		return false
	}, 5*time.Second, 20*time.Millisecond, "%s of %s", kind, subject)
}

// TestItem_L18_who_received_an_item_is_told_of_its_correction_and_withdrawal lets housing correct and withdraw what the
// police read.
func TestItem_L18_who_received_an_item_is_told_of_its_correction_and_withdrawal(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	housing, police, health := w.As(t, "housing"), w.As(t, "police"), w.As(t, "mental-health")
	item := f.Item(t, "housing", "housing")
	police.Get(item.Place()).Want(ok)
	corrected := housing.Post(item.Place()+"/corrections", live.M{"text": "Het is anders.", "reason": "Vergissing."}, live.Match(item.Tag())).Want(created)
	told(t, police, "item-corrected", corrected.ID())
	housing.Post(corrected.Place()+"/withdrawals", live.M{"reason": "Vergissing.", "breach": true}, live.Match(corrected.Tag())).Want(created)
	told(t, police, "item-withdrawn", corrected.ID())
	police.Get(corrected.Place()).Want(notFound)
	t.Run("who could not read it is told nothing", func(t *testing.T) {
		before := len(police.Get("/v1/alerts?limit=200").IDs())
		secret := f.Item(t, "mental-health", "health", live.M{"secrecy": live.M{}})
		health.Post(secret.Place()+"/withdrawals", live.M{"reason": "Vergissing.", "breach": false}, live.Match(secret.Tag())).Want(created)
		last := f.Ask(t, "police") // what comes after it has come in
		told(t, police, "information-requested", last.ID())
		assert.Len(t, police.Get("/v1/alerts?limit=200").IDs(), before+1)
	})
}

// TestItem_4_02_a_quick_note_is_one_call says where notes go.
func TestItem_4_02_a_quick_note_is_one_call(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	for who, category := range map[string]string{"police": "incident", "housing": "incident", "case-director": "guidance"} {
		t.Run(who, func(t *testing.T) {
			note := w.As(t, who).Post(f.Path+"/quick-notes", live.M{"text": "Buurvrouw gesproken."}).Want(created)
			assert.Equal(t, category, note.Text("category"))
			assert.Equal(t, w.Partner(who), note.Text("supplierId"))
			assert.Equal(t, http.StatusOK, w.As(t, who).Get(note.Place()).Status)
		})
	}
	t.Run("an item without category is refused", func(t *testing.T) {
		refusedAt(t, w.As(t, "police").Post(f.Path+"/items", live.M{"text": "Iets.", "observedOn": "2026-01-15"}).Want(invalid), "/category")
	})
}

// refusedAt tells that one of the errors is at a place in the body.
func refusedAt(t *testing.T, r *live.Reply, pointer string) {
	t.Helper()
	assert.Contains(t, r.Texts("errors", "pointer"), pointer, fmt.Sprintf("%s", r.Raw))
}
