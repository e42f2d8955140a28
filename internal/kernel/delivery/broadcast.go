package delivery

import "sync"

// Broadcaster wakes who waits for the feed of a municipality, in this process. The zero value is
// ready for use.
type Broadcaster struct {
	mu      sync.Mutex
	last    map[string]int64
	waiting map[string]map[chan struct{}]bool
}

// Subscribe gives a channel that holds one signal as soon as the feed of the municipality has grown
// since the last receive. cancel ends it and may be called more than once.
func (b *Broadcaster) Subscribe(municipality string) (grown <-chan struct{}, cancel func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.waiting == nil {
		b.waiting = map[string]map[chan struct{}]bool{}
	}
	if b.waiting[municipality] == nil {
		b.waiting[municipality] = map[chan struct{}]bool{}
	}
	signal := make(chan struct{}, 1)
	b.waiting[municipality][signal] = true
	return signal, func() { b.leave(municipality, signal) }
}

func (b *Broadcaster) leave(municipality string, signal chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.waiting[municipality], signal)
	if len(b.waiting[municipality]) == 0 {
		delete(b.waiting, municipality)
	}
}

// Publish tells that the feed of a municipality has come to this sequence number. It never blocks;
// a number that was told before wakes nobody.
func (b *Broadcaster) Publish(municipality string, last int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if last <= b.last[municipality] {
		return
	}
	if b.last == nil {
		b.last = map[string]int64{}
	}
	b.last[municipality] = last
	for signal := range b.waiting[municipality] {
		select {
		case signal <- struct{}{}:
		default: // it holds a signal already, which tells the same
		}
	}
}
