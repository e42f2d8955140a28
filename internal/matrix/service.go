package matrix

import (
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/singleflight"

	"github.com/wijkregie/wijkregie/internal/configuration"
	"github.com/wijkregie/wijkregie/internal/kernel"
	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
	"github.com/wijkregie/wijkregie/internal/organisation"
)

// Service is what may happen with the matrix. It is safe for concurrent use.
type Service struct {
	k      kernel.Kernel
	lists  *configuration.Service
	people *organisation.Service

	// OpenActions, Suppliers and Advised are asked before a publication, as the system: who carries out open
	// actions in which dossiers, who supplied items of each category, and whether an advice on a category stands where
	// there is or was one. The server fills them in; without them nobody does.
	OpenActions func(context.Context) ([]Duty, error)
	Suppliers   func(context.Context) (map[authz.Category][]uuid.UUID, error)
	Advised     func(context.Context) (map[authz.Category]bool, error)

	loads     singleflight.Group
	mu        sync.Mutex
	snapshots map[string]*snapshot // by municipality
}

// New makes the service.
func New(k kernel.Kernel, lists *configuration.Service, people *organisation.Service) *Service {
	return &Service{k: k, lists: lists, people: people, snapshots: map[string]*snapshot{}}
}

// InForce gives the matrix that decides now. It fails with problem.NotFound as long as none has taken
// force: then nobody has any right.
func (s *Service) InForce(ctx context.Context) (p Published, err error) {
	err = s.read(ctx, func(ctx context.Context, municipality string) error {
		current, err := inForce(ctx, municipality)
		if err != nil {
			return err
		}
		p, err = findPublished(ctx, municipality, current.Number)
		return err
	})
	return p, err
}

// InForceAt gives the matrix that decided at a moment: the latest version of which the moment of effect
// had come, but for those that another one replaced before they began. It fails with problem.NotFound when
// there was none.
func (s *Service) InForceAt(ctx context.Context, at time.Time) (p Published, err error) {
	err = s.read(ctx, func(ctx context.Context, municipality string) error {
		if p.Version, err = findVersionAt(ctx, municipality, at); err != nil {
			return err
		}
		p.Cells, err = findCells(ctx, municipality, p.Number)
		return err
	})
	return p, err
}

// Version gives a version as it was published. It fails with problem.NotFound.
func (s *Service) Version(ctx context.Context, number int64) (p Published, err error) {
	err = s.read(ctx, func(ctx context.Context, municipality string) error {
		p, err = findPublished(ctx, municipality, number)
		return err
	})
	return p, err
}

// Versions gives a page of the versions without cells, the latest first.
func (s *Service) Versions(ctx context.Context, p page.Request) (rows []Version, next *string, err error) {
	err = s.read(ctx, func(ctx context.Context, municipality string) error {
		if rows, err = listVersions(ctx, municipality, p); err != nil {
			return err
		}
		rows, next = page.Cut(rows, p.Limit, func(v Version) page.Cursor {
			return page.AtNumber(v.Number, v.ID)
		})
		return nil
	})
	return rows, next, err
}

// read runs fn in a transaction of somebody of the municipality; all of them may read what was published.
func (s *Service) read(ctx context.Context, fn func(ctx context.Context, municipality string) error) error {
	return s.k.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := identity.From(ctx)
		if err != nil {
			return err
		}
		if err := s.k.Authz.Require(ctx, actRead, authz.Resource{}); err != nil {
			return err
		}
		return fn(ctx, who.Municipality)
	})
}

func findPublished(ctx context.Context, municipality string, number int64) (p Published, err error) {
	if p.Version, err = findVersion(ctx, municipality, number); err != nil {
		return p, err
	}
	p.Cells, err = findCells(ctx, municipality, number)
	return p, err
}

// check turns what was sent into cells of a matrix, in their order, or says everything that is wrong.
func (s *Service) check(ctx context.Context, f *problem.Faults, at string, sent []NewCell) ([]authz.Cell, func(uuid.UUID) string, error) {
	types := map[uuid.UUID]string{}
	for _, n := range sent {
		if n.PartnerID == nil {
			continue
		}
		if _, asked := types[*n.PartnerID]; asked {
			continue
		}
		partner, err := s.people.FindPartner(ctx, *n.PartnerID)
		if err != nil && !problem.Is(err, problem.NotFound) {
			return nil, nil, err
		}
		types[*n.PartnerID] = partner.Type
	}
	typeOf := func(id uuid.UUID) string { return types[id] }
	known := func(slug string) bool {
		_, known := s.lists.PartnerType(slug)
		return known
	}
	cells := make([]authz.Cell, len(sent))
	for i, n := range sent {
		cells[i] = n.cell(f, at+"/"+strconv.Itoa(i), typeOf, known)
	}
	if len(*f) == 0 {
		unique(f, at, cells)
	}
	return cells, typeOf, nil
}
