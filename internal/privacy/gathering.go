package privacy

import (
	"cmp"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/person"
)

const actGather = "data-subject-gathering.read"

// The kinds of records that need a rule of their own.
const (
	roleKind     = "role"
	consentKind  = "consent"
	linkKind     = "link"
	receiverKind = "receiver"
)

// Why something stays out of a gathering.
const (
	aboutOthers    = "about-others"
	medicalSecrecy = "medical-secrecy"
)

// Gathering is what the municipality keeps on a person, for a request of access (AVG 15).
type Gathering struct {
	RequestID     uuid.UUID
	At            time.Time
	Registrations []person.Person
	Dossiers      []GatheredDossier
	Records       []GatheredRecord
	Views         []GatheredView
	HeldBack      []HeldBack
	Cut           []string // the lists of which there is more

	shared map[string][]uuid.UUID // by kind, what names the person in dossiers that are about others too
}

// GatheredDossier is a dossier that is or was about the person.
type GatheredDossier struct {
	ID                                          uuid.UUID
	Number, Type, Title, Status, Basis, Purpose string
	OpenedAt                                    time.Time
	Alone                                       bool // it is a person's and of nobody else: all in it is about him
}

// GatheredRecord is something that is kept on a person.
type GatheredRecord struct {
	Kind                string
	ID                  uuid.UUID
	DossierID           uuid.UUID
	Category            *int
	Title, Text, Source string
	Codes               []GatheredCode `gorm:"serializer:json"`
	Score               *int
	Day                 time.Time // a date, as Until
	Until               *time.Time
	PartnerID           *uuid.UUID
	Restricted          bool
	Held                bool       // under medical secrecy without a ground that lifts it
	Of                  *uuid.UUID // the record that it belongs to, of what a partner received
	MemberDossierID     *uuid.UUID // the dossier of whom a goal of a family is for
}

// GatheredCode is a code with the list that explains it.
type GatheredCode struct {
	List string `json:"list"`
	Code string `json:"code"`
}

// GatheredView is who looked at a dossier, or at the registration, on a day: never by name.
type GatheredView struct {
	DossierID, PartnerID *uuid.UUID
	Function             string
	Operation, Basis     string
	Categories           int64 // as bits
	Day                  time.Time
	Times                int
}

// HeldBack is how much is not gathered.
type HeldBack struct {
	DossierID uuid.UUID
	Kind      string
	Reason    string
	PartnerID *uuid.UUID
	Count     int
}

// gatherable refuses to gather for what is no request of access, or no longer: the purpose binds the act (AVG 5(1)(b)).
func (r SubjectRequest) gatherable() error {
	if r.Kind != accessKind || r.PersonID == nil || r.Outcome == refused {
		return problem.Errorf(problem.NotFound,
			"There is a gathering of a request of access only (AVG 15), of a person in the register, as long as it was not refused (AVG 5(1)(b)).")
	}
	return nil
}

// sieve is what decides which records are about a person, and says the rest of others by their role.
type sieve struct {
	mask     mask
	dossiers map[uuid.UUID]GatheredDossier
	kept     map[uuid.UUID]bool
	held     map[HeldBack]int
}

// keep tells whether a record comes along: what is his by its nature, what is of a dossier that is about him alone, and
// else what names him (AVG 15(4)). What stays out is counted.
func (s *sieve) keep(r GatheredRecord) bool {
	switch {
	case r.Kind == receiverKind && r.Of != nil:
		return s.kept[*r.Of] // for what a record is given speaks of the record
	case r.Held:
		s.hold(r, medicalSecrecy)
		return false
	case !s.about(r):
		s.hold(r, aboutOthers)
		return false
	}
	s.kept[r.ID] = true
	return true
}

func (s *sieve) about(r GatheredRecord) bool {
	switch r.Kind {
	case roleKind, consentKind, receiverKind:
		return true
	case linkKind:
		return s.dossiers[r.DossierID].Alone
	}
	if s.dossiers[r.DossierID].Alone || r.MemberDossierID != nil && s.dossiers[*r.MemberDossierID].Alone {
		return true
	}
	return s.mask.names(r.Title) || s.mask.names(r.Text) || s.mask.names(r.Source)
}

// hold counts what stays out, by whose it is only where he can go there: what a supplier of his own keeps secret.
func (s *sieve) hold(r GatheredRecord, reason string) {
	h := HeldBack{DossierID: r.DossierID, Kind: r.Kind, Reason: reason}
	if reason == medicalSecrecy && r.PartnerID != nil {
		h.PartnerID = r.PartnerID
	}
	s.held[h]++
}

// clean puts others in the texts of a record by their role.
func (s *sieve) clean(r GatheredRecord) GatheredRecord {
	r.Title, r.Text, r.Source = s.mask.hide(r.Title), s.mask.hide(r.Text), s.mask.hide(r.Source)
	r.Codes = slices.DeleteFunc(r.Codes, func(c GatheredCode) bool { return c.Code == "" })
	return r
}

// heldBack are the counts, in a fixed order.
func (s *sieve) heldBack() []HeldBack {
	all := make([]HeldBack, 0, len(s.held))
	for h, n := range s.held {
		h.Count = n
		all = append(all, h)
	}
	slices.SortFunc(all, func(a, b HeldBack) int {
		return cmp.Or(cmp.Compare(s.dossiers[a.DossierID].Number, s.dossiers[b.DossierID].Number), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Reason, b.Reason))
	})
	return all
}
