package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/pkg/client"
)

// Completions of actions: so many one after the other, then the rest by several at once.
const (
	completions = 200
	alone       = 150
	together    = 5
	// patience is how long the last alerts may take.
	patience = 10 * time.Second
)

// arrival is an alert on a completed action in the open stream.
type arrival struct {
	action uuid.UUID
	at     time.Time
}

// measureAlerts completes actions and takes the time from each answer, which follows the commit, until
// the alert is in the open stream of the case director.
func measureAlerts(ctx context.Context, g *ground, r *results) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends the stream
	say("alert: %d completions", completions)
	arrived, err := follow(ctx, g)
	if err != nil {
		return err
	}
	social, err := g.as(ctx, "social")
	if err != nil {
		return err
	}
	if len(g.actions) < completions {
		return fmt.Errorf("there are %d open actions", len(g.actions))
	}
	answered, err := completeAll(ctx, social, g.actions[:completions])
	if err != nil {
		return err
	}
	waits, err := match(ctx, answered, arrived)
	if err != nil {
		return err
	}
	slices.Sort(waits)
	r.add("alert_p50_ms", milliseconds(waits[len(waits)/2-1]))
	r.add("alert_p99_ms", milliseconds(waits[len(waits)*99/100-1]))
	return nil
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// follow opens the stream of the case director; it returns when the stream is open.
func follow(ctx context.Context, g *ground) (<-chan arrival, error) {
	director, err := g.as(ctx, "case-director")
	if err != nil {
		return nil, err
	}
	answer, err := director.StreamAlerts(ctx, nil)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		_, err := got[client.Alert](answer, nil)
		return nil, err
	}
	lines := bufio.NewScanner(answer.Body)
	if !lines.Scan() { // the place where the stream begins
		return nil, errors.New("the stream ended before it began")
	}
	arrived := make(chan arrival, completions)
	go func() {
		defer close(arrived)
		defer answer.Body.Close()
		for lines.Scan() {
			at := time.Now()
			if id, is := completed(lines.Text()); is {
				arrived <- arrival{action: id, at: at}
			}
		}
	}()
	return arrived, nil
}

// completed is the action of a line of the stream that tells of a completion.
func completed(line string) (uuid.UUID, bool) {
	data, found := strings.CutPrefix(line, "data: ")
	var a client.Alert
	if !found || json.Unmarshal([]byte(data), &a) != nil || a.Kind != "action-completed" {
		return uuid.Nil, false
	}
	subject, err := a.Subject.Get()
	return subject.Id, err == nil
}

// completeAll completes actions and gives when each was answered.
func completeAll(ctx context.Context, c *client.Client, actions []uuid.UUID) (map[uuid.UUID]time.Time, error) {
	answered := make(map[uuid.UUID]time.Time, len(actions))
	for _, id := range actions[:alone] {
		at, err := complete(ctx, c, id)
		if err != nil {
			return nil, err
		}
		answered[id] = at
	}
	rest := actions[alone:]
	times, failures := make([]time.Time, len(rest)), make([]error, len(rest))
	var all sync.WaitGroup
	for n := range together {
		all.Go(func() {
			for i := n; i < len(rest); i += together {
				times[i], failures[i] = complete(ctx, c, rest[i])
			}
		})
	}
	all.Wait()
	for i, id := range rest {
		answered[id] = times[i]
	}
	return answered, errors.Join(failures...)
}

func complete(ctx context.Context, c *client.Client, id uuid.UUID) (time.Time, error) {
	action, err := got[client.Action](c.GetAction(ctx, id))
	if err != nil {
		return time.Time{}, err
	}
	answer, err := c.CompleteAction(ctx, id, &client.CompleteActionParams{IfMatch: &action.Etag}, client.NewCompletion{Result: client.ResultAchieved})
	at := time.Now()
	_, err = got[client.Completion](answer, err)
	return at, err
}

// match gives how long each alert took; one that came before the answer took no time.
func match(ctx context.Context, answered map[uuid.UUID]time.Time, arrived <-chan arrival) (waits []time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for len(answered) > 0 {
		select {
		case a, open := <-arrived:
			if !open {
				return nil, errors.New("the stream ended")
			}
			if at, there := answered[a.action]; there {
				waits = append(waits, max(0, a.at.Sub(at)))
				delete(answered, a.action)
			}
		case <-ctx.Done():
			return nil, fmt.Errorf("%d alerts did not come within %s", len(answered), patience)
		}
	}
	return waits, nil
}
