package organisation

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func TestOIN(t *testing.T) {
	for oin, want := range map[string]bool{
		"00000001823288444000":  true,  // RSIN that passes the eleven test
		"00000001002220647000":  true,  // with leading zeros
		"00000001823288445000":  false, // wrong check digit
		"0000000182328844A000":  false, // an RSIN has digits only
		"00000003123456780000":  true,  // KVK number of 8 digits
		"00000003123456789000":  false, // KVK number of 9
		"00000004ABCDEFGHI000":  true,  // SubOIN, may hold letters
		"00000099123456789000":  true,  // test
		"00000005123456789000":  false, // no such prefix
		"00000001823288444001":  false, // ends in zeros
		"0000000182328844400":   false, // too short
		"000000018232884440000": false, // too long
		"":                      false,
		"\x000000018232884440":  false,
	} {
		assert.Equal(t, want, validOIN(oin), "%q", oin)
	}
}

func TestPartner(t *testing.T) {
	t.Run("everything wrong is told at once", func(t *testing.T) {
		bad := "1234"
		err := Partner{Domain: "elsewhere", Oin: &bad}.check(false)
		assert.Equal(t, []string{"/type", "/domain", "/oin"}, pointers(err))
	})
	t.Run("a covenant holds for at least a day", func(t *testing.T) {
		day, before := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 2, 28, 0, 0, 0, 0, time.UTC)
		err := Partner{Domain: "safety", CovenantFrom: &day, CovenantUntil: &before}.check(true)
		assert.Equal(t, []string{"/covenantUntil"}, pointers(err))
		assert.NoError(t, Partner{Domain: "safety", CovenantFrom: &day, CovenantUntil: &day}.check(true))
		assert.NoError(t, Partner{Domain: "safety", CovenantUntil: &before}.check(true))
	})
	t.Run("suspending the own organisation is a conflict", func(t *testing.T) {
		p := Partner{ID: uuid.New(), Status: Active}
		assert.True(t, problem.Is(p.mayBecome(Suspended, p.ID), problem.Conflict))
		assert.NoError(t, p.mayBecome(Suspended, uuid.New()))
		assert.NoError(t, p.mayBecome(Active, p.ID))
	})
}

func TestProfessional(t *testing.T) {
	me := []Identity{{Issuer: "https://idp", Subject: "1"}}
	other := []Identity{{Issuer: "https://idp", Subject: "2"}}
	plain := []identity.Role{identity.ProfessionalRole}
	chair := []identity.Role{identity.ProfessionalRole, identity.Chair}
	for name, c := range map[string]struct {
		before, after Professional
		want          bool
	}{
		"a plain colleague is no matter of rights": {Professional{}, Professional{Roles: plain, Identities: me}, false},
		"a role is":                      {Professional{Roles: plain}, Professional{Roles: chair}, true},
		"so is taking it":                {Professional{Roles: chair}, Professional{Roles: plain}, true},
		"so is another person behind it": {Professional{Roles: chair, Identities: me}, Professional{Roles: chair, Identities: other}, true},
		"another name is not":            {Professional{Roles: chair, Name: "A"}, Professional{Roles: chair, Name: "B"}, false},
		"nor another person behind who has no roles to defend": {Professional{Roles: plain, Identities: me}, Professional{Roles: plain, Identities: other}, false},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, c.want, c.before.touchesRights(c.after)) })
	}
	t.Run("unknown roles and empty identities are invalid", func(t *testing.T) {
		err := Professional{Roles: []identity.Role{"chair", "king"}, Identities: []Identity{{Issuer: "x"}}}.check()
		assert.Equal(t, []string{"/roles/1", "/identities/0"}, pointers(err))
	})
	t.Run("colleagues do not see with which tokens he comes in", func(t *testing.T) {
		day := time.Now()
		p := Professional{Identities: me, ScreeningUntil: &day, SecrecyAcceptedOn: &day, TrainedOn: &day}
		assert.Equal(t, Professional{TrainedOn: &day}, p.seenBy(false))
		assert.Equal(t, p, p.seenBy(true))
	})
}

func TestValidity(t *testing.T) {
	last := time.Date(2026, 10, 25, 0, 0, 0, 0, time.UTC) // the night in which summer time ends
	amsterdam, err := time.LoadLocation(defaultZone)
	require.NoError(t, err)
	assert.True(t, valid(&last, time.Date(2026, 10, 25, 23, 59, 0, 0, amsterdam)), "the last day counts")
	assert.False(t, valid(&last, time.Date(2026, 10, 26, 0, 0, 0, 0, amsterdam)))
	assert.True(t, valid(nil, last))
	assert.Equal(t, time.Date(2026, 10, 25, 23, 0, 0, 0, time.UTC), expiry(last, amsterdam).UTC(), "midnight there")
}

