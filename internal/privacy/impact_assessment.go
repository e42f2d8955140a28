package privacy

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// The acts on impact assessments of internal/kernel/authz/acts.csv.
const (
	actReadImpact = "impact-assessment.read"
	actKeepImpact = "impact-assessment.keep"
)

// ImpactAssessment is an assessment of what processing means for persons (AVG 35), with the advice on it of the committee on
// lawfulness (rechtmatigheidsadviescommissie; Wgs 1.8(6), BGS 1.13-1.15).
type ImpactAssessment struct {
	MunicipalityID    string    `gorm:"primaryKey" etag:"-"`
	ID                uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version           int64     `etag:"-"`
	Subject           string    `etag:"-"`
	Categories        []string  `gorm:"serializer:json" etag:"-"` // slugs, at least one
	DoneOn            time.Time `etag:"-"`                        // a date, as all that end in On
	Outcome           string    `etag:"-"`
	AdviceReference   string
	AdvisedOn         *time.Time
	AdviceWithdrawnOn *time.Time
	Dissent           string
	DeviationReason   string
	CommitteeToldOn   *time.Time
	OfficerToldOn     *time.Time
	RecordedBy        uuid.UUID `etag:"-"`
	RecordedAt        time.Time `etag:"-"`
	ChangedAt         time.Time `etag:"-"`
}

// TableName implements gorm's Tabler.
func (ImpactAssessment) TableName() string { return "impact_assessment" }

// Guarded implements db.Row.
func (a ImpactAssessment) Guarded() uuid.UUID { return a.ID }

// Resource is the assessment, to decide on.
func (a ImpactAssessment) Resource() authz.Resource { return authz.Resource{ID: a.ID} }

func (a ImpactAssessment) place() page.Cursor { return page.At(a.RecordedAt, a.ID) }

// unfit names what is wrong with an assessment on the day on which it is recorded or changed.
func (a ImpactAssessment) unfit(today time.Time) (wrong problem.Faults) {
	unknown := func(slug string) bool { return !slices.Contains(authz.CategorySlugs(), slug) }
	if len(a.Categories) == 0 || slices.ContainsFunc(a.Categories, unknown) {
		wrong.Note("/categories", "reference", "Choose categories of GET /v1/code-lists/information-categories.")
	}
	wrong = append(wrong, a.misdated(today)...)
	wrong = append(wrong, a.unadvised()...)
	return append(wrong, a.undeviated()...)
}

// retracts tells whether a change takes back what was advised, or that it was withdrawn.
func (a ImpactAssessment) retracts(before ImpactAssessment) bool {
	return before.AdvisedOn != nil && a.AdvisedOn == nil || before.AdviceReference != "" && a.AdviceReference == "" || before.AdviceWithdrawnOn != nil && a.AdviceWithdrawnOn == nil
}

// misdated names the days that cannot be.
func (a ImpactAssessment) misdated(today time.Time) (wrong problem.Faults) {
	check := func(field string, on, from *time.Time) {
		switch {
		case on == nil:
		case on.After(today):
			wrong.Note(field, "future", "This is recorded when it has happened.")
		case from != nil && on.Before(*from):
			wrong.Note(field, "order", "This cannot be before the advice.")
		}
	}
	check("/doneOn", &a.DoneOn, nil)
	check("/advisedOn", a.AdvisedOn, nil)
	check("/adviceWithdrawnOn", a.AdviceWithdrawnOn, a.AdvisedOn)
	check("/committeeToldOn", a.CommitteeToldOn, a.AdvisedOn)
	check("/officerToldOn", a.OfficerToldOn, a.AdvisedOn)
	return wrong
}

// unadvised names what an advice lacks, and what cannot be without one.
func (a ImpactAssessment) unadvised() (wrong problem.Faults) {
	if a.AdvisedOn != nil && a.AdviceReference == "" {
		wrong.Note("/adviceReference", "required", "Say where the advice is found (Wgs 1.8(6)).")
	}
	if a.AdvisedOn == nil && a.AdviceReference != "" {
		wrong.Note("/advisedOn", "required", "Say on which day the advice was given (Wgs 1.8(6)).")
	}
	if a.AdvisedOn == nil && a.AdviceWithdrawnOn != nil {
		wrong.Note("/adviceWithdrawnOn", "unexpected", "Only an advice that was given can be withdrawn.")
	}
	if a.AdvisedOn == nil && a.DeviationReason != "" {
		wrong.Note("/deviationReason", "unexpected", "Only from an advice that was given can be deviated (BGS 1.15).")
	}
	return wrong
}

// undeviated names what a deviation lacks: whom it was told (BGS 1.15), and of what it has the day but not the reasons.
func (a ImpactAssessment) undeviated() (wrong problem.Faults) {
	deviates := a.DeviationReason != ""
	if deviates && a.CommitteeToldOn == nil {
		wrong.Note("/committeeToldOn", "required", "Who deviates from an advice tells the committee that gave it (BGS 1.15); say on which day.")
	}
	if deviates && a.OfficerToldOn == nil {
		wrong.Note("/officerToldOn", "required", "Who deviates from an advice tells the coordinating data protection officer (BGS 1.15); say on which day.")
	}
	for _, told := range []struct {
		field string
		on    *time.Time
	}{{"/committeeToldOn", a.CommitteeToldOn}, {"/officerToldOn", a.OfficerToldOn}} {
		if !deviates && told.on != nil {
			wrong.Note(told.field, "unexpected", "Only a deviation, which has its reasons, is told (BGS 1.15).")
		}
	}
	return wrong
}

func impactOperations() []authz.Operation {
	return []authz.Operation{{ID: "getImpactAssessment", Act: actReadImpact}, {ID: "updateImpactAssessment", Act: actKeepImpact}}
}
