package server

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// keyBook is a site on a real database, where adding a thing writes a row.
type keyBook struct {
	*site
	url string
	now *clock
}

func startLedger(t *testing.T) *keyBook {
	t.Helper()
	l := &keyBook{url: testkit.Database(t).URL, now: &clock{time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)}}
	l.exec(t, `insert into municipality (id, name) values ('GM0861', 'Veldhoven')`)
	l.exec(t, `insert into municipality_stamp (municipality_id) values ('GM0861') on conflict do nothing`)
	l.exec(t, `create table made (title text); grant insert on made to wijkregie_app`)
	records, err := db.Open(context.Background(), l.url, db.Options{Now: l.now.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { records.Close() })
	l.site = start(t, func(c *Config) { c.DB, c.Now = records, l.now.now })
	l.within = write
	return l
}

// write is a change in the transaction of the request.
func write(ctx context.Context) error {
	return db.Conn(ctx).Exec("insert into made (title) values ('x')").Error
}

func (l *keyBook) exec(t *testing.T, sql string) {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), l.url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(context.Background(), sql); err != nil {
		t.Fatal(err)
	}
}

// made counts the things there are.
func (l *keyBook) made(t *testing.T) (n int) {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), l.url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if err := conn.QueryRow(context.Background(), "select count(*) from made").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func keyed(key, body string) request {
	r := post(body)
	r.header = append(r.header, "Idempotency-Key: "+key)
	return r
}

func TestIdempotency(t *testing.T) {
	l := startLedger(t)
	first := l.do(keyed("key-0001", `{"title":"x"}`))
	if first.status != 201 || first.header.Get("Idempotency-Replayed") != "" || l.made(t) != 1 {
		t.Fatalf("the first attempt is %d with %d things: %s", first.status, l.made(t), first.body)
	}
	for _, key := range []string{"key-0001", `"key-0001"`} {
		again := l.do(keyed(key, `{"title":"x"}`))
		if again.status != 201 || again.header.Get("Idempotency-Replayed") != "true" || again.header.Get("Location") != first.header.Get("Location") ||
			again.header.Get("ETag") == "" || again.body != `{"name":"thing"}`+"\n" {
			t.Errorf("a repetition with %s is %d %v: %s", key, again.status, again.header, again.body)
		}
	}
	if n := l.made(t); n != 1 {
		t.Errorf("three attempts made %d things, want 1", n)
	}
	other := l.do(keyed("key-0001", `{"title":"y"}`))
	if other.status != 422 {
		t.Errorf("another body under the same key is %d, want 422", other.status)
	}
	l.problem(other)
}

func TestIdempotencyUnderTodaysRights(t *testing.T) {
	l := startLedger(t)
	l.do(keyed("key-0001", `{"title":"x"}`))
	l.hidden = true
	r := l.do(keyed("key-0001", `{"title":"x"}`))
	if r.status != 404 || r.header.Get("Location") != "" || l.made(t) != 1 {
		t.Errorf("a repetition by who may no longer read is %d with Location %q", r.status, r.header.Get("Location"))
	}
	l.problem(r)
}

func TestIdempotencyIsPerCaller(t *testing.T) {
	l := startLedger(t)
	l.do(keyed("key-0001", `{"title":"x"}`))
	r := keyed("key-0001", `{"title":"y"}`)
	r.header[0] = "Authorization: Bearer other"
	if got := l.do(r); got.status != 201 || l.made(t) != 2 {
		t.Errorf("the same key of another caller is %d with %d things: %s", got.status, l.made(t), got.body)
	}
}

func TestIdempotencyKeepsNothingOfAFailure(t *testing.T) {
	l := startLedger(t)
	l.within = func(ctx context.Context) error {
		return errors.Join(write(ctx), errors.New("after the change"))
	}
	if r := l.do(keyed("key-0001", `{"title":"x"}`)); r.status != 500 || l.made(t) != 0 {
		t.Fatalf("a failure is %d with %d things", r.status, l.made(t))
	}
	l.within = write
	if r := l.do(keyed("key-0001", `{"title":"y"}`)); r.status != 201 || r.header.Get("Idempotency-Replayed") != "" || l.made(t) != 1 {
		t.Errorf("the key of a failure is %d with %d things, want it free", r.status, l.made(t))
	}
}

func TestIdempotencyAfterAPanic(t *testing.T) {
	l := startLedger(t)
	l.within = func(ctx context.Context) error {
		if err := write(ctx); err != nil {
			return err
		}
		panic("in the transaction")
	}
	r := l.do(keyed("key-0001", `{"title":"x"}`))
	if r.status != 500 || l.made(t) != 0 {
		t.Errorf("a panic is %d with %d things", r.status, l.made(t))
	}
	l.problem(r)
}

