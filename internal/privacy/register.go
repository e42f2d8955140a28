package privacy

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/configuration"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/matrix"
)

// actReadRegister is reading the register of processing.
const actReadRegister = "processing-register.read"

// Register is the register of processing at one moment (AVG 30). It is made when asked and never kept.
type Register struct {
	Matrix     matrix.Version
	Activities []Activity
	Records    []Processing
}

// Processing is the processing of one information category (AVG 30(1)).
type Processing struct {
	configuration.Processing
	LegalRef    string
	Sensitivity string
	Recipients  []authz.Cell
	Terms       []Term // one per basis on which a dossier can rest
}

// Term is for how many calendar months from the first processing is kept under a basis.
type Term struct {
	Basis    string
	Months   int
	LegalRef string
}

// bases are those that a dossier can rest on: the Wams is not in force.
func bases() []string {
	return slices.DeleteFunc(authz.Bases(), func(basis string) bool { return basis == "wams" })
}

// terms are those of the bases that a dossier can rest on, as the rules are now (AVG 30(1)f).
func terms(rules []RetentionRule) (all []Term) {
	for _, basis := range bases() {
		rule := ruleOf(rules, "dossier-"+basis)
		all = append(all, Term{Basis: basis, Months: *rule.Months, LegalRef: rule.Source})
	}
	return all
}

// receives tells whether a cell says something about who receives: all but a partner type that has nothing in any kind of
// dossier, which is what it has without a cell. A narrower cell that takes away stays.
func receives(c authz.Cell) bool {
	return c.Level != authz.None || c.PartnerID != uuid.Nil || c.DossierType != authz.AllTypes
}

// table writes the register as CSV (RFC 4180). Every value is made of codes, ids and numbers, so none can begin a formula in a
// spreadsheet and none needs a quote.
func (r Register) table() []byte {
	var table bytes.Buffer
	table.WriteString("category,purposes,bases,data_subjects,recipients,terms\r\n")
	for _, p := range r.Records {
		recipients := make([]string, len(p.Recipients))
		for i, c := range p.Recipients {
			partner := c.PartnerType
			if c.PartnerID != uuid.Nil {
				partner = c.PartnerID.String()
			}
			recipients[i] = partner + "/" + c.DossierType + "/" + string(c.Level)
		}
		fields := []string{p.Category, strings.Join(p.Purposes, " "), strings.Join(p.bases(), " "), strings.Join(p.Subjects, " "), strings.Join(recipients, " "), p.months()}
		table.WriteString(strings.Join(fields, ",") + "\r\n")
	}
	return table.Bytes()
}

func (p Processing) bases() (all []string) {
	for _, t := range p.Terms {
		all = append(all, t.Basis)
	}
	return all
}

func (p Processing) months() string {
	var all []string
	for _, t := range p.Terms {
		all = append(all, fmt.Sprintf("%s/%d", t.Basis, t.Months))
	}
	return strings.Join(all, " ")
}
