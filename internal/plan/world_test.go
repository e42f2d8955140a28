package plan

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/configuration"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	authorisation "github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/organisation"
	"github.com/wijkregie/wijkregie/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const home, elsewhere = "GM0861", "GM0844"

// person is a professional, alone at a partner of a type.
type person struct {
	id, partner  uuid.UUID
	municipality string
	kind         string
	roles        []identity.Role
}

// world is a dossier of Veldhoven with a chair, a case director, the police and a housing
// association by name; the school takes no part.
type world struct {
	t       *testing.T
	admin   *pgx.Conn
	k       kernel.Kernel
	s       *Service
	ahead   time.Duration // of the product's clock
	people  map[string]person
	dossier uuid.UUID
}

func newWorld(t *testing.T) *world {
	t.Helper()
	url := testkit.Database(t).URL
	w := &world{t: t, people: map[string]person{}}
	var err error
	w.admin, err = pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, w.admin.Close(context.Background())) })
	w.exec(`insert into municipality (id, name) values ('GM0861', 'Veldhoven'), ('GM0844', 'Schijndel')`)
	w.exec(`insert into municipality_stamp (municipality_id) values ('GM0861'), ('GM0844')`)
	w.hire("chair", home, "municipal-director", identity.Chair)
	w.hire("case-director", home, "social-domain", identity.CaseDirector)
	w.hire("police", home, "police")
	w.hire("housing", home, "housing-association")
	w.hire("school", home, "school")
	w.hire("stranger", elsewhere, "police")
	w.open(url)
	w.dossier = w.start()
	return w
}

func (w *world) open(url string) {
	now := func() time.Time { return time.Now().Add(w.ahead) }
	d, err := db.Open(w.t.Context(), url, db.Options{Now: now, MaxConns: 4})
	require.NoError(w.t, err)
	w.t.Cleanup(func() { require.NoError(w.t, d.Close()) })
	decide, err := authz.New(now, slog.New(slog.DiscardHandler))
	require.NoError(w.t, err)
	w.k = kernel.Kernel{DB: d, Authz: decide, Journal: journal.New(now, func() {})}
	lists := configuration.New()
	people := organisation.New(w.k, lists)
	w.s = New(w.k, lists, people, dossier.New(w.k, lists, people, authorisation.New(w.k, lists, people)))
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	_, err := w.admin.Exec(w.t.Context(), sql, args...)
	require.NoError(w.t, err)
}

func (w *world) hire(name, municipality, kind string, roles ...identity.Role) {
	p := person{id: uuid.Must(uuid.NewV7()), partner: uuid.Must(uuid.NewV7()), municipality: municipality, kind: kind, roles: roles}
	w.people[name] = p
	w.exec(`insert into partner (municipality_id, id, version, name, type, domain, status, changed_at)
		values ($1, $2, 1, $3, $4, 'both', 'active', now())`, municipality, p.partner, name, kind)
	w.exec(`insert into professional (municipality_id, id, version, partner_id, name, changed_at) values ($1, $2, 1, $3, $4, now())`,
		municipality, p.id, p.partner, name)
}

// start opens a dossier in which all but the school and the stranger take part.
func (w *world) start() uuid.UUID {
	id := uuid.Must(uuid.NewV7())
	w.exec(`insert into dossier (municipality_id, id, version, number, type, title, status, basis, purpose, case_director_id, chair_id, opened_by,
		opened_at, changed_at) values ($1, $2, 1, $3, 'situation', 'Passage', 'active', 'covenant', 'Safety', $4, $5, $4, now(), now())`,
		home, id, id.String(), w.people["case-director"].id, w.people["chair"].id)
	w.join(id, "chair", authz.RoleChair)
	w.join(id, "case-director", authz.RoleCaseDirector)
	w.join(id, "police", 0)
	w.join(id, "housing", 0)
	return id
}

