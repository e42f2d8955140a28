package oversight

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// Factor is one factor of a right, with where it comes from.
type Factor struct {
	authz.Factor
	Value        string // a level, a role, a legal basis or a ground; empty without one
	Source       *Source
	Since, Until *time.Time
}

// Source is where a factor comes from.
type Source struct {
	Kind    string // code of list access-sources
	ID      *uuid.UUID
	Version *int64 // of the matrix
	Cell    *authz.Cell
	Partner *uuid.UUID
}

// Need is what would have to change, and whom to ask.
type Need struct {
	authz.Factor
	Ask      string     // code of list access-addressees
	Supplier *uuid.UUID // when it is he
}

// reason finds what the factors of one decision come from.
type reason struct {
	*scene
	facts      authz.Facts
	admissions []dossier.Admission
	subject    organisation.Past
	of         aspect
}

func (r reason) factor(f authz.Factor) (Factor, error) {
	if f.Way >= 0 {
		return r.ofWay(f), nil
	}
	if f.Factor == authz.FactorCell {
		return r.ofCell(f)
	}
	out := Factor{Factor: f}
	who := r.facts.Who
	switch f.Factor {
	case authz.FactorPartner:
		out.Source, out.Since = &Source{Kind: "standing", ID: &who.Partner, Partner: &who.Partner}, &r.subject.PartnerSince
	case authz.FactorProfessional:
		out.Source, out.Since = &Source{Kind: "standing", ID: &who.Professional, Partner: &who.Partner}, r.subject.Since
		if r.subject.ValidUntil != nil {
			out.Value = r.subject.ValidUntil.Format(time.DateOnly)
		}
	case authz.FactorMatrix:
		if r.matrix.Number > 0 {
			out.Source = &Source{Kind: "matrix-version", Version: &r.matrix.Number}
		}
	case authz.FactorException:
		r.ofException(&out)
	case authz.FactorBasis, authz.FactorCeiling:
		out.Value, out.Source = string(r.Dossier.Basis), &Source{Kind: "legal-basis"}
	case authz.FactorState:
		out.Source = &Source{Kind: "dossier-state", ID: &r.Dossier.ID}
	default:
		r.ofItem(&out)
	}
	return out, nil
}

// ofWay is a factor of one admission.
func (r reason) ofWay(f authz.Factor) Factor {
	a := r.admissions[f.Way]
	out := Factor{Factor: f, Since: &a.Since, Until: a.Until, Source: &Source{Kind: sourceOf(a), ID: &a.Source}}
	if a.PartnerID != uuid.Nil {
		out.Source.Partner = &a.PartnerID
	}
	switch f.Factor {
	case authz.FactorGrant:
		out.Value = string(r.facts.Ways[f.Way].Grants)
	case authz.FactorRole:
		out.Value, out.Source.Kind, out.Source.ID = strings.Join(rolesIn(a), ", "), "role", &r.Dossier.ID
	}
	return out
}

// sourceOf is the kind of record from which an admission follows.
func sourceOf(a dossier.Admission) string {
	switch a.Kind {
	case authz.ByParticipation:
		return "participation"
	case authz.ByRole:
		return "role"
	}
	return a.Kind
}

// rolesIn is what the holder of an admission is in the dossier.
func rolesIn(a dossier.Admission) []string {
	roles := []string{}
	if a.Roles&authz.RoleCaseDirector != 0 {
		roles = append(roles, "case-director")
	}
	if a.Roles&authz.RoleChair != 0 {
		roles = append(roles, "chair")
	}
	return roles
}

// ofCell is the factor of the cell that counts, for the partner or for the role municipal director.
func (r reason) ofCell(f authz.Factor) (out Factor, err error) {
	var cell authz.Cell
	var found bool
	if f.Way == authz.DirectorWays {
		cell, found, err = r.matrix.Director(string(r.Dossier.Type), r.of.category)
	} else {
		cell, found, err = r.matrix.Cell(r.facts.Who.Partner, r.facts.Who.PartnerType, string(r.Dossier.Type), r.of.category)
	}
	out = Factor{Factor: f, Value: string(authz.None)}
	if r.matrix.Number > 0 {
		out.Source = &Source{Kind: "matrix-cell", Version: &r.matrix.Number}
	}
	if found {
		out.Value, out.Source.Cell = string(cell.Level), &cell
	}
	return out, err
}

func (r reason) ofException(out *Factor) {
	e := r.exception(r.facts.Who.Partner, r.of.category, r.facts.Ways)
	if e == nil {
		return
	}
	out.Value, out.Since, out.Until = string(e.Level), &e.Since, e.Until
	out.Source = &Source{Kind: "exception", ID: &e.ID, Partner: &e.PartnerID}
}

// ofItem is a factor of the one item that is asked about.
func (r reason) ofItem(out *Factor) {
	i := r.of.item
	if i == nil {
		return
	}
	from := func(kind string) *Source { return &Source{Kind: kind, ID: &i.ID, Partner: &i.SupplierID} }
	switch out.Factor.Factor {
	case authz.FactorItem:
		out.Since = &i.AddedAt
	case authz.FactorSupplier:
		out.Source = from("participation")
		out.Source.ID = nil
	case authz.FactorSecrecy:
		if i.Secret {
			out.Source = from("secrecy")
		}
		if i.SecretGround != nil {
			out.Value = *i.SecretGround
		}
	case authz.FactorCondition:
		if out.Effect == authz.Limits {
			out.Value, out.Source = r.facts.Who.PartnerType, from("item-condition")
		}
	case authz.FactorWithholding:
		if out.Effect == authz.Limits {
			out.Source = from("withholding")
		}
	case authz.FactorRelease:
		if release := i.Released(r.facts.Who.Partner); release != nil {
			out.Source, out.Since, out.Until = from("release"), &release.ReleasedAt, release.Until
			out.Source.ID = &release.ID
		}
	case authz.FactorRestriction:
		if i.Restricted {
			out.Source = from("restriction")
		}
	}
}

// need is what would have to change, and whom to ask.
func (r reason) need(f authz.Factor) Need {
	n := Need{Factor: f, Ask: "municipal-director"}
	switch f.Factor {
	case authz.FactorPartner, authz.FactorProfessional:
		n.Ask = "administrator"
	case authz.FactorAdmission, authz.FactorBasis:
		n.Ask = "case-director"
	case authz.FactorCeiling, authz.FactorItem:
		n.Ask = "nobody"
	case authz.FactorRestriction:
		n.Ask = "privacy-officer"
	case authz.FactorSupplier, authz.FactorSecrecy, authz.FactorCondition, authz.FactorWithholding, authz.FactorRelease:
		n.Ask = "supplier"
		if r.of.item != nil {
			n.Supplier = &r.of.item.SupplierID
		}
	}
	return n
}
