package server_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

const explanations = "/v1/access-explanations"

// asking about somebody of a case; more names what is asked.
func (l *lens) about(who string, more live.M) live.M {
	body := live.M{"professionalId": l.Person(who), "dossierId": l.file.ID, "act": "read"}
	for name, value := range more {
		body[name] = value
	}
	return body
}

// lens is a world with a case in it, to ask who sees what.
type lens struct {
	*testing.T
	*live.World
	file  *live.Case
	began time.Time // after the case was there, before anything was supplied
}

func newLens(t *testing.T) *lens {
	w := live.Start(t)
	return &lens{T: t, World: w, file: w.Case(t), began: time.Now().UTC()}
}

// says checks that exactly one factor decides, and which; a refusal says what is needed.
func (l *lens) says(r *live.Reply, allowed bool, factor, finding string) *live.Reply {
	l.Helper()
	r.Want(ok)
	assert.Equal(l, allowed, r.At("allowed"), "%s", r.Raw)
	assert.Equal(l, []string{factor, finding}, []string{r.Text("decidedBy.factor"), r.Text("decidedBy.finding")})
	deciding := 0
	for _, f := range list(r, "factors") {
		if live.At(f, "decides") == true {
			deciding++
			assert.Equal(l, live.At(f, "text"), r.Text("decidedBy.text"))
		}
		assert.NotEmpty(l, live.At(f, "text"), "%v says nothing", f)
	}
	assert.Equal(l, 1, deciding)
	if assert.Equal(l, allowed, len(list(r, "needed")) == 0) && !allowed {
		assert.Equal(l, factor, r.Text("needed.0.factor"))
		assert.NotEmpty(l, r.Text("needed.0.text"))
	}
	return r
}

func list(r *live.Reply, path string) []any {
	all, _ := r.At(path).([]any)
	return all
}

// TestWhatDecides asks about everybody in a case under the default matrix.
func TestWhatDecides(t *testing.T) {
	t.Parallel()
	l := newLens(t)
	police := l.file.Item(t, "police", "police").ID()
	release := l.As(t, "mental-health").Post(l.file.Item(t, "mental-health", "health").Place()+"/releases",
		live.M{"partnerIds": []string{l.Partner("chair")}, "purpose": "Samen besluiten."}).Want(created)
	health := release.Text("itemId")
	housing := func(more live.M) string { return l.file.Item(t, "director", "housing", more).ID() }
	secret, conditional := housing(live.M{"secrecy": live.M{}}), housing(live.M{"conditions": []live.M{{"withholdFrom": "police"}}})
	withheld := l.file.Item(t, "director", "housing")
	l.As(t, "director").Post(withheld.Place()+"/withholdings", live.M{"partnerId": l.Partner("police"), "reason": "Nee."}).Want(created)
	social := l.Opened(t, live.M{"basis": "social-domain"})
	for name, c := range map[string]struct {
		asker, about    string
		what            live.M
		allowed         bool
		factor, finding string
		ask             string
	}{
		"the cell gives": {"director", "police", live.M{"category": "identity"}, true, "matrix-cell", "cell-gives", ""},
		"the cell of the role municipal director": {"director", "director", live.M{"category": "identity", "act": "edit-all"}, true, "matrix-cell", "cell-gives", ""},
		"the cell lacks":              {"police", "police", live.M{"category": "health"}, false, "matrix-cell", "cell-lacks", "municipal-director"},
		"nobody let him in":           {"chair", "auditor", live.M{"category": "plan"}, false, "admission", "not-admitted", "case-director"},
		"his role in the dossier":     {"case-director", "case-director", live.M{"category": "plan", "act": "edit-all"}, true, "role", "role-gives", ""},
		"his own entry":               {"police", "police", live.M{"itemId": police}, true, "supplier", "item-own", ""},
		"another's entry":             {"chair", "social", live.M{"itemId": health, "act": "edit-own"}, false, "supplier", "item-of-other", "supplier"},
		"what is released to him":     {"chair", "chair", live.M{"itemId": health}, true, "release", "released", ""},
		"what is not released to him": {"chair", "social", live.M{"itemId": health}, false, "release", "not-released", "supplier"},
		"secrecy":                     {"director", "police", live.M{"itemId": secret}, false, "secrecy", "secret-without-ground", "supplier"},
		"a condition of the supplier": {"director", "police", live.M{"itemId": conditional}, false, "item-condition", "withheld-from-type", "supplier"},
		"an item kept from a partner": {"director", "police", live.M{"itemId": withheld.ID()}, false, "withholding", "withheld-from-partner", "supplier"},
		"an item of later": {"director", "director", live.M{"itemId": withheld.ID(), "at": l.began.Format(time.RFC3339Nano)}, false, "item", "item-later",
			"nobody"},
		"the ceiling of the legal basis": {"director", "chair", live.M{"dossierId": social.ID, "category": "police"}, false, "category-ceiling", "ceiling-closed",
			"nobody"},
	} {
		t.Run(name, func(t *testing.T) {
			r := l.says(l.As(t, c.asker).Post(explanations, l.about(c.about, c.what)), c.allowed, c.factor, c.finding)
			assert.Equal(t, c.ask, r.Text("needed.0.ask"))
		})
	}
	t.Run("the cell that counts is shown with its version, an article of law with what rests on it", func(t *testing.T) {
		r := l.As(t, "director").Post(explanations, l.about("police", live.M{"category": "identity"})).Want(ok)
		assert.Equal(t, []any{"police", "all", "read", 1.0}, []any{r.At("decidedBy.source.cell.partnerType"), r.At("decidedBy.source.cell.dossierType"),
			r.At("decidedBy.source.cell.level"), r.At("decidedBy.source.version")})
		r = l.As(t, "director").Post(explanations, l.about("police", live.M{"itemId": secret})).Want(ok)
		assert.Equal(t, "BW 7:457; Wgs 2.29(2)", r.Text("decidedBy.source.article"))
		assert.Equal(t, l.Partner("director"), r.Text("needed.0.partnerId"))
	})
	t.Run("in the language of who asks", func(t *testing.T) {
		r := l.As(t, "director").Post(explanations, l.about("police", live.M{"category": "identity"}), "Accept-Language: en").Want(ok)
		assert.Equal(t, "The cell of the matrix that counts gives this act.", r.Text("decidedBy.text"))
	})
	t.Run("a partner without a professional is asked as its systems", func(t *testing.T) {
		body := live.M{"partnerId": l.Partner("police"), "dossierId": l.file.ID, "category": "identity", "act": "see-all"}
		l.says(l.As(t, "chair").Post(explanations, body), true, "matrix-cell", "cell-gives")
	})
}

