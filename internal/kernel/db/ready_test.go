package db_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/testkit"
)

// member makes a user who owns nothing and is a member of the two roles, and gives his URL.
func member(t *testing.T, owner string) string {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), owner)
	if err != nil {
		t.Fatal(err)
	}
	name := "member_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	exec := func(statement string) {
		t.Helper()
		if _, err := conn.Exec(context.Background(), statement); err != nil {
			t.Fatal(err)
		}
	}
	exec("create role " + name + " login noinherit password 'member'")
	exec("grant wijkregie_app, wijkregie_system to " + name)
	t.Cleanup(func() {
		exec("drop role " + name)
		if err := conn.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	u, err := url.Parse(owner)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(name, "member")
	return u.String()
}

func TestReady(t *testing.T) {
	ctx := context.Background()
	owner := testkit.Database(t).URL
	limited := member(t, owner)

	t.Run("a user who owns nothing starts on a migrated database", func(t *testing.T) {
		if err := db.Ready(ctx, limited); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("he is told when the owner has to migrate first", func(t *testing.T) {
		conn, err := pgx.Connect(ctx, owner)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(ctx)
		if _, err := conn.Exec(ctx, "delete from goose_db_version where version_id = (select max(version_id) from goose_db_version)"); err != nil {
			t.Fatal(err)
		}
		if err := db.Ready(ctx, limited); err == nil || !strings.Contains(err.Error(), "wijkregie migrate") {
			t.Fatalf("Ready = %v, want to be told to migrate", err)
		}
	})
}