func TestSubstitution(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	hour := func(n int) time.Time { return now.Add(time.Duration(n) * time.Hour) }
	partner := uuid.New()
	a, b := Professional{ID: uuid.New(), PartnerID: partner}, Professional{ID: uuid.New(), PartnerID: partner}
	t.Run("begins", func(t *testing.T) {
		for name, c := range map[string]struct {
			replaced, substitute Professional
			from, until          time.Time
			ok                   bool
		}{
			"a colleague may":                          {a, b, hour(1), hour(2), true},
			"a period that runs may":                   {a, b, hour(-1), hour(1), true},
			"nobody for himself":                       {a, a, hour(1), hour(2), false},
			"nobody of another partner":                {a, Professional{ID: uuid.New(), PartnerID: uuid.New()}, hour(1), hour(2), false},
			"an end before the beginning is a refusal": {a, b, hour(2), hour(1), false},
			"a period that is over is a refusal":       {a, b, hour(-2), hour(-1), false},
		} {
			t.Run(name, func(t *testing.T) {
				err := Substitution{From: c.from, Until: c.until}.begins(c.replaced, c.substitute, now)
				assert.Equal(t, !c.ok, problem.Is(err, problem.Conflict))
			})
		}
	})
	t.Run("becomes", func(t *testing.T) {
		for name, c := range map[string]struct {
			from, until   time.Time
			from2, until2 time.Time
			ok            bool
			end           time.Time
		}{
			"later when it has not begun":        {hour(1), hour(2), hour(3), hour(4), true, hour(4)},
			"longer while it runs":               {hour(-1), hour(2), hour(-1), hour(9), true, hour(9)},
			"an end in the past ends it now":     {hour(-2), hour(2), hour(-2), hour(-1), true, now},
			"not another beginning when it runs": {hour(-1), hour(2), hour(-3), hour(2), false, hour(2)},
			"nothing when it is over":            {hour(-2), hour(-1), hour(-2), hour(5), false, hour(5)},
			"not an end before the beginning":    {hour(3), hour(4), hour(3), hour(2), false, hour(2)},
		} {
			t.Run(name, func(t *testing.T) {
				after := Substitution{From: c.from2, Until: c.until2}
				err := Substitution{From: c.from, Until: c.until}.becomes(&after, now)
				assert.Equal(t, !c.ok, problem.Is(err, problem.Conflict))
				assert.Equal(t, c.end, after.Until)
			})
		}
	})
}

func TestClient(t *testing.T) {
	key := map[string]any{"kty": "EC", "crv": "P-256", "x": "a", "y": "b"}
	keys := func(k ...any) map[string]any { return map[string]any{"keys": k} }
	for name, c := range map[string]struct {
		client Client
		wrong  []string
	}{
		"keys at an address":        {Client{JwksUri: "https://a.example/jwks"}, nil},
		"keys sent along":           {Client{Jwks: keys(key)}, nil},
		"both":                      {Client{JwksUri: "https://a.example/jwks", Jwks: keys(key)}, []string{"/jwks"}},
		"neither":                   {Client{}, []string{"/jwksUri"}},
		"an address in the clear":   {Client{JwksUri: "http://a.example/jwks"}, []string{"/jwksUri"}},
		"an address with password":  {Client{JwksUri: "https://me:secret@a.example/jwks"}, []string{"/jwksUri"}},
		"a private key":             {Client{Jwks: keys(key, map[string]any{"kty": "RSA", "d": "secret"})}, []string{"/jwks/keys/1"}},
		"a shared secret":           {Client{Jwks: keys(map[string]any{"kty": "oct", "k": "secret"})}, []string{"/jwks/keys/0"}},
		"no key at all":             {Client{Jwks: keys("hello")}, []string{"/jwks/keys/0"}},
		"an unknown category":       {Client{Jwks: keys(key), Categories: []string{"police", "gossip"}}, []string{"/categories/1"}},
		"a secret of the operator":  {Client{SecretHash: []byte("hash")}, nil},
		"known categories and keys": {Client{Jwks: keys(key), Categories: authz.CategorySlugs()}, nil},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, c.wrong, pointers(c.client.check())) })
	}
	t.Run("a withdrawn one does not change", func(t *testing.T) {
		assert.True(t, problem.Is(Client{Status: Withdrawn}.mayChange(), problem.Conflict))
	})
}

