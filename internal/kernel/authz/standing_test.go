package authz_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
)

// held is one case: what a caller may do with a resource, beside what everybody in the municipality may.
type held struct {
	who identity.Identity
	on  authz.Resource
	may []string
}

func (c held) check(s *scene) func(*testing.T) {
	return func(t *testing.T) {
		may := slices.Concat(c.may, []string{"matrix.read", "meeting.read", "municipality.read"})
		slices.Sort(may)
		require.Equal(t, may, s.allowed(t, c.who, c.on))
		require.Equal(t, may, s.required(t, c.who, c.on), "allowedOperations and Require disagree")
	}
}

// may joins lists of acts.
func may(known []string, more ...string) []string { return slices.Concat(known, more) }

// directs are the acts of the role municipal director.
func directs() []string {
	return []string{
		"agreement.decide", "data-breach.keep", "data-breach.read", "data-subject-gathering.read", "data-subject-request.handle", "data-subject-request.read", "information.ask", "information.read", "access.answer", "access.read", "dossier-access-log.read", "impact-assessment.keep", "impact-assessment.read", "emergency.end", "emergency.oversee", "emergency.review", "assertion-check.read", "assertion.check", "delivery.read", "delivery.retry", "dossier.change", "dossier.close", "dossier.direct", "dossier.except", "dossier.grant", "dossier.reopen", "matrix.assert", "matrix.draft", "matrix.preview",
		"matrix.publish", "meeting.schedule", "processing-register.read", "retention.decide", "retention.extend", "retention.read", "table.manage",
		"annual-report.read", "privacy-audit.keep", "privacy-audit.read", "cooperation.manage", "information-duty.keep", "disclosure.make", "disclosure.read", "legal-checklist.read", "priority.set",
	}
}

func TestStandingInADossier(t *testing.T) {
	s := newScene(t)
	enter := func(roles int) identity.Identity {
		who := s.person(t, s.police, "police")
		s.admit(t, who.Professional, s.dossier, "participant", roles)
		return who
	}
	s.admit(t, db.DirectorHolder, s.dossier, "director", 0)
	s.admit(t, s.police, s.dossier, "participant", 0)
	officer, system := enter(0), s.person(t, s.police, "police")
	system.Professional, system.Client = uuid.Nil, newID()
	director := s.person(t, s.health, "public-order", identity.MunicipalDirector)
	mine := func(c authz.Category) authz.Resource {
		return authz.Resource{Dossier: s.dossier, Category: c, Supplier: s.police}
	}
	theirs := func(c authz.Category) authz.Resource {
		return authz.Resource{Dossier: s.dossier, Category: c, Supplier: s.health}
	}
	core := theirs(authz.Core)
	opens := []string{"dossier.emergency", "dossier.open", "person.register"}
	knows := []string{"access.request", "agenda.propose", "dossier.read", "ending.read"}
	reads := may(knows, "action.read", "agreement.read", "deliberation.read", "document.read", "item.read", "plan.read")
	sees := may(reads, opens...)
	edits, leads := []string{"agreement.end", "person.change", "plan.change"}, []string{"agreement.decide", "information.ask", "information.read"}
	adds, supplies := []string{"action.create", "agreement.make", "assessment.add", "document.add", "item.add", "plan.draft"}, []string{"access.answer", "action.complete", "document.change", "document-withdrawal.read", "item.correct", "item.release", "plan.commit", "withholding.read"}
	for name, c := range map[string]held{
		"a participant reads the core":               {officer, core, sees},
		"none knows the dossier":                     {officer, theirs(authz.Health), may(opens, knows...)},
		"own adds, sees and releases its own":        {officer, mine(authz.Police), slices.Concat(sees, adds, supplies, edits)},
		"own does not see another's entries":         {officer, theirs(authz.Police), may(may(opens, knows...), adds...)},
		"read sees and does not add":                 {officer, theirs(authz.Identity), sees},
		"contribute adds to what others supplied":    {officer, theirs(authz.Network), may(sees, adds...)},
		"edit does not release what others supplied": {officer, theirs(authz.Housing), slices.Concat(sees, adds, edits)},
		"a system adds as its partner":               {system, mine(authz.Police), slices.Concat(reads, adds, supplies, edits)},
		"who opened it changes it":                   {enter(authz.RoleOpener), core, may(sees, "dossier.change", "information.ask", "information.read")},
		"a case director changes it": {
			enter(authz.RoleCaseDirector), core, may(may(sees, leads...), "disclosure.make", "disclosure.read", "dossier-access-log.read", "information-duty.keep", "person.change", "plan.commit", "plan.finalise", "access.read", "action.change", "action.complete", "action.create", "dossier.change"),
		},
		"a chair directs and closes it": {
			enter(authz.RoleChair), core, may(may(sees, leads...), "disclosure.read", "plan.finalise", "access.read", "action.change", "action.create", "dossier.close", "dossier.direct", "dossier.reopen", "priority.set"),
		},
		"a municipal director changes, directs and closes it": {
			director, core, may(sees, directs()...),
		},
	} {
		t.Run(name, c.check(s))
	}
}

