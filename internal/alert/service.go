package alert

import (
	"context"
	"log/slog"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"sync/atomic"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/configuration"
	"github.com/wijkregie/wijkregie/internal/document"
	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel"
	"github.com/wijkregie/wijkregie/internal/kernel/access"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/meeting"
	"github.com/wijkregie/wijkregie/internal/organisation"
	"github.com/wijkregie/wijkregie/internal/plan"
)

// Means is what alerts are made and sent with.
type Means struct {
	People    *organisation.Service
	Lists     *configuration.Service
	Dossiers  *dossier.Service
	Documents *document.Service
	Plans     *plan.Service
	Meetings  *meeting.Service
	Heard     *delivery.Broadcaster
	Queue     *delivery.Queue
	Mailer    *delivery.Mailer
	Access    *access.Writer
	Hooks     *delivery.Hooks
	// Link is the address of a dossier for who reads the mail, with {id} in place of its id; empty
	// puts no link in mails.
	Link string
	// As makes the identity of a professional as he would have it at a request now, for the final
	// look before something is sent. It fails with a *problem.Error when he may not act.
	As func(ctx context.Context, municipality string, professional uuid.UUID) (identity.Identity, error)
	// AsClient makes the identity of a registered client in the same way.
	AsClient func(ctx context.Context, municipality string, client uuid.UUID) (identity.Identity, error)
	// AsPartner makes the identity of a partner's professional who is nobody in particular, in the same way.
	AsPartner func(ctx context.Context, municipality string, partner uuid.UUID) (identity.Identity, error)
	// PublicURL is where the product is seen from outside, without a slash at its end.
	PublicURL string
	// Overlaps tells which notices of overlap the caller may read, in his transaction.
	Overlaps func(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]bool, error)
	Log      *slog.Logger
}

// Service is what may happen with alerts.
type Service struct {
	k      kernel.Kernel
	m      Means
	labels map[string]configuration.Code // of the list event-kinds
	jitter func() float64
	desk   chan struct{} // see atDesk
	outbox *outbox
	recipients
	changes, alerts atomic.Int64 // that were told, in this process
}

// New makes the service; it fails when the list of event kinds is not there.
func New(k kernel.Kernel, m Means) (*Service, error) {
	kinds, err := m.Lists.List("event-kinds")
	if err != nil {
		return nil, err
	}
	s := &Service{k: k, m: m, labels: map[string]configuration.Code{}, jitter: rand.Float64, desk: make(chan struct{}, desks), outbox: newOutbox()}
	for _, code := range kinds.Codes {
		s.labels[code.Code] = code
	}
	return s, nil
}

// scans bounds how many pages a filter may skip in one request.
const scans = 10

// List reads a page of the caller's inbox, the latest first. Lines on dossiers that he no longer
// knows are left out. With a filter on the kind a page may be short of its limit before the last.
// It fails with problem.Forbidden for a system.
func (s *Service) List(ctx context.Context, f Filter, p page.Request) (seen []Seen, next *string, err error) {
	before, err := place(p)
	if err != nil {
		return nil, nil, err
	}
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := person(ctx)
		if err != nil {
			return err
		}
		for range scans {
			lines, err := newest(ctx, who, f, before, p.Limit+1)
			if err != nil {
				return err
			}
			some, err := s.see(ctx, lines)
			if err != nil {
				return err
			}
			seen = append(seen, f.keep(some)...)
			if len(lines) <= p.Limit || len(seen) > p.Limit {
				seen, next = page.Cut(seen, p.Limit, Seen.place)
				return nil
			}
			before = lines[len(lines)-1].Seq
		}
		cursor := page.AtNumber(before, uuid.Nil).String()
		next = &cursor
		return nil
	})
	return seen, next, err
}

func (f Filter) keep(seen []Seen) []Seen {
	if f.Kind == nil {
		return seen
	}
	return slices.DeleteFunc(seen, func(a Seen) bool { return a.Kind != *f.Kind })
}

func (a Seen) place() page.Cursor {
	return page.AtNumber(a.Sequence, a.ID)
}

func place(p page.Request) (before int64, err error) {
	if p.After == nil {
		return math.MaxInt64, nil
	}
	return p.After.Number()
}

// person is the caller; an inbox is a person's.
func person(ctx context.Context) (identity.Identity, error) {
	who, err := identity.From(ctx)
	if err == nil && !who.IsPerson() {
		err = problem.Errorf(problem.Forbidden, "An inbox is a person's; send the token of a person.")
	}
	return who, err
}

// Summary is how many alerts wait for their reader.
type Summary struct {
	Open    int
	Highest int64 // the number of the latest alert; 0 without any
	ByKind  []Count
}

// Count is how many alerts of a kind wait.
type Count struct {
	Kind string
	Open int
}

// Summarise counts the caller's open alerts, by the kinds that he is told. It fails with
// problem.Forbidden for a system.
func (s *Service) Summarise(ctx context.Context) (sum Summary, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := person(ctx)
		if err != nil {
			return err
		}
		if sum.Highest, err = highest(ctx, who); err != nil {
			return err
		}
		byKind, err := s.open(ctx, who)
		for _, kind := range slices.Sorted(maps.Keys(byKind)) {
			sum.Open += byKind[kind]
			sum.ByKind = append(sum.ByKind, Count{Kind: kind, Open: byKind[kind]})
		}
		return err
	})
	return sum, err
}

// open counts open alerts by the kind that the caller is told.
func (s *Service) open(ctx context.Context, who identity.Identity) (map[string]int, error) {
	heaps, err := open(ctx, who)
	if err != nil {
		return nil, err
	}
	events := make([]delivery.Event, len(heaps))
	for i, h := range heaps {
		events[i] = h.Event
	}
	sight, err := s.look(ctx, events)
	byKind := map[string]int{}
	for _, h := range heaps {
		if sight.shows(h.Event, h.ByRule) {
			byKind[sight.kind(h.Event, h.Named)] += h.Open
		}
	}
	return byKind, err
}

// Which names alerts: by id, or all up to a number.
type Which struct {
	IDs  []uuid.UUID
	UpTo *int64
}

// Acknowledge marks the caller's alerts as seen and tells how many became so and how many are left.
// Those that he saw before stay so. It fails with problem.Invalid when an id is not in his inbox and
// with problem.Forbidden for a system.
func (s *Service) Acknowledge(ctx context.Context, w Which) (done, left int, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := person(ctx)
		if err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actAcknowledge, authz.Resource{ID: who.Professional, Self: who.Professional}); err != nil {
			return err
		}
		if done, err = s.mark(ctx, who, w); err != nil {
			return err
		}
		byKind, err := s.open(ctx, who)
		for _, n := range byKind {
			left += n
		}
		return err
	})
	return done, left, err
}

const actAcknowledge = "alert.acknowledge"

// mark writes and records what is acknowledged now.
func (s *Service) mark(ctx context.Context, who identity.Identity, w Which) (int, error) {
	if w.UpTo == nil {
		there, err := count(ctx, who, w.IDs)
		if err != nil {
			return 0, err
		}
		if int(there) != len(w.IDs) {
			return 0, problem.InvalidField("/ids", "reference", "Not all of these alerts are in your inbox.")
		}
	}
	n, err := acknowledge(ctx, who, w, s.k.Now())
	if err != nil || n == 0 {
		return 0, err
	}
	return int(n), s.k.Journal.Record(ctx, journal.Event{
		Name: "alert.acknowledged", Subject: journal.Subject{Type: "inbox", ID: who.Professional}, Fields: []string{"acknowledgedAt"},
	})
}
