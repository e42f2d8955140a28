package plan

import "github.com/google/uuid"

// Clash is two actions of two plans that contradict each other (domain.md 4.12; BGS 2.20(2)), and by which rule.
type Clash struct {
	Rule                 string
	OtherPlanID          uuid.UUID
	Enforcement, Support Seen
}

// rules tell of an enforcement and a support action whether what they are about clashes; when enforcement falls
// on or before the last day of the support, it does.
func rules() []struct {
	name  string
	about func(enforcement, support Action) bool
} {
	return []struct {
		name  string
		about func(enforcement, support Action) bool
	}{
		{"enforcement-during-support", func(e, s Action) bool { return e.LifeDomain == s.LifeDomain }},
		{"eviction-during-debt-help", func(e, s Action) bool { return e.LifeDomain == "housing" && s.LifeDomain == "finances" }},
	}
}

// clashes holds the open actions of a plan against those of another.
func clashes(own, theirs []Seen, other uuid.UUID) (all []Clash) {
	for _, a := range own {
		for _, b := range theirs {
			if a.Track == b.Track || a.Status != Open || b.Status != Open {
				continue
			}
			enforcement, support := a, b
			if a.Track == "support" {
				enforcement, support = b, a
			}
			if enforcement.DueDate.After(support.DueDate) {
				continue
			}
			for _, rule := range rules() {
				if rule.about(enforcement.Action, support.Action) {
					all = append(all, Clash{Rule: rule.name, OtherPlanID: other, Enforcement: enforcement, Support: support})
				}
			}
		}
	}
	return all
}
