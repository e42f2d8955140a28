package server_test

import "github.com/wijkregie/wijkregie/internal/testkit/live"

func (c *court) documentRights() []right {
	supply := func(by, category string) func() string {
		return once(func() string { return supplied(c.T, c.file, c.World, by, live.M{"category": category}).Place() })
	}
	within := func(path func() string) func() string { return func() string { return path() + "/withdrawals" } }
	home := within(supply("housing", "housing"))
	return []right{
		{"document.read", "see", "mental-health", "police", notFound, get(supply("mental-health", "health"))},
		{"document.add", "add", "police", "social", forbidden, post(at("/v1/documents"), fixed(live.M{
			"dossierId": c.file.ID, "category": "police", "title": "Brief", "kind": "letter", "observedOn": "2026-01-15"}))},
		{"document-withdrawal.read", "supplier", "housing", "police", forbidden, get(home)},
		{"document.change", "supplier", "housing", "police", forbidden, post(home, fixed(live.M{"reason": "Vergissing.", "breach": false}))},
	}
}
