package server_test

// assessments are how it is on the life domains.
func (w *walk) assessments() []step {
	steps := []step{{op: "addAssessment", by: "police", want: created, keep: "assessmentId", not: statuses{"auditor": notFound, "chair": forbidden}}}
	return append(steps, inside("police", "listAssessments", "getAssessment", "getAssessmentDeltas", "getMultiProblemIndicator")...)
}

// parted ends the link of the walk.
func (w *walk) parted() []step {
	return []step{{op: "endLink", by: "case-director", want: created, match: "/v1/dossiers/{dossierId}/links/{linkId}",
		not: statuses{"auditor": notFound, "police": notFound, "chair": forbidden}}}
}
