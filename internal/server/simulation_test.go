package server_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

func TestSimulation(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	c := w.Case(t)
	hidden, shown := c.Item(t, "police", "police"), c.Item(t, "housing", "housing")
	director := w.As(t, "director")
	const draft, simulations = "/v1/authorisation-matrix/draft", "/v1/authorisation-matrix/simulations"

	t.Run("without a draft there is none", func(t *testing.T) { director.Post(simulations, nil).Want(http.StatusNotFound) })

	var cells []live.M
	for _, cell := range matrix.Default() {
		cells = append(cells, live.M{
			"partnerType": cell.PartnerType, "dossierType": cell.DossierType, "category": cell.Category.Slug(), "level": string(cell.Level),
		})
	}
	director.Do(http.MethodPut, draft, live.M{"cells": cells}).Want(http.StatusCreated)
	t.Run("a draft like what is in force changes nothing", func(t *testing.T) {
		r := director.Post(simulations, nil).Want(http.StatusOK)
		require.Empty(t, r.At("partners"))
		require.Empty(t, r.At("sample"))
		require.EqualValues(t, 0, r.At("totals.itemsGained"))
	})
	t.Run("it counts what comes into sight and goes out of it; the director is shown only what he may see", func(t *testing.T) {
		director.Patch(draft, director.Get(draft).Tag(), live.M{"set": []live.M{
			{"partnerId": w.Partner("social"), "dossierType": "family", "category": authz.Police.Slug(), "level": "read"},
			{"partnerId": w.Partner("police"), "dossierType": "all", "category": authz.Housing.Slug(), "level": "none"}}}).Want(http.StatusOK)
		r := director.Post(simulations, nil).Want(http.StatusOK)
		require.ElementsMatch(t, []string{w.Partner("social"), w.Partner("police")}, r.Texts("partners", "partnerId"))
		for count, want := range map[string]int{
			"itemsGained": 1, "itemsLost": 1, "dossiersGained": 0, "dossiersLost": 0, "personsLost": 0, "actionsUnworkable": 0, "alertsStopped": 0,
		} {
			require.EqualValues(t, want, r.At("totals."+count), count)
		}
		director.Get(hidden.Place()).Want(http.StatusNotFound)
		require.Equal(t, []string{shown.ID()}, r.Texts("sample", "itemId"))
		require.Equal(t, []string{"lost", "housing", w.Partner("police"), c.ID}, []string{
			r.Text("sample.0.change"), r.Text("sample.0.category"), r.Text("sample.0.partnerId"), r.Text("sample.0.dossier.id")})
	})
	t.Run("nothing has changed by it", func(t *testing.T) { w.As(t, "social").Get(hidden.Place()).Want(http.StatusNotFound) })
	t.Run("others are refused", func(t *testing.T) { w.As(t, "chair").Post(simulations, nil).Want(http.StatusForbidden) })
}
