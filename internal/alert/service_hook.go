package alert

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

const (
	// mostOpen bounds the requests that one partner has open at once, so that slow receivers leave room for those of others.
	mostOpen = 8
	// whenCrowded and whenCrowdedLong are how long another one waits then: the longer it waits already the less often it
	// looks, or a heap of them would keep the database busy.
	whenCrowded, whenCrowdedLong = 2 * time.Second, time.Minute
	// inARow is how long one job goes on with what leaves after what it was asked for: shorter than a job may take, with time
	// for one more attempt.
	inARow = 60 * time.Second
	// mostReplayed bounds the events of one replay.
	mostReplayed = 10_000
	// notActive is why something is not sent.
	notActive = "the subscription is not active"
)

// errand is a delivery that is in hand, with what it is about.
type errand struct {
	HookDelivery
	sub   Subscription
	event delivery.Event // of an event alone
	oin   string         // of the municipality
	over  bool           // nothing more goes to the subscription
	turn  turn
}

// turn is how it goes on after a look at a delivery.
type turn struct {
	after *delivery.HookJob // what leaves next; nil before the delivery has ended, and when there is nothing
	again time.Duration     // when it is positive, how long to wait for the next look
}

// Hook makes one attempt at a delivery by webhook, unless it has ended or something about the same dossier has to leave
// first, and goes on with what leaves after it. Whether its client may have it is decided again first. No transaction is
// open while the receiver is waited for. again is positive when it, or what left after it, is to be tried once more; an
// error is a failure of the database.
func (s *Service) Hook(ctx context.Context, job delivery.HookJob) (again time.Duration, err error) {
	for begun := time.Now(); ; {
		next, err := s.hook(ctx, job)
		if err != nil || next.after == nil {
			return next.again, err
		}
		if job = *next.after; time.Since(begun) > inARow {
			return 0, s.k.DB.Tx(identity.With(ctx, identity.System(job.Municipality, "delivery")), func(ctx context.Context) error {
				return s.m.Queue.AddHooks(ctx, job)
			})
		}
	}
}

// hook makes one attempt.
func (s *Service) hook(ctx context.Context, job delivery.HookJob) (next turn, err error) {
	system := identity.With(ctx, identity.System(job.Municipality, "delivery"))
	var e *errand
	var body []byte
	err = s.atDesk(func() error {
		err := s.k.DB.Tx(system, func(ctx context.Context) error {
			e, next, err = s.inHand(ctx, job)
			return err
		})
		if err != nil || e == nil {
			return err
		}
		if body, err = s.bodyFor(ctx, e); err != nil {
			e.HeldUntil = nil
			return errors.Join(err, s.settleHook(system, e, delivery.HookAnswer{}))
		}
		return nil
	})
	if err != nil || e == nil {
		return next, err
	}
	answer := s.reach(ctx, e, body)
	err = s.atDesk(func() error { return s.settleHook(system, e, answer) })
	return e.turn, err
}

// reach asks or tells the receiver, unless there is nothing to say.
func (s *Service) reach(ctx context.Context, e *errand, body []byte) (answer delivery.HookAnswer) {
	switch {
	case e.State != Pending:
		return answer
	case e.sub.State != HookActive:
		e.ends(Cancelled, notActive)
		return answer
	case e.Purpose == ForReplay:
		e.ends(Sent, "the events are on their way")
		return answer
	case e.Purpose == ForValidation:
		answer = s.m.Hooks.Validate(ctx, e.sub.Url, s.k.Now())
	default:
		answer = s.post(ctx, e, body)
	}
	e.turn.again = s.hears(ctx, e, answer)
	return answer
}

// inHand takes a delivery in hand; nil when there is nothing to do about it now. Of one that has ended, for which a job comes
// back that went on with what left after it, the turn is of that.
func (s *Service) inHand(ctx context.Context, job delivery.HookJob) (e *errand, next turn, err error) {
	d, err := findHook(ctx, job.Delivery)
	if err != nil {
		return nil, next, err
	}
	if d.State != Pending {
		next.after, err = after(ctx, d)
		return nil, next, err
	}
	if waits, err := behind(ctx, d); err != nil || waits {
		return nil, next, err
	}
	sub, err := findSubscription(ctx, d.SubscriptionID)
	if err != nil {
		return nil, next, err
	}
	now := s.k.Now()
	full, err := crowded(ctx, sub, now)
	if err != nil {
		return nil, next, err
	}
	if full {
		wait := min(max(now.Sub(d.DueAt)/4, whenCrowded), whenCrowdedLong)
		return nil, turn{again: wait}, putOff(ctx, d, now.Add(wait))
	}
	taken, err := take(ctx, d, now)
	if err != nil || len(taken) == 0 {
		return nil, next, err
	}
	e = &errand{HookDelivery: taken[0], sub: sub}
	return e, next, s.gather(ctx, e)
}

