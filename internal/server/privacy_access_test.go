package server_test

import (
	"bufio"
	"encoding/csv"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

const logOf = "/access-log?purpose=internal-control"

// loggedFor are the operations in the access log of a dossier with this outcome by somebody, the latest first.
func loggedFor(t *testing.T, w *live.World, dossier, by, outcome string) (operations []string) {
	t.Helper()
	path := "/v1/access-log?purpose=legality-control&limit=200&dossierId=" + dossier + "&outcome=" + outcome
	if by != "" {
		path += "&professionalId=" + w.Person(by)
	}
	return w.As(t, "auditor").Get(path).Want(ok).Texts("items", "operation")
}

func TestPrivacy_L05_every_view_write_and_search_leaves_who_what_when_and_by_which_right(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, other := w.Case(t), w.Opened(t, live.M{})
	item := f.Item(t, "police", "police")
	police, auditor := w.As(t, "police"), w.As(t, "auditor")
	police.Get(f.Path).Want(ok)

	t.Run("a view", func(t *testing.T) {
		line := live.At(auditor.Get("/v1/access-log?purpose=legality-control&operation=getDossier&dossierId="+f.ID+"&professionalId="+w.Person("police")).Want(ok).Body, "items.0")
		assert.Equal(t, []any{"getDossier", w.Person("police"), w.Partner("police"), f.ID, "allowed", 200.0, "covenant", nil, nil, nil},
			[]any{live.At(line, "operation"), live.At(line, "professionalId"), live.At(line, "partnerId"), live.At(line, "dossierId"), live.At(line, "outcome"), live.At(line, "status"),
				live.At(line, "basis"), live.At(line, "subject"), live.At(line, "dossier"), live.At(line, "purpose")})
		assert.Contains(t, live.At(line, "categories"), "police")
		assert.NotContains(t, live.At(line, "categories"), "health")
		assert.Equal(t, []any{"participant"}, live.At(line, "grounds"))
	})
	t.Run("a write", func(t *testing.T) {
		assert.Contains(t, loggedFor(t, w, f.ID, "police", "allowed"), "addItem")
	})
	t.Run("a list and a search have a line for each dossier in the answer, and for no other", func(t *testing.T) {
		police.Get("/v1/dossiers").Want(ok)
		police.Post("/v1/dossiers/_search", live.M{}).Want(ok)
		for _, operation := range []string{"listDossiers", "searchDossiers"} {
			assert.Contains(t, loggedFor(t, w, f.ID, "police", "allowed"), operation)
			assert.NotContains(t, loggedFor(t, w, other.ID, "police", "allowed"), operation)
		}
	})
	t.Run("a person", func(t *testing.T) {
		person := about(t, w, f.Path)["personId"]
		w.As(t, "case-director").Get("/v1/persons/" + person).Want(ok)
		assert.Contains(t, auditor.Get("/v1/access-log?purpose=court&personId="+person).Want(ok).Texts("items", "operation"), "getPerson")
	})
	t.Run("a refusal, and what is not there", func(t *testing.T) {
		police.Patch(f.Path, `"x"`, live.M{"purpose": "Anders."}).Check(forbidden)
		assert.Contains(t, loggedFor(t, w, f.ID, "police", "refused"), "updateDossier")
		police.Get(other.Path).Check(notFound)
		assert.Contains(t, loggedFor(t, w, other.ID, "police", "not-found"), "getDossier")
	})
	t.Run("a preview is the director's, and says through whom", func(t *testing.T) {
		w.As(t, "director").Get(item.Place(), "Preview-As-Professional: "+w.Person("police")).Want(ok)
		line := live.At(auditor.Get("/v1/access-log?purpose=court&operation=getItem&professionalId="+w.Person("director")).Want(ok).Body, "items.0")
		assert.Equal(t, []any{w.Person("police"), f.ID}, []any{live.At(line, "seenAsProfessionalId"), live.At(line, "dossierId")})
	})
}

func TestPrivacy_L05_the_log_is_read_by_few_and_reading_it_is_logged(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	for _, who := range []string{"auditor", "privacy-officer"} {
		w.As(t, who).Get("/v1" + logOf).Want(ok)
		w.As(t, who).Get(f.Path + logOf).Want(ok)
		w.As(t, who).Get("/v1/dossiers/" + w.Person("police") + logOf).Check(notFound)
	}
	for _, who := range []string{"case-director", "director"} {
		assert.Contains(t, w.As(t, who).Get(f.Path+logOf).Want(ok).Texts("items", "operation"), "openDossier")
		w.As(t, who).Get("/v1" + logOf).Check(forbidden)
	}
	w.As(t, "police").Get(f.Path + logOf).Check(forbidden)
	w.As(t, "other-director").Get(f.Path + logOf).Check(notFound)

	read := w.As(t, "auditor").Get("/v1/access-log?purpose=court&operation=listAccessLog").Want(ok)
	assert.Contains(t, read.Texts("items", "professionalId"), w.Person("privacy-officer"))
	assert.Contains(t, read.Texts("items", "purpose"), "internal-control")
	assert.Contains(t, read.Texts("items", "outcome"), "refused")

	t.Run("it is exported as a table", func(t *testing.T) {
		for _, path := range []string{"/v1" + logOf + "&limit=2", f.Path + logOf + "&limit=2"} {
			r := w.As(t, "auditor").Get(path, asTable).Want(ok)
			assert.Equal(t, "text/csv", r.Header.Get("Content-Type"))
			rows, err := csv.NewReader(strings.NewReader(string(r.Raw))).ReadAll()
			require.NoError(t, err)
			require.Len(t, rows, 3)
			assert.Equal(t, []string{"at", "operation", "acts", "professional_id"}, rows[0][:4])
			assert.Contains(t, []string{"listAccessLog", "listDossierAccessLog", "getDossier", "openDossier"}, rows[1][1])
			assert.NotEmpty(t, r.Header.Get("Link"), "the next page")
		}
	})
	t.Run("no operation changes it", func(t *testing.T) {
		for _, op := range w.Contract().Operations {
			if strings.HasSuffix(op.Path, "/access-log") {
				assert.Equal(t, http.MethodGet, op.Method)
			}
		}
	})
	t.Run("it holds no content", func(t *testing.T) {
		assert.Zero(t, w.Count(t, "select count(*) from access_line l where l::text ~* 'Verhoeven|overlast|De Passage|Bearer|/v1/'"))
	})
}

func TestPrivacy_L05_without_its_line_no_answer_leaves(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	police := w.As(t, "police")
	w.Log.Expect("request failed")
	w.Exec(t, "revoke insert on access_line from wijkregie_app")
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.URL+f.Path, nil)
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+police.Token())
	r, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	assert.Equal(t, http.StatusServiceUnavailable, r.StatusCode)
	assert.Equal(t, []string{"", "1", "application/problem+json"}, []string{r.Header.Get("ETag"), r.Header.Get("Retry-After"), r.Header.Get("Content-Type")})
	assert.NotContains(t, string(body), f.ID)
	w.Exec(t, "grant insert on access_line to wijkregie_app")
	police.Get(f.Path).Want(ok)
}

