package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

const (
	evaluation  = "/access/v1/evaluation"
	evaluations = "/access/v1/evaluations"
)

// may is an evaluation on a category of the case.
func (l *lens) may(who, action, category string) live.M {
	return live.M{
		"subject": live.M{"type": "professional", "id": l.Person(who)}, "action": live.M{"name": action},
		"resource": live.M{"type": "dossier", "id": l.file.ID, "properties": live.M{"category": category}},
	}
}

// TestAuthZENDecides holds every decision against the explanation that the same asker gets.
func TestAuthZENDecides(t *testing.T) {
	t.Parallel()
	l := newLens(t)
	hidden, own := l.file.Item(t, "mental-health", "health").ID(), l.file.Item(t, "police", "police").ID()
	item := func(who, id string) live.M {
		q := l.may(who, "read", "")
		q["resource"] = live.M{"type": "information-item", "id": id}
		return q
	}
	for name, c := range map[string]struct {
		asker    string
		body     live.M
		decision bool
		reason   string
	}{
		"allowed":                       {"director", l.may("police", "see-all", "identity"), true, "cell-gives"},
		"denied":                        {"director", l.may("police", "read", "health"), false, "cell-lacks"},
		"his own entry":                 {"police", item("police", own), true, "item-own"},
		"an item that is hidden":        {"police", item("police", hidden), false, "not-found"},
		"an item that is not there":     {"police", item("police", l.file.ID), false, "not-found"},
		"others, by who takes part":     {"police", l.may("housing", "read", "plan"), false, "forbidden"},
		"a dossier that is hidden":      {"auditor", l.may("auditor", "read", "plan"), false, "not-found"},
		"from another municipality":     {"other-director", l.may("police", "read", "plan"), false, "not-found"},
		"an unknown act":                {"director", l.may("police", "erase", "plan"), false, "not-found"},
		"an unknown category":           {"director", l.may("police", "read", "nonsense"), false, "not-found"},
		"a subject that is no id":       {"director", live.M{"subject": live.M{"type": "professional", "id": "alice"}, "action": live.M{"name": "read"}, "resource": l.may("police", "", "plan")["resource"]}, false, "not-found"},
		"a type of subject not of here": {"director", live.M{"subject": live.M{"type": "user", "id": l.Person("police")}, "action": live.M{"name": "read"}, "resource": l.may("police", "", "plan")["resource"]}, false, "not-found"},
		"a partner":                     {"director", live.M{"subject": live.M{"type": "partner", "id": l.Partner("police")}, "action": live.M{"name": "read"}, "resource": l.may("police", "", "plan")["resource"]}, true, "cell-gives"},
	} {
		t.Run(name, func(t *testing.T) {
			r := l.As(t, c.asker).Post(evaluation, c.body, "X-Request-ID: bfe9eb29-ab87-4ca3-be83-a1d5d8305716").Want(ok)
			assert.Equal(t, c.decision, r.At("decision"))
			assert.Equal(t, c.reason, r.Text("context.reason"), "%s", r.Raw)
			assert.Equal(t, "bfe9eb29-ab87-4ca3-be83-a1d5d8305716", r.Header.Get("X-Request-ID"))
			assert.Equal(t, "application/json", r.Header.Get("Content-Type"))
		})
	}
}

