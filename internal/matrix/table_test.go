package matrix

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

const head = "partner_type,partner_id,dossier_type,category,level\r\n"

func TestTable(t *testing.T) {
	t.Run("what is written is read back", func(t *testing.T) {
		cells := append(Default(), authz.Cell{PartnerID: uuid.Must(uuid.NewV7()), DossierType: "person", Category: authz.Area, Level: authz.Read})
		read, err := readTable(bytes.NewReader(writeTable(cells)))
		require.NoError(t, err)
		require.Len(t, read, len(cells))
		for i, n := range read {
			var f problem.Faults
			known := func(string) bool { return true }
			require.Equal(t, cells[i], n.cell(&f, "", func(uuid.UUID) string { return "police" }, known))
			require.NoError(t, f.Err())
		}
	})

	t.Run("levels may be letters, lines end as they like, a byte-order mark is skipped", func(t *testing.T) {
		read, err := readTable(strings.NewReader("\ufeff" + strings.ReplaceAll(head, "\r", "") + "police,,all,police,O\n\"school\",,person,area,contribute"))
		require.NoError(t, err)
		require.Equal(t, []string{"own", "contribute"}, []string{read[0].Level, read[1].Level})
		require.Equal(t, "school", *read[1].PartnerType)
	})
}

func TestTableRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		names []string
	}{
		"an empty text":              {"", []string{""}},
		"another head":               {"type,partner,dossier,category,level\r\n", []string{""}},
		"a semicolon as separator":   {strings.ReplaceAll(head, ",", ";"), []string{""}},
		"text that is not UTF-8":     {head + "police,,all,\xff,own\r\n", []string{""}},
		"a line with a column less":  {head + "police,,all,police,own\r\npolice,,all,health\r\n", []string{"/cells/1"}},
		"a quote that does not end":  {head + "police,,all,police,own\r\n\"police,,all,health,own\r\n", []string{"/cells/1"}},
		"no level":                   {head + "police,,all,police,\r\n", []string{"/cells/0/level"}},
		"a partner that is no UUID":  {head + ",=1+1,all,police,own\r\n", []string{"/cells/0/partnerId"}},
		"several lines that are bad": {head + ",x,all,police,own\r\npolice,,all,police,own\r\n,,all,area,\r\n", []string{"/cells/0/partnerId", "/cells/2/level"}},
		"more cells than a matrix":   {head + strings.Repeat("police,,all,police,own\r\n", maxCells+1), []string{"/cells"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readTable(strings.NewReader(c.text))
			require.Equal(t, problem.Invalid, problem.KindOf(err))
			var names []string
			for _, f := range err.(*problem.Error).Fields {
				names = append(names, f.Name)
				require.NotContains(t, f.Detail, "1+1")
			}
			require.Equal(t, c.names, names)
		})
	}
}
