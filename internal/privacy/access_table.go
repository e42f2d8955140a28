package privacy

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// table writes lines as CSV (RFC 4180): moments, codes and ids only, none of which can begin a formula in a spreadsheet.
func (in AccessLog) table() ([]byte, error) {
	var out bytes.Buffer
	rows := csv.NewWriter(&out)
	rows.UseCRLF = true
	all := [][]string{{
		"at", "operation", "acts", "professional_id", "partner_id", "client_id", "roles", "stands_in_for", "seen_as_partner_id", "seen_as_professional_id", "dossier_id",
		"subject_type", "subject_id", "categories", "grounds", "basis", "purpose", "outcome", "status", "trace_id", "span_id",
	}}
	for _, l := range in.Rows {
		var instead []string
		for _, id := range l.StandsInFor {
			instead = append(instead, id.String())
		}
		all = append(all, []string{
			l.At.UTC().Format(time.RFC3339Nano), l.Operation, strings.Join(l.Acts, " "), idText(l.ProfessionalID), idText(l.PartnerID), idText(l.ClientID),
			strings.Join(l.Roles, " "), strings.Join(instead, " "), idText(l.SeenAsPartnerID), idText(l.SeenAsProfessionalID), idText(l.DossierID), l.SubjectType, idText(l.SubjectID),
			strings.Join(l.slugs(), " "), strings.Join(l.Grounds, " "), l.Basis, l.Purpose, l.Outcome, strconv.Itoa(l.Status), l.TraceID, l.SpanID,
		})
	}
	err := rows.WriteAll(all)
	return out.Bytes(), err
}

// idText is an id, empty for none.
func idText(id *uuid.UUID) string {
	if id == nil {
		return ""
	}
	return id.String()
}
