package embedded

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// oldest is the lowest major version of PostgreSQL that the product supports.
const oldest = 14

// binaries is a directory with initdb and postgres, and their major version.
type binaries struct {
	dir   string
	major int
}

func (b binaries) initdb() string   { return filepath.Join(b.dir, "initdb") }
func (b binaries) postgres() string { return filepath.Join(b.dir, "postgres") }

// finder looks for PostgreSQL. deploy/setup-postgres.sh follows the same rules.
type finder struct {
	account account
	places  []string // glob patterns, best first
}

// newFinder looks in PG_BIN alone when that is set, else in PATH and where distributions, Homebrew
// and the set-up script put PostgreSQL.
func newFinder(as account) finder {
	if named := os.Getenv("PG_BIN"); named != "" {
		if abs, err := filepath.Abs(named); err == nil {
			named = abs
		}
		return finder{account: as, places: []string{named}}
	}
	places := append(filepath.SplitList(os.Getenv("PATH")),
		"/usr/lib/postgresql/*/bin",          // Debian, Ubuntu
		"/usr/pgsql-*/bin",                   // PostgreSQL's own packages for Red Hat
		"/usr/libexec/postgresql*",           // Alpine
		"/opt/homebrew/opt/postgresql@*/bin", // Homebrew
		"/usr/local/opt/postgresql@*/bin",
		"/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
	)
	if root := moduleRoot(); root != "" {
		places = append(places, filepath.Join(root, ".data", "pg", "bin"))
	}
	return finder{account: as, places: places}
}

// find returns the first binaries that run for the account: of the given major version, or of any
// supported one when it is 0. Within one place the newest version comes first.
func (f finder) find(ctx context.Context, major int) (binaries, error) {
	var refused []string
	for _, place := range f.places {
		found, why := f.probe(ctx, place)
		refused = append(refused, why...)
		for _, b := range found {
			if major == 0 || b.major == major {
				return b, nil
			}
			refused = append(refused, fmt.Sprintf("%s is version %d", b.dir, b.major))
		}
	}
	if len(refused) == 0 && len(f.places) == 1 {
		refused = append(refused, f.places[0]+" has no program postgres")
	}
	tried := ""
	if len(refused) > 0 {
		tried = " Not usable: " + strings.Join(refused, "; ") + "."
	}
	if major != 0 {
		return binaries{}, problem.Errorf(problem.Unavailable, "PostgreSQL %d, which made the data, was not found. "+
			"Install that version, set PG_BIN to the directory of its programs, or empty the data.%s", major, tried)
	}
	return binaries{}, problem.Errorf(problem.Unavailable, "PostgreSQL %d or newer was not found. Run `make setup` to install it, "+
		"set PG_BIN to the directory of its programs initdb and postgres, or set DATABASE_URL to a server.%s", oldest, tried)
}

// probe lists the usable binaries of one place, newest first, and why others are not usable.
func (f finder) probe(ctx context.Context, place string) (usable []binaries, refused []string) {
	if !filepath.IsAbs(place) {
		return nil, nil
	}
	programs, err := filepath.Glob(filepath.Join(place, "postgres"))
	if err != nil {
		return nil, []string{err.Error()}
	}
	for _, program := range programs {
		b, err := f.inspect(ctx, filepath.Dir(program))
		if err != nil {
			refused = append(refused, err.Error())
			continue
		}
		usable = append(usable, b)
	}
	slices.SortFunc(usable, func(a, b binaries) int { return b.major - a.major })
	return usable, refused
}

// inspect runs both programs as the account: a link may dangle, a wrapper may fail, and another
// account may not get to them.
func (f finder) inspect(ctx context.Context, dir string) (binaries, error) {
	b := binaries{dir: dir}
	server, err := f.version(ctx, b.postgres())
	if err != nil {
		return b, err
	}
	maker, err := f.version(ctx, b.initdb())
	if err != nil {
		return b, err
	}
	if b.major = server; server != maker || server < oldest {
		return b, fmt.Errorf("%s has postgres %d and initdb %d", dir, server, maker)
	}
	return b, nil
}

func (f finder) version(ctx context.Context, program string) (int, error) {
	out, err := f.account.command(ctx, program, "-V").Output()
	if err != nil {
		return 0, fmt.Errorf("%s does not run for user %s (%w)", program, f.account.name, err)
	}
	var major int
	_, version, _ := strings.Cut(string(out), "(PostgreSQL) ")
	if _, err := fmt.Sscanf(version, "%d", &major); err != nil {
		return 0, fmt.Errorf("%s does not tell its version", program)
	}
	return major, nil
}

// moduleRoot is the nearest directory upwards with a go.mod, empty when there is none: tests run in
// their package's directory.
func moduleRoot() string {
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}
