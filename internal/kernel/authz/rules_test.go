package authz

import (
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// rules is a matrix of so many cells: as many partners as are needed with a cell for every place, the last
// one with what is left, after the cells of one partner type.
func rules(n int) (cells []Cell, partners []uuid.UUID) {
	places := append(DossierTypes(), AllTypes)
	for i := 0; len(cells) < n; i++ {
		partner := uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, i))
		for at := 0; at < len(places)*int(categories) && len(cells) < n; at++ {
			c := Cell{PartnerID: partner, DossierType: places[at%len(places)], Category: Category(at / len(places)), Level: Levels()[(i+at)%len(Levels())]}
			if i == 0 {
				c.PartnerID, c.PartnerType = uuid.Nil, "police"
			}
			cells = append(cells, c)
		}
		if i > 0 {
			partners = append(partners, partner)
		}
	}
	return cells, partners
}

// BenchmarkRules is one decision from the snapshot with so many rules loaded.
func BenchmarkRules(b *testing.B) {
	for _, n := range []int{100, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			cells, partners := rules(n)
			who, admissions := caller(b, cells, partners[0])
			items := make([]Resource, 64)
			for i := range items {
				items[i] = Resource{Category: Category(i % int(categories)), Supplier: partners[i%len(partners)%2], Released: i%3 == 0}
			}
			yes, i := 0, 0
			for b.Loop() {
				if decide(who, admissions, items[i%len(items)]) {
					yes++
				}
				i++
			}
			require.Positive(b, yes)
			require.Len(b, cells, n) // which also keeps them in memory
		})
	}
}

// BenchmarkColdRow is what the first request of a partner pays after a publication of 100,000 cells.
func BenchmarkColdRow(b *testing.B) {
	cells, partners := rules(100_000)
	i := 0
	for b.Loop() {
		row, err := CompileRow(cells, partners[i%len(partners)], "police")
		require.NoError(b, err)
		require.NotEqual(b, Row{}, row)
		i++
	}
}
