package authz

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCompileActs(t *testing.T) {
	acts, err := compileActs()
	require.NoError(t, err)

	t.Run("every line of the table counts", func(t *testing.T) {
		lines := 0
		for line := range strings.Lines(actsTable) {
			line = strings.TrimSpace(line)
			if line == "" || strings.HasPrefix(line, "#") {
				continue
			}
			parts := strings.Split(line, ", ")
			require.Len(t, parts, 3, line)
			place := slices.Index(standingNames(), parts[2])
			require.GreaterOrEqual(t, place, 0, "no such standing: %s", line)
			require.NotZero(t, acts[parts[1]]&(1<<place), line)
			lines++
		}
		granted := 0
		for _, standings := range acts {
			for i := range standingNames() {
				granted += int(standings >> i & 1)
			}
		}
		require.Equal(t, lines, granted, "a line twice, or a standing that no line gives")
	})

	t.Run("the acts of the house rules", func(t *testing.T) {
		for act, who := range map[string]standing{
			"dossier.open":    openingPartner,
			"dossier.change":  caseDirector | opener | municipalDirector,
			"dossier.direct":  chair | municipalDirector,
			"matrix.publish":  municipalDirector,
			"matrix.draft":    municipalDirector,
			"action.complete": supplier | caseDirector,
			"item.release":    supplier,
			"unheard.of":      0,
		} {
			require.Equal(t, who, acts[act], act)
		}
	})
}
