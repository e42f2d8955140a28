package organisation

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// findSubstitution reads a substitution of this professional.
func findSubstitution(ctx context.Context, professional, id uuid.UUID) (s Substitution, err error) {
	err = db.One(mine(ctx, "substitution").Where("professional_id = ? and id = ?", professional, id).Take(&s))
	return s, err
}

func listSubstitutions(ctx context.Context, professional uuid.UUID, p page.Request) (rows []Substitution, err error) {
	q := mine(ctx, "substitution").Where("professional_id = ?", professional)
	if p.After != nil {
		from, err := p.After.Time()
		if err != nil {
			return nil, err
		}
		q = q.Where("(starts_at, id) < (?, ?)", from, p.After.ID)
	}
	err = q.Order("starts_at desc, id desc").Limit(p.Limit + 1).Find(&rows).Error
	return rows, err
}

// duty is a period in which somebody stands in for a professional.
type duty struct {
	ProfessionalID uuid.UUID
	StartsAt       time.Time
	EndsAt         time.Time
	ValidUntil     *time.Time // of the professional replaced
}

const dutiesSQL = `select s.professional_id, s.starts_at, s.ends_at, r.valid_until
 from substitution s join professional r on r.municipality_id = s.municipality_id and r.id = s.professional_id
 where s.municipality_id = ? and s.substitute_id = ? and r.partner_id = ? and s.ends_at > ? and s.starts_at < ?
 order by s.starts_at`

// dutiesOf reads for whom a professional stands in between two moments.
func dutiesOf(ctx context.Context, at standing, from, until time.Time) (rows []duty, err error) {
	err = db.Conn(ctx).Raw(dutiesSQL, at.Municipality, at.ProfessionalID, at.PartnerID, from, until).Scan(&rows).Error
	return rows, err
}