// join lets somebody take part by name, and the systems of his partner.
func (w *world) join(id uuid.UUID, name string, roles int) {
	p := w.people[name]
	w.exec(`insert into participant (municipality_id, id, version, dossier_id, partner_id, role, professional_ids, starts_at, changed_at)
		values ($1, $2, 1, $3, $4, 'participant', jsonb_build_array($5::text), now(), now())`, home, uuid.Must(uuid.NewV7()), id, p.partner, p.id.String())
	for holder, roles := range map[uuid.UUID]int{p.id: roles, p.partner: 0} {
		granted, _, released := authz.Overlay(roles)
		w.exec(`insert into admission (municipality_id, id, dossier_id, partner_id, holder, kind, since, profile, roles, granted, granted_released)
			values ($1, $2, $3, $4, $5, 'participant', now(), $6, $7, $8, $9)`, home, uuid.Must(uuid.NewV7()), id, p.partner, holder,
			authz.Profile("situation", "covenant"), roles, granted, released)
	}
}

// matrix lets the police contribute actions, the housing association and the school see their own.
func matrix() (cells []authz.Cell) {
	for kind, level := range map[string]authz.Level{
		"municipal-director": authz.Read, "social-domain": authz.Contribute, "police": authz.Contribute, "housing-association": authz.Own,
		"school": authz.Own,
	} {
		cells = append(cells,
			authz.Cell{PartnerType: kind, DossierType: authz.AllTypes, Category: authz.Identity, Level: authz.Read},
			authz.Cell{PartnerType: kind, DossierType: authz.AllTypes, Category: authz.Action, Level: level})
	}
	return cells
}

// as is the context in which somebody acts.
func (w *world) as(name string) context.Context {
	w.t.Helper()
	p := w.people[name]
	row, err := authz.CompileRow(matrix(), p.partner, p.kind)
	require.NoError(w.t, err)
	who := identity.Identity{
		Municipality: p.municipality, Partner: p.partner, PartnerType: p.kind, Professional: p.id, Roles: p.roles,
		Sight: authz.Subject{Row: row}.Sight(),
	}
	return identity.With(w.t.Context(), who)
}

// system is the context in which the system of somebody's partner acts.
func (w *world) system(name string) context.Context {
	ctx := w.as(name)
	who, err := identity.From(ctx)
	require.NoError(w.t, err)
	who.Professional, who.Roles = uuid.Nil, nil
	return identity.With(ctx, who)
}

// action is a new action for somebody to carry out, with a week of time.
func (w *world) action(name string) NewAction {
	return NewAction{
		PartnerID: w.people[name].partner, ProfessionalID: new(w.people[name].id), Description: "Visit the residents.", LifeDomain: "nuisance",
		Kind: "preventive", Track: "support", DueDate: w.in(7),
	}
}

// in is the date some days from now in Veldhoven.
func (w *world) in(days int) time.Time {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	require.NoError(w.t, err)
	return organisation.DateOf(time.Now(), zone).AddDate(0, 0, days)
}

// agreed records an action that the chair agreed with somebody.
func (w *world) agreed(name string) Seen {
	w.t.Helper()
	seen, err := w.s.Create(w.as("chair"), w.dossier, nil, w.action(name))
	require.NoError(w.t, err)
	return seen
}

// event is what the outside hears of a change.
type event struct {
	Name     string
	Subject  uuid.UUID
	Category *int
	Supplier *uuid.UUID
	Fields   []string
	Basis    string
}

func (w *world) events() []event {
	w.t.Helper()
	rows, err := w.admin.Query(w.t.Context(), `select name, subject_id, category, supplier_id, fields, basis from pending_event order by at, id`)
	require.NoError(w.t, err)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[event])
	require.NoError(w.t, err)
	return all
}

// pointers are the places of what is wrong with an input.
func pointers(t *testing.T, err error) (names []string) {
	t.Helper()
	var p *problem.Error
	require.ErrorAs(t, err, &p)
	require.Equal(t, problem.Invalid, p.Kind)
	for _, f := range p.Fields {
		names = append(names, f.Name)
	}
	return names
}
