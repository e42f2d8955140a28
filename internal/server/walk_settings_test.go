package server_test

func (w *walk) settings() []step {
	return append(shared(ok, "getSettings"), step{
		op: "updateSettings", by: "director", want: ok, match: "/v1/settings", not: statuses{"chair": forbidden, "police-system": forbidden}, own: ok,
	})
}
