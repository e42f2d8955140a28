package dossier

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/language"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// defaultStagnationDays counts until a municipality sets another number.
const defaultStagnationDays = 30

// RegieDefault is whom a municipality proposes as holder of each responsibility in each phase (standaard
// regiehouders), and after how many days without a finished action a dossier stagnates. It decides nothing.
type RegieDefault struct {
	MunicipalityID string    `gorm:"primaryKey" etag:"-"`
	ID             uuid.UUID `etag:"-"`
	Version        int64     `etag:"-"` // 0 as long as the product's own table counts
	StagnationDays int
	Holders        []DefaultHolder `gorm:"serializer:json"`
	ChangedAt      time.Time       `etag:"-"`
}

// DefaultHolder is who holds a responsibility in a phase by default.
type DefaultHolder struct {
	Phase          int            `json:"phase"`
	Responsibility Responsibility `json:"responsibility"`
	Kind           HolderKind     `json:"kind"` // household, function or nobody
	Description    string         `json:"description,omitempty"`
}

// Guarded implements db.Row.
func (r RegieDefault) Guarded() uuid.UUID { return r.ID }

// Resource is the defaults, to decide on.
func (r RegieDefault) Resource() authz.Resource { return authz.Resource{ID: r.ID} }

// Inferred tells whether the municipality has set nothing.
func (r RegieDefault) Inferred() bool { return r.Version == 0 }

// of is the proposal for a responsibility in a phase; nil when there is none.
func (r RegieDefault) of(phase int, responsibility Responsibility) *DefaultHolder {
	for i, h := range r.Holders {
		if h.Phase == phase && h.Responsibility == responsibility {
			return &r.Holders[i]
		}
	}
	return nil
}

// check names what is wrong with the holders.
func (r RegieDefault) check() error {
	var wrong problem.Faults
	type cell struct {
		phase int
		of    Responsibility
	}
	named := map[cell]bool{}
	for i, h := range r.Holders {
		at := fmt.Sprintf("/holders/%d", i)
		if (h.Kind == ByFunction) != (h.Description != "") {
			wrong.Note(at+"/description", "kind", "A function is described for kind function, and only for that.")
		}
		if named[cell{h.Phase, h.Responsibility}] {
			wrong.Note(at+"/responsibility", "twice", "Name one holder of each responsibility.")
		}
		named[cell{h.Phase, h.Responsibility}] = true
	}
	return wrong.Err()
}

// regieDefaults is the product's own table. Only that the household directs its own life in phase 1, and which
// responsibilities there are, is published (handbook of the AVE model; Utrecht 2022); the rest is our inference,
// which is why a municipality can replace it.
func regieDefaults(municipality string, tag language.Tag) RegieDefault {
	r := RegieDefault{MunicipalityID: municipality, ID: uuid.Must(uuid.NewV7()), StagnationDays: defaultStagnationDays}
	function := func(nl, en string) DefaultHolder {
		return DefaultHolder{Kind: ByFunction, Description: language.Text{NL: nl, EN: en}.In(tag)}
	}
	caseDirector := function("casusregisseur", "case director")
	for i, phase := range [][]DefaultHolder{
		{{Kind: ByHousehold}, {Kind: ByNobody}, function("reguliere voorzieningen", "ordinary services"), {Kind: ByNobody}},
		{
			function("huishouden met een professional van het wijkteam", "household with a professional of the social team"),
			function("procesregisseur op verzoek", "process director on request"),
			function("teamleider van de uitvoerende organisatie", "team leader of the organisation that leads"),
			function("wethouder op afstand", "alderman at a distance"),
		},
		{
			caseDirector,
			function("gemeentelijk procesregisseur", "process director of the municipality"),
			function("manager sociaal domein of openbare orde en veiligheid", "manager of the social domain or of public order"),
			function("wethouder en burgemeester, geïnformeerd", "alderman and mayor, informed"),
		},
		{
			caseDirector,
			function("procesregisseur met doorzettingsmacht", "process director with the power to break a deadlock"),
			function("crisis- of managementtafel", "crisis or management table"),
			function("burgemeester (veiligheid) en wethouder (zorg)", "mayor (safety) and alderman (care)"),
		},
	} {
		for of, holder := range phase {
			holder.Phase, holder.Responsibility = i+1, Responsibilities()[of]
			r.Holders = append(r.Holders, holder)
		}
	}
	return r
}
