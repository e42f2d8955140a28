package server_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// right is a line of "who may do what": in the standing the call succeeds, in a neighbouring one the
// same call is refused.
type right struct {
	act, standing string
	who           string // has the standing and no other that would do
	refused       string // has a standing close to it
	with          int    // what he gets
	call          func(*live.Client) *live.Reply
}

// court is a world in which every standing is held by somebody who holds no other that would do.
type court struct {
	*testing.T
	*live.World
	file  *live.Case        // directed, with everybody in it
	hired map[string]string // tokens of who has one role only
}

// TestWhoMayDoWhat exercises every line of the table over HTTP.
func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	c := openCourt(t)
	var covered []string
	for _, r := range c.rights() {
		covered = append(covered, r.act+", "+r.standing)
		t.Run(r.act+" as "+r.standing, func(t *testing.T) {
			c.as(t, r.refused, r.call).Check(r.with)
			if reply := c.as(t, r.who, r.call); reply.Status >= invalid {
				t.Errorf("%s is %d: %s", r.who, reply.Status, reply.Raw)
			}
		})
	}
	table := actsTable(t)
	for _, line := range table {
		assert.Contains(t, covered, line, "no test exercises this line of the table")
	}
	for _, line := range covered {
		assert.Contains(t, table, line, "the table does not have this line any more")
	}
}

// actsTable is acts.csv as "act, standing".
func actsTable(t *testing.T) (lines []string) {
	t.Helper()
	text, err := os.ReadFile("../kernel/authz/acts.csv")
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		if entry, found := strings.CutPrefix(strings.TrimSpace(line), "p, "); found {
			lines = append(lines, entry)
		}
	}
	return lines
}

// openCourt takes from the matrix what would give chair and case director their rights on actions
// beside their role, and hires who has one role only.
func openCourt(t *testing.T) *court {
	t.Helper()
	c := &court{T: t, World: live.Start(t), hired: map[string]string{}}
	c.Publish(t, "director", levels(matrix.Default(), map[string]authz.Level{
		"public-order action": authz.Read, "social-domain action": authz.Read, "municipal-director action": authz.Read,
	}))
	c.file = c.Case(t)
	c.hire(t, "police-admin", "police", "administrator")
	c.hire(t, "clerk", "director", "administrator")
	c.hire(t, "regisseur", "director", "municipal-director")
	return c
}

// hire registers a colleague of a demo person with one role only.
func (c *court) hire(t *testing.T, short, colleague, role string) {
	t.Helper()
	c.As(t, "director").Post("/v1/professionals", live.Cleared(live.M{
		"partnerId": c.Partner(colleague), "name": "Collega " + short, "email": short + "@veldhoven.example", "roles": []string{role},
		"identities": []live.M{{"issuer": c.URL, "subject": short}},
	})).Want(created)
	token, err := c.Product.Issuer.IssuePerson(short, "GM0861")
	require.NoError(t, err)
	c.hired[short] = token
}

// levels changes cells by "partner-type category".
func levels(cells []authz.Cell, to map[string]authz.Level) []authz.Cell {
	cells = slices.Clone(cells)
	for i, cell := range cells {
		if level, named := to[cell.PartnerType+" "+cell.Category.Slug()]; named {
			cells[i].Level = level
		}
	}
	return cells
}

func (c *court) as(t *testing.T, who string, call func(*live.Client) *live.Reply) *live.Reply {
	t.Helper()
	if who == "nobody" {
		return call(c.Nobody(t))
	}
	if token, hired := c.hired[who]; hired {
		return call(c.With(t, token))
	}
	return call(c.As(t, who))
}

const anyTag = "If-Match: *"

// get, post and patch make calls on what path says at the moment of the call.
func get(path func() string) func(*live.Client) *live.Reply {
	return func(c *live.Client) *live.Reply { return c.Get(path()) }
}

func post(path func() string, body func() live.M) func(*live.Client) *live.Reply {
	return func(c *live.Client) *live.Reply { return c.Post(path(), body(), anyTag) }
}

func patch(path func() string, body live.M) func(*live.Client) *live.Reply {
	return func(c *live.Client) *live.Reply { return c.Patch(path(), "*", body) }
}

func put(path func() string, body live.M) func(*live.Client) *live.Reply {
	return func(c *live.Client) *live.Reply { return c.Do("PUT", path(), body, anyTag) }
}

// at is a path that does not change; once is one that is made at the first call.
func at(path string) func() string { return func() string { return path } }

func fixed(body live.M) func() live.M { return func() live.M { return body } }

func once(make func() string) func() string {
	var made string
	return func() string {
		if made == "" {
			made = make()
		}
		return made
	}
}
