package plan

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// PlanStatus is where a version of an integral plan stands.
type PlanStatus string

// The statuses of a plan.
const (
	Draft      PlanStatus = "draft"
	Final      PlanStatus = "final"
	Superseded PlanStatus = "superseded"
)

// The orientations of a life domain.
const (
	social = "social"
	safety = "safety"
)

// Plan is one version of the integral plan of a dossier (integraal plan van aanpak).
type Plan struct {
	MunicipalityID   string    `gorm:"primaryKey" etag:"-"`
	ID               uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version          int64     `etag:"-"`
	DossierID        uuid.UUID
	Number           int // of this version, from 1
	Status           PlanStatus
	IntegralGoal     string // the one goal of all partners (domain.md 2.05)
	ResidentInterest string
	Perspective      string
	CareGoal         string    // nobody falls between two stools (domain.md 1.24)
	SafetyGoal       string    // no nuisance or crime
	Sections         []Section `gorm:"serializer:json"`
	DecisionID       *uuid.UUID
	EmptyReason      string     // why an orientation has no goal
	OverrideID       *uuid.UUID // by which preconditions were passed over when it was drafted
	DraftedBy        *uuid.UUID `etag:"-"` // nil when a system drafted it
	DraftedAt        time.Time
	FinalisedBy      *uuid.UUID
	FinalisedAt      *time.Time
	SupersededAt     *time.Time
}

// Section is what a plan says of one life domain.
type Section struct {
	LifeDomain string `json:"lifeDomain"`
	Text       string `json:"text"`
}

// Guarded implements db.Row.
func (p Plan) Guarded() uuid.UUID { return p.ID }

// Resource is the plan, to decide on.
func (p Plan) Resource() authz.Resource {
	return authz.Resource{ID: p.ID, Dossier: p.DossierID, Category: authz.Plan}
}

func (p Plan) place() page.Cursor { return page.At(p.DraftedAt, p.ID) }

// running tells whether the plan is worked on or worked by.
func (p Plan) running() bool { return p.Status != Superseded }

// The acts of internal/kernel/authz/acts.csv that plans know.
const (
	actReadPlan = "plan.read"
	actDraft    = "plan.draft"  // and add goals
	actEdit     = "plan.change" // and change goals, record results
	actCommit   = "plan.commit"
	actFinalise = "plan.finalise"
)

// operations are those that the plan's state allows; to commit is of partners and asked apart.
func (p Plan) operations() []authz.Operation {
	all := []authz.Operation{
		{ID: "getPlan", Act: actReadPlan}, {ID: "getPlanConflicts", Act: actReadPlan}, {ID: "listGoals", Act: actReadPlan}, {ID: "listCommitments", Act: actReadPlan},
	}
	if p.Status != Draft {
		return all
	}
	return append(all, authz.Operation{ID: "updatePlan", Act: actEdit}, authz.Operation{ID: "addGoal", Act: actDraft}, authz.Operation{ID: "finalisePlan", Act: actFinalise})
}

func (p Plan) mustBeDraft() error {
	if p.Status != Draft {
		return problem.Errorf(problem.Conflict, "The plan is no draft any more; draft the next one.")
	}
	return nil
}

// Said is what a plan says; nil stays as it is.
type Said struct {
	IntegralGoal, ResidentInterest, Perspective, CareGoal, SafetyGoal *string
	Sections                                                          *[]Section
}

func (s Said) apply(p *Plan) {
	set(&p.IntegralGoal, s.IntegralGoal)
	set(&p.ResidentInterest, s.ResidentInterest)
	set(&p.Perspective, s.Perspective)
	set(&p.CareGoal, s.CareGoal)
	set(&p.SafetyGoal, s.SafetyGoal)
	if s.Sections != nil {
		p.Sections = *s.Sections
	}
}

// next is the draft that follows a final plan: what that says comes along, over the life domains that are active.
func (p Plan) next(active []string) Plan {
	draft := Plan{
		Number: p.Number + 1, Status: Draft, IntegralGoal: p.IntegralGoal, ResidentInterest: p.ResidentInterest, Perspective: p.Perspective,
		CareGoal: p.CareGoal, SafetyGoal: p.SafetyGoal, Sections: []Section{},
	}
	texts := map[string]string{}
	for _, s := range p.Sections {
		texts[s.LifeDomain] = s.Text
	}
	for _, domain := range active {
		draft.Sections = append(draft.Sections, Section{LifeDomain: domain, Text: texts[domain]})
	}
	return draft
}

// Finalisation is with what a draft becomes final.
type Finalisation struct {
	Reason     string // why an orientation has no goal
	DecisionID *uuid.UUID
}

// ready refuses what cannot become final yet (domain.md 2.05, 4.13): without the one goal, with a partner that has
// not spoken, or with an orientation that has no goal for no reason.
func (p Plan) ready(f Finalisation, goals map[string]int, partners []Executing) error {
	silent := slices.ContainsFunc(partners, func(e Executing) bool { return e.Open && e.Outcome == "" })
	switch {
	case p.IntegralGoal == "":
		return problem.Errorf(problem.Conflict, "The plan has no integral goal yet.")
	case silent:
		return problem.Errorf(problem.Conflict, "Not every partner that carries out an action has committed or refused; see executingPartners.")
	case (goals[social] == 0 || goals[safety] == 0) && f.Reason == "":
		return problem.Errorf(problem.Conflict, "An orientation has no goal; add one, or give the reason why there is none.")
	}
	return nil
}

// Executing is a partner that carries out actions of a plan, or said something to it.
type Executing struct {
	PartnerID uuid.UUID
	Open      bool   // it has an open action
	Outcome   string // what it said last: committed or refused; empty when nothing
}

// Counted are the actions of one kind or on one life domain.
type Counted struct {
	Code       string
	Open, Done int
}

// tally counts actions by what key says of them, in the order of codes.
func tally(actions []Seen, key func(Action) string) []Counted {
	counts, codes := map[string]*Counted{}, []string{}
	for _, a := range actions {
		code := key(a.Action)
		if counts[code] == nil {
			counts[code] = &Counted{Code: code}
			codes = append(codes, code)
		}
		if a.Status == Open {
			counts[code].Open++
		} else {
			counts[code].Done++
		}
	}
	slices.Sort(codes)
	all := make([]Counted, len(codes))
	for i, code := range codes {
		all[i] = *counts[code]
	}
	return all
}

// warnings say what asks attention in a plan: a measure without anything that helps (domain.md 2.01), and an
// orientation without a goal.
func warnings(actions []Seen, goals map[string]int) []string {
	all := []string{}
	on := func(track string) bool {
		return slices.ContainsFunc(actions, func(a Seen) bool { return a.Track == track })
	}
	if on("enforcement") && !on("support") {
		all = append(all, "enforcement-without-support")
	}
	for _, orientation := range []string{social, safety} {
		if goals[orientation] == 0 {
			all = append(all, "no-"+orientation+"-goal")
		}
	}
	return all
}
