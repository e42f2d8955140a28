package server_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

const disclosuresAt = "/v1/disclosures"

// disclosing is a disclosure of items to somebody outside.
func disclosing(f *live.Case, items ...string) live.M {
	return live.M{
		"dossierId": f.ID, "kind": "third-party", "organisation": "Kredietbank", "function": "schuldhulpverlener", "expertise": "schulden", "ground": "Wgs 1.7(1)",
		"necessity": "De schulden lopen op.", "itemIds": items,
	}
}

func TestPrivacy_L10_nothing_of_it_is_disclosed_without_the_consent_of_its_supplier(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	w.Publish(t, "director", everything())
	f := w.Case(t)
	report, rent := f.Item(t, "police", "police"), f.Item(t, "housing", "housing")
	director, police := w.As(t, "case-director"), w.As(t, "police")
	made := director.Post(disclosuresAt, disclosing(f, report.ID(), rent.ID())).Want(created)
	at := made.Place()
	disclose := func(body live.M) *live.Reply {
		return director.Patch(at, "*", plus(live.M{"state": "disclosed"}, body))
	}
	signed := live.M{"secrecySignedOn": "2026-01-15"}
	consents := func(r *live.Reply) map[string]string {
		all, categories := map[string]string{}, r.Texts("items", "category")
		for i, consent := range r.Texts("items", "consent") {
			all[categories[i]] = consent
		}
		return all
	}

	t.Run("of special and criminal data its supplier is asked", func(t *testing.T) {
		assert.Equal(t, map[string]string{"police": "asked", "housing": "not-needed"}, consents(made))
		refusedAs(t, disclose(signed), conflict, "conflict")
		w.As(t, "housing").Post(at+"/consents", live.M{"consents": true}, anyTag).Check(conflict)
		w.As(t, "mental-health").Post(at+"/consents", live.M{"consents": true}, anyTag).Check(notFound)
		director.Post(at+"/consents", live.M{"consents": true}, anyTag).Check(forbidden)
	})
	t.Run("who sees of it what is his", func(t *testing.T) {
		assert.Equal(t, map[string]string{"police": "asked"}, consents(police.Get(at).Want(ok)))
		assert.Equal(t, []string{made.ID()}, police.Get(disclosuresAt+"?dossierId="+f.ID).Want(ok).IDs())
		assert.Equal(t, []string{made.ID()}, w.As(t, "chair").Get(disclosuresAt).Want(ok).IDs())
		for _, who := range []string{"mental-health", "privacy-officer", "auditor"} {
			w.As(t, who).Get(at).Check(notFound)
			assert.Empty(t, w.As(t, who).Get(disclosuresAt).Want(ok).IDs(), who)
		}
		police.Patch(at, "*", live.M{"state": "disclosed"}).Check(forbidden)
	})
	t.Run("a refusal has reasons and stops it", func(t *testing.T) {
		refusedAs(t, police.Post(at+"/consents", live.M{"consents": false}, anyTag), invalid, "invalid-input")
		answered := police.Post(at+"/consents", live.M{"consents": false, "reasons": "Het onderzoek loopt nog."}, anyTag).Want(created)
		assert.Equal(t, "Het onderzoek loopt nog.", answered.Text("items.0.reasons"))
		refusedAs(t, disclose(signed), conflict, "conflict")
	})
	t.Run("with consent and a signature it is disclosed, once", func(t *testing.T) {
		police.Post(at+"/consents", live.M{"consents": true}, anyTag).Want(created)
		refusedAs(t, disclose(nil), conflict, "conflict")
		refusedAs(t, disclose(live.M{"secrecySignedOn": "2199-01-01"}), invalid, "invalid-input")
		done := disclose(plus(signed, live.M{"adviceReference": "RAC 2026-14"})).Want(ok)
		assert.Equal(t, []string{"disclosed", "RAC 2026-14", "2026-01-15"}, []string{done.Text("state"), done.Text("adviceReference"), done.Text("secrecySignedOn")})
		refusedAs(t, disclose(signed), conflict, "conflict")
		police.Post(at+"/consents", live.M{"consents": false, "reasons": "Te laat."}, anyTag).Check(conflict)
	})
	t.Run("what was withdrawn meanwhile is not disclosed", func(t *testing.T) {
		other := director.Post(disclosuresAt, disclosing(f, rent.ID())).Want(created)
		w.As(t, "housing").Post(rent.Place()+"/withdrawals", live.M{"reason": "Van een ander adres.", "breach": false}, anyTag).Want(created)
		refusedAs(t, director.Patch(other.Place(), "*", live.M{"state": "disclosed", "secrecySignedOn": "2026-01-15"}), conflict, "conflict")
		director.Patch(other.Place(), "*", live.M{"state": "withdrawn"}).Want(ok)
	})
	t.Run("what cannot be is refused", func(t *testing.T) {
		refusedAs(t, director.Post(disclosuresAt, disclosing(f, w.Person("police"))), invalid, "invalid-input")
		refusedAs(t, director.Post(disclosuresAt, disclosing(w.Case(t), report.ID())), invalid, "invalid-input")
		refusedAs(t, director.Post(disclosuresAt, plus(disclosing(f, report.ID()), live.M{"receiverPartnerId": w.Partner("care")})), invalid, "invalid-input")
		police.Post(disclosuresAt, disclosing(f, report.ID())).Check(forbidden)
	})
}

