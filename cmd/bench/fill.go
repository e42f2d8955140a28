package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/wijkregie/wijkregie/internal/demo"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// How much there is in the database.
const (
	dossiers  = 2000
	itemsEach = 20
	meetings  = 40
	onAgenda  = 10
)

// reader is the demo person who lists, reads and writes.
const reader = "police"

// filled is what the measurements need to know of what is in the database.
type filled struct {
	known   []uuid.UUID // dossiers that the reader may read, the latest first
	quiet   []uuid.UUID // of those, dossiers that nobody directs yet: a new item there has nobody to tell
	actions []uuid.UUID // open actions of the social domain in dossiers that are directed
}

// filling collects rows by table.
type filling struct {
	filled
	now  time.Time
	rows map[string][][]any
}

// columnsOf are the columns of a table that are filled.
type columnsOf struct {
	table string
	names []string
}

// columns are those of each table that is filled, in an order that its references allow.
func columns() []columnsOf {
	return []columnsOf{
		{"dossier", []string{"municipality_id", "id", "version", "number", "type", "title", "status", "basis", "purpose", "themes",
			"case_director_id", "chair_id", "opened_by", "opened_at", "changed_at"}},
		{"participant", []string{"municipality_id", "id", "version", "dossier_id", "partner_id", "role", "professional_ids", "starts_at", "changed_at"}},
		{"admission", []string{"municipality_id", "id", "dossier_id", "partner_id", "holder", "kind", "since", "profile", "roles", "granted",
			"granted_released"}},
		{"item", []string{"municipality_id", "id", "version", "dossier_id", "category", "text", "observed_on", "supplier_id", "author_id",
			"added_at", "changed_at"}},
		{"action", []string{"municipality_id", "id", "version", "dossier_id", "partner_id", "description", "life_domain", "kind", "track",
			"due_date", "status", "created_at", "changed_at"}},
		{"meeting", []string{"municipality_id", "id", "version", "title", "chair_id", "starts_at", "ends_at", "status", "scheduled_by", "changed_at"}},
		{"invitation", []string{"municipality_id", "id", "version", "meeting_id", "professional_id", "changed_at"}},
		{"agenda_item", []string{"municipality_id", "id", "version", "meeting_id", "dossier_id", "position", "changed_at"}},
		{"deliberation", []string{"municipality_id", "id", "dossier_id", "agenda_item_id", "social_perspective", "safety_perspective", "recorded_by",
			"recorded_at"}},
		{"decision", []string{"municipality_id", "id", "dossier_id", "agenda_item_id", "text", "reasons", "decided_by", "decided_at"}},
	}
}

