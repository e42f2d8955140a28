package etag

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func someID() *rapid.Generator[uuid.UUID] {
	return rapid.Custom(func(t *rapid.T) (id uuid.UUID) {
		copy(id[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
		return id
	})
}

func someTime() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time { return time.UnixMicro(rapid.Int64Range(0, 1<<52).Draw(t, "time")).UTC() })
}

func someRecord() *rapid.Generator[record] {
	return rapid.Custom(func(t *rapid.T) record {
		return record{
			Title: rapid.String().Draw(t, "title"), Status: status(rapid.String().Draw(t, "status")), Phase: rapid.Int().Draw(t, "phase"),
			Secret: rapid.Bool().Draw(t, "secret"), SupplierID: someID().Draw(t, "supplier"), DirectorID: rapid.Ptr(someID(), true).Draw(t, "director"),
			Note: rapid.Ptr(rapid.String(), true).Draw(t, "note"), Until: rapid.Ptr(someTime(), true).Draw(t, "until"),
			OpenedAt: someTime().Draw(t, "opened"), Themes: rapid.SliceOf(rapid.String()).Draw(t, "themes"),
			PartnerIDs: rapid.SliceOf(someID()).Draw(t, "partners"), Place: rapid.Ptr(somePlace(), true).Draw(t, "place"),
		}
	})
}

func somePlace() *rapid.Generator[place] {
	return rapid.Custom(func(t *rapid.T) place {
		return place{Street: rapid.String().Draw(t, "street"), Number: rapid.Ptr(rapid.Int(), true).Draw(t, "number")}
	})
}

// same tells whether two values of a field are the same to a reader: no list is an empty list.
func same(a, b reflect.Value) bool {
	if a.Kind() == reflect.Slice && a.Len() == 0 && b.Len() == 0 {
		return true
	}
	return reflect.DeepEqual(a.Interface(), b.Interface())
}

func TestTagProperty(t *testing.T) {
	t.Run("a tag moves with every visible field, and names exactly those", rapid.MakeCheck(func(t *rapid.T) {
		before, other := someRecord().Draw(t, "before"), someRecord().Draw(t, "after")
		after, visible := before, []string{"Title", "Status", "Phase", "Secret", "SupplierID", "DirectorID", "Note", "Until", "OpenedAt", "Themes", "PartnerIDs", "Place"}
		changed := rapid.SliceOfDistinct(rapid.SampledFrom(visible), rapid.ID[string]).Draw(t, "changed")
		to, from := reflect.ValueOf(&after).Elem(), reflect.ValueOf(other)
		var differ []string
		for _, name := range visible {
			if slices.Contains(changed, name) && !same(to.FieldByName(name), from.FieldByName(name)) {
				to.FieldByName(name).Set(from.FieldByName(name))
				differ = append(differ, name)
			}
		}
		err := Check(Of(before), after)
		if differ == nil {
			require.NoError(t, err)
			return
		}
		var p *problem.Error
		require.ErrorAs(t, err, &p)
		require.Len(t, p.Fields, len(differ), "%v", differ)
	}))
	t.Run("no header makes it panic or pass", rapid.MakeCheck(func(t *rapid.T) {
		err := Check(rapid.StringMatching(`("?[A-Za-z0-9_-]{0,80}"?,? ?){0,3}`).Draw(t, "header"), golden())
		require.True(t, problem.Is(err, problem.Stale) || problem.Is(err, problem.MatchRequired))
	}))
}
