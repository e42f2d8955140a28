package alert

import (
	"slices"
	"strconv"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Effect is what a rule does: a code of list alert-rule-effects.
type Effect string

// The effects.
const (
	Follow Effect = "follow" // he is told of what fits, where he may read it
	Mute   Effect = "mute"   // no mail of what fits, and it is not followed
)

// Rule is what somebody wishes of certain events. It fits an event of one of its kinds, in a dossier with one of its themes, in
// one of its neighbourhoods, that is one of its dossiers; what is empty does not limit.
type Rule struct {
	Effect             Effect      `json:"effect"`
	Kinds              []string    `json:"kinds,omitempty"` // codes of list event-kinds
	Themes             []string    `json:"themes,omitempty"`
	NeighbourhoodCodes []string    `json:"neighbourhoodCodes,omitempty"`
	DossierIDs         []uuid.UUID `json:"dossierIds,omitempty"`
}

// fits tells whether an event of a kind in a dossier is meant.
func (r Rule) fits(kind string, d dossier.Dossier) bool {
	return limits(r.Kinds, kind) && r.fitsDossier(d)
}

func (r Rule) fitsDossier(d dossier.Dossier) bool {
	if len(r.Themes) > 0 && !slices.ContainsFunc(d.Themes, func(theme string) bool { return slices.Contains(r.Themes, theme) }) {
		return false
	}
	if len(r.NeighbourhoodCodes) > 0 && (d.NeighbourhoodCode == nil || !slices.Contains(r.NeighbourhoodCodes, *d.NeighbourhoodCode)) {
		return false
	}
	return limits(r.DossierIDs, d.ID)
}

// limits tells whether a value is in a list, or the list does not limit.
func limits[T comparable](list []T, value T) bool {
	return len(list) == 0 || slices.Contains(list, value)
}

// follows tells whether somebody wishes to be told of an event of a kind in a dossier.
func (p Preference) follows(kind string, d dossier.Dossier) bool {
	return p.has(Follow, kind, d) && !p.mutes(kind, d)
}

// mutes tells whether he wishes no mail of it.
func (p Preference) mutes(kind string, d dossier.Dossier) bool { return p.has(Mute, kind, d) }

func (p Preference) has(effect Effect, kind string, d dossier.Dossier) bool {
	return slices.ContainsFunc(p.Rules, func(r Rule) bool { return r.Effect == effect && r.fits(kind, d) })
}

// mayMute tells whether it depends on the kind that he is told whether he wishes a mail.
func (p Preference) mayMute(d dossier.Dossier) bool {
	return slices.ContainsFunc(p.Rules, func(r Rule) bool { return r.Effect == Mute && len(r.Kinds) > 0 && r.fitsDossier(d) })
}

// canBeFollowed tells whether anybody may follow an event: not how a dossier is opened to whom, nor what goes to municipal
// directors or those alone whom it names.
func canBeFollowed(e delivery.Event) bool {
	return toSystems(e) && e.SubjectType != "access-request" && e.SubjectType != "webhook-subscription"
}

// ofOwner tells whether an event names those whose action it is about.
func ofOwner(e delivery.Event) bool { return e.SubjectType == "action" && !toNamedAlone(e.Name) }

// ownersIn are those whose actions an event is about, or whose actions a decision made.
func ownersIn(e delivery.Event) []uuid.UUID {
	if ofOwner(e) || e.SubjectType == "decision" {
		return e.Tell
	}
	return nil
}

// check refuses a rule that limits nothing.
func (r Rule) check(pointer string, f *problem.Faults) {
	if len(r.Kinds)+len(r.Themes)+len(r.NeighbourhoodCodes)+len(r.DossierIDs) == 0 {
		f.Note(pointer, "required", "Say of which kinds, themes, neighbourhoods or dossiers.")
	}
}

func ruleAt(i int) string { return "/rules/" + strconv.Itoa(i) }
