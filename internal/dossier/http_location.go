package dossier

import (
	"github.com/oapi-codegen/nullable"

	"github.com/wijkregie/wijkregie/api"
)

func newLocation(n *api.NewLocation) *Location {
	if n == nil {
		return nil
	}
	l := &Location{Kind: string(n.Kind), Street: n.Street, HouseNumber: n.HouseNumber, Postcode: n.Postcode}
	if n.Point != nil {
		l.Point = &Point{Longitude: n.Point.Longitude, Latitude: n.Point.Latitude}
	}
	return l
}

// changeLocation applies a merge patch to a location; what is left out stays, and a location without a
// kind where there was none is for the service to refuse.
func changeLocation(n nullable.Nullable[api.LocationChange], old *Location) *Location {
	if n.IsNull() {
		return nil
	}
	if !n.IsSpecified() {
		return old
	}
	change := n.MustGet()
	var l Location
	if old != nil {
		l = *old
	}
	if change.Kind != nil {
		l.Kind = string(*change.Kind)
	}
	api.Apply(change.Street, &l.Street)
	api.Apply(change.HouseNumber, &l.HouseNumber)
	api.Apply(change.Postcode, &l.Postcode)
	var point *api.Point
	api.Apply(change.Point, &point)
	if change.Point.IsSpecified() {
		l.Point = nil
		if point != nil {
			l.Point = &Point{Longitude: point.Longitude, Latitude: point.Latitude}
		}
	}
	return &l
}

func locationToAPI(l *Location) nullable.Nullable[api.DossierLocation] {
	if l == nil {
		return nullable.NewNullNullable[api.DossierLocation]()
	}
	var point *api.Point
	if l.Point != nil {
		point = &api.Point{Longitude: l.Point.Longitude, Latitude: l.Point.Latitude}
	}
	return nullable.NewNullableWithValue(api.DossierLocation{
		Kind: api.LocationKind(l.Kind), Street: api.Null(l.Street), HouseNumber: api.Null(l.HouseNumber), Postcode: api.Null(l.Postcode),
		Point: api.Null(point),
	})
}
