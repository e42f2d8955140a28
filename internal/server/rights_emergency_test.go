package server_test

import "github.com/wijkregie/wijkregie/internal/testkit/live"

// emergencyRights are those on access that somebody takes himself, and on access that he asks for.
func (c *court) emergencyRights() []right {
	number := func(f *live.Case) string { return c.As(c.T, "director").Get(f.Path).Want(ok).Text("number") }
	fresh := func() *live.Case {
		f := c.Opened(c.T, live.M{})
		f.Direct(c.T)
		return f
	}
	taking := func() func() live.M {
		f := fresh()
		return func() live.M { return inNeed(number(f)) }
	}
	taken := func(then string) func() string {
		return once(func() string {
			return c.As(c.T, "housing").Post(glass, inNeed(number(fresh()))).Want(created).Place() + then
		})
	}
	asked := func(supplier string) func() string {
		return once(func() string {
			return c.As(c.T, "police").Post(requests, asking(c.World, c.file, supplier)).Want(created).Place() + "/answers"
		})
	}
	nothing, review := fixed(live.M{}), fixed(live.M{"outcome": "justified", "findings": "Het kon niet wachten."})
	answer := fixed(live.M{"outcome": "granted", "note": "Ja."})
	return []right{
		{"dossier.emergency", "opening-partner", "housing", "police-system", forbidden, post(at(glass), taking())},
		{"emergency.end", "self", "housing", "case-director", forbidden, post(taken("/endings"), nothing)},
		{"emergency.end", "municipal-director", "regisseur", "chair", forbidden, post(taken("/endings"), nothing)},
		{"emergency.review", "municipal-director", "regisseur", "chair", forbidden, post(taken("/reviews"), review)},
		{"emergency.oversee", "municipal-director", "regisseur", "auditor", forbidden, get(at(glass))},
		{"emergency.oversee", "privacy-officer", "privacy-officer", "auditor", forbidden, get(at(glass))},
		{"access.request", "known", "housing", "auditor", notFound, post(at(requests), func() live.M { return asking(c.World, c.file, "") })},
		{"access.answer", "municipal-director", "regisseur", "police", forbidden, post(asked(""), answer)},
		{"access.answer", "supplier", "mental-health", "police", forbidden, post(asked("mental-health"), answer)},
	}
}
