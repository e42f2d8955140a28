package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/pkg/client"
)

// scenario is a story that is walked against a server, told in Dutch.
type scenario struct {
	number, title string
	scenes        func(*story) []scene
}

// scene is one part of a scenario.
type scene struct {
	title string
	play  func(context.Context)
}

func scenarios() []scenario {
	return []scenario{
		{"1", "Hennep in het gezinshuis", hempScenes},
		{"2", "Dementie en gas", dementiaScenes},
		{"3", "Jongerengroep bij het winkelcentrum", groupScenes},
		{"4", "Loverboy en een jongere met een licht verstandelijke beperking", loverboyScenes},
		{"5", "Agressie tegen hulpverleners", aggressionScenes},
	}
}

// Walk walks a scenario by its number, or each of them for all, as the demo persons, and tells each step. Each
// time it makes new dossiers. It fails at the first answer that is not as it must be, and says which.
func Walk(ctx context.Context, o Options, number string) error {
	chosen := slices.DeleteFunc(scenarios(), func(s scenario) bool { return number != "all" && s.number != number })
	if len(chosen) == 0 {
		return fmt.Errorf("there is no scenario %q; choose 1 to 5, or all", number)
	}
	r := &run{Options: o, actors: map[string]actor{}, language: "nl"}
	if err := r.enter(ctx); err != nil {
		return err
	}
	for _, one := range chosen {
		if err := r.walk(ctx, one); err != nil {
			return err
		}
	}
	r.tell("\nAlles ging zoals het moet. Alle mensen, adressen en feiten zijn verzonnen.\n")
	return nil
}

func (r *run) walk(ctx context.Context, one scenario) error {
	s := &story{run: r}
	r.tell("\nScenario %s. %s", one.number, one.title)
	scenes := append([]scene{{"Er geldt een autorisatiematrix", s.begin}}, one.scenes(s)...)
	for i, scene := range scenes {
		r.tell("\n%s.%d %s\n", one.number, i+1, scene.title)
		if scene.play(ctx); s.err != nil {
			return fmt.Errorf("scenario %s, step %d (%s) differs: %w", one.number, i+1, scene.title, s.err)
		}
	}
	return nil
}

// story is a scenario while it is walked; err is the first thing that differs, after which nothing counts.
type story struct {
	*run
	err   error
	table uuid.UUID
	words map[string]string // of codes, by list and code
}

// begin looks up what every scenario needs: a matrix in force and the table of the chair.
func (s *story) begin(ctx context.Context) {
	answer, err := s.as("director").GetAuthorisationMatrix(ctx)
	if err == nil && answer.StatusCode == http.StatusNotFound {
		s.fails(s.publishMatrix(ctx))
		answer, err = s.as("director").GetAuthorisationMatrix(ctx)
	}
	seen[client.AuthorisationMatrix](s)(answer, err)
	s.learn(ctx)
	if s.err == nil {
		s.table, s.err = s.run.table(ctx)
	}
	s.see("iedereen leest in de matrix wie wat mag zien; de voorzitter heeft een overlegtafel")
}

// newly gives a function for an answer that has to have made something; it tells what.
func newly[T any](s *story, format string, args ...any) func(*http.Response, error) T {
	return func(answer *http.Response, err error) T {
		found, err := made[T](answer, err)
		if s.fails(err); s.err == nil && format != "" {
			s.tell("  gedaan     "+format, args...)
		}
		return found
	}
}

// seen gives a function for an answer that has to have given something.
func seen[T any](s *story) func(*http.Response, error) T {
	return func(answer *http.Response, err error) T {
		found, err := got[T](answer, err)
		s.fails(err)
		return found
	}
}

// not gives a function for an answer that has to be a refusal of this kind; it tells what was refused and why.
func (s *story) not(kind problem.Kind, format string, args ...any) func(*http.Response, error) {
	return func(answer *http.Response, err error) {
		why, err := refusal(kind, answer, err)
		if s.fails(err); s.err == nil {
			s.tell("  geweigerd  "+format+"\n             %d %s", append(args, statusOf(kind), why)...)
		}
	}
}

// fails keeps the first thing that differs.
func (s *story) fails(err error) {
	if s.err == nil {
		s.err = err
	}
}

// holds asks that something is as told.
func (s *story) holds(is bool, format string, args ...any) {
	if !is {
		s.fails(differs(format, args...))
	}
}

// see tells what was found to be so.
func (s *story) see(format string, args ...any) {
	if s.err == nil {
		s.tell("  gezien     "+format, args...)
	}
}

// open opens a dossier at the table of the chair.
func (s *story) open(ctx context.Context, by string, n client.NewDossier) client.Dossier {
	n.TableId = &s.table
	d := newly[client.Dossier](s, "")(s.as(by).OpenDossier(ctx, nil, n))
	if s.err == nil {
		s.tell("  gedaan     %s opent dossier %s: %q (%s, grondslag %s)", who(by), d.Number, n.Title, s.word("dossier-types", n.Type), s.word("legal-bases", n.Basis))
	}
	return d
}

// joins lets people take part in a dossier, by name.
func (s *story) joins(ctx context.Context, by string, d client.Dossier, shorts ...string) {
	for _, short := range shorts {
		who := s.as(short)
		newly[client.Participant](s, "")(s.as(by).AddParticipant(ctx, d.Id, nil, client.NewParticipant{
			PartnerId: who.partner, Role: client.ParticipantRoleParticipant, ProfessionalIds: []uuid.UUID{who.professional},
		}))
	}
	if s.err == nil {
		s.tell("  gedaan     %s voegt op naam toe aan %s: %s", who(by), d.Number, whom(shorts))
	}
}

// unknown asks that a dossier does not exist for who does not take part.
func (s *story) unknown(ctx context.Context, d client.Dossier, shorts ...string) {
	for _, short := range shorts {
		answer, err := s.as(short).GetDossier(ctx, d.Id)
		_, err = refusal(problem.NotFound, answer, err)
		s.fails(err)
	}
	s.see("voor %s bestaat dossier %s niet (404)", whom(shorts), d.Number)
}