func TestPrivacy_L11_who_received_something_reports_each_year(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	w.Publish(t, "director", everything())
	f := w.Case(t)
	director := w.As(t, "case-director")
	at := director.Post(disclosuresAt, disclosing(f, f.Item(t, "housing", "housing").ID())).Want(created).Place()
	feedback := func(on string) live.M {
		return live.M{"receivedOn": on, "use": "Gesprek met het gezin.", "effect": "De huur is betaald."}
	}
	today := todayIs(t)
	due := func(yes string) []string {
		return director.Get(disclosuresAt + "?dossierId=" + f.ID + "&feedbackDue=" + yes).Want(ok).IDs()
	}
	director.Post(at+"/feedback", feedback(today), anyTag).Check(conflict)
	done := director.Patch(at, "*", live.M{"state": "disclosed", "secrecySignedOn": "2026-01-15"}).Want(ok)
	assert.Greater(t, done.Text("feedbackDueOn"), today)
	assert.Empty(t, due("true"))
	w.Exec(t, "update disclosure set feedback_due_on = current_date - 1")
	require.Equal(t, []string{done.ID()}, due("true"))
	for _, on := range []string{"2199-01-01", "2020-01-01"} {
		refusedAs(t, director.Post(at+"/feedback", feedback(on), anyTag), invalid, "invalid-input")
	}
	told := director.Post(at+"/feedback", feedback(today), anyTag).Want(created)
	assert.Equal(t, "De huur is betaald.", told.Text("feedback.0.effect"))
	assert.Equal(t, done.Text("feedbackDueOn"), told.Text("feedbackDueOn"), "a year after today again")
	assert.Empty(t, due("true"))
	assert.Equal(t, []string{done.ID()}, due("false"))
}

func TestPrivacy_L12_a_hit_holds_contact_and_alignment_data_and_never_health(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	w.Publish(t, "director", everything())
	f := w.Case(t)
	director, riec := w.As(t, "case-director"), partnerOf(t, w, "riec")
	health, rent, contact := f.Item(t, "mental-health", "health"), f.Item(t, "housing", "housing"), f.Item(t, "housing", "identity")
	hit := func(receiver string, items ...string) *live.Reply {
		body := plus(disclosing(f, items...), live.M{"kind": "hit", "receiverPartnerId": receiver})
		delete(body, "organisation")
		return director.Post(disclosuresAt, body)
	}
	made := hit(riec, health.ID(), rent.ID(), contact.ID()).Want(created)
	assert.Equal(t, []string{contact.ID()}, made.Texts("items", "itemId"))
	assert.ElementsMatch(t, []string{"health", "housing"}, made.Texts("dropped", "category"))
	assert.Contains(t, made.Texts("dropped", "article"), "Wgs 1.7(8); BGS 1.10")
	refusedAs(t, director.Patch(made.Place(), "*", live.M{"state": "disclosed"}), conflict, "conflict")
	w.As(t, "housing").Post(made.Place()+"/consents", live.M{"consents": true}, anyTag).Want(created)
	director.Patch(made.Place(), "*", live.M{"state": "disclosed"}).Want(ok)
	refusedAs(t, hit(riec, health.ID()), conflict, "conflict")
	t.Run("nor does it get more as a third party", func(t *testing.T) {
		body := plus(disclosing(f, rent.ID()), live.M{"receiverPartnerId": riec})
		delete(body, "organisation")
		refusedAs(t, director.Post(disclosuresAt, body), conflict, "conflict")
	})
	t.Run("nor what is under medical secrecy in another category", func(t *testing.T) {
		secret := w.As(t, "mental-health").Post(f.Path+"/items", live.M{"category": "action", "text": "Gesprek.", "observedOn": "2026-01-15", "secrecy": live.M{"ground": "explicit-consent"}}).Want(created)
		left := hit(riec, secret.ID(), contact.ID()).Want(created)
		assert.Equal(t, []string{contact.ID()}, left.Texts("items", "itemId"))
		asked := director.Post(disclosuresAt, disclosing(f, secret.ID())).Want(created)
		assert.Equal(t, []string{"asked"}, asked.Texts("items", "consent"), "its supplier speaks for it outside the dossier")
	})
	refusedAs(t, hit(w.Partner("care"), contact.ID()), invalid, "invalid-input")
}

