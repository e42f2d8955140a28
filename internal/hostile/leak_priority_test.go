package hostile

import (
	"strings"
	"testing"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// prioritise puts the dossier under the Wgs on the prioritised list.
func (a *archive) prioritise(t *testing.T) {
	a.made(a.As(t, "director").Post("/v1/priority-entries", live.M{
		"dossierId": strings.TrimPrefix(a.files[0].path, "/v1/dossiers/"), "criteria": []string{"repeat-offender"}, "reviewOn": "2199-06-01"}))
}
