package token

import (
	"container/list"
	"sync"
	"time"
)

// believedFor is how long a verified token is not verified again.
const believedFor = 5 * time.Minute

// believed is a verified token; era is the count of Forgets when its verification began.
type believed struct {
	claims Claims
	until  time.Time
	era    uint64
}

// seen remembers verified tokens by the SHA-256 of their text.
type seen struct {
	mu     sync.Mutex
	era    uint64
	tokens *recent[[32]byte, believed]
}

func newSeen(size int) *seen {
	return &seen{tokens: newRecent[[32]byte, believed](size)}
}

func (s *seen) get(id [32]byte, now time.Time) (Claims, uint64, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.tokens.get(id)
	if !ok || !now.Before(b.until) {
		return Claims{}, s.era, false
	}
	return b.claims, s.era, true
}

// put drops a token whose verification began before the last forget.
func (s *seen) put(id [32]byte, b believed) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b.era == s.era {
		s.tokens.put(id, b)
	}
}

func (s *seen) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.era++
	s.tokens = newRecent[[32]byte, believed](s.tokens.size)
}

// recent keeps the most recently used values, at most size of them. It does not lock.
type recent[K comparable, V any] struct {
	size  int
	order *list.List
	at    map[K]*list.Element
}

type pair[K comparable, V any] struct {
	key   K
	value V
}

func newRecent[K comparable, V any](size int) *recent[K, V] {
	return &recent[K, V]{size: size, order: list.New(), at: map[K]*list.Element{}}
}

func (r *recent[K, V]) get(key K) (value V, ok bool) {
	e, ok := r.at[key]
	if !ok {
		return value, false
	}
	r.order.MoveToFront(e)
	return e.Value.(pair[K, V]).value, true
}

func (r *recent[K, V]) put(key K, value V) {
	if e, ok := r.at[key]; ok {
		e.Value = pair[K, V]{key, value}
		r.order.MoveToFront(e)
		return
	}
	r.at[key] = r.order.PushFront(pair[K, V]{key, value})
	if r.order.Len() > r.size {
		oldest := r.order.Back()
		delete(r.at, oldest.Value.(pair[K, V]).key)
		r.order.Remove(oldest)
	}
}