func TestPrivacy_L10_what_is_disclosed_is_what_could_be_drafted_at_that_moment(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	w.Publish(t, "director", everything())
	f := w.Case(t)
	director, housing := w.As(t, "case-director"), w.As(t, "housing")
	draft := func(items ...string) *live.Reply { return director.Post(disclosuresAt, disclosing(f, items...)) }
	disclose := func(at string) *live.Reply {
		return director.Patch(at, "*", live.M{"state": "disclosed", "secrecySignedOn": "2026-01-15"})
	}
	t.Run("what was corrected is not", func(t *testing.T) {
		rent := f.Item(t, "housing", "housing")
		at := draft(rent.ID()).Want(created).Place()
		housing.Post(rent.Place()+"/corrections", live.M{"text": "De huur is betaald.", "reason": "Vergissing."}, live.Match(rent.Tag())).Want(created)
		refusedAs(t, disclose(at), conflict, "conflict")
		refusedAs(t, draft(rent.ID()), invalid, "invalid-input")
	})
	t.Run("nor what goes to a partner that is suspended", func(t *testing.T) {
		rent := f.Item(t, "housing", "housing")
		body := plus(disclosing(f, rent.ID()), live.M{"receiverPartnerId": w.Partner("care")})
		delete(body, "organisation")
		at := director.Post(disclosuresAt, body).Want(created)
		assert.Equal(t, []string{"asked"}, at.Texts("items", "consent"), "the supplier may withhold it from a partner (Wgs 1.5)")
		housing.Post(at.Place()+"/consents", live.M{"consents": true}, anyTag).Want(created)
		w.Exec(t, "update partner set status = 'suspended' where id = '"+w.Partner("care")+"'")
		refusedAs(t, disclose(at.Place()), conflict, "conflict")
		refusedAs(t, director.Post(disclosuresAt, body), invalid, "invalid-input")
	})
	t.Run("who leads reads in it what he may read now, and its number", func(t *testing.T) {
		rent := f.Item(t, "housing", "housing")
		at := draft(rent.ID()).Want(created)
		assert.Equal(t, 1.0, at.At("itemCount"))
		housing.Post(rent.Place()+"/withdrawals", live.M{"reason": "Van een ander adres.", "breach": false}, anyTag).Want(created)
		for _, who := range []string{"case-director", "chair"} {
			seen := w.As(t, who).Get(at.Place()).Want(ok)
			assert.Equal(t, []any{[]any{}, 1.0}, []any{seen.At("items"), seen.At("itemCount")}, who)
		}
		assert.Equal(t, []string{rent.ID()}, housing.Get(at.Place()).Want(ok).Texts("items", "itemId"), "its supplier keeps it")
	})
	t.Run("a system speaks for nobody", func(t *testing.T) {
		report := f.Item(t, "police", "police")
		at := draft(report.ID()).Want(created).Place()
		w.As(t, "police-system").Post(at+"/consents", live.M{"consents": true}, anyTag).Check(forbidden)
		w.As(t, "police").Post(at+"/consents", live.M{"consents": true}, anyTag).Check(created)
	})
}

