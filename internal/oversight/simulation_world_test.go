package oversight

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// town is a random matrix, another one as its draft, and dossiers with ways into them.
type town struct {
	old, new []authz.Cell
	partners []townPartner
	people   []townPerson
	rows     []townRow
	seats    map[uuid.UUID][]uuid.UUID // by dossier
}

type townPartner struct {
	id     uuid.UUID
	kind   string
	active bool
}

type townPerson struct {
	id, partner      uuid.UUID
	valid, directing bool
}

// townRow is a row to insert.
type townRow struct {
	table  string
	values map[string]any
}

func (t *town) add(table string, values map[string]any) uuid.UUID {
	id := uuid.Must(uuid.NewV7())
	values["municipality_id"], values["id"] = home, id
	t.rows = append(t.rows, townRow{table, values})
	return id
}

func onceIn(t *rapid.T, n int, label string) bool {
	return rapid.IntRange(0, n-1).Draw(t, label) == n-1
}

func townCategories() []authz.Category {
	return []authz.Category{authz.Identity, authz.Health, authz.Police, authz.LifeDomain, authz.Action}
}

func someTown() *rapid.Generator[*town] {
	return rapid.Custom(func(t *rapid.T) *town {
		w := &town{seats: map[uuid.UUID][]uuid.UUID{}}
		for range 3 {
			p := townPartner{id: uuid.Must(uuid.NewV7()), active: !onceIn(t, 6, "suspended")}
			p.kind = rapid.SampledFrom([]string{"social-domain", "police", "mental-health-care", "housing-association", "municipal-director"}).Draw(t, "type")
			w.partners = append(w.partners, p)
			for range 2 {
				w.people = append(w.people, townPerson{
					id: uuid.Must(uuid.NewV7()), partner: p.id, valid: !onceIn(t, 6, "expired"), directing: onceIn(t, 4, "director"),
				})
			}
		}
		w.old, w.new = w.someCells().Draw(t, "in force"), w.someCells().Draw(t, "draft")
		for i := range 3 {
			w.dossier(t, i)
		}
		return w
	})
}

func (w *town) someCells() *rapid.Generator[[]authz.Cell] {
	cell := rapid.Custom(func(t *rapid.T) authz.Cell {
		c := authz.Cell{
			DossierType: rapid.SampledFrom([]string{authz.AllTypes, "person", "family"}).Draw(t, "dossier type"),
			Category:    rapid.SampledFrom(townCategories()).Draw(t, "category"), Level: rapid.SampledFrom(authz.Levels()).Draw(t, "level"),
		}
		if onceIn(t, 3, "of a partner") {
			c.PartnerID = rapid.SampledFrom(w.partners).Draw(t, "partner").id
			return c
		}
		c.PartnerType = rapid.SampledFrom([]string{"social-domain", "police", "mental-health-care", "housing-association", "municipal-director"}).Draw(t, "of a type")
		return c
	})
	return rapid.SliceOfNDistinct(cell, 0, 40, func(c authz.Cell) authz.Cell {
		c.Level = ""
		return c
	})
}

func (w *town) dossier(t *rapid.T, i int) {
	kind := rapid.SampledFrom([]string{"person", "person", "family"}).Draw(t, "kind")
	basis := rapid.SampledFrom([]string{"wgs", "covenant", "social-domain"}).Draw(t, "basis")
	lead, chair := rapid.SampledFrom(w.people).Draw(t, "lead").id, rapid.SampledFrom(w.people).Draw(t, "chair").id
	shielded := onceIn(t, 6, "shielded")
	values := map[string]any{
		"version": 1, "number": fmt.Sprintf("2026-%06d", i), "type": kind, "title": "Title", "status": "active", "basis": basis, "purpose": "Purpose",
		"case_director_id": lead, "chair_id": chair, "opened_by": lead, "opened_at": time.Now(), "changed_at": time.Now(),
	}
	if shielded {
		values["shielded_at"] = time.Now()
	}
	id := w.add("dossier", values)
	if !shielded {
		w.seats[id] = []uuid.UUID{lead, chair}
	}
	way := func(holder uuid.UUID, kind string, profile, roles int) map[string]any {
		return map[string]any{
			"dossier_id": id, "partner_id": w.partners[0].id, "holder": holder, "kind": kind, "since": time.Now().Add(-time.Hour), "profile": profile,
			"roles": roles, "shielded": shielded,
		}
	}
	w.add("admission", way(db.DirectorHolder, "director", authz.DirectorProfile(kind, basis), 0))
	for _, p := range w.people {
		for _, by := range []string{"participant", "grant", "emergency"} {
			if !onceIn(t, 2, by) {
				continue
			}
			roles := 0
			if by == "participant" && onceIn(t, 3, "roles kept") {
				roles = rapid.IntRange(0, 7).Draw(t, "roles")
			}
			a := way(p.id, by, authz.Profile(kind, basis), roles)
			a["denied"], a["source"] = townMask(t, 3, "denied"), uuid.Must(uuid.NewV7())
			if by == "grant" {
				a["granted"], a["granted_own"], a["granted_released"] = townMask(t, 5, "granted"), townMask(t, 5, "own"), townMask(t, 5, "released")
			}
			if onceIn(t, 5, "over") {
				a["until"] = time.Now().Add(-time.Minute)
			}
			w.add("admission", a)
		}
	}
	for range rapid.IntRange(0, 5).Draw(t, "items") {
		w.item(t, id)
	}
	for range 2 {
		w.add("action", map[string]any{
			"version": 1, "dossier_id": id, "partner_id": rapid.SampledFrom(w.partners).Draw(t, "carrier").id, "description": "Visit", "life_domain": "nuisance",
			"kind": "support", "track": "support", "due_date": time.Now(), "status": rapid.SampledFrom([]string{"open", "open", "done"}).Draw(t, "status"),
			"created_at": time.Now(), "changed_at": time.Now(),
		})
	}
}

