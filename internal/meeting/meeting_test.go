package meeting

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func TestFollow(t *testing.T) {
	for name, c := range map[string]struct {
		from, to Status
		conflict bool
	}{
		"a planned meeting is held":               {Planned, Held, false},
		"a planned meeting is cancelled":          {Planned, Cancelled, false},
		"held twice is held":                      {Held, Held, false},
		"what was held is finalised":              {Held, Finalised, false},
		"a planned meeting is not finalised":      {Planned, Finalised, true},
		"finalised twice is a conflict":           {Finalised, Finalised, true},
		"what was held cannot be cancelled":       {Held, Cancelled, true},
		"what was cancelled is not held any more": {Cancelled, Held, true},
	} {
		t.Run(name, func(t *testing.T) {
			m := Meeting{Status: c.from}
			err := m.follow(c.to)
			require.Equal(t, c.conflict, problem.Is(err, problem.Conflict))
			if !c.conflict {
				require.Equal(t, c.to, m.Status)
			}
		})
	}
}

func TestStates(t *testing.T) {
	for status, c := range map[Status]struct{ prepares, changes bool }{
		Planned: {true, true}, Held: {false, true}, Finalised: {false, false}, Cancelled: {false, false},
	} {
		t.Run(string(status), func(t *testing.T) {
			m := Meeting{Status: status}
			require.Equal(t, c.prepares, m.mustBePlanned() == nil)
			require.Equal(t, c.changes, m.mustRun() == nil)
		})
	}
}

func TestMustEndLater(t *testing.T) {
	nine := time.Date(2026, 12, 3, 9, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		takes time.Duration
		valid bool
	}{
		"an end after the start is fine":       {time.Minute, true},
		"an end at the start is not valid":     {0, false},
		"an end before the start is not valid": {-time.Minute, false},
	} {
		t.Run(name, func(t *testing.T) {
			err := Meeting{StartsAt: nine, EndsAt: nine.Add(c.takes)}.mustEndLater()
			require.Equal(t, !c.valid, problem.Is(err, problem.Invalid))
		})
	}
}

func TestMustHearBoth(t *testing.T) {
	for name, c := range map[string]struct {
		d        Deliberation
		conflict bool
	}{
		"both perspectives":                            {Deliberation{SocialPerspective: "a", SafetyPerspective: "b"}, false},
		"one, and why the other is absent":             {Deliberation{SocialPerspective: "a", AbsenceReason: "r"}, false},
		"the other, and why the one is absent":         {Deliberation{SafetyPerspective: "b", AbsenceReason: "r"}, false},
		"one without a reason is a conflict":           {Deliberation{SafetyPerspective: "b"}, true},
		"spaces are no perspective":                    {Deliberation{SocialPerspective: " ", SafetyPerspective: "b"}, true},
		"none is a conflict, whatever the reason says": {Deliberation{AbsenceReason: "r"}, true},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.conflict, problem.Is(c.d.mustHearBoth(), problem.Conflict)) })
	}
}

func TestAgenda(t *testing.T) {
	agenda := []AgendaItem{{ID: uuid.New(), Position: 2, DossierID: new(uuid.New())}, {ID: uuid.New(), Position: 5}}

	for name, c := range map[string]struct {
		at       *int
		position int
		move     bool
	}{
		"without a place it comes last":            {nil, 6, false},
		"a place beyond the end is the last":       {new(9), 6, false},
		"the first place is that of the first":     {new(1), 2, true},
		"the second place is that of the second":   {new(2), 5, true},
		"the place after the last is the last one": {new(3), 6, false},
	} {
		t.Run(name, func(t *testing.T) {
			var i AgendaItem
			require.Equal(t, c.move, i.placeOn(agenda, c.at))
			require.Equal(t, c.position, i.Position)
		})
	}
	t.Run("the first item of all comes first", func(t *testing.T) {
		var i AgendaItem
		require.False(t, i.placeOn(nil, nil))
		require.Equal(t, 1, i.Position)
	})
	t.Run("a reader counts without gaps", func(t *testing.T) {
		seen := numbered([]AgendaItem{{Position: 2}, {Position: 5}})
		require.Equal(t, []int{1, 2}, []int{seen[0].Position, seen[1].Position})
	})
	t.Run("a dossier that is on it already is a conflict", func(t *testing.T) {
		require.True(t, problem.Is(AgendaItem{DossierID: agenda[0].DossierID}.fits(agenda), problem.Conflict))
	})
	t.Run("another dossier and a general subject fit", func(t *testing.T) {
		require.NoError(t, AgendaItem{DossierID: new(uuid.New())}.fits(agenda))
		require.NoError(t, AgendaItem{Title: "Any other business"}.fits(agenda))
	})
	t.Run("a full agenda is a conflict", func(t *testing.T) {
		require.True(t, problem.Is(AgendaItem{}.fits(make([]AgendaItem, most)), problem.Conflict))
	})
}

func TestBeside(t *testing.T) {
	shown, hidden := AgendaItem{ID: uuid.New()}, AgendaItem{ID: uuid.New()}
	agenda := []AgendaItem{shown}

	t.Run("an invitation to the whole agenda is shown to all", func(t *testing.T) {
		_, there := Invitation{}.beside(agenda)
		require.True(t, there)
	})
	t.Run("a hidden item is cut out", func(t *testing.T) {
		both := []uuid.UUID{shown.ID, hidden.ID}
		cut, there := Invitation{AgendaItemIDs: both}.beside(agenda)
		require.True(t, there)
		require.Equal(t, []uuid.UUID{shown.ID}, cut.AgendaItemIDs)
		require.Equal(t, []uuid.UUID{shown.ID, hidden.ID}, both)
	})
	t.Run("an invitation to hidden items only is not shown, for it would say the whole agenda", func(t *testing.T) {
		_, there := Invitation{AgendaItemIDs: []uuid.UUID{hidden.ID}}.beside(agenda)
		require.False(t, there)
	})
}

func TestInvitationResource(t *testing.T) {
	m := Meeting{ChairID: uuid.New()}

	t.Run("the invited professional answers", func(t *testing.T) {
		invited := uuid.New()
		require.Equal(t, invited, Invitation{ProfessionalID: &invited}.resource(m).Self)
	})
	t.Run("for a guest the chair answers", func(t *testing.T) {
		require.Equal(t, m.ChairID, Invitation{GuestName: "R. Jansen"}.resource(m).Self)
	})
}
