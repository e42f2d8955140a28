package privacy

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// processing reads the lines of the access log that tell of processing: all but what was refused, not found or wrongly asked.
func processing(ctx context.Context, ids []uuid.UUID) (rows []AccessLine, err error) {
	err = db.Mine(ctx, "access_line").Select("municipality_id, id, at, operation, dossier_id, subject_type, subject_id, basis, status, trace_id, span_id").
		Where("id = any(?) and (status < 400 or status >= 500)", db.IDs(ids)).Find(&rows).Error
	return rows, err
}

const addProcessingSQL = `insert into processing_line (municipality_id, id, at, trace_id, parent_span_id, operation, basis, failed, data_subject)
select $1, * from unnest($2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[], $8::boolean[], $9::text[]) on conflict do nothing`

// addProcessing adds lines; one that is there already is not added twice.
func addProcessing(ctx context.Context, municipality string, all []ProcessingLine) error {
	n := len(all)
	ids, times, failed := make(db.IDs, n), make([]time.Time, n), make([]bool, n)
	traces, spans, operations, bases, subjects := make([]string, n), make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	for i, l := range all {
		ids[i], times[i], failed[i] = l.ID, l.At, l.Failed
		traces[i], spans[i], operations[i], bases[i], subjects[i] = l.TraceID, l.ParentSpanID, l.Operation, l.Basis, l.DataSubject
	}
	return db.Exec(ctx, db.Statement{SQL: addProcessingSQL, Args: []any{municipality, ids, times, traces, spans, operations, bases, failed, subjects}})
}

// processingFilter chooses lines; what is nil chooses all.
type processingFilter struct {
	Trace, Subject, Basis *string
	Of                    []string // pseudonyms of one person
	From, Until           *time.Time
}

func listProcessing(ctx context.Context, f processingFilter, p page.Request) (rows []ProcessingLine, err error) {
	q := db.Mine(ctx, "processing_line")
	q = where(q, "trace_id = ?", f.Trace)
	q = where(q, "data_subject = ? and data_subject <> ''", f.Subject)
	q = where(q, "basis = ?", f.Basis)
	q = where(q, "at >= ?", f.From)
	q = where(q, "at < ?", f.Until)
	if f.Of != nil {
		q = q.Where("data_subject in ? and data_subject <> ''", f.Of)
	}
	if q, err = db.NewestFirst(q, "at", p); err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}
