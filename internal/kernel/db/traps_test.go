package db_test

import (
	"context"
	"database/sql"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
)

// family is a note with those that refer to it, as GORM would keep them up to date by itself.
type family struct {
	Note     note   `gorm:"embedded"`
	Children []note `gorm:"foreignKey:MunicipalityID,OwnerID;references:MunicipalityID,ID"`
}

// Guarded implements db.Row.
func (f family) Guarded() uuid.UUID { return f.Note.ID }

// TableName implements gorm's Tabler.
func (family) TableName() string { return "note" }

// TestTraps shows that what GORM does to others does not happen to us.
func TestTraps(t *testing.T) {
	h := newHouse(t)
	inside := func(t *testing.T, fn func(context.Context)) {
		t.Helper()
		require.NoError(t, h.tx(home, func(ctx context.Context) error {
			fn(ctx)
			return nil
		}))
	}
	t.Run("what hangs under a row is neither made nor moved with it", func(t *testing.T) {
		f := family{Note: newNote(home, "Parent"), Children: []note{h.first, newNote(home, "Child")}}
		require.NoError(t, h.write(home, f.Note.ID, func(ctx context.Context) error { return db.Insert(ctx, &f) }))
		require.Nil(t, h.stored(h.first.ID).OwnerID)
		require.Zero(t, h.count("note where title = 'Child'"))
	})
	t.Run("two queries on one connection do not share conditions", func(t *testing.T) {
		inside(t, func(ctx context.Context) {
			conn := db.Conn(ctx)
			for _, title := range []string{"Here", "Parent"} {
				var rows []note
				require.NoError(t, conn.Where("title = ?", title).Find(&rows).Error)
				require.Len(t, rows, 1)
			}
		})
	})
	t.Run("a choice within a condition stays within the municipality", func(t *testing.T) {
		inside(t, func(ctx context.Context) {
			for _, condition := range []string{"title = ? or done", "title = ? OR done"} {
				query := db.Mine(ctx, "note").Session(&gorm.Session{DryRun: true}).Where(condition, "x").Find(&[]note{})
				require.Contains(t, query.Statement.SQL.String(), "AND ("+strings.Replace(condition, "?", "$2", 1)+")")
			}
		})
	})
	t.Run("the transaction is the plain one that the queue of jobs needs", func(t *testing.T) {
		inside(t, func(ctx context.Context) {
			_, plain := db.Conn(ctx).Statement.ConnPool.(*sql.Tx)
			require.True(t, plain)
		})
	})
	t.Run("no transaction opens another within", func(t *testing.T) {
		n := newNote(home, "One transaction")
		require.NoError(t, h.write(home, n.ID, func(ctx context.Context) error {
			var before, after int64
			const id = "select txid_current()"
			require.NoError(t, db.Conn(ctx).Raw(id).Scan(&before).Error)
			require.NoError(t, db.Insert(ctx, &n))
			require.NoError(t, db.Conn(ctx).Raw(id).Scan(&after).Error)
			require.Equal(t, before, after)
			return nil
		}))
	})
}

// trapped are the words of GORM that do something else than they seem to: they drop a condition, widen
// one, make a ghost of a missing row, or change the schema or rows that nobody decided on.
func trapped() map[string]bool {
	return map[string]bool{
		"Or": true, "Not": true, "Scopes": true, "Unscoped": true, "Preload": true, "Save": true, "FirstOrCreate": true, "FirstOrInit": true,
		"AutoMigrate": true, "Migrator": true, "Association": true, "First": true, "Last": true, "G": true, "PrepareStmt": true,
	}
}

// TestWordsOfGORM reads every file that may use GORM.
func TestWordsOfGORM(t *testing.T) {
	files := 0
	require.NoError(t, filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		store := strings.HasPrefix(d.Name(), "store") || filepath.Dir(path) == filepath.Join("..", "db")
		if err != nil || !store || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files++
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if word := trap(n); word != "" {
				t.Errorf("%s uses %s, which is a trap", set.Position(n.Pos()), word)
			}
			return true
		})
		return nil
	}))
	require.Greater(t, files, 20)
}

// trap is the word of GORM that a piece of code uses and should not.
func trap(n ast.Node) string {
	switch n := n.(type) {
	case *ast.SelectorExpr:
		if trapped()[n.Sel.Name] {
			return n.Sel.Name
		}
	case *ast.KeyValueExpr:
		if name, is := n.Key.(*ast.Ident); is && trapped()[name.Name] {
			return name.Name
		}
	case *ast.CallExpr:
		word, is := n.Fun.(*ast.SelectorExpr)
		if !is || word.Sel.Name != "Where" || len(n.Args) == 0 {
			return ""
		}
		if _, text := n.Args[0].(*ast.UnaryExpr); text {
			return "Where with a struct"
		}
		if _, composite := n.Args[0].(*ast.CompositeLit); composite {
			return "Where with a struct"
		}
	}
	return ""
}
