package server_test

import (
	"slices"
	"time"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// exceptions are what the director decides in one dossier beside the matrix, and what a supplier keeps back.
func (w *walk) exceptions() []step {
	return slices.Concat(w.matrixExceptions(), w.grants(), w.withholdings())
}

// undirected is who may not decide on access; who directs the dossier reads what was decided.
func undirected() statuses {
	return statuses{"auditor": notFound, "police": forbidden, "case-director": forbidden, "police-system": forbidden}
}

func overseen(operations ...string) []step {
	return each(operations, func(op string) step {
		return step{op: op, by: "case-director", want: ok, not: statuses{"auditor": notFound, "police": forbidden}}
	})
}

func (w *walk) matrixExceptions() []step {
	steps := []step{{op: "makeMatrixException", by: "director", want: created, keep: "exceptionId", not: undirected(), body: func() live.M {
		return live.M{"partnerId": w.Partner("police"), "until": "2199-03-01T00:00:00+01:00"}
	}}}
	steps = append(steps, overseen("listMatrixExceptions", "getMatrixException", "listMatrixExceptionRevocations")...)
	steps = append(steps, step{op: "revokeMatrixException", by: "director", want: created, keep: "revocationId", not: undirected(),
		match: "/v1/dossiers/{dossierId}/matrix-exceptions/{exceptionId}"})
	return append(steps, overseen("getMatrixExceptionRevocation")...)
}

func (w *walk) grants() []step {
	steps := []step{{op: "grantAccess", by: "director", want: created, keep: "grantId", not: undirected(), body: func() live.M {
		return live.M{"professionalId": w.Person("housing"), "until": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)}
	}}}
	steps = append(steps, overseen("listGrants", "getGrant", "listGrantRevocations")...)
	steps = append(steps, step{op: "revokeGrant", by: "director", want: created, keep: "grantRevocationId", not: undirected(),
		match: "/v1/dossiers/{dossierId}/grants/{grantId}"})
	return append(steps, overseen("getGrantRevocation")...)
}

func (w *walk) withholdings() []step {
	steps := []step{{op: "withholdItem", by: "police", want: created, keep: "withholdingId", not: statuses{"auditor": notFound, "social": notFound},
		body: func() live.M { return live.M{"partnerId": w.Partner("housing")} }}}
	steps = append(steps, inside("police", "listWithholdings", "getWithholding", "listLiftings")...)
	steps = append(steps, step{op: "liftWithholding", by: "police", want: created, keep: "liftingId", not: statuses{"auditor": notFound, "director": notFound},
		match: "/v1/dossiers/{dossierId}/items/{itemId}/withholdings/{withholdingId}"})
	return append(steps, inside("police", "getLifting")...)
}
