package page

import (
	"context"
	"encoding/base64"
	"fmt"
	"math"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func TestParse(t *testing.T) {
	for name, c := range map[string]struct {
		limit *int
		want  int
	}{
		"without a limit it is the default":       {nil, Default},
		"a limit within bounds counts":            {new(7), 7},
		"more than the most is the most":          {new(Max + 1), Max},
		"nothing is one":                          {new(0), 1},
		"less than nothing is one":                {new(-5), 1},
		"the most itself counts":                  {new(Max), Max},
		"one row is a page":                       {new(1), 1},
		"the largest number there is is the most": {new(math.MaxInt), Max},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Parse(c.limit, nil)
			require.NoError(t, err)
			require.Equal(t, Request{Limit: c.want}, r)
		})
	}
	id := string(make([]byte, 16))
	for name, cursor := range map[string]string{
		"an empty cursor":                  "",
		"a word":                           "next",
		"an id alone, cut short":           base64.RawURLEncoding.EncodeToString([]byte(id[:15])),
		"another alphabet":                 base64.StdEncoding.EncodeToString([]byte(id + "\xfb\xff")),
		"a key that the database refuses":  Cursor{Key: "a\x00b"}.String(),
		"a key that is no text":            Cursor{Key: "\xff\xfe"}.String(),
		"a cursor that was altered":        Cursor{Key: "a"}.String() + "x",
		"a cursor without its checksum":    base64.RawURLEncoding.EncodeToString([]byte(id + "a key of some length")),
		"a statement":                      "' or 1=1 --",
		"a cursor with something after it": Cursor{Key: "a"}.String() + "=",
	} {
		t.Run(name+" is not valid, and is not shown", func(t *testing.T) {
			_, err := Parse(nil, &cursor)
			var p *problem.Error
			require.ErrorAs(t, err, &p)
			require.Equal(t, problem.Invalid, p.Kind)
			require.Equal(t, []problem.Field{{In: "query", Name: "cursor", Code: "cursor", Detail: "Use the cursor of the list's own `next`."}}, p.Fields)
		})
	}
}

