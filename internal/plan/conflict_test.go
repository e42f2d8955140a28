package plan

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestClashes(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 12, n, 0, 0, 0, 0, time.UTC) }
	action := func(track, domain string, due int) Seen {
		return Seen{Action: Action{Track: track, LifeDomain: domain, DueDate: day(due), Status: Open}}
	}
	done := action("enforcement", "nuisance", 1)
	done.Status = Done
	for name, c := range map[string]struct {
		own, theirs Seen
		rules       []string
	}{
		"enforcement before the support ends":            {action("enforcement", "nuisance", 1), action("support", "nuisance", 2), []string{"enforcement-during-support"}},
		"on its last day, from the other side":           {action("support", "nuisance", 2), action("enforcement", "nuisance", 2), []string{"enforcement-during-support"}},
		"after the support ended":                        {action("enforcement", "nuisance", 3), action("support", "nuisance", 2), nil},
		"on another life domain":                         {action("enforcement", "nuisance", 1), action("support", "housing", 2), nil},
		"an eviction before the debts are arranged":      {action("enforcement", "housing", 1), action("support", "finances", 2), []string{"eviction-during-debt-help"}},
		"a fine while somebody is helped with his house": {action("enforcement", "finances", 1), action("support", "housing", 2), nil},
		"two that both help":                             {action("support", "nuisance", 1), action("support", "nuisance", 1), nil},
		"one that is done":                               {done, action("support", "nuisance", 2), nil},
	} {
		t.Run(name, func(t *testing.T) {
			var rules []string
			for _, clash := range clashes([]Seen{c.own}, []Seen{c.theirs}, c.own.ID) {
				require.Equal(t, []string{"enforcement", "support"}, []string{clash.Enforcement.Track, clash.Support.Track})
				rules = append(rules, clash.Rule)
			}
			require.Equal(t, c.rules, rules)
		})
	}
}
