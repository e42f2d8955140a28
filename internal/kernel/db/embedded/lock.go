package embedded

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// tick is how often something is looked at that PostgreSQL does not announce.
const tick = 10 * time.Millisecond

// running is what postmaster.pid tells about a server.
type running struct {
	pid    int
	port   int
	socket string
	ready  bool
}

// running reads postmaster.pid; a server that has died hard leaves it behind.
func (c cluster) running() (running, bool) {
	text, err := os.ReadFile(filepath.Join(c.data(), "postmaster.pid"))
	if err != nil {
		return running{}, false
	}
	// The lines: pid, data, start time, port, socket directory, address, shared memory, state.
	lines := strings.Split(string(text), "\n")
	if len(lines) < 8 {
		return running{}, false
	}
	pid, pidErr := strconv.Atoi(lines[0])
	port, portErr := strconv.Atoi(lines[3])
	if pidErr != nil || portErr != nil {
		return running{}, false
	}
	return running{pid: pid, port: port, socket: lines[4], ready: strings.TrimSpace(lines[7]) == "ready"}, true
}

// answers tells whether somebody listens on the server's socket.
func (r running) answers() bool {
	conn, err := net.DialTimeout("unix", filepath.Join(r.socket, ".s.PGSQL."+strconv.Itoa(r.port)), time.Second)
	if err != nil {
		return false
	}
	conn.Close()
	return true
}

// claim takes the right to run a server on the data: it returns the lock, or no lock and the server
// that already runs. It waits for one that is starting or stopping, and fails with
// problem.Unavailable when that takes longer than the context allows.
func (c cluster) claim(ctx context.Context) (*os.File, running, error) {
	ticks := time.NewTicker(tick)
	defer ticks.Stop()
	for {
		lock, err := acquire(c.lockFile())
		if err != nil {
			return nil, running{}, err
		}
		server, known := c.running()
		if known && server.ready && server.answers() {
			if lock != nil {
				lock.Close()
			}
			return nil, server, nil
		}
		if lock != nil {
			// Nobody runs here, so the file is a dead server's; its pid may be another program's by now.
			os.Remove(filepath.Join(c.data(), "postmaster.pid"))
			return lock, running{}, nil
		}
		select {
		case <-ctx.Done():
			return nil, server, problem.Errorf(problem.Unavailable,
				"Process %d uses the data in %s but does not answer. Stop it, or choose another directory.", server.pid, c.home)
		case <-ticks.C:
		}
	}
}

// attach uses a server that another process started.
func (c cluster) attach(r running) (*Server, error) {
	if err := c.readPassword(); err != nil {
		return nil, err
	}
	return &Server{cluster: c, port: r.port, socket: r.socket}, nil
}

// acquire locks the file for this process and all that inherit it, and returns nil when others hold
// the lock. Unlike a pid in a file, the lock cannot outlive its holders.
func acquire(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the data: %w", err)
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return file, nil
	}
	file.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, nil
	}
	return nil, fmt.Errorf("lock the data: %w", err)
}
