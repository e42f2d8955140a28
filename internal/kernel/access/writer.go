package access

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/trace"
)

// patience bounds how long one batch may take.
const patience = 10 * time.Second

// largest bounds the lines of one batch.
const largest = 2000

// Writer makes lines durable. There is one per process: what comes while a batch is on its way goes together in the next, so that
// many callers share one wait for the disk and a lone caller waits for nobody.
type Writer struct {
	d *db.DB

	mu     sync.Mutex
	queue  []*waiting
	active bool
}

// waiting is one answer that waits for its lines.
type waiting struct {
	lines []Line
	done  chan error
}

// NewWriter makes a writer on the database.
func NewWriter(d *db.DB) *Writer { return &Writer{d: d} }

// Write returns when the lines are durable. It fails when the log cannot be written, or ctx ends first; then nothing that the lines
// are about may leave.
func (w *Writer) Write(ctx context.Context, lines []Line) error {
	if len(lines) == 0 {
		return nil
	}
	mine := &waiting{lines: lines, done: make(chan error, 1)}
	w.mu.Lock()
	w.queue = append(w.queue, mine)
	if !w.active {
		w.active = true
		go w.drain()
	}
	w.mu.Unlock()
	select {
	case err := <-mine.done:
		return err
	case <-ctx.Done():
		return fmt.Errorf("access log: %w", ctx.Err())
	}
}

// Account runs what chooses what leaves by another way than an answer, a mail or a webhook, for the recipient in the context, and
// returns when its lines are durable: nothing may leave when it fails. look tells whether anything leaves at all; otherwise there
// is no line.
func (w *Writer) Account(ctx context.Context, operation string, at time.Time, look func(context.Context) (leaves bool, err error)) error {
	trail := NewTrail(operation, trace.ID(ctx), "")
	ctx = With(ctx, trail)
	Follow(ctx)
	leaves, err := look(ctx)
	if err != nil || !leaves {
		return err
	}
	return w.Write(ctx, trail.Lines(at, http.StatusOK))
}

// drain writes batch after batch until nobody waits.
func (w *Writer) drain() {
	for batch := w.next(); batch != nil; batch = w.next() {
		err := w.send(batch)
		if err != nil { // the connection may have been broken since the last batch; a line that is there is not added twice
			err = w.send(batch)
		}
		for _, one := range batch {
			one.done <- err
		}
	}
}

// next takes what waits, up to the largest batch; nil ends the work.
func (w *Writer) next() []*waiting {
	w.mu.Lock()
	defer w.mu.Unlock()
	count, end := 0, 0
	for end < len(w.queue) && (end == 0 || count+len(w.queue[end].lines) <= largest) {
		count += len(w.queue[end].lines)
		end++
	}
	batch := w.queue[:end:end]
	w.queue = w.queue[end:]
	if end == 0 {
		w.queue, w.active = nil, false
		return nil
	}
	return batch
}

func (w *Writer) send(batch []*waiting) error {
	ctx, done := context.WithTimeout(context.Background(), patience)
	defer done()
	return w.d.Append(ctx, appended(batch)...)
}

// appended are the statements of a batch: one per municipality.
func appended(batch []*waiting) (all []db.Appended) {
	of := map[string][]Line{}
	for _, one := range batch {
		for _, line := range one.lines {
			of[line.Municipality] = append(of[line.Municipality], line)
		}
	}
	for municipality, lines := range of {
		all = append(all, db.Appended{Municipality: municipality, Statement: Insert(municipality, lines)})
	}
	return all
}

const insertSQL = `insert into access_line (municipality_id, id, at, operation, acts, professional_id, partner_id, client_id, roles, stands_in_for,
 seen_as_partner_id, seen_as_professional_id, dossier_id, subject_type, subject_id, categories, grounds, basis, purpose, outcome, status, trace_id, span_id)
select $1, id, at, operation, string_to_array(acts, ' '), nullif(professional, $23), nullif(partner, $23), nullif(client, $23), string_to_array(roles, ' '),
 string_to_array(instead, ' ')::uuid[], nullif(as_partner, $23), nullif(as_professional, $23), nullif(dossier, $23), subject_type, nullif(subject, $23),
 categories, string_to_array(grounds, ' '), basis, purpose, outcome, status, trace, span
from unnest($2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::uuid[], $7::uuid[], $8::uuid[], $9::text[], $10::text[], $11::uuid[], $12::uuid[],
 $13::uuid[], $14::text[], $15::uuid[], $16::bigint[], $17::text[], $18::text[], $19::text[], $20::text[], $21::smallint[], $22::text[], $24::text[])
 as l (id, at, operation, acts, professional, partner, client, roles, instead, as_partner, as_professional, dossier, subject_type, subject, categories,
 grounds, basis, purpose, outcome, status, trace, span) on conflict do nothing`

// Insert is the statement that adds the lines of one municipality.
func Insert(municipality string, lines []Line) db.Statement {
	n := len(lines)
	texts := func(of func(Line) string) []string {
		all := make([]string, n)
		for i, l := range lines {
			all[i] = of(l)
		}
		return all
	}
	ids := func(of func(Line) uuid.UUID) db.IDs {
		all := make(db.IDs, n)
		for i, l := range lines {
			all[i] = of(l)
		}
		return all
	}
	times, masks, statuses := make([]time.Time, n), make([]int64, n), make([]int16, n)
	for i, l := range lines {
		times[i], masks[i], statuses[i] = l.At, l.Sight.Categories, int16(l.Status)
	}
	return db.Statement{SQL: insertSQL, Args: []any{
		municipality, ids(func(l Line) uuid.UUID { return l.ID }), times, texts(func(l Line) string { return l.Operation }),
		texts(func(l Line) string { return joined(l.Acts) }), ids(func(l Line) uuid.UUID { return l.Who.Caller().Professional }),
		ids(func(l Line) uuid.UUID { return l.Who.Caller().Partner }), ids(func(l Line) uuid.UUID { return l.Who.Caller().Client }),
		texts(func(l Line) string { return joined(l.Who.Caller().Roles) }), texts(func(l Line) string { return standsInFor(l.Who.Caller(), l.At) }),
		ids(func(l Line) uuid.UUID { return l.seenAs().Partner }), ids(func(l Line) uuid.UUID { return l.seenAs().Professional }),
		ids(func(l Line) uuid.UUID { return l.Dossier }), texts(func(l Line) string { return l.Subject.Type }),
		ids(func(l Line) uuid.UUID { return l.Subject.ID }), masks, texts(func(l Line) string { return joined(l.Sight.Grounds) }),
		texts(func(l Line) string { return l.Sight.Basis }), texts(func(l Line) string { return l.Purpose }), texts(func(l Line) string { return l.Outcome }),
		statuses, texts(func(l Line) string { return l.Trace }), uuid.Nil, texts(func(l Line) string { return l.Span }),
	}}
}
