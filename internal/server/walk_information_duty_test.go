package server_test

import (
	"strings"

	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

const informDesk = "/v1/information-duties"

// informationDuties are whom a dossier is about, and that they were informed.
func (w *walk) informationDuties() []step {
	one := informDesk + "/{informationDutyId}"
	led := statuses{"police": forbidden, "auditor": notFound}
	record := step{op: "recordInforming", by: "case-director", want: created, match: one, not: led, body: func() live.M { return informing(nil) }}
	record.first = func() { w.ids["informationDutyId"] = w.ids["subjectId"] }
	return append(append(shared(ok, "listInformationDuties"), record), inside("police", "getInformationDuty")...)
}

// informingRights are the lines of the table on informing.
func (c *court) informingRights() []right {
	duty := once(func() string { return informDesk + "/" + about(c.T, c.World, c.Case(c.T).Path)["subjectId"] })
	record := func(c *live.Client) *live.Reply { return c.Do("POST", duty()+"/records", informing(nil), anyTag) }
	return []right{
		{"information-duty.keep", "case-director", "case-director", "police", forbidden, record},
		{"information-duty.keep", "municipal-director", "regisseur", "chair", forbidden, record},
	}
}

// informing is that a person was informed today.
func informing(more live.M) live.M {
	return plus(live.M{"outcome": "informed", "informedOn": today(), "manner": "letter"}, more)
}

// waiting is that informing is postponed.
func waiting(more live.M) live.M {
	return plus(live.M{"outcome": "postponed", "postponement": "uavg-41-d", "reviewOn": today()}, more)
}

// dutyOf is the address of the information duty of a subject.
func dutyOf(place string) string { return informDesk + place[strings.LastIndex(place, "/"):] }