// fill writes the dossiers and what is in them, as the database's owner.
func fill(ctx context.Context, url string) (_ filled, err error) {
	f := &filling{now: time.Now().UTC().Truncate(time.Microsecond), rows: map[string][][]any{}}
	for i := range dossiers {
		f.dossier(i)
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return f.filled, err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	for _, c := range columns() {
		if _, err := conn.CopyFrom(ctx, pgx.Identifier{c.table}, c.names, pgx.CopyFromRows(f.rows[c.table])); err != nil {
			return f.filled, fmt.Errorf("fill %s: %w", c.table, err)
		}
	}
	_, err = conn.Exec(ctx, "vacuum analyze")
	return f.filled, err
}

// add notes a row; municipality and a new id come first.
func (f *filling) add(table string, values ...any) uuid.UUID {
	id := uuid.Must(uuid.NewV7())
	f.rows[table] = append(f.rows[table], append([]any{demo.Veldhoven, id}, values...))
	return id
}

// one is a dossier while it is filled.
type one struct {
	id       uuid.UUID
	at       time.Time
	profile  int
	partners []string // short names of the persons who take part, one of each partner
	roles    map[string]int
}

// dossier makes one of the dossiers. The police take part in half of them; one in ten is new and
// nobody directs it yet.
func (f *filling) dossier(i int) {
	kind, basis := authz.DossierTypes()[i%4], "covenant"
	if i%5 == 0 {
		basis = "wgs" // where the housing association takes no part
	}
	d := one{at: f.now.Add(time.Duration(i-dossiers) * time.Minute), profile: authz.Profile(kind, basis), partners: []string{"social"}, roles: map[string]int{}}
	if i%2 == 0 {
		d.partners = append(d.partners, "police")
	}
	if i%3 == 0 {
		d.partners = append(d.partners, "mental-health")
	}
	if i%4 < 2 && basis == "covenant" {
		d.partners = append(d.partners, "housing")
	}
	fresh := i%10 == 0
	status, opener, lead, chair := "active", "social", any(person("case-director")), any(person("chair"))
	if fresh {
		status, opener, lead, chair = "intake", "police", nil, nil
		d.roles["police"] = authz.RoleOpener
	} else {
		d.roles["case-director"], d.roles["chair"] = authz.RoleCaseDirector, authz.RoleChair
		d.partners = append(d.partners, "chair")
	}
	d.id = f.add("dossier", 1, fmt.Sprintf("2026-%06d", i+1), kind, fmt.Sprintf("Dossier %d, verzonnen", i+1), status, basis,
		"Rust en veiligheid in de straat.", []string{"overlast"}, lead, chair, person(opener), d.at, d.at)
	if i%2 == 0 {
		f.known = append([]uuid.UUID{d.id}, f.known...)
	}
	if fresh {
		f.quiet = append(f.quiet, d.id)
	}
	f.admit(d, authz.DirectorProfile(kind, basis))
	f.content(i, d, fresh)
}

// admit lets the partners of a dossier take part by name.
func (f *filling) admit(d one, director int) {
	admission := func(partner, holder uuid.UUID, kind string, profile, roles int) {
		see, _, released := authz.Overlay(roles)
		f.add("admission", d.id, partner, holder, kind, d.at, profile, roles, see, released)
	}
	admission(uuid.Nil, db.DirectorHolder, "director", director, 0)
	for _, short := range d.partners {
		names := []string{short}
		if short == "social" && d.roles["case-director"] != 0 {
			names = append(names, "case-director")
		}
		ids := make([]uuid.UUID, len(names))
		admission(partner(short), partner(short), "participant", d.profile, 0)
		for i, name := range names {
			ids[i] = person(name)
			admission(partner(name), person(name), "participant", d.profile, d.roles[name])
		}
		f.add("participant", 1, d.id, partner(short), "participant", ids, d.at, d.at)
	}
}

// content fills a dossier with items, actions and, when it is directed, a place on an agenda.
func (f *filling) content(i int, d one, fresh bool) {
	supplies := map[string]authz.Category{
		"social": authz.LifeDomain, "police": authz.Police, "mental-health": authz.Health, "housing": authz.Housing, "chair": authz.Enforcement,
	}
	for n := range itemsEach {
		by, at := d.partners[n%len(d.partners)], d.at.Add(time.Duration(n)*time.Second)
		f.add("item", 1, d.id, int(supplies[by]), "Wat een partner zag en deelt; verzonnen, en ongeveer zo lang als een zin of twee in het echt.",
			d.at, partner(by), person(by), at, at)
	}
	if fresh {
		return
	}
	for n, state := range []string{"open", "open", "done"} {
		due := f.now.AddDate(0, 0, 14-20*(n%2)) // the second is overdue
		id := f.add("action", 1, d.id, partner("social"), "Afspraken maken over de huur en de overlast.", "housing", "support", "support", due, state, d.at, d.at)
		if n == 0 {
			f.actions = append(f.actions, id)
		}
	}
	if i%5 == 1 {
		f.agenda(d)
	}
}

// agenda puts a dossier on the agenda of a coming meeting, a new one when the last is full.
func (f *filling) agenda(d one) {
	n := len(f.rows["agenda_item"])
	if n >= meetings*onAgenda {
		return
	}
	if n%onAgenda == 0 {
		starts := f.now.AddDate(0, 0, 1+n/onAgenda)
		meeting := f.add("meeting", 1, "Casusoverleg", person("chair"), starts, starts.Add(2*time.Hour), "planned", person("chair"), d.at)
		f.add("invitation", 1, meeting, person(reader), d.at)
	}
	last := f.rows["meeting"][len(f.rows["meeting"])-1]
	item := f.add("agenda_item", 1, last[1], d.id, n%onAgenda, d.at)
	f.add("deliberation", d.id, item, "Zorg gaat voor.", "De overlast moet stoppen.", person("chair"), d.at)
	f.add("decision", d.id, item, "Een huisbezoek door wijkteam en politie samen.", "Beide kanten zien hetzelfde.", person("chair"), d.at)
}

func person(short string) uuid.UUID { return organisation.SeedID(demo.Veldhoven, short) }

// partner is the one for which a person works.
func partner(short string) uuid.UUID {
	for _, p := range demo.People() {
		if p.Short == short {
			return organisation.SeedID(p.Municipality, "partner/"+p.Partner)
		}
	}
	return uuid.Nil
}
