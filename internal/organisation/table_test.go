package organisation_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

func TestTables(t *testing.T) {
	w := newTown(t)
	table := organisation.Table{Name: "north", ChairID: id("chair"), MemberPartnerIDs: []uuid.UUID{id("police")}, Level: "case", AreaCodes: []string{"WK086101", "BU08610100"}}
	made, err := w.CreateTable(w.as("administrator"), table)
	require.NoError(t, err)
	read, err := w.GetTable(w.as("constable"), made.ID)
	require.NoError(t, err)
	assert.Equal(t, key(made.ID, made), key(read.ID, read))
	_, err = w.CreateTable(w.as("chair"), table)
	assert.True(t, problem.Is(err, problem.Forbidden))
	t.Run("a chair without that role is a conflict", func(t *testing.T) {
		_, err := w.UpdateTable(w.as("administrator"), key(made.ID, made), func(t *organisation.Table) { t.ChairID = id("constable") })
		assert.True(t, problem.Is(err, problem.Conflict))
	})
	t.Run("who and where that is not there is invalid, all at once", func(t *testing.T) {
		_, err := w.UpdateTable(w.as("administrator"), key(made.ID, made), func(t *organisation.Table) {
			t.MemberPartnerIDs = append(t.MemberPartnerIDs, organisation.SeedID(meierijstad, "police"))
			t.AreaCodes = append(t.AreaCodes, "WK194801")
		})
		var p *problem.Error
		require.ErrorAs(t, err, &p)
		require.Len(t, p.Fields, 2)
		assert.Equal(t, "/memberPartnerIds/1", p.Fields[0].Name)
		assert.Equal(t, "/areaCodes/2", p.Fields[1].Name)
	})
	rows, next, err := w.ListTables(w.as("constable"), page.Request{Limit: 1})
	require.NoError(t, err)
	assert.Equal(t, "north", rows[0].Name)
	assert.NotNil(t, next)
}

func TestAreas(t *testing.T) {
	w := newTown(t)
	districts, _, err := w.ListDistricts(w.as("constable"), page.Request{Limit: 50})
	require.NoError(t, err)
	assert.Len(t, districts, 3)
	district := "WK086102"
	in, next, err := w.ListNeighbourhoods(w.as("constable"), &district, page.Request{Limit: 3})
	require.NoError(t, err)
	assert.Len(t, in, 3)
	rest, err := page.Parse(nil, next)
	require.NoError(t, err)
	others, _, err := w.ListNeighbourhoods(w.as("constable"), &district, rest)
	require.NoError(t, err)
	assert.Len(t, others, 2)
}