func TestChair(t *testing.T) {
	today := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	past := today.AddDate(0, 0, -1)
	chair := []identity.Role{identity.Chair}
	assert.NoError(t, Professional{Roles: chair}.mayChair(today))
	assert.True(t, problem.Is(Professional{}.mayChair(today), problem.Conflict), "without the role")
	assert.True(t, problem.Is(Professional{Roles: chair, ValidUntil: &past}.mayChair(today), problem.Conflict), "without access")
}

func TestChoose(t *testing.T) {
	one := []Municipality{{ID: "GM0861", Name: "Veldhoven"}}
	two := append(one, Municipality{ID: "GM1948", Name: "Meierijstad"})
	for name, c := range map[string]struct {
		token  Token
		homes  []Municipality
		header string
		want   string
		kind   problem.Kind
	}{
		"the only one":                    {Token{}, one, "", "GM0861", ""},
		"the only one, named":             {Token{}, one, "GM0861", "GM0861", ""},
		"one among several by the header": {Token{}, two, "GM1948", "GM1948", ""},
		"one among several by the token":  {Token{Municipality: "GM1948"}, two, "", "GM1948", ""},
		"several without a header":        {Token{}, two, "", "", problem.Invalid},
		"a header of another":             {Token{}, one, "GM9999", "", problem.Invalid},
		"a header against the token":      {Token{Municipality: "GM1948"}, two, "GM0861", "", problem.Invalid},
		"a token of another":              {Token{Municipality: "GM9999"}, two, "GM9999", "", problem.Unauthenticated},
		"nowhere":                         {Token{}, nil, "GM0861", "", problem.Unauthenticated},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := c.token.choose(c.homes, c.header)
			assert.Equal(t, c.want, got)
			if c.kind != "" {
				assert.Equal(t, c.kind, problem.KindOf(err))
				assert.NotContains(t, err.Error(), "GM9999", "what was sent is not echoed")
			}
		})
	}
	t.Run("the refusal names only the caller's own", func(t *testing.T) {
		_, err := Token{}.choose(two, "")
		var p *problem.Error
		require.ErrorAs(t, err, &p)
		assert.Equal(t, "header", p.Fields[0].In)
		assert.Contains(t, p.Fields[0].Detail, "GM0861 (Veldhoven), GM1948 (Meierijstad)")
	})
}

func TestClientOfToken(t *testing.T) {
	id := uuid.New()
	assert.Equal(t, id, Token{ClientID: id.String()}.client())
	for _, other := range []string{"", "frontend", strings.ToUpper(id.String()), "{" + id.String() + "}", "urn:uuid:" + id.String()} {
		assert.Equal(t, uuid.Nil, Token{ClientID: other}.client(), "%q is not as this product writes it", other)
	}
}

func TestLevelOf(t *testing.T) {
	for _, a := range authz.Levels() {
		assert.Equal(t, a, levelOf(a.Acts()))
		for _, b := range authz.Levels() {
			both := a.Acts() | b.Acts()
			assert.Equal(t, both, levelOf(both).Acts(), "%s with %s is a level", a, b)
		}
	}
}

func TestNameKey(t *testing.T) {
	cursor := nameKey(strings.Repeat("𝄞", 200), uuid.New())
	assert.LessOrEqual(t, len(cursor.String()), 500, "a cursor fits in the contract")
	assert.Equal(t, "Ann", nameKey("Ann", uuid.New()).Key)
}

// pointers lists what is wrong with an input.
func pointers(err error) (at []string) {
	p, ok := err.(*problem.Error)
	if !ok {
		return nil
	}
	for _, f := range p.Fields {
		at = append(at, f.Name)
	}
	return at
}

func TestDateOf(t *testing.T) {
	amsterdam, err := time.LoadLocation("Europe/Amsterdam")
	require.NoError(t, err)

	t.Run("late in the evening in UTC it is the next day in Amsterdam", func(t *testing.T) {
		require.Equal(t, time.Date(2026, 12, 2, 0, 0, 0, 0, time.UTC), DateOf(time.Date(2026, 12, 1, 23, 30, 0, 0, time.UTC), amsterdam))
	})
	t.Run("it is midnight UTC, as a row keeps dates", func(t *testing.T) {
		require.Equal(t, time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), DateOf(time.Date(2026, 12, 1, 12, 0, 0, 0, amsterdam), amsterdam))
	})
}
