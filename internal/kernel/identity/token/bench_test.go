package token_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/identity/token"
)

func BenchmarkVerify(b *testing.B) {
	w := newWorld(b, token.TrustedIssuer{})
	keys := newKeys(b, w.clock)
	issuer, err := token.NewIssuer(token.IssuerConfig{Issuer: ourIssuer, Audience: ourAPI, Keys: keys, Now: w.clock.now})
	must(b, err)
	system, err := issuer.IssueSystem(token.Client{ID: uuid.Must(uuid.NewV7()), Municipality: "GM0861"})
	must(b, err)
	built := newVerifier(b, token.Config{Issuer: ourIssuer, Keys: keys, Now: w.clock.now})

	verify := func(b *testing.B, v *token.Verifier, raw string, cold bool) {
		b.ReportAllocs()
		for b.Loop() {
			if cold {
				v.Forget()
			}
			if _, err := v.Verify(b.Context(), raw); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("warm", func(b *testing.B) { verify(b, built, system, false) })
	b.Run("cold/built-in", func(b *testing.B) { verify(b, built, system, true) })
	for _, alg := range []string{"PS256", "ES256", "EdDSA"} {
		raw := w.signers[alg].sign(b, nil, claims(w.clock, nil))
		b.Run("cold/"+alg, func(b *testing.B) { verify(b, w.v, raw, true) })
	}
}