func TestStandingInTheMunicipality(t *testing.T) {
	s := newScene(t)
	officer, standIn := s.person(t, s.police, "police"), s.person(t, s.police, "police")
	instead := func(from, until time.Duration) identity.Identity {
		who := standIn
		who.Substitutes = []identity.Substitution{{For: officer.Professional, From: time.Now().Add(from), Until: time.Now().Add(until)}}
		return who
	}
	system := officer
	system.Professional = uuid.Nil
	none := authz.Resource{}
	opens := []string{"dossier.emergency", "dossier.open", "person.register"}
	manages := may(opens, "client.manage", "professional.manage", "substitution.manage", "webhook.manage")
	ofPolice, ofHealth := authz.Resource{Partner: s.police}, authz.Resource{Partner: s.health}
	for name, c := range map[string]held{
		"a professional opens dossiers":      {officer, none, opens},
		"residents do not":                   {s.person(t, s.health, "residents"), none, nil},
		"the RIEC does not":                  {s.person(t, s.health, "riec"), none, nil},
		"an incidental third party does not": {s.person(t, s.health, "incidental-third-party"), none, nil},
		"a system does not":                  {system, none, nil},
		"a chair schedules meetings":         {s.person(t, s.police, "police", identity.Chair), none, may(opens, "meeting.schedule")},
		"a municipal director sets the matrix": {
			s.person(t, s.health, "public-order", identity.MunicipalDirector), none,
			may(opens, directs()...),
		},
		"a privacy officer checks":          {s.person(t, s.health, "police", identity.PrivacyOfficer), none, may(opens, "annual-report.read", "privacy-audit.keep", "privacy-audit.read", "access-log.read", "processing-log.read", "assertion-check.read", "assertion.check", "cooperation.manage", "legal-checklist.read", "audit.read", "data-breach.keep", "data-breach.read", "data-subject-gathering.read", "data-subject-request.handle", "data-subject-request.read", "emergency.oversee", "impact-assessment.keep", "impact-assessment.read", "retention.decide", "retention.read", "processing-register.read")},
		"an auditor reads what was checked": {s.person(t, s.health, "police", identity.Auditor), none, may(opens, "annual-report.read", "privacy-audit.read", "legal-checklist.read", "access-log.read", "processing-log.read", "assertion-check.read", "retention.read", "audit.read", "data-breach.read", "impact-assessment.read", "processing-register.read")},
		"who leads a meeting leads it":      {officer, authz.Resource{Leader: officer.Professional}, may(opens, "dossier.invite", "meeting.lead", "suggestion.read")},
		"a stand-in leads it too":           {instead(-time.Hour, time.Hour), authz.Resource{Leader: officer.Professional}, may(opens, "dossier.invite", "meeting.lead", "suggestion.read")},
		"a stand-in of yesterday does not":  {instead(-25*time.Hour, -time.Hour), authz.Resource{Leader: officer.Professional}, opens},
		"a stand-in of tomorrow does not":   {instead(time.Hour, 25*time.Hour), authz.Resource{Leader: officer.Professional}, opens},
		"who is asked answers": {
			officer, authz.Resource{Self: officer.Professional}, may(opens, "calendar.manage", "calendar.read", "person.change", "access.read", "alert.acknowledge", "alert.prefer", "emergency.end", "ending.read", "invitation.answer", "secrecy.accept", "substitution.manage"),
		},
		"an administrator of the municipality manages every partner": {
			s.person(t, s.health, "municipal-director", identity.Administrator), ofPolice, may(manages, "partner.manage", "settings.manage", "table.manage"),
		},
		"a partner's administrator manages his own":    {s.person(t, s.police, "police", identity.Administrator), ofPolice, manages},
		"a partner's administrator manages no other's": {s.person(t, s.police, "police", identity.Administrator), ofHealth, opens},
	} {
		t.Run(name, c.check(s))
	}
}
