package alert

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/delivery"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/language"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// settling bounds how long it may take to note what became of an attempt, also while the program
// stops.
const settling = 10 * time.Second

// Deliver makes one attempt to send a delivery, unless it has ended. Whether its recipient may have
// it is decided again first. No transaction is open while the mail server is waited for. again is
// positive when it is to be tried once more; an error is a failure of the database.
func (s *Service) Deliver(ctx context.Context, job delivery.Job) (again time.Duration, err error) {
	system := identity.With(ctx, identity.System(job.Municipality, "delivery"))
	d, to, err := s.begin(system, job)
	if err != nil || d.State != Pending {
		return 0, err
	}
	letter, obstacle, err := s.write(ctx, d, to)
	if err != nil {
		return 0, err
	}
	if obstacle != "" {
		d.ends(Cancelled, obstacle)
		return 0, s.settle(system, d)
	}
	if answer := s.m.Mailer.Send(ctx, letter); answer != nil {
		again = d.fails(answer, s.k.Now(), s.jitter())
		s.m.Log.WarnContext(ctx, "a mail was not accepted", "delivery", d.ID, "attempts", d.Attempts, "state", d.State, "answer", d.LastAnswer)
	} else {
		d.ends(Sent, "accepted")
	}
	return again, s.settle(system, d)
}

// begin reads a delivery and for whom it is, and counts the attempt before it is made.
func (s *Service) begin(ctx context.Context, job delivery.Job) (d Delivery, to recipient, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if d, err = findDelivery(ctx, job.Delivery); err != nil || d.State != Pending {
			return err
		}
		if to, err = findRecipient(ctx, d.AlertID); err != nil {
			return err
		}
		d.Attempts++
		return saveDelivery(ctx, &d, s.k.Now())
	})
	return d, to, err
}

// settle notes what became of an attempt. What the mail server took must be noted even when the
// program is told to stop, or it would go out twice.
func (s *Service) settle(ctx context.Context, d Delivery) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settling)
	defer cancel()
	return s.k.DB.Tx(ctx, func(ctx context.Context) error { return saveDelivery(ctx, &d, s.k.Now()) })
}

// write makes the letter as the recipient himself, under his rights of this moment. An obstacle is
// why he may not have it.
func (s *Service) write(ctx context.Context, d Delivery, to recipient) (letter delivery.Mail, obstacle string, err error) {
	who, err := s.m.As(ctx, d.MunicipalityID, to.ProfessionalID)
	switch problem.KindOf(err) {
	case problem.Unauthenticated, problem.Forbidden, problem.NotFound:
		return letter, "the recipient may not act any more", nil
	}
	if err != nil {
		return letter, "", err
	}
	err = s.k.DB.Tx(identity.With(ctx, who), func(ctx context.Context) error {
		someone, err := s.m.People.FindProfessional(ctx, to.ProfessionalID)
		if err != nil {
			return err
		}
		if someone.Email == "" {
			obstacle = "the recipient has no address"
			return nil
		}
		tag := language.Tag(someone.Language)
		alert, err := s.directed(language.With(ctx, tag), who, to.Seq)
		if err != nil {
			return err
		}
		if alert == nil {
			obstacle = "the recipient does not direct the dossier any more"
			return nil
		}
		letter, err = s.letter(*alert, tag)
		letter.ID, letter.To = d.ID, someone.Email
		return err
	})
	return letter, obstacle, err
}

// directed reads an alert of who directs its dossier, stands in for who does, or is a municipal director
// whom it concerns; nil when he is none of these any more.
func (s *Service) directed(ctx context.Context, who identity.Identity, seq int64) (*Seen, error) {
	lines, err := following(ctx, who, seq-1, 1)
	if err != nil || len(lines) == 0 {
		return nil, err
	}
	seen, err := s.see(ctx, lines)
	if err != nil || len(seen) == 0 || seen[0].Sequence != seq {
		return nil, err
	}
	d, err := s.m.Dossiers.Find(ctx, seen[0].Dossier.ID)
	if err != nil {
		return nil, err
	}
	directs := func(holder uuid.UUID) bool { return who.Is(holder, s.k.Now()) }
	concerned := concernsDirectors(lines[0].Name) && who.Has(identity.MunicipalDirector)
	if !concerned && !slices.ContainsFunc(holders(d), directs) {
		return nil, nil
	}
	return &seen[0], nil
}
