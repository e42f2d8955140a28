package privacy

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/calendar"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/person"
)

// The acts on requests of internal/kernel/authz/acts.csv.
const (
	actReadRequest   = "data-subject-request.read"
	actHandleRequest = "data-subject-request.handle"
)

// The kinds that can restrict, and the outcomes.
const (
	restriction = "restriction" // AVG 18
	objection   = "objection"   // AVG 21
	accessKind  = "access"      // AVG 15
	granted     = "granted"
	partly      = "partly"
	refused     = "refused"
	agree       = "agree"
	object      = "object"
)

// SubjectRequest is what a person asks under the AVG (12-22) and what was decided on it, which is a decision under the
// Awb (UAVG 34). What was asked never
// changes. Dates are of the municipality's calendar.
type SubjectRequest struct {
	MunicipalityID      string             `gorm:"primaryKey" etag:"-"`
	ID                  uuid.UUID          `gorm:"primaryKey" etag:"-"`
	Version             int64              `etag:"-"`
	Kind                string             `etag:"-"`
	PersonID            *uuid.UUID         `etag:"-"` // nil when not found in the register
	ReceivedOn          time.Time          `etag:"-"`
	Channel             string             `etag:"-"`
	IdentityCheck       string             `etag:"-"` // AVG 12(6)
	Dossiers            []person.Concerned `gorm:"serializer:json" etag:"-"`
	RecordedBy          uuid.UUID          `etag:"-"`
	RecordedAt          time.Time          `etag:"-"`
	ChangedAt           time.Time          `etag:"-"`
	ExtendedOn          *time.Time
	ExtensionReason     string
	Consultations       []Consultation `gorm:"serializer:json"`
	Outcome             string         // empty until decided
	Reasons             string
	Ground              string // of what is refused
	ExceptionUntil      *time.Time
	UnansweredReason    string
	RestrictedItems     []uuid.UUID `gorm:"serializer:json"`
	RestrictedDocuments []uuid.UUID `gorm:"serializer:json"`
	RestrictsPerson     bool        // all of it: registrations, dossiers about it alone, and what names it in others
	DecidedOn           *time.Time
	DecidedBy           *uuid.UUID
	LiftNoticeOn        *time.Time // when the person was told, AVG 18(3)
	LiftReason          string
	LiftedAt            *time.Time
	LiftedBy            *uuid.UUID
}

// Consultation is what a supplier was asked about a request and answered (BGS 1.2).
type Consultation struct {
	PartnerID  uuid.UUID  `json:"partnerId"`
	AskedOn    time.Time  `json:"askedOn"`
	AnswerBy   time.Time  `json:"answerBy"`
	Answer     string     `json:"answer,omitempty"` // agree or object; empty until then
	Reason     string     `json:"reason,omitempty"`
	AnsweredOn *time.Time `json:"answeredOn,omitempty"`
}

// TableName implements gorm's Tabler.
func (SubjectRequest) TableName() string { return "data_subject_request" }

// Guarded implements db.Row.
func (r SubjectRequest) Guarded() uuid.UUID { return r.ID }

// Resource is the request, to decide on.
func (r SubjectRequest) Resource() authz.Resource { return authz.Resource{ID: r.ID} }

func (r SubjectRequest) place() page.Cursor { return page.At(r.RecordedAt, r.ID) }

// DueOn is the last day of the term: one calendar month after it was received, extended by two (AVG 12(3)).
func (r SubjectRequest) DueOn() time.Time {
	months := 1
	if r.ExtendedOn != nil {
		months = 3
	}
	return calendar.Months(r.ReceivedOn, months)
}

// Overdue tells whether the term passed without a decision.
func (r SubjectRequest) Overdue(today time.Time) bool {
	return r.DecidedOn == nil && today.After(r.DueOn())
}

// Status is where the request is.
func (r SubjectRequest) Status() string {
	switch {
	case r.DecidedOn != nil:
		return "decided"
	case len(r.Consultations) > 0:
		return "in-consultation"
	}
	return "received"
}

// restricts tells whether its decision keeps something from everybody now.
func (r SubjectRequest) restricts() bool {
	return (len(r.RestrictedItems)+len(r.RestrictedDocuments) > 0 || r.RestrictsPerson) && r.LiftedAt == nil
}

