package dossier

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func TestAddParticipant(t *testing.T) {
	w := newWorld(t)
	d := w.opened()
	add := func(by string, j Joining) error {
		_, err := w.s.AddParticipant(w.as(by), d.ID, j)
		return err
	}
	t.Run("only who is named comes in, and the systems of his partner", func(t *testing.T) {
		in, err := w.s.AddParticipant(w.as("social"), d.ID, w.joining("police"))
		require.NoError(t, err)
		require.Equal(t, []problem.Kind{"", problem.NotFound, "", problem.NotFound}, w.kinds(d, "police", "colleague", "police-system", "health"))
		require.Equal(t, event{Name: "participant.added", Subject: in.Row.ID, Fields: []string{}}, w.last(d.ID))
		require.Equal(t, d.Number, in.Dossier.Number)
	})
	t.Run("a partner without names takes part, and nobody of it comes in", func(t *testing.T) {
		j := w.joining("health")
		j.ProfessionalIDs = nil
		in, err := w.s.AddParticipant(w.as("social"), d.ID, j)
		require.NoError(t, err)
		require.Equal(t, []uuid.UUID{}, in.Row.ProfessionalIDs)
		require.Equal(t, []problem.Kind{problem.NotFound, problem.NotFound}, w.kinds(d, "health", "health-system"))
	})
	t.Run("a partner takes part once", func(t *testing.T) {
		require.Equal(t, problem.Conflict, kind(add("social", w.joining("colleague"))))
	})
	t.Run("who is named and may do nothing in such a dossier does not come in", func(t *testing.T) {
		require.NoError(t, add("social", w.joining("school")))
		require.Equal(t, []problem.Kind{problem.NotFound}, w.kinds(d, "school"))
	})
	for name, want := range map[string]problem.Kind{"police": problem.Forbidden, "police-system": problem.Forbidden, "lead": problem.NotFound, "stranger": problem.NotFound} {
		t.Run(name+" adds nobody: "+string(want), func(t *testing.T) {
			require.Equal(t, want, kind(add(name, w.joining("fire"))))
		})
	}
	for name, c := range map[string]struct {
		edit func(*Joining)
		want string
	}{
		"a partner that is not there":            {func(j *Joining) { j.PartnerID = newID() }, "/partnerId"},
		"a partner of another municipality":      {func(j *Joining) { *j = w.joining("stranger") }, "/partnerId"},
		"a professional who is not there":        {func(j *Joining) { j.ProfessionalIDs = append(j.ProfessionalIDs, newID()) }, "/professionalIds"},
		"a professional of another municipality": {func(j *Joining) { j.ProfessionalIDs = w.joining("stranger").ProfessionalIDs }, "/professionalIds"},
		"an end before the start":                {func(j *Joining) { j.From, j.Until = new(noon), new(noon.Add(-1)) }, "/until"},
		"an end that is over":                    {func(j *Joining) { j.Until = new(time.Now().Add(-time.Hour)) }, "/until"},
	} {
		t.Run(name+" is not valid", func(t *testing.T) {
			j := w.joining("fire")
			c.edit(&j)
			require.Equal(t, []string{c.want}, pointers(t, add("social", j)))
		})
	}
	t.Run("a professional of another partner is a conflict", func(t *testing.T) {
		require.Equal(t, problem.Conflict, kind(add("social", w.joining("fire", "police"))))
	})
	t.Run("of what was refused nobody is in it", func(t *testing.T) {
		require.Equal(t, []problem.Kind{problem.NotFound}, w.kinds(d, "fire"))
		require.Zero(t, w.count("participant where partner_id = $1", w.people["fire"].partner))
	})
	for name, c := range map[string]struct {
		from, until time.Duration
		want        problem.Kind
	}{
		"from tomorrow it is too early":                    {24 * time.Hour, 48 * time.Hour, problem.NotFound},
		"until tomorrow it is in time":                     {-time.Hour, 24 * time.Hour, ""},
		"until an hour ago it is too late":                 {-2 * time.Hour, -time.Hour, problem.NotFound},
		"from now on by the product's clock it is in time": {0, time.Hour, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d, j := w.opened(), w.joining("police")
			j.From, j.Until = new(time.Now().Add(c.from)), new(time.Now().Add(c.until))
			_, err := w.s.AddParticipant(w.as("social"), d.ID, j)
			require.NoError(t, err)
			require.Equal(t, []problem.Kind{c.want, c.want}, w.kinds(d, "police", "police-system"))
		})
	}
}

func TestThirdParties(t *testing.T) {
	w := newWorld(t)
	for _, basis := range []Basis{Wgs, Covenant, SocialDomain, Consent} {
		for _, name := range []string{"housing", "fire", "residents", "police"} {
			third := name != "police"
			t.Run(name+" on the basis "+string(basis), func(t *testing.T) {
				o := opening()
				o.Basis = basis
				d, err := w.s.Open(w.as("social"), o)
				require.NoError(t, err)
				_, err = w.s.AddParticipant(w.as("social"), d.ID, w.joining(name))
				if basis == Wgs && third {
					require.Equal(t, problem.Conflict, kind(err))
					require.Equal(t, []problem.Kind{problem.NotFound}, w.kinds(d, name))
					return
				}
				require.NoError(t, err)
				require.Equal(t, []problem.Kind{""}, w.kinds(d, name))
			})
		}
	}
}

func TestUpdateParticipant(t *testing.T) {
	w := newWorld(t)
	d := w.directed("police")
	all, err := w.s.ListParticipants(w.as("lead"), d.ID, page.Request{Limit: 9})
	require.NoError(t, err)
	byPartner := map[uuid.UUID]Participant{}
	for _, p := range all.Row.Rows {
		byPartner[p.PartnerID] = p
	}
	police := byPartner[w.people["police"].partner]
	update := func(by string, p Participant, edit func(*Participant)) error {
		_, err := w.s.UpdateParticipant(w.as(by), d.ID, etag.Key{ID: p.ID, Match: "*"}, edit)
		return err
	}
	name := func(names ...string) func(*Participant) {
		return func(p *Participant) { p.ProfessionalIDs = w.joining(names...).ProfessionalIDs }
	}
	t.Run("without an entity tag it is refused, with an older one it is stale", func(t *testing.T) {
		_, err := w.s.UpdateParticipant(w.as("lead"), d.ID, etag.Key{ID: police.ID}, name("colleague"))
		require.Equal(t, problem.MatchRequired, kind(err))
		_, err = w.s.UpdateParticipant(w.as("lead"), d.ID, etag.Key{ID: police.ID, Match: `"older"`}, name("colleague"))
		require.Equal(t, problem.Stale, kind(err))
	})
	t.Run("another name takes over at the next read", func(t *testing.T) {
		in, err := w.s.UpdateParticipant(w.as("lead"), d.ID, etag.Key{ID: police.ID, Match: etag.Of(police)}, name("colleague"))
		require.NoError(t, err)
		require.Equal(t, []problem.Kind{problem.NotFound, "", ""}, w.kinds(d, "police", "colleague", "police-system"))
		require.Equal(t, event{Name: "participant.changed", Subject: police.ID, Fields: []string{"professionalIds"}}, w.last(d.ID))
		again, err := w.s.GetParticipant(w.as("colleague"), d.ID, police.ID)
		require.NoError(t, err)
		require.Equal(t, etag.Of(again.Row), etag.Of(in.Row))
	})
	t.Run("without names nobody of the partner is left, its systems neither", func(t *testing.T) {
		require.NoError(t, update("lead", police, name("police", "colleague")))
		require.Equal(t, []problem.Kind{"", "", ""}, w.kinds(d, "police", "colleague", "police-system"))
		require.NoError(t, update("lead", police, func(p *Participant) { p.ProfessionalIDs = nil }))
		require.Equal(t, []problem.Kind{problem.NotFound, problem.NotFound, problem.NotFound}, w.kinds(d, "police", "colleague", "police-system"))
	})
	t.Run("when it ends nobody is left, and who is named comes back when it goes on", func(t *testing.T) {
		require.NoError(t, update("lead", police, name("police")))
		w.exec("update participant set starts_at = now() - interval '2 hours' where id = $1", police.ID)
		require.NoError(t, update("lead", police, func(p *Participant) { p.EndsAt = new(time.Now().Add(-time.Hour)) }))
		require.Equal(t, []problem.Kind{problem.NotFound, problem.NotFound}, w.kinds(d, "police", "police-system"))
		require.NoError(t, update("lead", police, func(p *Participant) { p.EndsAt = nil }))
		require.Equal(t, []problem.Kind{"", ""}, w.kinds(d, "police", "police-system"))
	})
	for lead, partner := range map[string]string{"lead": "social", "chair": "chair"} {
		t.Run("the "+lead+" stays", func(t *testing.T) {
			p := byPartner[w.people[partner].partner]
			require.Equal(t, problem.Conflict, kind(update("director", p, func(p *Participant) { p.ProfessionalIDs = nil })))
			require.Equal(t, []problem.Kind{""}, w.kinds(d, lead))
		})
	}
	t.Run("who opened it has no say once it has a case director", func(t *testing.T) {
		require.Equal(t, problem.Forbidden, kind(update("social", police, name("colleague"))))
	})
	t.Run("nothing that changes is told to nobody", func(t *testing.T) {
		before := w.count("audit_entry")
		require.NoError(t, update("lead", police, func(*Participant) {}))
		require.Equal(t, before, w.count("audit_entry"))
	})
	t.Run("a participation of another dossier is not found", func(t *testing.T) {
		other := w.opened()
		_, err := w.s.UpdateParticipant(w.as("social"), other.ID, etag.Key{ID: police.ID, Match: "*"}, name("colleague"))
		require.Equal(t, problem.NotFound, kind(err))
		_, err = w.s.GetParticipant(w.as("social"), other.ID, police.ID)
		require.Equal(t, problem.NotFound, kind(err))
	})
	t.Run("in a dossier that was rejected it is a conflict", func(t *testing.T) {
		w.exec("update dossier set status = 'rejected' where id = $1", d.ID)
		require.Equal(t, problem.Conflict, kind(update("lead", police, name("colleague"))))
	})
}
