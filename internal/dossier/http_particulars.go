package dossier

import (
	"github.com/oapi-codegen/nullable"
	openapi_types "github.com/oapi-codegen/runtime/types"

	"github.com/wijkregie/wijkregie/api"
)

func newParticulars(n *api.NewParticulars) *Particulars {
	if n == nil {
		return nil
	}
	p := &Particulars{
		LivingSituation: api.As[string](n.LivingSituation), Adults: n.Adults, Children: n.Children, Size: n.Size, AgeFrom: n.AgeFrom, AgeUntil: n.AgeUntil,
		Conduct: n.Conduct, Places: n.Places, Times: n.Times, Use: api.As[string](n.Use),
	}
	if n.Since != nil {
		p.Since = &n.Since.Time
	}
	return p
}

// changeParticulars applies a merge patch; what is left out stays.
func changeParticulars(n nullable.Nullable[api.ParticularsChange], old *Particulars) *Particulars {
	if n.IsNull() {
		return nil
	}
	if !n.IsSpecified() {
		return old
	}
	change := n.MustGet()
	var p Particulars
	if old != nil {
		p = *old
	}
	applyCode(change.LivingSituation, &p.LivingSituation)
	applyCode(change.Use, &p.Use)
	api.Apply(change.Adults, &p.Adults)
	api.Apply(change.Children, &p.Children)
	api.Apply(change.Size, &p.Size)
	api.Apply(change.AgeFrom, &p.AgeFrom)
	api.Apply(change.AgeUntil, &p.AgeUntil)
	api.Apply(change.Conduct, &p.Conduct)
	api.Apply(change.Places, &p.Places)
	api.Apply(change.Times, &p.Times)
	if change.Since.IsSpecified() {
		var since *openapi_types.Date
		api.Apply(change.Since, &since)
		p.Since = nil
		if since != nil {
			p.Since = &since.Time
		}
	}
	return &p
}

func applyCode[T ~string](sent nullable.Nullable[T], field **string) {
	if !sent.IsSpecified() {
		return
	}
	var code *T
	api.Apply(sent, &code)
	*field = api.As[string](code)
}

func particularsToAPI(p *Particulars) nullable.Nullable[api.Particulars] {
	if p == nil {
		return nullable.NewNullNullable[api.Particulars]()
	}
	return nullable.NewNullableWithValue(api.Particulars{
		LivingSituation: api.Null(api.As[api.LivingSituation](p.LivingSituation)), Adults: api.Null(p.Adults), Children: api.Null(p.Children),
		Size: api.Null(p.Size), AgeFrom: api.Null(p.AgeFrom), AgeUntil: api.Null(p.AgeUntil), Conduct: api.Null(p.Conduct), Places: api.Null(p.Places),
		Times: api.Null(p.Times), Use: api.Null(api.As[api.PremisesUse](p.Use)), Since: api.NullDate(p.Since),
	})
}