func (r SubjectRequest) open() error {
	if r.DecidedOn != nil {
		return problem.Errorf(problem.Conflict, "The request is decided already (UAVG 34); a new request is recorded apart.")
	}
	return nil
}

// extend gives two months more, once and within the first month (AVG 12(3)).
func (r *SubjectRequest) extend(reason string, today time.Time) error {
	if err := r.open(); err != nil {
		return err
	}
	if r.ExtendedOn != nil || today.After(r.DueOn()) {
		return problem.Errorf(problem.Conflict, "The term is extended once, before its first month ends (AVG 12(3)).")
	}
	r.ExtendedOn, r.ExtensionReason = &today, reason
	return nil
}

// NewConsultation is what a supplier is asked, with AnswerBy, or answered.
type NewConsultation struct {
	PartnerID uuid.UUID
	AnswerBy  *time.Time
	Answer    string
	Reason    string
}

// consult records a question to a supplier or its answer. It fails with problem.Invalid and problem.Conflict.
func (r *SubjectRequest) consult(n NewConsultation, today time.Time) error {
	if err := r.open(); err != nil {
		return err
	}
	if (n.AnswerBy == nil) == (n.Answer == "") {
		return problem.InvalidField("/answerBy", "required", "Give a term with which the supplier is asked, or its answer, not both.")
	}
	at := slices.IndexFunc(r.Consultations, func(c Consultation) bool { return c.PartnerID == n.PartnerID })
	if n.AnswerBy != nil {
		return r.ask(n, at, today)
	}
	switch {
	case at < 0:
		return problem.InvalidField("/partnerId", "reference", "This supplier was not asked; record that first.")
	case r.Consultations[at].Answer != "":
		return problem.Errorf(problem.Conflict, "This supplier answered already.")
	case n.Answer == object && n.Reason == "":
		return problem.InvalidField("/reason", "required", "An objection has its reason.")
	}
	r.Consultations = slices.Clone(r.Consultations)
	c := &r.Consultations[at]
	c.Answer, c.Reason, c.AnsweredOn = n.Answer, n.Reason, &today
	return nil
}

// mostConsulted bounds how many suppliers one request is put to.
const mostConsulted = 100

func (r *SubjectRequest) ask(n NewConsultation, at int, today time.Time) error {
	switch {
	case at >= 0 || len(r.Consultations) == mostConsulted:
		return problem.Errorf(problem.Conflict, "This supplier was asked already, or a hundred were.")
	case n.AnswerBy.Before(today):
		return problem.InvalidField("/answerBy", "past", "The term does not lie in the past.")
	}
	r.Consultations = append(slices.Clone(r.Consultations), Consultation{PartnerID: n.PartnerID, AskedOn: today, AnswerBy: *n.AnswerBy})
	return nil
}

// SubjectDecision is a decision on a request.
type SubjectDecision struct {
	Outcome, Reasons, Ground string
	ExceptionUntil           *time.Time
	UnansweredReason         string
	RestrictedItems          []uuid.UUID
	RestrictedDocuments      []uuid.UUID
	RestrictsPerson          bool
}

// unfit names what is wrong with a decision on a request of a kind: a refusal without a ground that fits it (UAVG 41; AVG),
// an exception of UAVG 41 without its end, and a restriction that was not asked.
func (d SubjectDecision) unfit(kind string, today time.Time) (wrong problem.Faults) {
	under41 := strings.HasPrefix(d.Ground, "uavg-41")
	switch {
	case d.Outcome != granted && d.Ground == "":
		wrong.Note("/ground", "required", "A refusal, whole or in part, has a ground: a letter of UAVG 41(1), or the exception of the article itself (AVG 12(5), 15(4), 17(3), 21(1)).")
	case d.Outcome == granted && d.Ground != "":
		wrong.Note("/ground", "unexpected", "A request that is granted whole has no ground of refusal.")
	case d.Ground != "" && !fitsGround(d.Ground, kind):
		wrong.Note("/ground", "kind", "This exception is not of the article that the request appeals to; choose one that is, or a letter of UAVG 41(1).")
	}
	switch {
	case under41 && d.ExceptionUntil == nil:
		wrong.Note("/exceptionUntil", "required", "An exception of UAVG 41 has a day on which it ends (UAVG 41(2)).")
	case !under41 && d.ExceptionUntil != nil:
		wrong.Note("/exceptionUntil", "unexpected", "Only an exception of UAVG 41 has a day on which it ends.")
	case under41 && d.ExceptionUntil.Before(today):
		wrong.Note("/exceptionUntil", "past", "The exception does not end in the past.")
	}
	return append(wrong, d.overreaches(kind)...)
}

