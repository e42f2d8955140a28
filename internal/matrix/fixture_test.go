package matrix_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/configuration"
	"github.com/wijkregie/wijkregie/internal/kernel"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/organisation"
	"github.com/wijkregie/wijkregie/internal/testkit"
)

const municipality = "GM0861"

func TestMain(m *testing.M) { testkit.Main(m) }

// house is a database with two municipalities, and the services on it.
type house struct {
	url    string
	conn   *pgx.Conn // the superuser, whom no policy holds back
	k      kernel.Kernel
	lists  *configuration.Service
	people *organisation.Service
	s      *matrix.Service
}

func newHouse(t *testing.T) *house {
	t.Helper()
	url := testkit.Database(t).URL
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close(context.Background())) })
	d, err := db.Open(t.Context(), url, db.Options{MaxConns: 8})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, d.Close()) })
	decide, err := authz.New(time.Now, slog.Default())
	require.NoError(t, err)

	h := &house{url: url, conn: conn, lists: configuration.New()}
	h.k = kernel.Kernel{DB: d, Authz: decide, Journal: journal.New(time.Now, func() {})}
	h.people = organisation.New(h.k, h.lists)
	h.s = matrix.New(h.k, h.lists, h.people)
	h.exec(t, `insert into municipality (id, name) values ('GM0861', 'Veldhoven'), ('GM1948', 'Meierijstad')`)
	h.exec(t, `insert into municipality_stamp (municipality_id) values ('GM0861'), ('GM1948')`)
	return h
}

func (h *house) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	_, err := h.conn.Exec(t.Context(), sql, args...)
	require.NoError(t, err)
}

// one reads one value past every policy.
func one[T any](t *testing.T, h *house, sql string, args ...any) (value T) {
	t.Helper()
	require.NoError(t, h.conn.QueryRow(t.Context(), sql, args...).Scan(&value))
	return value
}

// person is a professional of a new partner of this type.
func (h *house) person(t *testing.T, municipality, partnerType string, roles ...identity.Role) identity.Identity {
	t.Helper()
	who := identity.Identity{Municipality: municipality, Partner: newID(), PartnerType: partnerType, Professional: newID(), Roles: roles}
	h.exec(t, `insert into partner (municipality_id, id, version, name, type, domain, status, changed_at)
		values ($1, $2, 1, 'Partner', $3, 'both', 'active', now())`, municipality, who.Partner, partnerType)
	h.exec(t, `insert into professional (municipality_id, id, version, partner_id, name, changed_at)
		values ($1, $2, 1, $3, 'Professional', now())`, municipality, who.Professional, who.Partner)
	return who
}

func (h *house) director(t *testing.T) identity.Identity {
	t.Helper()
	return h.person(t, municipality, "municipal-director", identity.MunicipalDirector)
}

// as is a context in which the identity acts.
func as(t *testing.T, who identity.Identity) context.Context {
	t.Helper()
	return identity.With(t.Context(), who)
}

// publish makes these cells the matrix in force, as the director would.
func (h *house) publish(t *testing.T, director identity.Identity, cells ...matrix.NewCell) matrix.Version {
	t.Helper()
	seen := h.begin(t, director, cells...)
	p, err := h.s.Publish(as(t, director), matrix.NewPublication{
		Match: seen.Tag, Reason: "Agreed in the steering group.", Acknowledged: h.warnings(t, director),
	})
	require.NoError(t, err)
	return p.Version
}

// warnings are the ids of what is found in the draft.
func (h *house) warnings(t *testing.T, director identity.Identity) (ids []string) {
	t.Helper()
	found, err := h.s.DraftFindings(as(t, director))
	require.NoError(t, err)
	for _, f := range found {
		ids = append(ids, f.ID())
	}
	return ids
}

// of is a cell of a partner type.
func of(partnerType, dossierType, category string, level authz.Level) matrix.NewCell {
	return matrix.NewCell{PartnerType: &partnerType, DossierType: dossierType, Category: category, Level: string(level)}
}

// forPartner is a cell of one partner.
func forPartner(id uuid.UUID, dossierType, category string, level authz.Level) matrix.NewCell {
	return matrix.NewCell{PartnerID: &id, DossierType: dossierType, Category: category, Level: string(level)}
}

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }
