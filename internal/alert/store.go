package alert

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// line is an alert with the event behind it.
type line struct {
	AlertID        uuid.UUID
	AcknowledgedAt *time.Time
	Named, ByRule  bool
	delivery.Event
}

// Filter is what a list of alerts is limited to; nil does not limit.
type Filter struct {
	Acknowledged *bool
	DossierID    *uuid.UUID
	Kind         *string // as the reader is told it; see keep
	Since        *time.Time
}

// own is a query on the inbox of one professional; not of those for whom he stands in, who have
// their own lines.
func own(ctx context.Context, who identity.Identity) *gorm.DB {
	return db.Conn(ctx).Table("alert").
		Where("alert.municipality_id = ? and alert.professional_id = ?", who.Municipality, who.Professional)
}

func withEvents(q *gorm.DB) *gorm.DB {
	return q.Joins("join my_events e on e.municipality_id = alert.municipality_id and e.seq = alert.seq")
}

const lineColumns = "alert.id as alert_id, alert.acknowledged_at, alert.named, alert.by_rule, e.*"

// newest reads lines before a number, the latest first. What they are told as is not asked here: where a
// page ends must not tell of the kind of a change that its reader may not read.
func newest(ctx context.Context, who identity.Identity, f Filter, before int64, limit int) (lines []line, err error) {
	q := withEvents(own(ctx, who)).Select(lineColumns).Where("alert.seq < ?", before)
	if f.Acknowledged != nil {
		q = q.Where("(alert.acknowledged_at is not null) = ?", *f.Acknowledged)
	}
	if f.DossierID != nil {
		q = q.Where("e.dossier_id = ?", *f.DossierID)
	}
	if f.Since != nil {
		q = q.Where("e.at >= ?", *f.Since)
	}
	err = q.Order("alert.seq desc").Limit(limit).Find(&lines).Error
	return lines, err
}

// following reads lines after a number, the earliest first.
func following(ctx context.Context, who identity.Identity, after int64, limit int) (lines []line, err error) {
	if err := db.PlanOnce(ctx); err != nil {
		return nil, err
	}
	return db.Later[line](withEvents(own(ctx, who)).Select(lineColumns).Where("alert.seq > ?", after).Order("alert.seq").Limit(limit)).Rows()
}

// these reads the lines with these numbers.
func these(ctx context.Context, who identity.Identity, seqs []int64) (lines []line, err error) {
	if err := db.PlanOnce(ctx); err != nil {
		return nil, err
	}
	return db.Later[line](withEvents(own(ctx, who)).Select(lineColumns).Where("alert.seq = any(cast(? as bigint[]))", numbers(seqs)).Order("alert.seq")).Rows()
}

// numbers are an array for the database.
func numbers(all []int64) string {
	texts := make([]string, len(all))
	for i, n := range all {
		texts[i] = strconv.FormatInt(n, 10)
	}
	return "{" + strings.Join(texts, ",") + "}"
}

// heap are open alerts that are read alike.
type heap struct {
	Open          int
	Named, ByRule bool
	delivery.Event
}

// open counts the alerts that are not acknowledged, by what decides whether they may be read.
func open(ctx context.Context, who identity.Identity) (heaps []heap, err error) {
	const alike = `alert.named, alert.by_rule, e.name, e.dossier_id, e.category, e.supplier_id, e.subject_type,
		case when e.subject_type in ('item', 'action', 'link', 'meeting', 'document', 'agenda-proposal', 'access-request', 'information-request') then e.subject_id end`
	q := withEvents(own(ctx, who)).Select(alike + " as subject_id, count(*) as open").Where("alert.acknowledged_at is null")
	err = q.Group(alike).Find(&heaps).Error
	return heaps, err
}

// highest is the number of the latest alert in the inbox; 0 without any.
func highest(ctx context.Context, who identity.Identity) (seq int64, err error) {
	err = own(ctx, who).Select("coalesce(max(seq), 0)").Scan(&seq).Error
	return seq, err
}

// count tells how many of the alerts are in the inbox.
func count(ctx context.Context, who identity.Identity, ids []uuid.UUID) (n int64, err error) {
	err = own(ctx, who).Where("id in ?", ids).Count(&n).Error
	return n, err
}

// acknowledge marks alerts of the caller that are open: those with the ids, or up to a number.
func acknowledge(ctx context.Context, who identity.Identity, w Which, now time.Time) (int64, error) {
	if err := db.Decided(ctx, Alert{ProfessionalID: who.Professional}); err != nil {
		return 0, err
	}
	q := own(ctx, who).Where("acknowledged_at is null")
	if w.UpTo != nil {
		q = q.Where("seq <= ?", *w.UpTo)
	} else {
		q = q.Where("id in ?", w.IDs)
	}
	done := q.Update("acknowledged_at", now)
	return done.RowsAffected, done.Error
}

// insertAlertsSQL and insertDeliveriesSQL take a list for each column: one text, whatever the number of rows, which the
// database plans once.
const insertAlertsSQL = `insert into alert (municipality_id, created_at, id, seq, professional_id, named, by_rule)
select $1, $2, n.* from unnest($3::uuid[], $4::bigint[], $5::uuid[], $6::boolean[], $7::boolean[]) n`

const insertDeliveriesSQL = `insert into delivery (municipality_id, channel, state, attempts, last_answer, created_at, changed_at,
 id, alert_id, professional_id, dossier_id, seq, digest, due_at, tried_from, next_try_at)
select $1, 'email', 'pending', 0, '', $2, $2, n.id, n.alert, n.person, nullif(n.dossier, '00000000-0000-0000-0000-000000000000'), n.seq, n.digest, n.due, n.due, n.due
from unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::bigint[], $8::boolean[], $9::timestamptz[]) n(id, alert, person, dossier, seq, digest, due)`

// insert writes the alerts of one batch of events and their deliveries by mail, all new.
func insert(ctx context.Context, alerts []Alert, deliveries []Delivery) error {
	if len(alerts) == 0 {
		return nil
	}
	var ids, people []uuid.UUID
	var seqs []int64
	var named, byRule []bool
	for _, a := range alerts {
		ids, people, seqs, named, byRule = append(ids, a.ID), append(people, a.ProfessionalID), append(seqs, a.Seq), append(named, a.Named), append(byRule, a.ByRule)
	}
	of := alerts[0]
	all := []db.Statement{{SQL: insertAlertsSQL, Args: []any{of.MunicipalityID, of.CreatedAt, db.IDs(ids), seqs, db.IDs(people), named, byRule}}}
	if len(deliveries) > 0 {
		all = append(all, asDelivered(deliveries))
	}
	return db.Exec(ctx, all...)
}

func asDelivered(deliveries []Delivery) db.Statement {
	var ids, alerts, people, dossiers []uuid.UUID
	var seqs []int64
	var digest []bool
	var due []time.Time
	for _, d := range deliveries {
		ids, alerts, people, dossiers = append(ids, d.ID), append(alerts, d.AlertID), append(people, d.ProfessionalID), append(dossiers, d.DossierID)
		seqs, digest, due = append(seqs, d.Seq), append(digest, d.Digest), append(due, d.DueAt)
	}
	of := deliveries[0]
	return db.Statement{SQL: insertDeliveriesSQL, Args: []any{
		of.MunicipalityID, of.CreatedAt, db.IDs(ids), db.IDs(alerts), db.IDs(people), db.IDs(dossiers), seqs, digest, due,
	}}
}
