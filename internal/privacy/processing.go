package privacy

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/language"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

const (
	// actReadProcessing is reading the processing log.
	actReadProcessing = "processing-log.read"
	listActivities    = "processing-activities"
	// personsActivity is the processing of persons outside dossiers.
	personsActivity = "persons"
)

// Activity is a processing activity of the register (AVG 30; Logboek Dataverwerkingen 1.0). Its address never changes.
type Activity struct {
	ID, Code string
	Name     language.Text
	LegalRef string
}

// ProcessingLine is a line of the processing log: whose data was processed, when and on which basis, and nothing of who did it.
type ProcessingLine struct {
	MunicipalityID string
	ID             uuid.UUID
	At             time.Time
	TraceID        string
	ParentSpanID   string // empty when nothing asked for it
	Operation      string
	Basis          string // empty outside dossiers
	Failed         bool
	DataSubject    string // a pseudonym; empty for nobody
}

func (l ProcessingLine) place() page.Cursor { return page.At(l.At, l.ID) }

// span is that of the line in its trace.
func (l ProcessingLine) span() string { return hex.EncodeToString(l.ID[8:]) }

// activity is the code of what it belongs to in the register.
func (l ProcessingLine) activity() string {
	if l.Basis == "" {
		return personsActivity
	}
	return l.Basis
}

// ProcessingQuery chooses lines; what is nil chooses all. Subjects are pseudonyms, of which any will do.
type ProcessingQuery struct {
	Trace, Activity, Subject *string
	Person                   *uuid.UUID
	From, Until              *time.Time
}

// subjects are the persons whose data a line of the access log is about, of those of its dossier.
func (l AccessLine) subjects(inDossier []uuid.UUID) []uuid.UUID {
	if l.DossierID == nil && l.SubjectID != nil && (l.SubjectType == "person" || l.SubjectType == "bsn") {
		return []uuid.UUID{*l.SubjectID}
	}
	return inDossier
}

// processed says a line of the access log as lines of the processing log, one per data subject: one without, for a dossier
// that is about nobody. The same line gives the same lines, with the same ids.
func processed(l AccessLine, subjects []string) (all []ProcessingLine) {
	if len(subjects) == 0 && l.DossierID != nil {
		subjects = []string{""}
	}
	for _, subject := range subjects {
		all = append(all, ProcessingLine{
			MunicipalityID: l.MunicipalityID, ID: uuid.NewSHA1(l.ID, []byte(subject)), At: l.At, TraceID: l.TraceID, ParentSpanID: l.SpanID, Operation: l.Operation,
			Basis: l.Basis, Failed: l.Status >= http.StatusInternalServerError, DataSubject: subject,
		})
	}
	return all
}

// pseudonym is that of a person under a key: 64 hexadecimal digits from which nothing is learnt without it.
func pseudonym(key []byte, municipality string, person uuid.UUID) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(municipality + " " + person.String())) // never fails
	return hex.EncodeToString(mac.Sum(nil))
}

// register is where the activities have their addresses.
func (s *Service) register() string { return s.m.PublicURL + "/v1/processing-register#" }

// activities are those of the register of processing.
func (s *Service) activities() (all []Activity) {
	for _, code := range append(bases(), personsActivity) {
		name, _ := s.m.Lists.Label(listActivities, code)
		article, _ := s.m.Lists.Attribute(listActivities, code, "legalRef")
		all = append(all, Activity{ID: s.register() + code, Code: code, Name: name, LegalRef: article})
	}
	return all
}

// basis finds that of an activity by its address; empty for the processing of persons outside dossiers.
func (s *Service) basis(activity string) (string, error) {
	code, here := strings.CutPrefix(activity, s.register())
	if !here || !s.m.Lists.Has(listActivities, code) {
		return "", problem.InvalidField("/dpl.core.processing_activity_id", "reference", "Name an activity of the register of processing: GET /processing-register gives them.")
	}
	if code == personsActivity {
		return "", nil
	}
	return code, nil
}
