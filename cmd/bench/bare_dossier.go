package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/wijkregie/wijkregie/internal/demo"
)

// maxLimit bounds a list.
const maxLimit = 200

// bareDossier is a row of dossiers with what is counted in it.
type bareDossier struct {
	MunicipalityID    string          `json:"municipalityId"`
	ID                uuid.UUID       `json:"id"`
	Version           int64           `json:"version"`
	Number            string          `json:"number"`
	Type              string          `json:"type"`
	Title             string          `json:"title"`
	Status            string          `json:"status"`
	Basis             string          `json:"basis"`
	Purpose           string          `json:"purpose"`
	NeighbourhoodCode *string         `json:"neighbourhoodCode"`
	Location          json.RawMessage `json:"location"`
	Themes            []string        `json:"themes"`
	RegiePhase        int             `json:"regiePhase"`
	CaseDirectorID    *uuid.UUID      `json:"caseDirectorId"`
	ChairID           *uuid.UUID      `json:"chairId"`
	OpenedBy          uuid.UUID       `json:"openedBy"`
	TableID           *uuid.UUID      `json:"tableId"`
	ExternalReference string          `json:"externalReference"`
	OpenedAt          time.Time       `json:"openedAt"`
	ChangedAt         time.Time       `json:"changedAt"`
	IdentityChangedAt *time.Time      `json:"identityChangedAt"`
	ShieldedAt        *time.Time      `json:"shieldedAt"`

	Admissions     []bareAdmission `json:"admissions"`
	OpenActions    int             `json:"openActions"`
	OverdueActions int             `json:"overdueActions"`
	NextMeetingAt  *time.Time      `json:"nextMeetingAt"`
	LastChangeAt   time.Time       `json:"lastChangeAt"`
}

type bareAdmission struct {
	Kind            string `json:"kind"`
	Profile         int    `json:"profile"`
	Roles           int    `json:"roles"`
	Granted         int64  `json:"granted"`
	GrantedReleased int64  `json:"grantedReleased"`
	GrantedOwn      int64  `json:"grantedOwn"`
	GrantedAdd      int64  `json:"grantedAdd"`
	GrantedEditOwn  int64  `json:"grantedEditOwn"`
	GrantedEditAll  int64  `json:"grantedEditAll"`
	Denied          int64  `json:"denied"`
	Shielded        bool   `json:"shielded"`
}

const (
	listSQL = `SELECT * FROM "dossier" WHERE dossier.municipality_id = $1 AND shielded_at is null ORDER BY opened_at desc, id desc LIMIT $2`
	findSQL = `SELECT * FROM "dossier" WHERE dossier.municipality_id = $1 AND id = $2`
)

// The statements on several dossiers.
const (
	admissionsSQL = `select dossier_id, kind, profile, roles, granted, granted_released, granted_own,
		granted_add, granted_edit_own, granted_edit_all, denied, shielded from my_admissions where dossier_id = any($1)`
	actionsSQL = `SELECT dossier_id, partner_id, count(*) filter (where status = 'open') as open, count(*) filter (where status = 'done') as done,
		count(*) filter (where (status = 'open' and due_date < $1)) as overdue, max(changed_at) as changed_at
		FROM "action" WHERE action.municipality_id = $2 AND dossier_id = any($3) GROUP BY dossier_id, partner_id`
	meetingsSQL = `SELECT agenda_item.dossier_id, min(m.starts_at) as at FROM "agenda_item"
		join meeting m on m.municipality_id = agenda_item.municipality_id and m.id = agenda_item.meeting_id
		WHERE agenda_item.municipality_id = $1 AND (agenda_item.dossier_id = any($2) and m.status = $3 and m.starts_at >= $4)
		GROUP BY "agenda_item"."dossier_id"`
	decisionsSQL = `select dossier_id, max(at) as at from (SELECT dossier_id, decided_at as at FROM "decision"
		WHERE decision.municipality_id = $1 AND dossier_id = any($2) union all SELECT dossier_id, recorded_at as at FROM "deliberation"
		WHERE deliberation.municipality_id = $3 AND dossier_id = any($4)) c group by dossier_id`
	itemsSQL = `select d.id as dossier_id, latest.changed_at as at from unnest($1::uuid[]) d(id), lateral (
		select i.changed_at from item i where i.municipality_id = (select me_municipality()) and i.dossier_id = d.id
		order by i.changed_at desc limit 1) latest`
)

func (b *bare) list(w http.ResponseWriter, r *http.Request) error {
	limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
	if err != nil || limit < 1 || limit > maxLimit {
		return fmt.Errorf("limit: 1 to %d", maxLimit)
	}
	var found []bareDossier
	err = b.tx(r.Context(), func(tx pgx.Tx) (err error) {
		if found, err = scanDossiers(r.Context(), tx, listSQL, demo.Veldhoven, limit+1); err != nil {
			return err
		}
		found = found[:min(limit, len(found))]
		ids := make([]uuid.UUID, len(found))
		for i, d := range found {
			ids[i] = d.ID
		}
		ways, err := admissions(r.Context(), tx, ids)
		if err != nil {
			return err
		}
		return b.count(r.Context(), tx, ids, found, ways)
	})
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, map[string]any{"items": found})
}

