package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// rest is how long a server is left alone before its memory is read.
const rest = 10 * time.Second

// measureStart starts the demonstration on an empty folder and then on the folder with its data, as
// make run does, and reads the memory that it takes without a request.
func measureStart(ctx context.Context, program string, r *results) error {
	dir, err := openDir("")
	if err != nil {
		return err
	}
	defer discard(dir)
	say("start: on an empty folder, then on one with data")
	first, idleFirst, err := startOnce(ctx, program, dir)
	if err != nil {
		return err
	}
	later, idleLater, err := startOnce(ctx, program, dir)
	if err != nil {
		return err
	}
	r.add("start_first_s", first.Seconds())
	r.add("start_later_s", later.Seconds())
	say("idle: %.1f and %.1f MB", idleFirst, idleLater)
	r.add("idle_mb", max(idleFirst, idleLater))
	return nil
}

// startOnce gives the time until the server is ready and the memory that it holds idle, and stops it.
func startOnce(ctx context.Context, program, dir string) (took time.Duration, idle float64, err error) {
	address, err := freeAddress()
	if err != nil {
		return 0, 0, err
	}
	url := "http://" + address
	began := time.Now()
	c, err := begin(ctx, dir, url, program, []string{"serve", "--demo"}, []string{
		"DATABASE_URL=", "LISTEN=" + address, "PUBLIC_URL=" + url, "DATA_DIR=" + filepath.Join(dir, "data"),
	})
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, c.stop()) }()
	if took, err = c.ready(ctx, "/readyz", began); err != nil {
		return 0, 0, err
	}
	select {
	case <-ctx.Done():
		return 0, 0, ctx.Err()
	case <-c.ended:
		return 0, 0, fmt.Errorf("the server ended while it was idle (%v): %s", c.failed, c.said())
	case <-time.After(rest):
	}
	idle, err = c.resident()
	return took, idle, err
}

// openDir makes a temporary directory that the account of PostgreSQL may enter, in the place or where such directories are.
func openDir(place string) (string, error) {
	dir, err := os.MkdirTemp(place, "wijkregie-bench-")
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o755)
}

// discard removes a temporary directory, and the data that PostgreSQL had to keep elsewhere.
func discard(dir string) {
	if moved, err := os.Readlink(filepath.Join(dir, "data", "postgres", "moved-to")); err == nil {
		os.RemoveAll(moved)
	}
	os.RemoveAll(dir)
}
