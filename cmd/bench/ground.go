package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/oapi-codegen/nullable"

	"github.com/wijkregie/wijkregie/internal/kernel/authz"
	"github.com/wijkregie/wijkregie/internal/kernel/db"
	"github.com/wijkregie/wijkregie/internal/kernel/db/embedded"
	"github.com/wijkregie/wijkregie/internal/matrix"
	"github.com/wijkregie/wijkregie/pkg/client"
)

// ground is what is measured on: a scratch database with many dossiers, and the product serving it.
type ground struct {
	dir      string
	program  string
	database *embedded.Server
	url      string // of the database, as its owner
	product  *child
	more     []string // settings of the product beside the usual
	durable  bool     // whether a commit of the database waits for the disk
	place    string   // directory in which it keeps its files; the temporary one when empty
	filled
}

// prepare starts database and product, puts the default matrix in force and fills the database.
func prepare(ctx context.Context, program string) (*ground, error) {
	say("a scratch PostgreSQL with %d dossiers of %d items", dossiers, itemsEach)
	g, err := begun(ctx, program)
	if err != nil {
		return g, err
	}
	err = g.publish(ctx, matrix.Default())
	if err == nil {
		g.filled, err = fill(ctx, g.url)
	}
	if err != nil {
		err = errors.Join(err, g.close())
	}
	return g, err
}

// begun starts a scratch database and the product on it, with these settings beside the usual.
func begun(ctx context.Context, program string, more ...string) (g *ground, err error) {
	g = &ground{program: program, more: more}
	return g, g.begin(ctx)
}

// begin starts a database and the product on it; after a failure nothing is left of it.
func (g *ground) begin(ctx context.Context) (err error) {
	defer func() {
		if err != nil {
			err = errors.Join(err, g.close())
		}
	}()
	if g.dir, err = openDir(g.place); err != nil {
		return err
	}
	o := embedded.Options{Log: slog.New(slog.DiscardHandler), Durable: g.durable}
	if g.durable {
		o.Dir = filepath.Join(g.dir, "postgres")
	}
	if g.database, err = embedded.Start(ctx, o); err != nil {
		return err
	}
	g.url = g.database.URL("postgres")
	if err := db.Migrate(ctx, g.url); err != nil {
		return err
	}
	return g.serve(ctx)
}

// serve starts the product on the database, with as many connections as the bare server has.
func (g *ground) serve(ctx context.Context) error {
	address, err := freeAddress()
	if err != nil {
		return err
	}
	url := "http://" + address
	began := time.Now()
	g.product, err = begin(ctx, g.dir, url, g.program, []string{"serve", "--demo"}, append(g.settings(url), "LISTEN="+address))
	if err != nil {
		return err
	}
	_, err = g.product.ready(ctx, "/readyz", began)
	return err
}

func (g *ground) settings(url string) []string {
	return append([]string{
		"DATABASE_URL=" + g.url, "PUBLIC_URL=" + url, "DATA_DIR=" + filepath.Join(g.dir, "data"),
		fmt.Sprint("DATABASE_MAX_CONNS=", connections), "RATE_LIMIT=1000000",
	}, g.more...)
}

func (g *ground) close() error {
	var all []error
	if g.product != nil {
		all = append(all, g.product.stop())
	}
	if g.database != nil {
		all = append(all, g.database.Stop())
	}
	return errors.Join(append(all, os.RemoveAll(g.dir))...)
}

// token is that of a demo person, as the product itself gives it.
func (g *ground) token(ctx context.Context, short string) (string, error) {
	command := exec.CommandContext(ctx, g.program, "token", "--as", short)
	command.Env = append(os.Environ(), g.settings(g.product.url)...)
	text, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("token of %s: %w", short, err)
	}
	return strings.TrimSpace(string(text)), nil
}

// as is a demo person who calls the product.
func (g *ground) as(ctx context.Context, short string) (*client.Client, error) {
	token, err := g.token(ctx, short)
	if err != nil {
		return nil, err
	}
	return client.NewClient(g.product.url+"/v1", client.WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+token)
		return nil
	}))
}

// publish puts a matrix in force, and acknowledges what is found in it.
func (g *ground) publish(ctx context.Context, cells []authz.Cell) error {
	director, err := g.as(ctx, "director")
	if err != nil {
		return err
	}
	draft, err := drafted(ctx, director, cells)
	if err != nil {
		return err
	}
	_, err = published(ctx, director, draft)
	return err
}

// drafted begins a draft with these cells.
func drafted(ctx context.Context, director *client.Client, cells []authz.Cell) (client.MatrixDraft, error) {
	sent := make([]client.NewMatrixCell, len(cells))
	for i, c := range cells {
		sent[i] = client.NewMatrixCell{DossierType: client.MatrixDossierType(c.DossierType), Category: c.Category.Slug(), Level: client.MatrixLevel(c.Level)}
		if c.PartnerType != "" {
			sent[i].PartnerType = nullable.NewNullableWithValue(c.PartnerType)
		} else {
			sent[i].PartnerId = nullable.NewNullableWithValue(c.PartnerID)
		}
	}
	return got[client.MatrixDraft](director.PutMatrixDraft(ctx, nil, client.NewMatrixDraft{Cells: sent}))
}

// published publishes the draft and gives the moment of the answer.
func published(ctx context.Context, director *client.Client, draft client.MatrixDraft) (at time.Time, err error) {
	found, err := got[client.MatrixFindings](director.GetMatrixDraftFindings(ctx))
	if err != nil {
		return at, err
	}
	why := client.NewPublication{Reason: "For this measurement."}
	for _, f := range found.Findings {
		if f.Severity == client.FindingSeverityError {
			return at, fmt.Errorf("the matrix is wrong: %s", f.Text)
		}
		why.Acknowledged = append(why.Acknowledged, f.Id)
	}
	answer, err := director.PublishMatrix(ctx, &client.PublishMatrixParams{IfMatch: &draft.Etag}, why)
	at = time.Now()
	_, err = got[client.AuthorisationMatrix](answer, err)
	return at, err
}

// got is the body of an answer that has to be a success.
func got[T any](answer *http.Response, err error) (body T, _ error) {
	if err != nil {
		return body, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return body, err
	}
	if answer.StatusCode >= http.StatusMultipleChoices {
		return body, fmt.Errorf("%s %s: %s: %.500s", answer.Request.Method, answer.Request.URL.Path, answer.Status, text)
	}
	return body, json.Unmarshal(text, &body)
}
