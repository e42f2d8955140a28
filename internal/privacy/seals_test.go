package privacy

import (
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/testkit"
)

// TestPrivacy_L29_every_sealed_value_is_renewed: a column of bytes is among those that are renewed, or is named here as no sealed value.
func TestPrivacy_L29_every_sealed_value_is_renewed(t *testing.T) {
	t.Parallel()
	conn, err := pgx.Connect(t.Context(), testkit.Database(t).URL)
	require.NoError(t, err)
	rows, err := conn.Query(t.Context(), `select table_name || '.' || column_name from information_schema.columns
		where table_schema = 'public' and data_type = 'bytea' and column_name !~ 'hash$' and table_name !~ '^(river|goose)'`)
	require.NoError(t, err)
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.NoError(t, conn.Close(t.Context()))

	renewed := []string{
		"ledger_checkpoint.root",
		"document_part.data", // under the key beside it
		"person.bsn_index",   // a blind index
	}
	for _, c := range sealedColumns() {
		renewed = append(renewed, c.table+"."+c.column)
	}
	assert.ElementsMatch(t, renewed, found)
}
