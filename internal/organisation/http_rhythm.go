package organisation

import (
	"github.com/oapi-codegen/nullable"

	"github.com/wijkregie/wijkregie/api"
)

// newRhythm is the rhythm of a new table; nil without.
func newRhythm(b *api.NewTableRhythm) *Rhythm {
	if b == nil {
		return nil
	}
	return &Rhythm{Interval: Interval(b.Interval), Weekday: string(b.Weekday), StartTime: b.StartTime, Minutes: b.Minutes}
}

// changeRhythm is the rhythm after a change: what is left out stays, null empties.
func changeRhythm(n nullable.Nullable[api.TableRhythmChange], old *Rhythm) *Rhythm {
	if n.IsNull() {
		return nil
	}
	if !n.IsSpecified() {
		return old
	}
	var r Rhythm
	if old != nil {
		r = *old
	}
	change := n.MustGet()
	api.Put(&r.Interval, api.As[Interval](change.Interval))
	api.Put(&r.Weekday, api.As[string](change.Weekday))
	api.Put(&r.StartTime, change.StartTime)
	api.Put(&r.Minutes, change.Minutes)
	return &r
}

func rhythmToAPI(r *Rhythm) nullable.Nullable[api.TableRhythm] {
	if r == nil {
		return nullable.NewNullNullable[api.TableRhythm]()
	}
	return nullable.NewNullableWithValue(api.TableRhythm{
		Interval: api.MeetingInterval(r.Interval), Weekday: api.Weekday(r.Weekday), StartTime: r.StartTime, Minutes: r.Minutes,
	})
}
