package authz

import (
	"math/rand/v2"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// seeing is an identity whose cells are all of one level, under every dossier type.
func seeing(level Level, third bool) identity.Identity {
	var row Row
	for at := range row {
		for c := range row[at] {
			row[at][c] = level
		}
	}
	s := Subject{PartnerType: 5, Third: third, Row: row}
	return identity.Identity{Municipality: "GM0861", Partner: somePartners()[0], PartnerType: "police", Sight: s.Sight()}
}

// admitted is what an identity may do by these admissions.
func admitted(who identity.Identity, admissions ...Admission) View {
	v := View{partner: who.Partner, bit: who.Sight.PartnerType}
	for _, a := range admissions {
		v.admit(who, a)
	}
	return v
}

func under(basis string) Admission {
	return Admission{Kind: "participant", Profile: Profile("person", basis)}
}

func TestOverlay(t *testing.T) {
	content := LifeDomain.Bit() | Plan.Bit() | Action.Bit() | Deliberation.Bit()
	for name, c := range map[string]struct {
		roles               int
		all, edit, released int64
	}{
		"no role adds nothing":                                                 {roles: 0},
		"the opener gets nothing by opening":                                   {roles: RoleOpener},
		"a case director sees and edits the plan, and sees what is released":   {roles: RoleCaseDirector, all: content, edit: content, released: allCategories},
		"a chair sees the same and edits the deliberation":                     {roles: RoleChair, all: content, edit: Deliberation.Bit(), released: allCategories},
		"who is both has both":                                                 {roles: RoleCaseDirector | RoleChair, all: content, edit: content, released: allCategories},
		"a case director who opened the dossier is as any other case director": {roles: RoleCaseDirector | RoleOpener, all: content, edit: content, released: allCategories},
	} {
		t.Run(name, func(t *testing.T) {
			all, edit, released := Overlay(c.roles)
			require.Equal(t, []int64{c.all, c.edit, c.released}, []int64{all, edit, released})
		})
	}
}

// reading is one case: who, with cells of one level, by which admission, may read what.
type reading struct {
	who       identity.Identity
	admission Admission
	item      Resource
	reads     bool
}

func (c reading) check(t *testing.T) {
	require.Equal(t, c.reads, admitted(c.who, c.admission).Reads(c.item))
}

// with is an admission under the covenant that is changed.
func with(change func(*Admission)) Admission {
	a := under("covenant")
	change(&a)
	return a
}

// mine and theirs are health data that the caller and another partner supplied.
func mine(changes ...func(*Resource)) Resource { return suppliedBy(somePartners()[0], changes) }

func theirs(changes ...func(*Resource)) Resource { return suppliedBy(somePartners()[1], changes) }

func suppliedBy(partner uuid.UUID, changes []func(*Resource)) Resource {
	r := Resource{Category: Health, Supplier: partner}
	for _, change := range changes {
		change(&r)
	}
	return r
}

func released(r *Resource)   { r.Released = true }
func secret(r *Resource)     { r.Secret = true }
func withGround(r *Resource) { r.Secret, r.SecretGround = true, true }
func restricted(r *Resource) { r.Restricted = true }
func fromMyType(r *Resource) { r.WithheldTypes = 1 << 5 }
func fromOther(r *Resource)  { r.WithheldTypes = 1 << 6 }
func police(r *Resource)     { r.Category = Police }
func core(r *Resource)       { r.Category = Core }

func TestViewReads(t *testing.T) {
	in := under("covenant")
	for name, c := range map[string]reading{
		"none sees nothing, not even its own":           {seeing(None, false), in, mine(), false},
		"none sees nothing released":                    {seeing(None, false), in, theirs(released), false},
		"on release sees what is released":              {seeing(OnRelease, false), in, theirs(released), true},
		"on release does not see the rest":              {seeing(OnRelease, false), in, theirs(), false},
		"own sees its own":                              {seeing(Own, false), in, mine(), true},
		"own sees what is released":                     {seeing(Own, false), in, theirs(released), true},
		"own does not see others' entries":              {seeing(Own, false), in, theirs(), false},
		"read sees everything":                          {seeing(Read, false), in, theirs(), true},
		"edit sees everything":                          {seeing(Edit, false), in, theirs(), true},
		"the core is open with any act":                 {seeing(OnRelease, false), in, theirs(core), true},
		"the core is hidden without any act":            {seeing(None, false), in, theirs(core), false},
		"a secret is hidden from readers":               {seeing(Edit, false), in, theirs(secret), false},
		"a secret is open to its supplier":              {seeing(Own, false), in, mine(secret), true},
		"a secret with a ground is open to readers":     {seeing(Read, false), in, theirs(withGround), true},
		"restriction hides from readers":                {seeing(Edit, false), in, theirs(restricted), false},
		"restriction hides from the supplier too":       {seeing(Edit, false), in, mine(restricted), false},
		"withheld from my type is hidden":               {seeing(Edit, false), in, theirs(fromMyType), false},
		"withheld from my type is hidden when released": {seeing(Edit, false), in, theirs(fromMyType, released), false},
		"withheld from my type is open to its supplier": {seeing(Own, false), in, mine(fromMyType), true},
		"withheld from another type is open":            {seeing(Read, false), in, theirs(fromOther), true},
	} {
		t.Run(name, c.check)
	}
}

func TestViewReadsByAdmission(t *testing.T) {
	denied := with(func(a *Admission) { a.Denied = Health.Bit() })
	granted := with(func(a *Admission) { a.Granted = Health.Bit() })
	both := with(func(a *Admission) { a.Granted, a.Denied = Health.Bit(), Health.Bit() })
	onRelease := with(func(a *Admission) { a.GrantedReleased = Health.Bit() })
	lead := with(func(a *Admission) { a.Roles = RoleCaseDirector })
	shielded := with(func(a *Admission) { a.Shielded = true })
	director := Admission{Kind: "director", Profile: DirectorProfile("person", "covenant")}
	emergency := Admission{Kind: "emergency", Profile: Profile("person", "social-domain"), Granted: allCategories}
	for name, c := range map[string]reading{
		"a denied category is hidden":                    {seeing(Edit, false), denied, theirs(), false},
		"a denied category hides its own entries":        {seeing(Edit, false), denied, mine(), false},
		"a denied category leaves the others":            {seeing(Edit, false), denied, theirs(police), true},
		"a grant opens a category":                       {seeing(None, false), granted, theirs(), true},
		"a grant stands beside a denial of the cell":     {seeing(None, false), both, theirs(), true},
		"a grant after release opens what is released":   {seeing(None, false), onRelease, theirs(released), true},
		"a grant after release does not open the rest":   {seeing(None, false), onRelease, theirs(), false},
		"a grant does not lift a secret":                 {seeing(None, false), granted, theirs(secret), false},
		"a case director does not see health":            {seeing(None, false), lead, theirs(), false},
		"a case director sees what is released":          {seeing(None, false), lead, theirs(released), true},
		"shielded hides everything":                      {seeing(Edit, false), shielded, mine(), false},
		"shielded hides the core":                        {seeing(Edit, false), shielded, mine(core), false},
		"a third party is not admitted under the Wgs":    {seeing(Edit, true), under("wgs"), mine(), false},
		"a third party is admitted under a covenant":     {seeing(Edit, true), under("covenant"), theirs(), true},
		"nobody is admitted under the Wams":              {seeing(Edit, false), under("wams"), mine(), false},
		"police data has no ground in the social domain": {seeing(Edit, false), under("social-domain"), theirs(police), false},
		"police data stays open to its supplier there":   {seeing(Edit, false), under("social-domain"), mine(police), true},
		"an emergency does not lift the legal basis":     {seeing(Edit, false), emergency, theirs(police), false},
		"the director's cells are not those of partners": {seeing(Edit, false), director, theirs(), false},
		"an unknown profile gives nothing":               {seeing(Edit, false), Admission{Profile: -1}, mine(), false},
	} {
		t.Run(name, c.check)
	}
}

func TestViewAdmit(t *testing.T) {
	t.Run("without an admission there is nothing", func(t *testing.T) {
		v := admitted(seeing(Edit, false))
		require.False(t, v.Known())
		require.False(t, v.Reads(Resource{Category: Core}))
	})

	t.Run("an identity without sight is not known anywhere", func(t *testing.T) {
		v := admitted(identity.Identity{Municipality: "GM0861", Partner: somePartners()[0]}, under("covenant"))
		require.False(t, v.Known())
	})

	t.Run("one shielded admission shields, whatever else admits", func(t *testing.T) {
		shielded := under("covenant")
		shielded.Shielded = true
		v := admitted(seeing(Edit, false), shielded, under("covenant"))
		require.True(t, v.Known())
		require.True(t, v.Shielded())
		require.False(t, v.Reads(Resource{Category: Core}))
	})
}

func TestViewOfAnyAdmissions(t *testing.T) {
	t.Run("admissions add up, in any order", rapid.MakeCheck(func(t *rapid.T) {
		who := identity.Identity{Partner: somePartners()[0], Sight: someSubject().Draw(t, "subject").Sight()}
		admissions := rapid.SliceOfN(someAdmission(), 0, 4).Draw(t, "admissions")
		together := admitted(who, admissions...)
		var acts byAct
		for _, a := range admissions {
			acts.join(admitted(who, a).acts)
		}
		require.Equal(t, acts, together.acts)
		seed := rapid.Uint64().Draw(t, "seed")
		rand.New(rand.NewPCG(seed, seed)).Shuffle(len(admissions), func(i, j int) { admissions[i], admissions[j] = admissions[j], admissions[i] })
		require.Equal(t, together, admitted(who, admissions...))
	}))

	t.Run("right is entitlement within the ceilings", rapid.MakeCheck(func(t *rapid.T) {
		who := identity.Identity{Partner: somePartners()[0], Sight: someSubject().Draw(t, "subject").Sight()}
		a := someAdmission().Draw(t, "admission")
		v, s := admitted(who, a), who.Sight
		ceiling := s.Ceiling.At(a.Profile)
		all, edit, released := Overlay(a.Roles)
		if !v.Known() {
			require.Zero(t, v.acts)
			return
		}
		require.Equal(t, (s.SeeReleased.At(a.Profile)&^a.Denied|a.GrantedReleased|released)&ceiling, v.acts[0])
		require.Equal(t, s.SeeOwn.At(a.Profile)&^a.Denied|a.GrantedOwn&s.Limit, v.acts[1])
		require.Equal(t, (s.SeeAll.At(a.Profile)&^a.Denied|a.Granted|all)&ceiling, v.acts[2])
		require.Equal(t, (s.EditAll.At(a.Profile)&^a.Denied|a.GrantedEditAll|edit)&ceiling, v.acts[5])
		require.Zero(t, v.acts[2]&^ceiling)
		require.Zero(t, v.acts[3]&^(v.acts[1]|v.acts[2]), "what can be added can be seen")
		require.Zero(t, v.acts[4]&^v.acts[1], "what can be edited as one's own can be seen")
		require.Zero(t, v.acts[5]&^v.acts[2], "what can be edited can be seen")
	}))
}

func TestEnters(t *testing.T) {
	t.Run("any act lets in, none or an unknown profile does not", func(t *testing.T) {
		require.True(t, Enters(seeing(OnRelease, false), Profile("group", "consent")))
		require.False(t, Enters(seeing(None, false), Profile("group", "consent")))
		require.False(t, Enters(seeing(Edit, true), Profile("group", "wgs")))
		require.False(t, Enters(seeing(Edit, false), -1))
	})
}

func someAdmission() *rapid.Generator[Admission] {
	return rapid.Custom(func(t *rapid.T) Admission {
		a := Admission{
			Kind:     rapid.SampledFrom([]string{"participant", "meeting", "grant", "emergency"}).Draw(t, "kind"),
			Profile:  rapid.IntRange(0, profiles-1).Draw(t, "profile"),
			Roles:    rapid.IntRange(0, 7).Draw(t, "roles"),
			Denied:   rapid.Int64Range(0, allCategories).Draw(t, "denied"),
			Shielded: rapid.Bool().Draw(t, "shielded"),
		}
		for _, c := range rapid.SliceOfNDistinct(rapid.SampledFrom(Categories()), 0, 5, rapid.ID).Draw(t, "granted") {
			a.Grant(c, rapid.SampledFrom(Levels()).Draw(t, "level"))
		}
		if rapid.Bool().Draw(t, "as director") {
			a.Kind, a.Profile = "director", a.Profile+profiles
		}
		return a
	})
}
