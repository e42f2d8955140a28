package server_test

import (
	"testing"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

func TestAllowedOperationsOfAnEmergencyAccess(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	_, number := urgent(t, w)
	for _, who := range []string{"housing", "director", "case-director", "chair", "privacy-officer"} {
		t.Run(who, func(t *testing.T) {
			path := w.As(t, "housing").Post(glass, inNeed(number)).Want(created).Place()
			on := []attempt{
				reading("getEmergencyAccess", path), posting("endEmergencyAccess", path+"/endings", path, live.M{}),
				posting("reviewEmergencyAccess", path+"/reviews", path, live.M{"outcome": "justified", "findings": "Het kon niet wachten."}),
			}
			holds(t, w, who, "/v1/dossiers/{dossierId}/emergency-accesses/{accessId}", path, on)
			w.As(t, "housing").Post(path+"/endings", live.M{}, anyTag)
			holds(t, w, who, "/v1/dossiers/{dossierId}/emergency-accesses/{accessId}", path, on)
		})
	}
}

func TestAllowedOperationsOfAnAccessRequest(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	for _, who := range []string{"police", "director", "mental-health"} {
		t.Run(who, func(t *testing.T) {
			path := w.As(t, "police").Post(requests, asking(w, f, "mental-health")).Want(created).Place()
			on := []attempt{
				reading("getAccessRequest", path),
				posting("answerAccessRequest", path+"/answers", path, live.M{"outcome": "granted", "note": "Ja."}),
			}
			holds(t, w, who, "/v1/access-requests/{accessRequestId}", path, on)
			w.As(t, "director").Post(path+"/answers", live.M{"outcome": "granted", "note": "Ja."}, anyTag)
			holds(t, w, who, "/v1/access-requests/{accessRequestId}", path, on)
		})
	}
}
