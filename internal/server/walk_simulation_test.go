package server_test

// simulation asks what the draft would change; it comes between drafting and publishing.
func (w *walk) simulation() step {
	return step{op: "simulateMatrix", by: "director", want: ok, not: statuses{"chair": forbidden, "auditor": forbidden, "police-system": forbidden}, own: ok}
}
