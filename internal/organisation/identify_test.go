package organisation_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

func TestIdentify(t *testing.T) {
	w := newTown(t)
	refused := func(t *testing.T, token organisation.Token, header string, kind problem.Kind) {
		t.Helper()
		_, err := w.Identify(t.Context(), token, header)
		assert.Equal(t, kind, problem.KindOf(err))
	}
	system := func(client, number string) organisation.Token {
		return organisation.Token{Issuer: issuer, Subject: client, ClientID: client, OIN: number, Expires: w.now().Add(time.Hour)}
	}
	t.Run("a person is bound by issuer and subject", func(t *testing.T) {
		who, err := w.Identify(t.Context(), w.token("constable"), "")
		require.NoError(t, err)
		assert.Equal(t, veldhoven, who.Municipality)
		assert.Equal(t, id("police"), who.Partner)
		assert.Equal(t, "police", who.PartnerType)
		assert.Equal(t, id("constable"), who.Professional)
		assert.Equal(t, []identity.Role{identity.ProfessionalRole}, who.Roles)
		assert.Nil(t, who.Categories)
		assert.Positive(t, who.Versions.People)
		assert.Equal(t, w.token("constable").Expires, who.TokenExpires)
	})
	t.Run("another issuer is another person", func(t *testing.T) {
		token := w.token("constable")
		token.Issuer = "https://evil.example"
		refused(t, token, "", problem.Unauthenticated)
	})
	t.Run("who works for two municipalities names one", func(t *testing.T) {
		refused(t, w.token("director"), "", problem.Invalid)
		refused(t, w.token("director"), "GM9999", problem.Invalid)
		who, err := w.Identify(t.Context(), w.token("director"), meierijstad)
		require.NoError(t, err)
		assert.Equal(t, meierijstad, who.Municipality)
		assert.Equal(t, organisation.SeedID(meierijstad, "director"), who.Professional)
	})
	t.Run("a system is its client, limited to the client's categories", func(t *testing.T) {
		who, err := w.Identify(t.Context(), system(id("police system").String(), ""), "")
		require.NoError(t, err)
		assert.False(t, who.IsPerson())
		assert.Equal(t, id("police"), who.Partner)
		assert.Equal(t, id("police system"), who.Client)
		assert.Equal(t, []string{"police", "incident"}, who.Categories)
		assert.Empty(t, who.Roles)
		client, err := w.GetClient(w.as("administrator"), id("police system"))
		require.NoError(t, err)
		require.NotNil(t, client.LastUsedAt)
		assert.WithinDuration(t, w.now(), *client.LastUsedAt, 0)
	})
	t.Run("without a registered client the organisation number counts", func(t *testing.T) {
		refused(t, system("their-own-name", oin), "", problem.Invalid)
		who, err := w.Identify(t.Context(), system("their-own-name", oin), veldhoven)
		require.NoError(t, err)
		assert.Equal(t, id("police"), who.Partner)
		assert.Equal(t, uuid.Nil, who.Client)
		refused(t, system("their-own-name", "00000099123456789000"), "", problem.Unauthenticated)
		refused(t, system(uuid.NewString(), ""), "", problem.Unauthenticated)
	})
	t.Run("a token of another organisation than the records is refused", func(t *testing.T) {
		refused(t, system(id("police system").String(), "00000099123456789000"), "", problem.Unauthenticated)
		token := w.token("chair")
		token.ClientID = id("police system").String()
		refused(t, token, "", problem.Unauthenticated)
	})
	t.Run("a number that several partners share is refused without a client", func(t *testing.T) {
		p, err := w.GetPartner(w.as("administrator"), id("social team"))
		require.NoError(t, err)
		number := oin
		_, err = w.UpdatePartner(w.as("administrator"), key(p.ID, p), func(p *organisation.Partner) { p.Oin = &number })
		require.NoError(t, err, "an organisation number may be shared")
		refused(t, system("their-own-name", oin), veldhoven, problem.Unauthenticated)
		_, err = w.Identify(t.Context(), system(id("police system").String(), oin), veldhoven)
		assert.NoError(t, err)
	})
}

