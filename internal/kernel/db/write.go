package db

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/wijkregie/wijkregie/internal/kernel/identity"
	"github.com/wijkregie/wijkregie/internal/kernel/problem"
)

// Row is a record. Guarded names the resource whose decision covers writing it: itself for a
// dossier, the dossier for its participants.
type Row interface{ Guarded() uuid.UUID }

// errUndecided is a programming error: a write that nobody decided on.
var errUndecided = errors.New("write without a decision")

func mayWrite(ctx context.Context, row Row) (*transaction, error) {
	tx, err := current(ctx)
	if err != nil {
		return nil, err
	}
	who, err := identity.From(ctx)
	if err != nil {
		return nil, err
	}
	if who.Viewer != nil {
		return nil, fmt.Errorf("%w: %T in a preview, which only reads", errUndecided, row)
	}
	if !who.IsSystem() && !tx.allowed[row.Guarded()] {
		return nil, fmt.Errorf("%w: %T", errUndecided, row)
	}
	return tx, nil
}

// Decided fails when nobody decided on writing the row, for writes that are one statement of a
// store's own.
func Decided(ctx context.Context, row Row) error {
	_, err := mayWrite(ctx, row)
	return err
}

// Insert writes new rows. It fails with problem.Conflict when a row like it exists or when what it
// refers to is not there, without saying which.
func Insert(ctx context.Context, rows ...Row) error {
	for _, row := range rows {
		tx, err := mayWrite(ctx, row)
		if err != nil {
			return err
		}
		fillLists(row)
		if err := tx.conn.WithContext(ctx).Omit(clause.Associations).Create(row).Error; err != nil {
			return Neutral(err)
		}
	}
	return nil
}

// Update writes what differs between before and after, guarded by the row's version, and returns
// the API names of the changed fields, none when nothing differs. It fails with problem.Stale when
// another change came first. T has the fields MunicipalityID, ID and Version.
func Update[T Row](ctx context.Context, before, after *T) ([]string, error) {
	tx, err := mayWrite(ctx, *after)
	if err != nil {
		return nil, err
	}
	fillLists(after)
	statement := &gorm.Statement{DB: tx.conn}
	if err := statement.Parse(after); err != nil {
		return nil, err
	}
	old, new_ := reflect.ValueOf(before).Elem(), reflect.ValueOf(after).Elem()
	columns, fields := []string{"version"}, []string(nil)
	for _, f := range statement.Schema.Fields {
		if f.Name == "Version" || equal(old.FieldByName(f.Name), new_.FieldByName(f.Name)) {
			continue
		}
		columns = append(columns, f.DBName)
		if f.Name != "ChangedAt" {
			fields = append(fields, APIName(f.Name))
		}
	}
	if len(fields) == 0 {
		return nil, nil
	}
	version := new_.FieldByName("Version")
	version.SetInt(old.FieldByName("Version").Int() + 1)
	result := tx.conn.WithContext(ctx).Model(after).Select(columns).
		Where("municipality_id = ? and id = ? and version = ?", old.FieldByName("MunicipalityID").Interface(),
			old.FieldByName("ID").Interface(), old.FieldByName("Version").Int()).
		Updates(after)
	if result.Error != nil {
		return nil, Neutral(result.Error)
	}
	if result.RowsAffected == 0 {
		return nil, problem.Errorf(problem.Stale, "This was changed by somebody else a moment ago; read it again.")
	}
	return fields, nil
}

// Delete removes one row by its primary key.
func Delete(ctx context.Context, row Row) error {
	tx, err := mayWrite(ctx, row)
	if err != nil {
		return err
	}
	return tx.conn.WithContext(ctx).Delete(row).Error
}

// fillLists makes an empty list of every list that is nil: GORM would write null, and a list is never
// that.
func fillLists(row any) {
	v := reflect.Indirect(reflect.ValueOf(row))
	if !v.CanSet() || v.Kind() != reflect.Struct {
		return
	}
	for i := range v.NumField() {
		f := v.Field(i)
		if f.Kind() == reflect.Slice && f.IsNil() && strings.Contains(v.Type().Field(i).Tag.Get("gorm"), "serializer:json") {
			f.Set(reflect.MakeSlice(f.Type(), 0, 0))
		}
	}
}

// equal compares times by the moment and everything else by value.
func equal(a, b reflect.Value) bool {
	if t, ok := a.Interface().(time.Time); ok {
		return t.Equal(b.Interface().(time.Time))
	}
	if p, ok := a.Interface().(*time.Time); ok {
		q := b.Interface().(*time.Time)
		return p == q || p != nil && q != nil && p.Equal(*q)
	}
	return reflect.DeepEqual(a.Interface(), b.Interface())
}

// APIName is the contract's name of a field: CaseDirectorID becomes caseDirectorId.
func APIName(field string) string {
	field = strings.TrimSuffix(field, "ID") + map[bool]string{true: "Id", false: ""}[strings.HasSuffix(field, "ID")]
	field = strings.Replace(field, "IDs", "Ids", 1)
	return strings.ToLower(field[:1]) + field[1:]
}

// Neutral turns a violated unique or foreign key, and a row that a policy refuses, into one conflict that
// does not say which: the keys are checked past row-level security, and a policy refuses what was allowed a
// moment ago when another transaction takes the ground away, as a closing dossier does.
func Neutral(err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && (pg.Code == "23505" || pg.Code == "23503" || pg.Code == "42501" && pg.Routine == policyCheck) {
		return problem.Errorf(problem.Conflict, "This is there already, or refers to something that is not there.")
	}
	return err
}

// policyCheck is where PostgreSQL holds a written row against the policies; a missing grant, which is a fault
// of ours, has the same code.
const policyCheck = "ExecWithCheckOptions"

// One turns "no such row" into problem.NotFound, which is also what a row out of sight is.
func One(result *gorm.DB) error {
	if errors.Is(result.Error, gorm.ErrRecordNotFound) {
		return NotFound()
	}
	return result.Error
}

// NotFound is problem.NotFound, of a row that is not there and of one out of sight alike.
func NotFound() error {
	return problem.Errorf(problem.NotFound, "There is nothing here, or nothing that you may see.")
}

// Alone makes sure that nobody else in the municipality does the same heavy work until the transaction ends.
// It fails with problem.TooManyRequests when somebody does.
func Alone(ctx context.Context, municipality, work string) error {
	var alone bool
	err := Conn(ctx).Raw("select pg_try_advisory_xact_lock(hashtextextended(?, 0))", municipality+" "+work).Scan(&alone).Error
	if err == nil && !alone {
		err = problem.Errorf(problem.TooManyRequests, "Another does this at the moment; try again when it is done.")
	}
	return err
}
