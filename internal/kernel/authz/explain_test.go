package authz

import (
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// someFacts is any decision that can be asked for.
func someFacts() *rapid.Generator[Facts] {
	return rapid.Custom(func(t *rapid.T) Facts {
		subject := someSubject().Draw(t, "subject")
		f := Facts{
			Who:     identity.Identity{Partner: somePartners()[0], Professional: somePartners()[0], Sight: subject.Sight()},
			Profile: rapid.IntRange(0, profiles-1).Draw(t, "profile"),
			Item:    rapid.Bool().Draw(t, "one item"),
			Acts:    rapid.SampledFrom([]Act{SeeReleased, SeeOwn, SeeAll, Add, EditOwn, EditAll, Seeing}).Draw(t, "act"),
		}
		f.Resource = Resource{
			Category: rapid.SampledFrom(Categories()).Draw(t, "category"), Supplier: rapid.SampledFrom(somePartners()).Draw(t, "supplier"),
			Released: rapid.Bool().Draw(t, "released"), Secret: rapid.Bool().Draw(t, "secret"), SecretGround: rapid.Bool().Draw(t, "ground"),
			Restricted: rarely(t, "restricted"), WithheldTypes: int64(rapid.IntRange(0, 1).Draw(t, "withheld type")),
		}
		if rarely(t, "withheld") {
			f.Resource.WithheldPartners = somePartners()[:1]
		}
		for _, a := range rapid.SliceOfN(someAdmission(), 0, 4).Draw(t, "admissions") {
			f.Ways = append(f.Ways, Way{Admission: a, Grants: rapid.SampledFrom(Levels()).Draw(t, "grants")})
		}
		if rarely(t, "exception") {
			f.Replaced = new(rapid.SampledFrom(Levels()).Draw(t, "level of the exception"))
		}
		for _, flag := range []*bool{&f.Suspended, &f.Expired, &f.NoMatrix, &f.Missing, &f.Ended} {
			*flag = rarely(t, "flag")
		}
		if f.NoMatrix {
			f.Who.Sight = identity.Sight{}
		}
		return f
	})
}

func rarely(t *rapid.T, what string) bool { return rapid.IntRange(0, 5).Draw(t, what) == 0 }

func TestExplainProperty(t *testing.T) {
	t.Run("it decides as View does, and exactly one factor decides", rapid.MakeCheck(func(t *rapid.T) {
		f := someFacts().Draw(t, "facts")
		admissions := make([]Admission, len(f.Ways))
		for i, w := range f.Ways {
			admissions[i] = w.Admission
		}
		v, want := admitted(f.Who, admissions...), false
		for i := range 6 {
			act := Act(1 << i)
			switch {
			case f.Acts&act == 0 || f.Ended && act&Seeing == 0:
			case f.Item:
				want = want || v.on(f.Resource)&act != 0
			default:
				want = want || v.Known() && !v.Shielded() && v.may(i, f.Resource.Category)
			}
		}
		if f.Item && f.Acts == Seeing {
			require.Equal(t, v.Reads(f.Resource), want)
		}
		want = want && !f.Suspended && !f.Expired && !f.NoMatrix && !(f.Item && f.Missing)
		e := Explain(f)
		require.Equal(t, want, e.Allowed)
		deciding := slices.DeleteFunc(slices.Clone(e.Factors), func(x Factor) bool { return !x.Decides })
		require.Len(t, deciding, 1, "of %+v", e.Factors)
		require.Equal(t, e.Allowed, len(e.Needed) == 0)
		if !e.Allowed {
			require.Equal(t, deciding[0].Factor, e.Needed[0].Factor)
		}
	}))

	t.Run("when what is needed changes, it is allowed", rapid.MakeCheck(func(t *rapid.T) {
		f := someFacts().Draw(t, "facts")
		for range len(limits()) + 6 {
			if f.allowed() {
				break
			}
			f = f.with(f.decisive())
		}
		require.True(t, f.allowed())
	}))

	t.Run("the order of the admissions never matters", rapid.MakeCheck(func(t *rapid.T) {
		f := someFacts().Draw(t, "facts")
		e := Explain(f)
		slices.Reverse(f.Ways)
		require.Equal(t, e.Allowed, Explain(f).Allowed)
	}))
}

// asked is a question on health data in a dossier of a person under the covenant, by who takes part in it
// with cells of one level.
func asked(level Level, changes ...func(*Facts)) Facts {
	who := seeing(level, false)
	who.Professional = uuid.New()
	f := Facts{
		Who: who, Profile: Profile("person", "covenant"), Item: true, Acts: Seeing, Resource: theirs(),
		Ways: []Way{{Admission: under("covenant"), Grants: None}},
	}
	for _, change := range changes {
		change(&f)
	}
	return f
}

func TestExplainWhatDecides(t *testing.T) {
	basis := func(name string, third bool) func(*Facts) {
		return func(f *Facts) {
			level := Read
			f.Who.Sight, f.Profile, f.Ways[0].Profile = seeing(level, third).Sight, Profile("person", name), Profile("person", name)
		}
	}
	replaced := func(level Level) func(*Facts) {
		return func(f *Facts) {
			f.Replaced = &level
			f.Ways[0].Replace(Health, level)
		}
	}
	item := func(changes ...func(*Resource)) func(*Facts) {
		return func(f *Facts) { f.Resource = theirs(changes...) }
	}
	for name, c := range map[string]struct {
		facts   Facts
		allowed bool
		factor  string
		finding string
	}{
		"the cell gives":                    {asked(Read), true, "matrix-cell", "cell-gives"},
		"the cell lacks":                    {asked(None), false, "matrix-cell", "cell-lacks"},
		"nobody let him in":                 {asked(Read, func(f *Facts) { f.Ways = nil }), false, "admission", "not-admitted"},
		"a suspended partner":               {asked(Read, func(f *Facts) { f.Suspended = true }), false, "partner-standing", "partner-suspended"},
		"an access that ended":              {asked(Read, func(f *Facts) { f.Expired = true }), false, "professional-standing", "professional-ended"},
		"no matrix":                         {asked(Read, func(f *Facts) { f.NoMatrix, f.Who.Sight = true, identity.Sight{} }), false, "matrix-version", "no-matrix"},
		"an exception that gives":           {asked(None, replaced(Read)), true, "exception", "exception-gives"},
		"an exception that takes":           {asked(Read, replaced(None)), false, "exception", "exception-lacks"},
		"a grant":                           {asked(None, func(f *Facts) { f.Ways[0].Kind, f.Ways[0].Grants = "grant", Read; f.Ways[0].Grant(Health, Read) }), true, "grant", "grant-gives"},
		"a role in the dossier":             {asked(OnRelease, func(f *Facts) { f.Ways[0].Roles, f.Resource.Category = RoleCaseDirector, Plan }), true, "role", "role-gives"},
		"his own entry":                     {asked(Own, func(f *Facts) { f.Resource = mine() }), true, "supplier", "item-own"},
		"not his own entry":                 {asked(Own, func(f *Facts) { f.Acts = EditOwn }), false, "supplier", "item-of-other"},
		"what is released":                  {asked(OnRelease, item(released)), true, "release", "released"},
		"what is not released":              {asked(OnRelease), false, "release", "not-released"},
		"the Wgs and a third party":         {asked(Read, basis("wgs", true)), false, "legal-basis", "basis-excludes"},
		"the social domain and police data": {asked(Read, basis("social-domain", false), item(police)), false, "category-ceiling", "ceiling-closed"},
		"secrecy without ground":            {asked(Read, item(secret)), false, "secrecy", "secret-without-ground"},
		"secrecy with a ground is open":     {asked(Read, item(withGround)), true, "matrix-cell", "cell-gives"},
		"a condition against the type":      {asked(Read, item(fromMyType)), false, "item-condition", "withheld-from-type"},
		"a condition against another type":  {asked(Read, item(fromOther)), true, "matrix-cell", "cell-gives"},
		"withheld from the partner":         {asked(Read, func(f *Facts) { f.Resource.WithheldPartners = []uuid.UUID{f.Who.Partner} }), false, "withholding", "withheld-from-partner"},
		"a restriction":                     {asked(Read, item(restricted)), false, "restriction", "restricted"},
		"a shielded dossier":                {asked(Read, func(f *Facts) { f.Ways[0].Shielded = true }), false, "dossier-state", "dossier-shielded"},
		"an ended dossier is still read":    {asked(Read, func(f *Facts) { f.Ended = true }), true, "matrix-cell", "cell-gives"},
		"an ended dossier is not edited":    {asked(Edit, func(f *Facts) { f.Ended, f.Acts = true, EditAll }), false, "dossier-state", "dossier-ended"},
		"an item of later":                  {asked(Read, func(f *Facts) { f.Missing = true }), false, "item", "item-later"},
		"emergency and health":              {asked(Read, func(f *Facts) { f.Ways[0].Kind = ByEmergency; f.Ways[0].Withhold(Health) }), false, "emergency-limit", "closed-in-emergency"},
		"emergency and secrecy":             {asked(Read, func(f *Facts) { f.Ways[0].Kind, f.Resource = ByEmergency, theirs(withGround, police) }), false, "secrecy", "secret-in-emergency"},
		"the first of two limits decides":   {asked(Read, item(secret, restricted)), false, "secrecy", "secret-without-ground"},
		"what he lacks goes before a limit": {asked(None, item(secret)), false, "matrix-cell", "cell-lacks"},
	} {
		t.Run(name, func(t *testing.T) {
			e := Explain(c.facts)
			i := slices.IndexFunc(e.Factors, func(f Factor) bool { return f.Decides })
			require.NotEqual(t, -1, i)
			require.Equal(t, []any{c.allowed, c.factor, c.finding}, []any{e.Allowed, e.Factors[i].Factor, e.Factors[i].Finding})
			require.NotEqual(t, c.allowed && e.Factors[i].Effect == Limits, true)
		})
	}
}

func TestExplainNeeds(t *testing.T) {
	e := Explain(asked(None, func(f *Facts) {
		f.Suspended, f.Ways, f.Resource.Secret = true, nil, true
	}))
	var needs []string
	for _, n := range e.Needed {
		needs = append(needs, n.Factor)
	}
	require.ElementsMatch(t, []string{"partner-standing", "admission", "matrix-cell", "secrecy"}, needs)
}

func TestCellThatCounts(t *testing.T) {
	partner := somePartners()[0]
	all := Cell{PartnerType: "police", DossierType: AllTypes, Category: Health, Level: Read}
	person := Cell{PartnerType: "police", DossierType: "person", Category: Health, Level: Own}
	named := Cell{PartnerID: partner, DossierType: AllTypes, Category: Health, Level: None}
	for name, c := range map[string]struct {
		cells []Cell
		want  Cell
		found bool
	}{
		"no cell":                                   {nil, Cell{}, false},
		"the cell for all types":                    {[]Cell{all}, all, true},
		"the type of dossier goes before all":       {[]Cell{all, person}, person, true},
		"the partner goes before its type":          {[]Cell{all, person, named}, named, true},
		"a cell of another partner does not matter": {[]Cell{{PartnerID: somePartners()[1], DossierType: AllTypes, Category: Health, Level: Edit}}, Cell{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			got, found, err := CellThatCounts(c.cells, partner, "police", "person", Health)
			require.NoError(t, err)
			require.Equal(t, c.want, got)
			require.Equal(t, c.found, found)
		})
	}
}
