package plan

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/dossier"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/etag"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// SeenPlan is a plan as the caller sees it.
type SeenPlan struct {
	Plan
	Ref      dossier.Ref
	Override *Override // by which preconditions were passed over; nil when they were met
	Overview *Overview // nil in lists
	Allowed  []string  // operations; nil in lists
	Tag      string
}

// Overview is what is counted and linked beside a plan, as far as the caller may see it.
type Overview struct {
	Warnings         []string
	Partners         []Executing
	ByKind, ByDomain []Counted
	Linked           []LinkedPlan
}

// LinkedPlan is a running plan of a linked dossier.
type LinkedPlan struct {
	Plan
	Ref  dossier.Ref
	Kind string // of the link
}

// GetPlan reads one plan. It fails with problem.NotFound when the caller may not read it.
func (s *Service) GetPlan(ctx context.Context, id uuid.UUID) (seen SeenPlan, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		p, err := s.readPlan(ctx, id)
		if err != nil {
			return err
		}
		d, err := s.dossiers.Find(ctx, p.DossierID)
		if err != nil {
			return err
		}
		seen, err = s.seePlan(ctx, d, p)
		return err
	})
	return seen, err
}

// ListPlans reads a page of the plans of a dossier that the caller may read, the latest first.
func (s *Service) ListPlans(ctx context.Context, dossierID uuid.UUID, p page.Request) (seen []SeenPlan, next *string, err error) {
	err = s.k.DB.Tx(ctx, func(ctx context.Context) error {
		if _, err := s.dossiers.Require(ctx, dossierID); err != nil {
			return err
		}
		rows, err := paged[Plan](ctx, "plan", "dossier_id", dossierID, "drafted_at", p)
		if err != nil {
			return err
		}
		rows, next = page.Cut(rows, p.Limit, Plan.place)
		seen, err = s.seePlans(ctx, rows)
		return err
	})
	return seen, next, err
}

// readPlan finds a plan that the caller may read.
func (s *Service) readPlan(ctx context.Context, id uuid.UUID) (Plan, error) {
	p, err := findPlan(ctx, id)
	if err != nil {
		return p, err
	}
	return p, s.k.Authz.Require(ctx, actReadPlan, p.Resource())
}

// seePlans holds plans against the rule in memory, which drops what it refuses.
func (s *Service) seePlans(ctx context.Context, rows []Plan) ([]SeenPlan, error) {
	ids := make([]uuid.UUID, len(rows))
	for i, p := range rows {
		ids[i] = p.DossierID
	}
	views, err := s.k.Authz.Views(ctx, ids...)
	if err != nil {
		return nil, err
	}
	refs, err := s.dossiers.Refs(ctx, ids)
	if err != nil {
		return nil, err
	}
	passed, err := overridesOf(ctx, rows)
	if err != nil {
		return nil, err
	}
	seen := make([]SeenPlan, 0, len(rows))
	for _, p := range rows {
		if !views[p.DossierID].Reads(p.Resource()) {
			s.k.Authz.Dropped(ctx, "plan")
			continue
		}
		seen = append(seen, SeenPlan{Plan: p, Ref: refs[p.DossierID], Override: passed[p.ID], Tag: etag.Of(p)})
	}
	return seen, nil
}

// seePlan is one plan as the caller sees it, with its overview and what he may do.
func (s *Service) seePlan(ctx context.Context, d dossier.Dossier, p Plan) (SeenPlan, error) {
	all, err := s.seePlans(ctx, []Plan{p})
	if err != nil {
		return SeenPlan{}, err
	}
	if len(all) == 0 {
		return SeenPlan{}, db.NotFound()
	}
	seen := all[0]
	if seen.Overview, err = s.overview(ctx, p); err != nil {
		return seen, err
	}
	if seen.Allowed, err = s.k.Authz.Allowed(ctx, p.Resource(), p.operations()); err != nil || p.Status != Draft {
		return seen, err
	}
	who, err := identity.From(ctx)
	if err != nil {
		return seen, err
	}
	carriers, err := s.carriers(ctx, d)
	if _, takesPart := carriers[who.Partner]; err != nil || !takesPart {
		return seen, err
	}
	may, err := s.k.Authz.Allowed(ctx, p.of(who.Partner), []authz.Operation{{ID: "commitToPlan", Act: actCommit}})
	seen.Allowed = append(seen.Allowed, may...)
	return seen, err
}