func TestIdempotencyEndsAfterADay(t *testing.T) {
	l := startLedger(t)
	l.do(keyed("key-0001", `{"title":"x"}`))
	l.now.at = l.now.at.Add(keyLife)
	if r := l.do(keyed("key-0001", `{"title":"x"}`)); r.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("after 24 hours the key is forgotten already: %d", r.status)
	}
	l.now.at = l.now.at.Add(time.Second)
	if r := l.do(keyed("key-0001", `{"title":"y"}`)); r.status != 201 || l.made(t) != 2 {
		t.Errorf("after a day the key is %d with %d things, want it free", r.status, l.made(t))
	}
	if r := l.do(keyed("key-0001", `{"title":"y"}`)); r.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("a key that was taken over does not count anew")
	}
}

func TestTwinsExecuteOnce(t *testing.T) {
	l := startLedger(t)
	entered, proceed := make(chan bool, 2), make(chan bool)
	l.within = func(ctx context.Context) error {
		entered <- true
		<-proceed
		return write(ctx)
	}
	answers := make(chan reply, 2)
	twin := func() { answers <- l.do(keyed("key-0001", `{"title":"x"}`)) }
	go twin()
	<-entered
	go twin()
	l.waitForLock(t)
	close(proceed)
	one, two := <-answers, <-answers
	if one.status != 201 || two.status != 201 || l.made(t) != 1 {
		t.Fatalf("twins are %d and %d with %d things", one.status, two.status, l.made(t))
	}
	if replayed := one.header.Get("Idempotency-Replayed") + two.header.Get("Idempotency-Replayed"); replayed != "true" {
		t.Errorf("of twins %q are repetitions, want one", replayed)
	}
}

func TestATwinThatWaitsTooLongIsAConflict(t *testing.T) {
	l := startLedger(t)
	entered, proceed := make(chan bool, 1), make(chan bool)
	l.within = func(ctx context.Context) error {
		entered <- true
		<-proceed
		return write(ctx)
	}
	done := make(chan reply)
	go func() { done <- l.do(keyed("key-0001", `{"title":"x"}`)) }()
	<-entered
	r := l.do(keyed("key-0001", `{"title":"x"}`))
	if r.status != 409 {
		t.Errorf("a twin that waits too long is %d, want 409: %s", r.status, r.body)
	}
	l.problem(r)
	close(proceed)
	if first := <-done; first.status != 201 || l.made(t) != 1 {
		t.Errorf("its twin is %d with %d things", first.status, l.made(t))
	}
}

// waitForLock returns when a session waits for another one's lock.
func (l *keyBook) waitForLock(t *testing.T) {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), l.url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	for deadline := time.Now().Add(2 * time.Second); time.Now().Before(deadline); {
		var waiting bool
		err := conn.QueryRow(context.Background(), "select exists (select from pg_locks where not granted), pg_sleep(0.01)").Scan(&waiting, nil)
		if err != nil {
			t.Fatal(err)
		}
		if waiting {
			return
		}
	}
	t.Fatal("the twin does not wait for the first")
}

func TestIdempotencyKeys(t *testing.T) {
	l := startLedger(t)
	for name, test := range map[string]struct {
		request request
		status  int
	}{
		"no key":                     {post(`{"title":"x"}`), 201},
		"eight characters":           {keyed("12345678", `{"title":"x"}`), 201},
		"255 characters":             {keyed(strings.Repeat("k", 255), `{"title":"x"}`), 201},
		"seven characters are 400":   {keyed("1234567", `{"title":"x"}`), 400},
		"256 characters are 400":     {keyed(strings.Repeat("k", 256), `{"title":"x"}`), 400},
		"a space is 400":             {keyed("1234 5678", `{"title":"x"}`), 400},
		"an empty key in quotes":     {keyed(`""`, `{"title":"x"}`), 400},
		"two keys are 400":           {as(request{method: "POST", path: "/v1/things", body: `{"title":"x"}`, header: []string{"Idempotency-Key: 12345678", "Idempotency-Key: 12345679"}}), 400},
		"an operation without a key": {as(request{method: "POST", path: "/v1/things/_batch", body: "[]", header: []string{"Idempotency-Key: 12345678"}}), 204},
	} {
		t.Run(name, func(t *testing.T) {
			l.within = nil
			r := l.do(test.request)
			if r.status != test.status {
				t.Errorf("status %d, want %d: %s", r.status, test.status, r.body)
			}
			if r.status == 400 {
				l.problem(r)
			}
		})
	}
}
