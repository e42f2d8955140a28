package authz

import (
	"math/rand/v2"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// manyCells is a matrix of 10,000 cells: partners with cells of their own beside the types.
func manyCells(random *rand.Rand) (cells []Cell, partners []uuid.UUID) {
	const wanted = 10_000
	seen := map[Cell]bool{}
	for i := range wanted / 50 {
		partners = append(partners, uuid.NewSHA1(uuid.NameSpaceOID, []byte{byte(i), byte(i >> 8)}))
	}
	for len(cells) < wanted {
		c := Cell{
			DossierType: append(DossierTypes(), AllTypes)[random.IntN(5)],
			Category:    Category(random.IntN(int(categories))),
			Level:       Levels()[random.IntN(len(Levels()))],
		}
		if random.IntN(10) == 0 {
			c.PartnerType = someTypes()[random.IntN(len(someTypes()))]
		} else {
			c.PartnerID = partners[random.IntN(len(partners))]
		}
		if !seen[place(c)] {
			seen[place(c)] = true
			cells = append(cells, c)
		}
	}
	return cells, partners
}

// caller is somebody whose row was compiled from all cells, and his admission to a dossier.
func caller(tb testing.TB, cells []Cell, partner uuid.UUID) (identity.Identity, []Admission) {
	row, err := CompileRow(cells, partner, "police")
	require.NoError(tb, err)
	s := Subject{PartnerType: 5, Row: row}
	who := identity.Identity{Municipality: "GM0861", Partner: partner, PartnerType: "police", Sight: s.Sight()}
	return who, []Admission{{Kind: "participant", Profile: Profile("family", "covenant")}}
}

// decide is a decision from the snapshot: the caller's rights in one dossier, and one record.
func decide(who identity.Identity, admissions []Admission, r Resource) bool {
	v := View{partner: who.Partner, bit: who.Sight.PartnerType}
	for _, a := range admissions {
		v.admit(who, a)
	}
	return v.Reads(r)
}

func TestDecision(t *testing.T) {
	t.Run("with 10,000 rules it is what plain Casbin decides", func(t *testing.T) {
		random := rand.New(rand.NewPCG(1, 2))
		cells, partners := manyCells(random)
		require.Len(t, cells, 10_000)
		policy, err := NewPolicy(cells)
		require.NoError(t, err)
		for range 40 {
			partner := partners[random.IntN(len(partners))]
			who, admissions := caller(t, cells, partner)
			c := Category(random.IntN(int(categories)))
			level, err := policy.Level(partner, "police", "family", c)
			require.NoError(t, err)

			theirs := Resource{Category: c, Supplier: uuid.New()}
			require.Equal(t, level.Acts()&SeeAll != 0, decide(who, admissions, theirs))
			theirs.Released = true
			require.Equal(t, level.Acts()&SeeReleased != 0, decide(who, admissions, theirs))
			mine := Resource{Category: c, Supplier: partner}
			require.Equal(t, level.Acts()&SeeOwn != 0, decide(who, admissions, mine))
		}
	})
}

// BenchmarkDecision is one decision from the snapshot with 10,000 rules loaded.
func BenchmarkDecision(b *testing.B) {
	cells, partners := manyCells(rand.New(rand.NewPCG(1, 2)))
	who, admissions := caller(b, cells, partners[0])
	items := make([]Resource, 64)
	for i := range items {
		items[i] = Resource{Category: Category(i % int(categories)), Supplier: partners[i%2], Released: i%3 == 0}
	}
	yes, i := 0, 0
	for b.Loop() {
		if decide(who, admissions, items[i%len(items)]) {
			yes++
		}
		i++
	}
	require.Positive(b, yes)
}

// BenchmarkCasbin is the same question to Casbin itself.
func BenchmarkCasbin(b *testing.B) {
	cells, partners := manyCells(rand.New(rand.NewPCG(1, 2)))
	policy, err := NewPolicy(cells)
	require.NoError(b, err)
	for b.Loop() {
		_, err := policy.Level(partners[0], "police", "family", Health)
		require.NoError(b, err)
	}
}

// BenchmarkCompileRow is what publication costs per partner, once.
func BenchmarkCompileRow(b *testing.B) {
	cells, partners := manyCells(rand.New(rand.NewPCG(1, 2)))
	for b.Loop() {
		_, err := CompileRow(cells, partners[0], "police")
		require.NoError(b, err)
	}
}
