package plan

import (
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Goal is what a plan is to reach on one life domain (doel), for the whole or for one member.
type Goal struct {
	MunicipalityID  string    `gorm:"primaryKey" etag:"-"`
	ID              uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version         int64     `etag:"-"`
	DossierID       uuid.UUID `etag:"-"`
	PlanID          uuid.UUID
	FormerGoalID    *uuid.UUID `etag:"-"` // of the plan before, from which it comes along
	LifeDomain      string
	Text            string
	MemberDossierID *uuid.UUID
	Member          string
	AddedBy         *uuid.UUID // nil when a system added it
	AddedPartnerID  uuid.UUID
	AddedAt         time.Time
}

// Guarded implements db.Row.
func (g Goal) Guarded() uuid.UUID { return g.ID }

// Resource is the goal, to decide on; who added it may change it with the level contribute.
func (g Goal) Resource() authz.Resource {
	return authz.Resource{ID: g.ID, Dossier: g.DossierID, Category: authz.Plan, Supplier: g.AddedPartnerID}
}

func (g Goal) place() page.Cursor { return page.At(g.AddedAt, g.ID) }

// operations are those that the state of the plan allows.
func (g Goal) operations(p Plan) []authz.Operation {
	all := []authz.Operation{{ID: "getGoal", Act: actReadPlan}, {ID: "listGoalResults", Act: actReadPlan}}
	switch p.Status {
	case Draft:
		return append(all, authz.Operation{ID: "updateGoal", Act: actEdit})
	case Final:
		return append(all, authz.Operation{ID: "recordGoalResult", Act: actEdit})
	}
	return all
}

// NewGoal is a goal to be added.
type NewGoal struct {
	LifeDomain, Text, Member string
	MemberDossierID          *uuid.UUID
}

// GoalResult is what came of a goal; never changed afterwards, the latest counts.
type GoalResult struct {
	MunicipalityID    string    `gorm:"primaryKey" etag:"-"`
	ID                uuid.UUID `gorm:"primaryKey" etag:"-"`
	DossierID         uuid.UUID `etag:"-"`
	PlanID            uuid.UUID
	GoalID            uuid.UUID
	Result            Result
	Note              string
	RecordedBy        *uuid.UUID // nil when a system recorded it
	RecordedPartnerID uuid.UUID
	RecordedAt        time.Time
}

// Guarded implements db.Row: who may change the goal may say what came of it.
func (r GoalResult) Guarded() uuid.UUID { return r.GoalID }

func (r GoalResult) place() page.Cursor { return page.At(r.RecordedAt, r.ID) }

// Commitment is what a partner says to a plan; never changed afterwards, the latest of a partner counts.
type Commitment struct {
	MunicipalityID    string    `gorm:"primaryKey" etag:"-"`
	ID                uuid.UUID `gorm:"primaryKey" etag:"-"`
	DossierID         uuid.UUID `etag:"-"`
	PlanID            uuid.UUID
	PartnerID         uuid.UUID
	Outcome           string // committed or refused
	Reason            string
	RecordedBy        *uuid.UUID // nil when a system recorded it
	RecordedPartnerID uuid.UUID
	RecordedAt        time.Time
}

// Guarded implements db.Row: who may speak on the plan for the partner may write that down.
func (c Commitment) Guarded() uuid.UUID { return c.PlanID }

func (c Commitment) place() page.Cursor { return page.At(c.RecordedAt, c.ID) }

// check asks why a partner refuses, and how one committed that does not say so itself.
func (c Commitment) check() error {
	switch {
	case c.Outcome == "committed" && c.PartnerID != c.RecordedPartnerID && c.Reason == "":
		return problem.InvalidField("/reason", "required", "Say how and when the partner committed.")
	case c.Outcome == "refused" && c.Reason == "":
		return problem.InvalidField("/reason", "required", "Say why the partner refuses.")
	}
	return nil
}
