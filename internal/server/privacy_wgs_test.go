package server_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

func TestPrivacy_L02_a_third_party_never_comes_into_a_dossier_under_the_wgs(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	director, wgs := w.As(t, "director"), w.Opened(t, live.M{"basis": "wgs"})
	wgs.Direct(t)
	item := wgs.Item(t, "social", "housing")
	_, agenda := wgs.Meeting(t)
	number := director.Get(wgs.Path).Want(ok).Text("number")
	seen := func(t *testing.T, third string) {
		t.Helper()
		who := w.As(t, third)
		for _, path := range []string{wgs.Path, wgs.Path + "/items", wgs.Path + "/participants", wgs.Path + "/timeline", item.Place()} {
			who.Get(path).Check(notFound)
		}
		assert.NotContains(t, who.Get("/v1/dossiers").Want(ok).IDs(), wgs.ID)
	}
	for _, third := range []string{"housing", "fire", "wardens"} {
		t.Run(third, func(t *testing.T) {
			by, partner, person := w.As(t, "case-director"), w.Partner(third), w.Person(third)
			for name, way := range map[string]*live.Reply{
				"as participant":         by.Post(wgs.Path+"/participants", live.M{"partnerId": partner, "role": "participant", "professionalIds": []string{person}}),
				"as incidental":          by.Post(wgs.Path+"/participants", live.M{"partnerId": partner, "role": "incidental", "professionalIds": []string{person}}),
				"as case director":       w.As(t, "chair").Post(wgs.Path+"/regie-changes", live.M{"caseDirectorId": person, "criteria": []string{}, "reason": "x"}, anyTag),
				"by an exception":        director.Post(wgs.Path+"/matrix-exceptions", live.M{"partnerId": partner, "category": "housing", "level": "read", "reason": "x"}),
				"by a grant":             director.Post(wgs.Path+"/grants", live.M{"professionalId": person, "categories": []string{"housing"}, "level": "read", "reason": "x", "until": time.Now().Add(time.Hour)}),
				"by a release":           w.As(t, "social").Post(item.Place()+"/releases", live.M{"partnerIds": []string{partner}, "purpose": "x"}),
				"by a question":          by.Post(wgs.Path+"/information-requests", live.M{"partnerId": partner, "category": "housing", "question": "x", "dueDate": "2199-12-01"}),
				"by opening one himself": w.As(t, third).Post("/v1/dossiers", plus(opening("Wgs"), live.M{"basis": "wgs"})),
			} {
				assert.Contains(t, []int{conflict, invalid, forbidden}, way.Status, "%s: %s", name, way.Raw)
			}
			w.As(t, third).Post(glass, inNeed(number)).Check(notFound)
			w.As(t, "chair").Post("/v1/meetings/"+agenda.Text("meetingId")+"/invitations", live.M{"professionalId": person, "agendaItemIds": []string{agenda.ID()}}).Want(created)
			seen(t, third)
		})
	}
	t.Run("not even with a row behind the rules", func(t *testing.T) {
		w.Exec(t, `insert into admission select (jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(), 'holder', $2::text, 'partner_id', $3::text))).*
			from admission a where dossier_id = $1 and kind = 'participation' limit 1`, wgs.ID, w.Person("housing"), w.Partner("housing"))
		seen(t, "housing")
	})
	t.Run("whom it let in before is out at once", func(t *testing.T) {
		f := w.Case(t)
		housing := w.As(t, "housing")
		housing.Get(f.Path).Check(ok)
		w.As(t, "chair").Post(f.Path+"/triages", triage(), anyTag).Want(created)
		director.Post(f.Path+"/basis-changes", live.M{"basis": "wgs", "purpose": "Zorg en veiligheid.", "reason": "Wgs."}, anyTag).Want(created)
		housing.Get(f.Path).Check(notFound)
		w.As(t, "police").Get(f.Path).Check(ok)
	})
}

