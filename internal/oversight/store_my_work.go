package oversight

import (
	"context"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/meeting"
	"github.com/wijkregie/wijkregie/internal/plan"
)

// whose is whose work is read: of one, and of those for whom he stands in, in his partner.
type whose struct {
	People            db.IDs
	Partner           uuid.UUID
	Now               time.Time
	Today, WeekEndsOn time.Time // dates
}

func workOf(who identity.Identity, now, today time.Time) whose {
	return whose{People: who.ActsFor(now), Partner: who.Partner, Now: now, Today: today, WeekEndsOn: sunday(today)}
}

// What somebody is in a dossier, and what is his of an action.
const (
	directsIt = "coalesce(dossier.case_director_id = any(cast(@people as uuid[])), false)"
	chairsIt  = "coalesce(dossier.chair_id = any(cast(@people as uuid[])), false)"
	takesPart = "coalesce((select true from my_admissions m where m.dossier_id = dossier.id and m.kind <> 'director' limit 1), false)"
	isHis     = "coalesce(action.professional_id = any(cast(@people as uuid[])), false)"
)

func (w whose) named() map[string]any {
	return map[string]any{"people": w.People, "partner": w.Partner, "today": w.Today, "sunday": w.WeekEndsOn}
}

// mine are the open dossiers that somebody directs, chairs or takes part in.
func (w whose) mine(ctx context.Context) *gorm.DB {
	return open(ctx, Among{}).Where("("+directsIt+" or "+chairsIt+" or "+takesPart+")", w.named())
}

// phased are dossiers in a phase.
type phased struct{ Phase, Directs, Chairs, TakesPart, Total int }

func (w whose) phases(ctx context.Context) *db.Answer[phased] {
	return db.Later[phased](w.mine(ctx).Select("regie_phase as phase, count(*) filter (where "+directsIt+") as directs, count(*) filter (where "+chairsIt+
		") as chairs, count(*) filter (where "+takesPart+") as takes_part, count(*) as total", w.named()).Group("regie_phase").Order("regie_phase"))
}

// myDossier is a dossier with what somebody is in it.
type myDossier struct {
	ID                         uuid.UUID
	Directs, Chairs, TakesPart bool
}

func (w whose) roles(ctx context.Context) *db.Answer[myDossier] {
	return db.Later[myDossier](w.mine(ctx).Select("dossier.id, "+directsIt+" as directs, "+chairsIt+" as chairs, "+takesPart+" as takes_part", w.named()).
		Order("changed_at desc, id desc").Limit(mostMine))
}

func dossiersWith(ctx context.Context, ids []uuid.UUID) *db.Answer[dossier.Dossier] {
	return db.Later[dossier.Dossier](db.Mine(ctx, "dossier").Where("id = any(?)", db.IDs(ids)).Order("changed_at desc, id desc"))
}

// tasks are the open actions of somebody or his partner.
func (w whose) tasks(ctx context.Context) *gorm.DB {
	return db.Mine(ctx, "action").Where("action.status = 'open' and (action.partner_id = @partner or "+isHis+")", w.named())
}

// taskCount are open actions that are his own or not.
type taskCount struct {
	Own                 bool
	Open, Overdue, Week int
}

func (w whose) taskCounts(ctx context.Context) *db.Answer[taskCount] {
	return db.Later[taskCount](w.tasks(ctx).Select(isHis+" as own, count(*) as open, count(*) filter (where due_date < @today) as overdue, "+
		"count(*) filter (where due_date between @today and @sunday) as week", w.named()).Group("own"))
}

func (w whose) earliestTasks(ctx context.Context) *db.Answer[plan.Action] {
	return db.Later[plan.Action](w.tasks(ctx).Order("due_date, id").Limit(mostMine))
}

// meetings are the planned ones that somebody leads or is invited to and that have not ended.
func (w whose) meetings(ctx context.Context) *gorm.DB {
	return db.Mine(ctx, "meeting").Where(`meeting.status = 'planned' and meeting.ends_at >= @now and (meeting.chair_id = any(cast(@people as uuid[])) or
		(select true from invitation i where i.municipality_id = meeting.municipality_id and i.meeting_id = meeting.id and i.professional_id = any(cast(@people as uuid[])) limit 1))`,
		map[string]any{"people": w.People, "now": w.Now})
}

func (w whose) meetingCount(ctx context.Context) *db.Answer[meetingCount] {
	return db.Later[meetingCount](w.meetings(ctx).Select("count(*) as many"))
}

func (w whose) firstMeetings(ctx context.Context) *db.Answer[meeting.Meeting] {
	return db.Later[meeting.Meeting](w.meetings(ctx).Order("starts_at, id").Limit(mostMeetings))
}

// notShown are the subjects of events that this is not the place for.
const notShown = "subject_type not in ('matrix-exception', 'grant', 'emergency-access', 'access-request', 'privacy-assertion')"

// mayKnow leaves out what the reader surely may not know, so that little is read in vain: changes of a category of which he sees
// nothing, in dossiers that he does not lead. Some subjects may be known whatever may be read of their category.
const mayKnow = `(dossier_events.category is null or dossier_events.subject_type in ('action', 'information-request')
	or (select true from my_admissions m where m.dossier_id = dossier_events.dossier_id and not m.shielded and ((m.see | m.own | m.released) >> dossier_events.category) & 1 = 1 limit 1)
	or (select true from dossier where dossier.municipality_id = dossier_events.municipality_id and dossier.id = dossier_events.dossier_id and (` + directsIt + " or " + chairsIt + ") limit 1))"

// changes are the last events in his dossiers of lately, before a number. Of each it is still to be said whether he may know it.
func (w whose) changes(ctx context.Context, before int64) *db.Answer[delivery.Event] {
	return db.Later[delivery.Event](db.Mine(ctx, "dossier_events").Where(notShown+" and seq < ? and at >= ? and dossier_id in (?)", before, w.Now.Add(-lately), w.mine(ctx).Select("dossier.id")).
		Where(mayKnow, w.named()).Order("seq desc").Limit(changesAsked))
}
