package live

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
)

// Publish puts a matrix in force, as the director of a municipality who acknowledges every warning and
// has the consent of every supplier.
func (w *World) Publish(tb testing.TB, director string, cells []authz.Cell) {
	tb.Helper()
	who := w.As(tb, director)
	draft := who.Do(http.MethodPut, "/v1/authorisation-matrix/draft", M{"cells": Cells(cells)}).Want(http.StatusCreated)
	who.Post("/v1/authorisation-matrix/publications", who.Publication(), Match(draft.Tag())).Want(http.StatusCreated)
}

// Publication is the body that publishes the draft as it is: with the ids of its warnings, and a consent
// of every supplier that is asked for one.
func (c *Client) Publication() M {
	c.tb.Helper()
	acknowledged, consents, given := []string{}, []M{}, map[string]bool{}
	found, _ := c.Get("/v1/authorisation-matrix/draft/findings").Want(http.StatusOK).At("findings").([]any)
	for _, one := range found {
		finding := one.(M)
		if finding["severity"] == "warning" {
			acknowledged = append(acknowledged, finding["id"].(string))
		}
		for _, supplier := range finding["supplierIds"].([]any) {
			if key := supplier.(string) + finding["category"].(string); !given[key] {
				given[key] = true
				consents = append(consents, M{"partnerId": supplier, "category": finding["category"], "reference": "Letter"})
			}
		}
	}
	return M{"reason": "For this test.", "acknowledged": acknowledged, "supplierConsents": consents}
}

// Cells are cells of a matrix as the contract has them in a body.
func Cells(cells []authz.Cell) []M {
	rows := make([]M, len(cells))
	for i, c := range cells {
		rows[i] = M{"dossierType": c.DossierType, "category": c.Category.Slug(), "level": string(c.Level)}
		if c.PartnerType != "" {
			rows[i]["partnerType"] = c.PartnerType
		} else {
			rows[i]["partnerId"] = c.PartnerID.String()
		}
	}
	return rows
}

// Impose puts a matrix in force past the rules of publication, as its owner finds it in the database:
// whatever stands there, what may be seen follows it.
func (w *World) Impose(tb testing.TB, municipality string, cells []authz.Cell) {
	tb.Helper()
	w.read(tb, func(ctx context.Context, c *pgx.Conn) error {
		tx, err := c.Begin(ctx)
		if err != nil {
			return err
		}
		var number int64
		err = tx.QueryRow(ctx, `insert into matrix_version (municipality_id, id, number, reason, published_at)
			select $1, gen_random_uuid(), coalesce(max(number), 0) + 1, 'For this test.', clock_timestamp() from matrix_version where municipality_id = $1
			returning number`, municipality).Scan(&number)
		for _, one := range cells {
			if err != nil {
				break
			}
			_, err = tx.Exec(ctx, `insert into matrix_cell (municipality_id, version, partner_type, partner_id, dossier_type, category, level)
				values ($1, $2, $3, $4, $5, $6, $7)`, municipality, number, one.PartnerType, one.PartnerID, one.DossierType, int(one.Category), string(one.Level))
		}
		if err == nil {
			_, err = tx.Exec(ctx, "update municipality_stamp set matrix = $2, next_matrix = null, next_matrix_at = null where municipality_id = $1", municipality, number)
		}
		return errors.Join(err, tx.Commit(ctx))
	})
}
