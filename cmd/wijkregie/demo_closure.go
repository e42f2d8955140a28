package main

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/pkg/client"
)

// closeDossier is step 7: the new state is seen at once; a dossier ends with a result, and then it
// is shielded.
func (r *run) closeDossier(ctx context.Context) error {
	if err := r.checkReports(ctx); err != nil {
		return err
	}
	if err := r.close(ctx); err != nil {
		return err
	}
	return r.checkShield(ctx)
}

// checkReports reads the situation report as people with different rights.
func (r *run) checkReports(ctx context.Context) error {
	for _, want := range []struct {
		short                 string
		done, open, decisions int
		why                   string
	}{
		{"case-director", 1, 1, 1, "all of it"},
		{"chair", 1, 1, 1, "all of it"},
		{"housing", 1, 0, 0, "its own action, and no decisions"},
	} {
		report, err := got[client.SituationReport](r.as(want.short).GetSituationReport(ctx, r.family.Id, nil))
		if err != nil {
			return err
		}
		if report.DoneActions != want.done || report.OpenActions != want.open || len(report.LatestDecisions) != want.decisions || report.Phase != 3 {
			return differs("the report of %s has %d done and %d open actions and %d decisions in phase %d; it should be %d, %d and %d in phase 3",
				want.short, report.DoneActions, report.OpenActions, len(report.LatestDecisions), report.Phase, want.done, want.open, want.decisions)
		}
		isDone := func(a client.ActionBrief) bool { return a.Id == r.completed && a.Status == client.ActionStatusDone }
		if !slices.ContainsFunc(report.Actions, isDone) {
			return differs("the report of %s does not show that the action is done", want.short)
		}
		r.tell("  seen     %s in the situation report: %d done, %d open, %d decision(s) — %s", want.short, want.done, want.open, want.decisions, want.why)
	}
	return nil
}

// close ends the family's dossier.
func (r *run) close(ctx context.Context) error {
	seen, err := got[client.Dossier](r.as("chair").GetDossier(ctx, r.family.Id))
	if err != nil {
		return err
	}
	params := &client.CloseDossierParams{IfMatch: &seen.Etag}
	end := client.NewClosure{
		Result: client.ResultPartly, Reason: "What is left goes on in regular care.",
		Outcomes: []client.Outcome{{Description: "The family keeps its home.", Result: client.ResultAchieved}},
	}
	if err := r.refused(problem.Forbidden, "the case director closes the dossier")(
		r.as("case-director").CloseDossier(ctx, r.family.Id, params, end)); err != nil {
		return err
	}
	without := strings.NewReader(`{"outcomes": [{"description": "The family keeps its home.", "result": "achieved"}], "reason": "It is done."}`)
	if err := r.refused(problem.Invalid, "the chair closes it without a result")(
		r.as("chair").CloseDossierWithBody(ctx, r.family.Id, params, "application/json", without)); err != nil {
		return err
	}
	closure, err := made[client.Closure](r.as("chair").CloseDossier(ctx, r.family.Id, params, end))
	if err != nil {
		return err
	}
	r.allowed("the chair closes it with result %s", closure.Result)
	return nil
}

// checkShield shows who may know now that the dossier was there.
func (r *run) checkShield(ctx context.Context) error {
	var why string
	var err error
	for _, short := range inFamily() {
		if why, err = r.shielded(ctx, problem.Shielded, short); err != nil {
			return err
		}
	}
	r.tell("  refused  %s read the dossier, its items and its report\n           403 %s", strings.Join(inFamily(), ", "), why)
	others := []string{"privacy-officer", "auditor", "other-director", "other-police"}
	for _, short := range others {
		if why, err = r.shielded(ctx, problem.NotFound, short); err != nil {
			return err
		}
	}
	r.tell("  refused  %s read them\n           404 %s", strings.Join(others, ", "), why)
	list, err := got[client.DossierList](r.as("case-director").ListDossiers(ctx, nil))
	if err != nil {
		return err
	}
	if slices.ContainsFunc(list.Items, func(d client.Dossier) bool { return d.Id == r.family.Id }) {
		return differs("the closed dossier is in the list of the case director")
	}
	_, err = got[client.Dossier](r.as("police").GetDossier(ctx, r.situation.Id))
	return err
}

// shielded reads the closed dossier in every way that has to be refused.
func (r *run) shielded(ctx context.Context, kind problem.Kind, short string) (why string, err error) {
	reader := r.as(short)
	for _, read := range []func() (*http.Response, error){
		func() (*http.Response, error) { return reader.ListItems(ctx, r.family.Id, nil) },
		func() (*http.Response, error) { return reader.GetSituationReport(ctx, r.family.Id, nil) },
		func() (*http.Response, error) { return reader.GetDossier(ctx, r.family.Id) },
	} {
		answer, err := read()
		if why, err = refusal(kind, answer, err); err != nil {
			return "", differs("%s: %w", short, err)
		}
	}
	return why, nil
}