// gather reads what an errand is about. A question whether the receiver wants events is not put twice.
func (s *Service) gather(ctx context.Context, e *errand) (err error) {
	if e.oin, err = s.m.People.OIN(ctx); err != nil {
		return err
	}
	switch e.Purpose {
	case ForEvent:
		e.event, err = eventAt(ctx, e.Seq)
	case ForValidation:
		later, wrong := askedLater(ctx, e.HookDelivery)
		if err = wrong; later || e.sub.VerifiedAt != nil {
			e.ends(Cancelled, "the receiver is asked apart")
		}
	}
	return err
}

// bodyFor is what is sent, cut to what the client may read at this moment; the delivery is cancelled when that is nothing.
func (s *Service) bodyFor(ctx context.Context, e *errand) (body []byte, err error) {
	if e.State != Pending {
		return nil, nil
	}
	who, err := s.m.AsClient(ctx, e.MunicipalityID, e.sub.ClientID)
	switch problem.KindOf(err) {
	case problem.Unauthenticated, problem.Forbidden, problem.NotFound:
		e.ends(Cancelled, "the client may not come in any more")
		e.over = true
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	source := sourceOf(e.MunicipalityID, e.oin)
	switch e.Purpose {
	case ForTest:
		return json.Marshal(envelope(source, e.EventID.String(), "test", e.CreatedAt))
	case ForEvent:
	default:
		return nil, nil
	}
	err = s.m.Access.Account(identity.With(ctx, who), "sendWebhook", s.k.Now(), func(ctx context.Context) (leaves bool, err error) {
		if isLost(e.event, who) {
			e.Kind = kindOf(lost)
			body, err = s.body(source, e.event)
			return body != nil, err
		}
		body, err = s.eventFor(ctx, source, e)
		return body != nil, err
	})
	return body, err
}

// eventFor is an event as the client in the context may read it; the delivery is cancelled when it may not.
func (s *Service) eventFor(ctx context.Context, source string, e *errand) (body []byte, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		sight, err := s.look(ctx, []delivery.Event{e.event})
		if err != nil {
			return err
		}
		if !sight.knows(e.event) || !sight.reads(e.event, false) {
			e.ends(Cancelled, "the client may not read this")
			return nil
		}
		e.Kind = kindOf(e.event.Name)
		body, err = s.body(source, e.event)
		return err
	})
	return body, err
}

func (s *Service) post(ctx context.Context, e *errand, body []byte) delivery.HookAnswer {
	now := s.k.Now()
	m := delivery.HookMessage{URL: e.sub.Url, ID: e.EventID.String(), Body: body, At: now}
	sealed := [][]byte{e.sub.Secret}
	if e.sub.PreviousSecretUntil != nil && now.Before(*e.sub.PreviousSecretUntil) {
		sealed = append(sealed, e.sub.PreviousSecret)
	}
	for _, one := range sealed {
		secret, err := s.k.Secrets.Open(e.sub.place(), one)
		if err != nil {
			return delivery.HookAnswer{Text: "the secret is not usable; renew it"}
		}
		m.Secrets = append(m.Secrets, string(secret))
	}
	return s.m.Hooks.Post(ctx, m)
}

// hears notes what the receiver answered.
func (s *Service) hears(ctx context.Context, e *errand, answer delivery.HookAnswer) (again time.Duration) {
	switch {
	case answer.Taken:
		e.ends(Sent, answer.Text)
		return 0
	case answer.Gone:
		e.ends(Failed, answer.Text)
		e.over = true
		return 0
	}
	now := s.k.Now()
	wait, _ := delivery.Wait(e.Attempts, 0, s.jitter())
	wait = max(wait, answer.After)
	_, more := delivery.Wait(1, now.Sub(e.TriedFrom)+wait, 0)
	e.waits(answer.Text, now.Add(wait), more)
	s.m.Log.WarnContext(ctx, "a webhook was not taken", "delivery", e.ID, "attempts", e.Attempts, "again", wait, "answer", answer.Text)
	if !more {
		return 0
	}
	return wait
}