func TestIdentifyRefusesAtTheNextRequest(t *testing.T) {
	t.Run("a suspended partner", func(t *testing.T) {
		w := newTown(t)
		before := w.as("constable")
		p, err := w.GetPartner(before, id("police"))
		require.NoError(t, err)
		_, err = w.UpdatePartner(w.as("administrator"), key(p.ID, p), func(p *organisation.Partner) { p.Status = organisation.Suspended })
		require.NoError(t, err)
		_, err = w.GetPartner(before, id("police"))
		assert.True(t, problem.Is(err, problem.Unauthenticated), "with the identity of before: %v", err)
		_, err = w.Identify(t.Context(), w.token("constable"), "")
		assert.True(t, problem.Is(err, problem.Unauthenticated))
	})
	t.Run("a withdrawn client, for good", func(t *testing.T) {
		w := newTown(t)
		c, err := w.GetClient(w.as("police administrator"), id("police system"))
		require.NoError(t, err)
		c, err = w.UpdateClient(w.as("police administrator"), key(c.ID, c), func(c *organisation.Client) { c.Status = organisation.Withdrawn })
		require.NoError(t, err)
		// Its organisation number must not let it in by the back door.
		token := organisation.Token{Issuer: issuer, ClientID: id("police system").String(), OIN: oin, Expires: w.now().Add(time.Hour)}
		_, err = w.Identify(t.Context(), token, "")
		assert.True(t, problem.Is(err, problem.Unauthenticated))
		_, err = w.UpdateClient(w.as("administrator"), key(c.ID, c), func(c *organisation.Client) { c.Status = organisation.Active })
		assert.True(t, problem.Is(err, problem.Conflict))
	})
	t.Run("a professional after his last day, there", func(t *testing.T) {
		w := newTown(t)
		last := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
		p := w.professional("constable")
		_, err := w.UpdateProfessional(w.as("police administrator"), key(p.ID, p), func(p *organisation.Professional) { p.ValidUntil = &last })
		require.NoError(t, err)
		token := w.token("constable")
		token.Expires = w.now().Add(20 * time.Hour)
		who, err := w.Identify(t.Context(), token, "")
		require.NoError(t, err)
		assert.Equal(t, time.Date(2026, 11, 24, 23, 0, 0, 0, time.UTC), who.TokenExpires, "no identity outlives its person")
		w.pass(11 * time.Hour) // 23:00 UTC is midnight in Veldhoven
		_, err = w.Identify(t.Context(), token, "")
		assert.True(t, problem.Is(err, problem.Unauthenticated))
	})
	t.Run("who is bound to another token", func(t *testing.T) {
		w := newTown(t)
		p := w.professional("constable")
		_, err := w.UpdateProfessional(w.as("administrator"), key(p.ID, p), func(p *organisation.Professional) {
			p.Identities = []organisation.Identity{{Issuer: issuer, Subject: "new"}}
		})
		require.NoError(t, err)
		_, err = w.Identify(t.Context(), w.token("constable"), "")
		assert.True(t, problem.Is(err, problem.Unauthenticated))
		who, err := w.Identify(t.Context(), organisation.Token{Issuer: issuer, Subject: "new", Person: true}, "")
		require.NoError(t, err)
		assert.Equal(t, id("constable"), who.Professional)
	})
}

func TestTokenEndpoint(t *testing.T) {
	w := newTown(t)
	t.Run("knows a client by its id alone", func(t *testing.T) {
		c, err := w.TokenClient(t.Context(), id("police system"))
		require.NoError(t, err)
		assert.Equal(t, organisation.TokenClient{ID: id("police system"), Municipality: veldhoven, JWKSURI: "https://police.example/jwks", Active: true}, c)
		_, err = w.TokenClient(t.Context(), uuid.New())
		assert.True(t, problem.Is(err, problem.NotFound))
	})
	t.Run("takes an assertion once", func(t *testing.T) {
		until := w.now().Add(time.Minute)
		for i, want := range []bool{true, false} {
			first, err := w.Once(t.Context(), id("police system"), "jti", until)
			require.NoError(t, err)
			assert.Equal(t, want, first, "time %d", i+1)
		}
		w.pass(2 * time.Minute)
		first, err := w.Once(t.Context(), id("police system"), "other", w.now().Add(time.Minute))
		require.NoError(t, err)
		assert.True(t, first)
	})
}
