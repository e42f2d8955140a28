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

// held is one case: what a caller may do with a resource, beside what everybody in the municipality may.
type held struct {
	who identity.Identity
	on  authz.Resource
	may []string
}

func (c held) check(s *scene) func(*testing.T) {
	return func(t *testing.T) {
		may := slices.Concat(c.may, []string{"matrix.read", "meeting.read", "municipality.read"})
		slices.Sort(may)
		require.Equal(t, may, s.allowed(t, c.who, c.on))
		require.Equal(t, may, s.required(t, c.who, c.on), "allowedOperations and Require disagree")
	}
}

// may joins lists of acts.
func may(known []string, more ...string) []string { return slices.Concat(known, more) }

func TestStandingInADossier(t *testing.T) {
	s := newScene(t)
	enter := func(roles int) identity.Identity {
		who := s.person(t, s.police, "police")
		s.admit(t, who.Professional, s.dossier, "participant", roles)
		return who
	}
	s.admit(t, db.DirectorHolder, s.dossier, "director", 0)
	s.admit(t, s.police, s.dossier, "participant", 0)
	officer, system := enter(0), s.person(t, s.police, "police")
	system.Professional, system.Client = uuid.Nil, newID()
	director := s.person(t, s.health, "public-order", identity.MunicipalDirector)
	mine := func(c authz.Category) authz.Resource {
		return authz.Resource{Dossier: s.dossier, Category: c, Supplier: s.police}
	}
	theirs := func(c authz.Category) authz.Resource {
		return authz.Resource{Dossier: s.dossier, Category: c, Supplier: s.health}
	}
	core := theirs(authz.Core)
	reads := []string{"dossier.read", "action.read", "deliberation.read", "item.read"}
	sees := may(reads, "dossier.open")
	adds := []string{"action.create", "item.add"}
	supplies := may(adds, "action.complete", "item.release")
	for name, c := range map[string]held{
		"a participant reads the core":               {officer, core, sees},
		"none knows the dossier":                     {officer, theirs(authz.Health), []string{"dossier.open", "dossier.read"}},
		"own adds, sees and releases its own":        {officer, mine(authz.Police), may(sees, supplies...)},
		"own does not see another's entries":         {officer, theirs(authz.Police), may(adds, "dossier.open", "dossier.read")},
		"read sees and does not add":                 {officer, theirs(authz.Identity), sees},
		"contribute adds to what others supplied":    {officer, theirs(authz.Network), may(sees, adds...)},
		"edit does not release what others supplied": {officer, theirs(authz.Housing), may(sees, adds...)},
		"a system adds as its partner":               {system, mine(authz.Police), may(reads, supplies...)},
		"who opened it changes it":                   {enter(authz.RoleOpener), core, may(sees, "dossier.change")},
		"a case director changes it": {
			enter(authz.RoleCaseDirector), core, may(sees, "action.change", "action.complete", "action.create", "dossier.change"),
		},
		"a chair directs and closes it": {
			enter(authz.RoleChair), core, may(sees, "action.change", "action.create", "dossier.close", "dossier.direct"),
		},
		"a municipal director changes, directs and closes it": {
			director, core, may(sees, "dossier.change", "dossier.close", "dossier.direct", "matrix.draft", "matrix.publish", "meeting.schedule"),
		},
	} {
		t.Run(name, c.check(s))
	}
}

func TestStandingInTheMunicipality(t *testing.T) {
	s := newScene(t)
	officer, standIn := s.person(t, s.police, "police"), s.person(t, s.police, "police")
	instead := func(from, until time.Duration) identity.Identity {
		who := standIn
		who.Substitutes = []identity.Substitution{{For: officer.Professional, From: time.Now().Add(from), Until: time.Now().Add(until)}}
		return who
	}
	system := officer
	system.Professional = uuid.Nil
	none := authz.Resource{}
	opens := []string{"dossier.open"}
	manages := may(opens, "client.manage", "professional.manage", "substitution.manage")
	ofPolice, ofHealth := authz.Resource{Partner: s.police}, authz.Resource{Partner: s.health}
	for name, c := range map[string]held{
		"a professional opens dossiers":      {officer, none, opens},
		"residents do not":                   {s.person(t, s.health, "residents"), none, nil},
		"the RIEC does not":                  {s.person(t, s.health, "riec"), none, nil},
		"an incidental third party does not": {s.person(t, s.health, "incidental-third-party"), none, nil},
		"a system does not":                  {system, none, nil},
		"a chair schedules meetings":         {s.person(t, s.police, "police", identity.Chair), none, may(opens, "meeting.schedule")},
		"a municipal director sets the matrix": {
			s.person(t, s.health, "public-order", identity.MunicipalDirector), none,
			may(opens, "dossier.change", "dossier.close", "dossier.direct", "matrix.draft", "matrix.publish", "meeting.schedule"),
		},
		"who leads a meeting leads it":     {officer, authz.Resource{Leader: officer.Professional}, may(opens, "meeting.lead")},
		"a stand-in leads it too":          {instead(-time.Hour, time.Hour), authz.Resource{Leader: officer.Professional}, may(opens, "meeting.lead")},
		"a stand-in of yesterday does not": {instead(-25*time.Hour, -time.Hour), authz.Resource{Leader: officer.Professional}, opens},
		"a stand-in of tomorrow does not":  {instead(time.Hour, 25*time.Hour), authz.Resource{Leader: officer.Professional}, opens},
		"who is asked answers": {
			officer, authz.Resource{Self: officer.Professional}, may(opens, "alert.acknowledge", "invitation.answer", "substitution.manage"),
		},
		"an administrator of the municipality manages every partner": {
			s.person(t, s.health, "municipal-director", identity.Administrator), ofPolice, may(manages, "partner.manage", "table.manage"),
		},
		"a partner's administrator manages his own":    {s.person(t, s.police, "police", identity.Administrator), ofPolice, manages},
		"a partner's administrator manages no other's": {s.person(t, s.police, "police", identity.Administrator), ofHealth, opens},
	} {
		t.Run(name, c.check(s))
	}
}

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
