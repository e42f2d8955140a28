package server_test

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/server"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// rowsOf are the rows of a list at an address for which something holds.
func rowsOf(t *testing.T, w *live.World, short, address string, holds func(row any) bool) (kept []any) {
	t.Helper()
	rows, _ := w.As(t, short).Get(address).Want(ok).At("items").([]any)
	for _, row := range rows {
		if holds(row) {
			kept = append(kept, row)
		}
	}
	return kept
}

func TestMyWork(t *testing.T) {
	t.Parallel()
	w := live.Bare(t)
	w.Publish(t, "director", levels(matrix.Default(), map[string]authz.Level{
		"housing-association identity": authz.OnRelease, "housing-association action": authz.Own, "social-domain identity": authz.OnRelease}))
	r := rand.New(rand.NewPCG(5, 22))
	atRandom(t, w, r)
	zone, err := time.LoadLocation("Europe/Amsterdam")
	require.NoError(t, err)
	w.Exec(t, "update action set due_date = current_date + (n % 12)::int - 3 from (select id as k, row_number() over (order by id) as n from action) o where k = id and status = 'open'")
	require.Eventually(t, func() bool { return w.Pending(t) == 0 }, 20*time.Second, 20*time.Millisecond, "events are on their way")
	now := time.Now().In(zone)
	today := now.Format(time.DateOnly)
	sunday := now.AddDate(0, 0, (7-int(now.Weekday()))%7).Format(time.DateOnly)
	for _, who := range []string{"case-director", "chair", "police", "housing", "social", "director", "mental-health", "auditor", "other-director"} {
		t.Run(who+" finds in his work what he would count in the lists", func(t *testing.T) {
			work := w.As(t, who).Get("/v1/my-work").Want(ok)
			assert.Equal(t, []string{today, sunday}, []string{work.Text("today"), work.Text("weekEndsOn")})
			dossiers := myDossiers(t, w, who)
			assert.Equal(t, phasesOf(dossiers), phasesIn(work))
			for _, row := range rowsIn(work, "dossiers") {
				d := dossiers[fmt.Sprint(live.At(row, "dossierId"))]
				require.NotNil(t, d.row)
				for field, of := range map[string]string{"dossier.title": "title", "status": "status", "phase": "regiePhase", "openActions": "openActions",
					"overdueActions": "overdueActions", "nextMeetingAt": "nextMeetingAt", "lastChangeAt": "lastChangeAt"} {
					assert.Equal(t, live.At(d.row, of), live.At(row, field), of)
				}
				assert.ElementsMatch(t, d.roles, live.At(row, "roles"))
			}
			assert.Len(t, rowsIn(work, "dossiers"), len(dossiers))
			sameActions(t, w, who, work, today, sunday)
			assert.Equal(t, figure(w.As(t, who).Get("/v1/alerts/summary").Want(ok), "unacknowledged"), figure(work, "unreadAlerts"))
			sameMeetings(t, w, who, work)
			sameChanges(t, w, who, work, dossiers)
			assert.Equal(t, work.Tag(), w.As(t, who).Get("/v1/my-work").Want(ok).Tag(), "the moment alone is no change")
		})
	}
	t.Run("it is not empty", func(t *testing.T) {
		work := w.As(t, "police").Get("/v1/my-work").Want(ok)
		for _, list := range []string{"dossiersByPhase", "dossiers", "actions", "lastChanges"} {
			assert.NotEmpty(t, rowsIn(work, list), list)
		}
		for _, name := range []string{"ownActions.open", "ownActions.overdue", "ownActions.dueThisWeek"} {
			assert.NotEqual(t, "0", figure(work, name), name)
		}
		assert.NotEqual(t, "0", figure(w.As(t, "case-director").Get("/v1/my-work").Want(ok), "unreadAlerts"))
	})
	t.Run("a system has no work", func(t *testing.T) {
		require.Equal(t, "forbidden", w.As(t, "police-system").Get("/v1/my-work").Want(forbidden).Kind())
	})
}

// mine is a dossier of somebody in the list, with what he is in it.
type mine struct {
	row   any
	roles []any
}

