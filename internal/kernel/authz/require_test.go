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
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
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

func TestRequire(t *testing.T) {
	s := newScene(t)
	officer := s.person(t, s.police, "police")
	s.admit(t, officer.Professional, s.dossier, "participant", 0)
	s.admit(t, officer.Professional, s.shut, "participant", 0)
	stranger := s.person(t, s.police, "police")
	core := func(id uuid.UUID) authz.Resource { return authz.Resource{ID: id, Dossier: id, Category: authz.Core} }

	for name, c := range map[string]struct {
		who  identity.Identity
		act  string
		on   authz.Resource
		kind problem.Kind
	}{
		"an unknown dossier is not there":                      {stranger, "dossier.read", core(s.dossier), problem.NotFound},
		"nor is one that does not exist":                       {officer, "dossier.read", core(newID()), problem.NotFound},
		"a known dossier may be shielded":                      {officer, "dossier.read", core(s.shut), problem.Shielded},
		"a shielded dossier is not there for who is not in it": {stranger, "dossier.read", core(s.shut), problem.NotFound},
		"what is known and not allowed is forbidden":           {officer, "dossier.direct", core(s.dossier), problem.Forbidden},
		"an act that no table has is forbidden":                {officer, "dossier.burn", core(s.dossier), problem.Forbidden},
		"nobody is nobody":                                     {identity.Identity{}, "dossier.read", core(s.dossier), problem.Unauthenticated},
	} {
		t.Run(name+", and nothing is committed", func(t *testing.T) {
			err := s.d.Tx(identity.With(t.Context(), c.who), func(ctx context.Context) error {
				err := s.decide.Require(ctx, c.act, c.on)
				require.Equal(t, c.kind, problem.KindOf(err))
				return nil
			})
			require.Equal(t, c.kind, problem.KindOf(err))
		})
	}

	t.Run("what is allowed may be written, and only that", func(t *testing.T) {
		require.NoError(t, s.d.Tx(identity.With(t.Context(), officer), func(ctx context.Context) error {
			item := authz.Resource{ID: newID(), Dossier: s.dossier, Category: authz.Police, Supplier: s.police}
			require.NoError(t, s.decide.Require(ctx, "item.add", item))
			require.NoError(t, db.Decided(ctx, row{item.ID}))
			require.Error(t, db.Decided(ctx, row{s.dossier}))
			return nil
		}))
	})

	t.Run("what may be read may not therefore be written", func(t *testing.T) {
		require.NoError(t, s.d.Tx(identity.With(t.Context(), officer), func(ctx context.Context) error {
			require.NoError(t, s.decide.Require(ctx, "dossier.read", core(s.dossier)))
			require.Error(t, db.Decided(ctx, row{s.dossier}))
			return nil
		}))
	})
}

// always are the acts of everybody in the municipality.
func always() []string { return []string{"matrix.read", "meeting.read", "municipality.read"} }

