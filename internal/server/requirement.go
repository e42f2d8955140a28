package server

import (
	"context"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/labstack/echo/v4"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// withoutDossiers tells whether an operation is of those that a professional may call before he meets the requirements
// of the municipality: about the organisation, the lists and himself.
func withoutDossiers(o *openapi3.Operation) bool {
	return slices.ContainsFunc(o.Tags, func(tag string) bool { return tag == "meta" || tag == "configuration" || tag == "organisation" })
}

// fit refuses who does not meet the requirements of the municipality, also when that happens during the request or on
// an open stream (Wgs 1.11, BGS 1.11 and 1.17).
func (s *server) fit(c echo.Context) error {
	ctx := c.Request().Context()
	who, err := identity.From(ctx)
	if err != nil {
		return err
	}
	if len(who.Unmet) > 0 && who.Renew != nil { // he may have met them since
		if who, err = who.Renew(ctx); err != nil {
			return err
		}
	}
	if err := meets(who); err != nil {
		return err
	}
	c.SetRequest(c.Request().WithContext(identity.With(ctx, watched(who))))
	return nil
}

// watched is an identity that ends when it is made anew and no longer meets the requirements.
func watched(who identity.Identity) identity.Identity {
	renew := who.Renew
	if renew == nil {
		return who
	}
	who.Renew = func(ctx context.Context) (identity.Identity, error) {
		again, err := renew(ctx)
		if err != nil {
			return again, err
		}
		return watched(again), meets(again)
	}
	return who
}

// meets says what the first requirement is that somebody does not meet, and what he can do.
func meets(who identity.Identity) error {
	if len(who.Unmet) == 0 {
		return nil
	}
	switch who.Unmet[0] {
	case identity.Secrecy:
		return problem.Errorf(problem.Forbidden, "First accept the statement of secrecy, by PUT /v1/me/secrecy-statement (Wgs 1.11).")
	case identity.Screening:
		return problem.Errorf(problem.Forbidden, "Your screening has ended or is not recorded; ask the administrator of your organisation (BGS 1.11).")
	default:
		return problem.Errorf(problem.Forbidden, "Your training is not recorded; ask the administrator of your organisation (BGS 1.17).")
	}
}
