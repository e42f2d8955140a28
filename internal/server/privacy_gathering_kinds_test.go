package server_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

func TestPrivacy_L19_every_kind_of_record_is_gathered(t *testing.T) {
	t.Parallel()
	r := newReport(t)
	// A dossier is of one type from its beginning; the one with everything in it is of a family.
	r.Exec(t, "update dossier set type = 'person' where id = '"+r.file.ID+"'")
	rinus := known(t, r.World, "Rinus", "Zandbergen", "subject", r.file)
	by, police := r.As(t, "case-director"), r.As(t, "police")
	by.Post("/v1/persons/"+rinus+"/consents", consent(r.file.ID)).Want(created)
	item := r.file.Item(t, "police", "police", live.M{"text": "MARK-ITEM."})
	police.Post(item.Place()+"/releases", live.M{"partnerIds": []string{r.Partner("housing")}, "purpose": "MARK-RELEASE."}).Want(created)
	supplied(t, r.file, r.World, "police", live.M{"category": "police", "title": "MARK-DOCUMENT"})
	by.Post(r.file.Path+"/links", live.M{"otherDossierId": r.other.ID, "kind": "related", "note": "MARK-LINK"}).Want(created)
	_, g := gather(t, r.World, rinus)
	for kind, mark := range map[string]string{
		"role": "null", "item": "MARK-ITEM", "document": "MARK-DOCUMENT", "assessment": "De huur is achter.", "goal": "Een regeling voor de huur.", "action": "Gaat langs open.",
		"decision": "Besluit open.", "consent": "Schulden delen", "link": "MARK-LINK", "receiver": "MARK-RELEASE.",
	} {
		assert.Contains(t, gatheredTexts(g, kind), mark, kind)
	}
	assert.NotContains(t, string(g.Raw), "besloten", "what is of a dossier that is not about him")
}
