package matrix

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// What can be found in a matrix before it is published.
const (
	editWithoutView     = "edit-without-view"
	ownerWithoutDossier = "owner-without-dossier"
	nobodyEdits         = "nobody-edits"
	noCovenant          = "no-covenant"
	widensSensitive     = "widens-sensitive"
	noAdvice            = "no-advice"
)

// The severities of a finding: an error blocks publication, a warning must be acknowledged.
const (
	severityError   = "error"
	severityWarning = "warning"
)

// Finding is one thing that is found in a matrix before it is published.
type Finding struct {
	Code        string         `json:"code"`
	PartnerType string         `json:"partnerType,omitempty"`
	PartnerID   uuid.UUID      `json:"partnerId,omitzero"`
	DossierType string         `json:"dossierType,omitempty"` // authz.AllTypes for each kind; empty for none in particular
	Category    authz.Category `json:"category"`              // authz.Core for none in particular
	Actions     int            `json:"actions,omitempty"`     // open actions that their owner would lose sight of
	Suppliers   []uuid.UUID    `json:"suppliers,omitempty"`   // whose consent is missing
}

// ID names the finding; it stays the same as long as the finding is there, however many actions or
// suppliers it is about, so that it can be acknowledged.
func (f Finding) ID() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s|%s|%s|%s|%s", f.Code, f.PartnerType, f.PartnerID, f.DossierType, f.Category.Slug()))
	return hex.EncodeToString(sum[:8])
}

// Severity is error or warning.
func (f Finding) Severity() string {
	switch f.Code {
	case nobodyEdits, noCovenant:
		return severityWarning
	}
	return severityError
}

func compareFindings(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(a.Severity(), b.Severity()), // "error" comes first
		cmp.Compare(a.Code, b.Code),
		cmp.Compare(a.PartnerType, b.PartnerType),
		slices.Compare(a.PartnerID[:], b.PartnerID[:]),
		cmp.Compare(a.Category, b.Category),
		cmp.Compare(a.DossierType, b.DossierType),
	)
}

// inOrder puts findings in the one order in which they are shown; never nil.
func inOrder(found []Finding) []Finding {
	found = append([]Finding{}, found...)
	slices.SortFunc(found, compareFindings)
	return found
}

// publishable refuses a publication with errors, or with warnings that are not acknowledged; it gives the
// warnings that are.
func publishable(found []Finding, acknowledged []string) ([]Finding, error) {
	var errors, missing, known []Finding
	for _, f := range found {
		switch {
		case f.Severity() == severityError:
			errors = append(errors, f)
		case slices.Contains(acknowledged, f.ID()):
			known = append(known, f)
		default:
			missing = append(missing, f)
		}
	}
	switch {
	case len(errors) > 0:
		return nil, problem.Errorf(problem.Conflict, "This matrix has findings that keep it from being published (%d: %s). "+
			"GET /v1/authorisation-matrix/draft/findings tells what to do about those of the draft, GET /v1/authorisation-matrix/versions/{version}/findings about those of a version.",
			len(errors), codes(errors))
	case len(missing) > 0:
		return nil, problem.Errorf(problem.Conflict, "Not every warning is acknowledged (%d missing: %s); read them with "+
			"GET /v1/authorisation-matrix/draft/findings, or for a version GET /v1/authorisation-matrix/versions/{version}/findings, and send their ids in acknowledged.",
			len(missing), codes(missing))
	}
	return known, nil
}

func codes(found []Finding) string {
	var all []string
	for _, f := range found {
		all = append(all, f.Code)
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), ", ")
}
