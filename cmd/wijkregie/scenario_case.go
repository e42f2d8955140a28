package main

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"
	openapi "github.com/oapi-codegen/runtime/types"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/pkg/client"
)

// inDays is the day this many days from now.
func inDays(days int) openapi.Date { return openapi.Date{Time: time.Now().UTC().AddDate(0, 0, days)} }

// bornOn is a date of birth, written as 1944-03-12.
func bornOn(day string) *openapi.Date {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return nil
	}
	return &openapi.Date{Time: at}
}

// tag is the version of a dossier that somebody read before he decides on it.
func (s *story) tag(ctx context.Context, by string, d client.Dossier) *string {
	return new(seen[client.Dossier](s)(s.as(by).GetDossier(ctx, d.Id)).Etag)
}

// subject lets a person be whom a dossier is about: registered before, or now.
func (s *story) subject(ctx context.Context, by string, d client.Dossier, n client.NewPerson, role client.SubjectRole) client.Person {
	p := client.Person{}
	if n.Bsn != nil {
		known := seen[client.PersonList](s)(s.as(by).SearchPersons(ctx, nil, client.PersonQuery{Bsn: n.Bsn}))
		if len(known.Items) > 0 {
			p = known.Items[0]
		}
	}
	if p.Id == uuid.Nil {
		p = newly[client.Person](s, "%s registreert %s %s", who(by), n.GivenNames, n.FamilyName)(s.as(by).RegisterPerson(ctx, nil, n))
	}
	newly[client.Subject](s, "%s legt vast: %s %s is in %s betrokken als %s", who(by), n.GivenNames, n.FamilyName, d.Number, s.word("subject-roles", role))(
		s.as(by).AddSubject(ctx, d.Id, nil, client.NewSubject{PersonId: p.Id, Role: role}))
	return p
}

// criteria answers the four criteria of BGS 2.20; not answers those that are not met.
func criteria(why map[string]string, not ...string) []client.TriageCriterion {
	var all []client.TriageCriterion
	for _, one := range []string{"a", "b", "c", "d"} {
		answer := client.CriterionAnswerMet
		for _, other := range not {
			if other == one {
				answer = client.CriterionAnswerNotMet
			}
		}
		all = append(all, client.TriageCriterion{Criterion: one, Answer: answer, Substantiation: why[one]})
	}
	return all
}

// take lets the chair take a dossier on: triage, and active.
func (s *story) take(ctx context.Context, d client.Dossier, t client.NewTriage) client.Triage {
	chair := s.as("chair")
	triage := newly[client.Triage](s, "de voorzitter legt de triage van %s vast: %s", d.Number, t.Reason)(
		chair.RecordTriage(ctx, d.Id, &client.RecordTriageParams{IfMatch: s.tag(ctx, "chair", d)}, t))
	for _, to := range []client.DossierStatus{client.DossierStatusTriage, client.DossierStatusActive} {
		s.status(ctx, d, client.NewStatusChange{To: to, Reason: t.Reason})
	}
	s.see("dossier %s is actief; alle criteria voor het Zorg- en Veiligheidshuis vervuld: %s", d.Number, yes(triage.CriteriaMet))
	return triage
}

// status lets the chair take a dossier a step on.
func (s *story) status(ctx context.Context, d client.Dossier, n client.NewStatusChange) {
	newly[client.StatusChange](s, "")(s.as("chair").ChangeStatus(ctx, d.Id, &client.ChangeStatusParams{IfMatch: s.tag(ctx, "chair", d)}, n))
}

// regie lets the chair change who directs, and asks that the dossier is in that phase then.
func (s *story) regie(ctx context.Context, d client.Dossier, n client.NewRegieChange) {
	change := newly[client.RegieChange](s, "de voorzitter legt de regie van %s vast: %s", d.Number, n.Reason)(
		s.as("chair").ChangeRegie(ctx, d.Id, &client.ChangeRegieParams{IfMatch: s.tag(ctx, "chair", d)}, n))
	if n.Phase != nil {
		now := seen[client.Dossier](s)(s.as("chair").GetDossier(ctx, d.Id))
		s.holds(now.RegiePhase == *n.Phase, "dossier %s is in AVE phase %d, it should be %d", d.Number, now.RegiePhase, *n.Phase)
		before, err := change.FromPhase.Get()
		s.fails(err)
		s.see("AVE %d → %d", before, now.RegiePhase)
	}
}

