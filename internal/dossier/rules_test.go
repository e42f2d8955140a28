package dossier

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

var noon = time.Date(2026, 12, 3, 12, 0, 0, 0, time.UTC)

func TestMustBeOpen(t *testing.T) {
	for status, open := range map[Status]bool{Intake: true, InTriage: true, Active: true, Aftercare: true, Closed: false, Rejected: false} {
		t.Run(string(status), func(t *testing.T) {
			d := Dossier{Status: status}
			require.Equal(t, !open, problem.Is(d.mustBeOpen(), problem.Conflict))
			for _, o := range d.operations() {
				kept := status == Closed && o.Act == "retention.extend"
				require.True(t, open || kept || strings.HasSuffix(o.Act, ".read"), "what cannot be done is not offered: %s", o.ID)
			}
		})
	}
}

func TestMayBeReleased(t *testing.T) {
	for name, c := range map[string]struct {
		item     Item
		conflict bool
	}{
		"what is not secret":                  {Item{}, false},
		"a secret with a ground":              {Item{Secret: true, SecretGround: new("explicit-consent")}, false},
		"a secret without a ground stays":     {Item{Secret: true}, true},
		"a ground without a secret is no bar": {Item{SecretGround: new("explicit-consent")}, false},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.conflict, problem.Is(c.item.mayBeReleased(), problem.Conflict)) })
	}
}

func TestRolesOf(t *testing.T) {
	me, other := uuid.New(), uuid.New()
	for name, c := range map[string]struct {
		d    Dossier
		want int
	}{
		"nobody in particular":                     {Dossier{OpenedBy: other}, 0},
		"who opened it, until there is a director": {Dossier{OpenedBy: me}, authz.RoleOpener},
		"who opened it, with a director":           {Dossier{OpenedBy: me, CaseDirectorID: &other}, 0},
		"the case director":                        {Dossier{OpenedBy: other, CaseDirectorID: &me}, authz.RoleCaseDirector},
		"the chair":                                {Dossier{OpenedBy: other, ChairID: &me}, authz.RoleChair},
		"the chair who opened it":                  {Dossier{OpenedBy: me, ChairID: &me}, authz.RoleChair | authz.RoleOpener},
		"who directs what he opened and chairs":    {Dossier{OpenedBy: me, ChairID: &me, CaseDirectorID: &me}, authz.RoleCaseDirector | authz.RoleChair},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, rolesOf(c.d, me)) })
	}
}

func TestAdmissionsOf(t *testing.T) {
	director, opener, lead := uuid.New(), uuid.New(), uuid.New()
	d := Dossier{MunicipalityID: "GM0861", ID: uuid.New(), Type: Family, Basis: Covenant, OpenedBy: opener, CaseDirectorID: &lead, OpenedAt: noon}
	taking := func(professionals ...uuid.UUID) Participant {
		return Participant{ID: uuid.New(), PartnerID: uuid.New(), ProfessionalIDs: professionals, StartsAt: noon, EndsAt: new(noon.Add(time.Hour))}
	}
	t.Run("the municipal director comes in from the opening, on cells of his own", func(t *testing.T) {
		all := admissionsOf(d, ways{}, director)
		require.Equal(t, []Admission{{
			MunicipalityID: "GM0861", DossierID: d.ID, Holder: director, Kind: "director", Source: d.ID, Since: noon, Profile: authz.DirectorProfile("family", "covenant"),
		}}, all)
	})
	t.Run("an empty list of names admits nobody, the partner's systems neither", func(t *testing.T) {
		require.Len(t, admissionsOf(d, ways{participants: []Participant{taking(), taking()}}, director), 1)
	})
	t.Run("each by name, and the systems of the partner, for as long as it takes part", func(t *testing.T) {
		p := taking(opener, uuid.New())
		all := admissionsOf(d, ways{participants: []Participant{p}}, director)[1:]
		require.Len(t, all, 3)
		for i, holder := range []uuid.UUID{p.PartnerID, p.ProfessionalIDs[0], p.ProfessionalIDs[1]} {
			require.Equal(t, Admission{
				MunicipalityID: "GM0861", DossierID: d.ID, PartnerID: p.PartnerID, Holder: holder, Kind: "participant", Source: p.ID, Since: noon,
				Until: p.EndsAt, Profile: authz.Profile("family", "covenant"),
			}, all[i])
		}
	})
	t.Run("the case director has his role, his partner's systems have not", func(t *testing.T) {
		all := admissionsOf(d, ways{participants: []Participant{taking(lead)}}, director)
		require.Zero(t, all[1].Roles)
		require.Equal(t, authz.RoleCaseDirector, all[2].Roles)
	})
	t.Run("every way into a closed dossier is shielded", func(t *testing.T) {
		d := d
		d.ShieldedAt = &noon
		for _, a := range admissionsOf(d, ways{participants: []Participant{taking(lead)}}, director) {
			require.True(t, a.Shielded)
		}
	})
}

