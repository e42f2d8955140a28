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
	// attempt bounds an attempt, and inHand how long who works on a delivery has it for himself: longer than that and its
	// settling. After a crash it is tried again then, which may send a mail twice, with one Message-ID.
	attempt = 2 * time.Minute
	inHand  = attempt + settling
)

// deliver makes one attempt to send a letter. Whether its recipient may have each of the deliveries in it is decided again
// first. No transaction is open while the mail server is waited for. What became of it stands in the deliveries.
func (s *Service) deliver(ctx context.Context, all []Delivery) {
	var letter delivery.Mail
	err := s.atDesk(func() (err error) {
		letter, err = s.write(ctx, all)
		return err
	})
	switch {
	case err != nil:
		s.putOff(ctx, all, err)
	case letter.To != "":
		s.send(ctx, letter, all)
	}
}

// putOff lets deliveries that could not be written wait, unless the program stops.
func (s *Service) putOff(ctx context.Context, all []Delivery, why error) {
	next := s.k.Now()
	if ctx.Err() == nil {
		wait, _ := delivery.Wait(all[0].Attempts, 0, s.jitter())
		next = next.Add(wait)
		s.m.Log.ErrorContext(ctx, "a mail cannot be written and waits", "letter", all[0].LetterID, "wait", wait, "error", why)
	}
	for i := range all {
		all[i].NextTryAt = &next
	}
}

// send hands a letter over, and notes the answer on the deliveries that are in it.
func (s *Service) send(ctx context.Context, letter delivery.Mail, all []Delivery) {
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
			d.fails(answer, now.Add(wait), more)
		}
	}
	if answer != nil {
		s.m.Log.WarnContext(ctx, "a mail was not accepted", "letter", letter.ID, "deliveries", len(all), "wait", wait, "answer", cut(answer.Error()))
	}
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

// tellFailed records that deliveries failed, of a letter once for each dossier, and marks an address that its mail server does not
// know; of that it is told once.
func (s *Service) tellFailed(ctx context.Context, all []Delivery) error {
	type news struct{ letter, about uuid.UUID }
	told := map[news]bool{}
	for _, d := range all {
		about := d.DossierID
		if d.Refused != "" {
			about = d.ProfessionalID
		}
		if d.State != Failed || d.Known || told[news{*d.LetterID, about}] {
			continue
		}
		told[news{*d.LetterID, about}] = true
		if d.Refused != "" {
			isNews, err := s.m.People.RefuseMail(ctx, d.ProfessionalID, d.Refused)
			if err != nil {
				return err
			}
			if !isNews {
				continue
			}
		}
		e := journal.Event{Name: failed, Subject: journal.Subject{Type: "delivery", ID: d.ID}, Dossier: d.DossierID, Office: d.DossierID == uuid.Nil, Fields: []string{"state"}}
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
	err = s.k.DB.Look(ctx, func(ctx context.Context) error {
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
