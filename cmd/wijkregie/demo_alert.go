package main

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/pkg/client"
)

const (
	// alertBound is how long an alert may take from the completion to the open stream.
	alertBound = 2 * time.Second
	// completed is the kind of alert that a completed action gives.
	completed = "action-completed"
)

// completeAction is step 6: the partner records a result, and who directs the dossier is told.
func (r *run) completeAction(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends the streams
	streams := map[string]<-chan arrival{}
	for _, short := range directors() {
		stream, err := r.listen(ctx, short)
		if err != nil {
			return err
		}
		streams[short] = stream
	}
	since, err := r.complete(ctx)
	if err != nil {
		return err
	}
	if err := r.awaitAlerts(streams, since); err != nil {
		return err
	}
	for _, short := range directors() {
		if err := r.checkInbox(ctx, short); err != nil {
			return err
		}
	}
	return r.checkMails(ctx)
}

// directors are those who are told of what happens in a dossier.
func directors() []string { return []string{"case-director", "chair"} }

// complete records the result of the action of housing, which is nobody else's to complete, and
// gives the moment at which it was sent.
func (r *run) complete(ctx context.Context) (since time.Time, err error) {
	mine, err := got[client.Action](r.as("housing").GetAction(ctx, r.actions[0].Id))
	if err != nil {
		return since, err
	}
	params := &client.CompleteActionParams{IfMatch: &mine.Etag}
	result := client.NewCompletion{Result: client.ResultAchieved, Note: new("An arrangement over twelve months was signed; the eviction is off.")}
	if err := r.refused(problem.Forbidden, "the police complete the action of housing")(
		r.as("police").CompleteAction(ctx, mine.Id, params, result)); err != nil {
		return since, err
	}
	if err := r.refused(problem.Invalid, "housing completes its action without a result")(
		r.as("housing").CompleteActionWithBody(ctx, mine.Id, params, "application/json", strings.NewReader(`{"note": "Done."}`))); err != nil {
		return since, err
	}
	since = time.Now()
	done, err := made[client.Completion](r.as("housing").CompleteAction(ctx, mine.Id, params, result))
	if err != nil {
		return since, err
	}
	r.completed = mine.Id
	r.allowed("housing completes its action with result %s", done.Result)
	return since, nil
}

// arrival is an alert in an open stream, with when it came.
type arrival struct {
	client.Alert
	at time.Time
}

// listen opens the stream of a person. It returns when the stream is open; the channel closes with it.
func (r *run) listen(ctx context.Context, short string) (<-chan arrival, error) {
	answer, err := r.as(short).StreamAlerts(ctx, nil)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		_, err := got[client.Alert](answer, nil)
		return nil, err
	}
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, maxAnswer)
	if !lines.Scan() { // the first line says where the stream begins
		return nil, differs("the stream of %s ended before it began", short)
	}
	alerts := make(chan arrival, 100)
	go func() {
		defer close(alerts)
		defer answer.Body.Close()
		for lines.Scan() {
			data, found := strings.CutPrefix(lines.Text(), "data: ")
			a := arrival{at: time.Now()}
			if !found || json.Unmarshal([]byte(data), &a.Alert) != nil {
				continue
			}
			select {
			case alerts <- a:
			case <-ctx.Done():
				return
			}
		}
	}()
	return alerts, nil
}

// awaitAlerts waits until everybody has the alert in his stream.
func (r *run) awaitAlerts(streams map[string]<-chan arrival, since time.Time) error {
	late := time.NewTimer(time.Until(since.Add(alertBound)))
	defer late.Stop()
	for _, short := range directors() {
		for told := false; !told; {
			select {
			case a, open := <-streams[short]:
				if !open {
					return differs("the stream of %s ended", short)
				}
				if told = r.about(a.Alert); told {
					r.tell("  alert    %s, in the open stream after %d ms: %s", short, a.at.Sub(since).Milliseconds(), a.Text)
				}
			case <-late.C:
				return differs("%s had no alert in the open stream within %s", short, alertBound)
			}
		}
	}
	return nil
}

// about tells whether an alert is that of the completed action.
func (r *run) about(a client.Alert) bool {
	subject, err := a.Subject.Get()
	return err == nil && a.Kind == completed && subject.Id == r.completed
}

// checkInbox finds the alert in a person's inbox and acknowledges it.
func (r *run) checkInbox(ctx context.Context, short string) error {
	inbox, err := got[client.AlertList](r.as(short).ListAlerts(ctx, &client.ListAlertsParams{DossierId: &r.family.Id, Kind: new(completed)}))
	if err != nil {
		return err
	}
	if len(inbox.Items) != 1 || !r.about(inbox.Items[0]) || id(inbox.Items[0].ActorId) != r.as("housing").professional {
		return differs("the inbox of %s has %d alerts of the completion by housing; it should be one", short, len(inbox.Items))
	}
	seen, err := got[client.Acknowledgement](r.as(short).AcknowledgeAlerts(ctx, nil, client.NewAcknowledgement{Ids: []uuid.UUID{inbox.Items[0].Id}}))
	if err != nil {
		return err
	}
	if seen.Acknowledged != 1 {
		return differs("%s acknowledged %d alerts; it should be one", short, seen.Acknowledged)
	}
	r.tell("  alert    %s, in the inbox, and acknowledged", short)
	return nil
}
