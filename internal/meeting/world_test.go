package meeting

import (
	"context"
	"encoding/json"
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
	"github.com/wijkregie/wijkregie/internal/plan"
	"github.com/wijkregie/wijkregie/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const home = "GM0861"

// person is a professional, alone at a partner of a type.
type person struct {
	id, partner uuid.UUID
	kind        string
	roles       []identity.Role
}

// world is two dossiers that the chair knows: the police takes part in the first only.
type world struct {
	t             *testing.T
	admin         *pgx.Conn
	k             kernel.Kernel
	s             *Service
	plans         *plan.Service
	people        map[string]person
	first, second uuid.UUID
}

func newWorld(t *testing.T) *world {
	t.Helper()
	url := testkit.Database(t).URL
	w := &world{t: t, people: map[string]person{}}
	var err error
	w.admin, err = pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, w.admin.Close(context.Background())) })
	w.exec(`insert into municipality (id, name) values ('GM0861', 'Veldhoven')`)
	w.exec(`insert into municipality_stamp (municipality_id) values ('GM0861')`)
	w.hire("director", "municipal-director", identity.MunicipalDirector)
	w.hire("chair", "municipal-director", identity.Chair)
	w.hire("other-chair", "municipal-director", identity.Chair)
	w.hire("case-director", "social-domain", identity.CaseDirector)
	w.hire("police", "police")
	w.hire("housing", "housing-association")
	w.hire("school", "school")
	w.open(url)
	w.first, w.second = w.start("police", "housing"), w.start()
	return w
}

func (w *world) open(url string) {
	d, err := db.Open(w.t.Context(), url, db.Options{MaxConns: 4})
	require.NoError(w.t, err)
	w.t.Cleanup(func() { require.NoError(w.t, d.Close()) })
	decide, err := authz.New(time.Now, slog.New(slog.DiscardHandler))
	require.NoError(w.t, err)
	w.k = kernel.Kernel{DB: d, Authz: decide, Journal: journal.New(time.Now, func() {})}
	lists := configuration.New()
	people := organisation.New(w.k, lists)
	dossiers := dossier.New(w.k, lists, people, authorisation.New(w.k, lists, people))
	w.plans = plan.New(w.k, lists, people, dossiers)
	w.s = New(w.k, people, dossiers, w.plans)
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	_, err := w.admin.Exec(w.t.Context(), sql, args...)
	require.NoError(w.t, err)
}

func (w *world) hire(name, kind string, roles ...identity.Role) {
	p := person{id: uuid.Must(uuid.NewV7()), partner: uuid.Must(uuid.NewV7()), kind: kind, roles: roles}
	w.people[name] = p
	w.exec(`insert into partner (municipality_id, id, version, name, type, domain, status, changed_at)
		values ($1, $2, 1, $3, $4, 'both', 'active', now())`, home, p.partner, name, kind)
	text, err := json.Marshal(all(roles))
	require.NoError(w.t, err)
	w.exec(`insert into professional (municipality_id, id, version, partner_id, name, roles, changed_at) values ($1, $2, 1, $3, $4, $5, now())`,
		home, p.id, p.partner, name, string(text))
}

// start opens a dossier with chair and case director, in which others take part as well.
func (w *world) start(others ...string) uuid.UUID {
	id := uuid.Must(uuid.NewV7())
	w.exec(`insert into dossier (municipality_id, id, version, number, type, title, status, basis, purpose, case_director_id, chair_id, opened_by,
		opened_at, changed_at) values ($1, $2, 1, $3, 'situation', 'Passage', 'active', 'covenant', 'Safety', $4, $5, $4, now(), now())`,
		home, id, id.String(), w.people["case-director"].id, w.people["chair"].id)
	w.join(id, "chair", authz.RoleChair)
	w.join(id, "case-director", authz.RoleCaseDirector)
	for _, name := range others {
		w.join(id, name, 0)
	}
	return id
}