func TestPrivacy_L06_access_without_a_purpose_is_refused(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, auditor := w.Case(t), w.As(t, "auditor")
	for _, path := range []string{"/v1/access-log", f.Path + "/access-log"} {
		refused(t, auditor.Get(path), "required")
		auditor.Get(path + "?purpose=curiosity").Check(invalid)
	}
	refusedAt(t, w.As(t, "police").Post("/v1/emergency-accesses", live.M{"dossierNumber": "2026-000001"}), "/purpose")
	without := opening("Jan")
	delete(without, "purpose")
	refusedAt(t, w.As(t, "police").Post("/v1/dossiers", without), "/purpose")
}

// TestPrivacy_L05_what_leaves_by_another_way_has_its_line goes by the ways out that the package of the log names, beside the
// operations of the contract, which the walk passes.
func TestPrivacy_L05_what_leaves_by_another_way_has_its_line(t *testing.T) {
	t.Parallel()
	w := live.Start(t, here)
	f, r := w.Case(t), newReceiver(t)
	subscribed(t, w, r, nil)
	count := func(operation, more string) int {
		return w.Count(t, "select count(*) from access_line where operation = '"+operation+"' and outcome = 'allowed' and dossier_id = '"+f.ID+"' and "+more)
	}
	told := make(chan struct{})
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.URL+"/v1/alert-stream", nil)
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+w.As(t, "case-director").Token())
	stream, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	go func() {
		defer close(told)
		lines := bufio.NewScanner(stream.Body)
		for lines.Scan() && !strings.Contains(lines.Text(), f.ID) {
		}
	}()
	f.Item(t, "police", "police")
	<-told
	assert.NotZero(t, count("streamAlerts", "professional_id = '"+w.Person("case-director")+"'"), "the stream")
	stream.Body.Close()

	require.Eventually(t, func() bool { return slices.Contains(r.kinds(f.ID), "item-added") && w.Pending(t) == 0 && idle(t, w) }, soon, often)
	assert.NotZero(t, count("sendWebhook", "client_id is not null"), "a webhook")
	require.Eventually(t, func() bool { return count("sendMail", "professional_id = '"+w.Person("case-director")+"'") > 0 }, soon, often, "a mail")

	feed := w.As(t, "case-director").Post("/v1/calendar-feeds", live.M{}).Want(created)
	answer, err := http.Get(feed.Text("address"))
	require.NoError(t, err)
	answer.Body.Close()
	assert.NotZero(t, w.Count(t, "select count(*) from access_line where operation = 'readCalendar' and professional_id = '"+w.Person("case-director")+"'"), "a calendar")

	w.As(t, "police").Do(http.MethodPost, "/access/v1/evaluation", live.M{})
	assert.NotZero(t, w.Count(t, "select count(*) from access_line where operation = 'evaluateAccess'"), "a question of another system")
}

