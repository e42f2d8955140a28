package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	// startBound is how long a server may take to get ready, stopBound to stop.
	startBound = 2 * time.Minute
	stopBound  = 40 * time.Second
	// look is how often it is asked whether it is ready.
	look = 10 * time.Millisecond
)

// child is a server under measurement: a process of its own.
type child struct {
	url    string
	cmd    *exec.Cmd
	log    string // file with what it says
	ended  chan struct{}
	failed error // how it ended; read it after ended
}

// begin starts a program that serves on url, with these settings added to the environment.
func begin(ctx context.Context, dir, url, program string, args, settings []string) (*child, error) {
	c := &child{url: url, log: filepath.Join(dir, filepath.Base(program)+".log"), ended: make(chan struct{})}
	log, err := os.Create(c.log)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	c.cmd = exec.CommandContext(ctx, program, args...)
	c.cmd.Env = append(os.Environ(), settings...)
	c.cmd.Stdout, c.cmd.Stderr = log, log
	c.cmd.Cancel = func() error { return c.cmd.Process.Signal(syscall.SIGTERM) }
	c.cmd.WaitDelay = stopBound
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		c.failed = c.cmd.Wait()
		close(c.ended)
	}()
	return c, nil
}

// ready waits until the server answers 200 to a path and gives the time since since.
func (c *child) ready(ctx context.Context, path string, since time.Time) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, startBound)
	defer cancel()
	ticks := time.NewTicker(look)
	defer ticks.Stop()
	// A connection that is taken before the server serves must not be waited for.
	client := &http.Client{Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	for {
		if answers(ctx, client, c.url+path) {
			return time.Since(since), nil
		}
		select {
		case <-c.ended:
			return 0, fmt.Errorf("the server ended (%v): %s", c.failed, c.said())
		case <-ctx.Done():
			return 0, fmt.Errorf("the server does not get ready: %w: %s", ctx.Err(), c.said())
		case <-ticks.C:
		}
	}
}

func answers(ctx context.Context, client *http.Client, url string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	answer, err := client.Do(request)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	return err == nil && answer.StatusCode == http.StatusOK
}

// stop asks the server to stop and waits for its end.
func (c *child) stop() error {
	if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-c.ended:
		return nil
	case <-time.After(stopBound):
		return errors.Join(errors.New("the server did not stop in time"), c.cmd.Process.Kill())
	}
}

// said is the end of what the server said, for an error.
func (c *child) said() string {
	text, err := os.ReadFile(c.log)
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(text[max(0, len(text)-2000):]))
}

// ticksPerSecond is USER_HZ, which Linux fixed at 100 for what it tells programs.
const ticksPerSecond = 100

// cpu is the processor time that the server has used, in user and kernel mode.
func (c *child) cpu() (time.Duration, error) {
	_, used, err := processTime(c.cmd.Process.Pid)
	return used, err
}

// processTime gives the parent of a process and the processor time that it has used.
func processTime(pid int) (parent int, used time.Duration, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, 0, err
	}
	// The name of the program stands between brackets and may hold spaces.
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, 0, errors.New("/proc/pid/stat is not as expected")
	}
	parent, err1 := strconv.Atoi(fields[1])
	user, err2 := strconv.Atoi(fields[11])
	system, err3 := strconv.Atoi(fields[12])
	return parent, time.Duration(user+system) * time.Second / ticksPerSecond, errors.Join(err1, err2, err3)
}

// familyTime is the processor time that the children of a process have used, those that live.
func familyTime(parent int) (used time.Duration) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return 0
	}
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		if of, its, err := processTime(pid); err == nil && of == parent {
			used += its
		}
	}
	return used
}

// resident is how much memory of the server is in use, in MB of 10^6 bytes.
func (c *child) resident() (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if kb, found := strings.CutPrefix(line, "VmRSS:"); found {
			n, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(kb), " kB"), 64)
			return n * 1024 / 1e6, err
		}
	}
	return 0, errors.New("/proc/pid/status holds no VmRSS")
}

// freeAddress is an address on this machine on which nobody listens.
func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}