func TestAuthZENSeveral(t *testing.T) {
	t.Parallel()
	l := newLens(t)
	director := l.As(t, "director")
	yes, no := live.M{"action": live.M{"name": "see-all"}}, live.M{"action": live.M{"name": "edit-all"}}
	several := func(semantic string, each ...live.M) live.M {
		body := l.may("police", "see-all", "identity")
		delete(body, "action")
		body["evaluations"] = each
		if semantic != "" {
			body["options"] = live.M{"evaluations_semantic": semantic}
		}
		return body
	}
	for name, c := range map[string]struct {
		body live.M
		want []any
	}{
		"each in its place, with what they share": {several("", yes, no, yes), []any{true, false, true}},
		"all of them":                                 {several("execute_all", no, yes), []any{false, true}},
		"up to the first refusal":                     {several("deny_on_first_deny", yes, no, yes), []any{true, false}},
		"up to the first permission":                  {several("permit_on_first_permit", no, yes, no), []any{false, true}},
		"one that is wrong is a refusal in its place": {several("", yes, live.M{"action": live.M{}}), []any{true, false}},
	} {
		t.Run(name, func(t *testing.T) {
			r := director.Post(evaluations, c.body).Want(ok)
			var got []any
			for _, one := range list(r, "evaluations") {
				got = append(got, live.At(one, "decision"))
			}
			assert.Equal(t, c.want, got)
		})
	}
	t.Run("what is wrong with one is said", func(t *testing.T) {
		r := director.Post(evaluations, several("", live.M{"action": live.M{}})).Want(ok)
		assert.Equal(t, 400.0, r.At("evaluations.0.context.error.status"))
		assert.NotEmpty(t, r.Text("evaluations.0.context.error.message"))
	})
	t.Run("without evaluations it is a single one", func(t *testing.T) {
		assert.Equal(t, true, director.Post(evaluations, l.may("police", "see-all", "identity")).Want(ok).At("decision"))
	})
	many := make([]live.M, 101)
	for i := range many {
		many[i] = yes
	}
	director.Post(evaluations, several("", many...)).Check(invalid)
	director.Post(evaluations, several("whatever", yes)).Check(invalid)
}

func TestAuthZENFailures(t *testing.T) {
	t.Parallel()
	l := newLens(t)
	director, good := l.As(t, "director"), l.may("police", "read", "plan")
	without := func(name string) live.M {
		body := live.M{"subject": good["subject"], "action": good["action"], "resource": good["resource"]}
		delete(body, name)
		return body
	}
	for name, c := range map[string]struct {
		body   any
		header string
		want   int
	}{
		"no subject":             {without("subject"), "", invalid},
		"no action":              {without("action"), "", invalid},
		"no resource":            {without("resource"), "", invalid},
		"a subject that is text": {live.M{"subject": "alice", "action": good["action"], "resource": good["resource"]}, "", invalid},
		"a context that is text": {live.M{"subject": good["subject"], "action": good["action"], "resource": good["resource"], "context": "x"}, "", invalid},
		"no JSON":                {"{", "", invalid},
		"a key twice":            {`{"subject":{},"subject":{}}`, "", invalid},
		"a list":                 {"[]", "", invalid},
		"another media type":     {good, "Content-Type: text/plain", invalid},
		"too much":               {fmt.Sprintf(`{"x":%q}`, strings.Repeat("x", 1<<20)), "", http.StatusRequestEntityTooLarge},
		"a preview":              {good, "Preview-As-Partner: " + l.Partner("police"), invalid},
		"keys that are unknown":  {live.M{"subject": good["subject"], "action": good["action"], "resource": good["resource"], "extra": 1, "context": live.M{"time": "2026-01-01T00:00:00Z"}}, "", ok},
	} {
		t.Run(name, func(t *testing.T) {
			header := []string{}
			if c.header != "" {
				header = append(header, c.header)
			}
			r := director.Post(evaluation, c.body, append(header, "X-Request-ID: 7")...)
			if r.Check(c.want) && c.want != ok {
				text, _ := r.Body.(string)
				assert.NotEmpty(t, text, "a failure is a text: %s", r.Raw)
				assert.Equal(t, "7", r.Header.Get("X-Request-ID"))
			}
		})
	}
	refused := l.Nobody(t).Post(evaluation, good)
	refused.Check(http.StatusUnauthorized)
	assert.Equal(t, "Bearer", refused.Header.Get("WWW-Authenticate"))
	director.Get(evaluation).Check(http.StatusMethodNotAllowed)
	metadata := l.Nobody(t).Get("/.well-known/authzen-configuration").Want(ok)
	assert.Equal(t, live.M{"policy_decision_point": l.URL, "access_evaluation_endpoint": l.URL + evaluation, "access_evaluations_endpoint": l.URL + evaluations}, metadata.Body)
}