// everythingIsLogged shows that each operation that is not public has left its line.
func (w *walk) everythingIsLogged() {
	for _, op := range w.Contract().Operations {
		if !op.Public() {
			assert.NotZero(w, w.Count(w.T, "select count(*) from access_line where outcome = 'allowed' and operation = '"+op.ID+"'"), "%s leaves no line in the access log", op.ID)
		}
	}
}

// accessLog reads who looked at what.
func (w *walk) accessLog() []step {
	return []step{
		{op: "listAccessLog", by: "auditor", want: ok, query: "?purpose=court", not: statuses{"director": forbidden, "police-system": forbidden}, own: forbidden},
		{op: "listDossierAccessLog", by: "case-director", want: ok, query: "?purpose=court", not: statuses{"police": forbidden}},
	}
}

// accessLogRights are the lines of the table on the access log; officer and revisor were hired for the assertions.
func (c *court) accessLogRights() []right {
	all, one := get(at("/v1"+logOf)), get(at(c.file.Path+logOf))
	return []right{
		{"access-log.read", "privacy-officer", "officer", "regisseur", forbidden, all},
		{"access-log.read", "auditor", "revisor", "case-director", forbidden, all},
		{"dossier-access-log.read", "case-director", "case-director", "police", forbidden, one},
		{"dossier-access-log.read", "municipal-director", "regisseur", "police", forbidden, one},
	}
}

// logFilters choose a part of the log that does not grow while it is read.
func logFilters(more string) []string {
	return []string{"&purpose=court&until=" + time.Now().UTC().Format(time.RFC3339) + more}
}