func (w *town) item(t *rapid.T, dossier uuid.UUID) {
	values := map[string]any{
		"version": 1, "dossier_id": dossier, "category": int(rapid.SampledFrom(townCategories()).Draw(t, "category")), "text": "Text", "observed_on": time.Now(),
		"supplier_id": rapid.SampledFrom(w.partners).Draw(t, "supplier").id, "secret": onceIn(t, 3, "secret"), "restricted": onceIn(t, 6, "restricted"),
		"added_at": time.Now(), "changed_at": time.Now(),
	}
	if onceIn(t, 2, "with a ground") {
		values["secret_ground"] = "explicit-consent"
	}
	if onceIn(t, 4, "withheld from a type") {
		values["withheld_types"] = rapid.Int64Range(0, 1<<14-1).Draw(t, "types")
	}
	if onceIn(t, 4, "withheld from a partner") {
		values["withheld_partners"] = []uuid.UUID{rapid.SampledFrom(w.partners).Draw(t, "withheld").id}
	}
	id := w.add("item", values)
	for range rapid.IntRange(0, 2).Draw(t, "releases") {
		release := map[string]any{"version": 1, "dossier_id": dossier, "item_id": id, "purpose": "Purpose", "released_at": time.Now()}
		if onceIn(t, 2, "to a partner") {
			release["partner_ids"] = []uuid.UUID{rapid.SampledFrom(w.partners).Draw(t, "to").id}
		}
		if onceIn(t, 4, "over") {
			release["until"] = time.Now().Add(-time.Minute)
		}
		w.add("release", release)
	}
}

func townMask(t *rapid.T, n int, label string) (mask int64) {
	for _, c := range townCategories() {
		if onceIn(t, n, label) {
			mask |= c.Bit()
		}
	}
	return mask
}

// load replaces what is in the database by the town, with its first matrix in force and the second as
// the draft.
func (w *town) load(ctx context.Context, conn *pgx.Conn) error {
	b := &pgx.Batch{}
	for _, table := range []string{"matrix_draft", "action", "release", "item", "admission", "dossier", "professional", "partner", "matrix_cell", "matrix_version"} {
		b.Queue("delete from " + table)
	}
	for _, p := range w.partners {
		status := map[bool]string{true: "active", false: "suspended"}[p.active]
		queue(b, "partner", map[string]any{
			"municipality_id": home, "id": p.id, "version": 1, "name": "Partner", "type": p.kind, "domain": "both", "status": status, "changed_at": time.Now(),
		})
	}
	for _, p := range w.people {
		values := map[string]any{"municipality_id": home, "id": p.id, "version": 1, "partner_id": p.partner, "name": "Professional", "changed_at": time.Now()}
		if p.directing {
			values["roles"] = []string{"municipal-director"}
		}
		if !p.valid {
			values["valid_until"] = time.Now().AddDate(0, 0, -2)
		}
		queue(b, "professional", values)
	}
	for _, r := range w.rows {
		queue(b, r.table, r.values)
	}
	queue(b, "matrix_draft", map[string]any{"municipality_id": home, "id": uuid.Must(uuid.NewV7()), "version": 1, "cells": w.new, "changed_at": time.Now()})
	publish(b, w.old)
	return conn.SendBatch(ctx, b).Close()
}

// publish puts cells in force, each time as version 1: another publication with the same number.
func publish(b *pgx.Batch, cells []authz.Cell) {
	b.Queue("delete from matrix_cell")
	b.Queue("delete from matrix_version")
	queue(b, "matrix_version", map[string]any{"municipality_id": home, "id": uuid.Must(uuid.NewV7()), "number": 1, "reason": "Reason", "published_at": time.Now()})
	for _, c := range cells {
		queue(b, "matrix_cell", map[string]any{
			"municipality_id": home, "version": 1, "partner_type": c.PartnerType, "partner_id": c.PartnerID, "dossier_type": c.DossierType,
			"category": int(c.Category), "level": string(c.Level),
		})
	}
	b.Queue("update municipality_stamp set matrix = 1")
}

// queue inserts a row as JSON; columns that are not named have their defaults.
func queue(b *pgx.Batch, table string, values map[string]any) {
	names := ""
	for name := range values {
		names += "," + name
	}
	text, err := json.Marshal(values)
	if err != nil {
		panic(err) // the test makes the values
	}
	b.Queue(fmt.Sprintf("insert into %s (%s) select %s from jsonb_populate_record(null::%s, $1)", table, names[1:], names[1:], table), string(text))
}