// overreaches names what is restricted although nothing of that was granted.
func (d SubjectDecision) overreaches(kind string) (wrong problem.Faults) {
	if d.Outcome != refused && (kind == restriction || kind == objection) {
		return nil
	}
	if len(d.RestrictedItems) > 0 {
		wrong.Note("/restrictedItemIds", "kind", "Items are restricted when a restriction or an objection is granted (AVG 18, 21).")
	}
	if len(d.RestrictedDocuments) > 0 {
		wrong.Note("/restrictedDocumentIds", "kind", "Documents are restricted when a restriction or an objection is granted (AVG 18, 21).")
	}
	if d.RestrictsPerson {
		wrong.Note("/restrictsPerson", "kind", "A person is restricted when a restriction or an objection is granted (AVG 18, 21).")
	}
	return wrong
}

// fitsGround tells whether an exception of an article of the AVG is of what was asked.
func fitsGround(ground, kind string) bool {
	of := map[string]string{"avg-13-4": "information", "avg-15-4": "access", "avg-16": "rectification", "avg-17-3": "erasure", "avg-18-1": restriction, "avg-21-1": objection}
	return of[ground] == "" || of[ground] == kind
}

// decide puts a decision on the request. It fails with problem.Conflict before a supplier answered or its term passed.
func (r *SubjectRequest) decide(d SubjectDecision, by *uuid.UUID, today time.Time) error {
	if err := r.open(); err != nil {
		return err
	}
	if err := d.unfit(r.Kind, today).Err(); err != nil {
		return err
	}
	waits := slices.ContainsFunc(r.Consultations, func(c Consultation) bool { return c.Answer == "" && !today.After(c.AnswerBy) })
	if waits && d.UnansweredReason == "" {
		return problem.Errorf(problem.Conflict, "A supplier can still answer (BGS 1.2); wait for it, or say in unansweredReason why that cannot be.")
	}
	r.Outcome, r.Reasons, r.Ground, r.ExceptionUntil = d.Outcome, d.Reasons, d.Ground, d.ExceptionUntil
	r.UnansweredReason, r.RestrictedItems, r.DecidedOn, r.DecidedBy = d.UnansweredReason, d.RestrictedItems, &today, by
	r.RestrictedDocuments, r.RestrictsPerson = d.RestrictedDocuments, d.RestrictsPerson
	return nil
}

// lift ends the restriction after the person was told (AVG 18(3)).
func (r *SubjectRequest) lift(notice time.Time, reason string, by *uuid.UUID, now time.Time) error {
	if !r.restricts() {
		return problem.Errorf(problem.Conflict, "The request restricts nothing, or no longer.")
	}
	if r.DecidedOn != nil && notice.Before(*r.DecidedOn) {
		return problem.InvalidField("/noticeOn", "order", "The person is told that it is lifted after it was restricted (AVG 18(3)).")
	}
	r.LiftNoticeOn, r.LiftReason, r.LiftedAt, r.LiftedBy = &notice, reason, &now, by
	return nil
}

// operations are those that its state allows.
func (r SubjectRequest) operations(today time.Time) []authz.Operation {
	all := []authz.Operation{{ID: "getDataSubjectRequest", Act: actReadRequest}}
	add := func(may bool, ids ...string) {
		for _, id := range ids {
			if may {
				all = append(all, authz.Operation{ID: id, Act: actHandleRequest})
			}
		}
	}
	add(r.DecidedOn == nil, "consultOnDataSubjectRequest", "decideDataSubjectRequest")
	add(r.DecidedOn == nil && r.ExtendedOn == nil && !today.After(r.DueOn()), "extendDataSubjectRequest")
	add(r.restricts(), "liftDataSubjectRestriction")
	return all
}
