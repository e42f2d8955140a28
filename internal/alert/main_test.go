package alert

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/configuration"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel"
	"github.com/wijkregie/wijkregie/internal/kernel/access"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/organisation"
	"github.com/wijkregie/wijkregie/internal/plan"
	"github.com/wijkregie/wijkregie/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// bound is how long a test waits for what must come.
const bound = 20 * time.Second

const veldhoven = "GM0861"

// town is a municipality with one dossier, who directs it, and everything that tells them.
type town struct {
	*Service
	url   string
	admin *pgx.Conn
	ahead atomic.Int64 // how far the clock is ahead, in nanoseconds
	post  *testkit.PostOffice

	municipality, police                           uuid.UUID // partners
	director, chair, substitute, officer, stranger uuid.UUID // professionals
	dossier                                        uuid.UUID
}

func newTown(t *testing.T) *town {
	t.Helper()
	w := &town{
		url: testkit.Database(t).URL, post: testkit.NewPostOffice(t), municipality: id(), police: id(), director: id(), chair: id(), substitute: id(),
		officer: id(), stranger: id(), dossier: id(),
	}
	admin, err := pgx.Connect(t.Context(), w.url)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, admin.Close(context.Background())) })
	w.admin = admin
	database, err := db.Open(t.Context(), w.url, db.Options{MaxConns: 16, Now: w.now})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, database.Close()) })
	heard := &delivery.Broadcaster{}
	sequencer := delivery.NewSequencer(database, heard, quiet())
	decide, err := authz.New(w.now, quiet())
	require.NoError(t, err)
	k := kernel.Kernel{DB: database, Authz: decide, Journal: journal.New(w.now, sequencer.Wake)}
	lists := configuration.New()
	people := organisation.New(k, lists)
	dossiers := dossier.New(k, lists, people, matrix.New(k, lists, people))
	queue, err := delivery.NewQueue(database, quiet())
	require.NoError(t, err)
	mailer, err := delivery.NewMailer(delivery.MailOptions{
		Host: w.post.Host, Port: w.post.Port, RootCAs: w.post.Trusted, User: w.post.User, Password: w.post.Password,
		From: "Wijkregie <sitrap@wijkregie.example>", Timeout: 5 * time.Second,
	}, quiet())
	require.NoError(t, err)
	w.Service, err = New(k, Means{
		Access: access.NewWriter(k.DB), People: people, Lists: lists, Dossiers: dossiers, Plans: plan.New(k, lists, people, dossiers), Heard: heard, Queue: queue, Mailer: mailer,
		Link: "https://app.example/dossiers/{id}", As: w.as, Log: quiet(),
	})
	require.NoError(t, err)
	w.populate(t)
	while(t, func(ctx context.Context) { sequencer.Run(ctx, w.FanOut) })
	return w
}

func id() uuid.UUID { return uuid.Must(uuid.NewV7()) }

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func (w *town) now() time.Time { return time.Now().Add(time.Duration(w.ahead.Load())) }

// exec writes what the tests start from, past every rule.
func (w *town) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	_, err := w.admin.Exec(t.Context(), sql, args...)
	require.NoError(t, err)
}

// populate writes who lives here. The municipality may read what the police supply but not what is
// about health; the chair works for it as the case director does.
func (w *town) populate(t *testing.T) {
	t.Helper()
	w.exec(t, `insert into municipality (id, name) values ('GM0861', 'Veldhoven')`)
	w.exec(t, `insert into municipality_stamp (municipality_id) values ('GM0861')`)
	for partner, name := range map[uuid.UUID]string{w.municipality: "Gemeente Veldhoven", w.police: "Politie"} {
		w.exec(t, `insert into partner (municipality_id, id, version, name, type, domain, status, changed_at)
			values ('GM0861', $1, 1, $2, $3, 'both', 'active', now())`, partner, name, w.typeOf(partner))
	}
	for person, name := range map[uuid.UUID]string{
		w.director: "Dirk Regie", w.chair: "Vera Voorzitter", w.substitute: "Vera Vervanger", w.officer: "An Agent", w.stranger: "Ver Vreemd",
	} {
		w.exec(t, `insert into professional (municipality_id, id, version, partner_id, name, email, language, changed_at)
			values ('GM0861', $1, 1, $2, $3, $4, $5, now())`, person, w.employer(person), name, person.String()+"@veldhoven.example",
			map[bool]string{true: "en", false: "nl"}[person == w.chair])
	}
	w.exec(t, `insert into dossier (municipality_id, id, version, number, type, title, status, basis, purpose, case_director_id, chair_id, opened_by,
		opened_at, changed_at) values ('GM0861', $1, 1, '2026-000007', 'person', 'Casus Jansen', 'active', 'covenant', 'doel', $2, $3, $4, now(), now())`,
		w.dossier, w.director, w.chair, w.officer)
	w.admit(t, w.director, authz.RoleCaseDirector)
	w.admit(t, w.chair, authz.RoleChair)
	w.admit(t, w.officer, 0)
}

func (w *town) employer(person uuid.UUID) uuid.UUID {
	if person == w.officer {
		return w.police
	}
	return w.municipality
}

