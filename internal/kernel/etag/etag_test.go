package etag

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

type status string

// record has every kind of field that rows have.
type record struct {
	ID         uuid.UUID `etag:"-"`
	Version    int64     `etag:"-"`
	Title      string
	Status     status
	Phase      int
	Secret     bool
	SupplierID uuid.UUID
	DirectorID *uuid.UUID
	Note       *string
	Until      *time.Time
	OpenedAt   time.Time
	Themes     []string
	PartnerIDs []uuid.UUID
	Place      *place
	internal   string
}

type place struct {
	Street string
	Number *int
}

func golden() record {
	return record{
		ID: uuid.New(), Version: 7, Title: "Passage", Status: "active", Phase: 3, Secret: true,
		SupplierID: uuid.MustParse("01890a5d-ac96-774b-bcce-b302099a8057"), DirectorID: new(uuid.MustParse("01890a5d-ac96-774b-bcce-b302099a8058")),
		Note: new("Let op."), Until: new(time.Date(2026, 12, 3, 9, 0, 0, 0, time.UTC)), OpenedAt: time.Date(2026, 11, 3, 9, 0, 0, 1000, time.UTC),
		Themes: []string{"youth", "nuisance"}, PartnerIDs: []uuid.UUID{uuid.MustParse("01890a5d-ac96-774b-bcce-b302099a8059")},
		Place: &place{Street: "Dorpstraat", Number: new(4)}, internal: "x",
	}
}

func TestOf(t *testing.T) {
	t.Run("it is the same in every process and on every instance", func(t *testing.T) {
		require.Equal(t, `"lUW-fmR172aewd2AYApiKW8XS1SOt4LpBHw5fgyc4kSw7v5fty5KY_hwMSI9a-hc"`, Of(golden()))
	})
	t.Run("a pointer to a record has the tag of the record", func(t *testing.T) {
		r := golden()
		require.Equal(t, Of(r), Of(&r))
	})
	for name, change := range map[string]func(*record){
		"a field that nobody sees":                  func(r *record) { r.Version++; r.ID = uuid.New() },
		"a field of this process":                   func(r *record) { r.internal = "y" },
		"the zone in which a moment is written":     func(r *record) { r.OpenedAt = r.OpenedAt.In(time.FixedZone("", 3600)) },
		"what the database does not keep of a time": func(r *record) { r.OpenedAt = r.OpenedAt.Add(999) },
	} {
		t.Run(name+" does not move it", func(t *testing.T) {
			r := golden()
			change(&r)
			require.Equal(t, Of(golden()), Of(r))
		})
	}
	t.Run("no list is an empty list, as it is in the row", func(t *testing.T) {
		require.Equal(t, Of(record{Themes: []string{}, PartnerIDs: []uuid.UUID{}}), Of(record{}))
	})
	t.Run("nothing, and a value that looks like nothing, differ", func(t *testing.T) {
		tags := map[string]string{}
		for name, note := range map[string]*string{"none": nil, "empty": new(""), "null": new("null")} {
			tags[Of(record{Note: note})] = name
		}
		require.Len(t, tags, 3)
	})
	t.Run("what is hidden from one caller does not move his tag, and moves that of another", func(t *testing.T) {
		before, after := golden(), golden()
		after.Title = "Winkelcentrum"
		require.NotEqual(t, Of(before), Of(after))
		before.Title, after.Title = "", ""
		require.Equal(t, Of(before), Of(after))
	})
}

func TestCheck(t *testing.T) {
	tag := Of(golden())
	for name, c := range map[string]struct {
		match string
		kind  problem.Kind
	}{
		"the tag that was read":               {tag, ""},
		"with space around it":                {"  " + tag + "\t", ""},
		"any":                                 {"*", ""},
		"one of several":                      {`"other", ` + tag, ""},
		"none":                                {"", problem.MatchRequired},
		"only space":                          {"  ", problem.MatchRequired},
		"a weak one, which is no match":       {"W/" + tag, problem.Stale},
		"one without quotes, which is no tag": {tag[1 : len(tag)-1], problem.Stale},
		"another":                             {`"other"`, problem.Stale},
		"no tag at all":                       {`"`, problem.Stale},
		"any, among others":                   {`"other", *`, problem.Stale},
	} {
		t.Run(name, func(t *testing.T) {
			err := Check(c.match, golden())
			if c.kind == "" {
				require.NoError(t, err)
				return
			}
			require.True(t, problem.Is(err, c.kind), "%v", err)
		})
	}
}

func TestCheckNames(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*record)
		want   []string
	}{
		"the field that differs":              {func(r *record) { r.Title = "Winkelcentrum" }, []string{"/title"}},
		"every one, by the contract's names":  {func(r *record) { r.DirectorID, r.PartnerIDs, r.Secret = nil, nil, false }, []string{"/secret", "/directorId", "/partnerIds"}},
		"a field by its top, not by its part": {func(r *record) { r.Place = &place{Street: "Kerkstraat", Number: new(4)} }, []string{"/place"}},
	} {
		t.Run(name, func(t *testing.T) {
			now := golden()
			c.change(&now)
			var p *problem.Error
			require.ErrorAs(t, Check(Of(golden()), now), &p)
			require.Equal(t, problem.Stale, p.Kind)
			var names []string
			for _, f := range p.Fields {
				require.Equal(t, problem.Field{In: "body", Name: f.Name, Code: "changed", Detail: "Changed meanwhile."}, f)
				names = append(names, f.Name)
			}
			require.Equal(t, c.want, names)
		})
	}
	for name, match := range map[string]string{
		"a tag of another shape":        `"` + Of(place{})[1:9] + `"`,
		"a tag that is longer":          Of(golden())[:len(Of(golden()))-1] + `AAAA"`,
		"what is not of this product":   `"W/1-2-3"`,
		"an empty tag":                  `""`,
		"the tag of another's two tags": Of(place{}) + ", " + Of(place{}),
	} {
		t.Run(name+" names none", func(t *testing.T) {
			var p *problem.Error
			require.ErrorAs(t, Check(match, golden()), &p)
			require.Equal(t, problem.Stale, p.Kind)
			require.Empty(t, p.Fields)
		})
	}
}
