package server_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

const sharingDesk = "/v1/sharing-checks"

// sharing is a question about police and mental health in a dossier of type person, changed by more.
func sharing(w *live.World, more live.M) live.M {
	return plus(live.M{
		"supplierPartnerId": w.Partner("mental-health"), "receiverPartnerId": w.Partner("social"), "category": "health", "basis": "covenant", "dossierType": "person", "purpose": "cooperation",
	}, more)
}

// checked asks and gives the decision, with the codes of the rules by what they do.
func checked(t *testing.T, w *live.World, more live.M) (decision string, rules map[string][]string, r *live.Reply) {
	t.Helper()
	r = w.As(t, "social").Post(sharingDesk, sharing(w, more)).Want(ok)
	rules = map[string][]string{}
	effects := r.Texts("rules", "effect")
	for i, code := range r.Texts("rules", "code") {
		rules[effects[i]] = append(rules[effects[i]], code)
	}
	assert.NotEmpty(t, r.Text("explanation"))
	return r.Text("decision"), rules, r
}

// partnerOf is a new partner of a type.
func partnerOf(t *testing.T, w *live.World, kind string) string {
	t.Helper()
	return w.As(t, "director").Post("/v1/partners", live.M{"name": "Nieuw " + kind, "type": kind, "domain": "safety", "contactEmail": "info@nieuw.example"}).Want(created).ID()
}

func TestPrivacy_L01_the_legal_basis_decides_who_takes_part_and_what_is_open(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	r := w.As(t, "police").Get("/v1/legal-bases").Want(ok)
	bases := map[string]any{}
	for i, code := range r.Texts("bases", "basis") {
		bases[code] = r.At("bases").([]any)[i]
	}
	assert.Len(t, bases, 5)
	assert.NotContains(t, live.At(bases["wgs"], "partnerTypes"), "housing-association")
	assert.Contains(t, live.At(bases["covenant"], "partnerTypes"), "housing-association")
	assert.Equal(t, []any{"police", "judicial", "subversion"}, live.At(bases["social-domain"], "closedCategories"))
	assert.Equal(t, false, live.At(bases["wams"], "inForce"))
	assert.Empty(t, live.At(bases["wams"], "partnerTypes"))
	assert.Equal(t, "Wgs 2.25-2.31", live.At(bases["wgs"], "article"))

	toHousing := func(more live.M) live.M {
		return plus(live.M{"receiverPartnerId": w.Partner("housing"), "supplierPartnerId": w.Partner("social"), "category": "housing"}, more)
	}
	decision, _, _ := checked(t, w, toHousing(nil))
	assert.NotEqual(t, "refused", decision, "under the covenant")
	decision, _, r = checked(t, w, toHousing(live.M{"basis": "wgs"}))
	assert.Equal(t, []string{"refused", "Wgs 2.27; BGS 2.21"}, []string{decision, r.Text("article")})
	decision, _, r = checked(t, w, live.M{"supplierPartnerId": w.Partner("police"), "category": "police", "basis": "social-domain"})
	assert.Equal(t, []string{"refused", "AVG 10"}, []string{decision, r.Text("article")})
	for _, purpose := range []string{"cooperation", "disclosure", "alignment"} {
		decision, _, _ = checked(t, w, live.M{"basis": "wams", "purpose": purpose})
		assert.Equal(t, "refused", decision, purpose)
	}

	t.Run("a change of the basis of a dossier is decided on at once, as the access of its partners is", func(t *testing.T) {
		f := w.Case(t)
		w.As(t, "housing").Get(f.Path).Check(ok)
		in := toHousing(live.M{"dossierId": f.ID, "purpose": "cooperation"})
		before := w.As(t, "case-director").Post(sharingDesk, in).Want(ok)
		assert.NotEqual(t, "refused", before.Text("decision"))
		w.As(t, "chair").Post(f.Path+"/triages", triage(), anyTag).Want(created)
		w.As(t, "director").Post(f.Path+"/basis-changes", live.M{"basis": "wgs", "purpose": "Zorg en veiligheid.", "reason": "Wgs."}, anyTag).Want(created)
		after := w.As(t, "case-director").Post(sharingDesk, in).Want(ok)
		assert.Equal(t, []string{"refused", "wgs"}, []string{after.Text("decision"), after.Text("basis")})
		w.As(t, "housing").Get(f.Path).Check(notFound)
	})
}

func TestPrivacy_L09_a_supplier_shares_unless_it_has_weighty_reasons_and_its_condition_goes_before_the_matrix(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	decision, rules, _ := checked(t, w, live.M{"supplierPartnerId": w.Partner("police"), "receiverPartnerId": w.Partner("prosecutor"), "category": "police", "basis": "wgs"})
	assert.Equal(t, "allowed-with-conditions", decision)
	assert.Equal(t, []string{"supply-duty"}, rules["duty"])

	f := w.Case(t)
	f.Join(t, "case-director", "prosecutor")
	open := f.Item(t, "police", "network")
	closed := f.Item(t, "police", "network", live.M{"conditions": []live.M{{"withholdFrom": "public-prosecution"}}})
	prosecutor := w.As(t, "prosecutor")
	prosecutor.Get(open.Place()).Check(ok)
	prosecutor.Get(closed.Place()).Check(notFound)
	assert.NotContains(t, prosecutor.Get(f.Path+"/items").Want(ok).IDs(), closed.ID())
}

