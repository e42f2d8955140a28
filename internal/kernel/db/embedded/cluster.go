package embedded

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// elsewhere is where data lives that the unprivileged account cannot reach where it was asked for,
// for example in a clone under root's home.
const elsewhere = "/var/lib/wijkregie"

// movedLink points from the directory that was asked for to where the data lives instead.
const movedLink = "moved-to"

// cluster is the data of one server on disk, and who runs it with which binaries.
type cluster struct {
	home     string // holds the data, the password, the log and the lock
	durable  bool
	account  account
	bin      binaries
	password string
	lock     *os.File
	log      *slog.Logger
}

func (c cluster) data() string         { return filepath.Join(c.home, "cluster") }
func (c cluster) passwordFile() string { return filepath.Join(c.home, "password") }
func (c cluster) logFile() string      { return filepath.Join(c.home, "postgres.log") }
func (c cluster) lockFile() string     { return filepath.Join(c.home, "lock") }

// major is the version that made the data, 0 when there is none yet.
func (c cluster) major() int {
	text, err := os.ReadFile(filepath.Join(c.data(), "PG_VERSION"))
	if err != nil {
		return 0
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0
	}
	return major
}

// locate decides where the data is, who runs the server and with which binaries.
func locate(ctx context.Context, o Options) (cluster, error) {
	c := cluster{home: o.Dir, durable: o.Durable, log: o.Log}
	if moved, err := os.Readlink(filepath.Join(o.Dir, movedLink)); err == nil {
		c.home = moved
	}
	if err := os.MkdirAll(c.home, 0o755); err != nil {
		return c, fmt.Errorf("data directory: %w", err)
	}
	var err error
	if c.account, err = accountFor(c.data()); err != nil {
		return c, err
	}
	if c.bin, err = newFinder(c.account).find(ctx, c.major()); err != nil {
		return c, err
	}
	if c.account.reaches(ctx, c.bin, c.home) {
		return c, nil
	}
	return c.move(elsewhere)
}

// move gives the cluster a home below the base instead, and leaves a link to it in the directory
// that was asked for. It fails with problem.Unavailable when there is data that would stay behind.
func (c cluster) move(base string) (cluster, error) {
	if _, _, exists := ownerOf(c.data()); exists {
		return c, problem.Errorf(problem.Unavailable,
			"User %s, who runs PostgreSQL for root, cannot get into %s. Give others access to its parent directories (chmod o+x), or choose another directory.",
			c.account.name, c.home)
	}
	if err := os.MkdirAll(base, 0o755); err != nil {
		return c, fmt.Errorf("data directory: %w", err)
	}
	if err := os.Chmod(base, 0o755); err != nil {
		return c, fmt.Errorf("data directory: %w", err)
	}
	home, err := openDir(base, "data-")
	if err != nil {
		return c, err
	}
	if err := os.Symlink(home, filepath.Join(c.home, movedLink)); err != nil {
		return c, fmt.Errorf("data directory: %w", err)
	}
	c.log.Warn("PostgreSQL's data is kept elsewhere: its user cannot get into the directory that was asked for",
		"asked", c.home, "data", home, "user", c.account.name)
	c.home = home
	return c, nil
}

// create makes the cluster when there is none. A half-made one never counts: it gets its name last.
func (c *cluster) create(ctx context.Context) error {
	if c.major() != 0 {
		return c.readPassword()
	}
	c.password = rand.Text()
	if err := os.WriteFile(c.passwordFile(), []byte(c.password+"\n"), 0o600); err != nil {
		return fmt.Errorf("password of the database: %w", err)
	}
	if err := c.account.own(c.passwordFile()); err != nil {
		return err
	}
	// C.UTF-8 orders and folds case by code point on every system that has it; C is everywhere.
	err := c.initdb(ctx, "C.UTF-8")
	if err != nil {
		err = c.initdb(ctx, "C")
	}
	return err
}

func (c *cluster) initdb(ctx context.Context, locale string) error {
	fresh := c.data() + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return fmt.Errorf("remove a half-made cluster: %w", err)
	}
	if err := os.Mkdir(fresh, 0o700); err != nil {
		return fmt.Errorf("data directory: %w", err)
	}
	if err := c.account.own(fresh); err != nil {
		return err
	}
	args := []string{"--pgdata=" + fresh, "--username=" + superuser, "--pwfile=" + c.passwordFile(),
		"--auth=scram-sha-256", "--encoding=UTF8", "--locale=" + locale, "--data-checksums", "--no-instructions"}
	if !c.durable {
		args = append(args, "--no-sync")
	}
	p, err := c.launch(ctx, c.bin.initdb(), args...)
	if err != nil {
		return err
	}
	if <-p.ended; p.err != nil {
		return fmt.Errorf("initdb in %s: %w: %s", c.home, p.err, c.logTail())
	}
	return os.Rename(fresh, c.data())
}

func (c *cluster) readPassword() error {
	text, err := os.ReadFile(c.passwordFile())
	if err != nil {
		return problem.Errorf(problem.Unavailable,
			"The password of the database in %s cannot be read (%v). Put the file back, or remove the directory to begin anew.", c.home, err)
	}
	c.password = strings.TrimSpace(string(text))
	return nil
}

// logTail is the end of what PostgreSQL said, for an error.
func (c *cluster) logTail() string {
	text, err := os.ReadFile(c.logFile())
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(text[max(0, len(text)-1000):]))
}
