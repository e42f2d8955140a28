package matrix

import (
	"context"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// cellsAtOnce is how many cells one statement inserts, within PostgreSQL's 65,535 parameters.
const cellsAtOnce = 2000

// cell is a cell of a published version as it is kept.
type cell struct {
	MunicipalityID string
	Version        int64
	PartnerType    string
	PartnerID      uuid.UUID
	DossierType    string
	Category       authz.Category
	Level          authz.Level
}

// TableName implements gorm's Tabler.
func (cell) TableName() string { return "matrix_cell" }

// publication is the version in force: its number, and its id, nil when the stamp names a version that
// is not there. An id is never used again, so it can name what is kept in memory.
type publication struct {
	Number int64
	ID     *uuid.UUID
}

// The number that decides by the database's clock, as every transaction reads it (kernel/db); of a
// version, whether another was published before it began, and what became of it.
const (
	effectiveSQL = "case when s.next_matrix_at <= statement_timestamp() then s.next_matrix else s.matrix end"
	replacedSQL  = `exists (select from matrix_version l where l.municipality_id = matrix_version.municipality_id
		and l.number > matrix_version.number and l.published_at < matrix_version.effective_from)`
	stateSQL = "case when " + replacedSQL + " then '" + StateNever + "' when effective_from > statement_timestamp() then '" + StateScheduled + `'
		when number = (select ` + effectiveSQL + " from municipality_stamp s where s.municipality_id = matrix_version.municipality_id) then '" +
		StateInForce + "' else '" + StatePast + "' end as state"
)

// inForce reads which version decides in the municipality.
func inForce(ctx context.Context, municipality string) (p publication, err error) {
	err = db.Conn(ctx).Raw(`select e.number, v.id from (select s.municipality_id, `+effectiveSQL+` as number
		from municipality_stamp s where s.municipality_id = ?) e
		left join matrix_version v on v.municipality_id = e.municipality_id and v.number = e.number`, municipality).Scan(&p).Error
	return p, err
}

// versions is a query on the versions with what became of them.
func versions(ctx context.Context, municipality string) *gorm.DB {
	return db.Conn(ctx).Model(&Version{}).Select("matrix_version.*, "+stateSQL).Where("municipality_id = ?", municipality)
}

func findVersion(ctx context.Context, municipality string, number int64) (v Version, err error) {
	err = db.One(versions(ctx, municipality).Where("number = ?", number).Take(&v))
	return v, err
}

// findVersionAt finds the version that decided at a moment.
func findVersionAt(ctx context.Context, municipality string, at time.Time) (v Version, err error) {
	err = db.One(versions(ctx, municipality).Where("effective_from <= ? and not "+replacedSQL, at).Order("number desc").Take(&v))
	return v, err
}

// listVersions gives one more than asked, the latest first.
func listVersions(ctx context.Context, municipality string, p page.Request) (rows []Version, err error) {
	q := versions(ctx, municipality)
	if p.After != nil {
		before, err := p.After.Number()
		if err != nil {
			return nil, err
		}
		q = q.Where("number < ?", before)
	}
	err = q.Order("number desc").Limit(p.Limit + 1).Find(&rows).Error
	return rows, err
}

func lastNumber(ctx context.Context, municipality string) (number int64, err error) {
	err = db.Conn(ctx).Raw("select coalesce(max(number), 0) from matrix_version where municipality_id = ?", municipality).Scan(&number).Error
	return number, err
}

func findCells(ctx context.Context, municipality string, number int64) ([]authz.Cell, error) {
	var rows []cell
	err := db.Conn(ctx).Where("municipality_id = ? and version = ?", municipality, number).Find(&rows).Error
	cells := make([]authz.Cell, len(rows))
	for i, r := range rows {
		cells[i] = authz.Cell{PartnerType: r.PartnerType, PartnerID: r.PartnerID, DossierType: r.DossierType, Category: r.Category, Level: r.Level}
	}
	return ordered(cells), err
}

// settle lets a version that has begun by now be the one in force, and forgets one that has not: it is
// about to be replaced. It gives the moment of the database's clock; claimRules comes first.
func settle(ctx context.Context, municipality string) (now time.Time, err error) {
	err = db.Conn(ctx).Raw(`update municipality_stamp s set matrix = `+effectiveSQL+`, next_matrix = null, next_matrix_at = null
		where s.municipality_id = ? returning statement_timestamp()`, municipality).Scan(&now).Error
	return now.UTC(), err
}

// insertPublished writes a version with its cells and makes it the one in force, or the next one.
func insertPublished(ctx context.Context, p Published) error {
	if err := db.Insert(ctx, &p.Version); err != nil {
		return err
	}
	rows := make([]cell, len(p.Cells))
	for i, c := range p.Cells {
		rows[i] = cell{
			MunicipalityID: p.MunicipalityID, Version: p.Number, PartnerType: c.PartnerType, PartnerID: c.PartnerID,
			DossierType: c.DossierType, Category: c.Category, Level: c.Level,
		}
	}
	if len(rows) > 0 {
		if err := db.Conn(ctx).CreateInBatches(rows, cellsAtOnce).Error; err != nil {
			return db.Neutral(err)
		}
	}
	if p.State == StateScheduled {
		return db.Conn(ctx).Exec("update municipality_stamp set next_matrix = ?, next_matrix_at = ? where municipality_id = ?",
			p.Number, p.EffectiveFrom, p.MunicipalityID).Error
	}
	return db.Conn(ctx).Exec("update municipality_stamp set matrix = ? where municipality_id = ?", p.Number, p.MunicipalityID).Error
}

func findDraft(ctx context.Context, municipality string) (d Draft, err error) {
	err = db.One(db.Conn(ctx).Where("municipality_id = ?", municipality).Take(&d))
	return d, err
}

// claimDraft finds the draft and keeps others from changing it until the transaction ends, so that
// nothing that was added to it is thrown away unseen.
func claimDraft(ctx context.Context, municipality string) (d Draft, err error) {
	err = db.One(db.Conn(ctx).Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate}).Where("municipality_id = ?", municipality).Take(&d))
	return d, err
}

// everGiven are the categories that a published version gave anybody, as bits.
func everGiven(ctx context.Context) (bits int64, err error) {
	err = db.Mine(ctx, "matrix_cell").Where("level <> ? and category >= 0", authz.None).
		Select("coalesce(bit_or(1::bigint << category), 0)").Scan(&bits).Error
	return bits, err
}
