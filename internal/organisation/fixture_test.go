package organisation_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/configuration"
	"github.com/wijkregie/wijkregie/internal/kernel"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/organisation"
	"github.com/wijkregie/wijkregie/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const (
	veldhoven   = "GM0861"
	meierijstad = "GM1948"
	issuer      = "https://login.example"
	oin         = "00000001823288444000"
)

// town is a database with two municipalities and a clock that the test sets.
type town struct {
	*testing.T
	*organisation.Service
	clock    atomic.Int64
	database *db.DB
}

func (w *town) now() time.Time { return time.UnixMicro(w.clock.Load()).UTC() }

func (w *town) pass(d time.Duration) { w.clock.Add(d.Microseconds()) }

func newTown(t *testing.T) *town {
	w := &town{T: t}
	w.clock.Store(time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC).UnixMicro())
	url := testkit.Database(t).URL
	for id, name := range map[string]string{veldhoven: "Veldhoven", meierijstad: "Meierijstad"} {
		require.NoError(t, db.AddMunicipality(t.Context(), url, id, name, "Europe/Amsterdam"))
	}
	database, err := db.Open(t.Context(), url, db.Options{Now: w.now})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, database.Close()) })
	w.database = database
	decisions, err := authz.New(w.now, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	k := kernel.Kernel{DB: database, Authz: decisions, Journal: journal.New(w.now, func() {})}
	w.Service = organisation.New(k, configuration.New())
	require.NoError(t, w.Load(t.Context(), seed(veldhoven)))
	require.NoError(t, w.Load(t.Context(), seed(meierijstad)))
	return w
}

// seed is a municipality with its own direction, the police with an administrator of their own, and
// two more partners. Each person comes in as his short name; the director of Veldhoven works for Meierijstad too.
func seed(municipality string) organisation.Seed {
	id := func(name string) uuid.UUID { return organisation.SeedID(municipality, name) }
	number := oin
	partner := func(name, kind, domain string) organisation.Partner {
		return organisation.Partner{ID: id(name), Name: name, Type: kind, Domain: domain}
	}
	s := organisation.Seed{Municipality: municipality}
	s.Partners = []organisation.Partner{
		partner("town hall", "municipal-director", "both"), partner("police", "police", "safety"),
		partner("social team", "social-domain", "social"), partner("housing", "housing-association", "both"),
	}
	s.Partners[1].Oin = &number
	person := func(name, partner string, roles ...identity.Role) {
		subject := municipality + "/" + name
		if name == "director" {
			subject = name
		}
		s.Professionals = append(s.Professionals, organisation.Professional{
			ID: id(name), PartnerID: id(partner), Name: name, Email: name + "@example.nl", Roles: roles,
			Identities: []organisation.Identity{{Issuer: issuer, Subject: subject}},
		})
	}
	person("director", "town hall", identity.MunicipalDirector)
	person("administrator", "town hall", identity.Administrator)
	person("chair", "social team", identity.Chair)
	person("constable", "police", identity.ProfessionalRole)
	person("sergeant", "police", identity.ProfessionalRole)
	person("police administrator", "police", identity.Administrator)
	s.Clients = []organisation.Client{{
		ID: id("police system"), PartnerID: id("police"), Name: "police system", JwksUri: "https://police.example/jwks",
		Categories: []string{"police", "incident"},
	}}
	s.Tables = []organisation.Table{{ID: id("south"), Name: "south", ChairID: id("chair"), MemberPartnerIDs: []uuid.UUID{id("police")}, Level: "case"}}
	return s
}

func id(name string) uuid.UUID { return organisation.SeedID(veldhoven, name) }

// token is what the issuer says of a person by his short name in Veldhoven.
func (w *town) token(name string) organisation.Token {
	subject := veldhoven + "/" + name
	if name == "director" {
		subject = name
	}
	return organisation.Token{Issuer: issuer, Subject: subject, Person: true, Expires: w.now().Add(8 * time.Hour)}
}

// as is a context in which a person of Veldhoven acts, as the server makes one.
func (w *town) as(name string) context.Context {
	w.Helper()
	who, err := w.Identify(w.Context(), w.token(name), veldhoven)
	require.NoError(w, err)
	who.Renew = func(ctx context.Context) (identity.Identity, error) { return w.Identify(ctx, w.token(name), veldhoven) }
	return identity.With(w.Context(), who)
}

// key is a record as the caller read it.
func key(id uuid.UUID, seen any) etag.Key {
	return etag.Key{ID: id, Match: etag.Of(seen)}
}

// professional reads somebody as the administrator.
func (w *town) professional(name string) organisation.Professional {
	w.Helper()
	p, err := w.GetProfessional(w.as("administrator"), id(name))
	require.NoError(w, err)
	return p
}

// audited counts the audit entries of an event in Veldhoven, and tells the stamp of its people.
func (w *town) audited(event string) (entries int, people int64) {
	w.Helper()
	ctx := identity.With(w.Context(), identity.System(veldhoven, "test"))
	require.NoError(w, w.database.Tx(ctx, func(ctx context.Context) error {
		return db.Conn(ctx).Raw(`select count(*), (select people from municipality_stamp where municipality_id = ?)
			from audit_entry where event = ?`, veldhoven, event).Row().Scan(&entries, &people)
	}))
	return entries, people
}
