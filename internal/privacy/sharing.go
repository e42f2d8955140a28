package privacy

import (
	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/configuration"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// actReadRules is the act on what everybody may know: the matrix and the law that it stands on.
const actReadRules = "matrix.read"

// For what information is shared: within the cooperation (Wgs 1.5), with a third party (Wgs 1.7), with another
// cooperation (Wgs 2.28).
const (
	forCooperation = "cooperation"
	forDisclosure  = "disclosure"
	forAlignment   = "alignment"
)

// The decisions of a check, and what a rule does.
const (
	sharingAllowed     = "allowed"
	sharingConditional = "allowed-with-conditions"
	ruleRefuses        = "refuses"
	ruleCondition      = "condition"
	ruleDuty           = "duty"
)

// SharingQuestion is what is asked: may a supplier share information of a category with a receiver. Either Dossier, or
// Basis with DossierType.
type SharingQuestion struct {
	Supplier, Receiver uuid.UUID
	Category           authz.Category
	Dossier            *uuid.UUID
	Basis, DossierType string
	Purpose            string
}

// SharingRule is a rule of law that applies; Code is of list sharing-rules.
type SharingRule struct{ Code, Effect string }

// SharingCheck is whether it may be shared, and why.
type SharingCheck struct {
	SharingQuestion
	Decision string
	Matrix   *int64         // nil where the matrix does not decide
	Factors  []authz.Factor // of the receiver's right, where the matrix decides
	Rules    []SharingRule
}

// parties are the two partners as they are now, and their types.
type parties struct {
	supplier, receiver organisation.Past
	from, to           configuration.PartnerType
}

func (c *SharingCheck) rule(effect string, codes ...string) {
	for _, code := range codes {
		c.Rules = append(c.Rules, SharingRule{Code: code, Effect: effect})
	}
}

// refusal is the rule that refuses; false when none does.
func (c SharingCheck) refusal() (SharingRule, bool) { return c.first(ruleRefuses) }

func (c SharingCheck) first(effect string) (SharingRule, bool) {
	for _, r := range c.Rules {
		if r.Effect == effect {
			return r, true
		}
	}
	return SharingRule{}, false
}

// lawful adds what holds whatever the purpose is: the legal basis and its ceiling (Wgs 2.25-2.31; AVG 10).
func (c *SharingCheck) lawful(p parties) {
	switch {
	case c.Basis == "wams":
		c.rule(ruleRefuses, "not-in-force")
	case p.supplier.Suspended:
		c.rule(ruleRefuses, "inactive-partner")
	case c.Purpose != forDisclosure && !authz.BasisAdmits(c.Basis, p.from.Third):
		c.rule(ruleRefuses, "no-part")
	case !authz.BasisOpens(c.Basis, c.Category):
		c.rule(ruleRefuses, "closed-category")
	}
}

// ofData adds the conditions that come with the kind of data, whoever receives it.
func (c *SharingCheck) ofData() {
	switch c.Category {
	case authz.Health:
		c.rule(ruleCondition, "medical-secrecy")
	case authz.Police:
		c.rule(ruleCondition, "police-article", "police-term")
	case authz.Judicial:
		c.rule(ruleCondition, "criminal-data")
	}
	if c.Basis == "consent" {
		c.rule(ruleCondition, "consent")
	}
}

// cooperate decides as the matrix does on a receiver that takes part by name, for information of the supplier that it
// released to him; what he sees only after release has that as a condition.
func (c *SharingCheck) cooperate(p parties, matrix int64) {
	f := authz.Facts{
		Who: p.receiver.Identity, Profile: authz.Profile(c.DossierType, c.Basis), Item: true, Acts: authz.Seeing, NoMatrix: matrix == 0,
		Suspended: p.receiver.Suspended, Resource: authz.Resource{Category: c.Category, Supplier: c.Supplier, Released: true},
	}
	f.Ways = []authz.Way{{Admission: authz.Admission{Kind: authz.ByParticipation, Profile: f.Profile}, Grants: authz.None}}
	e := authz.Explain(f)
	if matrix > 0 {
		c.Matrix = &matrix
	}
	c.Factors = e.Factors
	c.lawful(p)
	if !e.Allowed {
		c.Decision = refused
		return
	}
	if f.Resource.Released = false; !authz.Explain(f).Allowed {
		c.rule(ruleCondition, "release")
	}
	c.ofData()
	if c.Basis == "wgs" {
		c.rule(ruleDuty, "supply-duty")
	}
}

// disclose decides on a third party (Wgs 1.7, 2.31(11)), which needs no right in the matrix.
func (c *SharingCheck) disclose(p parties) {
	c.lawful(p)
	if p.to.WgsStatus == otherCooperation {
		c.rule(ruleRefuses, "hit-only")
	}
	c.rule(ruleCondition, "ground-and-necessity")
	if needsSupplier(c.Category) {
		c.rule(ruleCondition, "supplier-consent")
	}
	c.ofData()
	c.rule(ruleCondition, "secrecy-statement")
	c.rule(ruleDuty, "yearly-feedback")
}

// needsSupplier tells whether the supplier consents before special or criminal data is passed on (Wgs 2.31(11)).
func needsSupplier(c authz.Category) bool {
	return c == authz.Health || c == authz.Police || c == authz.Judicial
}

// otherCooperation is how the Wgs sees another cooperation, as a RIEC (partnertypen.csv).
const otherCooperation = "samenwerkingsverband"

// align decides on another cooperation (Wgs 2.28, 1.7(8); BGS 1.10).
func (c *SharingCheck) align(p parties) {
	c.lawful(p)
	switch {
	case p.to.WgsStatus != otherCooperation:
		c.rule(ruleRefuses, "not-a-cooperation")
	case c.Category == authz.Health:
		c.rule(ruleRefuses, "never-medical")
	case c.Category != authz.Identity && c.Category != authz.Action:
		c.rule(ruleRefuses, "hit-only")
	default:
		c.rule(ruleCondition, "hit-only")
	}
}

// conclude makes the decision of the rules.
func (c *SharingCheck) conclude() {
	if c.Decision == refused {
		return
	}
	c.Decision = sharingAllowed
	if _, there := c.first(ruleCondition); there {
		c.Decision = sharingConditional
	}
	if _, there := c.refusal(); there {
		c.Decision = refused
	}
}

// decides is the factor that decides; empty where the matrix does not.
func (c SharingCheck) decides() authz.Factor {
	for _, f := range c.Factors {
		if f.Decides {
			return f
		}
	}
	return authz.Factor{}
}

// LegalBasis is a legal basis and what it leaves open.
type LegalBasis struct {
	Basis            string
	InForce          bool
	PartnerTypes     []string // that can take part (Wgs 2.27)
	ClosedCategories []string // to all but their supplier
}

// legalBases follow from the same rules as every decision.
func legalBases(types []configuration.PartnerType) (all []LegalBasis) {
	for _, basis := range authz.Bases() {
		one := LegalBasis{Basis: basis, InForce: authz.BasisAdmits(basis, false)}
		for _, t := range types {
			if authz.BasisAdmits(basis, t.Third) {
				one.PartnerTypes = append(one.PartnerTypes, t.Slug)
			}
		}
		for _, c := range authz.Categories() {
			if !authz.BasisOpens(basis, c) {
				one.ClosedCategories = append(one.ClosedCategories, c.Slug())
			}
		}
		all = append(all, one)
	}
	return all
}