func myDossiers(t *testing.T, w *live.World, who string) map[string]mine {
	t.Helper()
	all := map[string]mine{}
	for role, filter := range map[string]string{"case-director": "caseDirectorId=" + w.Person(who), "chair": "chairId=" + w.Person(who), "participant": "mine=true"} {
		for _, row := range rowsOf(t, w, who, "/v1/dossiers?limit=200&"+filter, func(row any) bool {
			return live.At(row, "status") != "closed" && live.At(row, "status") != "rejected"
		}) {
			id := fmt.Sprint(live.At(row, "id"))
			all[id] = mine{row, append(all[id].roles, role)}
		}
	}
	return all
}

func phasesOf(dossiers map[string]mine) map[string]int {
	n := map[string]int{}
	for _, d := range dossiers {
		phase := fmt.Sprint(live.At(d.row, "regiePhase"))
		n[phase]++
		for _, role := range d.roles {
			n[fmt.Sprint(phase, role)]++
		}
	}
	return n
}

func phasesIn(work *live.Reply) map[string]int {
	n := map[string]int{}
	for _, row := range rowsIn(work, "dossiersByPhase") {
		phase := fmt.Sprint(live.At(row, "phase"))
		for name, field := range map[string]string{"": "total", "case-director": "asCaseDirector", "chair": "asChair", "participant": "asParticipant"} {
			var many int
			_, _ = fmt.Sscan(fmt.Sprint(live.At(row, field)), &many)
			if many > 0 {
				n[phase+name] = many
			}
		}
	}
	return n
}

func rowsIn(r *live.Reply, list string) []any {
	rows, _ := r.At(list).([]any)
	return rows
}

func sameActions(t *testing.T, w *live.World, who string, work *live.Reply, today, sunday string) {
	t.Helper()
	me, partner := w.Person(who), w.Partner(who)
	his := rowsOf(t, w, who, "/v1/actions?limit=200&status=open", func(row any) bool {
		return live.At(row, "professionalId") == me || live.At(row, "partnerId") == partner
	})
	want := map[string]int{}
	var ids []string
	for _, row := range his {
		of, due := "partnerActions", fmt.Sprint(live.At(row, "dueDate"))
		if live.At(row, "professionalId") == me {
			of = "ownActions"
		}
		ids = append(ids, fmt.Sprint(live.At(row, "id"), live.At(row, "overdue"), due >= today && due <= sunday, of == "ownActions"))
		want[of+".open"]++
		if due < today {
			want[of+".overdue"]++
		} else if due <= sunday {
			want[of+".dueThisWeek"]++
		}
	}
	for _, of := range []string{"ownActions", "partnerActions"} {
		for _, name := range []string{".open", ".overdue", ".dueThisWeek"} {
			assert.Equal(t, fmt.Sprint(want[of+name]), figure(work, of+name), of+name)
		}
	}
	var got []string
	for _, row := range rowsIn(work, "actions") {
		got = append(got, fmt.Sprint(live.At(row, "id"), live.At(row, "overdue"), live.At(row, "dueThisWeek"), live.At(row, "own")))
	}
	assert.Equal(t, ids, got)
}

func sameMeetings(t *testing.T, w *live.World, who string, work *live.Reply) {
	t.Helper()
	var want []string
	for _, row := range rowsOf(t, w, who, "/v1/meetings?limit=200&from="+time.Now().UTC().Format(time.RFC3339), func(row any) bool { return live.At(row, "status") == "planned" }) {
		leads := live.At(row, "chairId") == w.Person(who)
		invited := w.As(t, who).Get(fmt.Sprint("/v1/meetings/", live.At(row, "id"))).Want(ok).Texts("invitations", "professionalId")
		if leads || slices.Contains(invited, w.Person(who)) {
			want = append(want, fmt.Sprint(live.At(row, "id"), leads))
		}
	}
	var got []string
	for _, row := range rowsIn(work, "meetings") {
		got = append(got, fmt.Sprint(live.At(row, "id"), live.At(row, "leads")))
	}
	assert.ElementsMatch(t, want, got)
	assert.Equal(t, fmt.Sprint(len(want)), figure(work, "comingMeetings"))
}

func sameChanges(t *testing.T, w *live.World, who string, work *live.Reply, dossiers map[string]mine) {
	t.Helper()
	in := map[string]string{}
	for id := range dossiers {
		for _, row := range rowsOf(t, w, who, "/v1/dossiers/"+id+"/timeline?limit=200", func(any) bool { return true }) {
			in[fmt.Sprint(live.At(row, "id"))] = fmt.Sprint(id, live.At(row, "at"), live.At(row, "kind"), live.At(row, "fields"), live.At(row, "actorId"))
		}
	}
	for _, row := range rowsIn(work, "lastChanges") {
		want := fmt.Sprint(live.At(row, "dossierId"), live.At(row, "at"), live.At(row, "kind"), live.At(row, "fields"), live.At(row, "actorId"))
		assert.Equal(t, in[fmt.Sprint(live.At(row, "id"))], want)
	}
	assert.Len(t, rowsIn(work, "lastChanges"), min(20, len(in)))
}

