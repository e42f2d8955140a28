package matrix

import (
	"encoding/binary"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
)

func TestChangedIsBounded(t *testing.T) {
	cells := make([]authz.Cell, maxCells+1)
	for i := range cells {
		var id uuid.UUID
		binary.BigEndian.PutUint32(id[:], uint32(i+1))
		cells[i] = authz.Cell{PartnerID: id, DossierType: authz.AllTypes, Category: authz.Police, Level: authz.Own}
	}
	t.Run("a matrix may be as large as the bound", func(t *testing.T) {
		all, err := changed(cells[:maxCells-1], cells[maxCells-1:maxCells], nil)
		require.NoError(t, err)
		require.Len(t, all, maxCells)
	})
	t.Run("and not larger", func(t *testing.T) {
		_, err := changed(cells[:maxCells], cells[maxCells:], nil)
		require.Error(t, err)
	})
}
