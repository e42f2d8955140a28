package dossier

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/journal"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// SeenAssessment is an assessment with what became of it.
type SeenAssessment struct {
	Assessment  `gorm:"embedded"`
	CorrectedBy *uuid.UUID
	Stale       bool `gorm:"-"` // observed too long ago to say how it is now
}

// AddAssessment records how it is on a life domain; the caller's partner is its supplier. It fails with
// problem.Invalid for a score where a level belongs or the other way round, with problem.Forbidden where the
// matrix does not let him add to category life-domain, and with problem.Conflict for a second correction.
func (s *Service) AddAssessment(ctx context.Context, dossier uuid.UUID, n NewAssessment) (in Within[SeenAssessment], err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := s.find(ctx, dossier)
		if err != nil {
			return err
		}
		a, err := s.assessment(ctx, d, n)
		if err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actAssess, a.Resource()); err != nil {
			return err
		}
		if err := d.mustBeOpen(); err != nil {
			return err
		}
		if err := s.mayCorrect(ctx, a); err != nil {
			return err
		}
		if err := db.Insert(ctx, &a); err != nil {
			return err
		}
		if err := s.recordAssessment(ctx, d, a); err != nil {
			return err
		}
		in, err = within(ctx, s, d, SeenAssessment{Assessment: a, Stale: a.stale(s.today(ctx))})
		return err
	})
	return in, err
}

// assessment is what is recorded; it fails with everything that is wrong with it.
func (s *Service) assessment(ctx context.Context, d Dossier, n NewAssessment) (Assessment, error) {
	wrong := n.misfits(d.Type)
	if !s.lists.HasLifeDomain(n.LifeDomain) {
		wrong.Note("/lifeDomain", "reference", "There is no such life domain; see GET /v1/code-lists/life-domains.")
	}
	if n.ObservedOn.After(s.today(ctx)) {
		wrong.Note("/observedOn", "future", "An observation does not lie in the future.")
	}
	if err := wrong.Err(); err != nil {
		return Assessment{}, err
	}
	who, err := identity.From(ctx)
	a := n.Assessment
	a.MunicipalityID, a.ID, a.DossierID, a.AddedAt = d.MunicipalityID, uuid.Must(uuid.NewV7()), d.ID, s.k.Now()
	a.SupplierID, a.AssessorID = who.Partner, who.Person()
	return a, err
}

// mayCorrect finds what an assessment puts right, as far as the caller sees it.
func (s *Service) mayCorrect(ctx context.Context, a Assessment) error {
	if a.Corrects == nil {
		return nil
	}
	old, err := s.readableAssessment(ctx, a.DossierID, *a.Corrects)
	if problem.KindOf(err) == problem.NotFound {
		return problem.InvalidField("/corrects", "reference", "Name an assessment of your own organisation of the same life domain and member.")
	}
	if err != nil {
		return err
	}
	return a.mayCorrect(old)
}

// recordAssessment tells of an assessment; of acute problems with high priority.
func (s *Service) recordAssessment(ctx context.Context, d Dossier, a Assessment) error {
	category := int(authz.LifeDomain)
	e := journal.Event{Name: "assessment.added", Subject: journal.Subject{Type: "assessment", ID: a.ID}, Category: &category, Supplier: a.SupplierID}
	if a.acute() {
		e.Name = "assessment.acute"
	}
	var err error
	if e.InNameOf, err = s.inNameOfNamed(ctx, d); err != nil {
		return err
	}
	return s.recordIn(ctx, d, e)
}

// ListAssessments reads a page of the assessments of a dossier that the caller may read, the latest first.
func (s *Service) ListAssessments(ctx context.Context, dossier uuid.UUID, f AssessmentFilter, p page.Request) (Within[Page[SeenAssessment]], error) {
	return readIn(ctx, s, dossier, func(ctx context.Context) (Page[SeenAssessment], error) {
		rows, err := listAssessments(ctx, dossier, f, p)
		if err != nil {
			return Page[SeenAssessment]{}, err
		}
		rows, next := page.Cut(rows, p.Limit, SeenAssessment.place)
		seen, err := s.readableAssessments(ctx, rows)
		return Page[SeenAssessment]{Rows: seen, Next: next}, err
	})
}

