package server_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// TestEveryListPages reads every list of the contract in pages of one: the rows of one large page, in
// the same order, each once.
func TestEveryListPages(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	ids := records(t, w)
	records(t, w)
	asserted(t, w)
	for range 2 {
		w.As(t, "auditor").Post(checkpoints, live.M{}).Want(created)
		w.As(t, "director").Post(rightsDesk, asked("access", "")).Want(created)
	}
	held(t, w, w.CaseAt(ids["dossierId"]))
	held(t, w, w.CaseAt(ids["dossierId"]))
	ids["retentionRunId"] = w.As(t, "director").Get(destroyedTwo(t, w)).Want(ok).ID()
	ids["name"], ids["version"] = "partner-types", "1"
	ids["webhookSubscriptionId"] = sentByHook(t, w)
	by := map[string]string{"listItems": "housing", "listReleases": "housing", "listReleaseWithdrawals": "housing", "listClients": "director",
		"listWithholdings": "housing", "listItemWithdrawals": "housing", "listDocuments": "housing", "listDocumentWithdrawals": "housing", "listLiftings": "housing",
		"listPrivacyAssertionChecks": "auditor", "listDataSubjectRequests": "director", "listPriorityEntries": "director", "listInformationDuties": "case-director", "listDisclosures": "case-director", "listPrivacyAudits": "auditor", "listRetentionRuns": "auditor", "listLegalHolds": "director", "listDestructionCertificates": "auditor", "listDataBreaches": "auditor", "listImpactAssessments": "auditor", "listDeliveries": "director", "listWebhookSubscriptions": "director", "listWebhookDeliveries": "director",
		"listMatrixVersions": "director", "listAccessLog": "auditor", "listDossierAccessLog": "director", "listAuditEntries": "auditor", "listAuditCheckpoints": "auditor"}
	sorts := map[string][]string{"listAuditEntries": {"&event=item.added"}, "listAccessLog": logFilters("&operation=addItem"), "listDossierAccessLog": logFilters(""), "listDossiers": {"", "&sort=number", "&sort=-openedAt", "&sort=-changedAt"}}
	w.Publish(t, "director", everything())
	require.Eventually(t, func() bool { return w.Pending(t) == 0 }, 20*time.Second, 50*time.Millisecond, "events are on their way")
	w.Exec(t, "update delivery set state = 'sent', next_try_at = null where state = 'pending' and due_at > now()") // which waits for more
	require.Eventually(t, func() bool {
		return len(w.As(t, "director").Get("/v1/deliveries?state=pending").Want(ok).IDs()) == 0
	}, 20*time.Second, 50*time.Millisecond, "mails are on their way")
	for _, op := range w.Contract().Operations {
		if !strings.HasPrefix(op.ID, "list") || op.Spec.Parameters.GetByInAndName("query", "limit") == nil {
			continue
		}
		for _, more := range append(sorts[op.ID], "")[:max(1, len(sorts[op.ID]))] {
			t.Run(op.ID+more, func(t *testing.T) {
				who := w.As(t, "chair")
				if name := by[op.ID]; name != "" {
					who = w.As(t, name)
				}
				path := placeholder.ReplaceAllStringFunc(op.Path, func(p string) string { return ids[strings.Trim(p, "{}")] })
				whole := who.Get(path + "?limit=200" + more).Want(ok)
				rows, _ := whole.At("items").([]any)
				assert.Nil(t, whole.At("next"))
				assert.Empty(t, whole.Header.Get("Link"))
				if len(rows) > 60 { // names and codes; thirty pages are enough
					rows = rows[:30]
				}
				assert.Equal(t, rows, inPagesOfOne(t, who, path+"?limit=1"+more, len(rows)))
				if len(rows) > 1 {
					first := who.Get(path + "?limit=1" + more).Want(ok)
					refused(t, who.Get(path+"?limit=1"+more+"&cursor="+first.Text("next")+"x"), "cursor")
				}
			})
		}
	}
}

// inPagesOfOne follows the links of a list for so many rows.
func inPagesOfOne(t *testing.T, who *live.Client, next string, rows int) []any {
	t.Helper()
	all := []any{}
	for len(all) < rows && next != "" {
		r := who.Get(next).Want(ok)
		page, _ := r.At("items").([]any)
		assert.LessOrEqual(t, len(page), 1)
		all = append(all, page...)
		next, _, _ = strings.Cut(strings.TrimPrefix(r.Header.Get("Link"), "<"), ">")
	}
	return all
}

