package dossier

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
)

// TestDifferences says what is written when what should be differs from what is: the past stays.
func TestDifferences(t *testing.T) {
	clock, hour := noon, time.Hour
	holder, source := uuid.New(), uuid.New()
	slice := func(since time.Time, until *time.Time, denied int64) Admission {
		return Admission{ID: uuid.New(), Holder: holder, Kind: authz.ByParticipation, Source: source, Since: since, Until: until, Denied: denied}
	}
	running := slice(clock.Add(-hour), nil, 0)
	for name, c := range map[string]struct {
		there, wanted []Admission
		add           []Admission
		end           []uuid.UUID
	}{
		"what is the same goes on":         {[]Admission{running}, []Admission{slice(clock, nil, 0)}, nil, nil},
		"what is not wanted any more ends": {[]Admission{running}, nil, nil, []uuid.UUID{running.ID}},
		"what gives something else ends, and another begins": {
			[]Admission{running}, []Admission{slice(clock, nil, 16)}, []Admission{slice(clock, nil, 16)}, []uuid.UUID{running.ID}},
		"what ends sooner is another slice": {
			[]Admission{running}, []Admission{slice(clock, new(clock.Add(hour)), 0)}, []Admission{slice(clock, new(clock.Add(hour)), 0)}, []uuid.UUID{running.ID}},
		"what begins later begins later": {
			[]Admission{running}, []Admission{slice(clock, nil, 0), slice(clock.Add(hour), nil, 16)}, []Admission{slice(clock.Add(hour), nil, 16)}, nil},
		"two of the same are not one": {
			[]Admission{running}, []Admission{slice(clock, nil, 0), slice(clock, nil, 0)}, []Admission{slice(clock, nil, 0)}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			add, never, end := differences(c.there, c.wanted, clock)
			for i := range add {
				add[i].ID = uuid.Nil
			}
			for i := range c.add {
				c.add[i].ID = uuid.Nil
			}
			require.Equal(t, c.add, add)
			require.Equal(t, c.end, end)
			require.Empty(t, never)
		})
	}
	t.Run("what waits to begin is there once it is wanted again", func(t *testing.T) {
		waiting := slice(clock.Add(hour), nil, 16)
		add, never, end := differences([]Admission{waiting}, []Admission{slice(clock.Add(hour), nil, 16)}, clock)
		require.Empty(t, add)
		require.Empty(t, never)
		require.Empty(t, end)
	})
}

// TestWhatBeginsLaterIsDecidedOnBefore makes an exception for a partner that is to take part later: it counts
// from the beginning of that.
func TestWhatBeginsLaterIsDecidedOnBefore(t *testing.T) {
	w := newWorld(t)
	d := w.directed()
	from := time.Now().Add(time.Hour).UTC().Truncate(time.Microsecond)
	joining := w.joining("police")
	joining.From = &from
	_, err := w.s.AddParticipant(w.as("lead"), d.ID, joining)
	require.NoError(t, err)
	coming := `admission where dossier_id = $1 and holder = $2 and since = $3 and until = 'infinity' and (denied >> 4) & 1 = $4`
	police := w.people["police"].id
	require.Equal(t, 1, w.count(coming, d.ID, police, from, 0))
	w.excepted(d, "police", authz.Health, authz.None)
	require.Equal(t, 1, w.count(coming, d.ID, police, from, 1))
}

func TestEmergencyNeverOpensHealth(t *testing.T) {
	d := Dossier{ID: uuid.New(), Type: Family, Basis: Covenant, OpenedAt: noon}
	partner := uuid.New()
	w := ways{
		emergencies: []EmergencyAccess{{ID: uuid.New(), PartnerID: partner, ProfessionalID: uuid.New(), Since: noon, Until: noon.Add(time.Hour)}},
		exceptions: []Exception{
			{PartnerID: partner, Category: authz.Health, Level: authz.Edit, Since: noon.Add(-time.Hour)},
			{PartnerID: partner, Category: authz.Police, Level: authz.Read, Since: noon.Add(-time.Hour)},
		},
	}
	a := admissionsOf(d, w, uuid.New())[1]
	require.Equal(t, authz.Health.Bit()|authz.Police.Bit(), a.Denied)
	require.Equal(t, authz.Police.Bit(), a.Granted|a.GrantedOwn|a.GrantedReleased|a.GrantedAdd|a.GrantedEditOwn|a.GrantedEditAll)
}
