package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"
)

// alertsCommand measures the way from a change to who is told of it: the open stream and the mail server,
// under load; and what open streams cost.
type alertsCommand struct {
	Part    []string      `arg:"" optional:"" enum:"load,memory,cost" help:"What to measure: load, memory, cost; everything by default."`
	Server  string        `help:"The program under measurement." default:"bin/wijkregie" type:"path"`
	Rate    int           `help:"Changes per second." default:"200"`
	Length  time.Duration `help:"How long they go on." default:"30s"`
	Streams int           `help:"How many people are told, each with an open stream." default:"200"`
	Idle    int           `help:"How many people have an open stream and no news." default:"2000"`
	Rounds  int           `help:"Rounds of the cost; in each one both servers have their turn." default:"8"`
}

// Run measures the parts one after the other and prints what was found, also when a part fails.
func (c alertsCommand) Run(ctx context.Context) error {
	r := &results{}
	err := c.measure(ctx, r)
	r.print(os.Stdout)
	return err
}

func (c alertsCommand) measure(ctx context.Context, r *results) error {
	for _, part := range []struct {
		name    string
		measure func(context.Context, *results) error
	}{{"load", c.load}, {"memory", c.memory}, {"cost", c.cost}} {
		if len(c.Part) > 0 && !slices.Contains(c.Part, part.name) {
			continue
		}
		if err := part.measure(ctx, r); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return nil
}

// warm is how long changes go on before what they take is noted, calm how long the last alerts and mails may take.
const (
	warm = 3 * time.Second
	calm = 30 * time.Second
)

// load makes changes at an even pace and follows each of them to three streams and three mails. Its time
// runs from the moment at which the change was recorded, just before its commit.
func (c alertsCommand) load(ctx context.Context, r *results) (err error) {
	g, err := c.prepare(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.close()) }()
	told, err := g.open(ctx, g.told)
	if err != nil {
		return err
	}
	defer told.close()
	say("load: %d changes/s for %s, %d open streams, three recipients a change", c.Rate, c.Length, c.Streams)
	if _, err := g.change(ctx, c.Rate, warm); err != nil {
		return err
	}
	began := time.Now()
	before, err := g.product.cpu()
	if err != nil {
		return err
	}
	database := familyTime(g.postmaster)
	made, err := g.change(ctx, c.Rate, c.Length)
	if err != nil {
		return err
	}
	took := time.Since(began)
	after, err := g.product.cpu()
	if err != nil {
		return err
	}
	say("%d changes in %.1f s, %.2f cores of the server and %.2f of the database", made, took.Seconds(), (after-before).Seconds()/took.Seconds(),
		(familyTime(g.postmaster)-database).Seconds()/took.Seconds())
	failed := g.settled(ctx, calm)
	waits := told.since(began)
	r.add("changes_per_s", float64(made)/took.Seconds())
	if err := enough("stream", len(waits), 3*made); err != nil {
		return err
	}
	r.add("stream_p50_ms", percentile(waits, 0.5))
	r.add("stream_p99_ms", percentile(waits, 0.99))
	if failed != nil {
		return fmt.Errorf("mails are still on their way: %w", failed)
	}
	mails, err := g.mails(ctx, began)
	if err != nil {
		return err
	}
	if err := enough("mail", len(mails), 3*made); err != nil {
		return err
	}
	say("%d alerts left in %d mails", len(mails), len(g.post.taken()))
	r.add("smtp_p50_ms", percentile(mails, 0.5))
	r.add("smtp_p99_ms", percentile(mails, 0.99))
	return nil
}

// enough fails when not every alert came. A change that was begun before the measurement may end in it.
func enough(what string, came, expected int) error {
	if came < expected {
		return fmt.Errorf("%s: %d of %d alerts came", what, came, expected)
	}
	return nil
}

// memory opens idle streams and reads what memory the server takes more than before.
func (c alertsCommand) memory(ctx context.Context, r *results) (err error) {
	g, err := c.prepare(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.close()) }()
	if _, err := g.change(ctx, c.Rate/4, warm); err != nil {
		return err
	}
	if err := errors.Join(g.settled(ctx, calm), wait(ctx, rest)); err != nil {
		return err
	}
	before, err := g.product.resident()
	if err != nil {
		return err
	}
	say("memory: %d idle streams", c.Idle)
	idle, err := g.open(ctx, g.idle)
	if err != nil {
		return err
	}
	defer idle.close()
	for range 3 { // the collector of Go's memory works at least every two minutes; this shows that it needs no such time
		if err := wait(ctx, rest); err != nil {
			return err
		}
		now, err := g.product.resident()
		if err != nil {
			return err
		}
		say("%.1f MB with none, %.1f MB with %d", before, now, idle.alive())
		r.set("streams_mb", now-before)
	}
	return enough("open streams", idle.alive(), c.Idle)
}

// wait lets time pass.
func wait(ctx context.Context, length time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(length):
		return nil
	}
}

// cost compares two servers on two databases, one with idle streams open and one without any, which make changes by
// turns: processor time of the server for each change, with all that follows from it, and how long the answer takes.
func (c alertsCommand) cost(ctx context.Context, r *results) (err error) {
	var sides [2]*crowd
	for i := range sides {
		if sides[i], err = c.prepare(ctx); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, sides[i].close()) }()
	}
	idle, err := sides[0].open(ctx, sides[0].idle)
	if err != nil {
		return err
	}
	defer idle.close()
	say("cost: %d changes/s by turns, with %d idle streams and with none", c.Rate/4, c.Idle)
	var processor, answer []float64
	for round := range c.Rounds + 1 {
		var used, took [2]float64
		for turn := range sides {
			i := (round + turn) % 2
			if used[i], took[i], err = sides[i].turn(ctx, c.Rate/4); err != nil {
				return err
			}
		}
		if round == 0 {
			continue // to warm both up
		}
		say("%d: %.2f and %.2f ms of processor, answer %.2f and %.2f ms", round, used[0], used[1], took[0], took[1])
		processor, answer = append(processor, used[0]/used[1]), append(answer, took[0]/took[1])
	}
	if err := enough("open streams", idle.alive(), c.Idle); err != nil {
		return err
	}
	r.add("change_cost_ratio", median(processor))
	r.add("change_latency_ratio", median(answer))
	return nil
}
