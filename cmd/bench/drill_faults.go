package main

import (
	"context"
	"time"

	"github.com/emersion/go-smtp"
)

// mailServerDown refuses connections.
func mailServerDown(ctx context.Context, s *scene, lasts time.Duration) error {
	if err := s.post.shut(); err != nil {
		return err
	}
	if err := s.changes(ctx, lasts); err != nil {
		return err
	}
	return s.post.open(ctx)
}

// mailServerAnswers refuses every letter with a code.
func mailServerAnswers(code int) func(ctx context.Context, s *scene, lasts time.Duration) error {
	return func(ctx context.Context, s *scene, lasts time.Duration) error {
		s.post.refuse(&smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 3, 0}, Message: "not now"})
		defer s.post.refuse(nil)
		return s.changes(ctx, lasts)
	}
}

// again is how long after one cut the next follows.
const again = 500 * time.Millisecond

// databaseCut ends all connections of the product, over and over.
func databaseCut(ctx context.Context, s *scene, lasts time.Duration) error {
	return s.cutting(ctx, lasts, "application_name like 'wijkregie%'")
}

// notificationsLost ends the connections by which a process hears of events and jobs, while somebody follows the stream of
// another process than the one that makes the changes.
func notificationsLost(ctx context.Context, s *scene, lasts time.Duration) error {
	if err := s.startSecond(ctx); err != nil {
		return err
	}
	s.reader.moveTo(s.second)
	return s.cutting(ctx, lasts, "application_name in ('wijkregie listener', 'wijkregie jobs')")
}

// cutting ends connections while changes are made.
func (s *scene) cutting(ctx context.Context, lasts time.Duration, which string) error {
	done := make(chan error, 1)
	go func() { done <- s.changes(ctx, lasts) }()
	ticks := time.NewTicker(again)
	defer ticks.Stop()
	for {
		if _, err := s.owner.Exec(ctx, "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and "+which); err != nil {
			return err
		}
		select {
		case err := <-done:
			return err
		case <-ticks.C:
		}
	}
}

// killedBeforeDelivery kills the server right after the last answer, while no mail can leave, three times.
func killedBeforeDelivery(ctx context.Context, s *scene, lasts time.Duration) error {
	if err := s.post.shut(); err != nil {
		return err
	}
	for range 3 {
		if err := s.changes(ctx, lasts/3); err != nil {
			return err
		}
		if err := s.first.kill(); err != nil {
			return err
		}
		if err := s.first.start(ctx); err != nil {
			return err
		}
	}
	return s.post.open(ctx)
}

// killedInDialogue kills the server when the mail server has taken a letter and not yet said so.
func killedInDialogue(ctx context.Context, s *scene, lasts time.Duration) error {
	release, taken := s.post.hang()
	defer release()
	if err := s.changes(ctx, lasts); err != nil {
		return err
	}
	select {
	case <-taken:
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(slowest):
		return errNoLetter
	}
	if err := s.first.kill(); err != nil {
		return err
	}
	return s.first.start(ctx)
}

// oneOfTwoKilled kills one of two processes while both take changes; the other goes on alone.
func oneOfTwoKilled(ctx context.Context, s *scene, lasts time.Duration) error {
	if err := s.startSecond(ctx); err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() { done <- s.changes(ctx, lasts) }()
	timer := time.NewTimer(lasts / 2)
	defer timer.Stop()
	select {
	case err := <-done:
		return err
	case <-timer.C:
	}
	s.reader.moveTo(s.second) // who loses his connection tries the other
	if err := s.first.kill(); err != nil {
		return err
	}
	return <-done
}
