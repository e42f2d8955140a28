package server_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
	"github.com/wijkregie/wijkregie/internal/testkit/pdftext"
)

// waysOut is everything that some readers get of every operation that reads, of the records with these ids, as a print too.
func waysOut(t *testing.T, w *live.World, ids map[string]string) (said string, asked int) {
	t.Helper()
	var all strings.Builder
	for _, op := range w.Contract().Operations {
		free := slices.Contains([]string{"streamAlerts", "getOpenapiJson", "getOpenapiYaml", "getCodeList", "listCodeLists", "getGlossary", "getCalendarFeed", "getDataSubjectGathering", "listDataSubjectRequests"}, op.ID)
		if op.Method != http.MethodGet || op.Public() || free {
			continue
		}
		path := placeholder.ReplaceAllStringFunc(op.Path, func(name string) string { return ids[strings.Trim(name, "{}")] })
		if strings.Contains(path, "//") || strings.HasSuffix(path, "/") {
			continue // of another kind of record
		}
		if strings.HasSuffix(op.Path, "/access-log") {
			path += "?purpose=internal-control"
		}
		asked++
		for _, who := range []string{"director", "case-director", "police", "police-system"} {
			reader := w.As(t, who)
			r := reader.Get(path)
			require.NotEqual(t, http.StatusTooManyRequests, r.Status)
			all.Write(r.Raw)
			if op.Spec.Responses.Status(http.StatusOK).Value.Content["application/pdf"] == nil {
				continue
			}
			if r := reader.Get(path, asPrint); r.Status == ok {
				all.WriteString(pdftext.Of(r.Raw))
			}
		}
	}
	for _, word := range []string{"Zeewierman", "vondst"} {
		for _, who := range []string{"director", "police"} {
			found := w.As(t, who).Post("/v1/_search", live.M{"text": word}).Want(ok)
			all.Write(found.Raw)
		}
	}
	return all.String(), asked
}

