package configuration

import (
	"strings"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/language"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

const enumerations = "enumerations.csv"

// Service answers from lists that are read once. It keeps no state, needs no transaction and no
// identity, and is safe for concurrent use.
type Service struct {
	lists        []List
	partnerTypes []PartnerType
	lifeDomains  []LifeDomain
	terms        []Term
	processings  []Processing
}

// New reads the embedded lists.
func New() *Service {
	s := &Service{partnerTypes: readPartnerTypes(), lifeDomains: readLifeDomains(), terms: readTerms(), processings: readProcessings()}
	for _, spec := range read("lists.csv") {
		list := readList(spec)
		s.lists = append(s.lists, list)
		s.terms = append(s.terms, list.terms()...)
	}
	return s
}

// Lists gives every code list.
func (s *Service) Lists() []List { return s.lists }

// List gives one code list. It fails with problem.NotFound.
func (s *Service) List(name string) (List, error) {
	for _, l := range s.lists {
		if l.Name == name {
			return l, nil
		}
	}
	return List{}, problem.Errorf(problem.NotFound, "There is no such code list; see GET /v1/code-lists.")
}

// Has tells whether there is a code list with this name that has the code.
func (s *Service) Has(list, code string) bool {
	l, err := s.List(list)
	return err == nil && l.Has(code)
}

// Attribute is what a code list tells of a code beside its label; false when there is no such code.
func (s *Service) Attribute(list, code, name string) (string, bool) {
	l, _ := s.List(list)
	for _, c := range l.Codes {
		if c.Code == code {
			return c.Attributes[name], true
		}
	}
	return "", false
}

// Label is what a code of a list is called; false when there is no such code.
func (s *Service) Label(list, code string) (language.Text, bool) {
	l, _ := s.List(list)
	for _, c := range l.Codes {
		if c.Code == code {
			return c.Label, true
		}
	}
	return language.Text{}, false
}

// Terms is the glossary: what every schema of the contract is called, and every code as
// "list/code". A schema such as NewAction, ActionChange or ActionList shares the term of Action.
func (s *Service) Terms() []Term { return s.terms }

// PartnerTypes lists the kinds of partner organisation; the place is the ordinal.
func (s *Service) PartnerTypes() []PartnerType { return s.partnerTypes }

// PartnerType finds a kind of partner organisation by its slug; false when there is none.
func (s *Service) PartnerType(slug string) (PartnerType, bool) {
	for _, t := range s.partnerTypes {
		if t.Slug == slug {
			return t, true
		}
	}
	return PartnerType{}, false
}

// LifeDomains lists the life domains, the social ones first.
func (s *Service) LifeDomains() []LifeDomain { return s.lifeDomains }

// HasLifeDomain tells whether there is a life domain with this slug.
func (s *Service) HasLifeDomain(slug string) bool {
	for _, d := range s.lifeDomains {
		if d.Slug == slug {
			return true
		}
	}
	return false
}

// Categories lists the slugs of the information categories (Wgs 2.30), in the order of their bits.
func (s *Service) Categories() []string { return authz.CategorySlugs() }

// Areas gives the districts and neighbourhoods of a municipality (CBS, 2024) as far as they are
// delivered with the product; none for another municipality.
func (s *Service) Areas(municipality string) (districts, neighbourhoods []Area) {
	for _, r := range read("cbs-wijken-2024-veldhoven-meierijstad.csv") {
		if r["gemeentecode"] == municipality {
			districts = append(districts, Area{Code: r["wijkcode"], Name: r["wijknaam"]})
		}
	}
	for _, r := range read("cbs-buurten-2024-veldhoven.csv") {
		if r["gemeentecode"] == municipality {
			neighbourhoods = append(neighbourhoods, Area{Code: r["buurtcode"], Name: r["buurtnaam"], District: r["wijkcode"]})
		}
	}
	return districts, neighbourhoods
}

// readList makes a list of its line in lists.csv, which says in which file and columns it is.
func readList(spec row) List {
	l := List{Name: spec["name"], Title: language.Text{NL: spec["nl"], EN: spec["en"]}, Source: spec["source"]}
	for _, r := range read(spec["file"]) {
		if spec["file"] == enumerations && r["list"] != l.Name {
			continue
		}
		label := language.Text{NL: r[spec["nl_column"]], EN: r[spec["en_column"]]}
		l.Codes = append(l.Codes, Code{Code: r[spec["code_column"]], Label: label, Attributes: attributes(r, spec["attributes"])})
	}
	return l
}

// terms are the codes of a list as terms. What stands as legal source in our own lists counts only
// when it names an article.
func (l List) terms() []Term {
	terms := make([]Term, 0, len(l.Codes))
	for _, c := range l.Codes {
		source := c.Attributes["legalRef"]
		if !strings.ContainsAny(source, "0123456789") {
			source = ""
		}
		terms = append(terms, Term{Identifier: l.Name + "/" + c.Code, Name: c.Label, LegalSource: source})
	}
	return terms
}

func attributes(r row, columns string) map[string]string {
	if columns == "" {
		return nil
	}
	of := map[string]string{}
	for column := range strings.SplitSeq(columns, ";") {
		if value := r[column]; value != "" {
			of[camel(column)] = value
		}
	}
	return of
}

func readPartnerTypes() []PartnerType {
	var types []PartnerType
	for i, r := range read("partnertypen.csv") {
		types = append(types, PartnerType{
			Slug: r["slug"], LabelNL: r["label_nl"], LabelEN: r["label_en"], Domain: r["domain"],
			WgsStatus: r["wgs_status"], Ordinal: i, Third: !strings.HasPrefix(r["wgs_status"], "deelnemer_"),
		})
	}
	return types
}

func readLifeDomains() []LifeDomain {
	var domains []LifeDomain
	for _, r := range read("leefgebieden-default.csv") {
		domains = append(domains, LifeDomain{
			Slug: r["slug"], Label: language.Text{NL: r["label_nl"], EN: r["label_en"]}, Orientation: r["orientation"],
		})
	}
	return domains
}

func readTerms() []Term {
	var terms []Term
	for _, r := range read("glossary.csv") {
		terms = append(terms, Term{
			Identifier: r["identifier"], Name: language.Text{NL: r["nl"], EN: r["en"]}, LegalSource: r["legal_source"],
		})
	}
	return terms
}
