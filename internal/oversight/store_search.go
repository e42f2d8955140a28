package oversight

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// hits asks the index which records of the municipality meet words, the latest first: ids only, of which nothing
// is told before they were read through the fence.
func hits(ctx context.Context, function string, q Query, before *uuid.UUID, many int) (ids []uuid.UUID, err error) {
	var within any
	if q.within != nil {
		within = db.IDs(q.within)
	}
	err = db.Conn(ctx).Raw("select * from "+function+"(?, ?::uuid[], ?::uuid, ?)", q.Text, within, before, many).Scan(&ids).Error
	return ids, err
}

// fewDossiers is how many dossiers a search is told to look in at most; who is in more meets his own soon enough.
const fewDossiers = 2000

// inDossiers are the dossiers that the caller reads; nil when there are more than a few.
func inDossiers(ctx context.Context) ([]uuid.UUID, error) {
	ids := []uuid.UUID{}
	err := db.Conn(ctx).Raw("select distinct dossier_id from my_admissions where not shielded limit ?", fewDossiers+1).Scan(&ids).Error
	if err != nil || len(ids) > fewDossiers {
		return nil, err
	}
	return ids, nil
}

const piecesSQL = `select ts_headline('dutch', text, websearch_to_tsquery('dutch', ?),
	'StartSel=⟦, StopSel=⟧, MinWords=12, MaxWords=30, MaxFragments=2, FragmentDelimiter=" … "')
	from jsonb_array_elements_text(?::jsonb) with ordinality t(text, n) order by n`

// pieces are the parts of texts, which their reader may read, in which words are met.
func pieces(ctx context.Context, words string, texts []string) (cut []string, err error) {
	list, err := json.Marshal(texts)
	if err != nil {
		return nil, err
	}
	err = db.Conn(ctx).Raw(piecesSQL, words, string(list)).Scan(&cut).Error
	return cut, err
}
