package main

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/wijkregie/wijkregie/internal/demo"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// lookups is how often each list is read, both ways by turns.
const lookups = 300

// handSQL is the list of listSQL with the rule of the policy written by hand, for the database's owner, whom
// no policy holds back: $3 and on are the settings of the reader.
const (
	handSQL = `select * from dossier d where d.municipality_id = $1 and d.shielded_at is null
 and (select true from admission a where ` + handRule + ` limit 1) order by d.opened_at desc, d.id desc limit $2`
	// existsSQL leaves to the planner whether it begins with the dossiers or with the reader's admissions.
	existsSQL = `select * from dossier d where d.municipality_id = $1 and d.shielded_at is null
 and exists (select from admission a where ` + handRule + `) order by d.opened_at desc, d.id desc limit $2`
	handRule = `a.municipality_id = d.municipality_id and a.dossier_id = d.id and a.holder = any($3::uuid[])
  and a.since <= statement_timestamp() and a.until > statement_timestamp() and ($4::bigint >> a.profile) & 1 = 1
  and ((((($5::bigint[])[a.profile + 1] & ~a.denied) | a.granted | role_sees(a.roles)) & ($8::bigint[])[a.profile + 1])
    | (($6::bigint[])[a.profile + 1] & ~a.denied) | (a.granted_own & $9::bigint)
    | (((($7::bigint[])[a.profile + 1] & ~a.denied) | a.granted_released | role_sees_released(a.roles)) & ($8::bigint[])[a.profile + 1])) <> 0`
)

// lists compares the list of fifty under the policy, as the role of requests, with the same rule by hand: for
// a partner in some of the dossiers, for one in all of them, and for the municipal director.
func (t *town) lists(ctx context.Context, r *results) error {
	for i, p := range t.partners {
		var err error
		var f fenced
		switch {
		case p == partner(reader):
			f, err = t.fence(ctx, false, p, t.types[i], person(reader))
			r.add("list_fence_ratio", f.policy/f.hand)
			r.add("list_fence_exists_ratio", f.policy/f.exists)
		case i == 0:
			f, err = t.fence(ctx, false, p, t.types[i], t.people[i])
			r.add("list_fence_everywhere_ratio", f.policy/f.hand)
		case p == partner("director"):
			f, err = t.fence(ctx, true, p, t.types[i], person("director"), db.DirectorHolder)
			r.add("director_fence_ms", f.policy-f.hand)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// fenced are the medians in milliseconds of reading a list: under the policy, with the same rule in the
// same words, and with one that the planner may turn around.
type fenced struct{ policy, hand, exists float64 }

// fence reads the list of somebody in every way.
func (t *town) fence(ctx context.Context, directs bool, of uuid.UUID, kind string, holders ...uuid.UUID) (f fenced, err error) {
	settings, err := settingsOf(t.wideCells(), of, kind, directs, holders...)
	if err != nil {
		return f, err
	}
	byHand := append([]any{demo.Veldhoven, 51}, settings[2], settings[4], settings[5], settings[6], settings[7], settings[8], settings[9])
	err = t.transaction(ctx, "set role wijkregie_app", func(app pgx.Tx) error {
		if err := enter(ctx, app, settings); err != nil {
			return err
		}
		return t.transaction(ctx, "reset role", func(owner pgx.Tx) error {
			took, err := alternate(
				func() ([]uuid.UUID, error) { return ids(ctx, app, listSQL, demo.Veldhoven, 51) },
				func() ([]uuid.UUID, error) { return ids(ctx, owner, handSQL, byHand...) },
				func() ([]uuid.UUID, error) { return ids(ctx, owner, existsSQL, byHand...) })
			f = fenced{took[0], took[1], took[2]}
			return err
		})
	})
	say("list: %.2f ms under the policy, %.2f ms by hand, %.2f ms by hand with exists", f.policy, f.hand, f.exists)
	return f, err
}

// transaction runs fn in one on a connection of its own.
func (t *town) transaction(ctx context.Context, first string, fn func(pgx.Tx) error) error {
	conn, err := pgx.Connect(ctx, t.url)
	if err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, first); err != nil {
		return errors.Join(err, conn.Close(ctx))
	}
	return errors.Join(pgx.BeginFunc(ctx, conn, fn), conn.Close(ctx))
}

// ids reads the rows of a list to the end and gives the second column, which is the id.
func ids(ctx context.Context, tx pgx.Tx, query string, args ...any) (all []uuid.UUID, err error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		id, err := uuid.FromBytes(rows.RawValues()[1])
		if err != nil {
			return nil, err
		}
		all = append(all, id)
	}
	return all, rows.Err()
}

// alternate gives the medians of several ways by turns, each in its turn the first; all must find the same.
func alternate(ways ...func() ([]uuid.UUID, error)) ([]float64, error) {
	took, found := make([][]float64, len(ways)), make([][]uuid.UUID, len(ways))
	for round := range lookups + 10 {
		for turn := range ways {
			i := (round + turn) % len(ways)
			began := time.Now()
			var err error
			if found[i], err = ways[i](); err != nil {
				return nil, err
			}
			if round >= 10 { // after all are warm
				took[i] = append(took[i], milliseconds(time.Since(began)))
			}
		}
		for _, other := range found {
			if len(other) < 51 || !slices.Equal(other, found[0]) {
				return nil, errors.New("the lists are not the same")
			}
		}
	}
	medians := make([]float64, len(ways))
	for i := range took {
		medians[i] = median(took[i])
	}
	return medians, nil
}
