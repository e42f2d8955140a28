package hostile

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/wijkregie/wijkregie/internal/kernel/media"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
	"github.com/wijkregie/wijkregie/internal/testkit/pdftext"
)

// answer is everything that somebody gets for a question, but for what differs from one moment to the next.
type answer struct {
	status int
	header string
	body   string
}

// tamper plants a leak: it changes an answer on its way.
type tamper func(path string, a answer) answer

// free are the operations that return nothing of a dossier, or that are asked otherwise: the stream below.
var free = []string{
	"listCooperations", "getCooperation", "getLegalChecklist",
	"getCalendarFeed",
	"getRoot", "getOpenapiJson", "getOpenapiYaml", "listCodeLists", "getCodeList", "getGlossary", "getMe", "streamAlerts",
	"listClients", "getClient", "listWebhookSubscriptions", "getWebhookSubscription", "listWebhookDeliveries", "getAuthorisationMatrix", "listMatrixVersions", "getMatrixVersion", "getMatrixDraft",
	"listPartners", "getPartner", "listProfessionals", "getProfessional", "listSubstitutions", "getSubstitution", "listTables", "getTable",
	"listDistricts", "listNeighbourhoods", "getSettings", "listMatrixFindings", "getMatrixDraftFindings", "getMatrixVersionFindings", "getPrivacyAssertionCheck",
	"listPrivacyAssertions", "getPrivacyAssertion", "listDataSubjectRequests", "getDataSubjectRequest", "getDataSubjectGathering", "getRetentionRules", "listRetentionRuns", "getRetentionRun", "listDestructionCertificates", "listLegalHolds", "getLegalHold", "listDataBreaches", "getDataBreach", "listImpactAssessments", "getImpactAssessment", "listDisclosures", "getDisclosure", "listPrivacyAudits", "getPrivacyAudit", "getAnnualReport",
	"getLegalBases",
	// the record tells auditors that something was changed in which dossier, by ids alone, whoever may read that
	"listAuditEntries", "listAuditCheckpoints", "getAuditCheckpoint", "exportAudit", "proveAuditEntry", "proveAuditConsistency",
}

// asPrint at the end of a path asks for the print of what is there.
const asPrint = "#" + media.PDF

// questions are all paths under which something of the archive could come out: every GET operation of the
// contract with every resource that fits it, as a print too where there is one, and the operations of which
// nothing is asked.
func (a *archive) questions() (paths, unasked []string) {
	for _, op := range a.Contract().Operations {
		if op.Method != http.MethodGet || slices.Contains(free, op.ID) {
			continue
		}
		asked := map[string]bool{}
		if !strings.Contains(op.Path, "{") {
			asked[op.Path] = true
		}
		for place := range a.places {
			if path, fits := below(op.Path, place); fits {
				asked[path] = true
			}
		}
		if len(asked) == 0 {
			unasked = append(unasked, op.ID)
		}
		for path := range asked {
			if op.Spec.Parameters.GetByInAndName("query", "limit") != nil {
				path += "?limit=4"
			}
			paths = append(paths, path)
			if op.Spec.Responses.Status(http.StatusOK).Value.Content[media.PDF] != nil {
				paths = append(paths, path+asPrint)
			}
		}
	}
	slices.Sort(paths)
	return paths, unasked
}

// harvest finds the resources in the lists, as somebody who sees everything.
func (a *archive) harvest(t *testing.T) {
	t.Helper()
	who := a.As(t, "director")
	paths, _ := a.questions()
	for _, path := range paths {
		list, _, paged := strings.Cut(path, "?")
		for _, id := range who.Get(path).IDs() {
			if paged {
				a.places[list+"/"+id] = true
			}
		}
	}
}

// asks gets an answer, each page of a list under the path of the page.
func asks(who *live.Client, path string, plant tamper) map[string]answer {
	got := map[string]answer{}
	address, kind, _ := strings.Cut(path, "#")
	for next, n := address, 0; next != "" && n < 50; n++ {
		r := who.Get(next, "Accept: "+cmp.Or(kind, "*/*"))
		one := answer{status: r.Status, header: headers(r), body: timeless(r)}
		if plant != nil {
			one = plant(path, one)
		}
		got[fmt.Sprint(path, " page ", n)] = one
		var list struct{ Next string }
		if err := json.Unmarshal(r.Raw, &list); err != nil || list.Next == "" {
			break
		}
		next = path + "&cursor=" + list.Next
	}
	return got
}

// headers are those that say something of what was asked for.
func headers(r *live.Reply) string {
	var lines []string
	for _, name := range []string{"Content-Type", "ETag", "Last-Modified", "Link", "Location", "Retry-After"} {
		lines = append(lines, name+": "+r.Header.Get(name))
	}
	return strings.Join(lines, "\n")
}

var (
	moments = regexp.MustCompile(`"(asOf|instance)":"[^"]*"`)
	made    = regexp.MustCompile(`gemaakt op \S+ \S+`)
)

// timeless is an answer without the moment at which a report was made and the number of an error, which say
// nothing; of a print it is the text.
func timeless(r *live.Reply) string {
	if r.Header.Get("Content-Type") == media.PDF {
		return made.ReplaceAllString(pdftext.Of(r.Raw), "")
	}
	return moments.ReplaceAllString(string(r.Raw), `"$1":""`)
}

var marks = regexp.MustCompile(`mark\d{4}x`)

// found are the marks that came out anywhere.
func found(got map[string]answer) map[string]string {
	all := map[string]string{}
	for _, path := range slices.Sorted(maps.Keys(got)) {
		one := got[path]
		for _, mark := range marks.FindAllString(one.body+one.header, -1) {
			if all[mark] == "" {
				all[mark] = path
			}
		}
	}
	return all
}

// unprinted names each print without a mark that is in the answer it is a print of.
func unprinted(got map[string]answer) (findings []string) {
	for path, print := range got {
		if !strings.Contains(path, asPrint) {
			continue
		}
		for _, mark := range marks.FindAllString(got[strings.Replace(path, asPrint, "", 1)].body, -1) {
			if !strings.Contains(print.body, mark) {
				findings = append(findings, fmt.Sprintf("the print %s lacks %s", path, mark))
			}
		}
	}
	return findings
}

// leaks compares what came out with what the contract's words allow, and names each difference.
func (a *archive) leaks(m rule, short string, got map[string]answer) (findings []string) {
	out := found(got)
	for _, r := range a.records {
		may := m.reads(person(short), r)
		where, came := out[r.mark]
		switch {
		case came && !may:
			findings = append(findings, fmt.Sprintf("%s learns %s of %s/%s, category %q, at %s", short, r.what, r.in.kind, r.in.basis, r.category.Slug(), where))
		case may && !came:
			findings = append(findings, fmt.Sprintf("%s never gets %s of %s/%s, category %q", short, r.what, r.in.kind, r.in.basis, r.category.Slug()))
		}
	}
	return findings
}

// asksAll asks every question as somebody.
func (a *archive) asksAll(t *testing.T, short string, paths []string, plant tamper) map[string]answer {
	t.Helper()
	who, got := a.As(t, short), map[string]answer{}
	for _, path := range paths {
		maps.Copy(got, asks(who, path, plant))
	}
	return got
}
