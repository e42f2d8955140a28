package oversight

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
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/meeting"
	"github.com/wijkregie/wijkregie/internal/organisation"
	"github.com/wijkregie/wijkregie/internal/plan"
	"github.com/wijkregie/wijkregie/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const home = "GM0861"

type person struct {
	id, partner uuid.UUID
	kind        string
	roles       []identity.Role
}

// world is a dossier under a covenant with a chair, a case director, the police, health care and a
// housing association by name, and a meeting about it to which the police is invited.
type world struct {
	t        *testing.T
	admin    *pgx.Conn
	s        *Service
	dossiers *dossier.Service
	plans    *plan.Service
	meetings *meeting.Service
	names    *organisation.Service
	people   map[string]person
	dossier  uuid.UUID
	agenda   uuid.UUID
}

func newWorld(t *testing.T) *world {
	t.Helper()
	url := testkit.Database(t).URL
	w := &world{t: t, people: map[string]person{}}
	var err error
	w.admin, err = pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, w.admin.Close(context.Background())) })
	w.exec("insert into municipality (id, name) values ('GM0861', 'Veldhoven'); insert into municipality_stamp (municipality_id) values ('GM0861')")
	w.hire("chair", "municipal-director", identity.Chair, identity.MunicipalDirector, identity.ProcessDirector)
	w.hire("lead", "social-domain", identity.CaseDirector)
	w.hire("police", "police")
	w.hire("health", "mental-health-care")
	w.hire("housing", "housing-association")
	w.hire("school", "school")
	w.open(url)
	w.begin()
	return w
}

func (w *world) open(url string) {
	d, err := db.Open(w.t.Context(), url, db.Options{MaxConns: 4})
	require.NoError(w.t, err)
	w.t.Cleanup(func() { require.NoError(w.t, d.Close()) })
	decide, err := authz.New(time.Now, slog.New(slog.DiscardHandler))
	require.NoError(w.t, err)
	k, lists := kernel.Kernel{DB: d, Authz: decide, Journal: journal.New(time.Now, func() {})}, configuration.New()
	w.names = organisation.New(k, lists)
	cells := matrix.New(k, lists, w.names)
	w.dossiers = dossier.New(k, lists, w.names, cells)
	w.plans = plan.New(k, lists, w.names, w.dossiers)
	w.meetings = meeting.New(k, w.names, w.dossiers, w.plans)
	w.s = New(k, Means{Lists: lists, People: w.names, Matrix: cells, Dossiers: w.dossiers, Plans: w.plans, Meetings: w.meetings})
	w.dossiers.Figures = w.s.DossierFigures
}

// begin opens the dossier, lets everybody in and plans the meeting.
func (w *world) begin() {
	d, err := w.dossiers.Open(w.as("lead"), dossier.Opening{Type: dossier.Situation, Title: "Passage", Basis: dossier.Covenant, Purpose: "Rest."})
	require.NoError(w.t, err)
	w.dossier = d.ID
	_, err = w.dossiers.ChangeRegie(w.as("chair"), etag.Key{ID: d.ID, Match: "*"}, dossier.RegieChange{
		CaseDirectorID: new(w.people["lead"].id), ChairID: new(w.people["chair"].id), Phase: new(3), Criteria: []string{"b"}, Reason: "Needed.", JumpReason: "Needed.",
		Holders: []dossier.Holder{{Responsibility: dossier.ProcessDirection, Kind: dossier.ByProfessional, ProfessionalID: new(w.people["chair"].id)}},
	})
	require.NoError(w.t, err)
	for _, name := range []string{"police", "health", "housing"} {
		_, err := w.dossiers.AddParticipant(w.as("lead"), d.ID, dossier.Joining{
			PartnerID: w.people[name].partner, Role: dossier.RoleParticipant, ProfessionalIDs: []uuid.UUID{w.people[name].id},
		})
		require.NoError(w.t, err)
	}
	at := time.Now().Add(24 * time.Hour).Truncate(time.Second)
	m, err := w.meetings.Schedule(w.as("chair"), meeting.NewMeeting{Title: "Overleg", ChairID: w.people["chair"].id, StartsAt: at, EndsAt: at.Add(time.Hour)})
	require.NoError(w.t, err)
	item, err := w.meetings.AddAgendaItem(w.as("chair"), m.ID, meeting.NewAgendaItem{DossierID: &w.dossier, Minutes: 15})
	require.NoError(w.t, err)
	w.agenda = item.ID
	_, err = w.meetings.Invite(w.as("chair"), m.ID, meeting.NewInvitation{ProfessionalID: new(w.people["police"].id)})
	require.NoError(w.t, err)
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
	text, err := json.Marshal(append([]identity.Role{}, roles...))
	require.NoError(w.t, err)
	w.exec(`insert into professional (municipality_id, id, version, partner_id, name, roles, changed_at) values ($1, $2, 1, $3, $4, $5, now())`,
		home, p.id, p.partner, name, string(text))
}

