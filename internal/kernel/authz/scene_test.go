package authz_test

import (
	"context"
	"encoding/csv"
	"log/slog"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// scene is a dossier of a person under a covenant and one that is closed, and who comes to them.
type scene struct {
	d              *db.DB
	decide         *authz.Authorizer
	conn           *pgx.Conn
	dossier, shut  uuid.UUID
	police, health uuid.UUID // partners
}

func newScene(t *testing.T) *scene {
	t.Helper()
	url := testkit.Database(t).URL
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close(context.Background())) })
	d, err := db.Open(t.Context(), url, db.Options{MaxConns: 2})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, d.Close()) })
	decide, err := authz.New(time.Now, slog.Default())
	require.NoError(t, err)
	s := &scene{d: d, decide: decide, conn: conn, dossier: newID(), shut: newID(), police: newID(), health: newID()}
	s.exec(t, "insert into municipality (id, name) values ('GM0861', 'Veldhoven')")
	s.exec(t, "insert into municipality_stamp (municipality_id) values ('GM0861')")
	for number, id := range map[string]uuid.UUID{"2026-000001": s.dossier, "2026-000002": s.shut} {
		s.exec(t, `insert into dossier (municipality_id, id, version, number, type, title, status, basis, purpose, opened_by, opened_at, changed_at)
			values ('GM0861', $1, 1, $2, 'person', 'Title', 'active', 'covenant', 'Purpose', $1, now(), now())`, id, number)
	}
	return s
}

func (s *scene) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	_, err := s.conn.Exec(t.Context(), sql, args...)
	require.NoError(t, err)
}

// person is a professional of a partner; the police have cells of several levels.
func (s *scene) person(t *testing.T, partner uuid.UUID, partnerType string, roles ...identity.Role) identity.Identity {
	t.Helper()
	cells := []authz.Cell{
		{PartnerType: "police", DossierType: authz.AllTypes, Category: authz.Police, Level: authz.Own},
		{PartnerType: "police", DossierType: authz.AllTypes, Category: authz.Identity, Level: authz.Read},
		{PartnerType: "police", DossierType: authz.AllTypes, Category: authz.Network, Level: authz.Contribute},
		{PartnerType: "police", DossierType: authz.AllTypes, Category: authz.Housing, Level: authz.Edit},
		{PartnerType: "municipal-director", DossierType: authz.AllTypes, Category: authz.Identity, Level: authz.Edit},
	}
	row, err := authz.CompileRow(cells, partner, partnerType)
	require.NoError(t, err)
	subject := authz.Subject{PartnerType: 5, Row: row}
	if slices.Contains(roles, identity.MunicipalDirector) {
		director, err := authz.CompileRow(cells, uuid.Nil, "municipal-director")
		require.NoError(t, err)
		subject.Director = &director
	}
	return identity.Identity{
		Municipality: "GM0861", Partner: partner, PartnerType: partnerType, Professional: newID(), Roles: roles, Sight: subject.Sight(),
	}
}

// admit lets the holder into a dossier in a role.
func (s *scene) admit(t *testing.T, holder, dossier uuid.UUID, kind string, roles int) {
	t.Helper()
	profile := authz.Profile("person", "covenant")
	if kind == "director" {
		profile = authz.DirectorProfile("person", "covenant")
	}
	all, _, released := authz.Overlay(roles)
	s.exec(t, `insert into admission (municipality_id, id, dossier_id, partner_id, holder, kind, since, profile, roles, granted, granted_released, shielded)
		values ('GM0861', $1, $2, $1, $3, $4, now() - interval '1 minute', $5, $6, $7, $8, $9)`, newID(), dossier, holder, kind, profile, roles, all,
		released, dossier == s.shut)
}

// row is something to write under a decision.
type row struct{ id uuid.UUID }

// Guarded implements db.Row.
func (r row) Guarded() uuid.UUID { return r.id }

// everyAct lists the acts of the table.
func everyAct(t *testing.T) (all []string) {
	t.Helper()
	file, err := os.Open("acts.csv")
	require.NoError(t, err)
	defer file.Close()
	table := csv.NewReader(file)
	table.Comment, table.TrimLeadingSpace = '#', true
	lines, err := table.ReadAll()
	require.NoError(t, err)
	for _, line := range lines {
		all = append(all, line[1])
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// allowed is what a resource would show as allowedOperations.
func (s *scene) allowed(t *testing.T, who identity.Identity, on authz.Resource) (acts []string) {
	t.Helper()
	var operations []authz.Operation
	for _, act := range everyAct(t) {
		operations = append(operations, authz.Operation{ID: act, Act: act})
	}
	require.NoError(t, s.d.Tx(identity.With(t.Context(), who), func(ctx context.Context) (err error) {
		acts, err = s.decide.Allowed(ctx, on, operations)
		return err
	}))
	return acts
}

// required is what Require allows, act by act.
func (s *scene) required(t *testing.T, who identity.Identity, on authz.Resource) (acts []string) {
	t.Helper()
	for _, act := range everyAct(t) {
		err := s.d.Tx(identity.With(t.Context(), who), func(ctx context.Context) error { return s.decide.Require(ctx, act, on) })
		if err == nil {
			acts = append(acts, act)
		}
	}
	return acts
}

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }
