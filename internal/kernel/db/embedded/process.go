package embedded

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// How long each way of stopping is given before the next, harder one.
const (
	fastBound      = 30 * time.Second
	immediateBound = 5 * time.Second
)

// socketPathLimit is what every system allows for the path of a unix socket, in bytes.
const socketPathLimit = 100

// process is one program of PostgreSQL while it runs.
type process struct {
	cmd      *exec.Cmd
	stopping atomic.Bool
	ended    chan struct{} // closed after the end
	err      error         // how it ended; read it after ended
}

// launch starts a program as the cluster's account, in a process group of its own so that a
// terminal's Ctrl-C stops this program first, with its output in the log file.
func (c *cluster) launch(ctx context.Context, program string, args ...string) (*process, error) {
	log, err := os.OpenFile(c.logFile(), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("log of the database: %w", err)
	}
	defer log.Close()
	cmd := c.account.command(ctx, program, args...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.ExtraFiles = []*os.File{c.lock}
	cmd.SysProcAttr.Setpgid = true
	endWithParent(cmd.SysProcAttr)

	p := &process{cmd: cmd, ended: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		// To Linux the parent is the thread that started the program, so it stays until the program ends.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			p.err = cmd.Wait()
			close(p.ended)
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	return p, nil
}

// serve runs postgres on the cluster and returns when it accepts connections.
func (c *cluster) serve(ctx context.Context) (*Server, error) {
	socket, err := c.socketDir()
	if err != nil {
		return nil, err
	}
	for {
		s, err := c.serveOnce(ctx, socket)
		if err == nil {
			go s.watch()
			return s, nil
		}
		// Somebody else took the port between choosing and using it.
		if strings.Contains(c.logTail(), "could not create any TCP/IP sockets") && ctx.Err() == nil {
			continue
		}
		if socket != c.data() {
			os.RemoveAll(socket)
		}
		return nil, err
	}
}

func (c *cluster) serveOnce(ctx context.Context, socket string) (*Server, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	args := append(c.settings(), "-D", c.data(), "-p", strconv.Itoa(port), "-k", socket)
	// The context bounds the start only.
	p, err := c.launch(context.WithoutCancel(ctx), c.bin.postgres(), args...)
	if err != nil {
		return nil, err
	}
	if err := c.awaitReady(ctx, p); err != nil {
		return nil, errors.Join(err, p.stop())
	}
	return &Server{cluster: *c, process: p, port: port, socket: socket}, nil
}

// settings are given at each start, so that they follow the program and not the age of the data.
// The log holds no statement, no value and no detail: they may be personal data.
func (c *cluster) settings() []string {
	args := []string{
		"-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200", "-c", "timezone=UTC", "-c", "log_timezone=UTC",
		"-c", "log_min_messages=log", "-c", "log_min_error_statement=panic", "-c", "log_error_verbosity=terse", "-c", "log_checkpoints=off",
		"-c", "log_autovacuum_min_duration=-1",
	}
	if c.durable {
		return append(args, "-c", "shared_buffers=128MB")
	}
	return append(args, "-c", "shared_buffers=64MB", "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off",
		"-c", "wal_level=minimal", "-c", "max_wal_senders=0", "-c", "max_wal_size=256MB", "-c", "autovacuum=off")
}

func (c *cluster) awaitReady(ctx context.Context, p *process) error {
	ticks := time.NewTicker(tick)
	defer ticks.Stop()
	for {
		if server, known := c.running(); known && server.ready {
			return nil
		}
		select {
		case <-p.ended:
			return fmt.Errorf("PostgreSQL in %s does not start: %w: %s", c.home, p.err, c.logTail())
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL in %s does not get ready: %w: %s", c.home, ctx.Err(), c.logTail())
		case <-ticks.C:
		}
	}
}

// watch tells when the server ends by itself.
func (s *Server) watch() {
	<-s.process.ended
	if !s.process.stopping.Load() {
		s.cluster.log.Error("PostgreSQL ended by itself", "error", s.process.err, "see", s.cluster.logFile())
	}
}

// stop asks for a fast shutdown, then for an immediate one, then kills.
func (p *process) stop() error {
	p.stopping.Store(true)
	if p.signal(syscall.SIGINT, fastBound) {
		return nil
	}
	if !p.signal(syscall.SIGQUIT, immediateBound) {
		p.signal(syscall.SIGKILL, immediateBound)
	}
	return errors.New("PostgreSQL did not stop in time and was forced to")
}

// signal tells whether the process has ended within the bound.
func (p *process) signal(sig os.Signal, bound time.Duration) bool {
	// A process that has ended already cannot be signalled, which is what is wanted.
	_ = p.cmd.Process.Signal(sig)
	select {
	case <-p.ended:
		return true
	case <-time.After(bound):
		return false
	}
}

// socketDir is the data directory, which only the account may enter; where its path is too long for
// a socket, a new temporary directory.
func (c *cluster) socketDir() (string, error) {
	if len(filepath.Join(c.data(), ".s.PGSQL.65535")) <= socketPathLimit {
		return c.data(), nil
	}
	dir, err := os.MkdirTemp("/tmp", "wijkregie-")
	if err != nil {
		return "", fmt.Errorf("directory for the database's socket: %w", err)
	}
	return dir, c.account.own(dir)
}

func freePort() (int, error) {
	listener, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return 0, fmt.Errorf("choose a port for the database: %w", err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}