// as is the context in which somebody acts.
func (w *world) as(name string) context.Context {
	w.t.Helper()
	p := w.people[name]
	var cells []authz.Cell
	for kind, row := range map[string]string{
		"municipal-director": "identity=W action=W deliberation=W", "social-domain": "identity=W housing=W action=A", "police": "identity=R housing=R police=O action=A deliberation=R",
		"mental-health-care": "identity=R health=O", "housing-association": "housing=A action=O",
	} {
		for _, cell := range strings.Fields(row) {
			slug, letter, _ := strings.Cut(cell, "=")
			category, err := authz.ParseCategory(slug)
			require.NoError(w.t, err)
			level, _ := authz.LevelOf(letter)
			cells = append(cells, authz.Cell{PartnerType: kind, DossierType: authz.AllTypes, Category: category, Level: level})
		}
	}
	row, err := authz.CompileRow(cells, p.partner, p.kind)
	require.NoError(w.t, err)
	director := row
	return identity.With(w.t.Context(), identity.Identity{
		Municipality: home, Partner: p.partner, PartnerType: p.kind, Professional: p.id, Roles: p.roles,
		Sight: authz.Subject{Row: row, Director: &director}.Sight(),
	})
}

// action is agreed by the case director, for somebody to carry out.
func (w *world) action(name string) plan.Seen {
	w.t.Helper()
	a, err := w.plans.Create(w.as("lead"), w.dossier, nil, plan.NewAction{
		PartnerID: w.people[name].partner, Description: "Visit by " + name, LifeDomain: "nuisance", Kind: "preventive", Track: "support",
		DueDate: organisation.DateOf(time.Now(), time.UTC).AddDate(0, 0, 7),
	})
	require.NoError(w.t, err)
	return a
}

func (w *world) completed(name string, a plan.Seen) {
	w.t.Helper()
	_, err := w.plans.Complete(w.as(name), etag.Key{ID: a.ID, Match: "*"}, plan.Outcome{Result: plan.Achieved, Note: "Done."})
	require.NoError(w.t, err)
}

func (w *world) item(name string, c authz.Category) uuid.UUID {
	w.t.Helper()
	article := ""
	if c == authz.Police {
		article = "8"
	}
	in, err := w.dossiers.AddItem(w.as(name), w.dossier, dossier.NewItem{Category: c, PoliceArticle: article, Text: "Something.", ObservedOn: time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)})
	require.NoError(w.t, err)
	return in.Row.ID
}

func (w *world) decision() uuid.UUID {
	w.t.Helper()
	d, err := w.meetings.Take(w.as("chair"), w.agenda, meeting.NewDecision{Text: "Start.", Reasons: "Needed."})
	require.NoError(w.t, err)
	return d.ID
}

// report is the situation as somebody reads it now.
func (w *world) report(name string) Report {
	w.t.Helper()
	r, err := w.s.SituationReport(w.as(name), w.dossier)
	require.NoError(w.t, err)
	return r
}

// tag is the entity tag of the report as somebody reads it now.
func (w *world) tag(name string) string {
	w.t.Helper()
	names, err := w.names.Names(w.as(name))
	require.NoError(w.t, err)
	return reportToAPI(w.report(name), names).Etag
}
