package server

import (
	"fmt"
	"math"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// maxBuckets bounds how many callers are remembered; beyond it those who rest longest are forgotten.
const maxBuckets = 10_000

// limiter gives every caller a bucket of tokens, one per request, that fills again with time.
type limiter struct {
	rate   rate.Limit
	burst  int
	now    func() time.Time
	policy string

	mu      sync.Mutex
	buckets map[string]*rate.Limiter
}

func newLimiter(perSecond float64, burst int, now func() time.Time) *limiter {
	window := int(math.Ceil(float64(burst) / perSecond))
	return &limiter{
		rate:    rate.Limit(perSecond),
		burst:   burst,
		now:     now,
		policy:  fmt.Sprintf(`"default";q=%d;w=%d`, burst, window),
		buckets: map[string]*rate.Limiter{},
	}
}

// take counts one request for the caller and says in the headers what is left (the draft
// "RateLimit header fields for HTTP"). It fails with problem.TooManyRequests.
func (l *limiter) take(h http.Header, caller string) error {
	now := l.now()
	bucket := l.bucket(caller, now)
	allowed := bucket.AllowN(now, 1)
	left := bucket.TokensAt(now)
	full := math.Ceil((float64(l.burst) - left) / float64(l.rate))
	h.Set("RateLimit-Policy", l.policy)
	h.Set("RateLimit", fmt.Sprintf(`"default";r=%d;t=%.0f`, max(0, int(left)), full))
	if allowed {
		return nil
	}
	wait := max(1, int(math.Ceil((1-left)/float64(l.rate))))
	h.Set("Retry-After", fmt.Sprint(wait))
	return &problem.Error{Kind: problem.TooManyRequests}
}

func (l *limiter) bucket(caller string, now time.Time) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if b, ok := l.buckets[caller]; ok {
		return b
	}
	if len(l.buckets) >= maxBuckets {
		l.forget(now)
	}
	b := rate.NewLimiter(l.rate, l.burst)
	l.buckets[caller] = b
	return b
}

// forget drops the callers whose bucket is full, for whom nothing is lost; when everybody is busy,
// half of them, whichever the map gives first.
func (l *limiter) forget(now time.Time) {
	for caller, b := range l.buckets {
		if b.TokensAt(now) >= float64(l.burst) {
			delete(l.buckets, caller)
		}
	}
	for caller := range l.buckets {
		if len(l.buckets) <= maxBuckets/2 {
			return
		}
		delete(l.buckets, caller)
	}
}
