package main

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// room is how much of what requests leave behind may lie before it is cleared away (bytes): little is kept between
	// requests, so that by its own measure, as much as is kept, the runtime would clear away all the time.
	room = 48 << 20
	// measureEvery is how often the room is set by what is kept then, and how long it is calm before memory is given back.
	measureEvery = 5 * time.Second
)

// memory is what the runtime tells of it.
type memory []metrics.Sample

func newMemory() memory {
	return memory{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/scan/stack:bytes"}, {Name: "/gc/cycles/total:gc-cycles"}}
}

// read gives what is kept (bytes), and how often it was cleared away until now.
func (m memory) read() (kept, cleared uint64) {
	metrics.Read(m)
	return m[0].Value.Uint64() + m[1].Value.Uint64(), m[2].Value.Uint64()
}

// keepRoom leaves the same room for what requests leave behind, however much is kept, and gives memory back each time that
// it gets calm, until ctx ends. Where the operator has set GOGC the room is his.
func keepRoom(ctx context.Context) {
	now, percent, calm := newMemory(), 0, uint64(0)
	tick := time.NewTicker(measureEvery)
	defer tick.Stop()
	for last := calm; ; {
		kept, cleared := now.read()
		if cleared == last && cleared != calm {
			debug.FreeOSMemory()
			kept, calm = now.read()
			cleared = calm
		}
		last = cleared
		if set := percentOf(kept); os.Getenv("GOGC") == "" && set != percent {
			percent = set
			debug.SetGCPercent(percent)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// percentOf says the room in percent of what is kept, in steps, so that it is not set at each breath.
func percentOf(kept uint64) int {
	percent := int(room * 100 / max(kept, 1<<20))
	return min(max(percent/10*10, 20), 400)
}
