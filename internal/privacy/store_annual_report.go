package privacy

import (
	"context"
	"time"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// annualCount is what the database counts of a code of list annual-figures.
type annualCount struct {
	Code  string
	Count int64
}

// annualSQL counts over a year what the records of the municipality show; the policies leave out those of others.
const annualSQL = `
	select 'dossiers-opened-' || b.basis as code, (select count(*) from dossier d where d.basis = b.basis and d.opened_at >= @from and d.opened_at < @until) as count
		from unnest(array['wgs', 'covenant', 'social-domain', 'consent']) b (basis)
	union all select 'dossiers-closed', count(*) from closure where decided_at >= @from and decided_at < @until
	union all select 'reopenings', count(*) from reopening where decided_at >= @from and decided_at < @until
	union all select 'information-requests', count(*) from information_request where asked_at >= @from and asked_at < @until
	union all select 'emergency-accesses', count(*) from emergency_access where since >= @from and since < @until
	union all select 'disclosures', count(*) from disclosure where kind = 'third-party' and disclosed_at >= @from and disclosed_at < @until
	union all select 'hits', count(*) from disclosure where kind = 'hit' and disclosed_at >= @from and disclosed_at < @until
	union all select 'data-subject-requests', count(*) from data_subject_request where recorded_at >= @from and recorded_at < @until
	union all select 'data-breaches', count(*) from data_breach where discovered_at >= @from and discovered_at < @until
	union all select 'destructions', count(*) from destruction_certificate where destroyed_at >= @from and destroyed_at < @until
	union all select 'matrix-versions', count(*) from matrix_version where published_at >= @from and published_at < @until
	union all select 'privacy-audits', count(*) from privacy_audit where extract(year from done_on) = @year`

func countYear(ctx context.Context, from, until time.Time) (all []annualCount, err error) {
	err = db.Conn(ctx).Raw(annualSQL, map[string]any{"from": from, "until": until, "year": from.Year()}).Scan(&all).Error
	return all, err
}
