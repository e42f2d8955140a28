package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// DirectorHolder holds the admissions of the role municipal director: one row per dossier, whoever
// has the role.
var DirectorHolder = uuid.MustParse("00000000-0000-7000-8000-0000000000d1")

// OfficerHolder stands for the role privacy officer in the policies. It has no admission anywhere: the
// officer reads that exceptional access was taken, never what was read.
var OfficerHolder = uuid.MustParse("00000000-0000-7000-8000-0000000000d2")

// AuditorHolder stands for the role auditor in the policies. It has no admission anywhere: the auditor reads registers.
var AuditorHolder = uuid.MustParse("00000000-0000-7000-8000-0000000000d3")

type txKey struct{}

// transaction is what a running transaction knows besides its connection.
type transaction struct {
	conn    *gorm.DB
	session *sql.Conn
	waiting []question // queries that go together; see Later
	begun   bool       // see Look
	allowed map[uuid.UUID]bool
	denied  error
	after   []func()
	notes   map[any]any
	as      identity.Versions // of the records when it began
}

// Tx runs fn in one transaction that acts as the identity in the context: with its municipality,
// its admissions' holders and its masks, and nothing else. Inside another Tx it joins that one. An
// identity made from older records is made anew first. After a denial nothing is committed, even
// when fn returns nil. An identity that somebody looks through (identity.Viewer) can write nothing.
func (d *DB) Tx(ctx context.Context, fn func(context.Context) error) error {
	return run(ctx, fn, d.once)
}

// run runs fn in a transaction that is had by once, under an identity of these records.
func run(ctx context.Context, fn func(context.Context) error, once once) error {
	if _, inside := ctx.Value(txKey{}).(*transaction); inside {
		return fn(ctx)
	}
	who, err := identity.From(ctx)
	if err != nil {
		return err
	}
	for range renewals {
		again, err := once(identity.With(ctx, who), who, fn)
		if !again {
			return err
		}
		if who, err = who.Renew(ctx); err != nil {
			return err
		}
	}
	return problem.Errorf(problem.Unavailable, "The records behind your rights change at this moment; try again.")
}

// once runs a transaction, or asks for the identity to be made anew.
type once func(ctx context.Context, who identity.Identity, fn func(context.Context) error) (again bool, err error)

// renewals bounds how often one call is begun anew while people and matrix keep changing: somebody
// who changes his own records all the time must not keep the others out.
const renewals = 10

func (d *DB) once(ctx context.Context, who identity.Identity, fn func(context.Context) error) (again bool, err error) {
	conn, session, err := begin(ctx, d.poolOf(who), &sql.TxOptions{ReadOnly: who.Viewer != nil})
	if err != nil {
		return false, fmt.Errorf("begin: %w", err)
	}
	defer session.Close() // gives it back
	tx := &transaction{conn: conn, session: session, allowed: map[uuid.UUID]bool{}}
	finished := false
	defer func() {
		if !finished {
			conn.Rollback()
		}
	}()
	current, err := enter(conn, who, d.Now())
	if err != nil {
		return false, err
	}
	if who.Renew != nil && current != who.Versions {
		return true, nil
	}
	tx.as = current
	if err := fn(context.WithValue(ctx, txKey{}, tx)); err != nil {
		return false, err
	}
	if tx.denied != nil {
		return false, tx.denied
	}
	if err := conn.Commit().Error; err != nil {
		return false, fmt.Errorf("commit: %w", err)
	}
	finished = true
	for _, after := range tx.after {
		after()
	}
	return false, nil
}

const enterSQL = `select set_config('me.municipality', $1, true), set_config('me.partner', $2, true),
 set_config('me.holders', $3, true), set_config('me.type', $4, true), set_config('me.admits', $5, true),
 set_config('me.see', $6, true), set_config('me.own', $7, true), set_config('me.released', $8, true),
 set_config('me.ceiling', $9, true), set_config('me.limit', $10, true), s.people,
 case when s.next_matrix_at <= statement_timestamp() then s.next_matrix else s.matrix end
 from municipality_stamp s where s.municipality_id = $1`

