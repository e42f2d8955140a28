package matrix

import (
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/configuration"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// publicStatus begins the Wgs status of a partner type that takes part by law (Wgs 2.27(1)) and needs no
// covenant.
const publicStatus = "deelnemer_publiek"

// Duty is how many open actions a partner carries out in dossiers of a type and basis.
type Duty struct {
	PartnerID   uuid.UUID
	DossierType string
	Basis       string
	Actions     int
}

// lint is what a matrix is held against before it is published.
type lint struct {
	cells     *snapshot // what is to be published
	current   *snapshot // what is in force; nil before the first
	partners  []organisation.Partner
	types     func(string) (configuration.PartnerType, bool)
	duties    []Duty
	suppliers map[authz.Category][]uuid.UUID
	consents  []Consent
	advised   map[authz.Category]bool // whether an advice on it stands, where there is or was one
	given     int64                   // the categories that a published matrix gave anybody, as bits
	today     time.Time               // a date

	found []Finding
}

// finding is one about this party.
func (p Party) finding(code, dossierType string, c authz.Category) Finding {
	f := Finding{Code: code, PartnerType: p.Type, PartnerID: p.ID, DossierType: dossierType, Category: c}
	if p.ID != uuid.Nil {
		f.PartnerType = ""
	}
	return f
}

// run holds the matrix against every rule.
func (l *lint) run() ([]Finding, error) {
	for _, rule := range []func() error{l.editsWithoutView, l.ownersWithoutDossier, l.nobodyEdits, l.covenants, l.advices, l.widenings} {
		if err := rule(); err != nil {
			return nil, err
		}
	}
	return inOrder(joined(l.found)), nil
}

// parties are the partner types in use, which the role of municipal director always is, and then the
// active partners with cells of their own.
func (l *lint) parties() []Party {
	used := map[string]bool{directorType: true}
	own := map[uuid.UUID]bool{}
	for _, matrix := range []*snapshot{l.cells, l.current} {
		if matrix == nil {
			continue
		}
		for _, c := range matrix.cells {
			own[c.PartnerID] = true
		}
	}
	var apart []Party
	for _, p := range l.partners {
		used[p.Type] = true
		if own[p.ID] {
			apart = append(apart, Party{ID: p.ID, Type: p.Type})
		}
	}
	var all []Party
	for _, slug := range slices.Sorted(maps.Keys(used)) {
		all = append(all, Party{Type: slug})
	}
	return append(all, apart...)
}

// perParty asks a rule about every kind of dossier and category of every party. What a partner has by the
// cells of its type is told of the type alone.
func (l *lint) perParty(code string, holds func(now, before authz.Row, t int, c authz.Category) bool) ([]Finding, error) {
	var found []Finding
	ofType := map[Party]map[int]bool{}
	for _, p := range l.parties() {
		now, before, err := l.rows(p)
		if err != nil {
			return nil, err
		}
		told := ofType[Party{Type: p.Type}]
		if p.ID == uuid.Nil {
			told = map[int]bool{}
			ofType[p] = told
		}
		for t, dossierType := range authz.DossierTypes() {
			for _, c := range authz.Categories() {
				at := t*len(authz.Categories()) + int(c)
				if !holds(now, before, t, c) || told[at] {
					continue
				}
				if p.ID == uuid.Nil {
					told[at] = true
				}
				found = append(found, p.finding(code, dossierType, c))
			}
		}
	}
	return found, nil
}

// rows is what a party gets, and what it has by the matrix in force.
func (l *lint) rows(p Party) (now, before authz.Row, err error) {
	if now, err = l.cells.row(p.ID, p.Type); err != nil || l.current == nil {
		return now, before, err
	}
	before, err = l.current.row(p.ID, p.Type)
	return now, before, err
}

// editsWithoutView finds who may work in dossiers of a kind and never sees who they are about.
func (l *lint) editsWithoutView() error {
	found, err := l.perParty(editWithoutView, func(now, _ authz.Row, t int, c authz.Category) bool {
		return (now[t][c] == authz.Contribute || now[t][c] == authz.Edit) && now[t][authz.Identity].Acts() == 0
	})
	l.found = append(l.found, found...)
	return err
}

// ownersWithoutDossier finds partners that carry out actions which they would no longer see.
func (l *lint) ownersWithoutDossier() error {
	lost := map[Party]map[string]int{}
	for _, p := range l.partners {
		row, err := l.cells.row(p.ID, p.Type)
		if err != nil {
			return err
		}
		kind, _ := l.types(p.Type)
		sight := authz.Subject{PartnerType: kind.Ordinal, Third: kind.Third, Row: row}.Sight()
		at := Party{ID: p.ID, Type: p.Type}
		for _, d := range l.duties {
			profile := authz.Profile(d.DossierType, d.Basis)
			// Where the basis keeps the partner out, no matrix lets it in.
			if d.PartnerID != p.ID || profile < 0 || sight.Admits>>profile&1 == 0 || sight.SeeOwn.At(profile)&authz.Action.Bit() != 0 {
				continue
			}
			if lost[at] == nil {
				lost[at] = map[string]int{}
			}
			lost[at][d.DossierType] += d.Actions
		}
	}
	for at, counts := range lost {
		for dossierType, actions := range counts {
			f := at.finding(ownerWithoutDossier, dossierType, authz.Action)
			f.Actions = actions
			l.found = append(l.found, f)
		}
	}
	return nil
}

// nobodyEdits finds categories that nobody may add to or edit in dossiers of a kind. The roles in a
// dossier always edit theirs.
func (l *lint) nobodyEdits() error {
	const edits = authz.Add | authz.EditOwn | authz.EditAll
	_, byRole, _ := authz.Overlay(authz.RoleCaseDirector)
	var edited [4]int64
	for _, p := range l.parties() {
		row, _, err := l.rows(p)
		if err != nil {
			return err
		}
		for t := range row {
			for c, level := range row[t] {
				if level.Acts()&edits != 0 {
					edited[t] |= authz.Category(c).Bit()
				}
			}
		}
	}
	for t, dossierType := range authz.DossierTypes() {
		for _, c := range authz.Categories() {
			if (edited[t]|byRole)&c.Bit() == 0 {
				l.found = append(l.found, Finding{Code: nobodyEdits, DossierType: dossierType, Category: c})
			}
		}
	}
	return nil
}

// covenants finds partners that get rights and have no covenant today, but for those that take part by law.
func (l *lint) covenants() error {
	for _, p := range l.partners {
		kind, _ := l.types(p.Type)
		if kind.WgsStatus == publicStatus || covenanted(p, l.today) {
			continue
		}
		row, err := l.cells.row(p.ID, p.Type)
		if err != nil {
			return err
		}
		if gives(row) {
			l.found = append(l.found, Finding{Code: noCovenant, PartnerID: p.ID, Category: authz.Core})
		}
	}
	return nil
}

func covenanted(p organisation.Partner, today time.Time) bool {
	return p.CovenantFrom != nil && !p.CovenantFrom.After(today) && (p.CovenantUntil == nil || !p.CovenantUntil.Before(today))
}

// widenings finds who would see more than now of what is sensitive, while a supplier of it did not
// consent. Before the first matrix nothing was agreed with anybody.
func (l *lint) widenings() error {
	if l.current == nil {
		return nil
	}
	const sees = authz.SeeReleased | authz.SeeAll
	missing := map[authz.Category][]uuid.UUID{}
	for _, c := range []authz.Category{authz.Health, authz.Police, authz.Judicial, authz.Subversion} {
		missing[c] = l.withoutConsent(c)
	}
	found, err := l.perParty(widensSensitive, func(now, before authz.Row, t int, c authz.Category) bool {
		return len(missing[c]) > 0 && now[t][c].Acts()&^before[t][c].Acts()&sees != 0
	})
	for _, f := range found {
		f.Suppliers = missing[f.Category]
		l.found = append(l.found, f)
	}
	return err
}

// withoutConsent is the active partners that supplied items of a category and did not consent.
func (l *lint) withoutConsent(c authz.Category) (missing []uuid.UUID) {
	for _, p := range l.partners {
		consented := slices.ContainsFunc(l.consents, func(one Consent) bool { return one.PartnerID == p.ID && one.Category == c })
		if slices.Contains(l.suppliers[c], p.ID) && !consented {
			missing = append(missing, p.ID)
		}
	}
	return missing
}

// joined makes one finding of those that hold for every kind of dossier.
func joined(found []Finding) []Finding {
	type about struct {
		code, partnerType string
		partner           uuid.UUID
		category          authz.Category
	}
	groups := map[about][]Finding{}
	for _, f := range found {
		at := about{f.Code, f.PartnerType, f.PartnerID, f.Category}
		groups[at] = append(groups[at], f)
	}
	var all []Finding
	for _, group := range groups {
		if len(group) == len(authz.DossierTypes()) {
			f := group[0]
			f.DossierType = authz.AllTypes
			for _, one := range group[1:] {
				f.Actions += one.Actions
			}
			group = []Finding{f}
		}
		all = append(all, group...)
	}
	return all
}

// gives tells whether a row lets its partner do anything.
func gives(row authz.Row) bool {
	for _, levels := range row {
		for _, level := range levels {
			if level.Acts() != 0 {
				return true
			}
		}
	}
	return false
}
