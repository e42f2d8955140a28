package embedded

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// childDir names the directory on which this test binary, run as a child, starts a server and waits
// to be killed.
const childDir = "EMBEDDED_TEST_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		s, err := Start(context.Background(), Options{Dir: dir})
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(s.URL("postgres"))
		select {}
	}
	os.Exit(m.Run())
}

func TestStart(t *testing.T) {
	t.Run("data is kept over a restart", func(t *testing.T) {
		o := Options{Dir: openTestDir(t), Durable: true}
		first := startServer(t, o)
		query(t, first, "create table kept as select 42 as answer")
		require.NoError(t, first.Stop())

		require.Equal(t, "42", query(t, startServer(t, o), "select answer::text from kept"))
	})

	t.Run("starts at the same time on an empty directory share one server", func(t *testing.T) {
		o := Options{Dir: openTestDir(t)}
		var servers [3]*Server
		var errs [3]error
		var starts sync.WaitGroup
		for i := range servers {
			starts.Go(func() { servers[i], errs[i] = Start(t.Context(), o) })
		}
		starts.Wait()
		for i, s := range servers {
			require.NoError(t, errs[i])
			t.Cleanup(func() { require.NoError(t, s.Stop()) })
			require.Equal(t, servers[0].URL("postgres"), s.URL("postgres"))
		}
	})

	t.Run("stopping a server of another start leaves it running", func(t *testing.T) {
		o := Options{Dir: openTestDir(t)}
		owner, guest := startServer(t, o), startServer(t, o)
		require.NoError(t, guest.Stop())
		require.Equal(t, "1", query(t, owner, "select '1'"))
	})

	t.Run("a cancelled start fails", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := Start(ctx, Options{Dir: openTestDir(t)})
		require.Error(t, err)
	})
}

func TestServer(t *testing.T) {
	t.Run("the server has no rights of root, listens on loopback only and checks its data", func(t *testing.T) {
		s := startServer(t, Options{})
		uid, _, exists := ownerOf(filepath.Join(s.socket, fmt.Sprintf(".s.PGSQL.%d", s.port)))
		require.True(t, exists)
		require.NotZero(t, uid)
		require.Equal(t, s.cluster.account.uid, uid)
		require.Equal(t, "127.0.0.1", query(t, s, "show listen_addresses"))
		require.Equal(t, "on", query(t, s, "show data_checksums"))
		require.Equal(t, "UTF8", query(t, s, "show server_encoding"))
	})

	t.Run("a wrong password is refused on the socket and on TCP", func(t *testing.T) {
		s := startServer(t, Options{})
		wrong := strings.Replace(s.URL("postgres"), s.cluster.password, "wrong", 1)
		tcp := fmt.Sprintf("postgres://postgres:wrong@127.0.0.1:%d/postgres", s.port)
		for _, address := range []string{wrong, tcp} {
			_, err := pgx.Connect(t.Context(), address)
			require.ErrorContains(t, err, "password authentication failed")
		}
		conn, err := pgx.Connect(t.Context(), strings.Replace(tcp, "wrong", s.cluster.password, 1))
		require.NoError(t, err)
		require.NoError(t, conn.Close(t.Context()))
	})

	t.Run("a path that is too long for a socket works", func(t *testing.T) {
		dir := filepath.Join(openTestDir(t), strings.Repeat("long", 30))
		s := startServer(t, Options{Dir: dir})
		require.Equal(t, "1", query(t, s, "select '1'"))
		require.NoError(t, s.Stop())
		require.NoDirExists(t, s.socket)
	})
}

