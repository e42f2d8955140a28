package dossier

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

// recognised is where the caller sees whom the dossier is about (category identity, bit 0).
const recognised = `(select true from my_admissions m where m.dossier_id = dossier.id and not m.shielded and m.see & 1 = 1 limit 1)`

// search reads dossiers by what a list can be filtered by, words and a location. met are those with the words in what
// everybody in the dossier reads.
func search(ctx context.Context, f Filter, p page.Request) (rows []Dossier, met map[uuid.UUID]bool, err error) {
	q := filtered(ctx, f)
	if f.Text != nil {
		core, err := hits(ctx, "select dossier_hits(?, null, null, null)", *f.Text)
		if err != nil {
			return nil, nil, err
		}
		titled, err := hits(ctx, "select dossier_title_hits(?, null, null, null)", *f.Text)
		if err != nil {
			return nil, nil, err
		}
		met = make(map[uuid.UUID]bool, len(core))
		for _, id := range core {
			met[id] = true
		}
		q = q.Where("dossier.id = any(?) and (dossier.id = any(?) or "+recognised+")", db.IDs(append(titled, core...)), db.IDs(core))
	}
	if w := f.Location; w != nil {
		var longitude, latitude *float64
		if w.Near != nil {
			longitude, latitude = &w.Near.Longitude, &w.Near.Latitude
		}
		there, err := hits(ctx, "select location_hits(?, ?, ?, ?, ?::float8, ?::float8, ?::float8)", w.Kind, w.Street, w.HouseNumber, w.Postcode, longitude, latitude, w.Metres)
		if err != nil {
			return nil, nil, err
		}
		q = q.Where("dossier.id = any(?) and "+recognised, db.IDs(there))
	}
	if q, err = ordered(q, f.Sort, p); err != nil {
		return nil, nil, err
	}
	rows, err = db.Later[Dossier](q.Limit(p.Limit + 1)).Rows()
	return rows, met, err
}

func hits(ctx context.Context, query string, args ...any) (ids []uuid.UUID, err error) {
	err = db.Conn(ctx).Raw(query, args...).Scan(&ids).Error
	return ids, err
}

// searched reads dossiers that may be told of after a search.
func searched(ctx context.Context, ids []uuid.UUID, titles bool) (rows []Dossier, err error) {
	q := db.Mine(ctx, "dossier").Where("dossier.id = any(?) and shielded_at is null", db.IDs(ids))
	if titles {
		q = q.Where(recognised)
	}
	err = q.Find(&rows).Error
	return rows, err
}

func searchedItems(ctx context.Context, ids []uuid.UUID) (rows []Item, err error) {
	err = db.Mine(ctx, "item").Where("id = any(?) and superseded_by is null", db.IDs(ids)).Find(&rows).Error
	return rows, err
}
