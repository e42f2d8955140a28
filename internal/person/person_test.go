package person

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func TestPerson_L29_a_number_must_pass_the_eleven_test(t *testing.T) {
	for _, number := range []string{"999970008", "999970021", "999970173", "123456782"} {
		assert.True(t, validBSN(number), number)
	}
	for _, number := range []string{"000000000", "999970009", "123456789", "12345678", "1234567820", "99997000a", ""} {
		assert.False(t, validBSN(number), number)
	}
	assert.Equal(t, "******008", masked([]byte("999970008")))
}

func TestNamesThatSoundAlikeHaveTheSameKeys(t *testing.T) {
	for name, other := range map[string]string{
		"Verhaag": "Verhaach", "De Wijs": "Weis", "Meyer": "Meijer", "Cox": "Kocks", "Jansen": "Janssen", "Schmidt": "Schmit", "Stephan": "Stefan",
		"van den Berg": "Berg", "Paul": "Poul", "Zoë": "Zoe", "Auke": "Ouke", "David": "Davit", "Dröge": "Droge", "Bruijn": "Bruyn", "Thijs": "Tijs",
	} {
		assert.Equal(t, keysOf(name), keysOf(other), "%s and %s", name, other)
	}
	assert.NotEqual(t, keysOf("Jansen"), keysOf("Pietersen"))
	assert.NotEqual(t, keysOf("Mol"), keysOf("Maal"))
	assert.Empty(t, keysOf("van de 't"))
}

func TestParentsAndChildrenFormNoCircle(t *testing.T) {
	oma, ma, kind := uuid.New(), uuid.New(), uuid.New()
	tie := func(one uuid.UUID, role string, other uuid.UUID) Subject {
		return Subject{ID: uuid.New(), PersonID: one, Role: role, RelatedPersonID: &other}
	}
	all := []Subject{tie(oma, parent, ma), tie(kind, child, ma)}
	for name, circle := range map[string]Subject{
		"one's own parent": tie(oma, parent, oma), "the other way round": tie(ma, parent, oma), "child of one's child": tie(ma, child, kind),
		"over two generations": tie(kind, parent, oma), "as a child": tie(oma, child, kind),
	} {
		assert.True(t, problem.Is(circle.fits(all), problem.Conflict), name)
	}
	assert.NoError(t, tie(oma, parent, kind).fits(all))
	assert.NoError(t, tie(kind, "sibling", kind).fits(all))
	assert.True(t, problem.Is(tie(oma, parent, ma).fits(all), problem.Conflict), "the same role again")
}