func TestStanding(t *testing.T) {
	s := newScene(t)
	enter := func(who identity.Identity, roles int) identity.Identity {
		s.admit(t, who.Professional, s.dossier, "participant", roles)
		return who
	}
	s.admit(t, db.DirectorHolder, s.dossier, "director", 0)
	officer := enter(s.person(t, s.police, "police"), 0)
	caseDirector := enter(s.person(t, s.police, "police"), authz.RoleCaseDirector)
	system := officer
	system.Professional, system.Client = uuid.Nil, newID()
	s.admit(t, s.police, s.dossier, "participant", 0)
	standIn := s.person(t, s.police, "police")
	standIn.Substitutes = []identity.Substitution{{For: officer.Professional, From: time.Now().Add(-time.Hour), Until: time.Now().Add(time.Hour)}}
	was := standIn
	was.Substitutes = []identity.Substitution{{For: officer.Professional, From: time.Now().Add(-2 * time.Hour), Until: time.Now().Add(-time.Hour)}}
	mine := func(c authz.Category) authz.Resource {
		return authz.Resource{Dossier: s.dossier, Category: c, Supplier: s.police}
	}
	theirs := func(c authz.Category) authz.Resource {
		return authz.Resource{Dossier: s.dossier, Category: c, Supplier: s.health}
	}
	known := []string{"dossier.open", "dossier.read"}
	sees := append(known, "action.read", "deliberation.read", "item.read")

	for name, c := range map[string]struct {
		who identity.Identity
		on  authz.Resource
		may []string
	}{
		"a professional opens dossiers":                {s.person(t, s.police, "police"), authz.Resource{}, []string{"dossier.open"}},
		"residents do not":                             {s.person(t, s.health, "residents"), authz.Resource{}, nil},
		"the riec does not":                            {s.person(t, s.health, "riec"), authz.Resource{}, nil},
		"a system does not":                            {system, authz.Resource{}, nil},
		"a chair schedules meetings":                   {s.person(t, s.police, "police", identity.Chair), authz.Resource{}, []string{"dossier.open", "meeting.schedule"}},
		"own adds, sees and releases its own":          {officer, mine(authz.Police), append(sees, "action.create", "action.complete", "item.add", "item.release")},
		"own does not see another's entries":           {officer, theirs(authz.Police), append(known, "action.create", "item.add")},
		"read sees and does not add":                   {officer, theirs(authz.Identity), sees},
		"contribute adds to what others supplied":      {officer, theirs(authz.Network), append(sees, "action.create", "item.add")},
		"edit does not release what others supplied":   {officer, theirs(authz.Housing), append(sees, "action.create", "item.add")},
		"none knows the dossier":                       {officer, theirs(authz.Health), known},
		"a participant reads the core":                 {officer, theirs(authz.Core), sees},
		"a system adds as its partner":                 {system, mine(authz.Police), []string{"action.complete", "action.create", "action.read", "deliberation.read", "dossier.read", "item.add", "item.read", "item.release"}},
		"a case director changes the dossier":          {caseDirector, theirs(authz.Core), append(sees, "action.change", "action.complete", "action.create", "dossier.change")},
		"who opened it changes it":                     {enter(s.person(t, s.police, "police"), authz.RoleOpener), theirs(authz.Core), append(sees, "dossier.change")},
		"a chair directs and closes":                   {enter(s.person(t, s.police, "police"), authz.RoleChair), theirs(authz.Core), append(sees, "action.change", "action.create", "dossier.close", "dossier.direct")},
		"a municipal director directs and closes":      {s.person(t, s.health, "public-order", identity.MunicipalDirector), theirs(authz.Core), append(sees, "dossier.change", "dossier.close", "dossier.direct", "matrix.draft", "matrix.publish", "meeting.schedule")},
		"a municipal director sets the matrix":         {s.person(t, s.health, "public-order", identity.MunicipalDirector), authz.Resource{}, []string{"dossier.change", "dossier.close", "dossier.direct", "dossier.open", "matrix.draft", "matrix.publish", "meeting.schedule"}},
		"who leads a meeting leads it":                 {officer, authz.Resource{Leader: officer.Professional}, []string{"dossier.open", "meeting.lead"}},
		"a stand-in leads it too":                      {standIn, authz.Resource{Leader: officer.Professional}, []string{"dossier.open", "meeting.lead"}},
		"a stand-in of yesterday does not":             {was, authz.Resource{Leader: officer.Professional}, []string{"dossier.open"}},
		"who is asked answers":                         {officer, authz.Resource{Self: officer.Professional}, []string{"alert.acknowledge", "dossier.open", "invitation.answer", "substitution.manage"}},
		"an administrator manages the municipality":    {s.person(t, s.health, "municipal-director", identity.Administrator), authz.Resource{Partner: s.police}, []string{"client.manage", "dossier.open", "partner.manage", "professional.manage", "substitution.manage", "table.manage"}},
		"a partner's administrator manages his own":    {s.person(t, s.police, "police", identity.Administrator), authz.Resource{Partner: s.police}, []string{"client.manage", "dossier.open", "professional.manage", "substitution.manage"}},
		"a partner's administrator manages no other's": {s.person(t, s.police, "police", identity.Administrator), authz.Resource{Partner: s.health}, []string{"dossier.open"}},
	} {
		t.Run(name, func(t *testing.T) {
			may := append(append([]string{}, c.may...), always()...)
			slices.Sort(may)
			require.Equal(t, may, s.allowed(t, c.who, c.on))
			require.Equal(t, may, s.required(t, c.who, c.on), "allowedOperations and Require disagree")
		})
	}
}

// acts are all acts of the table.
func acts(t *testing.T) (all []string) {
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
func (s *scene) allowed(t *testing.T, who identity.Identity, on authz.Resource) (may []string) {
	t.Helper()
	var operations []authz.Operation
	for _, act := range acts(t) {
		operations = append(operations, authz.Operation{ID: act, Act: act})
	}
	require.NoError(t, s.d.Tx(identity.With(t.Context(), who), func(ctx context.Context) (err error) {
		may, err = s.decide.Allowed(ctx, on, operations)
		return err
	}))
	return may
}

// required is what Require allows, act by act.
func (s *scene) required(t *testing.T, who identity.Identity, on authz.Resource) (may []string) {
	t.Helper()
	for _, act := range acts(t) {
		err := s.d.Tx(identity.With(t.Context(), who), func(ctx context.Context) error { return s.decide.Require(ctx, act, on) })
		if err == nil {
			may = append(may, act)
		}
	}
	return may
}

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }
