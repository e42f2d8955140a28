package dossier

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// find reads a dossier that the caller knows.
func find(ctx context.Context, id uuid.UUID) (d Dossier, err error) {
	rows, err := db.Later[Dossier](db.Mine(ctx, "dossier").Where("id = ?", id)).Rows()
	if err != nil {
		return d, err
	}
	if len(rows) == 0 {
		return d, db.NotFound()
	}
	return rows[0], nil
}

// hold reads a dossier as find does, and lets nobody else change it, who takes part in it or who directs
// it until the transaction ends: admissions follow from all of that together, and what was read before
// another change must not be written over it. It waits before anything is decided.
func hold(ctx context.Context, id uuid.UUID) (d Dossier, err error) {
	err = db.One(db.Mine(ctx, "dossier").Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).Where("id = ?", id).Take(&d))
	return d, err
}

// findAll reads the dossiers that the caller knows.
func findAll(ctx context.Context, ids []uuid.UUID) (rows []Dossier, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	err = db.Mine(ctx, "dossier").Where("id = any(?)", db.IDs(ids)).Find(&rows).Error
	return rows, err
}

// nextNumber counts dossiers per municipality and year; the row is held until the commit, so that
// numbers have no gaps.
func nextNumber(ctx context.Context, municipality string, now time.Time) (string, error) {
	var last int64
	err := db.Conn(ctx).Raw(`insert into dossier_number (municipality_id, year, last) values (?, ?, 1)
		on conflict (municipality_id, year) do update set last = dossier_number.last + 1 returning last`,
		municipality, now.Year()).Scan(&last).Error
	return fmt.Sprintf("%d-%06d", now.Year(), last), err
}

// Filter is what a list of dossiers is limited to; nil does not limit.
type Filter struct {
	Type, Status, Basis, NeighbourhoodCode, Theme *string
	RegiePhase                                    *int
	CaseDirectorID, ChairID, TableID, PartnerID   *uuid.UUID
	Mine                                          *bool
	ChangedSince                                  *time.Time
	Sort                                          string  // "-openedAt", "-changedAt" or "number"
	Text                                          *string // of a search
	Location                                      *Where  // of a search
}

const participating = `(select true from my_admissions m where m.dossier_id = dossier.id and m.kind <> 'director' limit 1)`

func list(ctx context.Context, f Filter, p page.Request) (rows []Dossier, err error) {
	q, err := ordered(filtered(ctx, f), f.Sort, p)
	if err != nil {
		return nil, err
	}
	return db.Later[Dossier](q.Limit(p.Limit + 1)).Rows()
}

// filtered are the dossiers that fit what a list is limited to.
func filtered(ctx context.Context, f Filter) *gorm.DB {
	q := db.Mine(ctx, "dossier").Where("shielded_at is null")
	for column, value := range map[string]*string{
		"type": f.Type, "status": f.Status, "basis": f.Basis, "neighbourhood_code": f.NeighbourhoodCode,
	} {
		if value != nil {
			q = q.Where("dossier."+column+" = ?", *value)
		}
	}
	for column, value := range map[string]*uuid.UUID{"case_director_id": f.CaseDirectorID, "chair_id": f.ChairID, "table_id": f.TableID} {
		if value != nil {
			q = q.Where("dossier."+column+" = ?", *value)
		}
	}
	if f.RegiePhase != nil {
		q = q.Where("regie_phase = ?", *f.RegiePhase)
	}
	if f.Theme != nil {
		q = q.Where("themes @> to_jsonb(?::text)", *f.Theme)
	}
	if f.ChangedSince != nil {
		q = q.Where("changed_at >= ?", *f.ChangedSince)
	}
	if f.PartnerID != nil {
		q = q.Where("(select true from participant p where p.municipality_id = dossier.municipality_id and p.dossier_id = dossier.id and p.partner_id = ? limit 1)", *f.PartnerID)
	}
	if f.Mine != nil {
		q = q.Where(map[bool]string{true: participating, false: participating + " is null"}[*f.Mine])
	}
	return q
}

func ordered(q *gorm.DB, sort string, p page.Request) (*gorm.DB, error) {
	if sort == "number" {
		if p.After != nil {
			number, err := p.After.Text()
			if err != nil {
				return nil, err
			}
			q = q.Where("number > ?", number)
		}
		return q.Order("number"), nil
	}
	column := map[string]string{"-openedAt": "opened_at", "-changedAt": "changed_at"}[sort]
	if p.After != nil {
		at, err := p.After.Time()
		if err != nil {
			return nil, err
		}
		q = q.Where("("+column+", id) < (?, ?)", at, p.After.ID)
	}
	return q.Order(column + " desc, id desc"), nil
}

func (f Filter) place(d Dossier) page.Cursor {
	switch f.Sort {
	case "number":
		return page.Cursor{Key: d.Number, ID: d.ID}
	case "-changedAt":
		return page.At(d.ChangedAt, d.ID)
	default:
		return page.At(d.OpenedAt, d.ID)
	}
}

// refs reads number and title of dossiers that the caller knows and that are not shielded.
// named is what a dossier is called.
type named struct {
	ID            uuid.UUID
	Number, Title string
}

func refs(ctx context.Context, ids []uuid.UUID) *db.Answer[named] {
	return db.Later[named](db.Mine(ctx, "dossier").Select("id, number, title").Where("id = any(?) and shielded_at is null", db.IDs(ids)))
}

// lastItemSQL looks for the last one of each dossier apart: the policy is asked of few rows, not of all.
const lastItemSQL = `select d.id as dossier_id, latest.changed_at as at from unnest(?::uuid[]) d(id), lateral (
	select i.changed_at from item i where i.municipality_id = (select me_municipality()) and i.dossier_id = d.id
	order by i.changed_at desc limit 1) latest`

// itemChange is when the latest item of a dossier that the caller may see changed.
type itemChange struct {
	DossierID uuid.UUID
	At        time.Time
}

func lastItemChanges(ctx context.Context, ids []uuid.UUID) *db.Answer[itemChange] {
	return db.Later[itemChange](db.Conn(ctx).Raw(lastItemSQL, db.IDs(ids)))
}

func (p Participant) place() page.Cursor { return page.At(p.StartsAt, p.ID) }
func (r Release) place() page.Cursor     { return page.At(r.ReleasedAt, r.ID) }
func (c RegieChange) place() page.Cursor { return page.At(c.DecidedAt, c.ID) }
func (c Closure) place() page.Cursor     { return page.At(c.DecidedAt, c.ID) }
func (l Link) place() page.Cursor        { return page.At(l.AddedAt, l.ID) }
