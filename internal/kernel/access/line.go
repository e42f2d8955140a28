package access

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// Line is one line of the access log: what one request did in one dossier, with one record outside dossiers, or with neither.
type Line struct {
	Municipality string
	ID           uuid.UUID
	At           time.Time
	Operation    string // operationId of the contract
	Acts         []string
	Who          identity.Identity // who acts; in a preview, through whom he looks
	Dossier      uuid.UUID         // zero for none
	Subject      Subject
	Sight        Sight
	Purpose      string
	Outcome      string
	Status       int
	Trace, Span  string
}

// The outcomes.
const (
	Allowed  = "allowed"
	Refused  = "refused"
	NotFound = "not-found"
	Failed   = "failed"
)

func outcomeOf(status int) string {
	switch {
	case status < 400:
		return Allowed
	case status == 401, status == 403:
		return Refused
	case status == 404:
		return NotFound
	}
	return Failed
}

// Lines are those of an answer with this status, of what came since the last ones; none when nothing did, and none when
// nobody acted.
func (t *Trail) Lines(at time.Time, status int) (lines []Line) {
	t.mu.Lock()
	defer t.mu.Unlock()
	who := t.who
	if !t.new || who.Municipality == "" {
		return nil
	}
	one := Line{
		Municipality: who.Caller().Municipality, At: at, Operation: t.operation, Who: who, Purpose: t.purpose, Outcome: outcomeOf(status), Status: status,
		Trace: t.trace, Span: t.span,
	}
	for id, sight := range t.dossiers {
		if !sight.Known && one.Outcome == Allowed {
			continue // it was asked for among others, and nothing of it is in the answer
		}
		line := one
		line.Dossier, line.Sight, line.Acts = id, sight, t.actsOn(id)
		lines = append(lines, line)
	}
	for _, s := range t.subjects {
		line := one
		line.Subject, line.Acts = s, t.asked[uuid.Nil]
		lines = append(lines, line)
	}
	if len(lines) == 0 && !t.told {
		one.Acts = t.asked[uuid.Nil]
		lines = append(lines, one)
	}
	for i := range lines {
		lines[i].ID = uuid.Must(uuid.NewV7())
	}
	t.new, t.told = false, true
	t.dossiers, t.subjects = nil, nil
	return lines
}

// actsOn are the acts that were asked on a dossier, in the order of the alphabet.
func (t *Trail) actsOn(dossier uuid.UUID) []string {
	acts := slices.Concat(t.asked[dossier], t.asked[uuid.Nil])
	slices.Sort(acts)
	return slices.Compact(acts)
}

// joined is a list as one text for the database.
func joined[T ~string](all []T) string {
	texts := make([]string, len(all))
	for i, one := range all {
		texts[i] = string(one)
	}
	return strings.Join(texts, " ")
}

// standsInFor are those for whom the caller stood in at the moment: which of them he acted for, the record that he changed says.
func standsInFor(who identity.Identity, at time.Time) string {
	var ids []string
	for _, id := range who.ActsFor(at) {
		if id != who.Professional {
			ids = append(ids, id.String())
		}
	}
	return strings.Join(ids, " ")
}

// seenAs is through whom somebody looks in a preview; nobody otherwise.
func (l Line) seenAs() identity.Identity {
	if l.Who.Viewer == nil {
		return identity.Identity{}
	}
	return l.Who
}
