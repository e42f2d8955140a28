package dossier

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Assessment is how it is on a life domain (beoordeling van een leefgebied): of a person, or of a family or
// one of its members, a score; of a group or situation a level. It is never changed.
type Assessment struct {
	MunicipalityID string    `gorm:"primaryKey"`
	ID             uuid.UUID `gorm:"primaryKey"`
	DossierID      uuid.UUID
	Member         string // of a family, by his role in it; empty is the person or household itself
	LifeDomain     string
	Score          *int   // 1 acute problems to 5 fully self-reliant (ZRM); nil is unknown
	ProblemLevel   string // none, light, serious or acute, of a group or situation
	Reading        string // what it rests on
	OwnStrength    string
	Source         string
	ObservedOn     time.Time // a date
	SupplierID     uuid.UUID
	AssessorID     *uuid.UUID // nil when a system made it
	Corrects       *uuid.UUID
	AddedAt        time.Time
}

// Guarded implements db.Row.
func (a Assessment) Guarded() uuid.UUID { return a.ID }

// Resource is the assessment, to decide on.
func (a Assessment) Resource() authz.Resource {
	return authz.Resource{ID: a.ID, Dossier: a.DossierID, Category: authz.LifeDomain, Supplier: a.SupplierID}
}

func (s SeenAssessment) place() page.Cursor { return page.At(s.AddedAt, s.ID) }

// acute is the lowest score; the lowest level has the same name.
func (a Assessment) acute() bool {
	return a.ProblemLevel == "acute" || a.Score != nil && *a.Score == 1
}

// wellbeing counts steps upward: a better score or a lighter level.
func (a Assessment) wellbeing() int {
	if a.Score != nil {
		return *a.Score
	}
	return -slices.Index([]string{"none", "light", "serious", "acute"}, a.ProblemLevel)
}

// freshFor is how many days an observation says how it is now; older ones are left out of account in the
// self-sufficiency matrix.
const freshFor = 30

func (a Assessment) stale(today time.Time) bool {
	return a.ObservedOn.Before(today.AddDate(0, 0, -freshFor))
}

// NewAssessment is an assessment as its supplier makes it.
type NewAssessment struct {
	Assessment
	Scored bool // a score was given, be it unknown
}

// misfits names what does not belong to a dossier of this type.
func (n NewAssessment) misfits(of Type) (wrong problem.Faults) {
	if n.Member != "" && of != Family {
		wrong.Note("/member", "type", "Only a family has members.")
	}
	if of == Group || of == Situation {
		if n.Scored {
			wrong.Note("/score", "type", "A group or situation has no score; give the level of the problems.")
		}
		if n.ProblemLevel == "" {
			wrong.Note("/problemLevel", "required", "Say how serious the problems of this group or situation are.")
		}
		return wrong
	}
	if !n.Scored {
		wrong.Note("/score", "required", "A person or family has a score of 1 to 5; null is unknown.")
	}
	if n.ProblemLevel != "" {
		wrong.Note("/problemLevel", "type", "A person or family has a score and no level of problems.")
	}
	return wrong
}

// mayCorrect refuses to put right what is another's, about something else, or put right before.
func (a Assessment) mayCorrect(old SeenAssessment) error {
	if old.SupplierID != a.SupplierID || old.LifeDomain != a.LifeDomain || old.Member != a.Member {
		return problem.InvalidField("/corrects", "reference", "Name an assessment of your own organisation of the same life domain and member.")
	}
	if old.CorrectedBy != nil {
		return problem.Errorf(problem.Conflict, "This assessment was corrected before; correct the later one.")
	}
	return nil
}

// Delta is how it went with one member on one life domain.
type Delta struct {
	First, Latest SeenAssessment
}

// Difference is how many steps it went better; below zero it went worse.
func (d Delta) Difference() int { return d.Latest.wellbeing() - d.First.wellbeing() }

// Rule is when there are problems on several life domains at once.
type Rule struct {
	LifeDomains, ScoreAtMost int
	Levels                   []string
}

// multiProblem is the rule of the multi-problem indicator, the first criterion of BGS 2.20(1); a life domain
// counts once, of whomever in the family.
func multiProblem() Rule {
	return Rule{LifeDomains: 2, ScoreAtMost: 2, Levels: []string{"serious", "acute"}}
}

// problematic tells whether an assessment counts as a problem by that rule.
func (a Assessment) problematic() bool {
	rule := multiProblem()
	return a.Score != nil && *a.Score <= rule.ScoreAtMost || slices.Contains(rule.Levels, a.ProblemLevel)
}

// Indicator is whether there are problems on several life domains at once, and what that rests on.
type Indicator struct {
	Complete    bool // the reader sees all there is
	LifeDomains []string
	Input       []SeenAssessment
}

// indicate applies the rule to the assessments that count now.
func indicate(current []SeenAssessment, complete bool) Indicator {
	in := Indicator{Complete: complete, LifeDomains: []string{}, Input: current}
	for _, a := range current {
		if a.problematic() && !slices.Contains(in.LifeDomains, a.LifeDomain) {
			in.LifeDomains = append(in.LifeDomains, a.LifeDomain)
		}
	}
	slices.Sort(in.LifeDomains)
	return in
}

// Present tells whether the rule is met.
func (i Indicator) Present() bool { return len(i.LifeDomains) >= multiProblem().LifeDomains }

// Stale tells whether a problem on which it rests was observed too long ago.
func (i Indicator) Stale() bool {
	return slices.ContainsFunc(i.Input, func(a SeenAssessment) bool { return a.Stale && a.problematic() })
}