// directed is phase 3 with the case director and a process director.
func (s *story) directed(reason string, criteria ...string) client.NewRegieChange {
	return client.NewRegieChange{
		Phase: new(3), CaseDirectorId: new(s.as("case-director").professional), Criteria: criteria, Reason: reason, ReviewDate: new(inDays(42)),
		Holders: []client.NewRegieHolder{s.holder(client.RegieResponsibilityProcessDirection, "chair")},
	}
}

// holder is a professional with a responsibility.
func (s *story) holder(of client.RegieResponsibility, short string) client.NewRegieHolder {
	return client.NewRegieHolder{Responsibility: of, Kind: client.RegieHolderKindProfessional, ProfessionalId: new(s.as(short).professional)}
}

// score assesses a person or family on a life domain, 1 acute to 5 self-sufficient.
func (s *story) score(ctx context.Context, by string, d client.Dossier, domain string, score int, reading string) {
	newly[client.Assessment](s, "%s scoort %s met %d: %s", who(by), s.word("life-domains", domain), score, reading)(s.as(by).AddAssessment(ctx, d.Id, nil, client.NewAssessment{
		LifeDomain: domain, Score: nullable.NewNullableWithValue(score), Reading: reading, Source: "Huisbezoek", ObservedOn: inDays(-1),
	}))
}

// level assesses a group or a situation on a life domain.
func (s *story) level(ctx context.Context, by string, d client.Dossier, domain string, level client.ProblemLevel, reading string) {
	newly[client.Assessment](s, "%s noemt %s %s: %s", who(by), s.word("life-domains", domain), s.word("problem-levels", level), reading)(s.as(by).AddAssessment(ctx, d.Id, nil, client.NewAssessment{
		LifeDomain: domain, ProblemLevel: &level, Reading: reading, Source: "Eigen waarneming", ObservedOn: inDays(-1),
	}))
}

// task is an action that a partner's professional takes on.
func (s *story) task(short, domain string, kind client.ActionKind, days int, what string) client.AgreedAction {
	a := client.AgreedAction{
		PartnerId: s.as(short).partner, ProfessionalId: new(s.as(short).professional), LifeDomain: domain, Kind: kind, Track: client.ActionTrackSupport,
		DueDate: new(inDays(days)), Description: what,
	}
	if kind == client.ActionKindEnforcement {
		a.Track = client.ActionTrackEnforcement
	}
	return a
}

// complete lets a partner end its action with a result.
func (s *story) complete(ctx context.Context, by string, a client.Action, n client.NewCompletion) {
	now := seen[client.Action](s)(s.as(by).GetAction(ctx, a.Id))
	newly[client.Completion](s, "%s meldt af: %q, resultaat %s", who(by), a.Description, s.word("results", n.Result))(
		s.as(by).CompleteAction(ctx, a.Id, &client.CompleteActionParams{IfMatch: &now.Etag}, n))
}

// closes lets the chair end a dossier; who took part is told that it is shielded, others know of nothing.
func (s *story) closes(ctx context.Context, d client.Dossier, n client.NewClosure, took, others []string) {
	newly[client.Closure](s, "de voorzitter sluit %s af, resultaat %s: %s", d.Number, s.word("results", n.Result), n.Reason)(
		s.as("chair").CloseDossier(ctx, d.Id, &client.CloseDossierParams{IfMatch: s.tag(ctx, "chair", d)}, n))
	for _, short := range took {
		answer, err := s.as(short).GetDossier(ctx, d.Id)
		_, err = refusal(problem.Shielded, answer, err)
		s.fails(err)
	}
	s.see("het dossier is afgeschermd voor wie meedeed (403): %s", whom(took))
	s.unknown(ctx, d, others...)
}
