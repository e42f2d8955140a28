package server_test

// regie is who holds the regie of a dossier, who is involved, whether it stagnates, and what the municipality proposes.
func (w *walk) regie() []step {
	steps := inside("case-director", "getRegieHolders", "listInvolved", "getStagnation")
	return append(append(steps, shared(ok, "getRegieDefaults")...), step{
		op: "setRegieDefaults", by: "director", want: ok, match: "/v1/regie-defaults", not: statuses{"chair": forbidden, "police-system": forbidden}, own: ok,
	})
}
