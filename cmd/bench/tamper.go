package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/wijkregie/wijkregie/internal/matrix"
)

// tamperCommand tampers with the audit as somebody who owns the database, the exports, or both, and has an auditor's program look.
type tamperCommand struct {
	Server string `help:"The program under attack, and the one that verifies." default:"bin/wijkregie" type:"path"`
}

// seal is a checkpoint as the contract gives it.
type seal struct {
	ID        uuid.UUID `json:"id"`
	Size      int       `json:"size"`
	Note      string    `json:"note"`
	PublicKey string    `json:"publicKey"`
}

// crime is one kind of tampering: it gives the export that the auditor is shown.
type crime struct {
	name, want string
	commit     func(ctx context.Context, v *vault) (export string, err error)
}

// vault is a municipality whose audit is tampered with.
type vault struct {
	*ground
	owner      *pgx.Conn
	token      string
	early, now seal   // two checkpoints; the auditor kept both
	before     string // the export of the first
	whole      string // and of the second
	middle     int    // place of a change in the middle
}

// Run commits each crime and counts those that were detected and named.
func (c tamperCommand) Run(ctx context.Context) (err error) {
	g, err := begun(ctx, c.Server)
	if err != nil {
		return err
	}
	v := &vault{ground: g}
	defer func() { err = errors.Join(err, v.end()) }()
	if err := v.prepare(ctx); err != nil {
		return err
	}
	if said, err := v.verify(ctx, v.whole); err != nil {
		return fmt.Errorf("what nobody touched is not verified: %w: %s", err, said)
	}
	detected := 0
	for _, one := range crimes() {
		export, err := one.commit(ctx, v)
		if err != nil {
			return fmt.Errorf("%s: %w", one.name, err)
		}
		said, err := v.verify(ctx, export)
		named := err != nil && strings.Contains(said, "is "+one.want+":")
		if named {
			detected++
		}
		say("%-22s %s", one.name, said)
	}
	fmt.Printf("RESULT crimes %d\nRESULT detected %d\n", len(crimes()), detected)
	if detected < len(crimes()) {
		return errors.New("tampering was not detected, or not named")
	}
	return nil
}

func (v *vault) end() error {
	var err error
	if v.owner != nil {
		err = v.owner.Close(context.Background())
	}
	return errors.Join(err, v.ground.close())
}

// prepare makes changes with a checkpoint after some of them and one after all.
func (v *vault) prepare(ctx context.Context) (err error) {
	if err = v.publish(ctx, matrix.Default()); err != nil {
		return err
	}
	if v.filled, err = fill(ctx, v.url); err != nil {
		return err
	}
	if v.owner, err = pgx.Connect(ctx, v.url); err != nil {
		return err
	}
	if v.token, err = v.ground.token(ctx, "auditor"); err != nil {
		return err
	}
	for i, at := range []*seal{&v.early, &v.now} {
		for range 10 {
			if err := v.change(ctx); err != nil {
				return err
			}
		}
		if *at, err = v.sign(ctx); err != nil {
			return err
		}
		text, err := v.export(ctx, *at)
		if err != nil {
			return err
		}
		if i == 0 {
			v.before = text
		}
		v.whole = text
	}
	return v.owner.QueryRow(ctx, "select index from ledger_leaf where kind = 'change' and index > $1 order by index offset 2 limit 1", v.early.Size).Scan(&v.middle)
}

// change adds an item.
func (v *vault) change(ctx context.Context) error {
	raw, err := v.ground.token(ctx, reader)
	if err != nil {
		return err
	}
	return newLoad(v.product.url, raw, 1).send(ctx, kinds(v.filled)[2], 0)
}

func (v *vault) sign(ctx context.Context) (s seal, err error) {
	body, err := v.call(ctx, http.MethodPost, "/v1/audit-checkpoints", "{}")
	if err == nil {
		err = json.Unmarshal(body, &s)
	}
	return s, err
}

func (v *vault) export(ctx context.Context, s seal) (string, error) {
	body, err := v.call(ctx, http.MethodGet, "/v1/audit-checkpoints/"+s.ID.String()+"/export", "")
	return string(body), err
}

func (v *vault) call(ctx context.Context, method, path, body string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, v.product.url+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+v.token)
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode >= 300 {
		err = fmt.Errorf("%s %s is %d: %s", method, path, answer.StatusCode, text)
	}
	return text, err
}

// verify is what the auditor does, with the two checkpoints that he kept.
func (v *vault) verify(ctx context.Context, export string) (said string, err error) {
	args := []string{"audit", "verify", filepath.Join(v.dir, "export.ndjson"), "--key", v.now.PublicKey}
	if err := os.WriteFile(args[2], []byte(export), 0o600); err != nil {
		return "", err
	}
	for i, s := range []seal{v.early, v.now} {
		name := filepath.Join(v.dir, fmt.Sprint("checkpoint", i))
		if err := os.WriteFile(name, []byte(s.Note), 0o600); err != nil {
			return "", err
		}
		args = append(args, "--checkpoint", name)
	}
	out, err := exec.CommandContext(ctx, v.program, args...).CombinedOutput()
	return string(bytes.TrimSpace(out)), err
}

// asOwner changes the database past all its rules.
func (v *vault) asOwner(ctx context.Context, sql string, args ...any) error {
	if _, err := v.owner.Exec(ctx, "set session_replication_role = replica"); err != nil {
		return err
	}
	_, err := v.owner.Exec(ctx, sql, args...)
	return err
}

// tampered changes the database, has the record exported, and puts the tables back.
func (v *vault) tampered(ctx context.Context, sql string, args ...any) (export string, err error) {
	if err := v.asOwner(ctx, "drop table if exists kept; create table kept as table audit_entry"); err != nil {
		return "", err
	}
	if err := v.asOwner(ctx, sql, args...); err != nil {
		return "", err
	}
	export, err = v.export(ctx, v.now)
	return export, errors.Join(err, v.asOwner(ctx, "delete from audit_entry; insert into audit_entry select * from kept"))
}

// lines changes the lines of the leaves of the whole export.
func (v *vault) lines(change func(lines []string) []string) string {
	all := strings.SplitAfter(v.whole, "\n")
	leaves := change(append([]string{}, all[1:1+v.now.Size]...))
	return all[0] + strings.Join(leaves, "") + strings.Join(all[1+v.now.Size:], "")
}
