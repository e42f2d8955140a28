package server_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// TestAClosedDossierIsShieldedEverywhere reads everything in a dossier after it closed: who could
// read it is told that it is shielded, others that there is nothing, and no list shows any of it.
func TestAClosedDossierIsShieldedEverywhere(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	ids := records(t, w)
	f := w.CaseAt(ids["dossierId"])
	readers := []string{"chair", "case-director", "police", "housing", "director"}
	inIt := map[string][]string{}
	operations := w.Contract().Operations
	path := func(op live.Operation) string {
		return placeholder.ReplaceAllStringFunc(op.Path, func(p string) string { return ids[strings.Trim(p, "{}")] })
	}
	for _, op := range operations {
		if of := withinDossier(op); of {
			for _, who := range readers {
				if w.As(t, who).Get(path(op)).Status == ok {
					inIt[op.ID] = append(inIt[op.ID], who)
				}
			}
			assert.NotEmpty(t, inIt[op.ID], "nobody can read %s while the dossier is open", op.ID)
		}
	}
	f.Close(t)
	for _, op := range operations {
		if !withinDossier(op) {
			continue
		}
		t.Run(op.ID, func(t *testing.T) {
			for _, who := range inIt[op.ID] {
				r := w.As(t, who).Get(path(op))
				if !strings.HasPrefix(op.Path, "/v1/dossiers/") { // found by itself it is as if it were not there
					r.Check(notFound)
				} else if r.Check(forbidden) {
					assert.Equal(t, "dossier-shielded", r.Kind(), "%s as %s", op.ID, who)
				}
			}
			w.As(t, "auditor").Get(path(op)).Check(notFound)
		})
	}
	for _, list := range []string{"/v1/dossiers", "/v1/actions", "/v1/meetings", "/v1/meetings/" + ids["meetingId"], "/v1/meetings/" + ids["meetingId"] + "/agenda-items",
		"/v1/alerts"} {
		for _, who := range readers {
			r := w.As(t, who).Get(list)
			for _, private := range []string{f.Title, "Op huisbezoek", "Wat housing weet"} {
				assert.NotContains(t, string(r.Raw), private, "%s of %s shows what is shielded", list, who)
			}
		}
	}
}

// withinDossier tells whether an operation reads something of a dossier.
func withinDossier(op live.Operation) bool {
	// Who closed it reads that; nothing is withdrawn here; and who looked at it is accounted for also when it is closed.
	if op.Method != "GET" || op.ID == "getClosure" || op.ID == "getItemWithdrawal" || op.ID == "listDossierAccessLog" {
		return false
	}
	for _, prefix := range []string{"/v1/dossiers/{", "/v1/actions/{", "/v1/agenda-items/{", "/v1/releases/{", "/v1/withholdings/{"} {
		if strings.HasPrefix(op.Path, prefix) {
			return true
		}
	}
	return false
}
