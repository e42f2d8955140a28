package privacy

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// InformationDuties are duties as the caller sees them.
type InformationDuties struct {
	Rows     []InformationDuty
	Next     *string
	Records  map[uuid.UUID][]InformingRecord // by duty
	Dossiers map[uuid.UUID]dossier.Ref
	Names    map[uuid.UUID]string // of the persons
	Today    time.Time            // a date in the municipality
	Zone     *time.Location
	Allowed  []string // of a single one
}

// InformationFilter cuts the list of duties; nil is no filter.
type InformationFilter struct {
	Dossier *uuid.UUID
	Due     *bool
}

// NewInformingRecord is what is recorded on informing a subject; see InformingRecord.
type NewInformingRecord struct {
	Outcome, Manner, Postponement string
	InformedOn, ReviewOn          *time.Time // dates
	InformedBy                    *uuid.UUID // nil is the caller's partner
}

// RecordInforming records that a subject was informed (AVG 13, 14) or that it is postponed (AVG 14(5), UAVG 41, BGS 1.3). It fails
// with problem.Invalid for what does not belong together, and with problem.Conflict in a dossier that is closed.
func (s *Service) RecordInforming(ctx context.Context, key etag.Key, n NewInformingRecord) (in InformationDuties, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		before, err := findInformationDuty(ctx, key.ID)
		if err != nil {
			return err
		}
		d, err := s.m.Dossiers.Hold(ctx, before.DossierID)
		if err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actKeepInforming, d.Resource()); err != nil {
			return err
		}
		if before, err = findInformationDuty(ctx, key.ID); err != nil { // as it is under the hold
			return err
		}
		if err := etag.Check(key.Match, before); err != nil {
			return err
		}
		if err := s.addInforming(ctx, d, before, n); err != nil {
			return err
		}
		after, err := findInformationDuty(ctx, key.ID)
		if err != nil {
			return err
		}
		in, err = s.oneInformationDuty(ctx, after)
		return err
	})
	return in, err
}

// addInforming makes the record and tells who may see the subject that there is one.
func (s *Service) addInforming(ctx context.Context, d dossier.Dossier, of InformationDuty, n NewInformingRecord) error {
	who, today, err := s.now(ctx)
	if err != nil {
		return err
	}
	r := InformingRecord{
		MunicipalityID: who.Municipality, ID: uuid.Must(uuid.NewV7()), SubjectID: of.ID, DossierID: d.ID, Outcome: n.Outcome, InformedOn: n.InformedOn,
		Manner: n.Manner, InformedBy: n.InformedBy, Postponement: n.Postponement, ReviewOn: n.ReviewOn, RecordedBy: who.Professional, RecordedAt: s.k.Now(),
	}
	if err := r.unfit(func(code string) bool { return s.m.Lists.Has(postponementsList, code) }, today).Err(); err != nil {
		return err
	}
	if err := s.informer(ctx, who, &r); err != nil {
		return err
	}
	if err := db.Insert(ctx, &r); err != nil {
		return err
	}
	e := journal.Event{Name: "information-duty.recorded", Subject: journal.Subject{Type: "subject", ID: of.ID}, Category: new(int(of.Category))}
	return s.recordIn(ctx, d, e)
}

// informer fills in which partner informed: that of who records it, unless another is named.
func (s *Service) informer(ctx context.Context, who identity.Identity, r *InformingRecord) error {
	if r.Outcome != subjectInformed {
		return nil
	}
	if r.InformedBy == nil {
		r.InformedBy = &who.Partner
		return nil
	}
	found, err := s.m.People.PartnersAt(ctx, []uuid.UUID{*r.InformedBy}, s.k.Now())
	if _, there := found[*r.InformedBy]; err == nil && !there {
		err = problem.InvalidField("/informedByPartnerId", "reference", "There is no such partner; see GET /v1/partners.")
	}
	return err
}

// InformationDuty reads one duty. It fails with problem.NotFound for who does not see the subject.
func (s *Service) InformationDuty(ctx context.Context, id uuid.UUID) (in InformationDuties, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := findInformationDuty(ctx, id)
		if err != nil {
			return err
		}
		in, err = s.oneInformationDuty(ctx, d)
		return err
	})
	return in, err
}

// InformationDuties reads a page of them as far as the caller sees the subjects, the latest added first.
func (s *Service) InformationDuties(ctx context.Context, f InformationFilter, p page.Request) (in InformationDuties, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		_, today, err := s.now(ctx)
		if err != nil {
			return err
		}
		rows, err := listInformationDuties(ctx, f, today, p)
		if err != nil {
			return err
		}
		rows, next := page.Cut(rows, p.Limit, InformationDuty.place)
		in, err = s.seeInformationDuties(ctx, rows...)
		in.Next = next
		return err
	})
	return in, err
}

func (s *Service) oneInformationDuty(ctx context.Context, one InformationDuty) (in InformationDuties, err error) {
	if in, err = s.seeInformationDuties(ctx, one); err != nil {
		return in, err
	}
	if len(in.Rows) == 0 {
		return in, db.NotFound()
	}
	d, err := s.m.Dossiers.Find(ctx, one.DossierID)
	if err != nil {
		return in, err
	}
	in.Allowed, err = s.k.Authz.Allowed(ctx, d.Resource(), one.operations())
	return in, err
}

// seeInformationDuties puts beside duties what their reader may know; one that the rule in memory refuses is dropped.
func (s *Service) seeInformationDuties(ctx context.Context, rows ...InformationDuty) (in InformationDuties, err error) {
	in = InformationDuties{Rows: []InformationDuty{}}
	if _, in.Today, err = s.now(ctx); err != nil {
		return in, err
	}
	if in.Zone, err = s.m.People.Zone(ctx); err != nil {
		return in, err
	}
	ids, dossiers, persons := make([]uuid.UUID, len(rows)), make([]uuid.UUID, len(rows)), make([]uuid.UUID, len(rows))
	for i, d := range rows {
		ids[i], dossiers[i], persons[i] = d.ID, d.DossierID, d.PersonID
	}
	if in.Dossiers, err = s.m.Dossiers.Refs(ctx, dossiers); err != nil {
		return in, err
	}
	if in.Names, err = s.m.Persons.Names(ctx, persons); err != nil {
		return in, err
	}
	views, err := s.k.Authz.Views(ctx, dossiers...)
	if err != nil {
		return in, err
	}
	for _, d := range rows {
		if _, known := in.Dossiers[d.DossierID]; !known || !views[d.DossierID].Sees(d.Category) {
			s.k.Authz.Dropped(ctx, "information duty")
			continue
		}
		in.Rows = append(in.Rows, d)
	}
	in.Records, err = informationRecords(ctx, ids)
	return in, err
}