// TestWhatDecidesOnPeople asks about who lost his access, or has it for a while.
func TestWhatDecidesOnPeople(t *testing.T) {
	t.Parallel()
	l := newLens(t)
	director := l.As(t, "director")
	item := live.M{"category": "finance"}
	exception := director.Post(l.file.Path+"/matrix-exceptions", live.M{"partnerId": l.Partner("police"), "category": "finance", "level": "read",
		"reason": "Huurschuld."}).Want(created)
	r := l.says(director.Post(explanations, l.about("police", item)), true, "exception", "exception-gives")
	assert.Equal(t, exception.ID(), r.Text("decidedBy.source.id"))
	director.Post(l.file.Path+"/matrix-exceptions", live.M{"partnerId": l.Partner("police"), "category": "network", "level": "none", "reason": "Nee."}).Want(created)
	l.says(director.Post(explanations, l.about("police", live.M{"category": "network"})), false, "exception", "exception-lacks")

	grant := director.Post(l.file.Path+"/grants", live.M{"professionalId": l.Person("housing"), "categories": []string{"guidance"}, "level": "read",
		"reason": "Onderzoek.", "until": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)}).Want(created)
	r = l.says(director.Post(explanations, l.about("housing", live.M{"category": "guidance"})), true, "grant", "grant-gives")
	assert.Equal(t, grant.ID(), r.Text("decidedBy.source.id"))

	l.As(t, "privacy-officer").Post(glass, inNeed(director.Get(l.file.Path).Text("number"))).Want(created)
	l.says(director.Post(explanations, l.about("privacy-officer", live.M{"category": "identity"})), true, "matrix-cell", "cell-gives")
	l.says(director.Post(explanations, l.about("privacy-officer", live.M{"category": "health"})), false, "emergency-limit", "closed-in-emergency")

	edits := live.M{"category": "plan", "act": "edit-all"}
	l.says(director.Post(explanations, l.about("social", edits)), false, "matrix-cell", "cell-lacks")
	director.Post("/v1/professionals/"+l.Person("case-director")+"/substitutions", live.M{"substituteId": l.Person("social"),
		"from": "2026-01-01T00:00:00Z", "until": "2199-01-01T00:00:00Z"}).Want(created)
	l.says(director.Post(explanations, l.about("social", edits)), true, "role", "role-gives")
	for _, row := range list(director.Get(l.file.Path+"/access").Want(ok), "items") {
		if live.At(row, "professionalId") == l.Person("social") {
			assert.Contains(t, fmt.Sprint(row), "inNameOfId:"+l.Person("case-director"))
		}
	}

	partner := "/v1/partners/" + l.Partner("housing")
	director.Patch(partner, director.Get(partner).Tag(), live.M{"status": "suspended"}).Want(ok)
	l.says(director.Post(explanations, l.about("housing", live.M{"category": "housing"})), false, "partner-standing", "partner-suspended")
	person := "/v1/professionals/" + l.Person("mental-health")
	director.Patch(person, director.Get(person).Tag(), live.M{"validUntil": "2026-01-01"}).Want(ok)
	l.says(director.Post(explanations, l.about("mental-health", live.M{"category": "identity"})), false, "professional-standing", "professional-ended")
}

