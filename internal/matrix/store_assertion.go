package matrix

import (
	"context"

	"github.com/google/uuid"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/page"
)

func findAssertion(ctx context.Context, id uuid.UUID) (a Assertion, err error) {
	err = db.One(db.Mine(ctx, "privacy_assertion").Where("id = ?", id).Take(&a))
	return a, err
}

// listAssertions gives one more than asked, the latest first.
func listAssertions(ctx context.Context, p page.Request) (rows []Assertion, err error) {
	q, err := db.NewestFirst(db.Mine(ctx, "privacy_assertion"), "created_at", p)
	if err != nil {
		return nil, err
	}
	err = q.Find(&rows).Error
	return rows, err
}

// activeAssertions gives those that count, the oldest first.
func activeAssertions(ctx context.Context) (rows []Assertion, err error) {
	err = db.Mine(ctx, "privacy_assertion").Where("status = ?", AssertionActive).Order("created_at, id").Find(&rows).Error
	return rows, err
}

// claimRules makes who publishes a matrix and who makes an assertion wait for each other, so that neither
// misses the other.
func claimRules(ctx context.Context, municipality string) error {
	return db.Conn(ctx).Exec("select from municipality_stamp where municipality_id = ? for update", municipality).Error
}

// deciding gives the numbers of the version in force and of the one that is to come.
func deciding(ctx context.Context, municipality string) (numbers []int64, err error) {
	err = db.Conn(ctx).Raw(`select number from matrix_version v join municipality_stamp s using (municipality_id)
		where v.municipality_id = ? and (v.number = s.next_matrix
			or v.number = s.matrix and (s.next_matrix_at is null or s.next_matrix_at > statement_timestamp()))
		order by number`, municipality).Scan(&numbers).Error
	return numbers, err
}