func TestCursorProperty(t *testing.T) {
	t.Run("what is written is what is read", rapid.MakeCheck(func(t *rapid.T) {
		c := Cursor{Key: rapid.StringMatching(`[^\x00]*`).Draw(t, "key")}
		copy(c.ID[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
		r, err := Parse(nil, new(c.String()))
		require.NoError(t, err)
		require.Equal(t, &c, r.After)
		require.Equal(t, url.QueryEscape(c.String()), c.String(), "it needs no escaping in a URL")
	}))
	t.Run("a moment comes back to the microsecond, whatever its zone", rapid.MakeCheck(func(t *rapid.T) {
		zone := time.FixedZone("", rapid.IntRange(-12, 14).Draw(t, "zone")*3600)
		at := time.UnixMicro(rapid.Int64Range(0, 1<<52).Draw(t, "at")).In(zone)
		r, err := Parse(nil, new(At(at, uuid.New()).String()))
		require.NoError(t, err)
		read, err := r.After.Time()
		require.NoError(t, err)
		require.True(t, at.Equal(read))
	}))
	t.Run("no garbage is more than a cursor or a refusal", rapid.MakeCheck(func(t *rapid.T) {
		r, err := Parse(nil, new(rapid.String().Draw(t, "cursor")))
		if err != nil {
			require.True(t, problem.Is(err, problem.Invalid))
			return
		}
		require.NotContains(t, r.After.Key, "\x00")
	}))
}

func TestTime(t *testing.T) {
	t.Run("that of a list by name is refused by a list by time", func(t *testing.T) {
		_, err := Cursor{Key: "2026-000042"}.Time()
		require.True(t, problem.Is(err, problem.Invalid))
		key, err := Cursor{Key: "2026-000042"}.Text()
		require.NoError(t, err)
		require.Equal(t, "2026-000042", key)
	})
	t.Run("that of a list by time is refused by a list by name", func(t *testing.T) {
		_, err := At(time.Now(), uuid.New()).Text()
		require.True(t, problem.Is(err, problem.Invalid))
	})
}

func TestCut(t *testing.T) {
	ids := func(n int) (rows []uuid.UUID) {
		for range n {
			rows = append(rows, uuid.New())
		}
		return rows
	}
	place := func(id uuid.UUID) Cursor { return Cursor{Key: "k", ID: id} }

	for name, c := range map[string]struct{ rows, limit int }{
		"an empty list is one page":      {0, 3},
		"fewer than the page is the end": {2, 3},
		"a full page may be the end":     {3, 3},
	} {
		t.Run(name, func(t *testing.T) {
			rows, next := Cut(ids(c.rows), c.limit, place)
			require.Len(t, rows, c.rows)
			require.Nil(t, next)
		})
	}
	t.Run("one row more is left for the next page, which starts after the last shown", func(t *testing.T) {
		all := ids(4)
		rows, next := Cut(all, 3, place)
		require.Equal(t, all[:3], rows)
		r, err := Parse(nil, next)
		require.NoError(t, err)
		require.Equal(t, all[2], r.After.ID)
	})
}

func TestCutProperty(t *testing.T) {
	t.Run("page after page gives each row once, in order", rapid.MakeCheck(func(t *rapid.T) {
		total, limit := rapid.IntRange(0, 40).Draw(t, "rows"), rapid.IntRange(1, 9).Draw(t, "limit")
		var all, read []string
		for i := range total {
			all = append(all, fmt.Sprintf("%03d", i))
		}
		r := Request{Limit: limit}
		for {
			after := all
			if r.After != nil {
				for len(after) > 0 && after[0] <= r.After.Key {
					after = after[1:]
				}
			}
			rows, next := Cut(after[:min(len(after), limit+1)], limit, func(s string) Cursor { return Cursor{Key: s} })
			read = append(read, rows...)
			if next == nil {
				break
			}
			var err error
			r, err = Parse(&limit, next)
			require.NoError(t, err)
		}
		require.Equal(t, all, read)
	}))
}

func TestLink(t *testing.T) {
	at := func(raw string) context.Context {
		u, err := url.Parse(raw)
		require.NoError(t, err)
		return WithURL(t.Context(), u)
	}
	next := Cursor{Key: "k"}.String()

	t.Run("at the end there is none, nor outside a request", func(t *testing.T) {
		require.Nil(t, Link(at("/v1/dossiers"), nil))
		require.Nil(t, Link(t.Context(), &next))
	})
	t.Run("it keeps every other key of the query, those that repeat too", func(t *testing.T) {
		link := *Link(at("/v1/dossiers?theme=a%26b&theme=%C3%A9%3E&limit=2&cursor=old&mine=true"), &next)
		target, found := strings.CutSuffix(link, `>; rel="next"`)
		require.True(t, found)
		u, err := url.Parse(strings.TrimPrefix(target, "<"))
		require.NoError(t, err)
		require.Equal(t, "/v1/dossiers", u.Path)
		require.Equal(t, url.Values{"theme": {"a&b", "é>"}, "limit": {"2"}, "mine": {"true"}, "cursor": {next}}, u.Query())
	})
	t.Run("nothing in the URL breaks out of the header", func(t *testing.T) {
		link := *Link(at("/v1/tables/a%3E%3B%0Ab?theme=%3E;x%0D%0AX-Evil"), &next)
		require.Equal(t, 1, strings.Count(link, ">"))
		require.NotContains(t, link, "\n")
	})
	t.Run("the URL of the request stays as it was", func(t *testing.T) {
		u := &url.URL{Path: "/v1/dossiers", RawQuery: "limit=2"}
		Link(WithURL(t.Context(), u), &next)
		require.Equal(t, "limit=2", u.RawQuery)
	})
}