// TestFiltersKeepWhatTheyName compares each filter with the rows of the whole list.
func TestFiltersKeepWhatTheyName(t *testing.T) {
	t.Parallel()
	w := live.Bare(t)
	w.Publish(t, "director", everything())
	filled(t, w)
	director := w.As(t, "director")
	f := director.Get("/v1/dossiers").Want(ok).IDs()[0]
	director.Patch("/v1/dossiers/"+f, "*", live.M{"themes": []string{"youth"}, "neighbourhoodCode": "BU08610002"}).Want(ok)
	completed := director.Get("/v1/actions").Want(ok).IDs()[0]
	w.As(t, "case-director").Post("/v1/actions/"+completed+"/completions", live.M{"result": "partly", "note": "x"}, anyTag).Want(created)
	items := "/v1/dossiers/" + f + "/items"
	for list, filters := range map[string]map[string]func(row any) bool{
		"/v1/dossiers": {
			"type=family": is("type", "family"), "status=intake": is("status", "intake"), "status=closed": is("status", "closed"), "basis=wgs": is("basis", "wgs"),
			"regiePhase=3": is("regiePhase", "3"), "regiePhase=1": is("regiePhase", "1"), "neighbourhoodCode=BU08610002": is("neighbourhoodCode", "BU08610002"),
			"theme=youth": is("themes.0", "youth"), "caseDirectorId=" + w.Person("case-director"): is("caseDirectorId", w.Person("case-director")),
			"chairId=" + w.Person("police"): is("chairId", w.Person("police")), "tableId=" + w.Table(): is("tableId", w.Table()),
			"participantPartnerId=" + w.Partner("housing"): not(is("basis", "wgs")), "mine=true": none, "mine=false": every,
			"changedSince=2199-01-01T00:00:00Z": none, "changedSince=2026-01-01T00:00:00%2B01:00": every, "type=family&basis=wgs": none,
		},
		"/v1/actions": {
			"dossierId=" + f: is("dossierId", f), "partnerId=" + w.Partner("police"): is("partnerId", w.Partner("police")),
			"professionalId=" + w.Person("housing"): is("professionalId", w.Person("housing")), "status=done": is("status", "done"), "status=open": is("status", "open"),
			"overdue=true": none, "overdue=false": every, "dueBefore=2199-12-01": none, "dueBefore=2199-12-02": every, "track=support": every, "track=enforcement": none,
			"lifeDomain=nuisance": every, "lifeDomain=health": none,
		},
		"/v1/meetings": {
			"dossierId=" + f: nil, "chairId=" + w.Person("chair"): every, "from=2199-01-11T00:00:00Z": none, "until=2199-01-11T00:00:00Z": every, "seriesId=" + w.Table(): none,
		},
		"/v1/partners": {
			"type=police": is("type", "police"), "domain=social": is("domain", "social"), "status=suspended": none, "status=active": every,
		},
		"/v1/professionals": {
			"partnerId=" + w.Partner("director"): is("partnerId", w.Partner("director")), "role=chair": is("id", w.Person("chair")),
		},
		items: {
			"category=police": is("category", "police"), "lifeDomain=nuisance": none, "supplierId=" + w.Partner("police"): is("supplierId", w.Partner("police")),
			"observedFrom=2026-01-15": every, "observedFrom=2026-01-16": none, "observedUntil=2026-01-14": none, "observedUntil=2026-01-15": every,
		},
	} {
		whole, _ := director.Get(list + "?limit=200").Want(ok).At("items").([]any)
		for filter, keeps := range filters {
			t.Run(list+" "+filter, func(t *testing.T) {
				got, _ := w.As(t, "director").Get(list + "?limit=200&" + filter).Want(ok).At("items").([]any)
				if keeps == nil {
					assert.Len(t, got, 1)
					return
				}
				want := slices.DeleteFunc(slices.Clone(whole), func(row any) bool { return !keeps(row) })
				assert.Equal(t, len(want), len(got))
				assert.ElementsMatch(t, want, got)
			})
		}
	}
}

func is(path, value string) func(any) bool {
	return func(row any) bool { return fmt.Sprint(live.At(row, path)) == value }
}

func not(keeps func(any) bool) func(any) bool { return func(row any) bool { return !keeps(row) } }

func every(any) bool { return true }

func none(any) bool { return false }
