package privacy

import (
	"context"
	"time"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// counts are the evidence by its code; what falls short of the law is marked. No more than numbers leave it.
const counts = `
	select 'wgs-dossiers' as code, count(*), false as shortfall from dossier where basis = 'wgs'
	union all select 'basis-changes', count(*), false from basis_change
	union all select 'third-parties-under-wgs', count(*), true from participant p
		join dossier d on d.municipality_id = p.municipality_id and d.id = p.dossier_id
		join partner a on a.municipality_id = p.municipality_id and a.id = p.partner_id
		where d.basis = 'wgs' and d.shielded_at is null and (p.ends_at is null or p.ends_at > @now) and a.type in @thirds
	union all select 'participations', count(*), false from participant
	union all select 'professionals-without-screening', count(*), true from professional
		where (valid_until is null or valid_until >= @today) and (screening_until is null or screening_until < @today)
	union all select 'professionals-without-secrecy-statement', count(*), true from professional
		where (valid_until is null or valid_until >= @today) and secrecy_accepted_on is null
	union all select 'professionals-without-training', count(*), true from professional
		where (valid_until is null or valid_until >= @today) and trained_on is null
	union all select 'access-lines-of-yesterday', count(*), false from access_line where at >= @yesterday and at < @midnight
	union all select 'dossiers-without-purpose', count(*), true from dossier where purpose = ''
	union all select 'emergency-accesses', count(*), false from emergency_access
	union all select 'emergency-accesses-to-review', count(*), true from emergency_access where reviewed_at is null and review_due < @today
	union all select 'closed-dossiers', count(*), false from dossier where status = 'closed'
	union all select 'closed-dossiers-not-shielded', count(*), true from dossier where status in ('closed', 'rejected') and shielded_at is null
	union all select 'reopenings', count(*), false from reopening
	union all select 'information-requests', count(*), false from information_request
	union all select 'refusals-to-supply', count(*), false from information_request where outcome = 'refused'
	union all select 'items-under-secrecy', count(*), false from item where secret and withdrawn_at is null
	union all select 'secrets-released-without-ground', count(*), true from release r
		join item i on i.municipality_id = r.municipality_id and i.id = r.item_id
		where i.secret and i.secret_ground is null and r.withdrawn_at is null
	union all select 'triages', count(*), false from triage
	union all select 'wgs-dossiers-without-criteria', count(*), true from dossier d
		where d.basis = 'wgs' and d.status in ('active', 'aftercare') and (select t.criteria_met from triage t
			where t.municipality_id = d.municipality_id and t.dossier_id = d.id order by t.decided_at desc limit 1) is not true
	union all select 'links-on-a-ground', count(*), false from link where ground <> ''
	union all select 'priority-entries', count(*), false from priority_entry
	union all select 'priority-entries-to-review', count(*), true from priority_entry where review_on < @today
	union all select 'information-records', count(*), false from information_record
	union all select 'information-duties-overdue', count(*), true from subject join dossier d on d.municipality_id = subject.municipality_id and d.id = subject.dossier_id
		` + lastInforming + ` where d.shielded_at is null and (subject.ends_on is null or subject.ends_on >= @today) and (l.review_on < @today or l.last_id is null and subject.added_at + interval '1 month' < @midnight)
	union all select 'impact-assessments', count(*), false from impact_assessment
	union all select 'withdrawn-advices', count(*), false from impact_assessment where advice_withdrawn_on is not null
	union all select 'corrections', count(*), false from item where corrects is not null
	union all select 'item-withdrawals', count(*), false from item_withdrawal
	union all select 'data-subject-requests', count(*), false from data_subject_request
	union all select 'data-subject-requests-overdue', count(*), true from data_subject_request
		where decided_on is null and (received_on + case when extended_on is null then interval '1 month' else interval '3 months' end)::date < @today
	union all select 'restricted-items', count(*), false from item where restricted and withdrawn_at is null
	union all select 'police-data-without-article', count(*), true from item where category = @police and police_article = '' and withdrawn_at is null
	union all select 'police-data-barred-under-wgs', count(*), true from item i
		join dossier d on d.municipality_id = i.municipality_id and d.id = i.dossier_id
		where d.basis = 'wgs' and i.police_article in ('9', '10') and i.withdrawn_at is null
	union all select 'police-data-past-term', count(*), true from (select added_at from item where category = @police and corrects is null and withdrawn_at is null
		union all select added_at from document where category = @police and withdrawn_at is null) data where added_at < @processed
	union all select 'persons-with-number', count(*), false from person where bsn_sealed is not null and bsn_ground <> ''
	union all select 'destructions', count(*), false from destruction_certificate
	union all select 'disclosures', count(*), false from disclosure where kind = 'third-party' and state = 'disclosed'
	union all select 'feedback-overdue', count(*), true from disclosure join dossier d on d.municipality_id = disclosure.municipality_id and d.id = disclosure.dossier_id
		where d.shielded_at is null and feedback_due_on < @today
	union all select 'hits', count(*), false from disclosure where kind = 'hit' and state = 'disclosed'
	union all select 'data-breaches', count(*), false from data_breach
	union all select 'data-breaches-overdue', count(*), true from data_breach
		where reported_at is null and not_reported_reason = '' and discovered_at < @reported
	union all select 'active-cooperations', count(*), false from cooperation where status = 'active'
	union all select 'wgs-without-active-cooperation', count(*), true from (select from dossier where basis = 'wgs' and shielded_at is null limit 1) there
		where not exists (select from cooperation where basis = 'wgs' and status = 'active')`

// countEvidence counts what the records of the municipality show; the product itself counts, for who may read no record.
func countEvidence(ctx context.Context, thirds []string, mark []byte, now, today time.Time, zone *time.Location) (all []Evidence, err error) {
	midnight := time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, zone)
	err = db.Conn(ctx).Raw(counts, map[string]any{
		"now": now, "midnight": midnight, "yesterday": midnight.AddDate(0, 0, -1), "today": today, "thirds": thirds, "police": int(authz.Police),
		"reported": now.Add(-reportWithin), "processed": dossier.PoliceFrom(now),
	}).Scan(&all).Error
	if err != nil {
		return nil, err
	}
	sealed, older, err := countSeals(ctx, mark)
	return append(all, Evidence{Code: "sealed-values", Count: sealed}, Evidence{Code: "values-under-older-key", Count: older, Shortfall: true}), err
}