func TestPrivacy_L10_a_disclosure_of_special_or_criminal_data_needs_its_supplier(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	for category, needed := range map[string]bool{"health": true, "police": true, "judicial": true, "housing": false} {
		decision, rules, r := checked(t, w, live.M{"receiverPartnerId": w.Partner("housing"), "category": category, "basis": "wgs", "purpose": "disclosure"})
		assert.Equal(t, []string{"allowed-with-conditions", "Wgs 1.7; 2.31(11)"}, []string{decision, r.Text("article")}, category)
		assert.Equal(t, needed, slices.Contains(rules["condition"], "supplier-consent"), category)
		assert.Subset(t, rules["condition"], []string{"ground-and-necessity", "secrecy-statement"})
		assert.Nil(t, r.At("matrixVersion"), "the matrix gives nothing outside the cooperation")
	}
}

func TestPrivacy_L11_a_disclosure_comes_with_yearly_feedback(t *testing.T) {
	t.Parallel()
	_, rules, _ := checked(t, live.Start(t), live.M{"purpose": "disclosure"})
	assert.Equal(t, []string{"yearly-feedback"}, rules["duty"])
}

func TestPrivacy_L12_another_cooperation_gets_a_hit_and_never_health_data(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	riec := partnerOf(t, w, "riec")
	for category, want := range map[string][]string{
		"identity": {"allowed-with-conditions", "Wgs 2.28; 1.7(8); BGS 1.10"},
		"action":   {"allowed-with-conditions", "Wgs 2.28; 1.7(8); BGS 1.10"},
		"finance":  {"refused", "Wgs 2.28; 1.7(8); BGS 1.10"},
		"health":   {"refused", "Wgs 1.7(8); BGS 1.10"},
	} {
		decision, _, r := checked(t, w, live.M{"receiverPartnerId": riec, "category": category, "basis": "wgs", "purpose": "alignment"})
		assert.Equal(t, want, []string{decision, r.Text("article")}, category)
	}
	decision, rules, _ := checked(t, w, live.M{"category": "identity", "purpose": "alignment"})
	assert.Equal(t, "refused", decision)
	assert.Contains(t, rules["refuses"], "not-a-cooperation")
	decision, _, _ = checked(t, w, live.M{"receiverPartnerId": riec, "category": "identity", "basis": "wgs"})
	assert.Equal(t, "refused", decision, "it takes no part")
}

func TestPrivacy_L13_what_is_under_medical_secrecy_is_shared_on_a_ground_alone(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	_, rules, _ := checked(t, w, live.M{"receiverPartnerId": w.Partner("care")})
	assert.Contains(t, rules["condition"], "medical-secrecy")

	f := w.Case(t)
	ofHealth, social := w.As(t, "mental-health"), w.As(t, "social")
	without := f.Item(t, "mental-health", "health", live.M{"secrecy": live.M{}})
	ofHealth.Post(without.Place()+"/releases", live.M{"partnerIds": []string{w.Partner("social")}, "purpose": "Begeleiding."}).Check(conflict)
	social.Get(without.Place()).Check(notFound)
	for _, ground := range []string{"explicit-consent", "statutory-duty", "good-care"} {
		item := f.Item(t, "mental-health", "health", live.M{"secrecy": live.M{"ground": ground}})
		ofHealth.Post(item.Place()+"/releases", live.M{"partnerIds": []string{w.Partner("social")}, "purpose": "Begeleiding."}).Check(created)
		social.Get(item.Place()).Check(ok)
	}
}

func TestPrivacy_L28_a_check_on_police_data_names_its_article_and_its_term(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	_, rules, _ := checked(t, w, live.M{"supplierPartnerId": w.Partner("police"), "receiverPartnerId": w.Partner("prosecutor"), "category": "police", "basis": "wgs"})
	assert.Subset(t, rules["condition"], []string{"police-article", "police-term"})
}

func TestPrivacy_L01_a_check_agrees_with_what_happens_and_writes_nothing_but_its_line(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	rows := w.Rows(t)
	question := func(more live.M) live.M {
		return plus(live.M{
			"supplierPartnerId": w.Partner("police"), "receiverPartnerId": w.Partner("social"), "category": "police", "dossierId": f.ID, "purpose": "cooperation",
		}, more)
	}
	director := w.As(t, "case-director")
	director.Post(sharingDesk, question(nil)).Want(ok)
	after := w.Rows(t)
	delete(rows, "access_line")
	delete(after, "access_line")
	assert.Equal(t, rows, after)
	assert.Contains(t, loggedFor(t, w, f.ID, "case-director", "allowed"), "checkSharing")

	w.As(t, "prosecutor").Post(sharingDesk, question(nil)).Check(notFound)
	for _, wrong := range []live.M{
		{"basis": "wgs"}, {"dossierType": "person"}, {"basis": "wgs", "dossierType": "person"}, {"category": "weather"}, {"receiverPartnerId": w.Partner("police")},
		{"receiverPartnerId": w.Person("police")},
	} {
		director.Post(sharingDesk, question(wrong)).Check(invalid)
	}
	for _, category := range []string{"police", "network", "incident", "subversion"} {
		item := f.Item(t, "police", category)
		r := director.Post(sharingDesk, question(live.M{"category": category})).Want(ok)
		sees := w.As(t, "social").Get(item.Place()).Status == ok
		needsRelease := slices.Contains(r.Texts("rules", "code"), "release")
		assert.Equal(t, r.Text("decision") != "refused" && !needsRelease, sees, category)
	}
}
