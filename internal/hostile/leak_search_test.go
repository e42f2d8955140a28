package hostile

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/demo"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// atOnce is how many marks go in one search.
const atOnce = 14

// searches asks for every mark of the archive, as words to be found: GET cannot.
func (a *archive) searches(t *testing.T, short string) map[string]answer {
	t.Helper()
	who, got := a.As(t, short), map[string]answer{}
	apart := len(a.records)/atOnce + 1 // marks of one record are not asked together: it shows some of them
	for first := range apart {
		var some []string
		for i := first; i < len(a.records); i += apart {
			some = append(some, a.records[i].mark)
		}
		words := strings.Join(some, " or ")
		for _, path := range []string{"/v1/_search?limit=200", "/v1/dossiers/_search?limit=200"} {
			r := who.Post(path, live.M{"text": words}).Want(200)
			require.Nil(t, r.At("next"))
			got[path+" "+words] = answer{status: r.Status, body: string(r.Raw)}
		}
	}
	return got
}

// searched tells whether the text of a record is one that a search finds, by who may read it.
func searched(r record) bool {
	switch r.what {
	case "title", "action", "deliberation", "decision", "plan", "section", "goal":
		return true
	case "item":
		return r.category != authz.Guidance // of which one was corrected and one withdrawn
	}
	return false
}

// TestSearch_4_15 searches for everything there is, over random matrices, as everybody: what may be read is found,
// and nothing else, in a hit or beside one.
func TestSearch_4_15(t *testing.T) {
	a := newArchive(t)
	for n := range matrices(t) {
		cells := someCells().Example(n + 100)
		a.Impose(t, demo.Veldhoven, cells)
		for _, short := range everybody() {
			t.Run(fmt.Sprintf("matrix %d as %s", n, short), func(t *testing.T) {
				out := found(a.searches(t, short))
				for _, r := range a.records {
					may := rule(cells).reads(person(short), r)
					if _, came := out[r.mark]; came && !may || may && !came && searched(r) {
						t.Errorf("%s of %s/%s, category %q: readable is %v, found is %v", r.what, r.in.kind, r.in.basis, r.category.Slug(), may, came)
					}
				}
			})
		}
	}
}
