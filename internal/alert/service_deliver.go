package alert

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

const (
	// settling bounds how long it may take to note what became of an attempt, also while the program stops or the
	// database is away.
	settling = 30 * time.Second
	// inHand is how long who works on a delivery has it for himself: longer than a job may take. After a crash it is
	// tried again then, which may send a mail twice, with one Message-ID.
	inHand = 150 * time.Second
)

// Deliver makes one attempt to send a delivery, with those that go in the same letter, unless it has ended. Whether
// its recipient may have each of them is decided again first. No transaction is open while the mail server is waited
// for. again is positive when it is to be tried once more; an error is a failure of the database.
func (s *Service) Deliver(ctx context.Context, job delivery.Job) (again time.Duration, err error) {
	system := identity.With(ctx, identity.System(job.Municipality, "delivery"))
	var all []Delivery
	var letter delivery.Mail
	err = s.atDesk(func() error {
		if all, err = s.hold(system, job.Delivery); err != nil || len(all) == 0 {
			return err
		}
		if letter, err = s.write(ctx, all); err != nil {
			return errors.Join(err, s.settle(system, released(all)))
		}
		return nil
	})
	if err != nil || len(all) == 0 {
		return 0, err
	}
	if letter.To != "" {
		again = s.send(ctx, letter, all)
	}
	return again, s.atDesk(func() error { return s.settle(system, all) })
}

// hold takes a delivery in hand, with those that go in the same letter; none when it has ended or somebody works on it.
func (s *Service) hold(ctx context.Context, id uuid.UUID) (all []Delivery, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := findDelivery(ctx, id)
		if err != nil || d.State != Pending {
			return err
		}
		all, err = hold(ctx, d, s.k.Now())
		return err
	})
	return all, err
}

// released are deliveries that nobody works on any more.
func released(all []Delivery) []Delivery {
	for i := range all {
		all[i].HeldUntil = nil
	}
	return all
}

// send hands a letter over, and notes the answer on the deliveries that are in it.
func (s *Service) send(ctx context.Context, letter delivery.Mail, all []Delivery) (again time.Duration) {
	answer, now := s.m.Mailer.Send(ctx, letter), s.k.Now()
	wait, _ := delivery.Wait(all[0].Attempts, 0, s.jitter())
	for i := range all {
		d := &all[i]
		switch {
		case d.State != Pending: // not in the letter
		case answer == nil:
			d.ends(Sent, "accepted")
		default:
			_, more := delivery.Wait(d.Attempts, now.Sub(d.TriedFrom), 0)
			if errors.Is(answer, delivery.ErrNoMailbox) {
				d.Refused, more = letter.To, false
			}
			if d.fails(answer, now.Add(wait), more); d.State == Pending {
				again = wait
			}
		}
	}
	if answer != nil {
		s.m.Log.WarnContext(ctx, "a mail was not accepted", "letter", letter.ID, "deliveries", len(all), "again", again, "answer", cut(answer.Error()))
	}
	return again
}

// settle notes what became of an attempt, and tells of what failed. What the mail server took must be noted even when
// the program is told to stop or the database is away for a moment, or it would go out twice.
func (s *Service) settle(ctx context.Context, all []Delivery) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settling)
	defer cancel()
	for pause := 50 * time.Millisecond; ; pause *= 2 {
		err := s.k.DB.Tx(ctx, func(ctx context.Context) error {
			if err := s.tellFailed(ctx, all); err != nil {
				return err
			}
			return saveDeliveries(ctx, all, s.k.Now())
		})
		if err == nil {
			return nil
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return err
		case <-timer.C:
		}
	}
}

// tellFailed records that deliveries failed, once for each dossier, and marks an address that its mail server does not
// know; of that it is told once.
func (s *Service) tellFailed(ctx context.Context, all []Delivery) error {
	told := map[uuid.UUID]bool{}
	for _, d := range all {
		about := d.DossierID
		if d.Refused != "" {
			about = d.ProfessionalID
		}
		if d.State != Failed || d.Known || told[about] {
			continue
		}
		told[about] = true
		if d.Refused != "" {
			news, err := s.m.People.RefuseMail(ctx, d.ProfessionalID, d.Refused)
			if err != nil {
				return err
			}
			if !news {
				continue
			}
		}
		e := journal.Event{Name: failed, Subject: journal.Subject{Type: "delivery", ID: d.ID}, Dossier: d.DossierID, Fields: []string{"state"}}
		if err := s.k.Journal.Record(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// write makes the letter as the recipient himself, under his rights of this moment. What he may not have is cancelled; a
// letter without an address is not to be sent.
func (s *Service) write(ctx context.Context, all []Delivery) (letter delivery.Mail, err error) {
	who, err := s.recipient(ctx, all[0].MunicipalityID, all[0].ProfessionalID)
	if err == nil {
		err = s.m.Access.Account(identity.With(ctx, who), "sendMail", s.k.Now(), func(ctx context.Context) (leaves bool, err error) {
			letter, err = s.writeFor(ctx, all)
			return letter.To != "", err
		})
	}
	switch problem.KindOf(err) {
	case problem.Unauthenticated, problem.Forbidden, problem.NotFound:
		return delivery.Mail{}, cancel(all, "the recipient may not act any more")
	}
	return letter, err
}

// writeFor writes the letter as its recipient may have it.
func (s *Service) writeFor(ctx context.Context, all []Delivery) (letter delivery.Mail, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx) // made anew when the records have changed
		if err == nil {
			letter, err = s.writeAs(ctx, who, all)
		}
		return err
	})
	return letter, err
}

// cancel ends deliveries that nobody may or can have.
func cancel(all []Delivery, why string) error {
	for i := range all {
		all[i].ends(Cancelled, why)
	}
	return nil
}

// fail ends deliveries to an address of which the municipal director was told before that nothing arrives there.
func fail(all []Delivery, why string) error {
	for i := range all {
		all[i].ends(Failed, why)
		all[i].Known = true
	}
	return nil
}

// Sweep puts deliveries in the queue again that were not tried in time: of a process that was killed, or whose job was lost.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.k.Now()
	municipalities, err := s.stranded(ctx, now.Add(-late))
	var failures []error
	for _, municipality := range municipalities {
		err := s.k.DB.Tx(identity.With(ctx, identity.System(municipality, "delivery")), func(ctx context.Context) error {
			all, err := stranded(ctx, municipality, now.Add(-late), now)
			if err != nil {
				return err
			}
			return s.m.Queue.Add(ctx, jobs(all, now)...)
		})
		failures = append(failures, err)
	}
	return errors.Join(append(failures, err)...)
}

// late is how long a delivery may wait for its job before it is put in the queue again.
const late = 30 * time.Second

func (s *Service) stranded(ctx context.Context, before time.Time) (municipalities []string, err error) {
	return municipalities, s.k.DB.Lookup(ctx, &municipalities, "select stranded_municipalities(?)", before)
}