func TestPrivacy_L20_a_person_that_is_restricted_is_found_by_no_way_out(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	own, family := personal(t, w, "MARK-TITLE Zeewierman"), w.Case(t)
	by, officer := w.As(t, "case-director"), w.As(t, "privacy-officer")
	person := known(t, w, "Sjaak", "Zeewierman", "subject", own, family)
	known(t, w, "Yolanthe", "Quispel", "parent", family)
	file := func(f *live.Case, title string) *live.Reply {
		return supplied(t, f, w, "police", live.M{"category": "police", "title": title})
	}
	item := family.Item(t, "police", "police", live.M{"text": "MARK-ITEM vondst bij Sjaak."})
	family.Item(t, "police", "police", live.M{"text": "MARK-REST vondst bij de buren."})
	document := file(family, "MARK-DOCUMENT Zeewierman")
	file(family, "MARK-OTHER brief")
	own.Item(t, "police", "police", live.M{"text": "MARK-OWN vondst."})
	plan := by.Post(own.Path+"/plans", live.M{"integralGoal": "MARK-PLAN rust.", "overrideReason": "Spoed."}).Want(created)
	goal := by.Post(plan.Place()+"/goals", live.M{"lifeDomain": "finances", "text": "MARK-GOAL regeling."}).Want(created)
	action := agreed(t, w, own, "housing", "support", "nuisance", "2199-12-01")
	meeting, agenda := own.Meeting(t, "case-director")
	ids := []map[string]string{
		{"dossierId": own.ID, "personId": person, "planId": plan.ID(), "goalId": goal.ID(), "actionId": action.ID(), "meetingId": meeting.ID(), "agendaItemId": agenda.ID()},
		{"dossierId": family.ID, "itemId": item.ID(), "documentId": document.ID()},
	}
	look := func() string {
		one, n := waysOut(t, w, ids[0])
		two, m := waysOut(t, w, ids[1])
		require.Greater(t, n+m, 100, "ways out")
		return one + two
	}
	hidden := []string{"MARK-TITLE", "Zeewierman", "MARK-ITEM", "MARK-DOCUMENT", "MARK-OWN", "MARK-PLAN", "MARK-GOAL"}
	before := look()
	for _, mark := range append(hidden, "MARK-REST", "MARK-OTHER") {
		assert.Contains(t, before, mark, "else nothing is shown")
	}

	request := officer.Post(rightsDesk, asked("restriction", person)).Want(created).Place()
	decide := func(on string, more live.M) *live.Reply {
		body := live.M{"outcome": "granted", "reasons": "Juistheid betwist."}
		for name, value := range more {
			body[name] = value
		}
		return officer.Post(on+"/decisions", body, anyTag)
	}
	refusedAt(t, decide(officer.Post(rightsDesk, asked("access", person)).Want(created).Place(), live.M{"restrictsPerson": true}), "/restrictsPerson")
	refusedAt(t, decide(officer.Post(rightsDesk, asked("restriction", "")).Want(created).Place(), live.M{"restrictsPerson": true}), "/restrictsPerson")
	decided := decide(request, live.M{"restrictsPerson": true}).Want(created)
	assert.Equal(t, []any{true, []any{item.ID()}, []any{document.ID()}}, []any{decided.At("restrictsPerson"), decided.At("restrictedItemIds"), decided.At("restrictedDocumentIds")})
	after := look()
	for _, mark := range hidden {
		at := strings.Index(after, mark)
		if at >= 0 {
			t.Errorf("%s comes out: %s", mark, after[max(0, at-300):min(len(after), at+100)])
		}
	}
	for _, mark := range []string{"MARK-REST", "MARK-OTHER", family.ID} {
		assert.Contains(t, after, mark, "what is about others stays")
	}
	by.Post(family.Path+"/subjects", live.M{"personId": person, "role": "member"}).Check(invalid)
	_, kept := gather(t, w, person)
	assert.Contains(t, string(kept.Raw), "MARK-OWN", "the person's own right of access stays (AVG 15, 18(2))")

	officer.Post(request+"/restriction-liftings", lifting(), anyTag).Want(created)
	for _, path := range []string{own.Path, plan.Place(), goal.Place(), action.Place(), "/v1/persons/" + person} {
		by.Get(path).Check(ok)
	}
	for _, place := range []string{item.Place(), document.Place()} {
		w.As(t, "police").Get(place).Check(ok)
	}
}

func TestPrivacy_L20_a_document_that_is_restricted_nobody_reads(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f, officer, police := w.Case(t), w.As(t, "privacy-officer"), w.As(t, "police")
	person := known(t, w, "Sjaak", "Zeewierman", "subject", f)
	file := live.M{"category": "police", "title": "Zeewierrapport"}
	document, elsewhere := supplied(t, f, w, "police", file), supplied(t, w.Case(t), w, "police", file)
	request := officer.Post(rightsDesk, asked("objection", person)).Want(created).Place()
	grant := func(on string, ids ...string) *live.Reply {
		return officer.Post(on+"/decisions", live.M{"outcome": "granted", "reasons": "Betwist.", "restrictedDocumentIds": ids}, anyTag)
	}
	refusedAt(t, grant(request, document.ID(), elsewhere.ID()), "/restrictedDocumentIds")
	police.Get(document.Place()).Check(ok)
	grant(request, document.ID()).Want(created)
	second := officer.Post(rightsDesk, asked("restriction", person)).Want(created).Place()
	grant(second, document.ID()).Want(created)
	gone := func() {
		police.Get(document.Place()).Check(notFound)
		police.Get(document.Place() + "/content").Check(notFound)
		assert.NotContains(t, police.Get("/v1/documents?dossierId="+f.ID).Want(ok).IDs(), document.ID())
	}
	gone()
	officer.Post(request+"/restriction-liftings", lifting(), anyTag).Want(created)
	gone()
	officer.Post(second+"/restriction-liftings", lifting(), anyTag).Want(created)
	police.Get(document.Place()).Check(ok)
	police.Get(elsewhere.Place()).Check(ok)
}
