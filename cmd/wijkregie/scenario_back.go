package main

import (
	"context"
	"slices"
	"time"

	"github.com/oapi-codegen/nullable"

	"github.com/wijkregie/wijkregie/pkg/client"
)

// number is a score.
func number(n int) nullable.Nullable[int] { return nullable.NewNullableWithValue(n) }

// report asks that somebody reads in the situation report how many actions are done.
func (s *story) report(ctx context.Context, d client.Dossier, short string, done int) {
	report := seen[client.SituationReport](s)(s.as(short).GetSituationReport(ctx, d.Id, nil))
	s.holds(report.DoneActions == done, "%s reads %d done actions in the situation report, it should be %d", short, report.DoneActions, done)
	s.see("%s leest in de situatierapportage van %s: AVE %d, %d acties gedaan, %d open", who(short), d.Number, report.Phase, report.DoneActions, report.OpenActions)
}

// patience is how long the timeline may take to tell what happened.
const patience = 20 * time.Second

// history asks that the timeline of a dossier tells of each of these kinds, within moments.
func (s *story) history(ctx context.Context, d client.Dossier, short string, kinds ...string) {
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for until := time.Now().Add(patience); s.err == nil; <-again.C {
		told := seen[client.TimelineEntryList](s)(s.as(short).ListTimeline(ctx, d.Id, &client.ListTimelineParams{Limit: new(200)}))
		missing := slices.DeleteFunc(slices.Clone(kinds), func(kind string) bool {
			return slices.ContainsFunc(told.Items, func(e client.TimelineEntry) bool { return e.Kind == kind })
		})
		if len(missing) == 0 {
			s.see("%s leest in de tijdlijn van %s %d gebeurtenissen", who(short), d.Number, len(told.Items))
			return
		}
		s.holds(time.Now().Before(until), "the timeline of %s does not tell %v", short, missing)
	}
}

// found asks that words are found in a dossier by some, and not by others.
func (s *story) found(ctx context.Context, words string, d client.Dossier, by, not []string) {
	for _, short := range slices.Concat(by, not) {
		hits := seen[client.SearchHitList](s)(s.as(short).Search(ctx, &client.SearchParams{Limit: new(200)}, client.SearchQuery{Text: words}))
		of := slices.ContainsFunc(hits.Items, func(h client.SearchHit) bool { return h.DossierId == d.Id })
		s.holds(of == slices.Contains(by, short), "%s finds %q in %s: %t", short, words, d.Number, of)
	}
	s.see("zoeken op %q: gevonden door %s, niet door %s", words, whom(by), whom(not))
}

// recount reads the overview of the municipality.
func (s *story) recount(ctx context.Context) {
	o := seen[client.Overview](s)(s.as("director").GetOverview(ctx, nil))
	s.holds(o.OpenDossiers > 0 && o.FinalPlans > 0, "the overview has %d open dossiers and %d plans", o.OpenDossiers, o.FinalPlans)
	s.see("het overzicht van de regisseur: %d open dossiers, %d vastgestelde plannen, %d open acties waarvan %d te laat",
		o.OpenDossiers, o.FinalPlans, o.OpenActions, o.OverdueActions)
}

// told asks that somebody has an alert of a kind on a dossier, within moments.
func (s *story) told(ctx context.Context, short string, d client.Dossier, kind string) {
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for until := time.Now().Add(patience); s.err == nil; <-again.C {
		inbox := seen[client.AlertList](s)(s.as(short).ListAlerts(ctx, &client.ListAlertsParams{DossierId: &d.Id, Kind: &kind}))
		if len(inbox.Items) > 0 {
			s.see("%s krijgt een SITRAP-bericht: %s", who(short), inbox.Items[0].Text)
			return
		}
		s.holds(time.Now().Before(until), "%s is not told %s", short, kind)
	}
}

// optional is a text, nil when it is empty.
func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