// TestThePastIsReplayed asks who could see what before and after a publication, an exception, a release and
// a change of who takes part.
func TestThePastIsReplayed(t *testing.T) {
	t.Parallel()
	l := newLens(t)
	director, health := l.As(t, "director"), l.As(t, "mental-health")
	item := l.file.Item(t, "mental-health", "health")
	ask := func(who string, at time.Time, more live.M) *live.Reply {
		more["at"] = at.Format(time.RFC3339Nano)
		return director.Post(explanations, l.about(who, more))
	}
	pause := func() time.Time { return time.Now().UTC() } // between two changes
	start := pause()
	l.Publish(t, "director", levels(matrix.Default(), map[string]authz.Level{"police network": authz.None}))
	published := pause()
	exception := director.Post(l.file.Path+"/matrix-exceptions", live.M{"partnerId": l.Partner("police"), "category": "network", "level": "read",
		"reason": "Toch."}).Want(created)
	excepted := pause()
	director.Post(exception.Place()+"/revocations", live.M{"reason": "Niet meer."}, live.Match(director.Get(exception.Place()).Tag())).Want(created)
	revoked := pause()
	for _, c := range []struct {
		at      time.Time
		allowed bool
		factor  string
		finding string
		version float64
	}{
		{start, true, "matrix-cell", "cell-gives", 1}, {published, false, "matrix-cell", "cell-lacks", 2}, {excepted, true, "exception", "exception-gives", 2},
		{revoked, false, "matrix-cell", "cell-lacks", 2},
	} {
		r := l.says(ask("police", c.at, live.M{"category": "network"}), c.allowed, c.factor, c.finding)
		assert.Equal(t, c.version, r.At("matrixVersion"))
	}

	release := health.Post(item.Place()+"/releases", live.M{"partnerIds": []string{}, "purpose": "Samen."}).Want(created)
	released := pause()
	l.says(ask("social", released, live.M{"itemId": item.ID()}), true, "release", "released")
	l.says(ask("social", revoked, live.M{"itemId": item.ID()}), false, "release", "not-released")
	seen := director.Get(l.file.Path + "/access?itemId=" + item.ID() + "&at=" + revoked.Format(time.RFC3339Nano)).Want(ok)
	assert.Equal(t, []string{l.Person("mental-health")}, people(seen))
	seen = director.Get(l.file.Path + "/access?itemId=" + item.ID() + "&at=" + released.Format(time.RFC3339Nano)).Want(ok)
	assert.Contains(t, people(seen), l.Person("social"))
	assert.NotContains(t, people(seen), l.Person("police"))
	assert.Contains(t, string(seen.Raw), `"release"`)

	participant := ""
	for i, id := range director.Get(l.file.Path+"/participants").Texts("items", "partnerId") {
		if id == l.Partner("police") {
			participant = l.file.Path + "/participants/" + director.Get(l.file.Path + "/participants").IDs()[i]
		}
	}
	director.Patch(participant, director.Get(participant).Tag(), live.M{"professionalIds": []string{}}).Want(ok)
	left := pause()
	l.says(ask("police", left, live.M{"category": "life-domain"}), false, "admission", "not-admitted")
	l.says(ask("police", released, live.M{"category": "life-domain"}), true, "matrix-cell", "cell-gives")
	withdrawals := "/v1/releases/" + release.ID() + "/withdrawals"
	health.Post(withdrawals, live.M{"reason": "Niet meer."}, live.Match(health.Get(release.Place()).Tag())).Want(created)
	director.Post(explanations, l.about("social", live.M{"itemId": item.ID(), "at": released.Format(time.RFC3339Nano)})).Check(notFound)
	l.says(health.Post(explanations, l.about("mental-health", live.M{"itemId": item.ID()})), true, "supplier", "item-own")
}

