package dossier

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/configuration"
	"github.com/wijkregie/wijkregie/internal/kernel"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/organisation"
	"github.com/wijkregie/wijkregie/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const home, elsewhere = "GM0861", "GM0844"

// levels is what partner types may do, in the letters of the matrix; what is not named is N.
func levels() map[string]string {
	return map[string]string{
		"municipal-director":  "identity=W housing=W health=C police=C life-domain=W action=W",
		"social-domain":       "identity=W housing=W health=C life-domain=A action=A",
		"police":              "identity=R housing=R police=O life-domain=A action=A",
		"mental-health-care":  "identity=R housing=R health=O police=C action=A",
		"housing-association": "identity=R housing=A action=O",
		"fire-service":        "housing=R",
		"residents":           "area=R",
	}
}

func cells(t *testing.T) (all []authz.Cell) {
	for kind, row := range levels() {
		for _, cell := range strings.Fields(row) {
			slug, letter, _ := strings.Cut(cell, "=")
			category, err := authz.ParseCategory(slug)
			require.NoError(t, err)
			level, known := authz.LevelOf(letter)
			require.True(t, known)
			all = append(all, authz.Cell{PartnerType: kind, DossierType: authz.AllTypes, Category: category, Level: level})
		}
	}
	return all
}

// person is a professional at a partner; the partners are named by their type.
type person struct {
	id, partner        uuid.UUID
	municipality, kind string
	roles              []identity.Role
}

type world struct {
	t      *testing.T
	admin  *pgx.Conn
	k      kernel.Kernel
	lists  *configuration.Service
	s      *Service
	ahead  time.Duration // of the product's clock
	people map[string]person
	cells  []authz.Cell
	sights map[string]identity.Sight
}

func newWorld(t *testing.T) *world {
	t.Helper()
	url := testkit.Database(t).URL
	w := &world{t: t, people: map[string]person{}, sights: map[string]identity.Sight{}, cells: cells(t), lists: configuration.New()}
	var err error
	w.admin, err = pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, w.admin.Close(context.Background())) })
	w.exec(`insert into municipality (id, name) values ('GM0861', 'Veldhoven'), ('GM0844', 'Schijndel');
		insert into municipality_stamp (municipality_id) values ('GM0861'), ('GM0844');
		insert into district (municipality_id, code, name) values ('GM0861', 'WK086100', 'Zonderwijk'), ('GM0844', 'WK084400', 'Hoevenbraak');
		insert into neighbourhood (municipality_id, code, name, district_code) values ('GM0861', 'BU08610001', 'Passage', 'WK086100'),
			('GM0844', 'BU08440001', 'Markt', 'WK084400')`)
	for name, roles := range map[string][]identity.Role{
		"municipal-director/director": {identity.MunicipalDirector}, "municipal-director/chair": {identity.Chair, identity.ProcessDirector}, "social-domain/social": nil,
		"social-domain/lead": {identity.CaseDirector}, "police/police": {identity.CaseDirector}, "police/colleague": nil, "mental-health-care/health": nil,
		"housing-association/housing": {identity.CaseDirector}, "fire-service/fire": nil, "residents/residents": nil, "school/school": nil,
	} {
		w.hire(home, name, roles...)
	}
	w.hire(elsewhere, "social-domain/stranger", identity.MunicipalDirector)
	w.open(url)
	return w
}

func (w *world) open(url string) {
	now := func() time.Time { return time.Now().Add(w.ahead) }
	d, err := db.Open(w.t.Context(), url, db.Options{Now: now, MaxConns: 8})
	require.NoError(w.t, err)
	w.t.Cleanup(func() { require.NoError(w.t, d.Close()) })
	decide, err := authz.New(now, slog.New(slog.DiscardHandler))
	require.NoError(w.t, err)
	w.k = kernel.Kernel{DB: d, Authz: decide, Journal: journal.New(now, func() {})}
	people := organisation.New(w.k, w.lists)
	w.s = New(w.k, w.lists, people, matrix.New(w.k, w.lists, people))
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	_, err := w.admin.Exec(w.t.Context(), sql, args...)
	require.NoError(w.t, err)
}

// hire registers a professional, named as "partner type/name", with his partner.
func (w *world) hire(municipality, name string, roles ...identity.Role) {
	kind, name, _ := strings.Cut(name, "/")
	p := person{id: newID(), partner: uuid.NewSHA1(uuid.Nil, []byte(municipality+kind)), municipality: municipality, kind: kind, roles: roles}
	w.people[name] = p
	w.exec(`insert into partner (municipality_id, id, version, name, type, domain, status, changed_at)
		values ($1, $2, 1, $3, $3, 'both', 'active', now()) on conflict do nothing`, municipality, p.partner, kind)
	text, err := json.Marshal(append([]identity.Role{}, roles...))
	require.NoError(w.t, err)
	w.exec(`insert into professional (municipality_id, id, version, partner_id, name, roles, changed_at) values ($1, $2, 1, $3, $4, $5, now())`,
		municipality, p.id, p.partner, name, string(text))
}

