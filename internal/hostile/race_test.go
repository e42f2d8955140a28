package hostile

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/internal/testkit/live"
)

// meet lets two requests on a dossier run at the same time: both have begun, and neither has written
// its admissions, before the first may go on.
func meet(t *testing.T, w *live.World, dossier string, first, second func() *live.Reply) (a, b *live.Reply) {
	t.Helper()
	return meetBehind(t, w, "select 1 from admission where dossier_id = '"+dossier+"' for update", first, second)
}

// meetBehind lets two requests wait, the first before the second, for a lock that is taken by a statement; it is one
// that nothing in the background waits for.
func meetBehind(t *testing.T, w *live.World, lock string, first, second func() *live.Reply) (a, b *live.Reply) {
	t.Helper()
	waiting, release := behind(t, w, lock)
	one, two := make(chan *live.Reply, 1), make(chan *live.Reply, 1)
	go func() { one <- first() }()
	waiting(1)
	go func() { two <- second() }()
	waiting(2)
	release()
	return <-one, <-two
}

// behind takes a lock by a statement: one can wait until so many wait for locks, and release it.
func behind(t *testing.T, w *live.World, lock string) (waiting func(n int), release func()) {
	t.Helper()
	connect := func() *pgx.Conn {
		conn, err := pgx.Connect(t.Context(), w.Database)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, conn.Close(context.Background())) })
		return conn
	}
	holder, watcher := connect(), connect()
	tx, err := holder.Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), lock)
	require.NoError(t, err)
	waiting = func(n int) {
		require.Eventually(t, func() bool {
			var found int
			const blocked = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
			err := watcher.QueryRow(t.Context(), blocked).Scan(&found)
			return err == nil && found >= n
		}, 5*time.Second, 5*time.Millisecond)
	}
	return waiting, func() { require.NoError(t, tx.Commit(t.Context())) }
}

func TestAtTheSameMoment(t *testing.T) {
	w := live.Start(t)
	join := func(c *live.Case, by, short string) func() *live.Reply {
		body := live.M{"partnerId": w.Partner(short), "role": "participant", "professionalIds": []string{w.Person(short)}}
		return func() *live.Reply { return w.As(t, by).Post(c.Path+"/participants", body) }
	}

	t.Run("a closing dossier stays closed when somebody is added to it", func(t *testing.T) {
		c := w.Opened(t, live.M{})
		c.Direct(t)
		c.Join(t, "case-director", "police")
		body := live.M{"result": "achieved", "reason": "Klaar.", "outcomes": []live.M{{"description": "Rust.", "result": "achieved"}}}
		closing := func() *live.Reply {
			return w.As(t, "chair").Post(c.Path+"/closures", body, live.Match("*"))
		}
		closed, added := meet(t, w, c.ID, closing, join(c, "case-director", "housing"))
		closed.Want(http.StatusCreated)
		require.Equal(t, "dossier-shielded", added.Kind())
		for _, short := range []string{"director", "chair", "case-director", "police"} {
			require.Equal(t, "dossier-shielded", w.As(t, short).Get(c.Path).Kind(), short)
		}
	})
	t.Run("who is no longer named stays out when another partner is added", func(t *testing.T) {
		c := w.Opened(t, live.M{})
		c.Direct(t)
		police := c.Join(t, "case-director", "police")
		leaving := func() *live.Reply {
			return w.As(t, "case-director").Patch(police.Place(), "*", live.M{"professionalIds": []string{}})
		}
		left, added := meet(t, w, c.ID, leaving, join(c, "director", "housing"))
		left.Want(http.StatusOK)
		added.Want(http.StatusCreated)
		w.As(t, "police").Get(c.Path).Want(http.StatusNotFound)
		w.As(t, "police-system").Get(c.Path).Want(http.StatusNotFound)
		w.As(t, "housing").Get(c.Path).Want(http.StatusOK)
	})
	t.Run("who opened it adds nobody once a case director is appointed", func(t *testing.T) {
		c := w.Opened(t, live.M{})
		body := live.M{"caseDirectorId": w.Person("case-director"), "criteria": []string{"b"}, "reason": "Regie nodig."}
		appoint := func() *live.Reply {
			return w.As(t, "chair").Post(c.Path+"/regie-changes", body, live.Match("*"))
		}
		appointed, added := meet(t, w, c.ID, appoint, join(c, "social", "police"))
		appointed.Want(http.StatusCreated)
		added.Want(http.StatusForbidden)
		require.Contains(t, w.As(t, "case-director").Get(c.Path).Want(http.StatusOK).Allowed(), "addParticipant")
	})
	t.Run("the glass is broken once", func(t *testing.T) {
		c := w.Opened(t, live.M{})
		body := live.M{"dossierNumber": w.As(t, "director").Get(c.Path).Text("number"), "purpose": "Er is gevaar.", "hours": 24}
		taking := func() *live.Reply { return w.As(t, "police").Post("/v1/emergency-accesses", body) }
		first, second := meetBehind(t, w, "select 1 from dossier where id = '"+c.ID+"' for update", taking, taking)
		require.ElementsMatch(t, []int{http.StatusCreated, http.StatusConflict}, []int{first.Status, second.Status})
	})
	t.Run("heavy work is done once at a time", func(t *testing.T) {
		director := w.As(t, "director")
		cells := matrix.Default()
		for i := range cells {
			cells[i].Level = authz.None
		}
		cells[0].Level = authz.Read
		director.Do(http.MethodPut, "/v1/authorisation-matrix/draft", live.M{"cells": live.Cells(cells)}).Want(http.StatusCreated)
		simulate := func() *live.Reply { return director.Post("/v1/authorisation-matrix/simulations", nil) }
		waiting, release := behind(t, w, "lock table admission in access exclusive mode")
		first := make(chan *live.Reply, 1)
		go func() { first <- simulate() }()
		waiting(1)
		simulate().Want(http.StatusTooManyRequests)
		release()
		(<-first).Want(http.StatusOK)
	})
	t.Run("who loses the role of case director loses it in a dossier where admissions are being written", func(t *testing.T) {
		c := w.Case(t)
		c.Item(t, "social", "life-domain")
		body := live.M{"partnerId": w.Partner("case-director"), "category": "police", "level": "none", "reason": "Niet nodig."}
		except := func() *live.Reply { return w.As(t, "director").Post(c.Path+"/matrix-exceptions", body) }
		dismiss := func() *live.Reply {
			return w.As(t, "director").Patch("/v1/professionals/"+w.Person("case-director"), "*", live.M{"roles": []string{"professional"}})
		}
		excepted, dismissed := meetBehind(t, w, "lock table audit_entry in exclusive mode", except, dismiss)
		excepted.Want(http.StatusCreated)
		dismissed.Want(http.StatusOK)
		require.NotContains(t, w.As(t, "case-director").Get(c.Path).Want(http.StatusOK).Allowed(), "addParticipant")
	})
}