func (w *town) typeOf(partner uuid.UUID) string {
	if partner == w.police {
		return "police"
	}
	return "municipality"
}

func (w *town) admit(t *testing.T, holder uuid.UUID, roles int) {
	t.Helper()
	all, _, released := authz.Overlay(roles)
	w.exec(t, `insert into admission (municipality_id, id, dossier_id, partner_id, holder, kind, since, profile, roles, granted, granted_released)
		values ('GM0861', $1, $2, $3, $4, 'participant', now() - interval '1 day', $5, $6, $7, $8)`,
		id(), w.dossier, w.employer(holder), holder, authz.Profile("person", "covenant"), roles, all, released)
}

// standIn lets the substitute stand in for the case director for some hours from now.
func (w *town) standIn(t *testing.T, from, until int) {
	t.Helper()
	w.exec(t, `insert into substitution (municipality_id, id, version, professional_id, substitute_id, starts_at, ends_at, changed_at)
		values ('GM0861', $1, 1, $2, $3, now() + $4 * interval '1 hour', now() + $5 * interval '1 hour', now())`,
		id(), w.director, w.substitute, from, until)
}

// as is who a professional is at a request.
func (w *town) as(ctx context.Context, municipality string, person uuid.UUID) (identity.Identity, error) {
	var row authz.Row
	for t := range row {
		row[t][authz.Identity], row[t][authz.Police], row[t][authz.Action] = authz.Read, authz.Read, authz.Read
		if person == w.officer {
			row[t][authz.Health] = authz.Own
		}
	}
	who := identity.Identity{
		Municipality: municipality, Partner: w.employer(person), PartnerType: w.typeOf(w.employer(person)), Professional: person,
		Sight: authz.Subject{Row: row}.Sight(),
	}
	if person == w.substitute {
		who.Substitutes = []identity.Substitution{{For: w.director, From: w.now().Add(-time.Hour), Until: w.now().Add(time.Hour)}}
	}
	return who, nil
}

// acting is the context of a professional's request.
func (w *town) acting(t *testing.T, person uuid.UUID) context.Context {
	t.Helper()
	who, err := w.as(t.Context(), veldhoven, person)
	require.NoError(t, err)
	return identity.With(t.Context(), who)
}

// happens records events in one transaction of a professional, and waits until they are told.
func (w *town) happens(t *testing.T, person uuid.UUID, events ...journal.Event) {
	t.Helper()
	w.happensTo(w.acting(t, person), t, events...)
}

func (w *town) happensTo(ctx context.Context, t *testing.T, events ...journal.Event) {
	t.Helper()
	grown, cancel := w.m.Heard.Subscribe(veldhoven)
	defer cancel()
	err := w.k.DB.Tx(ctx, func(ctx context.Context) error {
		for _, e := range events {
			e.Dossier = w.dossier
			if err := w.k.Journal.Record(ctx, e); err != nil {
				return err
			}
		}
		return nil
	})
	require.NoError(t, err)
	arrives(t, grown, "the events in the feed")
}

// changed is a change of the dossier's core.
func (w *town) changed() journal.Event {
	return journal.Event{Name: "regie.changed", Subject: journal.Subject{Type: "dossier", ID: w.dossier}, Fields: []string{"regiePhase"}}
}

// item is an item that the police supplied in a category.
func (w *town) item(t *testing.T, c authz.Category) journal.Event {
	t.Helper()
	item := id()
	w.exec(t, `insert into item (municipality_id, id, version, dossier_id, category, text, observed_on, supplier_id, added_at, changed_at)
		values ('GM0861', $1, 1, $2, $3, 'Jansen was boos', current_date, $4, now(), now())`, item, w.dossier, int(c), w.police)
	return journal.Event{
		Name: "item.added", Subject: journal.Subject{Type: "item", ID: item}, Category: new(int(c)), Supplier: w.police, Fields: []string{"text"},
	}
}

// action is an action that the police have completed.
func (w *town) action(t *testing.T) journal.Event {
	t.Helper()
	action := id()
	w.exec(t, `insert into action (municipality_id, id, version, dossier_id, partner_id, description, life_domain, kind, track, due_date, status,
		created_at, changed_at) values ('GM0861', $1, 1, $2, $3, 'Gesprek met de buren', 'nuisance', 'support', 'support', current_date, 'done', now(), now())`,
		action, w.dossier, w.police)
	return journal.Event{
		Name: "action.completed", Subject: journal.Subject{Type: "action", ID: action}, Category: new(int(authz.Action)), Supplier: w.police,
		Fields: []string{"status"},
	}
}

func refused(kind problem.Kind) func(context.Context, string, uuid.UUID) (identity.Identity, error) {
	return func(context.Context, string, uuid.UUID) (identity.Identity, error) {
		return identity.Identity{}, problem.Errorf(kind, "no")
	}
}

// arrives waits for one value.
func arrives[T any](t *testing.T, from <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(bound):
		require.FailNow(t, "this did not come: "+what)
		panic("unreachable")
	}
}

// while runs something beside the test until it ends.
func while(t *testing.T, run func(context.Context)) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		arrives(t, done, "the end of what ran beside the test")
	})
}