func TestPrivacy_L03_who_is_not_on_the_case_finds_nothing(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	ids := records(t, w)
	absent := strings.NewReplacer(ids["dossierId"], "019a0000-0000-7000-8000-000000000000")
	for _, op := range w.Contract().Operations {
		if op.Method != http.MethodGet || !strings.HasPrefix(op.Path, "/v1/dossiers/{") {
			continue
		}
		path := placeholder.ReplaceAllStringFunc(op.Path, func(p string) string { return ids[strings.Trim(p, "{}")] })
		for _, who := range []string{"care", "prosecutor", "auditor"} {
			if who == "auditor" && op.ID == "listDossierAccessLog" {
				continue // who tests legality reads who looked, of every dossier
			}
			by := w.As(t, who)
			(&walk{T: t}).like(by.Get(path), by.Get(absent.Replace(path)))
		}
	}
	f, named := w.CaseAt(ids["dossierId"]), w.Person("police")
	all := w.As(t, "director").Get(f.Path + "/participants").Want(ok)
	place := f.Path + "/participants/" + all.IDs()[slices.Index(all.Texts("items", "partnerId"), w.Partner("police"))]
	colleague := w.As(t, "director").Post("/v1/professionals", live.Cleared(live.M{"partnerId": w.Partner("police"), "name": "Anna Wijn",
		"email": "anna@police.example", "roles": []string{}, "identities": []live.M{{"issuer": w.URL, "subject": "anna"}}})).Want(created)
	t.Run("nor a colleague of who is named, until he is named himself", func(t *testing.T) {
		token, err := w.Product.Issuer.IssuePerson("anna", "GM0861")
		require.NoError(t, err)
		anna := w.With(t, token)
		anna.Get(f.Path).Check(notFound)
		assert.Empty(t, anna.Get("/v1/dossiers").Want(ok).IDs())
		change(t, w.As(t, "case-director"), place, live.M{"professionalIds": []string{named, colleague.ID()}})
		anna.Get(f.Path).Check(ok)
		change(t, w.As(t, "case-director"), place, live.M{"professionalIds": []string{named}})
		anna.Get(f.Path).Check(notFound)
	})
}

func TestPrivacy_L14_the_wgs_needs_all_four_criteria_with_what_substantiates_them(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	chair, director := w.As(t, "chair"), w.As(t, "director")
	toWgs := live.M{"basis": "wgs", "purpose": "Zorg en veiligheid.", "reason": "Wgs."}
	unmet := func() live.M {
		body := triage()
		body["criteria"].([]live.M)[3]["answer"] = "not-met"
		return body
	}
	t.Run("each is answered once, and substantiated", func(t *testing.T) {
		f := w.Case(t)
		three, twice, bare := triage(), triage(), triage()
		three["criteria"] = three["criteria"].([]live.M)[:3]
		twice["criteria"].([]live.M)[3]["criterion"] = "a"
		bare["criteria"].([]live.M)[3]["substantiation"] = ""
		for name, body := range map[string]live.M{"three": three, "twice": twice, "bare": bare} {
			assert.Equal(t, invalid, chair.Post(f.Path+"/triages", body, anyTag).Status, name)
		}
		assert.Equal(t, 0, w.Count(t, "select count(*) from triage where dossier_id = '"+f.ID+"'"))
	})
	t.Run("what does not meet them is recorded so, and goes no further under the wgs", func(t *testing.T) {
		f := w.Case(t)
		assert.Contains(t, director.Post(f.Path+"/basis-changes", toWgs, anyTag).Want(conflict).Text("detail"), "BGS 2.20")
		assert.Equal(t, false, chair.Post(f.Path+"/triages", unmet(), anyTag).Want(created).At("criteriaMet"))
		assert.Contains(t, director.Post(f.Path+"/basis-changes", toWgs, anyTag).Want(conflict).Text("detail"), "BGS 2.20")
		assert.Equal(t, "covenant", director.Get(f.Path).Want(ok).Text("basis"))
		chair.Post(f.Path+"/triages", triage(), anyTag).Want(created)
		director.Post(f.Path+"/basis-changes", toWgs, anyTag).Want(created)
	})
	t.Run("nor is it taken on when it came in under the wgs", func(t *testing.T) {
		f := w.Opened(t, live.M{"basis": "wgs"})
		f.Direct(t)
		chair.Post(f.Path+"/status-changes", toTriage(), anyTag).Want(created)
		chair.Post(f.Path+"/triages", unmet(), anyTag).Want(created)
		active := live.M{"to": "active", "reason": "Aanpak."}
		assert.Contains(t, chair.Post(f.Path+"/status-changes", active, anyTag).Want(conflict).Text("detail"), "BGS 2.20")
		chair.Post(f.Path+"/triages", triage(), anyTag).Want(created)
		chair.Post(f.Path+"/status-changes", active, anyTag).Want(created)
	})
}

func TestPrivacy_L15_persons_outside_one_circle_are_tied_on_a_ground(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	director := w.As(t, "director")
	a, b := w.Opened(t, live.M{"type": "person", "basis": "wgs"}), w.Opened(t, live.M{"type": "person", "basis": "wgs"})
	bare := director.Post(a.Path+"/links", laid(b, "kin"))
	wrongAt(t, bare, "/ground")
	assert.Contains(t, string(bare.Raw), "BGS 2.20")
	assert.Empty(t, director.Get(a.Path+"/links").Want(ok).IDs())
	made := director.Post(a.Path+"/links", laid(b, "kin", live.M{"ground": "Broers; schuld van de een is die van de ander; zonder elkaar werkt geen plan."})).Want(created)
	assert.NotEmpty(t, made.Text("ground"))
}
