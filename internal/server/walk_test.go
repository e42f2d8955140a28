package server_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// step is one operation in the walk: who may call it, and what others get.
type step struct {
	op    string
	by    string
	want  int            // what who may call it gets
	body  func() live.M  // what stands in the example's place, because it names records or days
	match string         // path of what If-Match is about; its parameters are filled in
	query string         // appended to the path
	keep  string         // under which parameter the id of what was made is kept
	not   map[string]int // what people without the right get
	own   int            // what somebody of another municipality gets instead of 404
	first func()         // what must be done before
	moves bool           // what it makes goes on by itself, and its tag with it
}

// walk goes through the contract in the order of a dossier's life.
type walk struct {
	*testing.T
	*live.World
	ids  map[string]string
	seen map[string]bool
}

var placeholder = regexp.MustCompile(`\{([a-zA-Z]+)\}`)

// fill puts ids in the place of parameters.
func (w *walk) fill(path string) string {
	return placeholder.ReplaceAllStringFunc(path, func(p string) string {
		if p == "{year}" {
			return "2026" // which is everybody's
		}
		id := w.ids[strings.Trim(p, "{}")]
		if id == "" {
			w.Fatalf("nothing fills %s of %s yet", p, path)
		}
		return id
	})
}

// nowhere is a path of which the last id belongs to nothing.
func (w *walk) nowhere(template string) string {
	at := strings.LastIndex(template, "{")
	end := at + strings.Index(template[at:], "}") + 1
	return w.fill(template[:at]) + uuid.Must(uuid.NewV7()).String() + template[end:]
}

// example is the body of an operation as the contract shows it, with what the step replaces.
func (w *walk) example(op live.Operation, s step) any {
	if op.Spec.RequestBody == nil {
		return nil
	}
	if content, raw := op.Example().(string); raw {
		return content
	}
	example, ok := op.Example().(map[string]any)
	if !ok {
		w.Errorf("%s has no example body", op.ID)
	}
	body := maps.Clone(example)
	if s.body != nil {
		maps.Copy(body, s.body())
	}
	return body
}

// TestWalkThroughTheContract calls every operation as nobody, as people without the right, from
// another municipality, and as who may; live.Client holds every answer against the contract.
func TestWalkThroughTheContract(t *testing.T) {
	t.Parallel()
	w := &walk{T: t, World: live.Start(t), ids: map[string]string{"name": "partner-types", "version": "1"}, seen: map[string]bool{}}
	operations := map[string]live.Operation{}
	for _, op := range w.Contract().Operations {
		operations[op.ID] = op
	}
	for _, s := range w.steps() {
		op, known := operations[s.op]
		if !known {
			t.Fatalf("the contract has no operation %s", s.op)
		}
		w.seen[s.op] = true
		w.take(op, s)
	}
	for id := range operations {
		assert.True(t, w.seen[id], "the walk does not pass %s", id)
	}
	w.logIsClean()
	w.everythingIsLogged()
	w.eventsAreInTheCatalogue()
}

// eventsAreInTheCatalogue holds what happened on the walk against the list of kinds of event.
func (w *walk) eventsAreInTheCatalogue() {
	settledFeed(w.T, w.World)
	list := w.As(w.T, "police").Get("/v1/code-lists/event-kinds").Want(http.StatusOK)
	codes, subjects := list.Texts("codes", "code"), list.Texts("codes", "attributes.subjectType")
	for i, code := range codes {
		n := w.Count(w.T, "select count(*) from feed where dossier_id is not null and replace(name, '.', '-') = '"+code+"' and subject_type <> '"+subjects[i]+"'")
		assert.Zero(w.T, n, "%s is about something else than %s", code, subjects[i])
	}
	var known []string
	for _, code := range codes {
		known = append(known, "'"+code+"'")
	}
	assert.Zero(w.T, w.Count(w.T, "select count(*) from feed where dossier_id is not null and replace(name, '.', '-') not in ("+strings.Join(known, ", ")+")"), "a kind that is not in the list")
}

