package main

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/wijkregie/wijkregie/internal/demo"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// lookups is how often each list is read, both ways by turns.
const lookups = 300

// handSQL is the list of listSQL with the rule of the policy written by hand, for the database's owner, whom
// no policy holds back: $2 and on are the settings of the reader.
const handSQL = `select * from dossier d where d.municipality_id = $1 and d.shielded_at is null
 and exists (select from admission a where a.municipality_id = d.municipality_id and a.dossier_id = d.id and a.holder = any($3::uuid[])
  and a.since <= statement_timestamp() and a.until > statement_timestamp() and ($4::bigint >> a.profile) & 1 = 1
  and ((((($5::bigint[])[a.profile + 1] & ~a.denied) | a.granted | role_sees(a.roles)) & ($8::bigint[])[a.profile + 1])
    | (($6::bigint[])[a.profile + 1] & ~a.denied) | (a.granted_own & $9::bigint)
    | (((($7::bigint[])[a.profile + 1] & ~a.denied) | a.granted_released | role_sees_released(a.roles)) & ($8::bigint[])[a.profile + 1])) <> 0)
 order by d.opened_at desc, d.id desc limit $2`

// lists compares the list of fifty under the policy, as the role of requests, with the same rule by hand: for
// a partner in some of the dossiers, for one in all of them, and for the municipal director.
func (t *town) lists(ctx context.Context, r *results) error {
	for i, p := range t.partners {
		switch {
		case p == partner(reader):
			ours, hand, err := t.fence(ctx, false, p, t.types[i], person(reader))
			if err != nil {
				return err
			}
			r.add("list_fence_ratio", ours/hand)
		case i == 0:
			ours, hand, err := t.fence(ctx, false, p, t.types[i], t.people[i])
			if err != nil {
				return err
			}
			r.add("list_fence_everywhere_ratio", ours/hand)
		case p == partner("director"):
			ours, hand, err := t.fence(ctx, true, p, t.types[i], person("director"), db.DirectorHolder)
			if err != nil {
				return err
			}
			r.add("director_fence_ms", ours-hand)
		}
	}
	return nil
}

// fence gives the medians in milliseconds of reading the list under the policy and by hand.
func (t *town) fence(ctx context.Context, directs bool, of uuid.UUID, kind string, holders ...uuid.UUID) (ours, hand float64, err error) {
	settings, err := settingsOf(t.wideCells(), of, kind, directs, holders...)
	if err != nil {
		return 0, 0, err
	}
	fenced, err := pgx.Connect(ctx, t.url)
	if err != nil {
		return 0, 0, err
	}
	owner, err := pgx.Connect(ctx, t.url)
	if err != nil {
		return 0, 0, errors.Join(err, fenced.Close(ctx))
	}
	defer func() { err = errors.Join(err, fenced.Close(ctx), owner.Close(ctx)) }()
	if _, err := fenced.Exec(ctx, "set role wijkregie_app"); err != nil {
		return 0, 0, err
	}
	byHand := append([]any{demo.Veldhoven, 51}, settings[2], settings[4], settings[5], settings[6], settings[7], settings[8], settings[9])
	err = pgx.BeginFunc(ctx, fenced, func(tx pgx.Tx) error {
		if err := enter(ctx, tx, settings); err != nil {
			return err
		}
		return pgx.BeginFunc(ctx, owner, func(plain pgx.Tx) error {
			ours, hand, err = t.alternate(ctx, func() ([]uuid.UUID, error) { return ids(ctx, tx, listSQL, demo.Veldhoven, 51) },
				func() ([]uuid.UUID, error) { return ids(ctx, plain, handSQL, byHand...) })
			return err
		})
	})
	say("list: %.2f ms under the policy and %.2f ms by hand", ours, hand)
	return ours, hand, err
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

// alternate times two ways by turns, the one that begins by turns as well; both must find the same.
func (t *town) alternate(ctx context.Context, ways ...func() ([]uuid.UUID, error)) (first, second float64, err error) {
	var took [2][]float64
	for round := range lookups + 10 {
		var found [2][]uuid.UUID
		for _, i := range []int{round % 2, 1 - round%2} {
			began := time.Now()
			if found[i], err = ways[i](); err != nil {
				return 0, 0, err
			}
			if round >= 10 { // after both are warm
				took[i] = append(took[i], milliseconds(time.Since(began)))
			}
		}
		if len(found[0]) < 51 || len(found[0]) != len(found[1]) || found[0][50] != found[1][50] {
			return 0, 0, errors.New("the two lists are not the same")
		}
	}
	return median(took[0]), median(took[1]), ctx.Err()
}
