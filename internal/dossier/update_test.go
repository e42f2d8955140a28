package dossier

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func purpose(text string) func(*Dossier) { return func(d *Dossier) { d.Purpose = text } }

func TestUpdate(t *testing.T) {
	w := newWorld(t)
	d := w.opened("police", "chair", "fire")

	t.Run("without an entity tag it is refused", func(t *testing.T) {
		_, err := w.s.Update(w.as("social"), etag.Key{ID: d.ID}, purpose("Other."))
		require.True(t, problem.Is(err, problem.MatchRequired))
	})
	for name, want := range map[string]problem.Kind{
		"police": problem.Forbidden, "fire": problem.Forbidden, "social-system": problem.Forbidden, "lead": problem.NotFound, "stranger": problem.NotFound,
	} {
		t.Run(name+" cannot: "+string(want), func(t *testing.T) {
			_, err := w.s.Update(w.as(name), etag.Key{ID: d.ID, Match: "*"}, purpose("Other."))
			require.Equal(t, want, kind(err))
			require.Equal(t, "Rest in the passage.", w.get("social", d).Purpose)
		})
	}
	t.Run("its opener changes it, and what he gets is what he reads", func(t *testing.T) {
		seen, err := w.s.Update(w.as("social"), etag.Key{ID: d.ID, Match: d.Tag}, func(d *Dossier) {
			d.Themes, d.NeighbourhoodCode, d.Location = []string{"youth"}, new("BU08610001"), &Location{Kind: "public-space", Street: new("Dorpstraat")}
		})
		require.NoError(t, err)
		again := w.get("social", d)
		require.Equal(t, again.Tag, seen.Tag)
		require.Equal(t, []string{"youth"}, again.Themes)
		require.Equal(t, "Dorpstraat", *again.Location.Street)
	})
	t.Run("what everybody sees is told to all, whom it is about to who may see that", func(t *testing.T) {
		_, err := w.s.Update(w.as("social"), etag.Key{ID: d.ID, Match: "*"}, func(d *Dossier) { d.Title, d.Purpose = "Winkelcentrum", "Care." })
		require.NoError(t, err)
		require.Equal(t, 1, w.count(`pending_event where dossier_id = $1 and fields = '["purpose"]' and category is null`, d.ID))
		require.Equal(t, 1, w.count(`pending_event where dossier_id = $1 and fields = '["title"]' and category = 0`, d.ID))
		require.Zero(t, w.count("audit_entry where fields::text ~ 'Winkelcentrum'"))
	})
	t.Run("with an older tag it is stale, and what changed is named", func(t *testing.T) {
		_, err := w.s.Update(w.as("social"), etag.Key{ID: d.ID, Match: d.Tag}, purpose("Third."))
		var p *problem.Error
		require.ErrorAs(t, err, &p)
		require.Equal(t, problem.Stale, p.Kind)
		var names []string
		for _, f := range p.Fields {
			names = append(names, f.Name)
		}
		require.Equal(t, []string{"/title", "/purpose", "/neighbourhoodCode", "/location", "/themes"}, names)
	})
	t.Run("what stays the same is told to nobody", func(t *testing.T) {
		before := w.count("audit_entry")
		seen, err := w.s.Update(w.as("social"), etag.Key{ID: d.ID, Match: "*"}, purpose("Care."))
		require.NoError(t, err)
		require.Equal(t, w.get("social", d).Tag, seen.Tag)
		require.Equal(t, before, w.count("audit_entry"))
	})
	t.Run("what it refers to has to be there", func(t *testing.T) {
		for pointer, edit := range map[string]func(*Dossier){
			"/tableId": func(d *Dossier) { d.TableID = new(newID()) }, "/neighbourhoodCode": func(d *Dossier) { d.NeighbourhoodCode = new("BU08440001") },
		} {
			_, err := w.s.Update(w.as("social"), etag.Key{ID: d.ID, Match: "*"}, edit)
			require.Equal(t, []string{pointer}, pointers(t, err))
		}
	})
	t.Run("a dossier that was rejected does not change", func(t *testing.T) {
		other := w.opened()
		w.exec("update dossier set status = 'rejected' where id = $1", other.ID)
		_, err := w.s.Update(w.as("social"), etag.Key{ID: other.ID, Match: "*"}, purpose("Other."))
		require.True(t, problem.Is(err, problem.Conflict))
	})
}

// TestMasked is a dossier that somebody directs who does not see whom it is about.
func TestMasked(t *testing.T) {
	w := newWorld(t)
	o := opening()
	o.Location = &Location{Kind: "dwelling", Street: new("Dorpstraat")}
	d, err := w.s.Open(w.as("social"), o)
	require.NoError(t, err)
	w.joined(d, "fire")
	w.exec("update professional set roles = '[\"case-director\"]' where id = $1", w.people["fire"].id)
	_, err = w.s.ChangeRegie(w.as("director"), etag.Key{ID: d.ID, Match: "*"}, RegieChange{CaseDirectorID: new(w.people["fire"].id), Reason: "Needed."})
	require.NoError(t, err)
	masked := w.get("fire", d)

	t.Run("title and location are not there", func(t *testing.T) {
		require.False(t, masked.Titled)
		require.Empty(t, masked.Title)
		require.Nil(t, masked.Location)
	})
	t.Run("changing the rest leaves them as they are", func(t *testing.T) {
		after, err := w.s.Update(w.as("fire"), etag.Key{ID: d.ID, Match: masked.Tag}, purpose("Care."))
		require.NoError(t, err)
		require.Empty(t, after.Title)
		whole := w.get("director", d)
		require.Equal(t, []string{"Passage", "Dorpstraat", "Care."}, []string{whole.Title, *whole.Location.Street, whole.Purpose})
	})
	for name, edit := range map[string]func(*Dossier){
		"a title":           func(d *Dossier) { d.Title = "Other" },
		"no title":          func(d *Dossier) { d.Title = "" },
		"the right title":   func(d *Dossier) { d.Title = "Passage" },
		"a location":        func(d *Dossier) { d.Location = &Location{Kind: "online"} },
		"no location":       func(d *Dossier) { d.Location = nil },
		"the same location": func(d *Dossier) { d.Location = &Location{Kind: "dwelling", Street: new("Dorpstraat")} },
	} {
		t.Run(name+" is refused, and with it all else", func(t *testing.T) {
			_, err := w.s.Update(w.as("fire"), etag.Key{ID: d.ID, Match: "*"}, func(d *Dossier) { edit(d); d.Purpose = "Smuggled." })
			require.True(t, problem.Is(err, problem.Forbidden))
			whole := w.get("director", d)
			require.Equal(t, []string{"Passage", "Dorpstraat", "Care."}, []string{whole.Title, *whole.Location.Street, whole.Purpose})
		})
	}
	t.Run("a change that he may not see moves nothing for him", func(t *testing.T) {
		before, wide, shown := w.get("fire", d), w.get("social", d), w.shown("fire", d)
		_, err := w.s.Update(w.as("director"), etag.Key{ID: d.ID, Match: "*"}, func(d *Dossier) { d.Title, d.Location = "Winkelcentrum", nil })
		require.NoError(t, err)
		require.JSONEq(t, shown, w.shown("fire", d))
		after := w.get("social", d)
		require.NotEqual(t, wide.Tag, after.Tag)
		require.True(t, after.Figures.LastChangeAt.After(*wide.Figures.LastChangeAt))
		_, err = w.s.Update(w.as("fire"), etag.Key{ID: d.ID, Match: before.Tag}, purpose("Rest."))
		require.NoError(t, err, "the tag that he read still counts")
	})
}