func TestStartAfterCrash(t *testing.T) {
	t.Run("the server ends with a process that is killed, and the data is there at once", func(t *testing.T) {
		dir := openTestDir(t)
		child := startChild(t, dir)
		conn, err := pgx.Connect(t.Context(), child.address)
		require.NoError(t, err)
		_, err = conn.Exec(t.Context(), "create table kept as select 42 as answer")
		require.NoError(t, err)
		require.NoError(t, conn.Close(t.Context()))

		require.NoError(t, child.Process.Kill())
		require.Error(t, child.Wait())
		awaitLock(t, filepath.Join(dir, "lock"))

		s := startServer(t, Options{Dir: dir})
		require.NotNil(t, s.process)
		require.Equal(t, "42", query(t, s, "select answer::text from kept"))
	})

	t.Run("a pid that is another program's by now does not stop the start", func(t *testing.T) {
		o := Options{Dir: openTestDir(t)}
		first := startServer(t, o)
		pidFile := filepath.Join(first.cluster.data(), "postmaster.pid")
		left, err := os.ReadFile(pidFile)
		require.NoError(t, err)
		require.NoError(t, first.Stop())

		other := first.cluster.account.command(t.Context(), "sleep", "60")
		require.NoError(t, other.Start())
		t.Cleanup(func() { _ = other.Process.Kill(); _ = other.Wait() })
		_, rest, _ := strings.Cut(string(left), "\n")
		require.NoError(t, os.WriteFile(pidFile, fmt.Appendf(nil, "%d\n%s", other.Process.Pid, rest), 0o600))
		require.NoError(t, first.cluster.account.own(pidFile))

		require.NotNil(t, startServer(t, o).process)
	})
}

func TestStartOnIncompleteData(t *testing.T) {
	t.Run("a half-made cluster is made anew", func(t *testing.T) {
		dir := openTestDir(t)
		require.NoError(t, os.MkdirAll(filepath.Join(dir, "cluster.new", "base"), 0o700))
		require.Equal(t, "1", query(t, startServer(t, Options{Dir: dir}), "select '1'"))
	})

	t.Run("data without its password is refused with what to do", func(t *testing.T) {
		o := Options{Dir: openTestDir(t)}
		require.NoError(t, startServer(t, o).Stop())
		require.NoError(t, os.Remove(filepath.Join(o.Dir, "password")))
		_, err := Start(t.Context(), o)
		require.ErrorContains(t, err, "Put the file back")
	})
}

func TestStop(t *testing.T) {
	t.Run("open connections do not hold it up, and a second time does nothing", func(t *testing.T) {
		s := startServer(t, Options{})
		conn, err := pgx.Connect(t.Context(), s.URL("postgres"))
		require.NoError(t, err)
		t.Cleanup(func() { _ = conn.Close(context.Background()) })

		require.NoError(t, s.Stop())
		require.NoError(t, s.Stop())
		require.Error(t, conn.Ping(t.Context()))
		require.NoDirExists(t, s.cluster.home)
	})
}

// BenchmarkStart measures the first start on a directory and a later one, stops left out.
func BenchmarkStart(b *testing.B) {
	for _, durable := range []bool{true, false} {
		b.Run(fmt.Sprintf("first, durable=%t", durable), func(b *testing.B) {
			for b.Loop() {
				benchmarkStart(b, Options{Dir: openTestDir(b), Durable: durable})
			}
		})
		b.Run(fmt.Sprintf("later, durable=%t", durable), func(b *testing.B) {
			o := Options{Dir: openTestDir(b), Durable: durable}
			for b.Loop() {
				benchmarkStart(b, o)
			}
		})
	}
}

func benchmarkStart(b *testing.B, o Options) {
	s, err := Start(b.Context(), o)
	b.StopTimer()
	require.NoError(b, err)
	require.NoError(b, s.Stop())
	b.StartTimer()
}

func startServer(t *testing.T, o Options) *Server {
	t.Helper()
	s, err := Start(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Stop()) })
	return s
}

// openTestDir is a directory that an unprivileged account can reach, unlike t.TempDir of root.
func openTestDir(tb testing.TB) string {
	tb.Helper()
	dir, err := openDir(os.TempDir(), "embedded-test-")
	require.NoError(tb, err)
	tb.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func query(t *testing.T, s *Server, statement string) (value string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.URL("postgres"))
	require.NoError(t, err)
	defer conn.Close(t.Context())
	rows, err := conn.Query(t.Context(), statement)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		require.NoError(t, rows.Scan(&value))
	}
	require.NoError(t, rows.Err())
	return value
}

type child struct {
	*exec.Cmd
	address string
}

func startChild(t *testing.T, dir string) child {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+dir)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	return child{Cmd: cmd, address: strings.TrimSpace(line)}
}

// awaitLock waits until nobody runs a server on the data any more.
func awaitLock(t *testing.T, path string) {
	t.Helper()
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	require.NoError(t, syscall.Flock(int(file.Fd()), syscall.LOCK_EX))
}
