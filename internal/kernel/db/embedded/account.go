package embedded

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// account is who runs PostgreSQL, which refuses to run as root.
type account struct {
	name     string
	uid, gid int
	drop     bool // whether rights have to be dropped to become it
}

// accountFor chooses who runs PostgreSQL on a data directory: this process's own account, or for
// root the owner of existing data, else postgres or nobody.
func accountFor(data string) (account, error) {
	own := named(os.Geteuid(), os.Getegid())
	owner, group, exists := ownerOf(data)
	switch {
	case own.uid != 0 && exists && owner != own.uid:
		return account{}, problem.Errorf(problem.Unavailable,
			"The data in %s belongs to user %s. Run as that user or as root, or choose another directory.", data, named(owner, group).name)
	case own.uid != 0:
		return own, nil
	case exists && owner != 0:
		own = named(owner, group)
		own.drop = true
		return own, nil
	}
	return unprivileged()
}

func unprivileged() (account, error) {
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.Atoi(u.Uid)
		gid, gidErr := strconv.Atoi(u.Gid)
		if uidErr == nil && gidErr == nil && uid != 0 {
			return account{name: name, uid: uid, gid: gid, drop: true}, nil
		}
	}
	return account{}, problem.Errorf(problem.Unavailable,
		"PostgreSQL does not run as root, and there is no user postgres or nobody. Create one, or run as an ordinary user.")
}

func named(uid, gid int) account {
	a := account{name: strconv.Itoa(uid), uid: uid, gid: gid}
	if u, err := user.LookupId(a.name); err == nil {
		a.name = u.Username
	}
	return a
}

func ownerOf(path string) (uid, gid int, exists bool) {
	info, err := os.Lstat(path)
	if err != nil {
		return 0, 0, false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, 0, false
	}
	return int(stat.Uid), int(stat.Gid), true
}

// command prepares a program as this account, from a directory that everyone may be in and without
// the caller's environment: it may hold secrets, and PG… settings of another server.
func (a account) command(ctx context.Context, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = "/"
	cmd.Env = []string{"LC_ALL=C", "PATH=" + os.Getenv("PATH")}
	if libraries := os.Getenv("LD_LIBRARY_PATH"); libraries != "" {
		cmd.Env = append(cmd.Env, "LD_LIBRARY_PATH="+libraries)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{}
	if a.drop {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
	return cmd
}

// reaches tells whether the account may enter the directory. Only trying it answers for access
// lists and mounts too.
func (a account) reaches(ctx context.Context, b binaries, dir string) bool {
	cmd := a.command(ctx, b.postgres(), "-V")
	cmd.Dir = dir
	return cmd.Run() == nil
}

// own gives the path to the account.
func (a account) own(path string) error {
	if !a.drop {
		return nil
	}
	if err := os.Chown(path, a.uid, a.gid); err != nil {
		return fmt.Errorf("give the data to user %s: %w", a.name, err)
	}
	return nil
}