// TestMyWorkOfASubstitute: who stands in has the work of the one he stands in for.
func TestMyWorkOfASubstitute(t *testing.T) {
	t.Parallel()
	w := live.Start(t)
	f := w.Case(t)
	f.Action(t, "case-director", "police")
	before := w.As(t, "social").Get("/v1/my-work").Want(ok)
	require.NotContains(t, before.Texts("dossiers", "roles.0"), "case-director")
	w.As(t, "director").Post("/v1/professionals/"+w.Person("case-director")+"/substitutions", live.M{
		"substituteId": w.Person("social"), "from": time.Now().Add(-time.Hour).UTC().Format(time.RFC3339), "until": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)}).Want(created)
	after := w.As(t, "social").Get("/v1/my-work").Want(ok)
	require.Contains(t, string(after.Raw), `"case-director"`)
	require.Equal(t, "1", figure(after, "dossiersByPhase.0.asCaseDirector"))
}

// TestMyWorkAsksAsMuch counts what is sent to the database: as many queries whatever there is.
func TestMyWorkAsksAsMuch(t *testing.T) {
	t.Parallel()
	var sent atomic.Int64
	w := live.Start(t, func(s *server.Setup) { s.DatabaseURL = counted(t, s.DatabaseURL, &sent) })
	f := w.Case(t)
	fill := func(f *live.Case) {
		f.Action(t, "case-director", "police")
		f.Item(t, "housing", "housing")
		f.Meeting(t, "police", "case-director")
	}
	fill(f)
	fill(w.Case(t))
	f.Close(t)
	least := func(who string) int64 { // others ask as well, now and then
		fewest := int64(1 << 40)
		for range 8 {
			before := sent.Load()
			w.As(t, who).Get("/v1/my-work").Want(ok)
			fewest = min(fewest, sent.Load()-before)
		}
		return fewest
	}
	first := map[string]int64{}
	for _, who := range []string{"case-director", "chair", "police"} {
		first[who] = least(who)
	}
	for range 6 {
		fill(w.Case(t))
	}
	f = w.Case(t)
	fill(f)
	f.Close(t)
	for who, n := range first {
		assert.LessOrEqual(t, least(who), n, who)
	}
	for who, n := range first {
		assert.Positive(t, n, who)
	}
}

// counted puts a way to the database in between that counts the statements.
func counted(t *testing.T, address string, sent *atomic.Int64) string {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	config, err := pgconn.ParseConfig(address)
	require.NoError(t, err)
	between, err := os.MkdirTemp("", "between") // a short name: that of a socket may not be long
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(between) })
	listener, err := net.Listen(pgconn.NetworkAddress(between, config.Port))
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })
	network, to := pgconn.NetworkAddress(config.Host, config.Port)
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			database, err := net.Dial(network, to)
			if err != nil {
				client.Close()
				continue
			}
			go func() { _, _ = io.Copy(client, database); client.Close() }()
			go func() { relay(client, database, sent); database.Close() }()
		}
	}()
	u.RawQuery = url.Values{"host": {between}, "port": {strconv.Itoa(int(config.Port))}, "sslmode": {"disable"}}.Encode()
	return u.String()
}

// relay passes messages on and counts those that let the database execute something.
func relay(from io.Reader, to io.Writer, sent *atomic.Int64) {
	in, head := bufio.NewReader(from), make([]byte, 5)
	if _, err := io.ReadFull(in, head[1:]); err != nil { // the first message has no type
		return
	}
	for first := true; ; first = false {
		message := head
		if first {
			message = head[1:]
		} else if _, err := io.ReadFull(in, head); err != nil {
			return
		}
		if !first && strings.ContainsRune("BQ", rune(head[0])) {
			sent.Add(1)
		}
		if _, err := to.Write(message); err != nil {
			return
		}
		if _, err := io.CopyN(to, in, int64(binary.BigEndian.Uint32(head[1:]))-4); err != nil {
			return
		}
	}
}