// GetAssessment reads one assessment; what the caller may not read is problem.NotFound.
func (s *Service) GetAssessment(ctx context.Context, dossier, id uuid.UUID) (Within[SeenAssessment], error) {
	return readIn(ctx, s, dossier, func(ctx context.Context) (SeenAssessment, error) { return s.readableAssessment(ctx, dossier, id) })
}

func (s *Service) readableAssessment(ctx context.Context, dossier, id uuid.UUID) (SeenAssessment, error) {
	a, err := findAssessment(ctx, dossier, id)
	if err != nil {
		return SeenAssessment{}, err
	}
	seen, err := s.readableAssessments(ctx, []SeenAssessment{a})
	if err != nil {
		return SeenAssessment{}, err
	}
	if len(seen) == 0 {
		return SeenAssessment{}, db.NotFound()
	}
	return seen[0], nil
}

// readableAssessments applies the rule in memory to rows that the database let through.
func (s *Service) readableAssessments(ctx context.Context, rows []SeenAssessment) ([]SeenAssessment, error) {
	seen, today := make([]SeenAssessment, 0, len(rows)), s.today(ctx)
	for _, a := range rows {
		view, err := s.k.Authz.View(ctx, a.DossierID)
		if err != nil {
			return nil, err
		}
		if !view.Reads(a.Resource()) {
			s.k.Authz.Dropped(ctx, "assessment")
			continue
		}
		a.Stale = a.stale(today)
		seen = append(seen, a)
	}
	return seen, nil
}

// ScoresAt reads the assessments that counted at a moment, the last per member and life domain, as far as the caller may
// read them now. It needs a transaction of a caller who knows the dossier.
func (s *Service) ScoresAt(ctx context.Context, dossier uuid.UUID, at time.Time) ([]SeenAssessment, error) {
	rows, err := scoresAt(ctx, dossier, at)
	if err != nil {
		return nil, err
	}
	return s.readableAssessments(ctx, rows)
}

// Deltas are how it went per member and life domain, of what the caller may see.
type Deltas struct {
	Complete bool // he sees all there is
	Rows     []Delta
}

// AssessmentDeltas reads the first and the last assessment per member and life domain; what was unknown or
// corrected does not count, and nothing is taken over members together.
func (s *Service) AssessmentDeltas(ctx context.Context, dossier uuid.UUID) (Within[Deltas], error) {
	return readIn(ctx, s, dossier, func(ctx context.Context) (Deltas, error) {
		first, err := s.endOf(ctx, dossier, firstKnown())
		if err != nil {
			return Deltas{}, err
		}
		last, err := s.endOf(ctx, dossier, lastKnown())
		if err != nil {
			return Deltas{}, err
		}
		view, err := s.k.Authz.View(ctx, dossier)
		return Deltas{Complete: view.Sees(authz.LifeDomain), Rows: deltas(first, last)}, err
	})
}

func (s *Service) endOf(ctx context.Context, dossier uuid.UUID, e end) ([]SeenAssessment, error) {
	rows, err := endOf(ctx, dossier, e)
	if err != nil {
		return nil, err
	}
	return s.readableAssessments(ctx, rows)
}

// deltas joins the first with the last of the same member and life domain.
func deltas(first, last []SeenAssessment) []Delta {
	of := func(a SeenAssessment) [2]string { return [2]string{a.Member, a.LifeDomain} }
	began := map[[2]string]SeenAssessment{}
	for _, a := range first {
		began[of(a)] = a
	}
	all := []Delta{}
	for _, a := range last {
		if b, there := began[of(a)]; there {
			all = append(all, Delta{First: b, Latest: a})
		}
	}
	return all
}

// MultiProblem computes the multi-problem indicator from the assessments that count now and that the caller
// may see (Wgs 1.9); it is not kept.
func (s *Service) MultiProblem(ctx context.Context, dossier uuid.UUID) (Within[Indicator], error) {
	return readIn(ctx, s, dossier, func(ctx context.Context) (Indicator, error) {
		current, err := s.endOf(ctx, dossier, lastOfAll())
		if err != nil {
			return Indicator{}, err
		}
		view, err := s.k.Authz.View(ctx, dossier)
		return indicate(current, view.Sees(authz.LifeDomain)), err
	})
}
