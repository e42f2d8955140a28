package server_test

import (
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// merging merges another registration into a person.
func merging(by *live.Client, person, other string) *live.Reply {
	return by.Post("/v1/persons/"+person+"/merges", sameAs(other), anyTag)
}

// twice is a person who is registered in two dossiers of the case director, of which the police know the first.
func twice(t *testing.T, w *live.World) (first, second string, open, alone *live.Case) {
	t.Helper()
	open, alone = w.Case(t), w.Opened(t, live.M{"basis": "consent"})
	alone.Direct(t)
	by := w.As(t, "case-director")
	register := func(at *live.Case, given string) string {
		id := by.Post("/v1/persons", live.M{"givenNames": given, "familyName": "Verhaag"}).Want(created).ID()
		by.Post(at.Path+"/subjects", asSubject(id)).Want(created)
		by.Post("/v1/persons/"+id+"/consents", consent(at.ID)).Want(created)
		return id
	}
	return register(open, "Ilona"), register(alone, "Ilonka"), open, alone
}

func TestPerson_two_registrations_become_one_and_two_again(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	first, second, open, alone := twice(t, w)
	by := w.As(t, "case-director")
	one, other := "/v1/persons/"+first, "/v1/persons/"+second
	tag := by.Get(one).Want(ok).Tag()
	by.Post(one+"/merges", sameAs(second), live.Match(`"x"`)).Check(stale)
	made := by.Post(one+"/merges", sameAs(second), live.Match(tag)).Want(created)
	assert.Equal(t, []any{first, second, "Ilona Verhaag", "Ilonka Verhaag", "Dubbel geregistreerd."},
		[]any{made.At("personId"), made.At("otherPersonId"), made.At("person.name"), made.At("otherPerson.name"), made.At("reason")})
	assert.Equal(t, tag, by.Get(one).Want(ok).Tag(), "the one that goes on is as it was")

	t.Run("a search finds the one that goes on, by either name", func(t *testing.T) {
		for _, name := range []string{"Ilona Verhaag", "Ilonka", "Verhaag"} {
			assert.Equal(t, []string{first}, by.Post(personSearch, live.M{"name": name}).Want(ok).IDs(), name)
		}
		assert.NotContains(t, by.Get(one+"/duplicate-candidates").Want(ok).IDs(), second)
		assert.NotContains(t, by.Get(other+"/duplicate-candidates").Want(ok).IDs(), first)
	})
	t.Run("the other is read and no longer changed", func(t *testing.T) {
		seen := by.Get(other).Want(ok)
		assert.Equal(t, first, seen.At("mergedIntoId"))
		assert.NotContains(t, seen.Allowed(), "updatePerson")
		for _, refused := range []*live.Reply{
			by.Patch(other, "*", live.M{"phone": "0400000000"}), by.Post(open.Path+"/subjects", asSubject(second)), by.Post(other+"/consents", consent(alone.ID)),
		} {
			assert.Contains(t, refused.Want(conflict).Text("detail"), first)
		}
	})
	t.Run("what the other consented to is read and recorded with the one", func(t *testing.T) {
		assert.Len(t, by.Get(one+"/consents").Want(ok).IDs(), 2)
		given := by.Post(one+"/consents", consent(alone.ID)).Want(created)
		assert.Equal(t, second, given.At("personId"), "as it is registered in that dossier")
		by.Get(one + "/consents/" + given.ID()).Check(ok)
		by.Post(one+"/consents/"+given.ID()+"/withdrawals", live.M{"withdrawnBy": "person"}, anyTag).Check(created)
	})
	t.Run("the same role in one dossier is that of one person", func(t *testing.T) {
		by.Post(alone.Path+"/subjects", asSubject(first)).Check(conflict)
	})
	t.Run("a merge is read on both sides", func(t *testing.T) {
		assert.Equal(t, []string{made.ID()}, by.Get(one+"/merges").Want(ok).IDs())
		assert.Equal(t, []string{made.ID()}, by.Get(other+"/merges").Want(ok).IDs())
		assert.Contains(t, by.Get(made.Place()).Want(ok).Allowed(), "reversePersonMerge")
	})
	t.Run("reversed they are two, once", func(t *testing.T) {
		reversal := live.M{"reason": "Twee zussen."}
		by.Post(made.Place()+"/reversals", reversal, live.Match(`"x"`)).Check(stale)
		ended := by.Post(made.Place()+"/reversals", reversal, live.Match(made.Tag())).Want(created)
		assert.Equal(t, "Twee zussen.", ended.At("reversalReason"))
		assert.NotContains(t, ended.Allowed(), "reversePersonMerge")
		by.Post(made.Place()+"/reversals", reversal, anyTag).Check(conflict)
		assert.ElementsMatch(t, []string{first, second}, by.Post(personSearch, live.M{"name": "Verhaag"}).Want(ok).IDs())
		assert.Nil(t, by.Get(other).Want(ok).At("mergedIntoId"))
		assert.Len(t, by.Get(one+"/consents").Want(ok).IDs(), 1)
		assert.Len(t, by.Get(other+"/consents").Want(ok).IDs(), 2)
		by.Patch(other, "*", live.M{"phone": "0400000000"}).Check(ok)
		merging(by, second, first).Check(created)
	})
}

func TestPerson_a_merge_changes_nothing_for_who_reads_one_of_the_two(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	first, second, _, _ := twice(t, w)
	by, police := w.As(t, "case-director"), w.As(t, "police")
	for _, side := range [][2]string{{first, second}, {second, first}} {
		asks := func() (all []string) {
			for _, path := range []string{"", "/consents", "/merges", "/duplicate-candidates"} {
				all = append(all, string(police.Get("/v1/persons/"+first+path).Want(ok).Raw))
			}
			return append(all, string(police.Post(personSearch, live.M{"name": "Verhaag"}).Want(ok).Raw))
		}
		before := asks()
		made := merging(by, side[0], side[1]).Want(created)
		assert.Equal(t, before, asks())
		police.Get("/v1/persons/" + second).Check(notFound)
		police.Get("/v1/persons/" + first + "/merges/" + made.ID()).Check(notFound)
		by.Post(made.Place()+"/reversals", live.M{"reason": "Toch niet."}, anyTag).Want(created)
	}
}

func TestPerson_a_number_does_not_find_by_way_of_a_merge_who_may_not_know_it(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	first, _, _, alone := twice(t, w)
	by := w.As(t, "case-director")
	second := numbered(t, w, "case-director")
	by.Post(alone.Path+"/subjects", live.M{"personId": second, "role": "victim"}).Want(created)
	w.As(t, "director").Post(alone.Path+"/matrix-exceptions", live.M{"partnerId": w.Partner("case-director"), "category": "bsn", "level": "none", "reason": "Nee."}).Want(created)
	number := live.M{"bsn": "999970008"}
	assert.Empty(t, by.Post(personSearch, number).Want(ok).IDs())
	merging(by, first, second).Want(created)
	assert.Empty(t, by.Post(personSearch, number).Want(ok).IDs())
}

func TestPerson_what_is_not_merged(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	first, second, open, _ := twice(t, w)
	by := w.As(t, "case-director")
	register := func() string { return by.Post("/v1/persons", somebody()).Want(created).ID() }
	t.Run("with itself, and with whom the caller may not read", func(t *testing.T) {
		hidden := w.As(t, "police").Post("/v1/persons", somebody()).Want(created).ID()
		refusedAt(t, merging(by, first, first), "/otherPersonId")
		refusedAt(t, merging(by, first, hidden), "/otherPersonId")
		refusedAt(t, merging(by, first, "019a2f6e-5c1b-7d3a-9f40-2b7c8d9e0f11"), "/otherPersonId")
		merging(by, hidden, first).Check(notFound)
	})
	t.Run("by who may not change both", func(t *testing.T) {
		merging(w.As(t, "police"), first, second).Check(forbidden)
		mine := w.As(t, "police").Post("/v1/persons", somebody()).Want(created).ID()
		merging(w.As(t, "police"), mine, first).Check(forbidden)
	})
	t.Run("without having read it", func(t *testing.T) {
		by.Post("/v1/persons/"+first+"/merges", sameAs(second)).Check(http.StatusPreconditionRequired)
	})
	t.Run("two citizen service numbers", func(t *testing.T) {
		one, other := numbered(t, w, "case-director"), numbered(t, w, "case-director", live.M{"bsn": "999970021"})
		assert.Contains(t, merging(by, one, other).Want(conflict).Text("detail"), "burgerservicenummers verschillen")
		merging(by, one, numbered(t, w, "case-director")).Check(created)
	})
	t.Run("two numbers of which the caller may know neither", func(t *testing.T) {
		one, other := numbered(t, w, "case-director"), numbered(t, w, "case-director", live.M{"bsn": "999970021"})
		shut := w.Opened(t, live.M{"basis": "consent"})
		shut.Direct(t)
		for _, id := range []string{one, other} {
			by.Post(shut.Path+"/subjects", asSubject(id)).Want(created)
		}
		w.As(t, "director").Post(shut.Path+"/matrix-exceptions", live.M{"partnerId": w.Partner("case-director"), "category": "bsn", "level": "none", "reason": "Nee."}).Want(created)
		assert.NotContains(t, merging(by, one, other).Want(conflict).Text("detail"), "burgerservicenummer")
	})
	t.Run("one that was merged already, and in a circle", func(t *testing.T) {
		a, b, c := register(), register(), register()
		merging(by, b, a).Want(created)
		merging(by, c, a).Check(conflict)
		merging(by, a, c).Check(conflict)
		merging(by, a, b).Check(conflict)
		merging(by, c, b).Want(created)
		merging(by, b, c).Check(conflict)
		assert.Equal(t, []string{c}, by.Post(personSearch, live.M{"name": "Ilona van Verhaag"}).Want(ok).IDs()[:1])
	})
	t.Run("a parent with its child", func(t *testing.T) {
		mother, child := register(), register()
		by.Post(open.Path+"/subjects", live.M{"personId": mother, "role": "victim"}).Want(created)
		by.Post(open.Path+"/subjects", live.M{"personId": child, "role": "child", "relatedPersonId": mother}).Want(created)
		merging(by, mother, child).Check(conflict)
	})
}

func TestPerson_merges_at_once_make_no_circle(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	by := w.As(t, "case-director")
	ids := make([]string, 4)
	for i := range ids {
		ids[i] = by.Post("/v1/persons", somebody()).Want(created).ID()
	}
	var all sync.WaitGroup
	answers := make([]int, len(ids))
	for i, id := range ids {
		all.Go(func() { answers[i] = merging(by, id, ids[(i+1)%len(ids)]).Status })
	}
	all.Wait()
	made := 0
	for _, status := range answers {
		assert.Contains(t, []int{created, conflict}, status)
		made += map[bool]int{true: 1}[status == created]
	}
	assert.Less(t, made, len(ids))
	assert.Positive(t, made)
	assert.NotEmpty(t, by.Post(personSearch, live.M{"name": "Ilona"}).Want(ok).IDs())
}

// TestPerson_a_merge_and_its_reversal_leave_everything_as_it_was registers random persons in two dossiers: whatever they
// have, the tables are the same at each step, and with a merge nobody sees more than before.
func TestPerson_a_merge_and_its_reversal_leave_everything_as_it_was(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	_, _, open, alone := twice(t, w)
	by := w.As(t, "case-director")
	readers := []string{"case-director", "police", "housing", "social", "director", "auditor"}
	for n := range cases(t) {
		first, second := anybody().Example(2*n).registered(t, w, open, alone), anybody().Example(2*n+1).registered(t, w, open, alone)
		sees := func() (all [][]string) {
			for _, who := range readers {
				var seen []string
				for _, id := range []string{first, second} {
					seen = append(seen, withoutTie(w.As(t, who).Get("/v1/persons/"+id+"/consents")), withoutTie(w.As(t, who).Get("/v1/persons/"+id)))
				}
				all = append(all, seen)
			}
			return all
		}
		var apart [][][]string // the consents of both, as each reader sees them
		for _, who := range readers {
			of := func(id string) []string { return w.As(t, who).Get("/v1/persons/" + id + "/consents?limit=200").IDs() }
			apart = append(apart, [][]string{of(first), of(second)})
		}
		rows, before := digest(t, w), sees()
		made := merging(by, first, second)
		if made.Status == conflict { // a number each
			assert.Equal(t, rows, digest(t, w))
			continue
		}
		made.Want(created)
		assert.Equal(t, rows, digest(t, w))
		for i, seen := range sees() {
			assert.Equal(t, before[i][1:], seen[1:], "%s: what each says of itself, and what the other consented to", readers[i])
		}
		for i, who := range readers {
			union := slices.Concat(apart[i]...)
			for _, id := range w.As(t, who).Get("/v1/persons/" + first + "/consents").IDs() {
				assert.Contains(t, union, id, who)
			}
		}
		assert.ElementsMatch(t, slices.Concat(apart[0]...), by.Get("/v1/persons/"+first+"/consents?limit=200").IDs(), "nothing is lost")
		by.Post(made.Place()+"/reversals", live.M{"reason": "Toch niet."}, anyTag).Want(created)
		assert.Equal(t, rows, digest(t, w))
		assert.Equal(t, before, sees())
	}
}

// sketch is what there can be of a person.
type sketch struct {
	body     live.M
	role     string
	in       []bool // of which dossiers it is a subject
	consents int    // in each
}

func anybody() *rapid.Generator[sketch] {
	return rapid.Custom(func(t *rapid.T) sketch {
		s := sketch{
			body: live.M{"givenNames": rapid.SampledFrom([]string{"Ilona", "Noor"}).Draw(t, "name"), "familyName": "Verhaag"},
			role: rapid.SampledFrom([]string{"subject", "victim"}).Draw(t, "role"), consents: rapid.IntRange(0, 2).Draw(t, "consents"),
			in: rapid.SliceOfN(rapid.Bool(), 2, 2).Draw(t, "in"),
		}
		if rapid.Bool().Draw(t, "address") {
			s.body["address"] = live.M{"street": "Bakkersweide", "houseNumber": "1", "postcode": "5501 AA", "town": "Veldhoven"}
			s.body["addressSecret"] = rapid.Bool().Draw(t, "secret")
		}
		if number := rapid.SampledFrom([]string{"", "", "999970008", "999970021"}).Draw(t, "number"); number != "" {
			s.body["bsn"], s.body["bsnGround"] = number, "wgs"
		}
		return s
	})
}

func (s sketch) registered(t *testing.T, w *live.World, dossiers ...*live.Case) string {
	t.Helper()
	by := w.As(t, "case-director")
	id := by.Post("/v1/persons", s.body).Want(created).ID()
	for i, f := range dossiers {
		if !s.in[i] {
			continue
		}
		by.Post(f.Path+"/subjects", live.M{"personId": id, "role": s.role}).Want(created)
		for range s.consents {
			by.Post("/v1/persons/"+id+"/consents", consent(f.ID)).Want(created)
		}
	}
	return id
}

// withoutTie is what a reader has of a person, but into whom it was merged and what follows of that.
func withoutTie(r *live.Reply) string {
	body, _ := r.Body.(map[string]any)
	for _, name := range []string{"mergedIntoId", "etag", "allowedOperations", "instance", "traceId"} {
		delete(body, name)
	}
	return withheldIn(body)
}

// digest is a number for all that is known of persons.
func digest(t *testing.T, w *live.World) int {
	t.Helper()
	return w.Count(t, `select ('x' || substr(md5(string_agg(row, '|' order by row)), 1, 7))::bit(28)::int from (
		select to_jsonb(p)::text from person p union all select to_jsonb(s)::text from subject s union all select to_jsonb(c)::text from consent c) all_rows(row)`)
}