// enter tells the database who acts, and reads the stamps in the same round trip.
func enter(conn *gorm.DB, who identity.Identity, now time.Time) (identity.Versions, error) {
	return entered(conn.Statement.ConnPool.QueryRowContext(conn.Statement.Context, enterSQL, entering(who, now)...))
}

// entering are the values of enterSQL.
func entering(who identity.Identity, now time.Time) []any {
	partner := ""
	if who.Partner != uuid.Nil {
		partner = who.Partner.String()
	}
	s := who.Sight
	return []any{
		who.Municipality, partner, holders(who, now), fmt.Sprint(s.PartnerType), fmt.Sprint(s.Admits), s.SeeAll.Literal(), s.SeeOwn.Literal(), s.SeeReleased.Literal(),
		s.Ceiling.Literal(), fmt.Sprint(s.Limit),
	}
}

// entered reads the stamps from the answer to enterSQL.
func entered(row interface{ Scan(...any) error }) (v identity.Versions, err error) {
	var set [10]sql.NullString
	dest := make([]any, 0, len(set)+2)
	for i := range set {
		dest = append(dest, &set[i])
	}
	err = row.Scan(append(dest, &v.People, &v.Matrix)...)
	if errors.Is(err, sql.ErrNoRows) || errors.Is(err, pgx.ErrNoRows) {
		return v, problem.Errorf(problem.Unauthenticated, "The municipality of this token is not known here.")
	}
	if err != nil {
		return v, fmt.Errorf("enter: %w", err)
	}
	return v, nil
}

// holders is the array literal of whose admissions count for this identity.
func holders(who identity.Identity, now time.Time) string {
	ids := who.ActsFor(now)
	if !who.IsPerson() && who.Partner != uuid.Nil {
		ids = []uuid.UUID{who.Partner}
	}
	if who.Has(identity.MunicipalDirector) {
		ids = append(ids, DirectorHolder)
	}
	if who.Has(identity.PrivacyOfficer) {
		ids = append(ids, OfficerHolder)
	}
	if who.Has(identity.Auditor) {
		ids = append(ids, AuditorHolder)
	}
	parts := make([]string, len(ids))
	for i, id := range ids {
		parts[i] = id.String()
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func current(ctx context.Context) (*transaction, error) {
	tx, ok := ctx.Value(txKey{}).(*transaction)
	if !ok {
		return nil, errOutside
	}
	return tx, nil
}

// Conn is the connection of the running transaction, for queries in store files. Outside a
// transaction every use of it fails.
func Conn(ctx context.Context) *gorm.DB {
	tx, err := current(ctx)
	if err != nil {
		return nowhere(ctx)
	}
	return tx.conn.WithContext(ctx)
}

// Allow notes that a writing act on this resource was decided and allowed; only then may its rows
// be written. authz.Require calls it.
func Allow(ctx context.Context, resource uuid.UUID) error {
	tx, err := current(ctx)
	if err != nil {
		return err
	}
	tx.allowed[resource] = true
	return nil
}

// Versions are those of the municipality's records when the running transaction began.
func Versions(ctx context.Context) (identity.Versions, error) {
	tx, err := current(ctx)
	if err != nil {
		return identity.Versions{}, err
	}
	return tx.as, nil
}

// Deny notes a refusal: the running transaction can no longer commit.
func Deny(ctx context.Context, refusal error) {
	if tx, err := current(ctx); err == nil && tx.denied == nil {
		tx.denied = refusal
	}
}

// AfterCommit runs fn once the running transaction has been committed, and never otherwise.
func AfterCommit(ctx context.Context, fn func()) {
	if tx, err := current(ctx); err == nil {
		tx.after = append(tx.after, fn)
	}
}

// Keep holds a value for the length of the running transaction, made at the first call for its key.
func Keep[K comparable, V any](ctx context.Context, key K, make_ func() (V, error)) (V, error) {
	tx, err := current(ctx)
	if err != nil {
		var none V
		return none, err
	}
	if v, ok := tx.notes[key].(V); ok {
		return v, nil
	}
	v, err := make_()
	if err != nil {
		return v, err
	}
	if tx.notes == nil {
		tx.notes = map[any]any{}
	}
	tx.notes[key] = v
	return v, nil
}
