package meeting

import "github.com/google/uuid"

// Minutes are what was said and decided at a meeting (verslag), as the caller may read it.
type Minutes struct {
	Meeting     Seen     `etag:"-"`
	MeetingTag  string   // its entity tag
	Finalised   []Ending // none or one
	Attendances []Attendance
	Items       []MinutesItem `etag:"-"`
	ItemTags    []string      // the entity tags of what is in the items
}

// MinutesItem is what was said and decided under one agenda item.
type MinutesItem struct {
	Item          SeenItem
	Deliberations []SeenDeliberation
	Decisions     []SeenDecision
}

// minuted puts what was said and decided under its agenda item.
func minuted(items []SeenItem, deliberations []SeenDeliberation, decisions []SeenDecision) []MinutesItem {
	all, at := make([]MinutesItem, len(items)), map[uuid.UUID]*MinutesItem{}
	for n, i := range items {
		all[n].Item = i
		at[i.ID] = &all[n]
	}
	for _, d := range deliberations {
		if one := at[d.AgendaItemID]; one != nil {
			one.Deliberations = append(one.Deliberations, d)
		}
	}
	for _, d := range decisions {
		if one := at[d.AgendaItemID]; one != nil {
			one.Decisions = append(one.Decisions, d)
		}
	}
	return all
}

// decidedUnheard tells whether something was decided about a dossier of which nothing is recorded as said.
func (i MinutesItem) decidedUnheard() bool { return len(i.Decisions) > 0 && len(i.Deliberations) == 0 }

// unfinished tells whether the dossier of the item is to return: nothing was decided about it.
func (i MinutesItem) unfinished() bool { return i.Item.DossierID != nil && len(i.Decisions) == 0 }
