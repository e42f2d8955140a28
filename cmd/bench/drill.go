package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"time"
)

// drillCommand breaks what deliveries depend on while changes are made over HTTP, ends that, and compares what arrived in
// the inbox, in the stream, at the mail server and at a receiver of webhooks with the changes that the database holds.
type drillCommand struct {
	Fault  []string      `arg:"" optional:"" help:"Faults to try, by their names as they are printed, or the beginning of one; all by default."`
	Server string        `help:"The program that is drilled." default:"bin/wijkregie" type:"path"`
	Most   time.Duration `help:"No fault lasts longer than this, for a quick look." default:"5m"`
}

// fault is something that goes wrong for a while.
type fault struct {
	name  string
	lasts time.Duration
	kills int // processes that it kills; each may leave one mail that comes twice
	// happen lets it go wrong, makes changes meanwhile, and returns when it is over.
	happen func(ctx context.Context, s *scene, lasts time.Duration) error
}

func faults() []fault {
	return []fault{
		{"mail-server-down-10s", 10 * time.Second, 0, mailServerDown},
		{"mail-server-down-60s", time.Minute, 0, mailServerDown},
		{"mail-server-answers-4xx", 10 * time.Second, 0, mailServerAnswers(451)},
		{"mail-server-answers-5xx", 10 * time.Second, 0, mailServerAnswers(554)},
		{"receiver-down", 10 * time.Second, 0, receiverDown},
		{"receiver-slow", 10 * time.Second, 0, receiverAnswers(0, 3*time.Second)},
		{"receiver-answers-500", 10 * time.Second, 0, receiverAnswers(http.StatusInternalServerError, 0)},
		{"database-cut", 5 * time.Second, 0, databaseCut},
		{"notifications-lost", 5 * time.Second, 0, notificationsLost},
		{"killed-before-delivery", 6 * time.Second, 3, killedBeforeDelivery},
		{"two-instances-one-killed", 6 * time.Second, 1, oneOfTwoKilled},
		{"killed-in-dialogue", time.Second, 1, killedInDialogue},
		{"mail-server-down-300s", 5 * time.Minute, 0, mailServerDown},
	}
}

// Run tries the faults one after the other and prints the totals, also when one fails. It fails when anything was lost or
// came twice that may not.
func (c drillCommand) Run(ctx context.Context) error {
	total := tally{}
	allowed := 0
	err := c.each(ctx, func(f fault, found tally) {
		total.add(found)
		allowed += f.kills
	})
	fmt.Printf("RESULT lost %d\nRESULT doubles %d\nRESULT double_mails %d\n", total.lost, total.doubles, total.doubleMails)
	if total.lost+total.doubles > 0 || total.doubleMails > allowed {
		err = errors.Join(err, errors.New("something was lost or came twice"))
	}
	return err
}

func (c drillCommand) each(ctx context.Context, found func(fault, tally)) (err error) {
	s, err := newScene(ctx, c.Server)
	if err != nil {
		return fmt.Errorf("prepare: %w", err)
	}
	defer func() { err = errors.Join(err, s.close()) }()
	fmt.Printf("%-26s %8s %6s %8s %13s %10s %8s\n", "fault", "changes", "lost", "doubles", "double mails", "stream s", "all s")
	for _, f := range faults() {
		if !c.wants(f) {
			continue
		}
		result, err := s.try(ctx, f, min(f.lasts, c.Most))
		if err != nil {
			return fmt.Errorf("%s: %w: %s", f.name, err, s.first.said())
		}
		fmt.Printf("%-26s %8d %6d %8d %13d %10.1f %8.1f\n", f.name, result.changes, result.lost, result.doubles, result.doubleMails,
			result.streamed.Seconds(), result.settled.Seconds())
		found(f, result)
	}
	return nil
}

func (c drillCommand) wants(f fault) bool {
	return len(c.Fault) == 0 || slices.ContainsFunc(c.Fault, func(name string) bool { return len(name) <= len(f.name) && f.name[:len(name)] == name })
}

// try lets a fault happen on a scene where all is well, and waits until everything has arrived or took too long.
func (s *scene) try(ctx context.Context, f fault, lasts time.Duration) (found tally, err error) {
	if err := s.begin(ctx); err != nil {
		return found, err
	}
	reading, stop := context.WithCancel(ctx)
	defer stop()
	s.reader = s.follow(reading)
	if err := f.happen(ctx, s, lasts); err != nil {
		fmt.Fprintf(os.Stderr, "%s did not happen as it should\n", f.name)
		return found, err
	}
	found, err = s.settle(ctx, slowest+lasts)
	stop()
	return found, errors.Join(err, s.mend(ctx))
}