func (b *bare) read(w http.ResponseWriter, r *http.Request) error {
	id, err := uuid.Parse(r.PathValue("id"))
	if err != nil {
		return err
	}
	var found []bareDossier
	err = b.tx(r.Context(), func(tx pgx.Tx) (err error) {
		ids := []uuid.UUID{id}
		ways, err := admissions(r.Context(), tx, ids)
		if err != nil {
			return err
		}
		if found, err = scanDossiers(r.Context(), tx, findSQL, demo.Veldhoven, id); err != nil {
			return err
		}
		return b.count(r.Context(), tx, ids, found, ways)
	})
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return errors.New("there is no such dossier")
	}
	return answer(w, http.StatusOK, found[0])
}

// dossierColumns are those that a dossier has a place for, in the order of places.
const dossierColumns = `municipality_id id version number type title status basis purpose neighbourhood_code location themes regie_phase case_director_id
	chair_id opened_by table_id external_reference opened_at changed_at identity_changed_at shielded_at`

func (d *bareDossier) places() []any {
	return []any{&d.MunicipalityID, &d.ID, &d.Version, &d.Number, &d.Type, &d.Title, &d.Status, &d.Basis, &d.Purpose, &d.NeighbourhoodCode,
		&d.Location, &d.Themes, &d.RegiePhase, &d.CaseDirectorID, &d.ChairID, &d.OpenedBy, &d.TableID, &d.ExternalReference, &d.OpenedAt,
		&d.ChangedAt, &d.IdentityChangedAt, &d.ShieldedAt}
}

// scanDossiers reads rows; a column that is newer than this file is read and dropped.
func scanDossiers(ctx context.Context, tx pgx.Tx, query string, args ...any) (all []bareDossier, err error) {
	var order []int
	err = each(ctx, tx, query, args, func(rows pgx.Rows) error {
		if order == nil {
			known := strings.Fields(dossierColumns)
			for _, column := range rows.FieldDescriptions() {
				order = append(order, slices.Index(known, column.Name))
			}
		}
		var d bareDossier
		places := d.places()
		to := make([]any, len(order))
		for i, at := range order {
			if at < 0 {
				to[i] = new(any)
				continue
			}
			to[i] = places[at]
		}
		err := rows.Scan(to...)
		d.LastChangeAt = d.ChangedAt
		all = append(all, d)
		return err
	})
	return all, err
}

// count adds to dossiers what stands beside them.
func (b *bare) count(ctx context.Context, tx pgx.Tx, ids []uuid.UUID, found []bareDossier, ways map[uuid.UUID][]bareAdmission) error {
	by := make(map[uuid.UUID]*bareDossier, len(found))
	for i := range found {
		found[i].Admissions, by[found[i].ID] = ways[found[i].ID], &found[i]
	}
	var id uuid.UUID
	var at time.Time
	last := func(rows pgx.Rows) error {
		err := rows.Scan(&id, &at)
		by[id].changed(at)
		return err
	}
	if err := each(ctx, tx, itemsSQL, []any{ids}, last); err != nil {
		return err
	}
	if err := b.actions(ctx, tx, ids, by); err != nil {
		return err
	}
	err := each(ctx, tx, meetingsSQL, []any{demo.Veldhoven, ids, "planned", time.Now().UTC()}, func(rows pgx.Rows) error {
		err := rows.Scan(&id, &at)
		next := at
		by[id].NextMeetingAt = &next
		return err
	})
	if err != nil {
		return err
	}
	return each(ctx, tx, decisionsSQL, []any{demo.Veldhoven, ids, demo.Veldhoven, ids}, last)
}

func admissions(ctx context.Context, tx pgx.Tx, ids []uuid.UUID) (map[uuid.UUID][]bareAdmission, error) {
	ways := make(map[uuid.UUID][]bareAdmission, len(ids))
	return ways, each(ctx, tx, admissionsSQL, []any{ids}, func(rows pgx.Rows) error {
		var id uuid.UUID
		var a bareAdmission
		err := rows.Scan(&id, &a.Kind, &a.Profile, &a.Roles, &a.Granted, &a.GrantedReleased, &a.GrantedOwn, &a.GrantedAdd, &a.GrantedEditOwn,
			&a.GrantedEditAll, &a.Denied, &a.Shielded)
		ways[id] = append(ways[id], a)
		return err
	})
}

func (b *bare) actions(ctx context.Context, tx pgx.Tx, ids []uuid.UUID, by map[uuid.UUID]*bareDossier) error {
	year, month, day := time.Now().In(b.zone).Date()
	today := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	return each(ctx, tx, actionsSQL, []any{today, demo.Veldhoven, ids}, func(rows pgx.Rows) error {
		var id, partner uuid.UUID
		var open, done, overdue int
		var at time.Time
		err := rows.Scan(&id, &partner, &open, &done, &overdue, &at)
		d := by[id]
		d.OpenActions, d.OverdueActions = d.OpenActions+open, d.OverdueActions+overdue
		d.changed(at)
		return err
	})
}

func (d *bareDossier) changed(at time.Time) {
	if at.After(d.LastChangeAt) {
		d.LastChangeAt = at
	}
}
