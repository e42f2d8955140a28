package identity

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func TestFrom(t *testing.T) {
	t.Run("nobody acts without an identity", func(t *testing.T) {
		_, err := From(t.Context())
		require.True(t, problem.Is(err, problem.Unauthenticated))
	})
	t.Run("nobody acts outside a municipality", func(t *testing.T) {
		who, err := From(With(t.Context(), Identity{Professional: uuid.New(), Partner: uuid.New()}))
		require.True(t, problem.Is(err, problem.Unauthenticated))
		require.Equal(t, Identity{}, who)
	})
	t.Run("the last one put in the context acts", func(t *testing.T) {
		ctx := With(With(t.Context(), Identity{Municipality: "GM0861"}), Identity{Municipality: "GM0844"})
		who, err := From(ctx)
		require.NoError(t, err)
		require.Equal(t, "GM0844", who.Municipality)
	})
}

func TestKinds(t *testing.T) {
	person := Identity{Municipality: "GM0861", Professional: uuid.New(), Partner: uuid.New()}
	client := Identity{Municipality: "GM0861", Partner: uuid.New(), Client: uuid.New()}
	product := System("GM0861", "sequencer")
	for name, c := range map[string]struct {
		who            Identity
		person, system bool
	}{
		"a professional is a person":                             {person, true, false},
		"a system of a partner is neither person nor the system": {client, false, false},
		"the product itself is the system":                       {product, false, true},
		"nobody is neither":                                      {Identity{}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.person, c.who.IsPerson())
			require.Equal(t, c.system, c.who.IsSystem())
		})
	}
	t.Run("a role counts by its name", func(t *testing.T) {
		who := Identity{Roles: []Role{Chair, Auditor}}
		require.True(t, who.Has(Chair))
		require.False(t, who.Has(MunicipalDirector))
		require.False(t, who.Has(""))
	})
}

// noon is when somebody stands in for two others: for the first until then, for the second from then.
func noon() (at time.Time, who Identity, first, second uuid.UUID) {
	at, first, second = time.Date(2026, 12, 3, 12, 0, 0, 0, time.UTC), uuid.New(), uuid.New()
	return at, Identity{Municipality: "GM0861", Professional: uuid.New(), Substitutes: []Substitution{
		{For: first, From: at.Add(-time.Hour), Until: at}, {For: second, From: at, Until: at.Add(time.Hour)},
	}}, first, second
}

func TestActsFor(t *testing.T) {
	at, who, first, second := noon()
	for name, c := range map[string]struct {
		at   time.Time
		want []uuid.UUID
	}{
		"before a period only for himself":         {at.Add(-2 * time.Hour), []uuid.UUID{who.Professional}},
		"from its first moment for who is away":    {at.Add(-time.Hour), []uuid.UUID{who.Professional, first}},
		"until its end, which is not in it":        {at.Add(-1), []uuid.UUID{who.Professional, first}},
		"the next begins where the first ends":     {at, []uuid.UUID{who.Professional, second}},
		"after the last again only for himself":    {at.Add(time.Hour), []uuid.UUID{who.Professional}},
		"the zone of a moment makes no difference": {at.In(time.FixedZone("", 3600)), []uuid.UUID{who.Professional, second}},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, who.ActsFor(c.at)) })
	}
	t.Run("a system acts in nobody's name", func(t *testing.T) {
		who.Professional = uuid.Nil
		require.Empty(t, who.ActsFor(at))
		require.False(t, who.Is(second, at))
	})
}

func TestIs(t *testing.T) {
	at, who, first, second := noon()
	for name, c := range map[string]struct {
		id   uuid.UUID
		want bool
	}{
		"himself":                             {who.Professional, true},
		"for whom he stands in now":           {second, true},
		"for whom he stood in until just now": {first, false},
		"another":                             {uuid.New(), false},
		"nobody":                              {uuid.Nil, false},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, who.Is(c.id, at)) })
	}
	t.Run("an identity of nobody is nobody", func(t *testing.T) { require.False(t, Identity{}.Is(uuid.Nil, at)) })
}

func TestInNameOf(t *testing.T) {
	at, who, first, second := noon()
	early := at.Add(-time.Minute)
	third := uuid.New()
	who.Substitutes = append(who.Substitutes, Substitution{For: third, From: at.Add(-time.Hour), Until: at.Add(time.Hour)})
	for name, c := range map[string]struct {
		at   time.Time
		may  []*uuid.UUID
		want uuid.UUID
	}{
		"who may do it himself acts in his own name":    {at, []*uuid.UUID{&second, &who.Professional}, uuid.Nil},
		"also when he comes first":                      {at, []*uuid.UUID{&who.Professional, &second}, uuid.Nil},
		"else in the name of for whom he stands in":     {at, []*uuid.UUID{new(uuid.New()), &second}, second},
		"of two, in the name of the later":              {at, []*uuid.UUID{&second, &third}, third},
		"nobody holds the role":                         {at, []*uuid.UUID{nil, nil}, uuid.Nil},
		"a role that nobody holds is passed over":       {at, []*uuid.UUID{&second, nil}, second},
		"a period that is over does not count":          {at, []*uuid.UUID{&first}, uuid.Nil},
		"a period that has not begun does not count":    {early, []*uuid.UUID{&second}, uuid.Nil},
		"who stands in for none of them has no warrant": {at, []*uuid.UUID{new(uuid.New())}, uuid.Nil},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, who.InNameOf(c.at, c.may...)) })
	}
}