// of is the part of one partner in a plan, to decide on.
func (p Plan) of(partner uuid.UUID) authz.Resource {
	r := p.Resource()
	r.Supplier = partner
	return r
}

func (s *Service) overview(ctx context.Context, p Plan) (*Overview, error) {
	actions, err := s.actionsOf(ctx, p)
	if err != nil {
		return nil, err
	}
	goals, err := goalsOf(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	partners, err := executing(ctx, p, actions)
	if err != nil {
		return nil, err
	}
	linked, err := s.linkedPlans(ctx, p)
	return &Overview{
		Warnings: warnings(actions, s.orientations(goals)), Partners: partners, Linked: linked,
		ByKind:   tally(actions, func(a Action) string { return a.Kind }),
		ByDomain: tally(actions, func(a Action) string { return a.LifeDomain }),
	}, err
}

// actionsOf are the actions of a plan that the caller may see: those of its dossier that are not cancelled, agreed
// before the next plan became final.
func (s *Service) actionsOf(ctx context.Context, p Plan) ([]Seen, error) {
	rows, err := actionsUnder(ctx, p.DossierID)
	if err != nil {
		return nil, err
	}
	rows = slices.DeleteFunc(rows, func(a Action) bool { return p.SupersededAt != nil && a.CreatedAt.After(*p.SupersededAt) })
	return s.seeAll(ctx, rows)
}

// orientations counts goals per orientation of their life domain.
func (s *Service) orientations(goals []Goal) map[string]int {
	counts := map[string]int{}
	for _, g := range goals {
		counts[s.Orientation(g.LifeDomain)]++
	}
	return counts
}

// Orientation of a life domain: social or safety.
func (s *Service) Orientation(lifeDomain string) string {
	for _, domain := range s.lists.LifeDomains() {
		if domain.Slug == lifeDomain {
			return domain.Orientation
		}
	}
	return ""
}

// executing are the partners with open actions or with something said to the plan, in a fixed order.
func executing(ctx context.Context, p Plan, actions []Seen) ([]Executing, error) {
	said, err := latestCommitments(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	partners := map[uuid.UUID]Executing{}
	for _, c := range said {
		partners[c.PartnerID] = Executing{PartnerID: c.PartnerID, Outcome: c.Outcome}
	}
	for _, a := range actions {
		if a.Status == Open {
			partners[a.PartnerID] = Executing{PartnerID: a.PartnerID, Open: true, Outcome: partners[a.PartnerID].Outcome}
		}
	}
	all := make([]Executing, 0, len(partners))
	for _, e := range partners {
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b Executing) int { return slices.Compare(a.PartnerID[:], b.PartnerID[:]) })
	return all, nil
}

// linkedPlans are the running plans of linked dossiers that the caller may read (domain.md 4.12).
func (s *Service) linkedPlans(ctx context.Context, p Plan) ([]LinkedPlan, error) {
	links, err := s.dossiers.Linked(ctx, p.DossierID)
	if err != nil {
		return nil, err
	}
	kinds, ids := map[uuid.UUID]string{}, []uuid.UUID{}
	for _, l := range links {
		if _, twice := kinds[l.Other.ID]; !twice {
			ids = append(ids, l.Other.ID)
		}
		kinds[l.Other.ID] = l.Kind
	}
	rows, err := plansOf(ctx, ids...)
	if err != nil {
		return nil, err
	}
	seen, err := s.seePlans(ctx, rows)
	linked := make([]LinkedPlan, len(seen))
	for i, one := range seen {
		linked[i] = LinkedPlan{Plan: one.Plan, Ref: one.Ref, Kind: kinds[one.DossierID]}
	}
	return linked, err
}