func (w *world) join(id uuid.UUID, name string, roles int) {
	p := w.people[name]
	w.exec(`insert into participant (municipality_id, id, version, dossier_id, partner_id, role, professional_ids, starts_at, changed_at)
		values ($1, $2, 1, $3, $4, 'participant', jsonb_build_array($5::text), now(), now())`, home, uuid.Must(uuid.NewV7()), id, p.partner, p.id.String())
	granted, _, released := authz.Overlay(roles)
	w.exec(`insert into admission (municipality_id, id, dossier_id, partner_id, holder, kind, since, profile, roles, granted, granted_released)
		values ($1, $2, $3, $4, $5, 'participant', now(), $6, $7, $8, $9)`, home, uuid.Must(uuid.NewV7()), id, p.partner, p.id,
		authz.Profile("situation", "covenant"), roles, granted, released)
}

// matrix lets the police read what was deliberated; the housing association only sees its own actions.
func matrix() (cells []authz.Cell) {
	for kind, levels := range map[string][2]authz.Level{
		"municipal-director": {authz.Read, authz.None}, "social-domain": {authz.Contribute, authz.Read}, "police": {authz.Own, authz.Read},
		"housing-association": {authz.Own, authz.None},
	} {
		cells = append(cells,
			authz.Cell{PartnerType: kind, DossierType: authz.AllTypes, Category: authz.Action, Level: levels[0]},
			authz.Cell{PartnerType: kind, DossierType: authz.AllTypes, Category: authz.Deliberation, Level: levels[1]})
	}
	return cells
}

func (w *world) who(name string) identity.Identity {
	w.t.Helper()
	p := w.people[name]
	row, err := authz.CompileRow(matrix(), p.partner, p.kind)
	require.NoError(w.t, err)
	return identity.Identity{
		Municipality: home, Partner: p.partner, PartnerType: p.kind, Professional: p.id, Roles: p.roles, Sight: authz.Subject{Row: row}.Sight(),
	}
}

// as is the context in which somebody acts.
func (w *world) as(name string) context.Context { return identity.With(w.t.Context(), w.who(name)) }

// standIn is the context in which somebody acts who stands in for another.
func (w *world) standIn(name, instead string) context.Context {
	who := w.who(name)
	who.Substitutes = []identity.Substitution{{For: w.people[instead].id, From: time.Now().Add(-time.Hour), Until: time.Now().Add(time.Hour)}}
	return identity.With(w.t.Context(), who)
}

// tomorrow is a meeting of the chair.
func (w *world) tomorrow() NewMeeting {
	at := time.Now().Add(24 * time.Hour)
	return NewMeeting{Title: "Afstemmingsoverleg", ChairID: w.people["chair"].id, StartsAt: at, EndsAt: at.Add(time.Hour), Place: "Gemeentehuis"}
}

func (w *world) scheduled() Seen {
	w.t.Helper()
	seen, err := w.s.Schedule(w.as("chair"), w.tomorrow())
	require.NoError(w.t, err)
	return seen
}

func (w *world) invited(m Seen, name string) Invitation {
	w.t.Helper()
	i, err := w.s.Invite(w.as("chair"), m.ID, NewInvitation{ProfessionalID: new(w.people[name].id)})
	require.NoError(w.t, err)
	return i
}

func (w *world) put(m Seen, dossier uuid.UUID) SeenItem {
	w.t.Helper()
	i, err := w.s.AddAgendaItem(w.as("chair"), m.ID, NewAgendaItem{DossierID: &dossier, Minutes: 15})
	require.NoError(w.t, err)
	return i
}

func (w *world) get(name string, m Seen) Seen {
	w.t.Helper()
	seen, err := w.s.Get(w.as(name), m.ID)
	require.NoError(w.t, err)
	return seen
}

// event is what the outside hears of a change.
type event struct {
	Name     string
	Dossier  uuid.UUID
	Subject  uuid.UUID
	Category *int
}

func (w *world) events() []event {
	w.t.Helper()
	rows, err := w.admin.Query(w.t.Context(), "select name, dossier_id, subject_id, category from pending_event order by at, id")
	require.NoError(w.t, err)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[event])
	require.NoError(w.t, err)
	return all
}

func (w *world) count(sql string, args ...any) (n int) {
	w.t.Helper()
	require.NoError(w.t, w.admin.QueryRow(w.t.Context(), "select count(*) from "+sql, args...).Scan(&n))
	return n
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
