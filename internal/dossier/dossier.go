// Package dossier holds dossiers on persons, families, groups and situations, from the first signal
// to the end result: who takes part, what was supplied, how they hang together and who directs.
package dossier

import (
	"reflect"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Type is what a dossier is about (dossiersoort).
type Type string

// The four types; there is no fifth (domain.md 4.01).
const (
	Person    Type = "person"    // persoon
	Family    Type = "family"    // gezin
	Group     Type = "group"     // groep
	Situation Type = "situation" // situatie
)

// Status is where a dossier stands in its life.
type Status string

// The statuses, from intake to closing or rejection.
const (
	Intake    Status = "intake"
	InTriage  Status = "triage"
	Active    Status = "active"
	Aftercare Status = "aftercare" // nazorg
	Closed    Status = "closed"
	Rejected  Status = "rejected"
)

// Basis is the legal basis on which partners share in a dossier (grondslag).
type Basis string

// The bases. The Wams is not in force, and no dossier can rest on it.
const (
	Wgs          Basis = "wgs"
	Covenant     Basis = "covenant"
	SocialDomain Basis = "social-domain"
	Consent      Basis = "consent"
	Wams         Basis = "wams"
)

// Location is where a situation is; its address belongs to the category identity.
type Location struct {
	Kind        string  `json:"kind"` // public-space, dwelling, premises or online
	Street      *string `json:"street,omitempty"`
	HouseNumber *string `json:"houseNumber,omitempty"`
	Postcode    *string `json:"postcode,omitempty"`
	Point       *Point  `json:"point,omitempty"`
}

// Point is a place in CRS84: longitude and latitude in degrees.
type Point struct {
	Longitude float64 `json:"longitude"`
	Latitude  float64 `json:"latitude"`
}

// Dossier is the core of a dossier. Its title, location and particulars belong to the category identity; the
// rest is readable to everyone with any act in the dossier.
type Dossier struct {
	MunicipalityID    string    `gorm:"primaryKey" etag:"-"`
	ID                uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version           int64     `etag:"-"`
	Number            string    // year and serial number: "2026-00042"
	Type              Type
	Title             string
	Status            Status
	Basis             Basis
	Purpose           string // why partners share in this dossier (Wgs 1.8(5))
	NeighbourhoodCode *string
	Location          *Location    `gorm:"serializer:json"`
	Particulars       *Particulars `gorm:"serializer:json"`
	Themes            []string     `gorm:"serializer:json"`
	RegiePhase        int          // AVE phase, 1 to 4
	CaseDirectorID    *uuid.UUID
	ChairID           *uuid.UUID
	OpenedBy          uuid.UUID
	TableID           *uuid.UUID
	ExternalReference string
	OpenedAt          time.Time
	ChangedAt         time.Time  `etag:"-"`           // of what everybody in the dossier sees
	IdentityChangedAt *time.Time `etag:"-"`           // of title, location and particulars, since it was opened
	Restricted        bool       `gorm:"->" etag:"-"` // by the person concerned (AVG 18); the database sees to it that nobody reads it
	ShieldedAt        *time.Time // closed to ordinary reading since (Wgs 2.31(8))
}

// Guarded implements db.Row.
func (d Dossier) Guarded() uuid.UUID { return d.ID }

// Resource is the dossier's core, to decide on.
func (d Dossier) Resource() authz.Resource {
	return authz.Resource{ID: d.ID, Dossier: d.ID, Category: authz.Core}
}

// Content is something of a category in this dossier, to decide on.
func (d Dossier) Content(id uuid.UUID, c authz.Category) authz.Resource {
	return authz.Resource{ID: id, Dossier: d.ID, Category: c}
}

// seenBy is the dossier as a caller sees it: without title, location and particulars where he may not see who it
// is about.
func (d Dossier) seenBy(v authz.View) Dossier {
	if !v.Sees(authz.Identity) {
		d.Title, d.Location, d.Particulars = "", nil, nil
	}
	return d
}

// edit makes a change. Who does not see whom the dossier is about may say nothing of that, not even
// what is so already: an answer that depended on it would tell.
func (d *Dossier) edit(sees bool, change func(*Dossier)) error {
	if sees {
		change(d)
		return nil
	}
	title, location, particulars := d.Title, d.Location, d.Particulars
	const never = "\x00" // is no title
	mark, noted := &Location{}, &Particulars{}
	d.Title, d.Location, d.Particulars = never, mark, noted
	change(d)
	untouched := d.Title == never && d.Location == mark && d.Particulars == noted
	d.Title, d.Location, d.Particulars = title, location, particulars
	if !untouched {
		return problem.Errorf(problem.Forbidden, "You do not see title, location and particulars of this dossier and cannot change them.")
	}
	return nil
}

// stamp says when what changed: the core, or title, location and particulars.
func (d *Dossier) stamp(before Dossier, now time.Time) {
	if d.Title != before.Title || !reflect.DeepEqual(d.Location, before.Location) || !reflect.DeepEqual(d.Particulars, before.Particulars) {
		d.IdentityChangedAt = &now
	}
	core := func(d Dossier) Dossier {
		d.Title, d.Location, d.Particulars, d.IdentityChangedAt = "", nil, nil, nil
		return d
	}
	if !reflect.DeepEqual(core(before), core(*d)) {
		d.ChangedAt = now
	}
}

// split parts the names of changed fields into those of the core and those of category identity.
func split(fields []string) (core, hidden []string) {
	for _, name := range fields {
		switch name {
		case "title", "location", "particulars":
			hidden = append(hidden, name)
		case "identityChangedAt":
		default:
			core = append(core, name)
		}
	}
	return core, hidden
}

// mustBeOpen refuses what cannot be done in a dossier that has ended.
func (d Dossier) mustBeOpen() error {
	if d.Status == Closed || d.Status == Rejected {
		return problem.Errorf(problem.Conflict, "The dossier is closed; nothing changes in it any more.")
	}
	return nil
}

// operations are those that the dossier's state allows.
func (d Dossier) operations() []authz.Operation {
	all := []authz.Operation{
		{ID: "getDossier", Act: actRead}, {ID: "listParticipants", Act: actRead}, {ID: "listSubjects", Act: actRead}, {ID: "listOverlapNotices", Act: actRead}, {ID: "listItems", Act: actRead}, {ID: "listInformationRequests", Act: actRead}, {ID: "listLinks", Act: actRead},
		{ID: "listAssessments", Act: actRead}, {ID: "getAssessmentDeltas", Act: actRead}, {ID: "getMultiProblemIndicator", Act: actRead},
		{ID: "listRegieChanges", Act: actRead}, {ID: "listClosures", Act: actRead}, {ID: "listPlans", Act: actRead}, {ID: "getSituationReport", Act: actRead},
		{ID: "getRegieHolders", Act: actRead}, {ID: "listInvolved", Act: actRead}, {ID: "getStagnation", Act: actRead}, {ID: "getDossierRetention", Act: actRead}, {ID: "extendDossierRetention", Act: "retention.extend"}, {ID: "listTimeline", Act: actRead},
		{ID: "listMatrixExceptions", Act: actAccess}, {ID: "listGrants", Act: actAccess}, {ID: "listDossierAccess", Act: actAccess}, {ID: "listDossierAccessLog", Act: "dossier-access-log.read"},
		{ID: "listEmergencyAccesses", Act: actRead}, {ID: "explainAccess", Act: actRead},
	}
	open := d.mustBeOpen() == nil
	all = append(all, lifeOperations(open)...)
	all = append(all, aroundPlan()...)
	if !open {
		return all
	}
	return append(all,
		authz.Operation{ID: "updateDossier", Act: actChange},
		authz.Operation{ID: "addParticipant", Act: actChange},
		authz.Operation{ID: "askForInformation", Act: actAsk},
		authz.Operation{ID: "addLink", Act: actChange},
		authz.Operation{ID: "changeRegie", Act: actDirect},
		authz.Operation{ID: "closeDossier", Act: actClose},
		authz.Operation{ID: "makeMatrixException", Act: actExcept},
		authz.Operation{ID: "grantAccess", Act: actGrant},
	)
}

// The acts of internal/kernel/authz/acts.csv that dossiers know.
const (
	actOpen     = "dossier.open"
	actRead     = "dossier.read"
	actChange   = "dossier.change"
	actDirect   = "dossier.direct"
	actClose    = "dossier.close"
	actReopen   = "dossier.reopen"
	actAdd      = "item.add"
	actRelease  = "item.release"
	actCorrect  = "item.correct"
	actAgree    = "action.create"
	actAssess   = "assessment.add"
	actPlan     = "plan.draft"
	actExcept   = "dossier.except"
	actGrant    = "dossier.grant"
	actAccess   = "access.read"
	actWithheld = "withholding.read"

	actReadEnding = "ending.read"
)

// Ref is what a reader may know of a dossier beside another record.
type Ref struct {
	ID     uuid.UUID
	Number string
	Title  *string // nil where the reader may not see who it is about
}

func (d Dossier) refFor(v authz.View) Ref {
	r := Ref{ID: d.ID, Number: d.Number}
	if v.Sees(authz.Identity) {
		r.Title = &d.Title
	}
	return r
}

// Figures are what other areas count in a dossier, cut to the reader's rights.
type Figures struct {
	OpenActions    int
	OverdueActions int
	NextMeetingAt  *time.Time
	LastChangeAt   *time.Time
}