// people are the professionals of a list of who has access.
func people(r *live.Reply) (ids []string) {
	for _, row := range list(r, "items") {
		if id, is := live.At(row, "professionalId").(string); is {
			ids = append(ids, id)
		}
	}
	return ids
}

// TestAnExplanationNeverReveals asks what may not be known.
func TestAnExplanationNeverReveals(t *testing.T) {
	t.Parallel()
	l := newLens(t)
	hidden := l.file.Item(t, "mental-health", "health")
	nothing := strings.Repeat("0", 8) + "-0000-7000-8000-" + strings.Repeat("0", 12)
	police := l.As(t, "police")
	for name, c := range map[string]struct {
		who  string
		body live.M
		want int
	}{
		"others, by who takes part":            {"police", l.about("housing", live.M{"category": "plan"}), forbidden},
		"another partner, by who takes part":   {"police", live.M{"partnerId": l.Partner("housing"), "dossierId": l.file.ID, "act": "read", "category": "plan"}, forbidden},
		"himself":                              {"police", l.about("police", live.M{"category": "plan"}), ok},
		"his own partner":                      {"police", live.M{"partnerId": l.Partner("police"), "dossierId": l.file.ID, "act": "read", "category": "plan"}, ok},
		"by its system":                        {"police-system", live.M{"partnerId": l.Partner("police"), "dossierId": l.file.ID, "act": "read", "category": "identity"}, ok},
		"by who is not in it":                  {"auditor", l.about("auditor", live.M{"category": "plan"}), notFound},
		"from another municipality":            {"other-director", l.about("police", live.M{"category": "plan"}), notFound},
		"an unknown professional":              {"director", live.M{"professionalId": nothing, "dossierId": l.file.ID, "act": "read", "category": "plan"}, invalid},
		"a professional of elsewhere":          {"director", live.M{"professionalId": l.Person("other-police"), "dossierId": l.file.ID, "act": "read", "category": "plan"}, invalid},
		"nobody at all":                        {"director", live.M{"dossierId": l.file.ID, "act": "read", "category": "plan"}, invalid},
		"a partner and a professional":         {"director", l.about("police", live.M{"partnerId": l.Partner("police"), "category": "plan"}), invalid},
		"neither category nor item":            {"director", l.about("police", nil), invalid},
		"an unknown category":                  {"director", l.about("police", live.M{"category": "nonsense"}), invalid},
		"an unknown act":                       {"director", l.about("police", live.M{"category": "plan", "act": "erase"}), invalid},
		"tomorrow":                             {"director", l.about("police", live.M{"category": "plan", "at": "2199-01-01T00:00:00Z"}), invalid},
		"an item that he may not see, himself": {"police", l.about("police", live.M{"itemId": hidden.ID()}), notFound},
		"an item that he may not see either":   {"director", l.about("mental-health", live.M{"itemId": hidden.ID()}), notFound},
	} {
		t.Run(name, func(t *testing.T) { l.As(t, c.who).Post(explanations, c.body).Check(c.want) })
	}
	t.Run("an item that is hidden is as one that is not there", func(t *testing.T) {
		there, not := police.Post(explanations, l.about("police", live.M{"itemId": hidden.ID()})), police.Post(explanations, l.about("police", live.M{"itemId": nothing}))
		assert.Equal(t, bare(not), bare(there))
	})
	t.Run("asked by category it is the same with and without items", func(t *testing.T) {
		before := l.As(t, "chair").Post(explanations, l.about("police", live.M{"category": "judicial"})).Want(ok)
		l.file.Item(t, "director", "housing")
		after := l.As(t, "chair").Post(explanations, l.about("police", live.M{"category": "judicial", "at": before.Text("at")})).Want(ok)
		assert.JSONEq(t, string(before.Raw), string(after.Raw))
	})
	t.Run("who asks about himself meets nothing of others", func(t *testing.T) {
		l.As(t, "director").Post(l.file.Path+"/matrix-exceptions", live.M{"partnerId": l.Partner("housing"), "category": "plan", "level": "none", "reason": "Nee."}).Want(created)
		r := police.Post(explanations, l.about("police", live.M{"category": "plan"})).Want(ok)
		assert.NotContains(t, string(r.Raw), l.Partner("housing"))
		assert.NotContains(t, string(r.Raw), "exception")
	})
	police.Get(l.file.Path + "/access").Check(forbidden)
	l.As(t, "auditor").Get(l.file.Path + "/access").Check(notFound)
	l.As(t, "director").Get(l.file.Path + "/access?itemId=" + hidden.ID()).Check(notFound)
	l.As(t, "director").Get(l.file.Path + "/access?category=nonsense").Check(invalid)
	l.As(t, "director").Get(l.file.Path + "/access?at=2199-01-01T00:00:00Z").Check(invalid)
	l.As(t, "director").Get(l.file.Path + "/access?category=plan&itemId=" + hidden.ID()).Check(invalid)
}

