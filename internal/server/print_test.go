package server_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
	"github.com/wijkregie/wijkregie/internal/testkit/pdftext"
)

const (
	asPrint   = "Accept: application/pdf"
	inEnglish = "Accept-Language: en"
)

// printed is the text of a print as somebody gets it.
func printed(t *testing.T, who *live.Client, path string, header ...string) string {
	t.Helper()
	r := who.Get(path, append(header, asPrint)...).Want(ok)
	assert.Equal(t, "application/pdf", r.Header.Get("Content-Type"))
	assert.Equal(t, fmt.Sprint(len(r.Raw)), r.Header.Get("Content-Length"))
	assert.Contains(t, r.Header.Values("Vary"), "Accept")
	return pdftext.Of(r.Raw)
}

var machine = regexp.MustCompile(`^([a-z0-9-]+|\d{4}-\d\d-\d\dT.*|".*"|BU\d+)$`)

// written are the texts of an answer that people wrote: names, titles, descriptions.
func written(value any) (texts []string) {
	switch v := value.(type) {
	case live.M:
		for name, one := range v {
			if name != "allowedOperations" && name != "etag" {
				texts = append(texts, written(one)...)
			}
		}
	case []any:
		for _, one := range v {
			texts = append(texts, written(one)...)
		}
	case string:
		if !machine.MatchString(v) {
			texts = append(texts, strings.Join(strings.Fields(v), " "))
		}
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}

// report is a case with everything that is printed, and the paths of its prints.
type report struct {
	*live.World
	file, other           *live.Case
	plan, minutes, sitrep string
}

func newReport(t *testing.T) report {
	t.Helper()
	r := report{World: live.Start(t)}
	r.file, r.other = r.Case(t), r.Opened(t, live.M{"title": "Gezin besloten"})
	r.other.Direct(t)
	r.other.Join(t, "case-director", "housing")
	lead, chair := r.As(t, "case-director"), r.As(t, "chair")
	plan := lead.Post(r.file.Path+"/plans", live.M{"integralGoal": "Zoë en Şahin wonen „veilig”.", "overrideReason": "Spoed geboden."}).Want(created)
	lead.Patch(plan.Place(), plan.Tag(), live.M{
		"residentInterest": "Dicht bij werk.", "perspective": "Een baan.", "careGoal": "Eén aanspreekpunt.", "safetyGoal": "Rust op straat.",
		"sections": []live.M{{"lifeDomain": "finances", "text": "De huur is achter."}},
	}).Want(ok)
	lead.Post(plan.Place()+"/goals", live.M{"lifeDomain": "finances", "text": "Een regeling voor de huur."}).Want(created)
	lead.Post(r.file.Path+"/assessments", live.M{
		"member": "De moeder", "lifeDomain": "finances", "score": 2, "reading": "De huur is achter.", "source": "Huisbezoek.", "observedOn": "2026-01-10",
	}).Want(created)
	agreed(t, r.World, r.file, "housing", "support", "nuisance", "2199-12-01")
	meeting, item := r.file.Meeting(t, "case-director")
	item2 := chair.Post(meeting.Place()+"/agenda-items", live.M{"dossierId": r.other.ID}).Want(created)
	chair.Post(meeting.Place()+"/invitations", live.M{"professionalId": r.Person("police"), "agendaItemIds": []string{item.ID()}}).Want(created)
	for about, agenda := range map[string]*live.Reply{"open": item, "besloten": item2} {
		path := "/v1/agenda-items/" + agenda.ID()
		chair.Post(path+"/deliberations", live.M{
			"socialPerspective": "Sociaal " + about + ".", "safetyPerspective": "Veilig " + about + ".", "advice": "Advies " + about + ".",
			"contributions": []live.M{{"partnerId": r.Partner("housing"), "text": "Inbreng " + about + "."}},
		}).Want(created)
		chair.Post(path+"/decisions", live.M{
			"text": "Besluit " + about + ".", "reasons": "Omdat " + about + ".", "professionalIds": []string{r.Person("case-director")},
			"dissent": "Twijfel " + about + ".", "actions": []live.M{{
				"partnerId": r.Partner("housing"), "professionalId": r.Person("housing"), "description": "Gaat langs " + about + ".", "lifeDomain": "nuisance",
				"kind": "preventive", "track": "support", "dueDate": "2199-12-02",
			}},
		}).Want(created)
	}
	chair.Post(meeting.Place()+"/attendances", live.M{"professionalId": r.Person("police")}).Want(created)
	r.plan, r.minutes, r.sitrep = plan.Place(), meeting.Place()+"/minutes", r.file.Path+"/situation-report"
	return r
}

func (r report) paths() []string { return []string{r.plan, r.minutes, r.sitrep} }

func TestAPrintHoldsWhatTheAnswerHolds(t *testing.T) {
	t.Parallel()
	r := newReport(t)
	for _, short := range []string{"case-director", "chair", "director"} {
		who := r.As(t, short)
		for _, path := range r.paths() {
			text := printed(t, who, path)
			said := written(who.Get(path).Want(ok).Body)
			require.NotEmpty(t, said)
			for _, one := range said {
				assert.Contains(t, text, one, short+" "+path)
			}
		}
	}

	t.Run("with goals and actions beside the plan", func(t *testing.T) {
		text := printed(t, r.As(t, "case-director"), r.plan)
		for _, one := range []string{"Een regeling voor de huur.", "Wat is afgesproken.", "Gaat langs open.", "01-12-2199", "Financiën"} {
			assert.Contains(t, text, one)
		}
	})

	t.Run("in the language of the reader, with his name", func(t *testing.T) {
		who := r.As(t, "case-director")
		me := who.Get("/v1/me").Want(ok)
		for i, words := range [][2]string{{"Integraal doel", "Integral goal"}, {"Motivering", "Reasons"}, {"Grondslag", "Legal basis"}} {
			dutch, english := printed(t, who, r.paths()[i]), printed(t, who, r.paths()[i], inEnglish)
			assert.Contains(t, dutch, words[0])
			assert.NotContains(t, dutch, words[1])
			assert.Contains(t, english, words[1])
			assert.NotContains(t, english, words[0])
			assert.Contains(t, dutch, "Voor "+me.Text("professional.name")+", "+me.Text("partner.name")+" Pagina 1 van ")
			assert.Contains(t, english, "For "+me.Text("professional.name")+", "+me.Text("partner.name")+" Page 1 of ")
		}
	})
}

func TestAPrintHoldsNothingThatItsReaderMayNotSee(t *testing.T) {
	t.Parallel()
	r := newReport(t)
	police := r.As(t, "police")
	minutes := printed(t, police, r.minutes)
	assert.Contains(t, minutes, "Gaat langs open.")
	assert.NotContains(t, minutes, "besloten")
	assert.NotContains(t, minutes, r.As(t, "chair").Get(r.other.Path).Text("number"))
	assert.Contains(t, printed(t, r.As(t, "chair"), r.minutes), "Besluit besloten.")
	for _, path := range r.paths() {
		for _, who := range []string{"auditor", "other-director"} {
			r.As(t, who).Get(path, asPrint).Check(notFound)
		}
	}

	r.Publish(t, "director", levels(matrix.Default(), map[string]authz.Level{"police action": authz.None, "police deliberation": authz.None}))
	for _, path := range r.paths() {
		text := printed(t, police, path)
		for _, one := range []string{"langs", "afgesproken", "Motivering", "Omdat", "Sociaal open"} {
			assert.NotContains(t, text, one, path)
		}
		for _, one := range written(police.Get(path).Want(ok).Body) {
			assert.Contains(t, text, one, path)
		}
	}
}

func TestAPrintIsAskedForAsOtherAnswersAre(t *testing.T) {
	t.Parallel()
	r := newReport(t)
	who := r.As(t, "case-director")
	for _, path := range r.paths() {
		first := who.Get(path, asPrint).Want(ok)
		assert.Regexp(t, `^W/"`, first.Tag())
		assert.NotEqual(t, who.Get(path).Tag(), first.Tag())
		assert.NotEqual(t, first.Tag(), who.Get(path, asPrint, inEnglish).Tag())
		assert.NotEqual(t, first.Tag(), r.As(t, "chair").Get(path, asPrint).Tag())
		who.Get(path, asPrint, "If-None-Match: "+first.Tag()).Check(http.StatusNotModified)
		who.Get(path, "If-None-Match: "+first.Tag()).Check(ok)
		head := who.Do("HEAD", path, nil, asPrint).Want(ok)
		assert.Empty(t, head.Raw)
		assert.Equal(t, first.Tag(), head.Tag())
		who.Get(path, "Accept: text/csv").Check(http.StatusNotAcceptable)
		assert.Equal(t, "application/json", who.Get(path, "Accept: */*").Want(ok).Header.Get("Content-Type"))
		r.Nobody(t).Get(path, asPrint).Check(http.StatusUnauthorized)
		r.As(t, "director").Get(path, asPrint, "Preview-As-Professional: "+r.Person("police")).Check(http.StatusNotAcceptable)
	}
	before := who.Get(r.plan, asPrint).Tag()
	who.Patch(r.plan, before, live.M{"careGoal": "Anders."}).Check(stale)
	who.Post(r.plan+"/goals", live.M{"lifeDomain": "nuisance", "text": "Nog een doel."}).Want(created)
	who.Get(r.plan, asPrint, "If-None-Match: "+before).Check(ok)
	past := who.Get(r.sitrep).Text("asOf")
	assert.Contains(t, printed(t, who, r.sitrep+"?at="+past), "Situatie op")
	assert.NotContains(t, printed(t, who, r.sitrep), "Situatie op")
}

func TestAPlanOfTwoHundredActionsBreaksOverPages(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	plan, lead := drafted(t, w, f), w.As(t, "case-director")
	for i := range 201 {
		lead.Post("/v1/actions", live.M{
			"dossierId": f.ID, "partnerId": w.Partner("police"), "description": fmt.Sprintf("Actie nummer-%d. %s", i, strings.Repeat("Er is veel te doen. ", 8)),
			"lifeDomain": "nuisance", "kind": "preventive", "track": "support", "dueDate": "2199-12-01",
		}).Want(created)
	}
	pages := pdftext.Pages(lead.Get(plan.Place(), asPrint).Want(ok).Raw)
	require.Greater(t, len(pages), 15)
	all := strings.Join(pages, " ")
	for i := range 201 {
		assert.Equal(t, 1, strings.Count(all, fmt.Sprintf("nummer-%d. ", i)), i)
	}
	for n, page := range pages {
		assert.Contains(t, page, fmt.Sprintf("Pagina %d van %d", n+1, len(pages)))
	}
}