// who is a professional as the matrix lets him see; a name that ends in -system is his partner's system.
func (w *world) who(name string) identity.Identity {
	w.t.Helper()
	name, system := strings.CutSuffix(name, "-system")
	p, known := w.people[name]
	require.True(w.t, known, name)
	who := identity.Identity{Municipality: p.municipality, Partner: p.partner, PartnerType: p.kind, Professional: p.id, Roles: p.roles}
	if _, compiled := w.sights[name]; !compiled {
		w.sights[name] = w.sight(who)
	}
	who.Sight = w.sights[name]
	if system {
		who.Professional, who.Roles, who.Client = uuid.Nil, nil, newID()
	}
	return who
}

func (w *world) sight(who identity.Identity) identity.Sight {
	w.t.Helper()
	row, err := authz.CompileRow(w.cells, who.Partner, who.PartnerType)
	require.NoError(w.t, err)
	kind, _ := w.lists.PartnerType(who.PartnerType)
	subject := authz.Subject{PartnerType: kind.Ordinal, Third: kind.Third, Row: row}
	if who.Has(identity.MunicipalDirector) {
		director, err := authz.CompileRow(w.cells, uuid.Nil, "municipal-director")
		require.NoError(w.t, err)
		subject.Director = &director
	}
	return subject.Sight()
}

// as is the context in which somebody acts.
func (w *world) as(name string) context.Context { return identity.With(w.t.Context(), w.who(name)) }

// standIn is the context in which somebody acts who stands in for others.
func (w *world) standIn(name string, instead ...string) context.Context {
	who := w.who(name)
	for _, other := range instead {
		who.Substitutes = append(who.Substitutes, identity.Substitution{
			For: w.people[other].id, From: time.Now().Add(-time.Hour), Until: time.Now().Add(time.Hour),
		})
	}
	return identity.With(w.t.Context(), who)
}

// opening is a situation under a covenant.
func opening() Opening {
	return Opening{Type: Situation, Title: "Passage", Basis: Covenant, Purpose: "Rest in the passage."}
}

// opened is a dossier that social opened, in which others take part by name.
func (w *world) opened(others ...string) Seen {
	w.t.Helper()
	seen, err := w.s.Open(w.as("social"), opening())
	require.NoError(w.t, err)
	for _, name := range others {
		w.joined(seen, name)
	}
	return seen
}

func (w *world) joined(d Seen, name string) Participant {
	w.t.Helper()
	in, err := w.s.AddParticipant(w.as("social"), d.ID, w.joining(name))
	require.NoError(w.t, err)
	return in.Row
}

func (w *world) joining(names ...string) Joining {
	j := Joining{PartnerID: w.people[names[0]].partner, Role: RoleParticipant}
	for _, name := range names {
		j.ProfessionalIDs = append(j.ProfessionalIDs, w.people[name].id)
	}
	return j
}

// directed is opened with a chair and a case director.
func (w *world) directed(others ...string) Seen {
	w.t.Helper()
	d := w.opened(others...)
	c := RegieChange{ChairID: new(w.people["chair"].id), CaseDirectorID: new(w.people["lead"].id), Reason: "Needed."}
	_, err := w.s.ChangeRegie(w.as("director"), etag.Key{ID: d.ID, Match: "*"}, c)
	require.NoError(w.t, err)
	return w.get("lead", d)
}

func (w *world) get(name string, d Seen) Seen {
	w.t.Helper()
	seen, err := w.s.Get(w.as(name), d.ID)
	require.NoError(w.t, err)
	return seen
}

// shown is a dossier as the contract shows it to somebody.
func (w *world) shown(name string, d Seen) string {
	w.t.Helper()
	names, err := w.s.people.Names(w.as(name))
	require.NoError(w.t, err)
	text, err := json.Marshal(ToAPI(w.get(name, d), names))
	require.NoError(w.t, err)
	return string(text)
}

// kinds is how reading the dossier fails for each of these, nothing where it does not.
func (w *world) kinds(d Seen, names ...string) (all []problem.Kind) {
	w.t.Helper()
	for _, name := range names {
		_, err := w.s.Get(w.as(name), d.ID)
		all = append(all, kind(err))
	}
	return all
}

func kind(err error) problem.Kind {
	if err == nil {
		return ""
	}
	return problem.KindOf(err)
}

// count counts rows behind the product's back.
func (w *world) count(from string, args ...any) (n int) {
	w.t.Helper()
	require.NoError(w.t, w.admin.QueryRow(w.t.Context(), "select count(*) from "+from, args...).Scan(&n))
	return n
}

// event is what the outside hears of a change.
type event struct {
	Name     string
	Subject  uuid.UUID
	Category *int
	InNameOf *uuid.UUID
	Fields   []string
}

// last is the last event of a dossier.
func (w *world) last(dossier uuid.UUID) event {
	w.t.Helper()
	rows, err := w.admin.Query(w.t.Context(), `select name, subject_id, category, in_name_of, fields from pending_event where dossier_id = $1
		order by id desc limit 1`, dossier)
	require.NoError(w.t, err)
	one, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[event])
	require.NoError(w.t, err)
	return one
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

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }
