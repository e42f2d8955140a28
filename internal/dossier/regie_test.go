package dossier

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

func (w *world) regie(by string, d Seen, c RegieChange) (RegieChange, error) {
	c.Reason, c.JumpReason = "Needed.", "Needed."
	if c.Phase != nil && len(c.Criteria) == 0 {
		c.Criteria = []string{"b"}
		if w.count("dossier where id = $1 and regie_phase > $2", d.ID, *c.Phase) > 0 {
			c.Criteria = []string{"agreements-kept"}
		}
	}
	if c.Phase != nil && *c.Phase >= directedPhase && len(c.Holders) == 0 {
		c.Holders = []Holder{{Responsibility: ProcessDirection, Kind: ByProfessional, ProfessionalID: new(w.people["chair"].id)}}
	}
	in, err := w.s.ChangeRegie(w.as(by), etag.Key{ID: d.ID, Match: "*"}, c)
	return in.Row, err
}

func TestChangeRegie(t *testing.T) {
	w := newWorld(t)
	d := w.opened("police", "fire")
	lead, chair := w.people["lead"].id, w.people["chair"].id

	for name, want := range map[string]problem.Kind{
		"social": problem.Forbidden, "police": problem.Forbidden, "social-system": problem.Forbidden, "chair": problem.NotFound, "stranger": problem.NotFound,
	} {
		t.Run(name+" does not appoint: "+string(want), func(t *testing.T) {
			_, err := w.regie(name, d, RegieChange{CaseDirectorID: &lead})
			require.Equal(t, want, kind(err))
		})
	}
	t.Run("without an entity tag it is refused, with an older one it is stale", func(t *testing.T) {
		_, err := w.s.ChangeRegie(w.as("director"), etag.Key{ID: d.ID}, RegieChange{CaseDirectorID: &lead, Reason: "Needed."})
		require.Equal(t, problem.MatchRequired, kind(err))
		_, err = w.s.ChangeRegie(w.as("director"), etag.Key{ID: d.ID, Match: `"older"`}, RegieChange{CaseDirectorID: &lead, Reason: "Needed."})
		require.Equal(t, problem.Stale, kind(err))
	})
	for name, c := range map[string]struct {
		change RegieChange
		want   problem.Kind
	}{
		"nothing":                           {RegieChange{}, problem.Invalid},
		"phase 3 without a case director":   {RegieChange{Phase: new(3)}, problem.Conflict},
		"a case director without the role":  {RegieChange{CaseDirectorID: new(w.people["colleague"].id)}, problem.Conflict},
		"a chair without the role":          {RegieChange{ChairID: &lead}, problem.Conflict},
		"a case director who is not there":  {RegieChange{CaseDirectorID: new(newID())}, problem.Invalid},
		"a chair of another municipality":   {RegieChange{ChairID: new(w.people["stranger"].id)}, problem.Invalid},
		"phase 3 with one who cannot be it": {RegieChange{Phase: new(3), CaseDirectorID: new(w.people["colleague"].id)}, problem.Conflict},
	} {
		t.Run(name+" is refused, and all stays as it was", func(t *testing.T) {
			before := w.get("director", d)
			_, err := w.regie("director", d, c.change)
			require.Equal(t, c.want, kind(err))
			require.Equal(t, before.Tag, w.get("director", d).Tag)
			require.Zero(t, w.count("regie_change where dossier_id = $1", d.ID))
			require.Equal(t, []problem.Kind{problem.NotFound, problem.NotFound}, w.kinds(d, "lead", "chair"))
		})
	}
	t.Run("who is appointed is in it by name from then on, beside colleagues and anew", func(t *testing.T) {
		c, err := w.regie("director", d, RegieChange{CaseDirectorID: &lead, ChairID: &chair, Phase: new(3)})
		require.NoError(t, err)
		require.Contains(t, w.get("lead", d).Allowed, "updateDossier")
		require.Contains(t, w.get("chair", d).Allowed, "closeDossier")
		all, err := w.s.ListParticipants(w.as("lead"), d.ID, page.Request{Limit: 9})
		require.NoError(t, err)
		names := map[uuid.UUID][]uuid.UUID{}
		for _, p := range all.Row.Rows {
			names[p.PartnerID] = p.ProfessionalIDs
		}
		require.Equal(t, []uuid.UUID{w.people["social"].id, lead}, names[w.people["lead"].partner])
		require.Equal(t, []uuid.UUID{chair}, names[w.people["chair"].partner])
		one, err := w.s.GetRegieChange(w.as("fire"), d.ID, c.ID)
		require.NoError(t, err)
		require.Equal(t, etag.Of(c), etag.Of(one.Row))
		require.Equal(t, w.people["director"].id, one.Row.DecidedBy)
	})
	t.Run("it is told by names, and audited with what was written with it", func(t *testing.T) {
		require.Equal(t, event{Name: "regie.changed", Subject: d.ID, Fields: []string{"regiePhase", "caseDirectorId", "chairId"}}, w.last(d.ID))
		for subject, times := range map[string]int{"dossier": 1, "regie-change": 1, "participant": 2} {
			require.Equal(t, times, w.count("audit_entry where event = 'regie.changed' and dossier_id = $1 and subject_type = $2", d.ID, subject), subject)
		}
	})
	t.Run("who opened it has no more rights than his organisation", func(t *testing.T) {
		require.NotContains(t, w.get("social", d).Allowed, "updateDossier")
	})
	t.Run("the chair appoints another, and the first has no more rights than his organisation", func(t *testing.T) {
		_, err := w.regie("chair", d, RegieChange{CaseDirectorID: new(w.people["police"].id)})
		require.NoError(t, err)
		require.Contains(t, w.get("police", d).Allowed, "addParticipant")
		require.NotContains(t, w.get("lead", d).Allowed, "addParticipant")
	})
	t.Run("a decision that all stays as it is, is one", func(t *testing.T) {
		before := w.count("audit_entry where event = 'regie.changed' and subject_type = 'dossier'")
		c, err := w.regie("chair", d, RegieChange{Phase: new(3), ReviewDate: new(dayOf(noon))})
		require.NoError(t, err)
		require.Equal(t, before+1, w.count("audit_entry where event = 'regie.changed' and subject_type = 'dossier'"))
		require.Equal(t, event{Name: "regie.changed", Subject: d.ID, Fields: []string{}}, w.last(d.ID))
		require.NotEqual(t, uuid.Nil, c.ID)
	})
	t.Run("the history is there page by page, the latest first", func(t *testing.T) {
		w.exec("update regie_change set decided_at = '2026-11-03'")
		var read []uuid.UUID
		p := page.Request{Limit: 1}
		for more := true; more; {
			in, err := w.s.ListRegieChanges(w.as("fire"), d.ID, p)
			require.NoError(t, err)
			read = append(read, in.Row.Rows[0].ID)
			if more = in.Row.Next != nil; more {
				p, err = page.Parse(new(1), in.Row.Next)
				require.NoError(t, err)
			}
		}
		require.Len(t, read, 3)
		require.Equal(t, 3, w.count("(select distinct id from regie_change where id = any($1)) c", read))
	})
}

func TestAppoint(t *testing.T) {
	w := newWorld(t)
	police := w.people["police"]

	t.Run("a third party directs no dossier under the Wgs", func(t *testing.T) {
		o := opening()
		o.Basis = Wgs
		d, err := w.s.Open(w.as("social"), o)
		require.NoError(t, err)
		_, err = w.regie("director", d, RegieChange{CaseDirectorID: new(w.people["housing"].id)})
		require.Equal(t, problem.Conflict, kind(err))
		require.Equal(t, []problem.Kind{problem.NotFound}, w.kinds(d, "housing"))
	})
	for name, change := range map[string]string{
		"has ended":     "starts_at = now() - interval '2 hours', ends_at = now() - interval '1 hour'",
		"has not begun": "starts_at = now() + interval '1 hour', ends_at = null",
	} {
		t.Run("nobody is appointed whose organisation's part "+name+": he could not come in", func(t *testing.T) {
			d := w.opened("colleague")
			w.exec("update participant set "+change+" where dossier_id = $1 and partner_id = $2", d.ID, police.partner)
			_, err := w.regie("director", d, RegieChange{CaseDirectorID: &police.id})
			require.Equal(t, problem.Conflict, kind(err))
			require.Nil(t, w.get("director", d).CaseDirectorID)
		})
	}
	t.Run("who is in it already is named once", func(t *testing.T) {
		d := w.opened("police")
		_, err := w.regie("director", d, RegieChange{CaseDirectorID: &police.id})
		require.NoError(t, err)
		require.Equal(t, 1, w.count("participant where dossier_id = $1 and partner_id = $2 and professional_ids = jsonb_build_array($3::text)", d.ID, police.partner, police.id.String()))
	})
	t.Run("a decision can be read in its own dossier only", func(t *testing.T) {
		d := w.directed()
		c, err := w.regie("chair", d, RegieChange{Phase: new(2)})
		require.NoError(t, err)
		_, err = w.s.GetRegieChange(w.as("social"), w.opened().ID, c.ID)
		require.Equal(t, problem.NotFound, kind(err))
		_, err = w.s.GetRegieChange(w.as("police"), d.ID, c.ID)
		require.Equal(t, problem.NotFound, kind(err))
	})
}
