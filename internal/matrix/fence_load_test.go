package matrix_test

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// directorHolder holds the admissions of the role municipal director.
var directorHolder = db.DirectorHolder

// load replaces what is in the database by the world.
func (w world) load(ctx context.Context, conn *pgx.Conn) error {
	b := &pgx.Batch{}
	for _, table := range []string{
		"completion", "action", "decision", "deliberation", "agenda_item", "meeting", "release", "item", "admission", "participant", "dossier",
		"professional", "partner", "matrix_cell", "matrix_version",
	} {
		b.Queue("delete from " + table)
	}
	w.queuePeople(b)
	w.queueMatrix(b)
	chair := w.partners[0].people[0]
	meeting, agenda := newID(), newID()
	b.Queue(`insert into meeting (municipality_id, id, version, title, chair_id, starts_at, ends_at, status, scheduled_by, changed_at)
		values ($1, $2, 1, 'Table', $3, now(), now() + interval '1 hour', 'planned', $3, now())`, municipality, meeting, chair)
	b.Queue(`insert into agenda_item (municipality_id, id, version, meeting_id, position, changed_at)
		values ($1, $2, 1, $3, 1, now())`, municipality, agenda, meeting)
	for _, d := range w.dossiers {
		w.queueDossier(b, d, chair, agenda)
		for _, i := range d.items {
			queueItem(b, d, i)
		}
	}
	return conn.SendBatch(ctx, b).Close()
}

func (w world) queuePeople(b *pgx.Batch) {
	for _, p := range w.partners {
		b.Queue(`insert into partner (municipality_id, id, version, name, type, domain, status, changed_at)
			values ($1, $2, 1, 'Partner', $3, 'both', 'active', now())`, municipality, p.id, p.kind.Slug)
		for _, id := range p.people {
			b.Queue(`insert into professional (municipality_id, id, version, partner_id, name, changed_at)
				values ($1, $2, 1, $3, 'Professional', now())`, municipality, id, p.id)
		}
	}
}

// queueMatrix publishes the cells, each time as version 1: another publication with the same number.
func (w world) queueMatrix(b *pgx.Batch) {
	b.Queue(`insert into matrix_version (municipality_id, id, number, reason, published_at) values ($1, $2, 1, 'Reason', now())`, municipality, newID())
	for _, c := range w.cells {
		b.Queue(`insert into matrix_cell (municipality_id, version, partner_type, partner_id, dossier_type, category, level)
			values ($1, 1, $2, $3, $4, $5, $6)`, municipality, c.PartnerType, c.PartnerID, c.DossierType, int(c.Category), string(c.Level))
	}
	b.Queue("update municipality_stamp set matrix = 1 where municipality_id = $1", municipality)
}

func (w world) queueDossier(b *pgx.Batch, d dossier, chair, agenda uuid.UUID) {
	b.Queue(`insert into dossier (municipality_id, id, version, number, type, title, status, basis, purpose, opened_by, opened_at, changed_at)
		values ($1, $2, 1, $3, $4, 'Title', 'active', $5, 'Purpose', $6, now(), now())`, municipality, d.id, d.number, d.kind, d.basis, chair)
	for _, a := range d.admissions {
		profile := authz.Profile(d.kind, d.basis)
		if a.kind == "director" {
			profile = authz.DirectorProfile(d.kind, d.basis)
		}
		since, until := a.when.bounds()
		b.Queue(`insert into admission (municipality_id, id, dossier_id, partner_id, holder, kind, source, since, until, profile, roles, granted,
			granted_released, granted_own, granted_add, granted_edit_own, granted_edit_all, denied, shielded)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`, municipality, newID(), d.id,
			w.partners[0].id, a.holder, a.kind, newID(), since, until, profile, a.roles, a.given[authz.SeeAll], a.given[authz.SeeReleased],
			a.given[authz.SeeOwn], a.given[authz.Add], a.given[authz.EditOwn], a.given[authz.EditAll], a.denied, d.shielded)
	}
	b.Queue(`insert into participant (municipality_id, id, version, dossier_id, partner_id, role, starts_at, changed_at)
		values ($1, $2, 1, $3, $4, 'participant', now(), now())`, municipality, d.participant, d.id, w.partners[0].id)
	b.Queue(`insert into action (municipality_id, id, version, dossier_id, partner_id, description, life_domain, kind, track, due_date, status,
		created_at, changed_at) values ($1, $2, 1, $3, $4, 'Visit', 'nuisance', 'support', 'support', now(), 'open', now(), now())`, municipality,
		d.action, d.id, d.carrier)
	b.Queue(`insert into deliberation (municipality_id, id, dossier_id, agenda_item_id, recorded_by, recorded_at)
		values ($1, $2, $3, $4, $5, now())`, municipality, d.deliberation, d.id, agenda, chair)
}

func queueItem(b *pgx.Batch, d dossier, i item) {
	var ground *string
	if i.ground {
		ground = new("explicit-consent")
	}
	withheldFrom := []byte("[]")
	if len(i.withheldFrom) > 0 {
		withheldFrom, _ = json.Marshal(i.withheldFrom)
	}
	b.Queue(`insert into item (municipality_id, id, version, dossier_id, category, text, observed_on, supplier_id, withheld_types, secret,
		secret_ground, restricted, added_at, changed_at, withheld_partners) values ($1, $2, 1, $3, $4, 'Text', now(), $5, $6, $7, $8, $9, now(), now(), $10)`,
		municipality, i.id, d.id, int(i.category), i.supplier, i.withheld, i.secret, ground, i.restricted, string(withheldFrom))
	for _, r := range i.releases {
		var withdrawn *time.Time
		if r.withdrawn {
			withdrawn = new(time.Now())
		}
		_, until := r.until.bounds()
		partners := []byte("[]")
		if len(r.to) > 0 {
			partners, _ = json.Marshal(r.to)
		}
		b.Queue(`insert into release (municipality_id, id, version, dossier_id, item_id, partner_ids, purpose, until, released_at, withdrawn_at)
			values ($1, $2, 1, $3, $4, $5, 'Purpose', $6, now(), $7)`, municipality, newID(), d.id, i.id, string(partners), until, withdrawn)
	}
}

// bounds is a period in which now lies as the span says.
func (s span) bounds() (since, until time.Time) {
	now := time.Now()
	switch s {
	case past:
		return now.Add(-2 * time.Hour), now.Add(-time.Hour)
	case future:
		return now.Add(time.Hour), now.Add(2 * time.Hour)
	default:
		return now.Add(-time.Hour), now.Add(time.Hour)
	}
}