// TestWhoHasAccess lists everybody in a case, by pages and by category.
func TestWhoHasAccess(t *testing.T) {
	t.Parallel()
	l := newLens(t)
	director := l.As(t, "director")
	all := director.Get(l.file.Path + "/access").Want(ok)
	for _, who := range []string{"director", "chair", "case-director", "social", "police", "mental-health", "housing"} {
		assert.Contains(t, people(all), l.Person(who))
	}
	assert.NotContains(t, people(all), l.Person("auditor"))
	for _, row := range list(all, "items") {
		switch live.At(row, "professionalId") {
		case l.Person("director"):
			assert.Equal(t, "role", live.At(row, "ways.0.kind"))
		case l.Person("case-director"):
			assert.Equal(t, []any{"participation", "case-director"}, []any{live.At(row, "ways.0.kind"), live.At(row, "ways.0.roles.0")})
		}
	}
	var paged []string
	path := l.file.Path + "/access?limit=2"
	for path != "" {
		r := director.Get(path).Want(ok)
		paged = append(paged, people(r)...)
		next, more := r.At("next").(string)
		if path = ""; more {
			path = l.file.Path + "/access?limit=2&cursor=" + next
		}
	}
	assert.Equal(t, people(all), paged)
	for _, row := range list(director.Get(l.file.Path+"/access?category=health").Want(ok), "items") {
		assert.NotEqual(t, l.Partner("housing"), live.At(row, "partnerId"), "housing has level none on health")
		assert.NotEmpty(t, live.At(row, "acts.0.acts"))
	}
}

// TestAnExplanationIsWhatHappens holds what is explained against what everybody really gets, item by item.
func TestAnExplanationIsWhatHappens(t *testing.T) {
	t.Parallel()
	l := newLens(t)
	director := l.As(t, "director")
	items := []*live.Reply{
		l.file.Item(t, "director", "housing"), l.file.Item(t, "director", "housing", live.M{"conditions": []live.M{{"withholdFrom": "police"}}}),
		l.file.Item(t, "director", "housing", live.M{"secrecy": live.M{}}), l.file.Item(t, "social", "life-domain"), l.file.Item(t, "police", "network"),
		l.file.Item(t, "social", "finance"), l.file.Item(t, "housing", "housing"),
	}
	health := l.file.Item(t, "mental-health", "health", live.M{"secrecy": live.M{"ground": "good-care"}})
	l.As(t, "mental-health").Post(health.Place()+"/releases", live.M{"partnerIds": []string{}, "purpose": "Samen besluiten."}).Want(created)
	director.Post(l.file.Path+"/matrix-exceptions", live.M{"partnerId": l.Partner("housing"), "category": "finance", "level": "read", "reason": "Huurschuld."}).Want(created)
	director.Post(l.file.Path+"/matrix-exceptions", live.M{"partnerId": l.Partner("social"), "category": "housing", "level": "none", "reason": "Nee."}).Want(created)
	for _, item := range append(items, health) {
		access := people(director.Get(l.file.Path + "/access?itemId=" + item.ID()).Want(ok))
		for _, who := range []string{"director", "chair", "case-director", "social", "police", "mental-health", "housing", "auditor", "privacy-officer"} {
			reads := l.As(t, who).Get(item.Place()).Status == ok
			r := director.Post(explanations, l.about(who, live.M{"itemId": item.ID()})).Want(ok)
			assert.Equal(t, reads, r.At("allowed"), "%s and an item of %s: %s", who, item.Text("category"), r.Text("decidedBy.finding"))
			assert.Equal(t, reads, slices.Contains(access, l.Person(who)), "%s in the list of who has access", who)
			own := l.As(t, who).Post(explanations, l.about(who, live.M{"itemId": item.ID()}))
			assert.Equal(t, reads, own.Status == ok && own.At("allowed") == true, "%s asks about himself", who)
		}
	}
}
