package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
)

// bareItem is a row of items.
type bareItem struct {
	MunicipalityID    string          `json:"municipalityId"`
	ID                uuid.UUID       `json:"id"`
	Version           int64           `json:"version"`
	DossierID         uuid.UUID       `json:"dossierId"`
	Category          string          `json:"category"`
	LifeDomain        string          `json:"lifeDomain"`
	Text              string          `json:"text"`
	ObservedOn        string          `json:"observedOn"`
	SupplierID        uuid.UUID       `json:"supplierId"`
	AuthorID          uuid.UUID       `json:"authorId"`
	Source            string          `json:"source"`
	Conditions        json.RawMessage `json:"conditions"`
	WithheldTypes     int64           `json:"withheldTypes"`
	WithheldPartners  json.RawMessage `json:"withheldPartners"`
	Secret            bool            `json:"secret"`
	SecretGround      *string         `json:"secretGround"`
	Restricted        bool            `json:"restricted"`
	ExternalReference string          `json:"externalReference"`
	AddedAt           time.Time       `json:"addedAt"`
	ChangedAt         time.Time       `json:"changedAt"`
}

const (
	insertSQL = `INSERT INTO "item" ("municipality_id","id","version","dossier_id","category","police_article","life_domain","text","observed_on","supplier_id",` +
		`"author_id","source","conditions","withheld_types","withheld_partners","secret","secret_ground","restricted","external_reference","corrects",` +
		`"superseded_by","correction_reason","batch_id","added_at","changed_at","withdrawn_at")
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26)`
	auditSQL = `insert into audit_entry (municipality_id, id, at, event, professional_id, partner_id, client_id,
		in_name_of, dossier_id, subject_type, subject_id, fields, trace_id) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12::jsonb,$13)`
	eventSQL = `insert into pending_event (municipality_id, id, name, dossier_id, subject_type, subject_id, category,
		supplier_id, fields, actor_id, actor_partner_id, in_name_of, basis, at, tell) values ($1,$2,$3,$4,$5,$6,$7,$8,$9::jsonb,$10,$11,$12,$13,$14,coalesce(to_jsonb($15::uuid[]), '[]'))`
)

func (b *bare) write(w http.ResponseWriter, r *http.Request) error {
	dossier, err := uuid.Parse(r.PathValue("id"))
	if err != nil {
		return err
	}
	now := time.Now().UTC()
	item := bareItem{
		MunicipalityID: b.settings[0].(string), ID: uuid.Must(uuid.NewV7()), Version: 1, DossierID: dossier, SupplierID: b.supplier,
		AuthorID: b.author, Conditions: json.RawMessage("[]"), WithheldPartners: json.RawMessage("[]"), AddedAt: now, ChangedAt: now,
	}
	if err := json.NewDecoder(r.Body).Decode(&item); err != nil {
		return err
	}
	if err := b.tx(r.Context(), func(tx pgx.Tx) error { return b.save(r.Context(), tx, &item) }); err != nil {
		return err
	}
	w.Header().Set("Location", "/v1/dossiers/"+item.DossierID.String()+"/items/"+item.ID.String())
	return answer(w, http.StatusCreated, item)
}

func (b *bare) save(ctx context.Context, tx pgx.Tx, i *bareItem) error {
	if _, err := admissions(ctx, tx, []uuid.UUID{i.DossierID}); err != nil {
		return err
	}
	found, err := scanDossiers(ctx, tx, findSQL, i.MunicipalityID, i.DossierID)
	if err != nil || len(found) == 0 {
		return errors.Join(err, errors.New("there is no such dossier"))
	}
	category, err := authz.ParseCategory(i.Category)
	if err != nil {
		return err
	}
	observed, err := time.Parse(time.DateOnly, i.ObservedOn)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, insertSQL, i.MunicipalityID, i.ID, i.Version, i.DossierID, int(category), "", i.LifeDomain, i.Text, observed, i.SupplierID,
		i.AuthorID, i.Source, i.Conditions, i.WithheldTypes, i.WithheldPartners, i.Secret, i.SecretGround, i.Restricted, i.ExternalReference,
		nil, nil, "", nil, i.AddedAt, i.ChangedAt, nil); err != nil {
		return err
	}
	var trace [16]byte
	rand.Read(trace[:]) // never fails
	if _, err := tx.Exec(ctx, auditSQL, i.MunicipalityID, uuid.Must(uuid.NewV7()), i.AddedAt, "item.added", i.AuthorID, i.SupplierID, nil, nil, i.DossierID,
		"item", i.ID, "[]", hex.EncodeToString(trace[:])); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, eventSQL, i.MunicipalityID, uuid.Must(uuid.NewV7()), "item.added", i.DossierID, "item", i.ID, int(category), i.SupplierID, "[]",
		i.AuthorID, i.SupplierID, nil, found[0].Basis, i.AddedAt, nil)
	return err
}
