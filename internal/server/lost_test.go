package server_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// TestFeed_who_loses_his_last_way_is_told_to_remove_his_copy takes away ways of every kind, and finds out who is told.
func TestFeed_who_loses_his_last_way_is_told_to_remove_his_copy(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	granted := func(t *testing.T, c *live.Case, length time.Duration) *live.Reply {
		return w.As(t, "director").Post(c.Path+"/grants", live.M{"professionalId": w.Person("auditor"), "categories": []string{"housing"}, "level": "read", "reason": "Onderzoek.",
			"until": time.Now().Add(length)}).Want(created)
	}
	participation := func(t *testing.T, c *live.Case, partner string) string {
		all := w.As(t, "director").Get(c.Path + "/participants").Want(ok)
		for i, one := range all.Texts("items", "partnerId") {
			if one == w.Partner(partner) {
				return c.Path + "/participants/" + all.IDs()[i]
			}
		}
		require.Fail(t, "takes no part", partner)
		return ""
	}
	causes := map[string]struct {
		who  string
		told []string // who else is told
		not  []string
		end  func(t *testing.T, c *live.Case)
	}{
		"who is named no longer": {"housing", nil, []string{"police", "police-system", "case-director"}, func(t *testing.T, c *live.Case) {
			change(t, w.As(t, "case-director"), participation(t, c, "housing"), live.M{"professionalIds": []string{}})
		}},
		"the participation of his partner": {"police", []string{"police-system"}, []string{"housing", "case-director"}, func(t *testing.T, c *live.Case) {
			change(t, w.As(t, "case-director"), participation(t, c, "police"), live.M{"until": time.Now().Add(time.Second)})
		}},
		"a grant that was revoked": {"auditor", nil, []string{"police", "director"}, func(t *testing.T, c *live.Case) {
			made := granted(t, c, time.Hour)
			w.As(t, "director").Post(made.Place()+"/revocations", live.M{"reason": "Klaar."}, live.Match(made.Tag())).Want(created)
		}},
		"a grant whose time is over": {"auditor", nil, []string{"police"}, func(t *testing.T, c *live.Case) {
			granted(t, c, 2*time.Second)
			w.As(t, "auditor").Get(c.Path).Check(ok)
		}},
		"another legal basis": {"housing", nil, []string{"police"}, func(t *testing.T, c *live.Case) {
			w.As(t, "chair").Post(c.Path+"/triages", triage(), anyTag).Want(created)
			d := w.As(t, "director").Get(c.Path).Want(ok)
			w.As(t, "director").Post(c.Path+"/basis-changes", live.M{"basis": "wgs", "purpose": "Zorg en veiligheid.", "reason": "Wgs."}, live.Match(d.Tag())).Want(created)
		}},
		"an exception that empties all": {"housing", nil, []string{"police", "case-director"}, func(t *testing.T, c *live.Case) {
			for _, category := range w.As(t, "director").Get("/v1/code-lists/information-categories").Want(ok).Texts("codes", "code") {
				w.As(t, "director").Post(c.Path+"/matrix-exceptions", live.M{"partnerId": w.Partner("housing"), "category": category, "level": "none", "reason": "Onderzoek."}).Want(created)
			}
		}},
		"the end of the dossier": {"police", []string{"housing", "police-system", "case-director"}, []string{"auditor"}, func(t *testing.T, c *live.Case) { c.Close(t) }},
	}
	for name, cause := range causes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := w.Case(t)
			lost := func(short string) []string {
				r := w.As(t, short).Get("/v1/events?limit=200&dossierId=" + c.ID).Want(ok)
				var all []string
				rows, _ := r.At("items").([]any)
				for _, row := range rows {
					if live.At(row, "kind") == "access-lost" {
						assert.Equal(t, []any{c.ID, nil, nil, nil}, []any{live.At(row, "dossierId"), live.At(row, "dossier.title"), live.At(row, "subject"), live.At(row, "actorId")})
						all = append(all, live.At(row, "dossier.number").(string))
					}
				}
				return all
			}
			cause.end(t, c)
			for _, short := range append([]string{cause.who}, cause.told...) {
				require.Eventually(t, func() bool { return len(lost(short)) == 1 }, 40*time.Second, 300*time.Millisecond, short)
				assert.NotEmpty(t, lost(short)[0])
			}
			for _, short := range cause.not {
				assert.Empty(t, lost(short), short)
			}
			w.As(t, "case-director").Get("/v1/alerts").Want(ok)
			assert.NotContains(t, w.As(t, "chair").Get("/v1/alerts?limit=200").Want(ok).Texts("items", "kind"), "access-lost")
		})
	}
}

func TestFeed_a_version_of_the_matrix_that_leaves_a_partner_nothing_is_told(t *testing.T) {
	t.Parallel()
	w := live.Bare(t)
	w.Publish(t, "director", matrix.Default())
	f := w.Case(t)
	w.As(t, "housing").Get(f.Path).Want(ok)
	lost := func(short string) bool {
		return slices.Contains(w.As(t, short).Get("/v1/events?limit=200&dossierId="+f.ID).Want(ok).Texts("items", "kind"), "access-lost")
	}
	less := slices.DeleteFunc(matrix.Default(), func(c authz.Cell) bool { return c.PartnerType == "housing-association" })
	w.Publish(t, "director", less)
	w.As(t, "housing").Get(f.Path).Check(notFound)
	require.Eventually(t, func() bool { return lost("housing") }, 40*time.Second, 300*time.Millisecond)
	assert.False(t, lost("police"))
}