// disclosures go to third parties.
func (w *walk) disclosures() []step {
	one := disclosuresAt + "/{disclosureId}"
	not := statuses{"police": forbidden, "auditor": notFound}
	steps := []step{
		{op: "draftDisclosure", by: "case-director", want: created, keep: "disclosureId", not: statuses{"police": forbidden, "auditor": invalid}, own: invalid, body: func() live.M {
			return disclosing(&live.Case{ID: w.ids["dossierId"]}, letRead(w.T, w.World, "/v1/dossiers/"+w.ids["dossierId"]))
		}},
		{op: "answerDisclosure", by: "police", want: created, match: one, not: statuses{"case-director": forbidden, "auditor": notFound}},
		{op: "updateDisclosure", by: "case-director", want: ok, match: one, not: not, body: func() live.M { return live.M{"state": "disclosed", "secrecySignedOn": "2026-01-15"} }},
		{op: "recordDisclosureFeedback", by: "case-director", want: created, match: one, not: not, body: func() live.M {
			return live.M{"receivedOn": todayIs(w.T), "use": "Gesprek.", "effect": "Rust."}
		}},
	}
	steps = append(steps, shared(ok, "listDisclosures")...)
	return append(steps, inside("case-director", "getDisclosure")...)
}

// disclosureRights are the lines of the table on disclosures.
func (c *court) disclosureRights() []right {
	var f *live.Case
	item := once(func() string {
		f = c.Case(c.T)
		return letRead(c.T, c.World, f.Path)
	})
	made := once(func() string {
		return c.As(c.T, "case-director").Post(disclosuresAt, disclosing(&live.Case{ID: c.file.ID}, letRead(c.T, c.World, c.file.Path))).Want(created).Place()
	})
	draft := post(at(disclosuresAt), func() live.M { id := item(); return disclosing(f, id) })
	ofHousing := post(at(disclosuresAt), func() live.M { return disclosing(c.file, c.file.Item(c.T, "housing", "housing").ID()) })
	return []right{
		{"disclosure.make", "case-director", "case-director", "police", forbidden, draft},
		{"disclosure.make", "municipal-director", "regisseur", "chair", forbidden, ofHousing},
		{"disclosure.read", "case-director", "case-director", "mental-health", notFound, get(made)},
		{"disclosure.read", "chair", "chair", "mental-health", notFound, get(made)},
		{"disclosure.read", "municipal-director", "regisseur", "mental-health", notFound, get(made)},
		{"disclosure.read", "asked", "police", "mental-health", notFound, get(made)},
		{"disclosure.answer", "asked", "police", "case-director", forbidden, post(func() string { return made() + "/consents" }, fixed(live.M{"consents": true}))},
	}
}

// undisclosed is the draft of a disclosure on which the police is asked, disclosed one that went out.
func undisclosed(t *testing.T, w *live.World, f *live.Case) string {
	t.Helper()
	return w.As(t, "case-director").Post(disclosuresAt, disclosing(f, letRead(t, w, f.Path))).Want(created).Place()
}

// letRead is an item of the police in a dossier that it let the case director read.
func letRead(t *testing.T, w *live.World, dossier string) string {
	t.Helper()
	police := w.As(t, "police")
	item := police.Post(dossier+"/items", live.M{"category": "police", "policeArticle": "8", "text": "Gezien bij de flat.", "observedOn": "2026-01-15"}).Want(created)
	police.Post(item.Place()+"/releases", live.M{"partnerIds": []string{w.Partner("case-director")}, "purpose": "Verstrekking."}).Want(created)
	return item.ID()
}

func disclosed(t *testing.T, w *live.World, f *live.Case) string {
	t.Helper()
	at := undisclosed(t, w, f)
	w.As(t, "police").Post(at+"/consents", live.M{"consents": true}, anyTag).Want(created)
	w.As(t, "case-director").Patch(at, "*", live.M{"state": "disclosed", "secrecySignedOn": "2026-01-15"}).Want(ok)
	return at
}

// todayIs is the day in the municipality.
func todayIs(t *testing.T) string {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Amsterdam")
	require.NoError(t, err)
	return time.Now().In(zone).Format(time.DateOnly)
}
