package dossier

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// audited is who acted at last in a dossier, and in whose name; the second is empty for his own.
func (w *world) audited(d Seen) (who, instead string) {
	w.t.Helper()
	var actor uuid.UUID
	var other *uuid.UUID
	require.NoError(w.t, w.admin.QueryRow(w.t.Context(), `select professional_id, in_name_of from audit_entry where dossier_id = $1
		order by id desc limit 1`, d.ID).Scan(&actor, &other))
	for name, p := range w.people {
		if p.id == actor {
			who = name
		}
		if other != nil && p.id == *other {
			instead = name
		}
	}
	require.Equal(w.t, other, w.last(d.ID).InNameOf, "the event says the same")
	return who, instead
}

func TestSubstitutes(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police", "health")
	change := func(ctx context.Context) error {
		_, err := w.s.Update(ctx, etag.Key{ID: d.ID, Match: "*"}, purpose(newID().String()))
		return err
	}
	decide := func(ctx context.Context) error {
		_, err := w.s.ChangeRegie(ctx, etag.Key{ID: d.ID, Match: "*"}, RegieChange{Phase: new(2), Criteria: []string{"b"}, Reason: "Needed."})
		return err
	}
	join := func(ctx context.Context) error {
		_, err := w.s.AddParticipant(ctx, d.ID, w.joining("fire"))
		w.exec("delete from participant where partner_id = $1", w.people["fire"].partner)
		return err
	}
	link := func(ctx context.Context) error {
		other, err := w.s.Open(ctx, opening())
		require.NoError(t, err)
		_, err = w.s.AddLink(ctx, d.ID, Link{OtherDossierID: other.ID, Kind: "related"})
		return err
	}
	supply := func(c authz.Category) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := w.s.AddItem(ctx, d.ID, something(c))
			return err
		}
	}
	for name, c := range map[string]struct {
		by      string
		instead []string
		act     func(context.Context) error
		want    string // in whose name
	}{
		"the case director in her own name":                               {"lead", nil, change, ""},
		"her substitute changes the core in hers":                         {"social", []string{"lead"}, change, "lead"},
		"and adds who takes part in hers":                                 {"social", []string{"lead"}, join, "lead"},
		"and links in hers":                                               {"social", []string{"lead"}, link, "lead"},
		"who stands in for two acts for the one who may":                  {"social", []string{"chair", "lead"}, change, "lead"},
		"also when that is the other":                                     {"social", []string{"chair", "lead"}, decide, "chair"},
		"the case director who stands in for the chair decides in his":    {"lead", []string{"chair"}, decide, "chair"},
		"and changes the core in her own":                                 {"lead", []string{"chair"}, change, ""},
		"who opened it and stands in for the chair decides in his":        {"social", []string{"chair"}, decide, "chair"},
		"the municipal director decides in his own, whomever he replaces": {"director", []string{"chair"}, decide, ""},
		"a substitute of who takes part supplies in his name":             {"colleague", []string{"police"}, supply(authz.Police), "police"},
		"who takes part himself supplies in his own":                      {"police", []string{"lead"}, supply(authz.Police), ""},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, c.act(w.standIn(c.by, c.instead...)))
			who, instead := w.audited(d)
			require.Equal(t, []string{c.by, c.want}, []string{who, instead})
		})
	}
	t.Run("releasing and withdrawing are in whose name too", func(t *testing.T) {
		item := w.added("police", d, something(authz.Police))
		in, err := w.s.ReleaseItem(w.standIn("colleague", "police"), d.ID, item.ID, NewRelease{Purpose: "To help."})
		require.NoError(t, err)
		who, instead := w.audited(d)
		require.Equal(t, []string{"colleague", "police"}, []string{who, instead})
		_, err = w.s.WithdrawRelease(w.standIn("colleague", "police"), etag.Key{ID: in.Row.ID, Match: "*"}, "r")
		require.NoError(t, err)
		who, instead = w.audited(d)
		require.Equal(t, []string{"colleague", "police"}, []string{who, instead})
	})
	t.Run("closing is in whose name too, and the substitute learns that it is shielded", func(t *testing.T) {
		other := w.directed()
		_, err := w.s.Close(w.standIn("police", "chair"), etag.Key{ID: other.ID, Match: "*"}, Closure{Result: "achieved", Reason: "Done."})
		require.NoError(t, err)
		who, instead := w.audited(other)
		require.Equal(t, []string{"police", "chair"}, []string{who, instead})
		_, err = w.s.Get(w.standIn("police", "chair"), other.ID)
		require.Equal(t, problem.Shielded, kind(err))
	})
}

func TestSubstitutesSee(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police")
	item := w.added("police", d, something(authz.Police))
	at := func(from, until time.Duration) context.Context {
		who := w.who("colleague")
		who.Substitutes = []identity.Substitution{{For: w.people["police"].id, From: time.Now().Add(from), Until: time.Now().Add(until)}}
		return identity.With(t.Context(), who)
	}
	for name, c := range map[string]struct {
		ctx  context.Context
		want problem.Kind
	}{
		"while he stands in he is in it":      {at(-time.Hour, time.Hour), ""},
		"before he is not":                    {at(time.Hour, 2*time.Hour), problem.NotFound},
		"nor after":                           {at(-2*time.Hour, -time.Hour), problem.NotFound},
		"nor when who he replaces is not":     {w.standIn("colleague", "health"), problem.NotFound},
		"nor for one of another municipality": {w.standIn("colleague", "stranger"), problem.NotFound},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.s.Get(c.ctx, d.ID)
			require.Equal(t, c.want, kind(err))
			_, err = w.s.GetItem(c.ctx, d.ID, item.ID)
			require.Equal(t, c.want, kind(err))
			found, err := w.s.List(c.ctx, Filter{Sort: "number"}, page.Request{Limit: 9})
			require.NoError(t, err)
			require.Equal(t, c.want == "", len(found.Rows) == 1)
		})
	}
	t.Run("he sees by the cells of his own organisation, not of who he replaces", func(t *testing.T) {
		ctx := w.standIn("health", "police")
		_, err := w.s.GetItem(ctx, d.ID, item.ID)
		require.Equal(t, problem.NotFound, kind(err))
		_, err = w.s.AddItem(ctx, d.ID, something(authz.Police))
		require.Equal(t, problem.Forbidden, kind(err))
	})
}
