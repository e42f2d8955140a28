package organisation

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

func TestStandsInFor(t *testing.T) {
	one, other := uuid.New(), uuid.New()
	at := func(hour int) time.Time { return time.Date(2026, 3, 2, hour, 0, 0, 0, time.UTC) }
	duties := func(all ...[3]int) (rows []duty) {
		for _, d := range all {
			rows = append(rows, duty{ProfessionalID: []uuid.UUID{one, other}[d[0]], StartsAt: at(d[1]), EndsAt: at(d[2])})
		}
		return rows
	}
	period := func(who uuid.UUID, from, until int) identity.Substitution {
		return identity.Substitution{For: who, From: at(from), Until: at(until)}
	}
	for name, c := range map[string]struct {
		duties []duty
		want   []identity.Substitution
	}{
		"periods that overlap are one":      {duties([3]int{0, 8, 12}, [3]int{0, 8, 9}, [3]int{0, 12, 14}), []identity.Substitution{period(one, 8, 14)}},
		"between two periods there is none": {duties([3]int{0, 8, 9}, [3]int{0, 10, 12}), []identity.Substitution{period(one, 8, 9), period(one, 10, 12)}},
		"those for another are his own":     {duties([3]int{0, 8, 12}, [3]int{1, 9, 10}), []identity.Substitution{period(one, 8, 12), period(other, 9, 10)}},
		"who stands in for nobody has none": {nil, nil},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, standsInFor(c.duties, time.UTC)) })
	}
	t.Run("a period ends with the access of who is replaced, in his zone", func(t *testing.T) {
		last := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
		zone := time.FixedZone("", 3600)
		rows := []duty{{ProfessionalID: one, StartsAt: at(8), EndsAt: at(8).AddDate(0, 0, 9), ValidUntil: &last}}
		require.Equal(t, []identity.Substitution{period(one, 8, 23)}, standsInFor(rows, zone))
	})
}
