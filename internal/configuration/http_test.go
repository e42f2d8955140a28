package configuration_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/api"
	"github.com/wijkregie/wijkregie/internal/configuration"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func TestListCodeLists(t *testing.T) {
	h := configuration.NewHTTP(configuration.New())
	t.Run("the pages together hold every list once", func(t *testing.T) {
		limit, all := 7, []string{}
		var cursor *string
		for {
			answer, err := h.ListCodeLists(t.Context(), api.ListCodeListsRequestObject{Params: api.ListCodeListsParams{Limit: &limit, Cursor: cursor}})
			require.NoError(t, err)
			page := answer.(api.ListCodeLists200JSONResponse).Body
			for _, row := range page.Items {
				all = append(all, row.Name)
			}
			if page.Next.IsNull() {
				break
			}
			next := page.Next.MustGet()
			cursor = &next
		}
		assert.Len(t, all, len(configuration.New().Lists()))
		assert.True(t, slices.IsSorted(all))
		assert.Len(t, slices.Compact(all), len(all))
	})
}

func TestGetCodeList(t *testing.T) {
	h := configuration.NewHTTP(configuration.New())
	get := func(name string) (api.CodeList, error) {
		answer, err := h.GetCodeList(t.Context(), api.GetCodeListRequestObject{Name: name})
		if err != nil {
			return api.CodeList{}, err
		}
		return answer.(api.GetCodeList200JSONResponse).Body, nil
	}
	t.Run("both languages and what else the list tells", func(t *testing.T) {
		list, err := get("partner-types")
		require.NoError(t, err)
		i := slices.IndexFunc(list.Codes, func(c api.Code) bool { return c.Code == "police" })
		require.GreaterOrEqual(t, i, 0)
		assert.Equal(t, api.Label{Nl: "Politie", En: "Police"}, list.Codes[i].Label)
		assert.Equal(t, "deelnemer_publiek", list.Codes[i].Attributes["wgsStatus"])
	})
	t.Run("the tag follows the content", func(t *testing.T) {
		one, err := get("roles")
		require.NoError(t, err)
		again, err := get("roles")
		require.NoError(t, err)
		other, err := get("results")
		require.NoError(t, err)
		assert.Equal(t, one.Etag, again.Etag)
		assert.NotEqual(t, one.Etag, other.Etag)
	})
	t.Run("an unknown list is not found", func(t *testing.T) {
		_, err := get("colours")
		assert.True(t, problem.Is(err, problem.NotFound))
	})
}
