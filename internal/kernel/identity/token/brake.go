package token

import (
	"sync"
	"time"
)

const (
	failuresAtOnce = 20
	failureFades   = 6 * time.Second
	maxBraked      = 10_000
)

// brake slows down whoever keeps failing: twenty failures at once, then ten a minute. An attempt counts
// from its beginning, so that many at the same moment do not slip through; a success is given back.
type brake struct {
	now func() time.Time
	mu  sync.Mutex
	by  *recent[string, attempts]
}

// attempts is a leaking bucket: how full it was at a moment.
type attempts struct {
	level float64
	at    time.Time
}

func newBrake(now func() time.Time) *brake {
	return &brake{now: now, by: newRecent[string, attempts](maxBraked)}
}

// take begins an attempt; above zero it may not begin before that time has passed.
func (b *brake) take(key string) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	level := b.level(key)
	if level+1 > failuresAtOnce {
		return failureFades
	}
	b.by.put(key, attempts{level + 1, b.now()})
	return 0
}

// giveBack ends an attempt that did not fail.
func (b *brake) giveBack(key string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.by.put(key, attempts{max(0, b.level(key)-1), b.now()})
}

func (b *brake) level(key string) float64 {
	a, _ := b.by.get(key)
	return max(0, a.level-b.now().Sub(a.at).Seconds()/failureFades.Seconds())
}
