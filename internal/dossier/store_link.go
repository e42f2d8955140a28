package dossier

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// LinkFilter is what a list of links is limited to; nil does not limit.
type LinkFilter struct {
	Kind, Direction *string
	Ended           bool // those that ended, in place of those that count
}

// listLinks reads the links on either side of a dossier, where both sides are readable.
func listLinks(ctx context.Context, dossier uuid.UUID, f LinkFilter, p page.Request) (rows []Link, err error) {
	q := db.Mine(ctx, "link").Where("(ended_at is not null) = ?", f.Ended)
	switch {
	case f.Direction == nil:
		q = q.Where("(dossier_id = ? or other_dossier_id = ?)", dossier, dossier)
	case *f.Direction == "outgoing":
		q = q.Where("dossier_id = ?", dossier)
	default:
		q = q.Where("other_dossier_id = ?", dossier)
	}
	if f.Kind != nil {
		q = q.Where("kind = ?", *f.Kind)
	}
	if q, err = db.NewestFirst(q, "added_at", p); err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}

func findLink(ctx context.Context, dossier, id uuid.UUID) (l Link, err error) {
	err = db.One(db.Mine(ctx, "link").Where("(dossier_id = ? or other_dossier_id = ?) and id = ?", dossier, dossier, id).Take(&l))
	return l, err
}

// oneAtATime lets nobody else of the municipality lay cause and effect until the transaction ends: two at once
// could close a circle of which neither sees the other's half.
func oneAtATime(ctx context.Context, municipality string) error {
	return db.Conn(ctx).Exec("select pg_advisory_xact_lock(hashtextextended(?, 0))", municipality+" cause-effect").Error
}

// leadsTo tells whether a cause leads to an effect over the links that the caller sees.
func leadsTo(ctx context.Context, cause, effect uuid.UUID) (leads bool, err error) {
	err = db.Conn(ctx).Raw(`with recursive onward(id) as (
			select ?::uuid
			union
			select l.other_dossier_id from onward o join link l on l.municipality_id = (select me_municipality()) and l.dossier_id = o.id
				and l.kind = 'cause-effect' and l.ended_at is null)
		select exists (select from onward where id = ?)`, cause, effect).Scan(&leads).Error
	return leads, err
}

// inOneFamily tells whether two persons are members of a family that the caller sees.
func inOneFamily(ctx context.Context, a, b uuid.UUID) (are bool, err error) {
	const families = `select case when dossier_id = ?::uuid then other_dossier_id else dossier_id end as id from link
		where municipality_id = (select me_municipality()) and kind = 'family-member' and ended_at is null and (dossier_id = ?::uuid or other_dossier_id = ?::uuid)`
	err = db.Conn(ctx).Raw("select exists ("+families+" intersect "+families+")", a, a, a, b, b, b).Scan(&are).Error
	return are, err
}
