package server

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// figures are what an operator watches, for Prometheus. No label names a person, a record or a municipality.
type figures struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
}

func newFigures() *figures {
	f := &figures{registry: prometheus.NewRegistry(), requests: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "wijkregie_requests_total", Help: "Requests that were answered, by method, pattern of the address and status.",
	}, []string{"method", "route", "status"})}
	f.registry.MustRegister(f.requests, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return f
}

// request counts one. route is the pattern of the address, empty for one that does not exist.
func (f *figures) request(method, route string, status int) {
	if route == "" || status == http.StatusNotFound && route == "/*" {
		route = "none"
	}
	f.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
}

// watch adds what the product behind the server does.
func (f *figures) watch(p *Product, streams func() int) {
	changes := func() float64 { n, _ := p.alerts.Told(); return float64(n) }
	alerts := func() float64 { _, n := p.alerts.Told(); return float64(n) }
	f.registry.MustRegister(
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "wijkregie_changes_total", Help: "Changes that this process has numbered and told of."}, changes),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "wijkregie_alerts_total", Help: "Alerts that it has put in inboxes for them; divided by the changes: how many a change costs."}, alerts),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "wijkregie_streams", Help: "Alert streams that are open on this process."}, func() float64 { return float64(streams()) }),
		&outgoing{p: p,
			deliveries: prometheus.NewDesc("wijkregie_deliveries", "Deliveries by mail of the past day, and all that wait, by state.", []string{"state"}, nil),
			due:        prometheus.NewDesc("wijkregie_oldest_due_delivery_seconds", "How long the oldest delivery that is due waits; 0 when none is.", nil, nil),
			unnumbered: prometheus.NewDesc("wijkregie_oldest_pending_event_seconds", "How long the oldest event waits for its number; 0 when none does.", nil, nil),
			turn:       prometheus.NewDesc("wijkregie_last_turn_seconds", "How long ago the last turn by the clock began; there is one each hour.", nil, nil),
		})
}

// Metrics answers Prometheus with the figures. It belongs on an address that is not seen from outside.
func (p *Product) Metrics() http.Handler {
	return promhttp.HandlerFor(p.figures.registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: 2, Timeout: checkTime})
}

// outgoing asks the database how it stands with what leaves, over all municipalities.
type outgoing struct {
	p                                 *Product
	deliveries, due, unnumbered, turn *prometheus.Desc
}

// Describe implements prometheus.Collector.
func (o *outgoing) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{o.deliveries, o.due, o.unnumbered, o.turn} {
		to <- d
	}
}

// Collect implements prometheus.Collector. A figure that cannot be read is left out.
func (o *outgoing) Collect(to chan<- prometheus.Metric) {
	ctx, done := context.WithTimeout(context.Background(), checkTime)
	defer done()
	now := o.p.db.Now()
	var states []struct {
		State string
		Many  int64
	}
	if o.read(ctx, &states, "select * from delivery_figures(?)", now) {
		many := map[string]int64{"pending": 0, "sent": 0, "cancelled": 0, "failed": 0}
		for _, s := range states {
			many[s.State] = s.Many
		}
		for state, n := range many {
			to <- prometheus.MustNewConstMetric(o.deliveries, prometheus.GaugeValue, float64(n), state)
		}
	}
	var oldest []struct{ Delivery, Event *time.Time }
	if o.read(ctx, &oldest, "select * from oldest_waiting(?)", now) && len(oldest) == 1 {
		to <- prometheus.MustNewConstMetric(o.due, prometheus.GaugeValue, age(now, oldest[0].Delivery))
		to <- prometheus.MustNewConstMetric(o.unnumbered, prometheus.GaugeValue, age(now, oldest[0].Event))
	}
	var turns []time.Time
	if o.read(ctx, &turns, "select attempted_at from river_job where kind = 'turn' and attempted_at is not null order by attempted_at desc limit 1") && len(turns) == 1 {
		to <- prometheus.MustNewConstMetric(o.turn, prometheus.GaugeValue, age(now, &turns[0]))
	}
}

func (o *outgoing) read(ctx context.Context, dest any, query string, args ...any) bool {
	err := o.p.db.Lookup(ctx, dest, query, args...)
	if err != nil {
		o.p.setup.Log.WarnContext(ctx, "a figure cannot be read", slog.String("error", err.Error()))
	}
	return err == nil
}

// age is how long ago something was, in seconds; 0 when it is not.
func age(now time.Time, since *time.Time) float64 {
	if since == nil {
		return 0
	}
	return max(0, now.Sub(*since).Seconds())
}
