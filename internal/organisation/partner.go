package organisation

import (
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// The statuses of a partner.
const (
	Active    = "active"
	Suspended = "suspended" // refused at its next request, with all its people and systems
)

// Partner is an organisation that takes part (ketenpartner).
type Partner struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `gorm:"primaryKey" etag:"-"`
	Version        int64     `etag:"-"`
	Name           string
	Type           string // slug of a partner type; never changes
	Domain         string // social, safety, both or neighbourhood
	// Oin is its organisation number; several partners may share one, as the parts of a municipality do.
	Oin          *string
	Status       string
	ContactEmail string // who is told, without content, that nobody of the partner was named; may be empty
	// The covenant (convenant) under which it takes part holds from the first of these dates to the last, in
	// the municipality's time zone; nil is open, or without covenant when both are.
	CovenantFrom  *time.Time
	CovenantUntil *time.Time
	ChangedAt     time.Time `etag:"-"`
}

// Guarded implements db.Row.
func (p Partner) Guarded() uuid.UUID { return p.ID }

// Resource is the partner, to decide on.
func (p Partner) Resource() authz.Resource { return authz.Resource{ID: p.ID, Partner: p.ID} }

// check holds a partner against what it may be.
func (p Partner) check(typeKnown bool) error {
	var f problem.Faults
	if !typeKnown {
		f.Note("/type", "reference", "There is no such partner type; see GET /v1/code-lists/partner-types.")
	}
	switch p.Domain {
	case "social", "safety", "both", "neighbourhood":
	default:
		f.Note("/domain", "enum", "Choose a domain of GET /v1/code-lists/partner-domains.")
	}
	if p.Oin != nil && !validOIN(*p.Oin) {
		f.Note("/oin", "oin", "This is no organisation number: 20 positions, with a known prefix and, where it holds an RSIN, a right check digit.")
	}
	if p.CovenantFrom != nil && p.CovenantUntil != nil && p.CovenantUntil.Before(*p.CovenantFrom) {
		f.Note("/covenantUntil", "order", "The last day of the covenant is not before its first.")
	}
	return f.Err()
}

// mayBecome refuses to suspend the organisation of who asks, which would lock him out.
func (p Partner) mayBecome(status string, mine uuid.UUID) error {
	if status == Suspended && p.Status != Suspended && p.ID == mine {
		return problem.Errorf(problem.Conflict, "You cannot suspend your own organisation; somebody of another has to.")
	}
	return nil
}

// The parts of an organisation number (OIN-stelsel 3.0, ch. 6).
const (
	prefixRSIN = "00000001"
	prefixKVK  = "00000003"
	// otherPrefixes are FI number, SubOIN, Logius, BRIN, foreign, UZI, TRR and test.
	otherPrefixes = "00000002 00000004 00000006 00000007 00000008 00000009 00000010 00000099"
)

// validOIN tells whether it is an organisation number: prefix of 8, number of 8 or 9 positions, zeros
// up to 20; a KVK number has 8 digits, an RSIN passes the eleven test.
func validOIN(oin string) bool {
	if !regexp.MustCompile(`^[0-9]{8}([0-9A-Z]{9}000|[0-9]{8}0000)$`).MatchString(oin) {
		return false
	}
	switch prefix, number := oin[:8], oin[8:]; prefix {
	case prefixRSIN:
		return strings.HasSuffix(number, "000") && validRSIN(number[:9])
	case prefixKVK:
		return regexp.MustCompile(`^[0-9]{8}0000$`).MatchString(number)
	default:
		return strings.Contains(otherPrefixes, prefix)
	}
}

// validRSIN is the eleven test with weights 9 to 2 and -1.
func validRSIN(rsin string) bool {
	sum := 0
	for i, c := range rsin {
		if c < '0' || c > '9' {
			return false
		}
		weight := 9 - i
		if i == 8 {
			weight = -1
		}
		sum += weight * int(c-'0')
	}
	return sum%11 == 0
}
