package dossier

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func TestOpen(t *testing.T) {
	w := newWorld(t)
	for i, kind := range []Type{Person, Family, Group, Situation} {
		t.Run("a dossier of a "+string(kind)+" begins in intake, with its opener by name", func(t *testing.T) {
			o := opening()
			o.Type = kind
			seen, err := w.s.Open(w.as("social"), o)
			require.NoError(t, err)
			require.Equal(t, kind, seen.Type)
			require.Equal(t, Intake, seen.Status)
			require.Equal(t, 1, seen.RegiePhase)
			require.True(t, seen.Titled)
			require.Equal(t, fmt.Sprintf("%d-%06d", w.year(), i+1), seen.Number)
			require.Subset(t, seen.Allowed, []string{"updateDossier", "addParticipant", "addLink", "addItem", "createAction"})
			require.NotContains(t, seen.Allowed, "closeDossier")
			again := w.get("social", seen)
			require.Equal(t, again.Tag, seen.Tag, "what opening answers can be sent as If-Match")
			require.Equal(t, again.Allowed, seen.Allowed)
			all, err := w.s.ListParticipants(w.as("social"), seen.ID, page.Request{Limit: 9})
			require.NoError(t, err)
			require.Equal(t, []uuid.UUID{w.people["social"].id}, all.Row.Rows[0].ProfessionalIDs)
			require.Len(t, all.Row.Rows, 1)
			require.Equal(t, event{Name: "dossier.opened", Subject: seen.ID, Fields: []string{}}, w.last(seen.ID))
		})
	}
	for name, c := range map[string]struct {
		edit func(*Opening)
		want string
	}{
		"a location of a person":                  {func(o *Opening) { o.Type, o.Location = Person, &Location{Kind: "dwelling"} }, "/location"},
		"a neighbourhood that is not there":       {func(o *Opening) { o.NeighbourhoodCode = new("BU08610099") }, "/neighbourhoodCode"},
		"a neighbourhood of another municipality": {func(o *Opening) { o.NeighbourhoodCode = new("BU08440001") }, "/neighbourhoodCode"},
		"a district for a neighbourhood":          {func(o *Opening) { o.NeighbourhoodCode = new("WK086100") }, "/neighbourhoodCode"},
		"a table that is not there":               {func(o *Opening) { o.TableID = new(uuid.New()) }, "/tableId"},
	} {
		t.Run(name+" is not valid", func(t *testing.T) {
			o := opening()
			c.edit(&o)
			_, err := w.s.Open(w.as("social"), o)
			require.Equal(t, []string{c.want}, pointers(t, err))
		})
	}
	t.Run("the chair of its table is its chair, and takes part by name", func(t *testing.T) {
		o := opening()
		o.TableID = new(newID())
		w.exec(`insert into consultation_table (municipality_id, id, version, name, chair_id, changed_at) values ($1, $2, 1, 'Passage', $3, now())`,
			home, o.TableID, w.people["chair"].id)
		seen, err := w.s.Open(w.as("police"), o)
		require.NoError(t, err)
		require.Equal(t, w.people["chair"].id, *seen.ChairID)
		require.Contains(t, w.get("chair", seen).Allowed, "closeDossier")
	})
	t.Run("whoever is not in it does not find it, the municipal director does", func(t *testing.T) {
		d := w.opened()
		require.Equal(t, []problem.Kind{"", "", problem.NotFound, problem.NotFound, problem.NotFound},
			w.kinds(d, "social", "director", "lead", "police", "stranger"))
	})
	t.Run("the systems of the opener's organisation are in it too", func(t *testing.T) {
		require.NotContains(t, w.get("social-system", w.opened()).Allowed, "updateDossier")
	})
}

// year is the one that the municipality writes.
func (w *world) year() int { return time.Now().In(w.zone()).Year() }

func TestOpenOnABasis(t *testing.T) {
	w := newWorld(t)
	may := map[string][]Basis{
		"social": {Wgs, Covenant, SocialDomain, Consent}, "police": {Wgs, Covenant, SocialDomain, Consent}, "health": {Wgs, Covenant, SocialDomain, Consent},
		"housing": {Covenant, SocialDomain, Consent}, "fire": {Covenant, SocialDomain, Consent}, "chair": {Wgs, Covenant, SocialDomain, Consent},
		"residents": nil, "school": nil, "social-system": nil, "police-system": nil,
	}
	opened := 0
	for name, bases := range may {
		for _, basis := range []Basis{Wgs, Covenant, SocialDomain, Consent, Wams, "other"} {
			t.Run(name+" on the basis "+string(basis), func(t *testing.T) {
				o := opening()
				o.Basis = basis
				seen, err := w.s.Open(w.as(name), o)
				if !slices.Contains(bases, basis) {
					require.True(t, problem.Is(err, problem.Forbidden), "%v", err)
					return
				}
				require.NoError(t, err)
				opened++
				require.Equal(t, seen.Tag, w.get(name, seen).Tag)
			})
		}
	}
	t.Run("of what was refused nothing is left, and no number is spent", func(t *testing.T) {
		require.Equal(t, opened, w.count("dossier"))
		require.Equal(t, opened, w.count("audit_entry where subject_type = 'dossier'"))
		require.Equal(t, opened, w.count("audit_entry where subject_type = 'participant'"))
		require.Equal(t, 1, w.count("dossier_number where last = $1", opened))
	})
}

func TestNumbers(t *testing.T) {
	w := newWorld(t)
	t.Run("of fifty openings at once each has its own, without a gap, also when others fail", func(t *testing.T) {
		var all sync.WaitGroup
		social, broken := w.as("social"), opening()
		broken.ExternalReference = "\x00" // which the database refuses, when the number is taken
		for i := range 50 {
			all.Go(func() {
				_, err := w.s.Open(social, opening())
				assert.NoError(t, err)
			})
			if i%5 == 0 {
				all.Go(func() {
					_, err := w.s.Open(social, broken)
					assert.Error(t, err)
				})
			}
		}
		all.Wait()
		require.Equal(t, 50, w.count("dossier"))
		require.Equal(t, 50, w.count("(select distinct right(number, 6)::int as n from dossier) d where n between 1 and 50"))
	})
	t.Run("they begin anew each year, which begins at midnight in the municipality", func(t *testing.T) {
		w.ahead = time.Until(time.Date(2023, 12, 31, 23, 30, 0, 0, time.UTC))
		require.Equal(t, "2024-000001", w.opened().Number)
	})
	t.Run("each municipality counts its own", func(t *testing.T) {
		w.ahead = 0
		seen, err := w.s.Open(w.as("stranger"), opening())
		require.NoError(t, err)
		require.Equal(t, fmt.Sprintf("%d-000001", w.year()), seen.Number)
	})
	t.Run("the opener is in it at once, though the clock of the database is behind", func(t *testing.T) {
		w.ahead = 2 * time.Second
		seen := w.opened()
		require.Equal(t, seen.Tag, w.get("social", seen).Tag)
	})
}