func TestKeepLeads(t *testing.T) {
	lead, chair, other := uuid.New(), uuid.New(), uuid.New()
	d := Dossier{CaseDirectorID: &lead, ChairID: &chair}
	before := Participant{ProfessionalIDs: []uuid.UUID{lead, other}}
	for name, c := range map[string]struct {
		d             Dossier
		before, after Participant
		conflict      bool
	}{
		"who directs stays":                             {d, before, Participant{ProfessionalIDs: []uuid.UUID{lead}}, false},
		"who directs cannot be left out":                {d, before, Participant{ProfessionalIDs: []uuid.UUID{other}}, true},
		"the names cannot be emptied":                   {d, before, Participant{}, true},
		"who chairs cannot be left out":                 {d, Participant{ProfessionalIDs: []uuid.UUID{chair}}, Participant{}, true},
		"the participation cannot end":                  {d, before, Participant{ProfessionalIDs: before.ProfessionalIDs, EndsAt: &noon}, true},
		"nor have ended":                                {d, before, Participant{ProfessionalIDs: before.ProfessionalIDs, EndsAt: new(noon.Add(-1))}, true},
		"another partner's names may go":                {d, Participant{ProfessionalIDs: []uuid.UUID{other}}, Participant{}, false},
		"where nobody directs, all may go":              {Dossier{}, before, Participant{}, false},
		"with another in the place, the first may go":   {Dossier{CaseDirectorID: &other}, before, Participant{ProfessionalIDs: []uuid.UUID{other}}, false},
		"in a participation of others, no lead is lost": {d, Participant{}, Participant{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.conflict, problem.Is(c.after.keepLeads(c.d, c.before, noon), problem.Conflict))
		})
	}
}

func TestApplyClosure(t *testing.T) {
	d := Dossier{Status: Active}
	c := Closure{DecidedAt: noon}
	c.apply(&d)
	require.Equal(t, Active, c.FromStatus)
	require.Equal(t, Dossier{Status: Closed, ShieldedAt: &noon}, d)
}

func TestMasking(t *testing.T) {
	d := Dossier{Title: "Gezin", Location: &Location{Kind: "dwelling"}, Number: "2026-000001", Purpose: "Safety", OpenedAt: noon, ChangedAt: noon}
	other := &Location{Kind: "premises"}
	t.Run("who does not see whom it is about sees the rest", func(t *testing.T) {
		seen := d.seenBy(authz.View{})
		require.Equal(t, Dossier{Number: "2026-000001", Purpose: "Safety", OpenedAt: noon, ChangedAt: noon}, seen)
		require.Equal(t, "Gezin", d.Title)
		require.Nil(t, d.refFor(authz.View{}).Title)
	})
	for name, c := range map[string]struct {
		sees      bool
		edit      func(*Dossier)
		forbidden bool
	}{
		"who sees it changes it":        {true, func(d *Dossier) { d.Title, d.Location = "Other", nil }, false},
		"who does not changes the rest": {false, func(d *Dossier) { d.Purpose = "Care" }, false},
		"nor writes a title":            {false, func(d *Dossier) { d.Title = "Other" }, true},
		"nor wipes it":                  {false, func(d *Dossier) { d.Title = "" }, true},
		"nor wipes the location":        {false, func(d *Dossier) { d.Location = nil }, true},
		"nor moves it":                  {false, func(d *Dossier) { d.Location = other }, true},
		"nor guesses: a title that is right tells no more than one that is wrong": {false, func(d *Dossier) { d.Title = "Gezin" }, true},
	} {
		t.Run(name, func(t *testing.T) {
			after := d
			err := after.edit(c.sees, c.edit)
			require.Equal(t, c.forbidden, problem.Is(err, problem.Forbidden))
			if !c.sees {
				require.Equal(t, []any{d.Title, d.Location}, []any{after.Title, after.Location})
			}
		})
	}
	for name, c := range map[string]struct {
		edit             func(*Dossier)
		core, ofWhomItIs bool
	}{
		"nothing moves no time":                     {func(*Dossier) {}, false, false},
		"the purpose moves that of all":             {func(d *Dossier) { d.Purpose = "Care" }, true, false},
		"the title moves that of who may see it":    {func(d *Dossier) { d.Title = "Other" }, false, true},
		"the location moves that of who may see it": {func(d *Dossier) { d.Location = other }, false, true},
		"both move both":                            {func(d *Dossier) { d.Title, d.Purpose = "Other", "Care" }, true, true},
		"the same location again moves none":        {func(d *Dossier) { d.Location = &Location{Kind: "dwelling"} }, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			after, later := d, noon.Add(time.Hour)
			c.edit(&after)
			after.stamp(d, later)
			require.Equal(t, c.core, after.ChangedAt.Equal(later))
			require.Equal(t, c.ofWhomItIs, after.IdentityChangedAt != nil)
		})
	}
	t.Run("what changed is told apart for who may not see it", func(t *testing.T) {
		core, hidden := split([]string{"title", "purpose", "location", "identityChangedAt", "themes"})
		require.Equal(t, []string{"purpose", "themes"}, core)
		require.Equal(t, []string{"title", "location"}, hidden)
	})
}

func TestOtherThan(t *testing.T) {
	l := Link{DossierID: uuid.New(), OtherDossierID: uuid.New()}
	require.Equal(t, l.OtherDossierID, l.otherThan(l.DossierID))
	require.Equal(t, l.DossierID, l.otherThan(l.OtherDossierID))
}

func TestOpening(t *testing.T) {
	who := identity.Identity{Municipality: "GM0861", Partner: uuid.New(), Professional: uuid.New()}
	d := Opening{Type: Group, Title: "Passage", Basis: Consent, Purpose: "Rest", Themes: []string{"youth"}}.dossier(who, noon)
	require.Equal(t, Dossier{
		MunicipalityID: "GM0861", ID: d.ID, Version: 1, Type: Group, Title: "Passage", Status: Intake, Basis: Consent, Purpose: "Rest",
		Themes: []string{"youth"}, RegiePhase: 1, OpenedBy: who.Professional, OpenedAt: noon, ChangedAt: noon,
	}, d)
	require.Equal(t, uuid.Version(7), d.ID.Version())
}