// take calls one operation in every standing.
func (w *walk) take(op live.Operation, s step) {
	if s.first != nil {
		s.first()
	}
	s.query = w.fill(s.query)
	path, body := w.fill(op.Path)+s.query, w.example(op, s)
	var header []string
	if s.match != "" {
		header = append(header, live.Match(w.As(w.T, s.by).Get(w.fill(s.match)).Want(http.StatusOK).Tag()))
	}
	if !op.Public() {
		w.refuse(op, s, path, body, header)
	}
	method := op.Method
	if op.ID == "streamAlerts" { // a stream does not end; who may call it is told so by its head
		method = http.MethodHead
	}
	caller := w.Nobody(w.T)
	if !op.Public() {
		caller = w.As(w.T, s.by)
	}
	r := caller.Do(method, path, body, header...).Want(s.want)
	if s.keep != "" {
		w.ids[s.keep] = r.ID()
	}
	if r.Place() != "" && s.want == http.StatusCreated {
		made := caller.Get(r.Place())
		if made.Status != http.StatusForbidden { // a dossier that was closed is shielded
			made.Check(http.StatusOK)
			assert.True(w, s.moves || r.Tag() == made.Tag(), "%s: the tag of what was made is that of reading it", op.ID)
		}
	}
	if w.ids["dossierId"] == "" || op.Public() {
		return
	}
	if s.own != 0 {
		w.apart(op, w.As(w.T, "other-director").Do(method, path, body, header...), s.own)
	}
}

// refuse calls an operation as everybody who may not, and shows that nothing is written.
func (w *walk) refuse(op live.Operation, s step, path string, body any, header []string) {
	before := w.Rows(w.T)
	r := w.Nobody(w.T).Do(op.Method, path, body, header...)
	if r.Check(http.StatusUnauthorized) {
		assert.Equal(w, "Bearer", r.Header.Get("WWW-Authenticate"), "%s of nobody", op.ID)
	}
	for who, status := range s.not {
		r := w.As(w.T, who).Do(op.Method, path, body, header...)
		if !r.Check(status) {
			w.Logf("that was %s as %s", op.ID, who)
		}
		if r.Status == http.StatusNotFound {
			w.like(r, w.As(w.T, who).Do(op.Method, w.nowhere(op.Path)+s.query, body, header...))
		}
	}
	if s.own == 0 {
		abroad := w.As(w.T, "other-director")
		r := abroad.Do(op.Method, path, body, header...)
		if !r.Check(http.StatusNotFound) {
			w.Logf("that was %s from another municipality", op.ID)
		}
		w.like(r, abroad.Do(op.Method, w.nowhere(op.Path)+s.query, body, header...))
	}
	assert.Equal(w, before, w.Rows(w.T), "%s was refused and wrote something", op.ID)
}

// apart shows that somebody of another municipality meets nothing of this one.
func (w *walk) apart(op live.Operation, r *live.Reply, status int) {
	if !r.Check(status) {
		w.Logf("that was %s from another municipality", op.ID)
	}
	for name, id := range w.ids {
		if name != "name" && name != "version" {
			assert.NotContains(w, string(r.Raw), id, "%s shows the %s of another municipality", op.ID, name)
		}
	}
}

// like shows that what may not be known answers as what is not there.
func (w *walk) like(hidden, absent *live.Reply) {
	assert.Equal(w, absent.Status, hidden.Status, "what is hidden answers another status than what is not there: %s", hidden.Raw)
	assert.Equal(w, bare(absent), bare(hidden), "what is hidden answers otherwise than what is not there")
	header := func(r *live.Reply) http.Header {
		h := r.Header.Clone()
		for _, name := range []string{"Date", "Ratelimit", "Content-Length"} {
			h.Del(name)
		}
		return h
	}
	assert.Equal(w, header(absent), header(hidden), "what is hidden has other headers than what is not there")
}

// bare is a problem without what is different each time.
func bare(r *live.Reply) string {
	body, _ := r.Body.(live.M)
	body = maps.Clone(body)
	delete(body, "instance")
	text, _ := json.Marshal(body)
	return string(text)
}

// logIsClean shows that nothing that people wrote or are called came into the log.
func (w *walk) logIsClean() {
	text := w.Log.Text()
	for _, private := range []string{
		"Verhoeven", "De Passage", "nuisance near the entrance", "Kuipers", "bram", "@police.example", "Visit the residents", "eyJ", w.ids["dossierId"],
	} {
		assert.NotContains(w, text, private, "the log tells what it may not")
	}
	assert.Contains(w, text, `"route":"/v1/dossiers/:dossierId"`)
}
