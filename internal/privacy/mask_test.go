package privacy

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/wijkregie/wijkregie/internal/person"
)

// household is the mask of somebody with a parent of the same family name, a partner with a prefix and a colleague.
func household() mask {
	born := time.Date(1964, time.November, 5, 0, 0, 0, 0, time.UTC)
	son := person.Person{GivenNames: "Rinus", FamilyName: "Zandbergen", Phone: "06-11112222", Address: &person.Address{Street: "Dorpsstraat", HouseNumber: "1"}}
	mother := person.Person{
		GivenNames: "Wil Yolanthe", FamilyName: "Zandbergen", BirthDate: &born, Phone: "+31 40 212 34 56", Email: "wil@post.example", Address: &person.Address{Street: "Dorpsstraat", HouseNumber: "1"},
	}
	friend := person.Person{GivenNames: "Noor", Prefix: "van den", FamilyName: "Berg", Address: &person.Address{Street: "Kade", HouseNumber: "12"}}
	m := newMask()
	m.know(son)
	m.shun(mother, "moeder")
	m.shun(friend, "partner")
	m.shunName("Fatima el Amrani", "professional")
	m.settle([]person.Other{{Role: "parent", Person: mother}, {Role: "partner", Person: friend}})
	return m
}

func TestMaskHidesOthersByTheirRole(t *testing.T) {
	t.Parallel()
	m := household()
	for text, want := range map[string]string{
		"Rinus Zandbergen woont bij Wil Yolanthe Zandbergen.": "Rinus Zandbergen woont bij [moeder].",
		"Yolanthe's brief aan YOLANTHE en yolanthe":           "[moeder]'s brief aan [moeder] en yolanthe",
		"Hij wil weg, zegt Wil.":                              "Hij wil weg, zegt [moeder].",
		"N. van den Berg, Van den Berg en Berg; een berg":     "[partner], [partner] en [partner]; een berg",
		"Bel 040-2123456 of +31402123456, niet 06 11112222":   "Bel [moeder] of +[moeder], niet 06 11112222",
		"geboren 5-11-1964, 05-11-1964, 1964-11-05":           "geboren [moeder], [moeder], [moeder]",
		"mail wil@post.example":                               "mail [moeder]",
		"Dorpsstraat 1 en Kade 12":                            "Dorpsstraat 1 en [partner]",
		"BSN 999993653 en 9999.93.653, zaak 123456788":        "BSN [BSN] en [BSN], zaak 123456788",
		"Fatima el Amrani sprak Fatima":                       "[professional] sprak Fatima",
		"":                                                    "",
	} {
		assert.Equal(t, want, m.hide(text), text)
	}
}

func TestMaskTellsWhomATextNames(t *testing.T) {
	t.Parallel()
	m := household()
	for _, text := range []string{"Rinus was er.", "R. Zandbergen was er.", "de heer RINUS ZANDBERGEN", "Rinus' moeder"} {
		assert.True(t, m.names(text), text)
	}
	for _, text := range []string{"Zandbergen was er.", "Yolanthe was er.", "Wil Zandbergen", "Marinus", "er was lawaai", "Dorpsstraat 1", ""} {
		assert.False(t, m.names(text), text)
	}
}
